"""What is on record of the people a chunk of messages is about, each table asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from db import models as m
from db.imports.records import Observation
from db.operations._placing import RECORDED, UNDONE


@dataclass
class KnownPeople:
    """Patients by id; by patient the course under follow-up, or the last when all have ended; their open steps."""

    patients: Mapping[int, Any] = field(default_factory=dict)
    courses: Mapping[int, Any] = field(default_factory=dict)
    steps: Mapping[int, Any] = field(default_factory=dict)
    owners: frozenset[int] = frozenset()
    results: Mapping[int, list[dict[str, Any]]] = field(default_factory=dict)

    def on_record(self, patient_id: int) -> list[dict[str, Any]]:
        """The values on record that new ones of the patient may stand beside."""
        return list(self.results.get(patient_id, ()))

    def can_be_looked_at(self, patient_id: int) -> bool:
        """Whether the patient has a course that has ended, or one with a step whose owner works here."""
        course = self.courses.get(patient_id)
        if course is not None and course.status == "ended":
            return True
        step = self.steps.get(course.open_step_id) if course is not None else None
        return step is not None and step.owner_id in self.owners


def known_people(session: Session, seen: Mapping[int, Sequence[Observation]]) -> KnownPeople:
    """What messages are planned against; `seen` is what they say of each patient."""
    if not seen:
        return KnownPeople()
    people = sorted(seen)
    p = m.Patient
    patients = session.execute(select(p.id, p.status, p.birth_date).where(p.id.in_(people)))
    courses = _courses(session, people)
    steps = _steps(session, [one.open_step_id for one in courses.values() if one.open_step_id is not None])
    owners = session.scalars(select(m.User.id).where(m.User.active.is_(True)))
    return KnownPeople(
        {one.id: one for one in patients}, courses, steps, frozenset(owners), _results(session, seen)
    )


def _courses(session: Session, people: Sequence[int]) -> dict[int, Any]:
    """The course of each patient that somebody has to look at, chosen as `_looking.course_to_look_at` does."""
    c = m.Course
    columns = (
        c.id, c.patient_id, c.status, c.product, c.planned_mg, c.open_step_id,
        c.end_reason, c.ended_on, c.ended_at, c.end_note,
    )  # fmt: skip
    found = session.execute(select(*columns).where(c.patient_id.in_(people)).order_by(c.ordinal)).all()
    last = {one.patient_id: one for one in found if one.end_reason != "entered-in-error"}
    return last | {one.patient_id: one for one in found if one.status != "ended"}


def _steps(session: Session, step_ids: Sequence[int]) -> dict[int, Any]:
    s = m.NextStep
    found = session.execute(select(s.id, s.owner_id, s.detail).where(s.id.in_(step_ids)))
    return {one.id: one for one in found}


def _results(session: Session, seen: Mapping[int, Sequence[Observation]]) -> dict[int, list[dict[str, Any]]]:
    """What is on record of the days, or under the order numbers, of what is received."""
    r = m.LabResult
    received = [one for some in seen.values() for one in some]
    days = sorted({one.collected_on for one in received if one.collected_on is not None})
    numbers = sorted({one.order_number for one in received if one.order_number})
    where: ColumnElement[bool] = r.collected_on.in_(days)
    if numbers:
        where = or_(where, r.order_number.in_(numbers))
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    query = select(r.patient_id, *RECORDED).where(r.patient_id.in_(sorted(seen)), where)
    for row in session.execute(query.order_by(r.id)).mappings():
        if row["change_reason"] != UNDONE:
            found[row["patient_id"]].append(dict(row))
    return found
