"""Answers that rest on another protocol than the clinic works by now, and which of them have to be looked at again.

What counts as another answer: another outcome, another cause beside it, another urgency, another step proposed (its
action, to whom, which tests, what dose), another step that is not offered. Days do not count, since a proposed day
moves by itself with each day that passes; nor do figures and cut-offs of which nothing follows: somebody judged what
was to be done, and is asked again when something else would be.

Both protocols are asked about the same facts on the same day, so that only the protocol makes the difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from clinical.assessment import assess
from clinical.cases import CaseError, assessment_to_json, dumps
from clinical.facts import Facts
from clinical.outcome import Assessment, Urgency
from clinical.protocol import Protocol
from db import models as m
from db.queries import protocols
from db.queries.facts import for_courses
from db.queries.stored import read_assessment, read_facts

READ: Final = "read-again"
READ_ALL: Final = "read-all-again"
"""What the audit calls one course that was read again, and the end of reading them all."""
SET_ASIDE: Final = ("deferred", "dismissed")
"""States of an answer that somebody put off, or judged not to be appropriate."""
RED: Final = (Urgency.EMERGENCY, Urgency.URGENT)


Ask = Callable[[Protocol], Assessment]
"""What a protocol says of one course today."""


class Verdict(StrEnum):
    """What becomes of an answer when the protocol is another."""

    STANDS = "stands"
    """The answer stays as it is."""
    READ = "read"
    """Nobody has decided on it: it is read by the new protocol, and says the same."""
    BACK = "back"
    """Somebody has to look: it says something else."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The newest answer of an open course, and the protocol version it was made with; its words stay where they are."""

    course_id: int
    patient_id: int
    assessment_id: int
    state: str
    version_id: int


def left(session: Session) -> Protocol | None:
    """The clinic's protocol, where answers may still rest on another; None where every one was read by it.

    Cheap: it asks the versions and the end of the audit. A reading that was interrupted is done again from the start:
    what was read already rests on this protocol now. A program that has to work by another protocol than the clinic's
    reads nothing again: two programs on one server would take turns for ever.
    """
    protocol = protocols.in_force(session)
    if stands_instead(session, protocol) is not None:
        return None
    version_id = version_of(session, protocol)
    v, a = m.ProtocolVersion, m.AuditRow
    others = select(v.id).where(v.live_from.is_not(None), v.id != (version_id or 0)).limit(1)
    if session.scalars(others).first() is None:
        return None
    read_last = session.scalars(
        select(a.entity_id).where(a.action == READ_ALL).order_by(a.id.desc()).limit(1)
    ).first()
    return None if version_id is not None and read_last == version_id else protocol


def stands_instead(session: Session, protocol: Protocol) -> str | None:
    """The label of the clinic's protocol where this is not the one; None where answers may be read again by this.

    Another stands instead where the clinic signed one of its own, although this program may be unable to use it, and
    where this was followed by another, as by the one that a newer program at another workstation brought.
    """
    v, sha256 = m.ProtocolVersion, hashlib.sha256(protocol.text.encode()).hexdigest()
    live = session.execute(select(v.label, v.sha256, v.signed_by_id).where(v.state == "live")).one_or_none()
    if live is None or live.sha256 == sha256:
        return None
    version_id = version_of(session, protocol)  # on record, and not live: it is retired
    return live.label if live.signed_by_id is not None or version_id is not None else None


def version_of(session: Session, protocol: Protocol) -> int | None:
    """The version on record with the text of this protocol; None before anything was assessed by it."""
    v, sha256 = m.ProtocolVersion, hashlib.sha256(protocol.text.encode()).hexdigest()
    return session.scalars(select(v.id).where(v.sha256 == sha256, v.state != "draft").order_by(v.id)).first()


def to_read(session: Session, protocol: Protocol, after: int, limit: int) -> tuple[Answered, ...]:
    """Answers made by another protocol than this, of open courses after `after`, of people under follow-up."""
    a, version_id = m.AssessmentRow, version_of(session, protocol)
    rows = session.execute(
        _answers()
        .where(m.Course.id > after, a.protocol_version_id != (version_id or 0))
        .order_by(m.Course.id)
        .limit(limit)
    )
    return tuple(Answered(*row) for row in rows)


def count_to_read(session: Session, protocol: Protocol) -> int:
    """How many answers `to_read` would give in all."""
    made_by_another = m.AssessmentRow.protocol_version_id != (version_of(session, protocol) or 0)
    ids = _answers().where(made_by_another).with_only_columns(m.Course.id).subquery()
    return session.scalars(select(func.count()).select_from(ids)).one()


