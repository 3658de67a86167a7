"""Signing what was begun without a clinician: plans and decisions that stand on the list to sign."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused, StaleScreen
from db.operations._meanwhile import what_is_there
from db.operations._rows import check_seen, get
from db.operations.roles import guarded
from db.stamp import Stamp


@guarded()
def sign_plan(session: Session, course_id: int, seen_version: int, stamp: Stamp) -> Changes:
    """Sign the plan of a course as it was seen. Raises `StaleScreen`, `Refused("nothing-to-sign")`."""
    course = get(session, m.Course, course_id)
    check_seen(course, seen_version)
    if not course.to_sign or course.signed_at is not None:
        raise Refused("nothing-to-sign")
    course.signed_at, course.signed_by_id = stamp.at, stamp.user_id
    detail = {"planned_by": course.planned_by_id, "product": course.product, "planned_mg": course.planned_mg}
    audit.record(session, stamp, "sign-plan", "course", course_id, course.patient_id, detail)
    return Changes(frozenset({"courses", "decisions"}), course.patient_id, course_id)


@guarded()
def sign_decision(session: Session, decision_id: int, seen_version: int, stamp: Stamp) -> Changes:
    """Sign a decision that rests on the assessment as it was seen (`seen_version` is the assessment's).

    Raises `StaleScreen` when a result it rested on has changed since or somebody else has signed it,
    `Refused("nothing-to-sign")`.
    """
    decision = get(session, m.Decision, decision_id)
    assessment = get(session, m.AssessmentRow, decision.assessment_id)
    check_seen(assessment, seen_version)
    if assessment.state == "superseded" or decision.withdrawn_at is not None:
        raise StaleScreen("assessment-changed", state=assessment.state, **what_is_there(assessment))
    if decision.to_sign and decision.signed_at is not None:
        raise StaleScreen("changed-meanwhile", **what_is_there(decision))
    if not decision.to_sign:
        raise Refused("nothing-to-sign")
    decision.signed_at, decision.signed_by_id = stamp.at, stamp.user_id
    detail = {"decided_by": decision.decided_by_id, "kind": decision.kind}
    audit.record(session, stamp, "sign-decision", "decision", decision_id, decision.patient_id, detail)
    return Changes(frozenset({"courses", "decisions"}), decision.patient_id, decision.course_id, decision_id)
