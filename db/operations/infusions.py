"""Iron really given: recorded, corrected, cancelled; the repeat laboratory tests follow the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import audit, ids
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.operations._asked import keep_answers
from db.operations._labs import last_given
from db.operations._next import earlier_infusions_changed, infusions_changed
from db.operations._rows import (
    active_patient,
    add,
    check_seen,
    get,
    long_text,
    not_after,
    open_course,
    optional,
    wanted,
)
from db.operations._signing import plan_made
from db.operations.limits import BEFORE_REFERRAL_DAYS, DOSE_TOLERANCE, largest_dose
from db.operations.roles import guarded, to_be_signed
from db.operations.visits import cancel_visit, move_visit
from db.queries.banner import banner
from db.stamp import Stamp

__all__ = [
    "NewInfusion",
    "cancel_infusion",
    "cancel_visit",
    "correct_infusion",
    "move_visit",
    "record_infusion",
]

INFUSIONS_CHANGED = frozenset({"infusions", "courses", "steps", "assessments"})

HIGHEST_GRADE = 4
"""Grades of a reaction run from 0 (none) to 4 (life-threatening)."""


@dataclass(frozen=True, slots=True)
class NewInfusion:
    """An infusion as given. Dose in mg elemental iron; `started` and `ended` as local HH:MM; grade 0 to 4.

    `override_reason` is why it was given although a safety gate stood in the way; it is kept in the audit.
    `gate_answers` are the answers to the questions asked at the chair, by code; a question without one is kept as
    unknown.
    """

    course_id: int
    on: date
    dose_mg: Decimal
    visit_id: int | None = None
    batch: str | None = None
    expiry: date | None = None
    started: str | None = None
    ended: str | None = None
    stopped_early: bool = False
    reaction_grade: int | None = None
    reaction_note: str | None = None
    override_reason: str | None = None
    gate_answers: Mapping[str, str] = field(default_factory=dict)


def _gates(given: Mapping[str, Any]) -> str:
    """Whether it was given although a safety gate stood in the way."""
    return "gate-overridden" if given["new"].override_reason else "within-gates"


@guarded(_gates)
def record_infusion(
    session: Session, new: NewInfusion, stamp: Stamp, protocol: Protocol, seen_version: int
) -> Changes:
    """Record what was given. The repeat laboratory visit is booked from the last infusion given.

    `seen_version` is that of the visit on the screen, or of the course for an infusion without a visit: a plan that
    was changed meanwhile is told (`StaleScreen`) before anything is recorded against it.

    Raises `Refused`: course-ended, patient-not-active, not-planned, visit-not-planned, impossible-dose,
    in-the-future, before-birth, too-long-ago (years before the referral), expired, times-not-in-order,
    unknown-grade. Given although a gate stood in the way, by somebody who may not say so: the plan has then to be
    signed again.
    """
    course = open_course(session, new.course_id)
    active_patient(session, course.patient_id)
    if course.product is None:
        raise Refused("not-planned", course_id=course.id)
    check_seen(course if new.visit_id is None else get(session, m.Visit, new.visit_id), seen_version)
    visit = _visit(session, course, new.visit_id, ("planned", "did-not-attend"))
    values = fit_values(session, course, new, stamp, protocol)
    before = last_given(session, course.id)
    about = (new.visit_id, new.on, new.override_reason)
    passed_over = keep_answers(session, course, about, new.gate_answers, stamp, protocol)
    infusion_id = add(session, m.Infusion, stamp, course_id=course.id, patient_id=course.patient_id, **values)
    if visit is not None:
        visit.state = "given"
    if to_be_signed(session):
        plan_made(session, course, stamp)
    infusions_changed(session, course, before, stamp, protocol)
    detail: dict[str, object] = {"course_id": course.id, "on": new.on, "dose_mg": new.dose_mg}
    if new.override_reason:
        detail["given_although"] = new.override_reason
    if passed_over:
        detail["not_asked"] = passed_over
    audit.record(session, stamp, "record-infusion", "infusion", infusion_id, course.patient_id, detail)
    return Changes(INFUSIONS_CHANGED, course.patient_id, course.id, infusion_id)


@guarded()
def correct_infusion(
    session: Session,
    infusion_id: int,
    new: NewInfusion,
    reason: str,
    seen_version: int,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Put a corrected record in the place of one, which stays readable; the window follows the new day.

    In a course that another has followed, the course under follow-up is assessed again with it.
    """
    why = wanted(reason, "reason")
    old = _standing(session, infusion_id, seen_version)
    course = _correctable(session, old.course_id)
    active_patient(session, course.patient_id)
    if new.course_id != course.id:
        raise Refused("other-course", course_id=new.course_id)
    values = fit_values(session, course, new, stamp, protocol) | {"visit_id": old.visit_id}
    clinical = ("given_on", "dose_mg", "reaction_grade")
    moved = any(getattr(old, name) != values[name] for name in clinical)
    if not moved and all(getattr(old, name) == value for name, value in values.items()):
        raise Refused("nothing-changed")
    before = last_given(session, course.id)
    corrected = ids.reserve(session, m.Infusion.__tablename__)
    _retire(old, "superseded", why, stamp)
    old.superseded_by_id = corrected
    add(
        session,
        m.Infusion,
        stamp,
        id=corrected,
        course_id=course.id,
        patient_id=course.patient_id,
        **values,
    )
    if moved:
        _follow(session, course, before, stamp, protocol)
    detail = {"superseded": infusion_id, "on": new.on, "dose_mg": new.dose_mg, "reason": why}
    audit.record(session, stamp, "correct-infusion", "infusion", corrected, course.patient_id, detail)
    return Changes(INFUSIONS_CHANGED, course.patient_id, course.id, corrected)


