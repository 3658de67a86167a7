"""People under follow-up: referred, changed, ended and taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from clinical.outcome import Urgency
from clinical.protocol import Protocol
from db import audit, search_keys
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.models import vocabulary as v
from db.operations import _courses, _details, _picture
from db.operations._asked import answered_before
from db.operations._assess import RED, assess_course, keep, look, newest, says_the_same, undecided
from db.operations._details import PatientDetails
from db.operations._next import after_assessment, plan_step
from db.operations._people import end_person, resume_person
from db.operations._picture import ClinicalPicture
from db.operations._rows import (
    active_patient,
    add,
    check_seen,
    current_course,
    get,
    long_text,
    not_after,
    one_of,
    wanted,
)
from db.operations.results import NewResult, file_held, insert_new
from db.operations.roles import guarded
from db.queries.not_reached import ladder
from db.stamp import Stamp

__all__ = [
    "ClinicalPicture",
    "NewReferral",
    "PatientDetails",
    "change_details",
    "end_follow_up",
    "register_referral",
    "resume_follow_up",
    "set_conditions",
]


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral as it arrives: the person, the clinical picture, the question, the baseline results.

    `gate_answers` are safety questions answered before there is a plan, by code, such as a pregnancy denied.
    """

    details: PatientDetails
    picture: ClinicalPicture
    referred_on: date
    owner_id: int
    indication: str | None = None
    referrer_id: int | None = None
    results: tuple[NewResult, ...] = ()
    gate_answers: Mapping[str, str] = field(default_factory=dict)


PEOPLE_CHANGED = frozenset({"patients"})

ALL_OF_A_PERSON = frozenset(
    {"patients", "courses", "infusions", "steps", "letters", "work-ups", "assessments"}
)


@guarded()
def register_referral(session: Session, referral: NewReferral, stamp: Stamp, protocol: Protocol) -> Changes:
    """Register somebody with their referral, baseline results and a course waiting to be planned.

    With results the course is assessed at once; an urgent answer comes before planning. Raises `Refused`:
    missing-field, unknown-code, identifier-in-use, in-the-future, impossible-value, unusual-value and the
    other refusals of a result, owner-not-active.
    """
    not_after(referral.referred_on, stamp.today, "referred_on")
    indication = one_of(referral.indication or "other", v.INDICATIONS, "indication")
    patient_id = _details.insert_person(session, referral.details, stamp)
    _picture.write(session, patient_id, referral.picture, stamp, first=True)
    referral_id = add(
        session,
        m.Referral,
        stamp,
        patient_id=patient_id,
        referrer_id=referral.referrer_id,
        referred_on=referral.referred_on,
        indication=indication,
    )
    due = stamp.today + timedelta(days=protocol.review_days[Urgency.ROUTINE])
    step = replace(plan_step(due, Urgency.ROUTINE.value), owner_id=referral.owner_id)
    course_id = _courses.begin(session, _courses.Draft(patient_id, indication, referral_id), step, stamp)
    session.flush()
    patient, course = get(session, m.Patient, patient_id), get(session, m.Course, course_id)
    answered_before(session, course, referral.gate_answers, stamp)
    stored = insert_new(session, patient, referral.results, stamp, protocol)
    if stored or referral.picture.symptoms:
        answer = assess_course(session, course, stamp, protocol)
        after_assessment(session, course, answer, stamp, protocol)
    search_keys.refresh(session, patient_id)
    detail = {"course_id": course_id, "indication": indication, "results": stored}
    audit.record(session, stamp, "register-referral", "patient", patient_id, patient_id, detail)
    kinds = PEOPLE_CHANGED | {"courses", "results", "steps", "assessments"}
    return Changes(kinds, patient_id, course_id, patient_id)


@guarded()
def change_details(
    session: Session, patient_id: int, details: PatientDetails, seen_version: int, stamp: Stamp
) -> Changes:
    """Change identity, numbers, ways to reach, needs or allergies; what was there before stays readable.

    Raises `StaleScreen`, and `Refused`: missing-field, unknown-code, identifier-in-use.
    """
    patient = get(session, m.Patient, patient_id)
    check_seen(patient, seen_version)
    changed = _details.update_person(session, patient, details, stamp)
    search_keys.refresh(session, patient_id)
    audit.record(
        session, stamp, "change-details", "patient", patient_id, patient_id, {"fields": sorted(changed)}
    )
    return Changes(PEOPLE_CHANGED | {"steps", "letters"}, patient_id)


