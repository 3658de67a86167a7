"""The one open step of a course: given to somebody else, moved to another day, done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from clinical.outcome import Action
from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.operations._rows import active_user, check_seen, get, long_text, open_course, wanted
from db.operations._steps import StepDraft, replace_step
from db.operations._work import open_waiting
from db.operations.roles import guarded
from db.stamp import Stamp

STEPS_CHANGED = frozenset({"steps"})

DONE_BY_HAND = frozenset(
    {
        Action.SAME_DAY_REVIEW.value,
        Action.DISCUSS_TRANSFUSION.value,
        Action.CORRECT_DATA.value,
        Action.SWITCH_PRODUCT.value,
        Action.REFER.value,
        Action.WORK_UP.value,
    }
)
"""Steps a person says are done. The others are done by what they ask for: a plan, an infusion, a result."""


@guarded()
def reassign(session: Session, step_id: int, owner_id: int, seen_version: int, stamp: Stamp) -> Changes:
    """Give an open step to another user. Raises `Refused`: step-closed, owner-not-active."""
    step = _open(session, step_id, seen_version)
    owner = active_user(session, owner_id)
    before, step.owner_id = step.owner_id, owner.id
    detail = {"from": before, "to": owner.id}
    audit.record(session, stamp, "reassign-step", "next_step", step_id, step.patient_id, detail)
    return Changes(STEPS_CHANGED, step.patient_id, step.course_id, step_id)


@guarded()
def change_due(
    session: Session, step_id: int, due: date, reason: str, seen_version: int, stamp: Stamp
) -> Changes:
    """Close the step and open it again for another day, with the reason on record.

    Raises `Refused`: step-closed, missing-field, in-the-past.
    """
    why = wanted(reason, "reason")
    step = _open(session, step_id, seen_version)
    if due < stamp.today:
        raise Refused("in-the-past", field="due", day=due)
    course = open_course(session, step.course_id)
    before = step.due
    moved = replace_step(session, course, replace(_as_draft(step), due=due), "moved", stamp)
    detail = {"from": before, "to": due, "reason": why}
    audit.record(session, stamp, "change-due", "next_step", moved, step.patient_id, detail)
    return Changes(STEPS_CHANGED, step.patient_id, step.course_id, moved)


@guarded()
def complete(
    session: Session, step_id: int, note: str | None, seen_version: int, stamp: Stamp, protocol: Protocol
) -> Changes:
    """Say that a step is done; the next decided one opens, or the one the record asks for.

    Only for steps that a person says are done (`DONE_BY_HAND`); others raise `Refused("done-by-itself")`,
    since a plan, an infusion or a result closes them. Also `Refused`: step-closed, work-up-open.
    """
    step = _open(session, step_id, seen_version)
    if step.action not in DONE_BY_HAND:
        raise Refused("done-by-itself", action=step.action)
    course = open_course(session, step.course_id)
    open_waiting(session, course, step.detail.get("then") or [], stamp, protocol)
    if course.open_step_id == step_id:
        raise Refused("work-up-open", action=step.action)
    detail: Mapping[str, object] = {"action": step.action, "note": long_text(note)}
    audit.record(session, stamp, "complete-step", "next_step", step_id, step.patient_id, detail)
    return Changes(STEPS_CHANGED | {"courses"}, step.patient_id, step.course_id, course.open_step_id)


def _open(session: Session, step_id: int, seen_version: int) -> m.NextStep:
    """An open step, unchanged since it was seen."""
    step = get(session, m.NextStep, step_id)
    check_seen(step, seen_version)
    if not step.is_open:
        raise Refused("step-closed", reason=step.closed_reason)
    return step


def _as_draft(step: m.NextStep) -> StepDraft:
    return StepDraft(
        step.action, step.due, step.urgency, step.owner_id, step.detail, step.assessment_id, step.decision_id
    )
