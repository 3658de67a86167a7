"""The parts of a patient's record as rows: courses with their infusions, results, visits, contacts."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from clinical import schedule
from clinical.protocol import Protocol
from db import models as m
from db.queries.patient_rows import ContactRow, CourseRow, InfusionRow, ResultRow, VisitRow
from db.queries.protocols import in_force
from db.questions import OF, rows, value, values

NOTHING = Decimal(0)


def courses(session: Session, patient_id: int) -> tuple[CourseRow, ...]:
    """Courses of a patient, oldest first, each with every infusion recorded for it."""
    infusions = defaultdict(list)
    zone = _zone(session)
    for found in rows(session, _infusions(), patient_id=patient_id):
        infusions[found.course_id].append(_infusion(found, zone))
    booked = {row[0]: row[1] for row in rows(session, _booked(), patient_id=patient_id)}
    protocol = in_force(session)
    return tuple(
        _course(row, tuple(infusions[row.id]), booked.get(row.id), protocol)
        for row in rows(session, _courses(), patient_id=patient_id)
    )


@cache
def _infusions() -> Select[*tuple[Any, ...]]:
    i = m.Infusion
    return (
        select(
            i.id, i.course_id, i.version, i.given_on, i.dose_mg, i.batch, i.expiry, i.started_at, i.ended_at,
            i.stopped_early, i.reaction_grade, i.reaction_note, i.state,
        )
        .where(i.patient_id == OF)
        .order_by(i.given_on, i.id)
    )  # fmt: skip


@cache
def _courses() -> Select[*tuple[Any, ...]]:
    c = m.Course
    return (
        select(
            c.id, c.version, c.ordinal, c.status, c.product, c.label, c.method, c.need_mg, c.planned_mg, c.indication,
            c.end_reason, c.ended_on, c.to_sign, c.signed_at, m.User.name.label("signed_by"),
        )
        .outerjoin(m.User, m.User.id == c.signed_by_id)
        .where(c.patient_id == OF)
        .order_by(c.ordinal)
    )  # fmt: skip


@cache
def _booked() -> Select[*tuple[Any, ...]]:
    """The day of the next laboratory visit of each course."""
    o = m.LabOrder
    return (
        select(o.course_id, func.min(o.booked_for))
        .where(o.patient_id == OF, o.state == "open")
        .group_by(o.course_id)
    )


def results(session: Session, patient_id: int) -> tuple[ResultRow, ...]:
    """Every value on record, oldest first, superseded ones marked; the day after the infusion before it."""
    given = values(session, _given(), patient_id=patient_id)
    return tuple(_result(row, given) for row in rows(session, _results(), patient_id=patient_id))


@cache
def _given() -> Select[*tuple[Any, ...]]:
    i = m.Infusion
    return select(i.given_on).where(i.patient_id == OF, i.state == "given").order_by(i.given_on)


@cache
def _results() -> Select[*tuple[Any, ...]]:
    r = m.LabResult
    return (
        select(
            r.id, r.version, r.collected_on, r.analyte, r.comparator, r.value, r.unit, r.canonical_value,
            r.canonical_unit, m.Laboratory.name.label("laboratory"), r.status, r.superseded_by_id, r.reported_at,
            r.change_reason,
        )
        .outerjoin(m.Laboratory, m.Laboratory.id == r.laboratory_id)
        .where(r.patient_id == OF, r.value.is_not(None))
        .order_by(r.collected_on, r.analyte, r.id)
    )  # fmt: skip


def visit_rows(session: Session, wanted: Select[*tuple[Any, ...]]) -> tuple[VisitRow, ...]:
    """Rows of a select made by `visit_select`."""
    return tuple(VisitRow(*row) for row in rows(session, wanted))


def visit_select() -> Select[*tuple[Any, ...]]:
    """Visits with their patient and course, in the order of `VisitRow`; conditions are the caller's."""
    other = m.Visit.__table__.alias("other")
    of = (
        select(func.count())
        .select_from(other)
        .where(other.c.course_id == m.Visit.course_id, other.c.state.in_(("planned", "given")))
        .correlate(m.Visit)
        .scalar_subquery()
    )
    return (
        select(
            m.Visit.id,
            m.Visit.version,
            m.Visit.course_id,
            m.Visit.patient_id,
            m.Patient.number,
            m.Patient.surname,
            m.Patient.given,
            m.Patient.birth_date,
            m.Patient.sex,
            m.Visit.planned_on,
            m.Visit.dose_mg,
            m.Course.product,
            m.Course.label,
            m.Visit.state,
            m.Visit.ordinal,
            of.label("of"),
            m.Course.version.label("course_version"),
        )
        .join(m.Course, m.Course.id == m.Visit.course_id)
        .join(m.Patient, m.Patient.id == m.Visit.patient_id)
    )