@guarded()
def set_conditions(
    session: Session,
    patient_id: int,
    picture: ClinicalPicture,
    seen_version: int,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Set weight, height, conditions, symptoms and pregnancy as they are today; the course is assessed again.

    Somebody is asked to look only when the answer is another one than before.
    """
    patient = active_patient(session, patient_id)
    check_seen(patient, seen_version)
    changed = _picture.write(session, patient_id, picture, stamp, first=False)
    flag_modified(patient, "status")
    session.flush()
    kinds = set(PEOPLE_CHANGED)
    course = current_course(session, patient_id)
    if course is not None and changed:
        facts, found = look(session, course, stamp, protocol)
        before = newest(session, course.id)
        silent = found.urgency not in RED if before is None else says_the_same(before, found)
        if undecided(session, course.id) or not silent:
            answer = keep(session, course, facts, found, stamp, protocol)
            after_assessment(session, course, answer, stamp, protocol)
            kinds |= {"assessments", "steps", "courses"}
    audit.record(
        session, stamp, "set-conditions", "patient", patient_id, patient_id, {"fields": sorted(changed)}
    )
    return Changes(frozenset(kinds), patient_id, course.id if course is not None else None)


def _reason(given: Mapping[str, Any]) -> str:
    """Why follow-up ends."""
    return one_of(given["reason"], [state for state in v.PATIENT_STATES if state != "active"], "reason")


@guarded(_reason)
def end_follow_up(
    session: Session,
    patient_id: int,
    reason: str,
    on: date,
    note: str | None,
    stamp: Stamp,
    seen_version: int,
) -> Changes:
    """End the follow-up of somebody who declined, did not attend, was transferred or died.

    Courses end with that reason, steps close, visits and orders are cancelled, letters not printed yet are
    pulled. `resume_follow_up` takes it up again. Somebody who could not be reached is given up by a clinician, and
    only after two tries, a letter and word to the referrer.
    Raises `Refused`: unknown-code, in-the-future, patient-not-active, not-reached-ladder (what is `missing`).
    """
    one_of(reason, [state for state in v.PATIENT_STATES if state != "active"], "reason")
    not_after(on, stamp.today, "on")
    patient = active_patient(session, patient_id)
    check_seen(patient, seen_version)
    detail: dict[str, object] = {"reason": reason, "on": on}
    if reason == "did-not-attend":
        detail["decided_as"] = _given_up_by(session, patient_id, stamp)
    if long_text(note):
        detail["note"] = long_text(note)  # the patient's row forgets it when follow-up is taken up again
    end_person(session, patient, reason, on, note, stamp)
    audit.record(session, stamp, "end-follow-up", "patient", patient_id, patient_id, detail)
    return Changes(ALL_OF_A_PERSON, patient_id)


def _given_up_by(session: Session, patient_id: int, stamp: Stamp) -> str:
    """The role that gives up, once every rung of the ladder was taken; nobody is dropped in silence."""
    role = get(session, m.User, stamp.user_id).role
    course = current_course(session, patient_id)
    missing = ladder(session, course.id).missing(role) if course is not None else ()
    if missing:
        raise Refused("not-reached-ladder", missing=missing)
    return role


@guarded()
def resume_follow_up(
    session: Session,
    patient_id: int,
    reason: str,
    stamp: Stamp,
    protocol: Protocol,
    seen_version: int,
) -> Changes:
    """Take up again what `end_follow_up` ended; results that were held meanwhile are filed and assessed.

    Raises `Refused`: missing-field, already-active.
    """
    why = wanted(reason, "reason")
    patient = get(session, m.Patient, patient_id)
    check_seen(patient, seen_version)
    if patient.status == "active":
        raise Refused("already-active")
    ended = patient.status
    course = resume_person(session, patient, stamp, protocol)
    detail: dict[str, object] = {"from": ended, "reason": why}
    filed = file_held(session, patient, stamp, protocol)
    if filed:
        detail["filed"] = filed
    audit.record(session, stamp, "resume-follow-up", "patient", patient_id, patient_id, detail)
    kinds = ALL_OF_A_PERSON | {"results"} if filed else ALL_OF_A_PERSON
    return Changes(kinds, patient_id, course.id if course is not None else None)
