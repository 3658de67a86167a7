"""What is known of a course and its patient, as the rules see it: the whole record, results as received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from clinical import facts as f
from clinical.cases import plain
from db import models as m
from db.errors import NotFound
from db.questions import past_index, rows

Rows = Sequence[Any]
"""Rows of a select."""

_PRODUCT: Final = {one.value: one for one in f.Product}
_LABEL: Final = {one.value: one for one in f.Label}
_SEX: Final = {one.value: one for one in f.Sex}
NOT_A_VALUE = ("cancelled", "entered-in-error")
"""States of a result that no longer says anything."""


def for_course(session: Session, course_id: int, as_of: date) -> f.Facts:
    """Everything an assessment of this course on `as_of` may look at. `NotFound` for an unknown course."""
    found = for_courses(session, [course_id], as_of)
    if course_id not in found:
        raise NotFound("course-not-found", course_id=course_id)
    return found[course_id]


def for_patient(session: Session, patient_id: int, as_of: date) -> f.Facts:
    """The same for a patient as a person: no course, every course with a product before it."""
    people = _people(session, [patient_id], as_of)
    if patient_id not in people:
        raise NotFound("patient-not-found", patient_id=patient_id)
    known = _Known(session, [patient_id], as_of)
    return known.facts(patient_id, people[patient_id], None)


def for_courses(session: Session, course_ids: Sequence[int], as_of: date) -> dict[int, f.Facts]:
    """Facts of many courses, fetched in one pass over each table."""
    courses = rows(session, _PATIENTS_OF, course_ids=course_ids)
    patient_ids = sorted({row.patient_id for row in courses})
    people = _people(session, patient_ids, as_of)
    known = _Known(session, patient_ids, as_of)
    return {row.id: known.facts(row.patient_id, people[row.patient_id], row.id) for row in courses}


class _Known:
    """What the tables say about some patients, grouped by patient."""

    def __init__(self, session: Session, patient_ids: Sequence[int], as_of: date) -> None:
        self.as_of = as_of
        self.courses = _courses(session, patient_ids)
        self.transfusions = defaultdict[int, list[f.Transfusion]](list)
        for patient_id, given_on, units in _asked(session, _TRANSFUSIONS, patient_ids):
            self.transfusions[patient_id].append(f.Transfusion(given_on, units))
        self.oral_iron = defaultdict[int, list[f.OralIron]](list)
        for patient_id, since, until, a_day in _asked(session, _ORAL_IRON, patient_ids):
            self.oral_iron[patient_id].append(f.OralIron(since, until, a_day))
        self.results = defaultdict[int, list[f.LabResult]](list)
        for _, patient_id, collected, analyte, value, unit, comparator in _results(session, patient_ids):
            one = f.LabResult(collected, analyte, _as_kept(value), unit, comparator)
            self.results[patient_id].append(one)

    def facts(self, patient_id: int, person: f.Patient, course_id: int | None) -> f.Facts:
        """The facts of one course; the course itself only once it has a product."""
        course: f.Course | None = None
        before: list[f.Course] = []
        for known_id, one in self.courses[patient_id]:
            if known_id == course_id:
                course = one
                break
            if one is not None:
                before.append(one)
        return f.Facts(
            as_of=self.as_of,
            patient=person,
            course=course,
            previous_courses=tuple(before),
            transfusions=tuple(self.transfusions.get(patient_id, ())),
            oral_iron=tuple(self.oral_iron.get(patient_id, ())),
            results=tuple(self.results.get(patient_id, ())),
        )


def _as_kept(value: Decimal) -> Decimal:
    """A value with the digits that facts keep of it, so that an answer read again has the same bytes: `<15.0` is
    written out in some of them.
    """
    text = str(value)
    return Decimal(plain(value)) if text[-1] == "0" and "." in text else value


def result_ids(session: Session, patient_id: int) -> tuple[int, ...]:
    """The results that facts about this patient hold, so that an assessment can say which it saw."""
    return tuple(row.id for row in _results(session, [patient_id]))


def is_a_value() -> tuple[ColumnElement[bool], ...]:
    """A result that facts about its patient hold: a number that stands."""
    result = m.LabResult
    return (
        past_index(result.superseded_by_id).is_(None),
        result.status.not_in(NOT_A_VALUE),
        result.value.is_not(None),
    )


def _results(session: Session, patient_ids: Sequence[int]) -> Rows:
    return _asked(session, _RESULTS, patient_ids)


def _courses(session: Session, patient_ids: Sequence[int]) -> Mapping[int, list[tuple[int, f.Course | None]]]:
    """Courses of each patient in order; None for one that has no product yet."""
    given = defaultdict[int, list[f.Infusion]](list)
    for course_id, given_on, dose_mg, reaction_grade in _asked(session, _GIVEN, patient_ids):
        given[course_id].append(f.Infusion(given_on, dose_mg, reaction_grade))
    found = defaultdict[int, list[tuple[int, f.Course | None]]](list)
    for course_id, patient_id, product, label, planned_mg, end_reason in _asked(
        session, _COURSES, patient_ids
    ):
        one = None
        if product is not None and end_reason not in ("duplicate", "entered-in-error"):
            infusions = tuple(given.get(course_id, ()))
            one = f.Course(_PRODUCT[product], _LABEL[label] if label else None, planned_mg, infusions)
        found[patient_id].append((course_id, one))
    return found


def _people(session: Session, patient_ids: Sequence[int], as_of: date) -> dict[int, f.Patient]:
    conditions = _codes(_asked(session, _CONDITIONS, patient_ids, as_of))
    symptoms = _codes(_asked(session, _SYMPTOMS, patient_ids, as_of))
    # newest weight and height on or before the day, newest statement of a pregnancy that has not ended by it
    measured = {
        (patient_id, kind): value
        for patient_id, kind, value in _asked(session, _MEASURED, patient_ids, as_of)
    }
    pregnancies = {
        patient_id: f.Pregnancy(weeks, stated_on, before_kg)
        for patient_id, weeks, stated_on, before_kg in _asked(session, _PREGNANCIES, patient_ids, as_of)
    }
    return {
        patient_id: f.Patient(
            sex=_SEX[sex],
            birth_date=birth_date,
            weight_kg=measured.get((patient_id, "weight")),
            height_cm=measured.get((patient_id, "height")),
            pregnancy=pregnancies.get(patient_id),
            conditions=frozenset(conditions.get(patient_id, ())),
            symptoms=frozenset(symptoms.get(patient_id, ())),
        )
        for patient_id, sex, birth_date in _asked(session, _PEOPLE, patient_ids)
    }


def _codes(held: Rows) -> dict[int, set[str]]:
    found = defaultdict[int, set[str]](set)
    for patient_id, code in held:
        found[patient_id].add(code)
    return found


def _asked(
    session: Session,
    question: Select[*tuple[Any, ...]],
    patient_ids: Sequence[int],
    as_of: date | None = None,
) -> Rows:
    """The rows about these patients. The questions below are made once: making them costs more than asking."""
    given = {"patient_ids": patient_ids} if as_of is None else {"patient_ids": patient_ids, "as_of": as_of}
    return rows(session, question, **given)


_OF: Final = bindparam("patient_ids", expanding=True, type_=Integer)
_AS_OF: Final = bindparam("as_of", type_=Date)


def _holding(table: type[m.Condition] | type[m.Symptom]) -> Select[int, str]:
    """Codes that hold on the day: begun, and not ended before or on it."""
    return select(table.patient_id, table.code).where(
        table.patient_id.in_(_OF),
        or_(table.since.is_(None), table.since <= _AS_OF),
        or_(table.until.is_(None), table.until > _AS_OF),
    )


_PATIENTS_OF: Final = (
    select(m.Course.id, m.Course.patient_id)
    .where(m.Course.id.in_(bindparam("course_ids", expanding=True)))
    .order_by(m.Course.id)
)
_PEOPLE: Final = select(m.Patient.id, m.Patient.sex, m.Patient.birth_date).where(m.Patient.id.in_(_OF))
_CONDITIONS: Final = _holding(m.Condition)
_SYMPTOMS: Final = _holding(m.Symptom)
_MEASURED: Final = (
    select(m.Measurement.patient_id, m.Measurement.kind, m.Measurement.value)
    .where(
        m.Measurement.patient_id.in_(_OF),
        m.Measurement.withdrawn_at.is_(None),
        m.Measurement.measured_on <= _AS_OF,
    )
    .order_by(m.Measurement.measured_on, m.Measurement.id)
)
_PREGNANCIES: Final = (
    select(
        m.Pregnancy.patient_id, m.Pregnancy.weeks, m.Pregnancy.stated_on, m.Pregnancy.pre_pregnancy_weight_kg
    )
    .where(
        m.Pregnancy.patient_id.in_(_OF), or_(m.Pregnancy.ended_on.is_(None), m.Pregnancy.ended_on > _AS_OF)
    )
    .order_by(m.Pregnancy.stated_on, m.Pregnancy.id)
)
_TRANSFUSIONS: Final = (
    select(m.Transfusion.patient_id, m.Transfusion.given_on, m.Transfusion.units)
    .where(m.Transfusion.patient_id.in_(_OF), m.Transfusion.withdrawn_at.is_(None))
    .order_by(m.Transfusion.given_on, m.Transfusion.id)
)
_ORAL_IRON: Final = (
    select(m.OralIron.patient_id, m.OralIron.since, m.OralIron.until, m.OralIron.elemental_mg_per_day)
    .where(m.OralIron.patient_id.in_(_OF), m.OralIron.withdrawn_at.is_(None))
    .order_by(m.OralIron.since, m.OralIron.id)
)
_GIVEN: Final = (
    select(m.Infusion.course_id, m.Infusion.given_on, m.Infusion.dose_mg, m.Infusion.reaction_grade)
    .where(m.Infusion.patient_id.in_(_OF), m.Infusion.state == "given")
    .order_by(m.Infusion.given_on, m.Infusion.id)
)
_COURSES: Final = (
    select(
        m.Course.id,
        m.Course.patient_id,
        m.Course.product,
        m.Course.label,
        m.Course.planned_mg,
        m.Course.end_reason,
    )
    .where(m.Course.patient_id.in_(_OF))
    .order_by(m.Course.ordinal)
)
_RESULTS: Final = (
    select(
        m.LabResult.id,
        m.LabResult.patient_id,
        m.LabResult.collected_on,
        m.LabResult.analyte,
        m.LabResult.value,
        m.LabResult.unit,
        m.LabResult.comparator,
    )
    .where(m.LabResult.patient_id.in_(_OF), *is_a_value())
    .order_by(m.LabResult.collected_on, m.LabResult.analyte, m.LabResult.id)
)
