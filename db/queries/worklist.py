"""The worklists: every open step by risk, the visits of a day, what is overdue, what waits on other lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from clinical.outcome import Urgency
from db import models as m
from db.queries.letters_due import letters_due
from db.queries.overdue import overdue
from db.queries.patient_rows import VisitRow
from db.queries.record import visit_rows, visit_select
from db.queries.staff import deputies
from db.queries.steps import Reach
from db.queries.work_ups import held_results, open_work_ups
from db.queries.worklist_rows import (
    Counts,
    HeldRow,
    LettersDueRow,
    OpenItemRow,
    OverdueRow,
    StepRow,
    Tallies,
)

__all__ = [
    "Counts",
    "HeldRow",
    "LettersDueRow",
    "OpenItemRow",
    "OverdueRow",
    "StepRow",
    "Tallies",
    "held_results",
    "letters_due",
    "open_steps",
    "open_work_ups",
    "overdue",
    "tallies",
    "visits",
]

RANK: Mapping[str, int] = {Urgency.EMERGENCY.value: 0, Urgency.URGENT.value: 1}
"""Urgent steps come first whatever their day; the others by their day alone."""

NOBODY: Mapping[int, int] = MappingProxyType({})
"""Nobody stands in for anybody."""


def open_steps(
    session: Session,
    today: date,
    owner_id: int | None = None,
    role: str | None = None,
    *,
    owners: Collection[int] | None = None,
    actions: Collection[str] | None = None,
    within: Reach | None = None,
) -> tuple[StepRow, ...]:
    """Open steps by risk: emergencies and urgent ones, then the longest overdue, then by day.

    Of one owner and those they stand in for today, of everybody with a role, of these `owners`, of these `actions`,
    and no further than `within`, where given. Sorted the same way every time.
    """
    standing_in = deputies(session, today)
    s = m.NextStep
    wanted = step_select().where(s.is_open.is_(True))
    if owner_id is not None:
        wanted = wanted.where(s.owner_id.in_(stood_in_by(owner_id, standing_in)))
    if role is not None:
        wanted = wanted.where(m.User.role == role)
    if owners is not None:
        wanted = wanted.where(s.owner_id.in_(sorted(owners)))
    if actions is not None:
        wanted = wanted.where(s.action.in_(sorted(actions)))
    if within is not None and not within.whole:
        wanted = wanted.where(within.condition())
    rows = [step_row(row, today, standing_in) for row in session.execute(wanted)]
    return tuple(sorted(rows, key=_risk))


def stood_in_by(user_id: int, standing_in: Mapping[int, int]) -> frozenset[int]:
    """Whose steps are somebody's own: theirs, and those of everybody they stand in for."""
    return frozenset({user_id, *(away for away, deputy in standing_in.items() if deputy == user_id)})


def visits(session: Session, first: date, last: date) -> tuple[VisitRow, ...]:
    """Visits from `first` to `last`, both included, cancelled ones left out; by day and name."""
    wanted = visit_select().where(m.Visit.planned_on.between(first, last), m.Visit.state != "cancelled")
    order = (m.Visit.planned_on, m.Patient.surname_key, m.Patient.given_key, m.Visit.id)
    return visit_rows(session, wanted.order_by(*order))


def tallies(session: Session, today: date) -> Tallies:
    """What must read zero.

    `results_without_owner`: values nobody has assessed and no open course waits for. `letters_in_doubt`: letters
    of an earlier day's batch of which nobody said whether they came out.
    """
    without_step = session.scalars(
        select(func.count())
        .select_from(m.Course)
        .outerjoin(m.NextStep, (m.NextStep.course_id == m.Course.id) & m.NextStep.is_open.is_(True))
        .where(m.Course.status != "ended", m.NextStep.id.is_(None))
    ).one()
    unmatched = select(func.count()).select_from(m.HeldResult).where(m.HeldResult.state == "held")
    doubtful = (
        select(func.count())
        .select_from(m.LetterBatchItem)
        .join(m.LetterBatch, m.LetterBatch.id == m.LetterBatchItem.batch_id)
        .where(
            m.LetterBatchItem.outcome.in_(("pending", "doubtful")),
            m.LetterBatch.recorded_at < datetime.combine(today, time.min, UTC),
        )
    )
    return Tallies(
        without_step, _unowned(session), session.scalars(unmatched).one(), session.scalars(doubtful).one()
    )


def step_select() -> Select[*tuple[Any, ...]]:
    """Steps with their patient, course, owner and assessment; conditions are the caller's."""
    s, p = m.NextStep, m.Patient
    return (
        select(
            s.id,
            s.version,
            s.course_id,
            s.patient_id,
            p.number,
            p.surname,
            p.given,
            p.birth_date,
            p.sex,
            s.action,
            s.due,
            s.urgency,
            m.Course.status,
            m.AssessmentRow.outcome,
            s.detail,
            s.owner_id,
            m.User.name.label("owner_name"),
            m.User.initials,
            s.assessment_id,
        )
        .join(p, p.id == s.patient_id)
        .join(m.Course, m.Course.id == s.course_id)
        .join(m.User, m.User.id == s.owner_id)
        .outerjoin(m.AssessmentRow, m.AssessmentRow.id == s.assessment_id)
    )


def step_row(row: Any, today: date, standing_in: Mapping[int, int] = NOBODY) -> StepRow:
    """A row of `step_select` on a day, with who stands in for its owner then."""
    detail = dict(row.detail or {})
    why = detail.pop("why", None) or {"code": row.action}
    return StepRow(
        step_id=row.id,
        version=row.version,
        course_id=row.course_id,
        patient_id=row.patient_id,
        number=row.number,
        surname=row.surname,
        given=row.given,
        birth_date=row.birth_date,
        sex=row.sex,
        action=row.action,
        due=row.due,
        days_late=max((today - row.due).days, 0),
        urgency=row.urgency,
        course_status=row.status,
        outcome=row.outcome,
        detail=detail,
        why=why,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        owner_initials=row.initials,
        assessment_id=row.assessment_id,
        deputy_id=standing_in.get(row.owner_id),
    )


def _risk(step: StepRow) -> tuple[Any, ...]:
    """Urgent ones, then the longest late, then the soonest due; name and id settle the rest."""
    return (
        RANK.get(step.urgency, len(RANK)),
        -step.days_late,
        step.due,
        step.surname,
        step.given,
        step.step_id,
    )


def _unowned(session: Session) -> int:
    """Values no assessment has seen, of people without an open course."""
    r, seen = m.LabResult, m.AssessmentResult
    open_course = (
        select(m.Course.id).where(m.Course.patient_id == r.patient_id, m.Course.status != "ended").exists()
    )
    was_seen = select(seen.result_id).where(seen.result_id == r.id).exists()
    return session.scalars(
        select(func.count())
        .select_from(r)
        .where(
            r.superseded_by_id.is_(None),
            r.status.not_in(("cancelled", "entered-in-error")),
            r.value.is_not(None),
            ~was_seen,
            ~open_course,
        )
    ).one()
