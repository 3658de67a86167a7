"""What another protocol would say of the people who are followed up today: nothing is stored by asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from typing import Protocol as Shape

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.assessment import assess
from clinical.comparing import Comparing
from clinical.facts import Facts
from clinical.outcome import Assessment
from clinical.protocol import Protocol
from db import models as m
from db.queries.facts import for_courses
from db.queries.read_again import Answered, Makers, Verdict, answers_of, judge

AT_ONCE: Final = 200
"""Courses that are read in one go, between two words about how far it is."""
BACK: Final = ("dismissed", "deferred", "urgent", "open")
"""Kinds of answers that somebody looks at again when a protocol goes live."""


class Readable(Shape):
    """What is asked: sessions for reading."""

    def read(self) -> AbstractContextManager[Any]:
        """A session that sees one consistent state."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a protocol says of a course: codes of the outcome and of its urgency."""

    outcome: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A course of which the draft says something else than the live protocol.

    `back` is empty, or says which answer somebody has to look at again once the draft is live: one that was
    "dismissed" or "deferred", that is still "open", or that was decided and is "urgent" by the draft.
    """

    course_id: int
    patient_id: int
    surname: str
    given: str
    number: str | None
    live: Answer
    draft: Answer
    back: str = ""


@dataclass(frozen=True, slots=True)
class DryRun:
    """So many courses were assessed by both protocols; these differ, by what they change from and to."""

    assessed: int
    differences: tuple[Difference, ...]

    def shifts(self) -> tuple[tuple[str, int], ...]:
        """How many courses more (or fewer) come to each outcome, the greatest change first."""
        return _shifts((one.live.outcome, one.draft.outcome) for one in self.differences)

    def coming_back(self) -> tuple[tuple[str, int], ...]:
        """How many answers of each kind somebody has to look at again, in the order of `BACK`."""
        count = Counter(one.back for one in self.differences)
        return tuple((kind, count[kind]) for kind in BACK if count[kind])

    def urgency_shifts(self) -> tuple[tuple[str, int], ...]:
        """The same of the urgencies."""
        return _shifts((one.live.urgency, one.draft.urgency) for one in self.differences)


def compare(
    record: Readable,
    live: Protocol,
    draft: Protocol,
    today: date,
    progress: Callable[[int, int, str], None] = lambda _done, _of, _what: None,
) -> DryRun:
    """Assess every course under follow-up that was assessed before by both protocols, as of `today`.

    Stores nothing. `progress` is told how many of how many are done, and may raise to stop it.
    """
    with record.read() as session:
        followed = courses(session)
    found: list[Difference] = []
    ids, both = list(followed), _Both(live, draft, today)
    for first in range(0, len(ids), AT_ONCE):
        progress(first, len(ids), "")
        with record.read() as session:
            some = both.ask(session, ids[first : first + AT_ONCE])
            found += [
                Difference(one, *followed[one], says, would_say, back) for one, says, would_say, back in some
            ]
    progress(len(ids), len(ids), "")
    found.sort(key=lambda one: (one.live.outcome, one.draft.outcome, one.surname, one.given, one.course_id))
    return DryRun(len(ids), tuple(found))


class _Both:
    """The protocol in use and a draft, asked about the same courses on the same day."""

    def __init__(self, live: Protocol, draft: Protocol, today: date) -> None:
        self._live, self._draft, self._today = live, draft, today
        self._comparing = Comparing(live, draft)

    def ask(self, session: Session, ids: Sequence[int]) -> Iterator[tuple[int, Answer, Answer, str]]:
        """Course, both answers and what comes back, of each course of which the draft says something else."""
        answers, makers = answers_of(session, ids), Makers(session)
        for course_id, facts in for_courses(session, ids, self._today).items():
            says, other = self._comparing.ask(facts)
            would_say = says if other is None else other
            back = self._back(answers.get(course_id), facts, says, would_say, makers)
            if back or (says.outcome, says.urgency) != (would_say.outcome, would_say.urgency):
                yield course_id, _answer(says), _answer(would_say), back

    def _back(
        self, answered: Answered | None, facts: Facts, says: Assessment, would_say: Assessment, makers: Makers
    ) -> str:
        """Which kind of answer comes back; empty for one that does not."""
        if answered is None:
            return ""

        def ask(protocol: Protocol) -> Assessment:
            if protocol is self._draft:
                return would_say
            return says if protocol is self._live else assess(facts, protocol)

        if judge(answered, ask, self._draft, makers)[0] is not Verdict.BACK:
            return ""
        return answered.state if answered.state in BACK else "urgent"


def courses(session: Session) -> dict[int, tuple[int, str, str, str | None]]:
    """Patient, name and number by course: open courses with an assessment, of people under follow-up."""
    course, patient = m.Course, m.Patient
    assessed = select(m.AssessmentRow.id).where(m.AssessmentRow.course_id == course.id).exists()
    rows = session.execute(
        select(course.id, patient.id, patient.surname, patient.given, patient.number)
        .join(patient, patient.id == course.patient_id)
        .where(course.status != "ended", patient.status == "active", assessed)
        .order_by(course.id)
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}


def _answer(found: Assessment) -> Answer:
    return Answer(found.outcome.value, found.urgency.value)


def _shifts(moves: Iterator[tuple[str, str]]) -> tuple[tuple[str, int], ...]:
    """By how much each end of the moves grew; those that stayed even are left out."""
    change: Counter[str] = Counter()
    for before, after in moves:
        if before != after:
            change[after] += 1
            change[before] -= 1
    changed = [(code, count) for code, count in change.items() if count]
    return tuple(sorted(changed, key=lambda one: (-abs(one[1]), -one[1], one[0])))
