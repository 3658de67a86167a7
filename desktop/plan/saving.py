"""Saving the page: referral and plan in one transaction, so that nobody is on record half planned by accident."""

from __future__ import annotations

from typing import Any

from clinical.protocol import Protocol
from db import queries
from db.changes import Changes
from db.operations.courses import CoursePlan, plan_course
from db.operations.patients import NewReferral, register_referral
from db.stamp import Stamp


def register_and_plan(
    session: Any, referral: NewReferral, plan: CoursePlan | None, stamp: Stamp, protocol: Protocol
) -> Changes:
    """Register the referral and, where there is a plan, book it; all of it or nothing."""
    changes = register_referral(session, referral, stamp, protocol)
    if plan is None or changes.patient_id is None or changes.course_id is None:
        return changes
    page = queries.patient_page(session, changes.patient_id, stamp.today)
    version = next(course.version for course in page.courses if course.course_id == changes.course_id)
    return changes | plan_course(session, changes.course_id, plan, version, stamp, protocol)
