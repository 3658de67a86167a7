"""What clinicians have still to sign: plans and decisions that were begun without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from db import models as m


@dataclass(frozen=True, slots=True)
class ToSign:
    """One thing to sign. `kind` is plan (`id` a course) or decision; `version` is what signing expects back.

    `what` holds codes and values: for a plan product, label, planned_mg, need_mg, method, visits (how many), days
    (pairs of day and mg of iron) and gates (triples of gate, answer, and the reason it was passed, or None); for a
    decision its kind, the outcome, the actions decided and the assessment_id. `days` counts from the day it was done.
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

    A decision whose assessment has been superseded is left out: it stands in Review again; one that was taken back
    likewise.
    """
    found = [*_plans(session, today), *_decisions(session, today)]
    return tuple(sorted(found, key=lambda one: (one.since, one.kind, one.id)))


def count_to_sign(session: Session) -> int:
    """How many things wait for a clinician's signature; as many as `to_sign` names."""
    c, d, a = m.Course, m.Decision, m.AssessmentRow
    plans = select(func.count()).select_from(c).where(c.to_sign, c.signed_at.is_(None))
    decisions = (
        select(func.count())
        .select_from(d)
        .join(a, a.id == d.assessment_id)
        .where(d.to_sign, d.signed_at.is_(None), d.withdrawn_at.is_(None), a.state != "superseded")
    )
    return session.scalars(plans).one() + session.scalars(decisions).one()


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
                c.id, c.version, c.id.label("course_id"), c.product, c.label, c.planned_mg, c.need_mg, c.method,
                visits.label("visits"), m.User.name, c.planned_at.label("since"),
            )
            .join(m.Patient, m.Patient.id == c.patient_id)
            .join(m.User, m.User.id == c.planned_by_id)
            .where(c.to_sign, c.signed_at.is_(None))
        )
    ).all()  # fmt: skip
    ids = [row.id for row in rows]
    days, gates = _days(session, ids), _gates(session, ids)
    names = ("product", "label", "planned_mg", "need_mg", "method", "visits")
    return [
        _row(
            "plan",
            row,
            {name: getattr(row, name) for name in names} | {"days": days[row.id], "gates": gates[row.id]},
            today,
        )
        for row in rows
    ]


def _days(session: Session, courses: Iterable[int]) -> Mapping[int, tuple[tuple[date, Decimal], ...]]:
    """Days and doses (mg) of the visits of courses, in order."""
    v = m.Visit
    wanted = select(v.course_id, v.planned_on, v.dose_mg).where(
        v.course_id.in_(courses), v.state.in_(("planned", "given"))
    )
    return _by_course(session.execute(wanted.order_by(v.ordinal)))


def _gates(session: Session, courses: Iterable[int]) -> Mapping[int, tuple[tuple[str, str, str | None], ...]]:
    """How the gates stood when courses were planned last, and those passed at the chair, in order.

    The answers for plans of before do not count.
    """
    g = m.GateAnswer
    newer = aliased(g)
    last = select(func.max(newer.recorded_at)).where(newer.course_id == g.course_id, newer.visit_id.is_(None))
    wanted = select(g.course_id, g.gate, g.answer, g.override_reason).where(
        g.course_id.in_(courses),
        or_(
            and_(g.visit_id.is_(None), g.recorded_at == last.scalar_subquery()),
            and_(g.visit_id.is_not(None), g.override_reason.is_not(None)),
        ),
    )
    return _by_course(session.execute(wanted.order_by(g.id)))


def _by_course(rows: Iterable[Any]) -> Mapping[int, Any]:
    """Rows without their first column, under the course it names."""
    found: defaultdict[int, tuple[Any, ...]] = defaultdict(tuple)
    for course_id, *rest in rows:
        found[course_id] += (tuple(rest),)
    return found


def _decisions(session: Session, today: date) -> list[ToSign]:
    d, a = m.Decision, m.AssessmentRow
    rows = session.execute(
        _people(
            select(
                d.id, a.version, d.course_id, d.assessment_id, d.kind, d.steps, a.outcome, m.User.name,
                d.decided_at.label("since"),
            )
            .join(a, a.id == d.assessment_id)
            .join(m.Patient, m.Patient.id == d.patient_id)
            .join(m.User, m.User.id == d.decided_by_id)
            .where(d.to_sign, d.signed_at.is_(None), d.withdrawn_at.is_(None), a.state != "superseded")
        )
    )  # fmt: skip
    return [
        _row(
            "decision",
            row,
            {
                "kind": row.kind,
                "outcome": row.outcome,
                "actions": [step["action"] for step in row.steps],
                "assessment_id": row.assessment_id,
            },
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
