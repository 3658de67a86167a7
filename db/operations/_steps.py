"""The one open next step of a course: replaced, never merely closed; ended only with the course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from clinical.outcome import Action, Urgency
from db import models as m
from db.operations._rows import active_user, add, get, plain_detail
from db.stamp import Stamp
from db.types import canonical_json

LAB_ACTIONS = frozenset(
    {
        Action.REPEAT_LABS.value,
        Action.WAIT_AND_REPEAT_LABS.value,
        Action.MEASURE_PHOSPHATE.value,
        Action.FOLLOW_UP.value,
        "chase-labs",
    }
)
"""Steps that wait for the patient to give blood: these are chased."""

SAME_DAY = frozenset({Action.SAME_DAY_REVIEW.value, Action.DISCUSS_TRANSFUSION.value, "review-results"})
"""Steps that nobody may leave until tomorrow when they are urgent."""

SET_ASIDE = frozenset({"deferred", "dismissed"})
"""Codes of why a step waits whose answer somebody put off, or judged not to be appropriate."""


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step about to be opened. Without an owner it keeps the one of the step before."""

    action: str
    due: date
    urgency: str = Urgency.ROUTINE.value
    owner_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
    assessment_id: int | None = None
    decision_id: int | None = None


def on_overdue(draft: StepDraft) -> str:
    """What happens once the day has passed: the step is chased, escalated the same day, or stays listed."""
    if draft.action in LAB_ACTIONS:
        return "chase"
    if draft.action in SAME_DAY and draft.urgency in (Urgency.EMERGENCY, Urgency.URGENT):
        return "same-day"
    return "list"


def open_step(session: Session, course: m.Course) -> m.NextStep | None:
    """The open step of the course; None only before its first and after its last."""
    return None if course.open_step_id is None else get(session, m.NextStep, course.open_step_id)


def replace_step(
    session: Session,
    course: m.Course,
    draft: StepDraft,
    reason: str,
    stamp: Stamp,
    cause: str = "record-changed",
) -> int:
    """Close the open step for `reason` and open the drafted one; the id of the step that is open then.

    `cause` is what brings an answer back that was set aside.

    A draft that says what the open step says already changes nothing. Decided steps that wait their turn
    (`then`) stay with the course.
    """
    before = open_step(session, course)
    if before is None:
        draft = _rested(draft)
    else:
        draft = following(before.detail, before.owner_id, draft, cause)
        if _same(before, draft):
            return before.id
        close(before, reason, stamp)
    return _open(session, course, draft, stamp)


def stand_again(session: Session, course: m.Course, before: StepDraft, reason: str, stamp: Stamp) -> int:
    """Close the open step for `reason` and open one that stood before, word for word; its id."""
    step = open_step(session, course)
    if step is not None:
        owner_id = before.owner_id if before.owner_id is not None else step.owner_id
        before = replace(before, owner_id=owner_id)
        close(step, reason, stamp)
    return _open(session, course, before, stamp)


def following(
    detail: Mapping[str, Any], owner_id: int, draft: StepDraft, cause: str = "record-changed"
) -> StepDraft:
    """The draft as it follows a step with this detail and owner; `cause` says what brings back what was set aside."""
    draft = _with_waiting(detail, _rested(_back(detail, draft, cause)))
    return draft if draft.owner_id is not None else replace(draft, owner_id=owner_id)


def _back(before: Mapping[str, Any], draft: StepDraft, cause: str) -> StepDraft:
    """A new answer after one that was put off, or judged not appropriate, says why it is back, until it is decided."""
    was, why = before.get("why") or {}, draft.detail.get("why")
    if draft.decision_id is not None:
        return _without_back(draft)
    to_look = draft.action in ("review-results", "plan-course") and draft.assessment_id is not None
    if not to_look or not isinstance(why, Mapping) or why.get("code") in SET_ASIDE or "back" in why:
        return draft
    back = {"code": cause, "was": was["code"]} if was.get("code") in SET_ASIDE else was.get("back")
    return draft if back is None else replace(draft, detail={**draft.detail, "why": {**why, "back": back}})


def _without_back(draft: StepDraft) -> StepDraft:
    """A step that somebody has decided on came back from nowhere."""
    why = draft.detail.get("why")
    if not isinstance(why, Mapping) or "back" not in why:
        return draft
    said = {name: value for name, value in why.items() if name != "back"}
    return replace(draft, detail={**draft.detail, "why": said})


def _rested(draft: StepDraft) -> StepDraft:
    """A step that is due on another day than its suspension ends is not suspended any more."""
    held = draft.detail.get("suspended")
    if not isinstance(held, Mapping) or held.get("until") == draft.due.isoformat():
        return draft
    return replace(draft, detail={name: value for name, value in draft.detail.items() if name != "suspended"})


def _with_waiting(before: Mapping[str, Any], draft: StepDraft) -> StepDraft:
    """The draft with the decided steps that still wait; a review replaces them, a plan is the repeat dose."""
    waiting = before.get("then") or []
    if draft.action in ("plan-course", "give-infusion"):
        waiting = [one for one in waiting if one["action"] != Action.REPEAT_INFUSION.value]
    if not waiting or draft.action == "review-results" or "then" in draft.detail:
        return draft
    return replace(draft, detail={**draft.detail, "then": waiting})


def first_step(session: Session, course_id: int, patient_id: int, draft: StepDraft, stamp: Stamp) -> int:
    """Open the step a new course begins with; the course is written with the id returned."""
    return _insert(session, course_id, patient_id, draft, stamp)


def close(step: m.NextStep, reason: str, stamp: Stamp) -> None:
    """Close a step; the caller opens the next or ends the course in the same write."""
    step.is_open = False
    step.closed_at = stamp.at
    step.closed_by_id = stamp.user_id
    step.closed_reason = reason


def _open(session: Session, course: m.Course, draft: StepDraft, stamp: Stamp) -> int:
    session.flush()
    course.open_step_id = _insert(session, course.id, course.patient_id, draft, stamp)
    return course.open_step_id


def _insert(session: Session, course_id: int, patient_id: int, draft: StepDraft, stamp: Stamp) -> int:
    owner_id = draft.owner_id or stamp.user_id
    active_user(session, owner_id)
    return add(session, m.NextStep, **step_columns(course_id, patient_id, draft, owner_id, stamp))


def step_columns(
    course_id: int, patient_id: int, draft: StepDraft, owner_id: int, stamp: Stamp
) -> dict[str, Any]:
    """The columns of a step that is opened."""
    return {
        "course_id": course_id,
        "patient_id": patient_id,
        "action": draft.action,
        "due": draft.due,
        "urgency": draft.urgency,
        "owner_id": owner_id,
        "on_overdue": on_overdue(draft),
        "detail": plain_detail(draft.detail),
        "assessment_id": draft.assessment_id,
        "decision_id": draft.decision_id,
        "opened_at": stamp.at,
        "opened_by_id": stamp.user_id,
    }


def _same(step: m.NextStep, draft: StepDraft) -> bool:
    """Whether the open step says what the draft says."""
    return (
        (step.action, step.due, step.urgency, step.owner_id, step.assessment_id)
        == (draft.action, draft.due, draft.urgency, draft.owner_id, draft.assessment_id)
    ) and canonical_json(step.detail) == canonical_json(plain_detail(draft.detail))
