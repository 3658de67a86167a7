"""Somebody has to look: a course is assessed with what has come in, and its answer put in front of its owner."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import models as m
from db.operations import _courses
from db.operations._assess import Stored, assess_course, newest_id, review
from db.operations._next import after_assessment
from db.operations._rows import current_course
from db.operations._steps import open_step
from db.stamp import Stamp


def course_to_look_at(session: Session, patient_id: int) -> m.Course:
    """The course under follow-up; when all have ended, the last: somebody has to look. One that was drafted by
    mistake is nobody's last.
    """
    course = current_course(session, patient_id)
    if course is not None:
        return course
    real = func.coalesce(m.Course.end_reason, "") != "entered-in-error"
    return session.scalars(
        select(m.Course)
        .where(m.Course.patient_id == patient_id, real)
        .order_by(m.Course.ordinal.desc())
        .limit(1)
    ).one()


def show(
    session: Session,
    course: m.Course,
    stamp: Stamp,
    protocol: Protocol,
    cause: str = "returned",
    **more: object,
) -> Stored:
    """Assess and put the answer in front of somebody; a course that had ended is taken up again for it.

    `cause` is what brings an answer back that was set aside: a new result, unless a value was replaced.
    """
    step = open_step(session, course)  # read once: whoever replaces it finds it in the session
    ended = _end_before(session, course, step)
    if ended is not None:
        more["ended"] = ended
    answer = assess_course(session, course, stamp, protocol)
    if course.status == "ended":
        status = "referred" if course.product is None else "to-review"
        _courses.reopen(session, course, status, review(session, answer, stamp, protocol, **more), stamp)
    else:
        cause = "result-changed" if "reopened_by" in more else cause
        after_assessment(session, course, answer, stamp, protocol, cause, **more)
    return answer


def _end_before(session: Session, course: m.Course, step: m.NextStep | None) -> dict[str, object] | None:
    """How a course had ended that is taken up again, or was and is still to be looked at; with its last answer then."""
    if course.status == "ended":
        return {**_courses.end_of(course), "answer": newest_id(session, course.id)}
    found: dict[str, object] | None = step.detail.get("ended") if step is not None else None
    return found


def overtake(session: Session, old: m.LabResult, stamp: Stamp) -> tuple[int, ...]:
    """Open again what rested on a value that no longer stands: its assessments and the letters about them.

    The ids of the assessments that saw it and were not superseded yet.
    """
    seen = m.AssessmentResult
    found: list[int] = []
    for used in session.scalars(
        select(m.AssessmentRow)
        .join(seen, seen.assessment_id == m.AssessmentRow.id)
        .where(seen.result_id == old.id, m.AssessmentRow.state != "superseded")
    ):
        used.state = "superseded"
        found.append(used.id)
        for letter in session.scalars(
            select(m.Letter).where(m.Letter.assessment_id == used.id, m.Letter.state != "void")
        ):
            letter.out_of_date_at = stamp.at
    return tuple(found)
