"""What a manager's figures are made of: one row per course, with its days, answers and what followed.

Every figure on the Managers page is a count over these rows, so each can show the courses behind it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from clinical.facts import LabResult
from clinical.gates.phosphate import is_low
from clinical.protocol import Protocol
from db import models as m
from db.questions import past_index

STANDING = ("final", "preliminary", "corrected")
"""States of a result that counts."""
REPEAT = "repeat-infusion"
LEFT = ("declined", "transferred", "deceased", "duplicate", "entered-in-error")
"""Reasons for the end of a course that are no delay of the clinic."""


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """A course that had iron, as the figures see it.

    `labs_on` is the first haemoglobin once the window had opened and before the next course's iron; `decided_on`
    the first decision after it. `outcome` and `response` are of the assessment decided on, or of the newest since
    the blood was taken. `low_phosphate` says whether any phosphate from the first dose until the next course was low
    (None: none measured); `grade` is the worst reaction. `left_on` is when follow-up ended for a reason that is
    nobody's delay.
    """

    course_id: int
    patient_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    product: str
    indication: str
    owner: str
    first_infusion: date
    last_infusion: date
    given_mg: Decimal
    labs_on: date | None
    decided_on: date | None
    outcome: str | None
    response: str | None
    decision: str | None
    repeated: bool
    worked_up: bool
    low_phosphate: bool | None
    grade: int | None
    left_on: date | None


def course_figures(
    session: Session, first: date, last: date, protocol: Protocol
) -> tuple[CourseFigures, ...]:
    """Courses whose last infusion lies between two days (both included), oldest first."""
    courses = session.execute(_courses(first, last)).all()
    if not courses:
        return ()
    ids = _ids(first, last)
    given = _given(session, ids)
    people = select(m.Course.patient_id).where(m.Course.id.in_(ids))
    blood = _blood_days(session, people)
    phosphate = _phosphate(session, people, protocol)
    following = _next_starts(session, people)
    answers = _answers(session, ids)
    decided = _decisions(session, ids, ZoneInfo(session.scalars(select(m.Clinic.time_zone)).one()))
    worked_up = set(session.scalars(select(m.WorkUp.course_id).where(m.WorkUp.course_id.in_(ids))))
    opens = timedelta(days=protocol.whole("schedule.opens_day"))
    made = []
    for row in courses:
        until = _after(following.get(row.patient_id, ()), row.last_on)
        labs = _first_day(blood.get(row.patient_id, ()), row.last_on + opens, until)
        verdict = _verdict(answers.get(row.id, ()), decided.get(row.id, ()), labs)
        low = [
            one
            for day, one in phosphate.get(row.patient_id, ())
            if row.first_on <= day and _before(day, until)
        ]
        made.append(
            CourseFigures(
                course_id=row.id,
                patient_id=row.patient_id,
                number=row.number,
                surname=row.surname,
                given=row.given,
                birth_date=row.birth_date,
                product=row.product or "",
                indication=row.indication,
                owner=row.owner or "",
                first_infusion=row.first_on,
                last_infusion=row.last_on,
                given_mg=given[row.id][0],
                labs_on=labs,
                decided_on=verdict[0],
                outcome=verdict[1],
                response=verdict[2],
                decision=verdict[3],
                repeated=row.end_reason == "repeat-course" or REPEAT in verdict[4],
                worked_up=row.id in worked_up,
                low_phosphate=any(low) if low else None,
                grade=given[row.id][1],
                left_on=row.ended_on if row.end_reason in LEFT else None,
            )
        )
    return tuple(made)


def _span() -> Any:
    """First and last day of iron of every course."""
    i = m.Infusion
    return (
        select(i.course_id, func.min(i.given_on).label("first_on"), func.max(i.given_on).label("last_on"))
        .where(i.state == "given")
        .group_by(i.course_id)
        .subquery()
    )


def _courses(first: date, last: date) -> Any:
    """The courses with their person and the owner of their step."""
    c, p, s, span = m.Course, m.Patient, m.NextStep, _span()
    return (
        select(
            c.id,
            c.patient_id,
            c.product,
            c.indication,
            c.end_reason,
            c.ended_on,
            p.number,
            p.surname,
            p.given,
            p.birth_date,
            m.User.name.label("owner"),
            span.c.first_on,
            span.c.last_on,
        )
        .join(span, span.c.course_id == c.id)
        .join(p, p.id == c.patient_id)
        .outerjoin(s, s.id == c.open_step_id)
        .outerjoin(m.User, m.User.id == s.owner_id)
        .where(span.c.last_on.between(first, last), p.merged_into_id.is_(None))
        .order_by(span.c.last_on, c.id)
    )


def _ids(first: date, last: date) -> Select[int]:
    span = _span()
    return select(span.c.course_id).where(span.c.last_on.between(first, last))


def _given(session: Session, ids: Select[int]) -> dict[int, tuple[Decimal, int | None]]:
    """Milligrams and worst reaction of each course."""
    found: dict[int, tuple[Decimal, int | None]] = {}
    i = m.Infusion
    query = select(i.course_id, i.dose_mg, i.reaction_grade).where(i.state == "given", i.course_id.in_(ids))
    for course_id, mg, grade in session.execute(query):
        total, worst = found.get(course_id, (Decimal(0), None))
        found[course_id] = (total + mg, max((g for g in (worst, grade) if g is not None), default=None))
    return found


def _standing(people: Select[int], analyte: str) -> tuple[Any, ...]:
    """Which results of these people count."""
    r = m.LabResult
    return (
        r.analyte == analyte,
        r.patient_id.in_(people),
        past_index(r.superseded_by_id).is_(None),
        r.status.in_(STANDING),
        r.value.is_not(None),
    )


def _blood_days(session: Session, people: Select[int]) -> dict[int, list[date]]:
    """The days of every haemoglobin of these people, in order."""
    r = m.LabResult
    query = select(r.patient_id, r.collected_on).where(*_standing(people, "haemoglobin"))
    found: dict[int, list[date]] = {}
    for patient_id, day in session.execute(query.order_by(r.patient_id, r.collected_on, r.id)):
        found.setdefault(patient_id, []).append(day)
    return found


def _phosphate(
    session: Session, people: Select[int], protocol: Protocol
) -> dict[int, list[tuple[date, bool]]]:
    """Every phosphate of these people: its day, and whether it is low in the unit it was reported in."""
    r = m.LabResult
    query = select(r.patient_id, r.collected_on, r.value, r.unit, r.comparator)
    query = query.where(*_standing(people, "phosphate")).order_by(r.patient_id, r.collected_on, r.id)
    found: dict[int, list[tuple[date, bool]]] = {}
    for patient_id, day, value, unit, comparator in session.execute(query):
        if value is not None:
            low = is_low(LabResult(day, "phosphate", value, unit, comparator), protocol)
            found.setdefault(patient_id, []).append((day, bool(low)))
    return found


def _next_starts(session: Session, people: Select[int]) -> dict[int, list[date]]:
    """First days of iron of every course of these people, in order."""
    span = _span()
    query = (
        select(m.Course.patient_id, span.c.first_on)
        .join(span, span.c.course_id == m.Course.id)
        .where(m.Course.patient_id.in_(people))
        .order_by(m.Course.patient_id, span.c.first_on)
    )
    found: dict[int, list[date]] = {}
    for patient_id, day in session.execute(query):
        found.setdefault(patient_id, []).append(day)
    return found


def _answers(session: Session, ids: Select[int]) -> dict[int, list[Any]]:
    """Assessments of each course, oldest first."""
    a = m.AssessmentRow
    query = (
        select(a.id, a.course_id, a.as_of, a.outcome, a.response).where(a.course_id.in_(ids)).order_by(a.id)
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.course_id, []).append(row)
    return found


def _decisions(session: Session, ids: Select[int], zone: ZoneInfo) -> dict[int, list[Any]]:
    """Decisions of each course with the clinic's day they were made on, oldest first."""
    d = m.Decision
    query = select(d.course_id, d.assessment_id, d.kind, d.steps, d.decided_at).where(
        d.course_id.in_(ids), d.withdrawn_at.is_(None)
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(query.order_by(d.id)):
        day = row.decided_at.astimezone(zone).date()
        found.setdefault(row.course_id, []).append((row, day))
    return found


def _after(starts: Iterable[date], last: date) -> date | None:
    """The first day of the next course's iron."""
    return next((day for day in starts if day > last), None)


def _before(day: date, until: date | None) -> bool:
    return until is None or day < until


def _first_day(days: Sequence[date], since: date, until: date | None) -> date | None:
    """The first of these days from `since` on and before `until`."""
    place = bisect_left(days, since)
    if place == len(days) or not _before(days[place], until):
        return None
    return days[place]


def _verdict(
    answers: Iterable[Any], decisions: Iterable[tuple[Any, date]], labs: date | None
) -> tuple[date | None, str | None, str | None, str | None, frozenset[str]]:
    """Day, outcome, response, kind and actions of the first decision after the blood was taken."""
    if labs is None:
        return None, None, None, None, frozenset()
    known = {row.id: row for row in answers}
    for decision, day in decisions:
        if day >= labs and decision.assessment_id in known:
            answer = known[decision.assessment_id]
            return day, answer.outcome, answer.response, decision.kind, _actions(decision.steps)
    newest = next((row for row in reversed(list(known.values())) if row.as_of >= labs), None)
    if newest is None:
        return None, None, None, None, frozenset()
    return None, newest.outcome, newest.response, None, frozenset()


def _actions(steps: Iterable[Mapping[str, object]]) -> frozenset[str]:
    """What a decision set going."""
    return frozenset(str(step.get("action")) for step in steps)