def contacts(session: Session, patient_id: int) -> tuple[ContactRow, ...]:
    """Attempts to reach the patient, newest first, those that were taken back among them."""
    return tuple(ContactRow(*row) for row in rows(session, _contacts(), patient_id=patient_id))


@cache
def _contacts() -> Select[*tuple[Any, ...]]:
    c = m.ContactAttempt
    return (
        select(
            c.id, c.course_id, c.tried_on, c.recorded_at, c.channel, c.outcome, func.nullif(c.note, ""),
            c.call_back_on, m.User.name, c.withdrawn_at.is_not(None),
        )
        .join(m.User, m.User.id == c.recorded_by_id)
        .where(c.patient_id == OF)
        .order_by(c.tried_on.desc(), c.id.desc())
    )  # fmt: skip


def _course(
    row: Any,
    infusions: tuple[InfusionRow, ...],
    booked: date | None,
    protocol: Protocol,
) -> CourseRow:
    given = [one for one in infusions if one.state == "given"]
    last = max((one.on for one in given), default=None)
    return CourseRow(
        course_id=row.id,
        version=row.version,
        ordinal=row.ordinal,
        status=row.status,
        product=row.product,
        label=row.label,
        method=row.method,
        need_mg=row.need_mg,
        planned_mg=row.planned_mg,
        drafted_mg=row.planned_mg if row.product is None else None,
        given_mg=sum((one.dose_mg for one in given), NOTHING),
        first_infusion=min((one.on for one in given), default=None),
        last_infusion=last,
        indication=row.indication or None,
        end_reason=row.end_reason,
        ended_on=row.ended_on,
        window=schedule.window(last, protocol) if last is not None else None,
        lab_booked_for=booked,
        infusions=infusions,
        to_sign=row.to_sign and row.signed_at is None,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
    )


def _result(row: Any, given: Sequence[date]) -> ResultRow:
    return ResultRow(
        result_id=row.id,
        version=row.version,
        collected=row.collected_on,
        analyte=row.analyte,
        comparator=row.comparator,
        value=row.value,
        unit=row.unit,
        canonical=row.canonical_value,
        canonical_unit=row.canonical_unit,
        laboratory=row.laboratory,
        status=row.status,
        superseded=row.superseded_by_id is not None,
        day=_day_after(given, row.collected_on),
        reported_at=row.reported_at,
        change_reason=row.change_reason,
    )


def _infusion(row: Any, zone: Any) -> InfusionRow:
    def clock(at: Any) -> str | None:
        return at.astimezone(zone).strftime("%H:%M") if at is not None else None

    return InfusionRow(
        infusion_id=row.id,
        version=row.version,
        on=row.given_on,
        dose_mg=row.dose_mg,
        batch=row.batch or None,
        expiry=row.expiry,
        started=clock(row.started_at),
        ended=clock(row.ended_at),
        stopped_early=row.stopped_early,
        reaction_grade=row.reaction_grade,
        reaction_note=row.reaction_note or None,
        state=row.state,
    )


_TIME_ZONE: Final = select(m.Clinic.time_zone)


def _zone(session: Session) -> Any:
    """The clinic's time zone; UTC in a file that is not set up yet."""
    return ZoneInfo(value(session, _TIME_ZONE) or "UTC")


def _day_after(given: Sequence[date], collected: date) -> int | None:
    """Days since the last infusion on or before the day."""
    place = bisect_right(given, collected)
    return (collected - given[place - 1]).days if place else None
