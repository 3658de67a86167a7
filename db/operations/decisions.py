"""What a clinician decides on an assessment, and the work the decision creates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from clinical.outcome import Action, Assessment
from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused, StaleScreen
from db.models import vocabulary as v
from db.operations._assess import UNDECIDED, newest_id, open_day
from db.operations._meanwhile import what_is_there
from db.operations._rows import (
    active_patient,
    add,
    check_seen,
    get,
    one_of,
    open_course,
    plain_detail,
    wanted,
)
from db.operations._signing import signature
from db.operations._steps import StepDraft, open_step, replace_step
from db.operations._took import Standing, difference, standing
from db.operations._work import Carried, carry_out
from db.operations.limits import DEFER_DAYS, DISMISSED_RETURNS_DAYS, not_beyond
from db.operations.roles import guarded, to_be_signed
from db.queries.stored import read_assessment
from db.stamp import Stamp

STATE_AFTER: Mapping[str, str] = {
    "accept": "accepted",
    "choose-another": "overridden",
    "defer": "deferred",
    "not-appropriate": "dismissed",
}

DECISION_CHANGED = frozenset({"decisions", "assessments", "steps", "courses", "work-ups", "letters"})


@dataclass(frozen=True, slots=True)
class DecidedStep:
    """A step as decided: an action code, its due day, who owns it (None: the owner now), coded detail."""

    action: str
    due: date
    owner_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision. `kind` is accept, choose-another, defer or not-appropriate.

    Every kind but accept wants a `reason`; defer wants `defer_until`. `steps` are those decided, the first
    being the one the course gets; empty with accept means those proposed.
    """

    kind: str
    steps: tuple[DecidedStep, ...] = ()
    reason: str | None = None
    defer_until: date | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What a decision found: kept with what it made of it, so that it can be taken back."""

    course: m.Course
    stood: tuple[str, str | None, int | None]
    assessment: tuple[str, date | None]
    standing: Standing

    @classmethod
    def of(cls, session: Session, course: m.Course, row: m.AssessmentRow) -> _Found:
        """How things stand."""
        stood = (course.status, course.cause, course.open_step_id)
        return cls(course, stood, (row.state, row.deferred_until), standing(session, course.patient_id))

    def took(self, session: Session, now_on: int, stamp: Stamp) -> dict[str, object]:
        """What the decision moved, and the course and step that it led to."""
        moved = difference(self.standing, standing(session, self.course.patient_id))
        courses = [self.course] if now_on == self.course.id else [self.course, get(session, m.Course, now_on)]
        after = []
        for course in courses:
            step = open_step(session, course)
            after.append([course.id, course.version, None if step is None else [step.id, step.version]])
        return {
            "on": stamp.today,
            "course": [self.course.id, *self.stood],
            "assessment": list(self.assessment),
            "moved": moved,
            "after": after,
        }


def _kind(given: Mapping[str, Any]) -> str:
    """What is done with the assessment."""
    return one_of(given["decision"].kind, v.DECISION_KINDS, "kind")


@guarded(_kind)
def record_decision(
    session: Session,
    assessment_id: int,
    seen_version: int,
    decision: NewDecision,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Record what was decided on an assessment, and create the work that follows.

    Refused with `StaleScreen` when the assessment is no longer what was seen; with `Refused`: course-ended,
    patient-not-active, missing-field (reason, steps, defer_until), not-proposed (accept changes an action),
    in-the-past, too-far-ahead (deferred for longer than its urgency allows), unknown-code, cause-missing (a
    discharge without the cause of the deficiency answered), discharge-with-other-steps (it ends follow-up, so
    nothing else would be done).
    """
    row = get(session, m.AssessmentRow, assessment_id)
    check_seen(row, seen_version)
    if row.state not in UNDECIDED or assessment_id != newest_id(session, row.course_id):
        raise StaleScreen("assessment-changed", state=row.state, **what_is_there(row))
    course = open_course(session, row.course_id)
    active_patient(session, course.patient_id)
    found = read_assessment(row.assessment)
    steps = _checked(decision, found, stamp)
    found_there = _Found.of(session, course, row)
    decision_id = _keep(session, row, seen_version, decision, steps, stamp)
    row.state = STATE_AFTER[decision.kind]
    row.deferred_until = decision.defer_until if decision.kind == "defer" else None
    session.flush()
    if decision.kind == "defer":
        assert decision.defer_until is not None
        _look_later(session, course, row, decision.defer_until, decision_id, stamp)
        now_on = course.id
    elif not steps:
        rest = min(DISMISSED_RETURNS_DAYS, DEFER_DAYS[found.urgency])
        later = open_day(session, stamp.today, rest)
        _look_later(session, course, row, later, decision_id, stamp)
        now_on = course.id
    else:
        carried = tuple(Carried(one.action, one.due, one.owner_id, dict(one.detail)) for one in steps)
        now_on = carry_out(session, course, row.id, decision_id, found, carried, stamp, protocol)
    detail = {
        "kind": decision.kind,
        "outcome": row.outcome,
        "steps": [one.action for one in steps],
        "took": found_there.took(session, now_on, stamp),
    }
    audit.record(session, stamp, "record-decision", "decision", decision_id, row.patient_id, detail)
    return Changes(DECISION_CHANGED, row.patient_id, now_on, decision_id)


