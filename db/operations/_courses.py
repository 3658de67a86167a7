"""Beginning and ending a course inside a write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import ids
from db import models as m
from db.operations import _labs, _steps
from db.operations._rows import add
from db.stamp import Stamp


@dataclass(frozen=True, slots=True)
class Draft:
    """A course about to begin. `owed_mg` is the dose the course before left owing (mg elemental iron)."""

    patient_id: int
    indication: str
    referral_id: int | None = None
    previous_course_id: int | None = None
    owed_mg: Decimal | None = None


def begin(session: Session, draft: Draft, step: _steps.StepDraft, stamp: Stamp) -> int:
    """Insert a course in state `referred` with its first step; the id of the course."""
    session.flush()
    last = session.scalars(
        select(func.max(m.Course.ordinal)).where(m.Course.patient_id == draft.patient_id)
    ).one()
    course_id = ids.reserve(session, m.Course.__tablename__)
    step_id = _steps.first_step(session, course_id, draft.patient_id, step, stamp)
    return add(
        session,
        m.Course,
        stamp,
        id=course_id,
        patient_id=draft.patient_id,
        referral_id=draft.referral_id,
        previous_course_id=draft.previous_course_id,
        ordinal=(last or 0) + 1,
        status="referred",
        indication=draft.indication,
        planned_mg=draft.owed_mg,
        open_step_id=step_id,
    )


def end(session: Session, course: m.Course, reason: str, on: date, stamp: Stamp, note: str = "") -> None:
    """End a course for a coded reason: step closed, planned visits and open laboratory orders cancelled."""
    step = _steps.open_step(session, course)
    if step is not None:
        _steps.close(step, reason, stamp)
    course.status = "ended"
    course.open_step_id = None
    course.end_reason = reason
    course.ended_on = on
    course.ended_at = stamp.at
    course.end_note = note
    for visit in session.scalars(
        select(m.Visit).where(m.Visit.course_id == course.id, m.Visit.state == "planned")
    ):
        visit.state = "cancelled"
        visit.reason = reason
    _labs.cancel_orders(session, course.id, reason, stamp)
    session.flush()


def reopen(session: Session, course: m.Course, status: str, draft: _steps.StepDraft, stamp: Stamp) -> None:
    """Take an ended course up again with this step; without an owner it goes to whoever had the last one."""
    owner_id = draft.owner_id if draft.owner_id is not None else _last_owner(session, course.id)
    owned = replace(draft, owner_id=owner_id)
    step_id = _steps.first_step(session, course.id, course.patient_id, owned, stamp)
    course.status = status
    course.end_reason = None
    course.ended_on = None
    course.ended_at = None
    course.end_note = ""
    course.open_step_id = step_id
    session.flush()


def end_of(course: Any) -> dict[str, object]:
    """How a course, or its row, ended, as the step keeps it that takes it up again."""
    return {
        "reason": course.end_reason,
        "on": course.ended_on,
        "at": course.ended_at,
        "note": course.end_note,
    }


def end_again(session: Session, course: m.Course, before: Mapping[str, Any], stamp: Stamp) -> None:
    """End a course as it had ended (`end_of`) before it was taken up again for nothing."""
    end(session, course, before["reason"], date.fromisoformat(before["on"]), stamp, before["note"])
    course.ended_at = datetime.fromisoformat(before["at"])
    session.flush()


def _last_owner(session: Session, course_id: int) -> int | None:
    """Who owned the last step, if they still work here."""
    return session.scalars(
        select(m.NextStep.owner_id)
        .join(m.User, m.User.id == m.NextStep.owner_id)
        .where(m.NextStep.course_id == course_id, m.User.active.is_(True))
        .order_by(m.NextStep.id.desc())
        .limit(1)
    ).first()
