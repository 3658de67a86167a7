"""Laboratory results: stored once, assessed at once, corrected by superseding, never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import quantities
from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.models import vocabulary as v
from db.operations import _courses, _labs
from db.operations._assess import Stored, assess_course, review
from db.operations._next import after_assessment
from db.operations._rows import active_patient, add, current_course, get, not_after, one_of, optional, wanted
from db.operations.roles import guarded
from db.stamp import Stamp


@dataclass(frozen=True, slots=True)
class NewResult:
    """A value as the laboratory gave it, with its unit. `comparator` is `<`, `>` or None.

    `confirmed` says that a person looked at an unusual value and means it. `status` is final or preliminary.
    """

    collected: date
    analyte: str
    value: Decimal
    unit: str
    comparator: str | None = None
    laboratory: str | None = None
    confirmed: bool = False
    status: str = "final"
    reported_at: datetime | None = None


RESULTS_CHANGED = frozenset({"results", "assessments", "steps", "courses"})


@guarded()
def store_results(
    session: Session, patient_id: int, results: Sequence[NewResult], stamp: Stamp, protocol: Protocol
) -> Changes:
    """Store values of one patient, assess the course under follow-up, put the answer in front of its owner.

    A value that is on record already is left alone; when all are, nothing changes at all. Raises `Refused`:
    impossible-value, unusual-value (until confirmed), unknown-analyte, unknown-unit, in-the-future,
    before-birth, patient-not-active.
    """
    patient = active_patient(session, patient_id)
    stored = insert_new(session, patient, results, stamp, protocol)
    if not stored:
        return Changes(frozenset(), patient_id)
    course = _course_to_look_at(session, patient_id)
    _labs.settle_orders(session, course.id, stamp)
    answer = _show(session, course, stamp, protocol)
    detail = {"results": stored, "assessment_id": answer.id, "outcome": answer.assessment.outcome.value}
    audit.record(session, stamp, "store-results", "patient", patient_id, patient_id, detail)
    return Changes(RESULTS_CHANGED, patient_id, course.id, stored[0])


@guarded()
def correct_result(
    session: Session, result_id: int, new: NewResult, reason: str, stamp: Stamp, protocol: Protocol
) -> Changes:
    """Put a corrected value in the place of one, which stays readable; what used it is looked at again.

    Raises `Refused` as `store_results` does, and missing-field without a reason, nothing-changed,
    already-superseded.
    """
    why = wanted(reason, "reason")
    old = _current(session, result_id)
    patient = active_patient(session, old.patient_id)
    values = _values(patient, new, stamp, protocol)
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
    session: Session, result_id: int, reason: str, stamp: Stamp, protocol: Protocol
) -> Changes:
    """Mark a value as entered in error; it stays readable, and what used it is looked at again."""
    why = wanted(reason, "reason")
    old = _current(session, result_id)
    active_patient(session, old.patient_id)
    old.status = "entered-in-error"
    old.change_reason = why
    old.changed_at = stamp.at
    return _look_again(session, old, "withdraw-result", result_id, {"reason": why}, stamp, protocol)


def insert_new(
    session: Session, patient: m.Patient, results: Sequence[NewResult], stamp: Stamp, protocol: Protocol
) -> list[int]:
    """Check all values, then insert those not on record yet; the ids inserted. A refusal writes nothing."""
    checked = [_values(patient, new, stamp, protocol) for new in results]
    known = _on_record(session, patient.id)
    stored: list[int] = []
    for new, values in zip(results, checked, strict=True):
        key = _key(values)
        if key in known:
            continue
        known.add(key)
        laboratory_id = _laboratory(session, new.laboratory)
        stored.append(
            add(session, m.LabResult, stamp, patient_id=patient.id, laboratory_id=laboratory_id, **values)
        )
    return stored


def _values(patient: m.Patient, new: NewResult, stamp: Stamp, protocol: Protocol) -> dict[str, object]:
    """The columns of a value that is fit to be stored; a refusal names the field and the reason."""
    not_after(new.collected, stamp.today, "collected")
    if patient.birth_date is not None and new.collected < patient.birth_date:
        raise Refused("before-birth", field="collected", day=new.collected)
    if new.comparator not in (None, "<", ">"):
        raise Refused("unknown-code", field="comparator", value=new.comparator, known=("<", ">"))
    one_of(new.status, ("final", "preliminary"), "status")
    unit = wanted(new.unit, "unit")
    found = _canonical(new, unit, protocol)
    return {
        "collected_on": new.collected,
        "analyte": new.analyte,
        "comparator": new.comparator,
        "value": new.value,
        "unit": unit,
        "canonical_value": found.value,
        "canonical_unit": found.unit,
        "reported_at": new.reported_at,
        "status": new.status,
        "confirmed": new.confirmed,
    }


def _canonical(new: NewResult, unit: str, protocol: Protocol) -> quantities.Quantity:
    """The value in its canonical unit, believed or refused; nothing is converted on a guess."""
    if new.analyte not in v.ANALYTES:
        raise Refused("unknown-analyte", field="analyte", value=optional(new.analyte)[:40])
    if not new.value.is_finite():
        raise Refused("impossible-value", field=new.analyte, value=str(new.value), unit=unit)
    try:
        found = quantities.quantity(new.analyte, new.value, unit, protocol)
    except quantities.UnknownUnitError as error:
        raise Refused("unknown-unit", field=new.analyte, unit=unit, accepted=error.accepted) from None
    held = quantities.plausibility(new.analyte, found.value, protocol, found.unit)
    told = {"field": new.analyte, "value": new.value, "unit": unit, "limits_unit": held.unit}
    if held.level is quantities.Level.REJECT:
        raise Refused("impossible-value", **told, low=held.hard[0], high=held.hard[1])
    if held.level is quantities.Level.CONFIRM and not new.confirmed:
        meant = tuple(
            (one.kind, one.value, one.unit)
            for one in quantities.suggestions(new.analyte, new.value, unit, protocol)
        )
        raise Refused("unusual-value", **told, low=held.soft[0], high=held.soft[1], suggestions=meant)
    return found


def _on_record(session: Session, patient_id: int) -> set[tuple[object, ...]]:
    """What each standing value of the patient says, for telling the same result from a new one."""
    r = m.LabResult
    rows = session.execute(
        select(r.collected_on, r.analyte, r.comparator, r.canonical_value, r.canonical_unit, r.value).where(
            r.patient_id == patient_id,
            r.superseded_by_id.is_(None),
            r.status.not_in(("cancelled", "entered-in-error")),
        )
    ).mappings()
    return {_key(dict(row)) for row in rows}


def _key(values: dict[str, object]) -> tuple[object, ...]:
    names = ("collected_on", "analyte", "comparator", "canonical_value", "canonical_unit")
    return tuple(values[name] for name in names)


def _laboratory(session: Session, name: str | None) -> int | None:
    """The laboratory of this name, put on record when it is new."""
    cleaned = optional(name)
    if not cleaned:
        return None
    known = session.scalars(select(m.Laboratory.id).where(m.Laboratory.name == cleaned)).one_or_none()
    return known if known is not None else add(session, m.Laboratory, name=cleaned)


def _current(session: Session, result_id: int) -> m.LabResult:
    """A result that still stands; one that was corrected or withdrawn is refused."""
    found = get(session, m.LabResult, result_id)
    if found.superseded_by_id is not None or found.status in ("cancelled", "entered-in-error"):
        raise Refused("already-superseded", result_id=result_id)
    return found


def _course_to_look_at(session: Session, patient_id: int) -> m.Course:
    """The course under follow-up; when all have ended, the last: somebody has to look."""
    course = current_course(session, patient_id)
    if course is not None:
        return course
    return session.scalars(
        select(m.Course).where(m.Course.patient_id == patient_id).order_by(m.Course.ordinal.desc()).limit(1)
    ).one()


def _show(session: Session, course: m.Course, stamp: Stamp, protocol: Protocol, **more: object) -> Stored:
    """Assess and put the answer in front of somebody; a course that had ended is taken up again for it."""
    answer = assess_course(session, course, stamp, protocol)
    if course.status == "ended":
        status = "referred" if course.product is None else "to-review"
        _courses.reopen(session, course, status, review(session, answer, stamp, protocol, **more), stamp)
    else:
        after_assessment(session, course, answer, stamp, protocol, **more)
    return answer


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
    seen = m.AssessmentResult
    for used in session.scalars(
        select(m.AssessmentRow)
        .join(seen, seen.assessment_id == m.AssessmentRow.id)
        .where(seen.result_id == old.id, m.AssessmentRow.state != "superseded")
    ):
        used.state = "superseded"
        for letter in session.scalars(
            select(m.Letter).where(m.Letter.assessment_id == used.id, m.Letter.state != "void")
        ):
            letter.out_of_date_at = stamp.at
    course = _course_to_look_at(session, old.patient_id)
    _show(session, course, stamp, protocol, reopened_by=old.analyte)
    if old.lab_order_id is not None:
        _labs.look_for_answer(session, old.lab_order_id)
    audit.record(session, stamp, action, "lab_result", created_id, old.patient_id, detail)
    return Changes(RESULTS_CHANGED | {"letters"}, old.patient_id, course.id, created_id)
