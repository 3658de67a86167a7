"""Saving the page: referral and plan in one transaction, so that nobody is on record half planned by accident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from clinical.dosing import GANZONI
from clinical.facts import Label, Product
from clinical.protocol import Protocol
from db import queries
from db.changes import Changes
from db.operations.courses import CoursePlan, check_course_seen, plan_course
from db.operations.earlier_iron import EarlierInfusion, record_earlier_iron
from db.operations.patients import ClinicalPicture, NewReferral, register_referral, set_conditions
from db.stamp import Stamp
from desktop.plan.outline import Outline
from desktop.wording import long_date
from desktop.wording.plain import tr


def register_and_plan(
    session: Any,
    referral: NewReferral,
    plan: CoursePlan | None,
    earlier: Sequence[EarlierInfusion],
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Register the referral, the iron given before it and, where there is a plan, its visits; all or nothing.

    Answers to the safety gate are kept once: with the plan where there is one, else with the referral.
    """
    if plan is not None:
        referral = replace(referral, gate_answers={})
    changes = register_referral(session, referral, stamp, protocol)
    if changes.patient_id is None or changes.course_id is None:
        return changes
    about = (changes.patient_id, changes.course_id)
    return _treat(session, about, changes, plan, earlier, stamp, protocol)


def _treat(
    session: Any,
    about: tuple[int, int],
    changes: Changes,
    plan: CoursePlan | None,
    earlier: Sequence[EarlierInfusion],
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Put iron given before on record and book the plan; `about` is patient id and course id."""
    patient_id, course_id = about
    if earlier:
        goes_on = plan is None or plan.product == earlier[-1].product
        version = _version(session, patient_id, course_id, stamp)
        label = plan.label if plan is not None else None
        given = record_earlier_iron(
            session, course_id, earlier, version, stamp, protocol, goes_on=goes_on, label=label
        )
        changes, course_id = changes | given, given.course_id or course_id
    if plan is None:
        return changes
    version = _version(session, patient_id, course_id, stamp)
    return changes | plan_course(session, course_id, plan, version, stamp, protocol)


def update_and_plan(
    session: Any,
    about: tuple[int, int, int],
    picture: ClinicalPicture | None,
    seen_patient: int,
    plan: CoursePlan | None,
    earlier: Sequence[EarlierInfusion],
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Set the clinical picture where it changed, iron given before, and the plan on top of it; all of it or nothing.

    `about` is patient id, course id and the course's version as seen. Raises `StaleScreen`.
    """
    patient_id, course_id, seen_version = about
    check_course_seen(session, course_id, seen_version)
    changes = Changes(frozenset(), patient_id, course_id)
    if picture is not None:
        changes = set_conditions(session, patient_id, picture, seen_patient, stamp, protocol)
    return _treat(session, (patient_id, course_id), changes, plan, earlier, stamp, protocol)


def _version(session: Any, patient_id: int, course_id: int, stamp: Stamp) -> int:
    page = queries.patient_page(session, patient_id, stamp.today)
    return next(course.version for course in page.courses if course.course_id == course_id)


def course_plan(
    made: Outline,
    product: Product,
    label: Label,
    owed_mg: Decimal | None,
    answers: Mapping[str, str],
    overrides: Mapping[str, str],
) -> CoursePlan | None:
    """The plan as it stands on the page; None without a visit.

    Only gates that are in the way keep the reason typed for them.
    """
    if not made.visits:
        return None
    blocking = {gate.code for gate in made.gates if answers.get(gate.code) == "yes"}
    return CoursePlan(
        product=product,
        label=label,
        method=made.method or GANZONI,
        need_mg=owed_mg if owed_mg is not None else made.need_mg,
        planned_mg=made.planned_mg + made.given_mg,
        visits=tuple((visit.on, visit.dose_mg) for visit in made.visits),
        gate_answers=answers,
        overrides={code: reason for code, reason in overrides.items() if code in blocking},
    )


def saved_words(made: Outline | None, *, new: bool) -> str:
    """What was saved, for the foot; `made` is the plan that was booked with it."""
    if made is None:
        return tr("Referral saved. Planning the course is the next step.")
    visits = len(made.visits)
    labs = long_date(made.lab_on) if made.lab_on is not None else ""
    if not visits:
        return tr("Saved with the iron given before, repeat bloods {day}.").format(day=labs)
    count = tr("1 visit") if visits == 1 else tr("{count} visits").format(count=visits)
    said = tr("Referral saved, {visits} booked") if new else tr("Plan saved, {visits} booked")
    bloods = tr("repeat bloods {day}").format(day=labs)
    return f"{said.format(visits=count)}, {bloods}." if labs else f"{said.format(visits=count)}."
