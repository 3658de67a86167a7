"""Contact attempts with coded outcomes, and what each does to the next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from clinical.outcome import Urgency
from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import NotFound, Refused, StaleScreen
from db.models import vocabulary as v
from db.operations import _labs
from db.operations._meanwhile import what_is_there
from db.operations._people import end_person
from db.operations._rows import active_patient, add, check_seen, get, long_text, one_of, open_course
from db.operations._steps import LAB_ACTIONS, StepDraft, open_step, replace_step
from db.operations.limits import AGREED_DAYS, CALL_BACK_DAYS, not_beyond
from db.operations.roles import guarded
from db.queries.people import calendar
from db.stamp import Stamp

TRIED = ("no-answer", "number-dead", "moved", "message-left")
"""Attempts that reached nobody."""

STATUS_AFTER = {"declined": "declined", "died": "deceased"}
"""What the patient, or their family, said that ends follow-up at once."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """An attempt to reach somebody. `channel` is phone, letter, email, sms, in-person or referrer.

    `outcome`: agreed, call-back, no-answer, number-dead, moved, declined, died, letter-sent, message-left.
    A call-back wants `call_back_on`; agreed may have it (the day agreed for the tests).
    """

    outcome: str
    channel: str = "phone"
    note: str | None = None
    call_back_on: date | None = None


@guarded()
def record_contact(
    session: Session,
    course_id: int,
    contact: NewContact,
    stamp: Stamp,
    protocol: Protocol,
    seen_step: tuple[int, int],
) -> Changes:
    """Record an attempt. A step that waits for blood moves to the day to try again; a refusal or death ends
    follow-up at once, which can be undone by `resume_follow_up`.

    `seen_step` is id and version of the open step on the screen: after another attempt it is another, so that a
    call is not put down twice (`StaleScreen`).
    Raises `Refused`: course-ended, patient-not-active, unknown-code, missing-field, in-the-past, too-far-ahead.
    """
    course = open_course(session, course_id)
    patient = active_patient(session, course.patient_id)
    _check(contact, stamp)
    step = open_step(session, course)
    _check_step(step, seen_step)
    agreed = contact.outcome == "agreed" and contact.call_back_on is not None
    before = _labs.open_orders(session, course.id) if agreed else []
    booked = [[order.id, order.booked_for.isoformat()] for order in before]
    contact_id = add(
        session,
        m.ContactAttempt,
        stamp,
        patient_id=course.patient_id,
        course_id=course.id,
        step_id=step.id if step is not None else None,
        tried_on=stamp.today,
        channel=contact.channel,
        outcome=contact.outcome,
        call_back_on=contact.call_back_on,
        note=long_text(contact.note),
    )
    kinds = {"contacts", "steps"}
    if contact.outcome in STATUS_AFTER:
        end_person(session, patient, STATUS_AFTER[contact.outcome], stamp.today, contact.note, stamp)
        kinds |= {"patients", "courses", "letters", "infusions"}
    elif step is not None:
        flag_modified(step, "due")  # raises its version: a screen of before this attempt is out of date
        if step.action in LAB_ACTIONS:
            _chase(session, course, step, contact, stamp, protocol)
    detail: dict[str, object] = {"outcome": contact.outcome, "channel": contact.channel}
    if booked:
        detail["booked_before"] = booked
    audit.record(session, stamp, "record-contact", "contact_attempt", contact_id, course.patient_id, detail)
    return Changes(frozenset(kinds), course.patient_id, course.id, contact_id)


@guarded()
def withdraw_contact(
    session: Session, course_id: int, contact_id: int, stamp: Stamp, seen_step: tuple[int, int]
) -> Changes:
    """Take back an attempt that was logged by mistake, on the day it was logged. It stays on record as taken back,
    counts for nothing, and the step it moved stands as it stood before, unless something else moved it since.

    `seen_step` is id and version of the open step on the screen. Follow-up that the call ended is taken up again by
    `resume_follow_up` first. Raises `NotFound`, `StaleScreen`, `Refused`: contact-withdrawn (already),
    contact-not-today, course-ended, patient-not-active.
    """
    attempt = get(session, m.ContactAttempt, contact_id)
    if attempt.course_id != course_id:
        raise NotFound("contact-attempt-not-found", id=contact_id)
    if attempt.withdrawn_at is not None:
        raise Refused("contact-withdrawn")
    if attempt.tried_on != stamp.today:
        raise Refused("contact-not-today", day=attempt.tried_on)
    course = open_course(session, course_id)
    active_patient(session, course.patient_id)
    step = open_step(session, course)
    _check_step(step, seen_step)
    attempt.withdrawn_at, attempt.withdrawn_by_id = stamp.at, stamp.user_id
    if step is not None:
        _step_before(session, course, attempt, step, stamp)
    detail = {"outcome": attempt.outcome, "channel": attempt.channel}
    audit.record(session, stamp, "withdraw-contact", "contact_attempt", contact_id, course.patient_id, detail)
    return Changes(frozenset({"contacts", "steps"}), course.patient_id, course.id, contact_id)


def _step_before(
    session: Session, course: m.Course, attempt: m.ContactAttempt, step: m.NextStep, stamp: Stamp
) -> None:
    """Open the step again that the attempt closed, where its successor still stands; the tests it moved with it."""
    before = None if attempt.step_id is None else get(session, m.NextStep, attempt.step_id)
    flag_modified(step, "due")  # a screen of before is out of date in any case
    if before is None or before.closed_at != attempt.recorded_at:
        return
    since = session.scalars(
        select(m.NextStep.id).where(m.NextStep.course_id == course.id, m.NextStep.id > before.id)
    ).all()
    if list(since) != [step.id]:
        return
    draft = StepDraft(
        before.action, before.due, before.urgency, step.owner_id, before.detail, before.assessment_id,
        before.decision_id,
    )  # fmt: skip
    replace_step(session, course, draft, "contact-withdrawn", stamp)
    told = session.scalars(
        select(m.AuditRow.detail).where(
            m.AuditRow.entity == "contact_attempt", m.AuditRow.entity_id == attempt.id,
            m.AuditRow.action == "record-contact", m.AuditRow.patient_id == course.patient_id,
        )
    ).one()  # fmt: skip
    booked = told.get("booked_before", ())
    for order in _labs.open_orders(session, course.id):
        days = [day for order_id, day in booked if order_id == order.id]
        if days and order.booked_for == attempt.call_back_on:
            order.booked_for = date.fromisoformat(days[0])


def _check_step(step: m.NextStep | None, seen: tuple[int, int]) -> None:
    """Refuse an attempt that was typed on a screen of before another one."""
    if step is None:
        return
    step_id, version = seen
    if step.id != step_id:
        raise StaleScreen("changed-meanwhile", seen=step_id, now=step.id, **what_is_there(step))
    check_seen(step, version)


def _check(contact: NewContact, stamp: Stamp) -> None:
    one_of(contact.outcome, v.CONTACT_OUTCOMES, "outcome")
    one_of(contact.channel, v.CHANNELS, "channel")
    if contact.outcome == "call-back" and contact.call_back_on is None:
        raise Refused("missing-field", field="call_back_on")
    if contact.call_back_on is not None and contact.call_back_on < stamp.today:
        raise Refused("in-the-past", field="call_back_on", day=contact.call_back_on)
    if contact.call_back_on is not None:
        days = AGREED_DAYS if contact.outcome == "agreed" else CALL_BACK_DAYS
        not_beyond(contact.call_back_on, stamp.today, days, "call_back_on")


def _chase(
    session: Session,
    course: m.Course,
    step: m.NextStep,
    contact: NewContact,
    stamp: Stamp,
    protocol: Protocol,
) -> None:
    """The next try: on the day agreed, the day to call back, or after the days of the protocol.

    A step that is not due yet stays where it is unless a day was agreed.
    """
    due = contact.call_back_on or _again_on(session, contact, stamp, protocol)
    if contact.outcome == "agreed" and contact.call_back_on is not None:
        _rebook(session, course, contact.call_back_on)
    if contact.call_back_on is None and step.due > stamp.today:
        return
    attempts = _attempts(session, course.id)
    why = {"code": "chase", "attempts": attempts, "last": contact.outcome}
    detail = {**step.detail, "why": why}
    action = step.action if contact.outcome == "agreed" else "chase-labs"
    draft = StepDraft(
        action, due, Urgency.SOON.value, step.owner_id, detail, step.assessment_id, step.decision_id
    )
    replace_step(session, course, draft, f"contact-{contact.outcome}", stamp)


def _again_on(session: Session, contact: NewContact, stamp: Stamp, protocol: Protocol) -> date:
    """When to try again: later after a letter than after a call, on a day the clinic is open."""
    name = "chase.letter_days" if contact.outcome == "letter-sent" else "chase.again_days"
    days = protocol.whole(name)
    due = stamp.today + timedelta(days=days)
    open_days = calendar(session, due, due + timedelta(days=days))
    for more in range(days + 1):
        day = due + timedelta(days=more)
        if day.weekday() in open_days.open_weekdays and day not in open_days.closed:
            return day
    return due


def _rebook(session: Session, course: m.Course, day: date) -> None:
    """The day agreed with the patient is the day of the order."""
    for order in _labs.open_orders(session, course.id):
        order.booked_for = day


def _attempts(session: Session, course_id: int) -> int:
    """Attempts that reached nobody so far."""
    session.flush()
    return len(
        session.scalars(
            select(m.ContactAttempt.id).where(
                m.ContactAttempt.course_id == course_id,
                m.ContactAttempt.outcome.in_(TRIED),
                m.ContactAttempt.withdrawn_at.is_(None),
            )
        ).all()
    )
