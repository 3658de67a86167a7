"""The ladder for somebody who cannot be reached: two tries, a letter, the referrer told, a clinician decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import load_protocol
from db import models as m
from db.queries import protocols

REACHED_NOBODY: Final = ("no-answer", "number-dead", "moved", "message-left")
"""Outcomes of attempts that reached nobody."""

LETTERS: Final = ("reminder-1", "reminder-2")
"""Letters to the patient that count as the letter of the ladder once they are sent."""

TOLD: Final = ("not-reached",)
"""Letters that tell the referrer."""

SENT: Final = ("printed", "handed", "posted", "returned")

TRIES: Final = "chase.tries"
"""The number of the protocol that says how many attempts are made before the letter."""

DECIDES: Final = "clinician"
"""The role that may end follow-up of somebody who was never reached."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """What was done to reach the patient of a course: attempts in vain, a letter sent, the referrer told.

    `wanted` attempts are asked for by the protocol the clinic works by.
    """

    tries: int
    letter: bool
    referrer: bool
    wanted: int

    def missing(self, role: str) -> tuple[str, ...]:
        """The rungs still to be taken before somebody of this role may give up; empty when none is."""
        rungs = (
            ("tries", self.tries >= self.wanted),
            ("letter", self.letter),
            ("referrer", self.referrer),
            ("clinician", role == DECIDES),
        )
        return tuple(name for name, done in rungs if not done)


def tries_wanted() -> int:
    """How many attempts the protocol of the program asks for before the letter."""
    return load_protocol().whole(TRIES)


def fewest_tries(session: Session) -> int:
    """The fewest attempts any protocol asked for that this clinic has worked by."""
    return min([tries_wanted(), *(one.whole(TRIES) for one in protocols.signed(session))])


def ladder(session: Session, course_id: int) -> Ladder:
    """How far up the ladder the course is."""
    c, letter = m.ContactAttempt, m.Letter
    attempts = session.execute(
        select(c.outcome, c.channel).where(c.course_id == course_id, c.withdrawn_at.is_(None))
    ).all()
    written = set(
        session.scalars(
            select(letter.kind).where(
                letter.course_id == course_id, letter.kind.in_(LETTERS + TOLD), letter.state.in_(SENT)
            )
        )
    )
    return Ladder(
        tries=sum(one.outcome in REACHED_NOBODY and one.channel != "referrer" for one in attempts),
        letter=bool(written & set(LETTERS))
        or any(one.outcome == "letter-sent" and one.channel != "referrer" for one in attempts),
        referrer=bool(written & set(TOLD)) or any(one.channel == "referrer" for one in attempts),
        wanted=protocols.in_force(session).whole(TRIES),
    )
