"""A patient's whole page, and finding the patient: rows are in `patient_rows`, searching in `search`."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from db import models as m
from db.errors import NotFound
from db.queries.banner import banner, banner_of
from db.queries.letters import letters_of
from db.queries.look_alikes import look_alikes
from db.queries.merging import merged_into, standing
from db.queries.patient_rows import (
    Banner,
    ContactRow,
    CourseRow,
    EventRow,
    InfusionRow,
    LetterRow,
    LookAlike,
    PatientHit,
    PatientPage,
    ResultRow,
    StepHistoryRow,
    VisitRow,
    WorkUpItemRow,
)
from db.queries.record import contacts, courses, results, visit_select
from db.queries.search import all_patients, search, status_counts
from db.queries.work_ups import items_of
from db.queries.worklist import step_row, step_select
from db.queries.worklist_rows import StepRow
from db.questions import OF, first, rows

__all__ = [
    "Banner",
    "ContactRow",
    "CourseRow",
    "EventRow",
    "InfusionRow",
    "LetterRow",
    "LookAlike",
    "PatientHit",
    "PatientPage",
    "ResultRow",
    "StepHistoryRow",
    "VisitRow",
    "WorkUpItemRow",
    "all_patients",
    "banner",
    "look_alikes",
    "open_step_of",
    "patient_of_course",
    "patient_page",
    "search",
    "status_counts",
    "visits_of",
]


def patient_page(session: Session, patient_id: int, today: date) -> PatientPage:
    """Everything the page of a patient shows, on a day; a record that joined another leads to that one's page.

    `NotFound` for an unknown patient.
    """
    patient_id = standing(session, patient_id)
    return PatientPage(
        banner=banner_of(session, patient_id),
        courses=courses(session, patient_id),
        results=results(session, patient_id),
        steps=_steps(session, patient_id),
        open_step=open_step_of(session, patient_id, today),
        letters=letters_of(session, patient_id),
        contacts=contacts(session, patient_id),
        work_up=items_of(session, patient_id),
        visits=visits_of(session, patient_id),
        events=_events(session, patient_id),
    )


def patient_of_course(session: Session, course_id: int) -> int:
    """Whose course it is. `NotFound` for an unknown course."""
    found = session.scalars(select(m.Course.patient_id).where(m.Course.id == course_id)).one_or_none()
    if found is None:
        raise NotFound("course-not-found", id=course_id)
    return found


def visits_of(session: Session, patient_id: int) -> tuple[VisitRow, ...]:
    """Every visit of a patient by day, cancelled ones too."""
    return tuple(VisitRow(*row) for row in rows(session, _visits(), patient_id=patient_id))


@cache
def _visits() -> Select[*tuple[Any, ...]]:
    visits = visit_select().where(m.Visit.patient_id == OF)
    return visits.order_by(m.Visit.planned_on, m.Visit.id)


def open_step_of(session: Session, patient_id: int, today: date) -> StepRow | None:
    """The open step of the newest course that is not ended; None where all have ended.

    By way of the courses: asked for by patient and "open", the planner reads every open step of the clinic.
    """
    row = first(session, _open_step(), patient_id=patient_id)
    return step_row(row, today) if row is not None else None


@cache
def _open_step() -> Select[*tuple[Any, ...]]:
    return (
        step_select()
        .where(m.Course.patient_id == OF, m.NextStep.id == m.Course.open_step_id)
        .order_by(m.Course.ordinal.desc())
        .limit(1)
    )


def _steps(session: Session, patient_id: int) -> tuple[StepHistoryRow, ...]:
    return tuple(StepHistoryRow(*row) for row in rows(session, _all_steps(), patient_id=patient_id))


@cache
def _all_steps() -> Select[*tuple[Any, ...]]:
    """Every step a patient has had, newest first."""
    s, owner, closer = m.NextStep, aliased(m.User), aliased(m.User)
    return (
        select(
            s.id, s.course_id, s.action, s.due, s.urgency, owner.name, s.opened_at, s.closed_at,
            closer.name.label("closer"), s.closed_reason, s.detail,
        )
        .join(owner, owner.id == s.owner_id)
        .outerjoin(closer, closer.id == s.closed_by_id)
        .where(s.patient_id == OF)
        .order_by(s.id.desc())
    )  # fmt: skip


def _events(session: Session, patient_id: int) -> tuple[EventRow, ...]:
    """What happened, from the audit: newest first."""
    people = [patient_id, *merged_into(session, patient_id)]
    return tuple(EventRow(*row) for row in rows(session, _audited(), people=people))


@cache
def _audited() -> Select[*tuple[Any, ...]]:
    a = m.AuditRow
    return (
        select(a.at, a.action, m.User.name, a.detail)
        .join(m.User, m.User.id == a.user_id)
        .where(a.patient_id.in_(bindparam("people", expanding=True, type_=Integer)))
        .order_by(a.id.desc())
    )
