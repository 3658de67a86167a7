"""The parts of a patient's record as rows: courses with their infusions, results, visits, contacts."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from clinical import schedule
from clinical.protocol import Protocol
from db import models as m
from db.queries.patient_rows import ContactRow, CourseRow, InfusionRow, ResultRow, VisitRow
from db.queries.protocols import in_force

NOTHING = Decimal(0)


def courses(session: Session, patient_id: int) -> tuple[CourseRow, ...]:
    """Courses of a patient, oldest first, each with every infusion recorded for it."""
    infusions = defaultdict(list)
    i = m.Infusion
    zone = _zone(session)
    for found in session.scalars(select(i).where(i.patient_id == patient_id).order_by(i.given_on, i.id)):
        infusions[found.course_id].append(_infusion(found, zone))
    booked = _booked(session, patient_id)
    rows = session.scalars(
        select(m.Course).where(m.Course.patient_id == patient_id).order_by(m.Course.ordinal)
    )
    names = {user_id: name for user_id, name in session.execute(select(m.User.id, m.User.name)).all()}  # noqa: C416
    protocol = in_force(session)
    return tuple(
        _course(row, tuple(infusions[row.id]), booked.get(row.id), names.get(row.signed_by_id or 0), protocol)
        for row in rows
    )


def results(session: Session, patient_id: int) -> tuple[ResultRow, ...]:
    """Every value on record, oldest first, superseded ones marked; the day after the infusion before it."""
    r = m.LabResult
    given = session.scalars(
        select(m.Infusion.given_on)
        .where(m.Infusion.patient_id == patient_id, m.Infusion.state == "given")
        .order_by(m.Infusion.given_on)
    ).all()
    rows = session.execute(
        select(
            r.id,
            r.version,
            r.collected_on,
            r.analyte,
            r.comparator,
            r.value,
            r.unit,
            r.canonical_value,
            r.canonical_unit,
            m.Laboratory.name.label("laboratory"),
            r.status,
            r.superseded_by_id,
            r.reported_at,
            r.change_reason,
        )
        .outerjoin(m.Laboratory, m.Laboratory.id == r.laboratory_id)
        .where(r.patient_id == patient_id, r.value.is_not(None))
        .order_by(r.collected_on, r.analyte, r.id)
    )
    return tuple(_result(row, given) for row in rows)


def visit_rows(session: Session, wanted: Select[*tuple[Any, ...]]) -> tuple[VisitRow, ...]:
    """Rows of a select made by `visit_select`."""
    return tuple(VisitRow(*row) for row in session.execute(wanted))


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
    c = m.ContactAttempt
    rows = session.execute(
        select(
            c.id,
            c.course_id,
            c.tried_on,
            c.recorded_at,
            c.channel,
            c.outcome,
            func.nullif(c.note, ""),
            c.call_back_on,
            m.User.name,
            c.withdrawn_at.is_not(None),
        )
        .join(m.User, m.User.id == c.recorded_by_id)
        .where(c.patient_id == patient_id)
        .order_by(c.tried_on.desc(), c.id.desc())
    )
    return tuple(ContactRow(*row) for row in rows)


def _course(
    row: m.Course,
    infusions: tuple[InfusionRow, ...],
    booked: date | None,
    signed_by: str | None,
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
        signed_by=signed_by,
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


def _infusion(row: m.Infusion, zone: Any) -> InfusionRow:
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


def _zone(session: Session) -> Any:
    """The clinic's time zone; UTC in a file that is not set up yet."""
    return ZoneInfo(session.scalars(select(m.Clinic.time_zone)).one_or_none() or "UTC")


def _booked(session: Session, patient_id: int) -> dict[int, date]:
    """The day of the next laboratory visit of each course."""
    o = m.LabOrder
    rows = session.execute(
        select(o.course_id, func.min(o.booked_for))
        .where(o.patient_id == patient_id, o.state == "open")
        .group_by(o.course_id)
    )
    return {row[0]: row[1] for row in rows}


def _day_after(given: Sequence[date], collected: date) -> int | None:
    """Days since the last infusion on or before the day."""
    place = bisect_right(given, collected)
    return (collected - given[place - 1]).days if place else None
