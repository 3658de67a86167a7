"""Ending and resuming the follow-up of a person inside a write."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import models as m
from db.operations import _courses, _labs
from db.operations._assess import assess_course, undecided
from db.operations._next import after_assessment, go_on
from db.operations._rows import long_text
from db.operations._steps import StepDraft
from db.stamp import Stamp

PULLED = ("draft", "approved")
"""Letters that have not been printed yet: they are pulled when follow-up ends."""


def end_person(
    session: Session, patient: m.Patient, status: str, on: date, note: str | None, stamp: Stamp
) -> None:
    """End all that is open for a person: courses with their steps, visits and orders, checklists, letters."""
    for course in session.scalars(
        select(m.Course).where(m.Course.patient_id == patient.id, m.Course.status != "ended")
    ).all():
        _courses.end(session, course, status, on, stamp, long_text(note))
    for work_up in session.scalars(
        select(m.WorkUp).where(m.WorkUp.patient_id == patient.id, m.WorkUp.state == "open")
    ):
        work_up.state = "abandoned"
        work_up.closed_at = stamp.at
    for letter in session.scalars(
        select(m.Letter).where(m.Letter.patient_id == patient.id, m.Letter.state.in_(PULLED))
    ):
        letter.state = "void"
        letter.void_reason = status
    session.flush()
    patient.status = status
    patient.status_on = on
    patient.status_note = long_text(note)
    session.flush()


def resume_person(session: Session, patient: m.Patient, stamp: Stamp, protocol: Protocol) -> m.Course | None:
    """Take up the follow-up that was ended with the person; the course that is open then, if there was one.

    Taken back on the day it was done, planned visits that were called off with it are planned again; later they are
    not, since the day may not suit any more. Orders are booked from the last infusion.
    """
    ended = patient.status
    patient.status = "active"
    patient.status_on = None
    patient.status_note = ""
    session.flush()
    course = session.scalars(
        select(m.Course)
        .where(m.Course.patient_id == patient.id, m.Course.end_reason == ended)
        .order_by(m.Course.ordinal.desc())
        .limit(1)
    ).first()
    if course is None:
        return None
    left = select(m.WorkUp).where(
        m.WorkUp.course_id == course.id,
        m.WorkUp.state == "abandoned",
        m.WorkUp.closed_at == course.ended_at,  # with the person, not with a decision that was taken back
    )
    for work_up in session.scalars(left):
        work_up.state = "open"
        work_up.closed_at = None
    return _take_up(session, course, _plan_again(session, course, ended, stamp), stamp, protocol)


def _plan_again(session: Session, course: m.Course, ended: str, stamp: Stamp) -> bool:
    """Plan the visits again that were called off with the person, if that was today; whether there are any."""
    if course.ended_at is None or course.ended_at.date() != stamp.at.date():
        return False
    visits = session.scalars(
        select(m.Visit).where(
            m.Visit.course_id == course.id,
            m.Visit.state == "cancelled",
            m.Visit.reason == ended,
            m.Visit.planned_on >= stamp.today,
        )
    ).all()
    for visit in visits:
        visit.state, visit.reason = "planned", ""
    session.flush()
    return bool(visits)


def _take_up(session: Session, course: m.Course, planned: bool, stamp: Stamp, protocol: Protocol) -> m.Course:
    """Open the course where its record stands: a waiting assessment first, else window and step anew."""
    anchor = _labs.last_given(session, course.id)
    last = session.scalars(
        select(m.NextStep).where(m.NextStep.course_id == course.id).order_by(m.NextStep.id.desc()).limit(1)
    ).one()
    draft = StepDraft(
        last.action, last.due, last.urgency, None, last.detail, last.assessment_id, last.decision_id
    )
    status = "referred" if anchor is None else "awaiting-labs"
    if planned:
        status = "planned" if anchor is None else "in-treatment"
    _courses.reopen(session, course, status, draft, stamp)
    if undecided(session, course.id):
        stored = assess_course(session, course, stamp, protocol)
        after_assessment(session, course, stored, stamp, protocol)
        return course
    if anchor is not None and not _answered(session, course.id, anchor):
        _labs.book(session, course, _labs.repeat_labs(session, anchor, protocol), stamp, protocol)
    go_on(session, course, "resumed", stamp, protocol)
    return course


def _answered(session: Session, course_id: int, anchor: date) -> bool:
    """Whether the repeat tests after this infusion have their result already."""
    order = m.LabOrder
    found = session.scalars(
        select(order.id)
        .where(order.course_id == course_id, order.anchor_on == anchor, order.state == "resulted")
        .limit(1)
    ).first()
    return found is not None
