"""Laboratory results: stored once, assessed at once, corrected by superseding, never overwritten."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.operations import _labs
from db.operations._incoming import look
from db.operations._looking import course_to_look_at, overtake, show
from db.operations._received import file_received
from db.operations._results import NewResult, checked_values, hold, insert_new
from db.operations._results import file_held as file_rows
from db.operations._rows import (
    active_patient,
    add,
    check_seen,
    get,
    wanted,
)
from db.operations.roles import guarded
from db.stamp import Stamp

__all__ = [
    "NewResult",
    "correct_result",
    "insert_new",
    "reject_held_result",
    "store_results",
    "withdraw_result",
]

RESULTS_CHANGED = frozenset({"results", "assessments", "steps", "courses"})


@guarded()
def store_results(
    session: Session, patient_id: int, results: Sequence[NewResult], stamp: Stamp, protocol: Protocol
) -> Changes:
    """Store values of one patient, assess the course under follow-up, put the answer in front of its owner.

    A value that is on record already is left alone; when all are, nothing changes at all. Raises `Refused`:
    impossible-value, unusual-value (until confirmed), unknown-analyte, unknown-unit, in-the-future,
    before-birth. Values of somebody who is no longer followed up are never refused for that: they are held with an
    owner and a day, and filed when follow-up is taken up again.
    """
    patient = get(session, m.Patient, patient_id)
    if patient.status != "active":
        return _hold(session, patient, results, stamp, protocol)
    stored = insert_new(session, patient, results, stamp, protocol)
    if not stored:
        return Changes(frozenset(), patient_id)
    course = course_to_look_at(session, patient_id)
    _labs.settle_orders(session, course.id, stamp)
    answer = show(session, course, stamp, protocol)
    detail = {"results": stored, "assessment_id": answer.id, "outcome": answer.assessment.outcome.value}
    audit.record(session, stamp, "store-results", "patient", patient_id, patient_id, detail)
    return Changes(RESULTS_CHANGED, patient_id, course.id, stored[0])


@guarded()
def correct_result(
    session: Session,
    result_id: int,
    new: NewResult,
    reason: str,
    stamp: Stamp,
    protocol: Protocol,
    seen_version: int,
) -> Changes:
    """Put a corrected value in the place of one, which stays readable; what used it is looked at again.

    Raises `Refused` as `store_results` does, and missing-field without a reason, nothing-changed,
    already-superseded.
    """
    why = wanted(reason, "reason")
    old = _current(session, result_id, seen_version)
    patient = active_patient(session, old.patient_id)
    values = checked_values(patient.birth_date, new, stamp, protocol)
    kept = ("collected_on", "analyte", "comparator", "canonical_value", "canonical_unit")
    if all(getattr(old, name) == values[name] for name in kept):
        raise Refused("nothing-changed")
    values |= {"status": "corrected", "lab_order_id": old.lab_order_id}
    corrected = add(session, m.LabResult, stamp, patient_id=patient.id, **values)
    old.superseded_by_id = corrected
    old.change_reason = why
    old.changed_at = stamp.at
    detail = {"superseded": result_id, "by": corrected, "reason": why}
    return _look_again(session, old, "correct-result", corrected, detail, stamp, protocol)


@guarded()
def withdraw_result(
    session: Session,
    result_id: int,
    reason: str,
    stamp: Stamp,
    protocol: Protocol,
    seen_version: int,
) -> Changes:
    """Mark a value as entered in error; it stays readable, and what used it is looked at again."""
    why = wanted(reason, "reason")
    old = _current(session, result_id, seen_version)
    active_patient(session, old.patient_id)
    old.status = "entered-in-error"
    old.change_reason = why
    old.changed_at = stamp.at
    return _look_again(session, old, "withdraw-result", result_id, {"reason": why}, stamp, protocol)


def _hold(
    session: Session, patient: m.Patient, results: Sequence[NewResult], stamp: Stamp, protocol: Protocol
) -> Changes:
    """Hold the values of somebody who declined, was transferred, died or was not reached."""
    held = hold(session, patient, results, stamp, protocol)
    if not held:
        return Changes(frozenset(), patient.id)
    detail = {"held": held, "status": patient.status}
    audit.record(session, stamp, "hold-results", "held_result", held[0], patient.id, detail)
    return Changes(frozenset({"results"}), patient.id, created_id=held[0])


@guarded()
def reject_held_result(
    session: Session, held_id: int, reason: str, seen_version: int, stamp: Stamp
) -> Changes:
    """Say that a held result was looked at and goes into no record, and why; it stays readable.

    Raises `StaleScreen`, `Refused`: missing-field, already-superseded (filed or rejected before).
    """
    why = wanted(reason, "reason")
    found = get(session, m.HeldResult, held_id)
    check_seen(found, seen_version)
    if found.state != "held":
        raise Refused("already-superseded", held_id=held_id)
    found.state, found.closed_reason, found.closed_at = "rejected", why, stamp.at
    audit.record(
        session, stamp, "reject-held-result", "held_result", held_id, found.patient_id, {"reason": why}
    )
    return Changes(frozenset({"results"}), found.patient_id, created_id=held_id)


def file_held(session: Session, patient: m.Patient, stamp: Stamp, protocol: Protocol) -> list[int]:
    """File what was held for somebody whose follow-up is taken up again, and have somebody look at it."""
    received = file_received(session, patient, stamp, protocol)
    received.stored += file_rows(session, patient, stamp, protocol)
    received.to_look = received.to_look or bool(received.stored)
    look(session, patient.id, received, stamp, protocol)
    return received.stored


def _current(session: Session, result_id: int, seen_version: int) -> m.LabResult:
    """A result that still stands; one that was corrected or withdrawn is refused."""
    found = get(session, m.LabResult, result_id)
    check_seen(found, seen_version)
    if found.superseded_by_id is not None or found.status in ("cancelled", "entered-in-error"):
        raise Refused("already-superseded", result_id=result_id)
    return found


def _look_again(
    session: Session,
    old: m.LabResult,
    action: str,
    created_id: int,
    detail: dict[str, object],
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Reopen what rested on a value that changed: every assessment that saw it gives way to a new one."""
    session.flush()
    overtake(session, old, stamp)
    course = course_to_look_at(session, old.patient_id)
    show(session, course, stamp, protocol, reopened_by=old.analyte)
    if old.lab_order_id is not None:
        _labs.look_for_answer(session, old.lab_order_id)
    audit.record(session, stamp, action, "lab_result", created_id, old.patient_id, detail)
    return Changes(RESULTS_CHANGED | {"letters"}, old.patient_id, course.id, created_id)