@guarded()
def cancel_infusion(
    session: Session,
    infusion_id: int,
    reason: str,
    seen_version: int,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Mark an infusion as entered in error; its visit is planned again and the window goes back.

    In a course that another has followed, the visit is cancelled and the course under follow-up assessed again.
    """
    why = wanted(reason, "reason")
    old = _standing(session, infusion_id, seen_version)
    course = _correctable(session, old.course_id)
    active_patient(session, course.patient_id)
    before = last_given(session, course.id)
    _retire(old, "entered-in-error", why, stamp)
    if old.visit_id is not None:
        visit = get(session, m.Visit, old.visit_id)
        visit.state = "planned" if course.status != "ended" else "cancelled"
        visit.reason = why if course.status == "ended" else visit.reason
    _follow(session, course, before, stamp, protocol)
    detail = {"course_id": course.id, "reason": why}
    audit.record(session, stamp, "cancel-infusion", "infusion", infusion_id, course.patient_id, detail)
    return Changes(INFUSIONS_CHANGED, course.patient_id, course.id, infusion_id)


def _correctable(session: Session, course_id: int) -> m.Course:
    """The course whose record may be put right: one under follow-up, or one that another has followed."""
    course = get(session, m.Course, course_id)
    if course.status == "ended" and course.end_reason != "repeat-course":
        raise Refused("course-ended", reason=course.end_reason)
    return course


def _follow(
    session: Session, course: m.Course, anchor_before: date | None, stamp: Stamp, protocol: Protocol
) -> None:
    """What rests on the infusions of the course follows them."""
    if course.status == "ended":
        earlier_infusions_changed(session, course.patient_id, stamp, protocol)
    else:
        infusions_changed(session, course, anchor_before, stamp, protocol)


def _standing(session: Session, infusion_id: int, seen_version: int) -> m.Infusion:
    """An infusion that still counts as given, unchanged since it was seen."""
    found = get(session, m.Infusion, infusion_id)
    check_seen(found, seen_version)
    if found.state != "given":
        raise Refused("already-superseded", infusion_id=infusion_id)
    return found


def _retire(old: m.Infusion, state: str, why: str, stamp: Stamp) -> None:
    old.state = state
    old.change_reason = why
    old.changed_at = stamp.at


def _visit(
    session: Session, course: m.Course, visit_id: int | None, states: tuple[str, ...]
) -> m.Visit | None:
    """The visit the infusion belongs to: of this course, and not given or cancelled."""
    if visit_id is None:
        return None
    visit = get(session, m.Visit, visit_id)
    if visit.course_id != course.id or visit.state not in states:
        raise Refused("visit-not-planned", visit_id=visit_id, state=visit.state)
    return visit


def _check_day(session: Session, course: m.Course, on: date, today: date) -> None:
    """Refuse a day to come, before the patient was born, or years before the referral."""
    not_after(on, today, "on")
    born = get(session, m.Patient, course.patient_id).birth_date
    if born is not None and on < born:
        raise Refused("before-birth", field="on", day=on)
    if course.referral_id is None:
        return
    referred = get(session, m.Referral, course.referral_id).referred_on
    earliest = referred - timedelta(days=BEFORE_REFERRAL_DAYS)
    if on < earliest:
        raise Refused("too-long-ago", field="on", day=on, earliest=earliest)


def _check_dose(session: Session, course: m.Course, new: NewInfusion, protocol: Protocol) -> None:
    """Refuse a dose that no label comes near, for this patient's weight."""
    weight = banner(session, course.patient_id).weight_kg
    most = largest_dose(protocol, weight) * DOSE_TOLERANCE
    if not new.dose_mg.is_finite() or not 0 < new.dose_mg <= most:
        raise Refused("impossible-dose", field="dose_mg", value=str(new.dose_mg), most=most)


def fit_values(
    session: Session, course: m.Course, new: NewInfusion, stamp: Stamp, protocol: Protocol
) -> dict[str, object]:
    """The columns of an infusion that is fit to be recorded; refuses one that cannot be."""
    _check_day(session, course, new.on, stamp.today)
    _check_dose(session, course, new, protocol)
    if new.expiry is not None and new.expiry < new.on:
        raise Refused("expired", field="expiry", expiry=new.expiry, on=new.on)
    if new.reaction_grade is not None and not 0 <= new.reaction_grade <= HIGHEST_GRADE:
        raise Refused("unknown-grade", field="reaction_grade", value=new.reaction_grade)
    started, ended = (_instant(session, new.on, text, name) for text, name in _times(new))
    if started is not None and ended is not None and ended < started:
        raise Refused("times-not-in-order", field="ended", started=new.started, ended=new.ended)
    return {
        "visit_id": new.visit_id,
        "given_on": new.on,
        "dose_mg": new.dose_mg,
        "batch": optional(new.batch),
        "expiry": new.expiry,
        "started_at": started,
        "ended_at": ended,
        "stopped_early": new.stopped_early,
        "reaction_grade": new.reaction_grade,
        "reaction_note": long_text(new.reaction_note),
    }


def _times(new: NewInfusion) -> tuple[tuple[str | None, str], ...]:
    return (new.started, "started"), (new.ended, "ended")


def _instant(session: Session, on: date, text: str | None, field: str) -> datetime | None:
    """A local time of the day as an instant, by the clinic's time zone."""
    if not text:
        return None
    try:
        local = time.fromisoformat(text.strip())
    except ValueError:
        raise Refused("not-a-time", field=field, value=text[:10]) from None
    zone = ZoneInfo(session.scalars(select(m.Clinic.time_zone)).one())
    return datetime.combine(on, local, zone).astimezone(UTC)
