"""A decision or a new plan made by mistake, taken back: it stays on record, and what it found stands again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused, StaleScreen
from db.operations import _courses
from db.operations._assess import newest_id
from db.operations._meanwhile import what_is_there
from db.operations._next import refresh
from db.operations._rows import active_patient, add, check_seen, get, open_course
from db.operations._steps import StepDraft, open_step, stand_again
from db.operations._took import PLAN_WITHDRAWN, WITHDRAWN, put_back
from db.operations.courses import COURSES_CHANGED
from db.operations.decisions import DECISION_CHANGED
from db.operations.roles import guarded
from db.queries.merging import merged_into
from db.stamp import Stamp


@guarded()
def withdraw_decision(session: Session, decision_id: int, seen_version: int, stamp: Stamp) -> Changes:
    """Take back a decision on the day it was made, by whoever made it, while nothing follows from it.

    The decision stays on record as taken back. The assessment waits for a decision as it did before, and the step
    that stood before stands again; the orders, checklists and the course that the decision made are closed, and what
    it had closed is open again. `seen_version` is the assessment's, as the decision left it.

    Raises `StaleScreen`, `NotFound`, `Refused`: decision-withdrawn (already), decision-of-another,
    decision-not-today, already-signed (by a clinician, for somebody else), patient-not-active, decision-followed
    (what: assessment, letter, step, orders, visits, work-ups or items), decision-not-kept (made by planning, or before
    what it found was kept).
    """
    decision = get(session, m.Decision, decision_id)
    row = get(session, m.AssessmentRow, decision.assessment_id)
    took = _allowed(session, decision, row, seen_version, stamp)
    course = get(session, m.Course, took["course"][0])
    _check_nothing_follows(session, decision, row, took)
    put_back(session, decision.patient_id, took["moved"], stamp, "decision-followed", decision_id)
    _course_back(session, course, took, stamp)
    state, until = took["assessment"]
    row.state, row.deferred_until = state, None if until is None else date.fromisoformat(until)
    decision.withdrawn_at, decision.withdrawn_by_id = stamp.at, stamp.user_id
    session.flush()
    detail = {"kind": decision.kind, "outcome": row.outcome}
    audit.record(session, stamp, "withdraw-decision", "decision", decision_id, decision.patient_id, detail)
    return Changes(DECISION_CHANGED | {"infusions"}, decision.patient_id, course.id, decision_id)


@guarded()
def withdraw_plan(
    session: Session, course_id: int, seen_version: int, stamp: Stamp, protocol: Protocol
) -> Changes:
    """Take back a plan that was made anew, on its day, by whoever made it, while nothing follows from it: the plan of
    before stands again with its visits, signature and safety answers. The visits of both stay on record.

    A first plan is taken back by calling off its visits. Raises `StaleScreen`, `Refused`: course-ended,
    patient-not-active, plan-not-kept (a first plan, or one that settled an assessment), plan-of-another,
    plan-not-today, plan-followed (what: letter, step, orders, visits, work-ups or items).
    """
    course = open_course(session, course_id)
    check_seen(course, seen_version)
    active_patient(session, course.patient_id)
    took = _plan_told(session, course, stamp)
    version, step = took["after"]
    now = open_step(session, course)
    if course.version != version or (None if now is None else [now.id, now.version]) != step:
        raise Refused("plan-followed", what="step")
    if course.planned_at is not None and _written_since(session, course.patient_id, course.planned_at):
        raise Refused("plan-followed", what="letter")
    put_back(session, course.patient_id, took["moved"], stamp, "plan-followed")
    for name, value in took["stood"]["columns"].items():
        setattr(course, name, _READ.get(name, _same)(value))
    session.flush()
    for gate, answer, override in took["stood"]["gates"]:
        values = {"gate": gate, "answer": answer, "override_reason": override}
        add(session, m.GateAnswer, stamp, course_id=course.id, patient_id=course.patient_id, **values)
    before = get(session, m.NextStep, took["stood"]["step"])
    if course.open_step_id != before.id:
        stand_again(session, course, _as_it_was(session, before), PLAN_WITHDRAWN, stamp)
    session.flush()
    refresh(session, course, stamp, protocol)
    detail = {"product": course.product, "planned_mg": course.planned_mg}
    audit.record(session, stamp, "withdraw-plan", "course", course.id, course.patient_id, detail)
    return Changes(COURSES_CHANGED, course.patient_id, course.id)


def _same(value: Any) -> Any:
    return value


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _amount(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "planned_at": _instant,
    "signed_at": _instant,
    "need_mg": _amount,
    "planned_mg": _amount,
}
"""How a column that is kept as text is read again."""


def _plan_told(session: Session, course: m.Course, stamp: Stamp) -> Mapping[str, Any]:
    """What the newest plan of a course found and moved, if whoever asks may take it back now."""
    people = (course.patient_id, *merged_into(session, course.patient_id))
    told = session.scalars(
        select(m.AuditRow.detail)
        .where(
            m.AuditRow.action.in_(("plan-course", "withdraw-plan")), m.AuditRow.entity == "course",
            m.AuditRow.entity_id == course.id, m.AuditRow.patient_id.in_(people),
        )
        .order_by(m.AuditRow.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    if told is None or "took" not in told:
        raise Refused("plan-not-kept")
    if course.planned_by_id != stamp.user_id:
        raise Refused("plan-of-another")
    took: Mapping[str, Any] = told["took"]
    if took["on"] != stamp.today.isoformat():
        raise Refused("plan-not-today")
    return took


def _written_since(session: Session, patient_id: int, at: datetime) -> bool:
    """Whether a letter that stands was filed since."""
    letter = m.Letter
    written = select(letter.id).where(
        letter.patient_id == patient_id, letter.state != "void", letter.recorded_at > at
    )
    return session.scalars(written.limit(1)).first() is not None


def _allowed(
    session: Session, decision: m.Decision, row: m.AssessmentRow, seen_version: int, stamp: Stamp
) -> Mapping[str, Any]:
    """What the decision found and made, if whoever asks may take it back now."""
    if decision.withdrawn_at is not None:
        raise Refused("decision-withdrawn")
    check_seen(row, seen_version)
    if decision.decided_by_id != stamp.user_id:
        raise Refused("decision-of-another")
    if decision.to_sign and decision.signed_at is not None:
        raise Refused("already-signed")
    active_patient(session, decision.patient_id)
    people = (decision.patient_id, *merged_into(session, decision.patient_id))
    told = session.scalars(
        select(m.AuditRow.detail).where(
            m.AuditRow.action == "record-decision", m.AuditRow.entity == "decision",
            m.AuditRow.entity_id == decision.id, m.AuditRow.patient_id.in_(people),
        )
    ).first()  # fmt: skip
    if told is None or "took" not in told:
        raise Refused("decision-not-kept")
    took: Mapping[str, Any] = told["took"]
    if took["on"] != stamp.today.isoformat():
        raise Refused("decision-not-today", day=date.fromisoformat(took["on"]))
    return took


def _check_nothing_follows(
    session: Session, decision: m.Decision, row: m.AssessmentRow, took: Mapping[str, Any]
) -> None:
    """Refuse while a newer answer, a letter, or another step stands on the decision; orders and items are asked
    where they are put back.
    """
    if row.state == "superseded" or row.id != newest_id(session, row.course_id):
        raise StaleScreen("assessment-changed", state=row.state, **what_is_there(row))
    letter = m.Letter
    written = select(letter.id).where(
        letter.patient_id == decision.patient_id,
        letter.state != "void",
        or_(letter.decision_id == decision.id, letter.recorded_at > decision.decided_at),
    )
    if session.scalars(written.limit(1)).first() is not None:
        raise Refused("decision-followed", what="letter")
    for course_id, version, step in took["after"]:
        course = get(session, m.Course, course_id)
        now = open_step(session, course)
        stands = None if now is None else [now.id, now.version]
        if course.version != version or stands != step:
            raise Refused("decision-followed", what="step")


def _course_back(session: Session, course: m.Course, took: Mapping[str, Any], stamp: Stamp) -> None:
    """The course stands where it stood, with the step of before; one drafted for nothing is closed as an error."""
    _, status, cause, step_id = took["course"]
    for course_id, _, _ in took["after"]:
        if course_id != course.id:
            _courses.end(session, get(session, m.Course, course_id), "entered-in-error", stamp.today, stamp)
    before = get(session, m.NextStep, step_id)
    if course.status == "ended":
        _courses.reopen(session, course, status, _as_it_was(session, before), stamp)
    elif course.open_step_id != before.id:
        stand_again(session, course, _as_it_was(session, before), WITHDRAWN, stamp)
    course.status, course.cause = status, cause
    session.flush()


def _as_it_was(session: Session, step: m.NextStep) -> StepDraft:
    """The step that stood before, for whoever had it; somebody who left meanwhile keeps none."""
    owner = get(session, m.User, step.owner_id)
    return StepDraft(
        step.action, step.due, step.urgency, owner.id if owner.active else None, step.detail, step.assessment_id,
        step.decision_id,
    )  # fmt: skip


__all__ = ["withdraw_decision", "withdraw_plan"]