def is_to_be_planned(session: Session, course_id: int) -> bool:
    """Whether the course waits to be planned: planning it is the look at its answer."""
    c, step = m.Course, m.NextStep
    action = select(step.action).join(c, c.open_step_id == step.id).where(c.id == course_id)
    return session.scalars(action).one_or_none() == "plan-course"


def answers_of(session: Session, course_ids: Sequence[int]) -> dict[int, Answered]:
    """The newest answer of each of these courses that is open and has one."""
    rows = session.execute(_answers().where(m.Course.id.in_(course_ids)).order_by(m.Course.id))
    return {row[0]: Answered(*row) for row in rows}


def _answers() -> Select[*tuple[Any, ...]]:
    """The newest answers of open courses of people under follow-up."""
    c, a, p = m.Course, m.AssessmentRow, m.Patient
    newest = select(func.max(a.id)).where(a.course_id == c.id).correlate(c).scalar_subquery()
    # not joined: the database would begin with everybody who is active, instead of with the courses asked for
    status = select(p.status).where(p.id == c.patient_id).correlate(c).scalar_subquery()
    return (
        select(c.id, c.patient_id, a.id, a.state, a.protocol_version_id)
        .join(a, a.id == newest)
        .where(c.status != "ended", status == "active")
    )


def verdicts(
    session: Session, answers: Sequence[Answered], protocol: Protocol, today: date
) -> dict[int, tuple[Verdict, Assessment]]:
    """What becomes of answers by course when `protocol` is asked instead, and what it says today."""
    facts = for_courses(session, [one.course_id for one in answers], today)
    makers = Makers(session)
    return {one.course_id: judge(one, _asker(facts[one.course_id]), protocol, makers) for one in answers}


def _asker(facts: Facts) -> Ask:
    return lambda protocol: assess(facts, protocol)


class Makers:
    """The protocols that answers were made by, each read once; None for one this program cannot use."""

    def __init__(self, session: Session) -> None:
        """Those on record in this clinic."""
        self._session = session
        self._known: dict[int, Protocol | None] = {}

    def protocol(self, version_id: int) -> Protocol | None:
        """The protocol of a version."""
        if version_id not in self._known:
            self._known[version_id] = protocols.of_version(self._session, version_id)
        return self._known[version_id]

    def as_it_was(self, answered: Answered, protocol: Protocol) -> tuple[Assessment, Assessment] | None:
        """What a program of another time answered, and what this protocol says of the facts it saw then.

        None where this program cannot read what is stored: one such course must not keep those after it waiting.
        """
        a = m.AssessmentRow
        facts, assessment = self._session.execute(
            select(a.facts, a.assessment).where(a.id == answered.assessment_id)
        ).one()
        try:
            read = assess(read_facts(facts), protocol)
            return read_assessment(assessment), read_assessment(dumps(assessment_to_json(read)))
        except (CaseError, ArithmeticError, LookupError, TypeError, ValueError):
            return None


def judge(answered: Answered, ask: Ask, protocol: Protocol, makers: Makers) -> tuple[Verdict, Assessment]:
    """Compare what the protocol of the answer and another say of the same facts; `ask` is what one says of them.

    What was decided stands, unless it is urgent by the new protocol and was not, or not for this, by the old. An
    answer that can be read by nobody any more comes back: what is not known to be the same is looked at.
    """
    now = ask(protocol)
    decided = answered.state not in ("open", *SET_ASIDE)
    if decided and now.urgency not in RED:
        return Verdict.STANDS, now
    maker = makers.protocol(answered.version_id)
    both = (ask(maker), now) if maker is not None else makers.as_it_was(answered, protocol)
    if both is None:
        return Verdict.BACK, now
    before, after = both
    if decided:
        known = (before.outcome, before.urgency) == (after.outcome, after.urgency)
        return (Verdict.STANDS if known else Verdict.BACK), now
    if asks_the_same(before, after):
        return (Verdict.READ if answered.state == "open" else Verdict.STANDS), now
    return Verdict.BACK, now


def asks_the_same(one: Assessment, other: Assessment) -> bool:
    """Whether two answers would have a person do the same for the same reasons; days and figures apart."""
    return one is other or _gist(one) == _gist(other)


def _gist(found: Assessment) -> tuple[object, ...]:
    # ordered by what they are: they stand in the order of their days otherwise
    steps = sorted(((step.action.value, _plain(step.detail)) for step in found.next_steps), key=str)
    return found.outcome, found.contributing, found.urgency, steps, found.blocked


def _plain(value: object) -> object:
    """A step's detail without its days, in a form that compares."""
    if isinstance(value, Mapping):
        told = ((str(name), _plain(one)) for name, one in value.items() if not isinstance(one, date))
        return tuple(sorted(told, key=lambda pair: pair[0]))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return tuple(_plain(one) for one in value if not isinstance(one, date))
    return value