def _checked(decision: NewDecision, found: Assessment, stamp: Stamp) -> tuple[DecidedStep, ...]:
    """The steps of a decision that is complete; accepting without steps means those proposed.

    A proposed day that has passed since the assessment becomes today; a day somebody chose is never moved.
    """
    one_of(decision.kind, v.DECISION_KINDS, "kind")
    if decision.kind != "accept":
        wanted(decision.reason, "reason")
    if decision.kind == "defer":
        if decision.defer_until is None:
            raise Refused("missing-field", field="defer_until")
        if decision.defer_until <= stamp.today:
            raise Refused("in-the-past", field="defer_until", day=decision.defer_until)
        not_beyond(decision.defer_until, stamp.today, DEFER_DAYS[found.urgency], "defer_until")
        return ()
    proposed = tuple(DecidedStep(one.action.value, one.due, None, one.detail) for one in found.next_steps)
    chosen = decision.steps or (proposed if decision.kind == "accept" else ())
    offered = {(one.action, one.due) for one in proposed}
    steps = tuple(
        replace(one, due=max(one.due, stamp.today)) if (one.action, one.due) in offered else one
        for one in chosen
    )
    if decision.kind != "not-appropriate" and not steps:
        raise Refused("missing-field", field="steps")
    for step in steps:
        one_of(step.action, v.STEP_ACTIONS, "action")
        if step.due < stamp.today:
            raise Refused("in-the-past", field=step.action, day=step.due)
    if decision.kind == "accept" and {one.action for one in steps} - {one.action for one in proposed}:
        raise Refused("not-proposed", field="steps")
    if len(steps) > 1 and any(one.action == Action.DISCHARGE.value for one in steps):
        raise Refused("discharge-with-other-steps", field="steps")
    return steps


def _keep(
    session: Session,
    row: m.AssessmentRow,
    seen_version: int,
    decision: NewDecision,
    steps: tuple[DecidedStep, ...],
    stamp: Stamp,
) -> int:
    """Insert the decision word for word."""
    kept = [
        {
            "action": one.action,
            "due": one.due,
            "owner_id": one.owner_id,
            "detail": plain_detail(one.detail),
        }
        for one in steps
    ]
    return add(
        session,
        m.Decision,
        assessment_id=row.id,
        assessment_version=seen_version,
        course_id=row.course_id,
        patient_id=row.patient_id,
        kind=decision.kind,
        reason=wanted(decision.reason, "reason") if decision.reason else None,
        defer_until=decision.defer_until if decision.kind == "defer" else None,
        steps=kept,
        decided_at=stamp.at,
        decided_by_id=stamp.user_id,
        to_sign=to_be_signed(session),
        **signature(session, stamp),
    )


def _look_later(
    session: Session, course: m.Course, row: m.AssessmentRow, due: date, decision_id: int, stamp: Stamp
) -> None:
    """Keep the assessment in front of its owner, on a later day; it says why it came back."""
    before = open_step(session, course)
    detail = dict(before.detail) if before is not None and before.action == "review-results" else {}
    detail["why"] = {"code": row.state, "outcome": row.outcome, "until": due}
    draft = StepDraft(
        "review-results",
        due,
        row.urgency,
        detail=detail,
        assessment_id=row.id,
        decision_id=decision_id,
    )
    if course.status in ("awaiting-labs", "to-review", "work-up", "follow-up"):
        course.status = "waiting"
    replace_step(session, course, draft, "decided", stamp)
