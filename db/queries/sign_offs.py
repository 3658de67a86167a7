"""What clinicians have still to sign: plans and decisions that were begun without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db import models as m


@dataclass(frozen=True, slots=True)
class ToSign:
    """One thing to sign. `kind` is plan (`id` a course) or decision; `version` is what signing expects back.

    `what` holds codes and values: for a plan product, planned_mg, need_mg, method and visits; for a decision its
    kind, the outcome, and the actions decided. `days` counts from the day it was done.
    """

    kind: str
    id: int
    version: int
    patient_id: int
    course_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    what: Mapping[str, Any]
    by_name: str
    since: datetime
    days: int


def to_sign(session: Session, today: date) -> tuple[ToSign, ...]:
    """Everything that waits for a clinician's signature, the longest first.

    A decision whose assessment has been superseded is left out: it stands in Review again.
    """
    found = [*_plans(session, today), *_decisions(session, today)]
    return tuple(sorted(found, key=lambda one: (one.since, one.kind, one.id)))


def _plans(session: Session, today: date) -> list[ToSign]:
    c, visit = m.Course, m.Visit
    visits = (
        select(func.count())
        .where(visit.course_id == c.id, visit.state.in_(("planned", "given")))
        .scalar_subquery()
    )
    rows = session.execute(
        _people(
            select(
                c.id, c.version, c.id.label("course_id"), c.product, c.planned_mg, c.need_mg, c.method,
                visits.label("visits"), m.User.name, c.planned_at.label("since"),
            )
            .join(m.Patient, m.Patient.id == c.patient_id)
            .join(m.User, m.User.id == c.planned_by_id)
            .where(c.to_sign.is_(True), c.signed_at.is_(None))
        )
    )  # fmt: skip
    names = ("product", "planned_mg", "need_mg", "method", "visits")
    return [_row("plan", row, {name: getattr(row, name) for name in names}, today) for row in rows]


def _decisions(session: Session, today: date) -> list[ToSign]:
    d, a = m.Decision, m.AssessmentRow
    rows = session.execute(
        _people(
            select(
                d.id, a.version, d.course_id, d.kind, d.steps, a.outcome, m.User.name,
                d.decided_at.label("since"),
            )
            .join(a, a.id == d.assessment_id)
            .join(m.Patient, m.Patient.id == d.patient_id)
            .join(m.User, m.User.id == d.decided_by_id)
            .where(d.to_sign.is_(True), d.signed_at.is_(None), a.state != "superseded")
        )
    )  # fmt: skip
    return [
        _row(
            "decision",
            row,
            {"kind": row.kind, "outcome": row.outcome, "actions": [step["action"] for step in row.steps]},
            today,
        )
        for row in rows
    ]


def _people(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    p = m.Patient
    return query.add_columns(p.id.label("patient_id"), p.number, p.surname, p.given, p.birth_date, p.sex)


def _row(kind: str, row: Any, what: Mapping[str, Any], today: date) -> ToSign:
    return ToSign(
        kind=kind,
        id=row.id,
        version=row.version,
        patient_id=row.patient_id,
        course_id=row.course_id,
        number=row.number,
        surname=row.surname,
        given=row.given,
        birth_date=row.birth_date,
        sex=row.sex,
        what=what,
        by_name=row.name,
        since=row.since,
        days=max((today - row.since.date()).days, 0),
    )
