"""What is known of a course and its patient, as the rules see it: the whole record, results as received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from clinical import facts as f
from db import models as m
from db.errors import NotFound

Rows = Sequence[Any]
"""Rows of a select, read by name."""

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
    rows = session.execute(
        select(m.Course.id, m.Course.patient_id).where(m.Course.id.in_(course_ids)).order_by(m.Course.id)
    ).all()
    patient_ids = sorted({row.patient_id for row in rows})
    people = _people(session, patient_ids, as_of)
    known = _Known(session, patient_ids, as_of)
    return {row.id: known.facts(row.patient_id, people[row.patient_id], row.id) for row in rows}


class _Known:
    """What the tables say about some patients, grouped by patient."""

    def __init__(self, session: Session, patient_ids: Sequence[int], as_of: date) -> None:
        self.as_of = as_of
        self.courses = _courses(session, patient_ids)
        self.transfusions = _grouped(
            session.execute(
                select(m.Transfusion.patient_id, m.Transfusion.given_on, m.Transfusion.units)
                .where(m.Transfusion.patient_id.in_(patient_ids), m.Transfusion.withdrawn_at.is_(None))
                .order_by(m.Transfusion.given_on, m.Transfusion.id)
            ).all()
        )
        oral = m.OralIron
        self.oral_iron = _grouped(
            session.execute(
                select(oral.patient_id, oral.since, oral.until, oral.elemental_mg_per_day)
                .where(oral.patient_id.in_(patient_ids), oral.withdrawn_at.is_(None))
                .order_by(oral.since, oral.id)
            ).all()
        )
        self.results = _grouped(_results(session, patient_ids))

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
            transfusions=tuple(
                f.Transfusion(row.given_on, row.units) for row in self.transfusions[patient_id]
            ),
            oral_iron=tuple(
                f.OralIron(row.since, row.until, row.elemental_mg_per_day)
                for row in self.oral_iron[patient_id]
            ),
            results=tuple(
                f.LabResult(row.collected_on, row.analyte, row.value, row.unit, row.comparator)
                for row in self.results[patient_id]
            ),
        )


def result_ids(session: Session, patient_id: int) -> tuple[int, ...]:
    """The results that facts about this patient hold, so that an assessment can say which it saw."""
    return tuple(row.id for row in _results(session, [patient_id]))


def is_a_value() -> tuple[ColumnElement[bool], ...]:
    """A result that facts about its patient hold: a number that stands."""
    result = m.LabResult
    return (
        result.superseded_by_id.is_(None),
        result.status.not_in(NOT_A_VALUE),
        result.value.is_not(None),
    )


def _results(session: Session, patient_ids: Sequence[int]) -> Rows:
    result = m.LabResult
    return session.execute(
        select(
            result.id,
            result.patient_id,
            result.collected_on,
            result.analyte,
            result.value,
            result.unit,
            result.comparator,
        )
        .where(result.patient_id.in_(patient_ids), *is_a_value())
        .order_by(result.collected_on, result.analyte, result.id)
    ).all()


def _courses(session: Session, patient_ids: Sequence[int]) -> Mapping[int, list[tuple[int, f.Course | None]]]:
    """Courses of each patient in order; None for one that has no product yet."""
    infusion, course = m.Infusion, m.Course
    given = defaultdict(list)
    for dose in session.execute(
        select(infusion.course_id, infusion.given_on, infusion.dose_mg, infusion.reaction_grade)
        .where(infusion.patient_id.in_(patient_ids), infusion.state == "given")
        .order_by(infusion.given_on, infusion.id)
    ):
        given[dose.course_id].append(f.Infusion(dose.given_on, dose.dose_mg, dose.reaction_grade))
    found: dict[int, list[tuple[int, f.Course | None]]] = defaultdict(list)
    columns = (course.id, course.patient_id, course.product, course.label, course.planned_mg)
    for row in session.execute(
        select(*columns, course.end_reason).where(course.patient_id.in_(patient_ids)).order_by(course.ordinal)
    ):
        erroneous = row.end_reason in ("duplicate", "entered-in-error")
        one = None
        if row.product is not None and not erroneous:
            label = f.Label(row.label) if row.label else None
            one = f.Course(f.Product(row.product), label, row.planned_mg, tuple(given[row.id]))
        found[row.patient_id].append((row.id, one))
    return found


def _people(session: Session, patient_ids: Sequence[int], as_of: date) -> dict[int, f.Patient]:
    conditions = _codes(session, m.Condition, patient_ids, as_of)
    symptoms = _codes(session, m.Symptom, patient_ids, as_of)
    measured = _measurements(session, patient_ids, as_of)
    pregnancies = _pregnancies(session, patient_ids, as_of)
    rows = session.execute(
        select(m.Patient.id, m.Patient.sex, m.Patient.birth_date).where(m.Patient.id.in_(patient_ids))
    )
    return {
        row.id: f.Patient(
            sex=f.Sex(row.sex),
            birth_date=row.birth_date,
            weight_kg=measured.get((row.id, "weight")),
            height_cm=measured.get((row.id, "height")),
            pregnancy=pregnancies.get(row.id),
            conditions=frozenset(conditions[row.id]),
            symptoms=frozenset(symptoms[row.id]),
        )
        for row in rows
    }


def _codes(
    session: Session, table: type[m.Condition] | type[m.Symptom], patient_ids: Sequence[int], as_of: date
) -> Mapping[int, set[str]]:
    """Codes that hold on the day: begun, and not ended before or on it."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in session.execute(
        select(table.patient_id, table.code).where(
            table.patient_id.in_(patient_ids),
            or_(table.since.is_(None), table.since <= as_of),
            or_(table.until.is_(None), table.until > as_of),
        )
    ):
        found[row.patient_id].add(row.code)
    return found


def _measurements(
    session: Session, patient_ids: Sequence[int], as_of: date
) -> dict[tuple[int, str], Decimal]:
    """Newest weight and height of each patient on or before the day."""
    measure = m.Measurement
    rows = session.execute(
        select(measure.patient_id, measure.kind, measure.value)
        .where(
            measure.patient_id.in_(patient_ids),
            measure.withdrawn_at.is_(None),
            measure.measured_on <= as_of,
        )
        .order_by(measure.measured_on, measure.id)
    )
    return {(row.patient_id, row.kind): row.value for row in rows}


def _pregnancies(session: Session, patient_ids: Sequence[int], as_of: date) -> dict[int, f.Pregnancy]:
    """The newest statement of a pregnancy that has not ended by the day."""
    table = m.Pregnancy
    rows = session.execute(
        select(table.patient_id, table.weeks, table.stated_on, table.pre_pregnancy_weight_kg)
        .where(
            table.patient_id.in_(patient_ids),
            or_(table.ended_on.is_(None), table.ended_on > as_of),
        )
        .order_by(table.stated_on, table.id)
    )
    return {
        row.patient_id: f.Pregnancy(row.weeks, row.stated_on, row.pre_pregnancy_weight_kg) for row in rows
    }


def _grouped(rows: Rows) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(row)
    return found
