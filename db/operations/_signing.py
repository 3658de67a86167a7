"""Signatures inside a write: what stands unsigned until a clinician signs it, and what is signed by being done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from db import models as m
from db.operations.roles import signs, to_be_signed
from db.stamp import Stamp


def signature(session: Session, stamp: Stamp) -> dict[str, Any]:
    """The columns of a signature when whoever acts signs by doing it; none otherwise."""
    if not signs(session):
        return {"signed_at": None, "signed_by_id": None}
    return {"signed_at": stamp.at, "signed_by_id": stamp.user_id}


def plan_made(session: Session, course: m.Course, stamp: Stamp) -> None:
    """Say who made the plan of a course and when; a signature given to the plan before does not hold for it."""
    # a signature is tied to the instant of its plan, so two plans of a course never share one
    course.planned_at = stamp.at - timedelta(microseconds=1) if course.planned_at == stamp.at else stamp.at
    course.planned_by_id = stamp.user_id
    course.to_sign = to_be_signed(session)
    for column, value in signature(session, stamp).items():
        setattr(course, column, value)
