"""What is known of one patient for a program elsewhere: who it is, results, iron given, orders, steps, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from clinical.outcome import Assessment
from db import models as m
from db.errors import NotFound
from db.names import fold
from db.queries.people import Clinic, clinic
from db.queries.stored import read_assessment

Found = Row[Any]
STANDING: Final = ("given", "entered-in-error")


@dataclass(frozen=True, slots=True)
class ExportedResult:
    """A result that stands, or was withdrawn. `root` is the first row of its corrections, the same in every export."""

    root: int
    result_id: int
    collected_on: date
    collected_at: str | None
    reported_at: datetime | None
    analyte: str
    comparator: str | None
    value: Decimal | None
    text: str | None
    unit: str
    reference_range: str | None
    flag: str | None
    laboratory: str | None
    status: str
    code: str | None
    code_system: str | None
    order_number: str | None


@dataclass(frozen=True, slots=True)
class ExportedAssessment:
    """The newest assessment of a course, and the results it saw."""

    assessment_id: int
    course_id: int
    as_of: date
    made_at: datetime
    made_by: str
    protocol: str
    found: Assessment
    saw: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """Everything the bundle is made of. Rows have the columns of their tables; doses are mg of elemental iron."""

    clinic: Clinic
    patient: Found
    identifiers: tuple[Found, ...]
    former: tuple[Found, ...]
    phones: tuple[str, ...]
    address: tuple[str, ...]
    results: tuple[ExportedResult, ...]
    infusions: tuple[Found, ...]
    referrals: tuple[Found, ...]
    orders: tuple[Found, ...]
    asked: tuple[Found, ...]
    """Referrals of a work-up."""
    steps: tuple[Found, ...]
    assessments: tuple[ExportedAssessment, ...]


def patient_of(session: Session, number: str) -> int:
    """The patient of a clinic or hospital number, as it may be typed. `NotFound` for none, or for more than one.

    A record that was joined with another leads to the one that was kept.
    """
    key, p, i = fold(number), m.Patient, m.PatientIdentifier
    others = select(i.patient_id).where(i.value_key == key)
    rows = session.execute(
        select(p.id, p.number, p.merged_into_id).where(or_(p.id.in_(others), p.number == number))
    )
    ids = {row.merged_into_id or row.id for row in rows} if key else set()
    if len(ids) != 1:
        raise NotFound("patient-not-found", number=number)
    return int(ids.pop())


def export_facts(session: Session, patient_id: int) -> ExportFacts:
    """Read it all in one transaction. `NotFound` for an unknown patient."""
    p = m.Patient
    patient: Any = session.execute(
        select(p.id, p.number, p.surname, p.given, p.birth_date, p.sex, p.status, p.status_on, p.language, p.email)
        .where(p.id == patient_id)
    ).one_or_none()  # fmt: skip
    if patient is None:
        raise NotFound("patient-not-found", id=patient_id)
    return ExportFacts(
        clinic=clinic(session),
        patient=patient,
        identifiers=_identifiers(session, patient_id),
        former=_rows(session, m.FormerName, ("surname", "given"), patient_id),
        phones=_phones(session, patient_id),
        address=_address(session, patient_id),
        results=_results(session, patient_id),
        infusions=_infusions(session, patient_id),
        referrals=_referrals(session, patient_id),
        orders=_orders(session, patient_id),
        asked=_asked(session, patient_id),
        steps=_steps(session, patient_id),
        assessments=_assessments(session, patient_id),
    )


def _rows(session: Session, table: Any, names: Sequence[str], patient_id: int) -> tuple[Found, ...]:
    columns = [getattr(table, name) for name in names]
    return tuple(session.execute(select(*columns).where(table.patient_id == patient_id).order_by(table.id)))


def _identifiers(session: Session, patient_id: int) -> tuple[Found, ...]:
    i = m.PatientIdentifier
    query = select(i.kind, i.assigner, i.value).where(i.patient_id == patient_id, i.until.is_(None))
    return tuple(session.execute(query.order_by(i.id)))


def _phones(session: Session, patient_id: int) -> tuple[str, ...]:
    phone = m.PatientPhone
    query = select(phone.number).where(phone.patient_id == patient_id, phone.until.is_(None))
    return tuple(session.scalars(query.order_by(phone.rank, phone.id)))


def _address(session: Session, patient_id: int) -> tuple[str, ...]:
    a = m.PatientAddress
    query = (
        select(a.lines).where(a.patient_id == patient_id, a.until.is_(None)).order_by(a.id.desc()).limit(1)
    )
    return tuple(str(line) for line in session.scalars(query).first() or ())


def _results(session: Session, patient_id: int) -> tuple[ExportedResult, ...]:
    """Results that nothing has replaced, each with the first row of its chain of corrections."""
    r = m.LabResult
    rows = session.execute(
        select(
            r.id, r.collected_on, r.collected_at, r.reported_at, r.analyte, r.comparator, r.value, r.text_value,
            r.unit, r.reference_range, r.flag, m.Laboratory.name.label("laboratory"), r.status, r.code,
            r.code_system, r.order_number, r.superseded_by_id,
        )
        .outerjoin(m.Laboratory, m.Laboratory.id == r.laboratory_id)
        .where(r.patient_id == patient_id)
        .order_by(r.id)
    ).all()  # fmt: skip
    roots = _roots({row.id: row.superseded_by_id for row in rows})
    standing = (row for row in rows if row.superseded_by_id is None)
    return tuple(
        ExportedResult(
            roots[row.id], row.id, row.collected_on, row.collected_at, row.reported_at, row.analyte,
            row.comparator, row.value, row.text_value, row.unit, row.reference_range, row.flag, row.laboratory,
            row.status, row.code, row.code_system, row.order_number,
        )
        for row in sorted(standing, key=lambda row: (row.collected_on, row.analyte, row.id))
    )  # fmt: skip


def _roots(replaced_by: Mapping[int, int | None]) -> dict[int, int]:
    """The smallest row that led to each."""
    roots = {one: one for one in replaced_by}
    for one in sorted(replaced_by):
        at, seen = one, {one}
        while (following := replaced_by.get(at)) is not None and following not in seen:
            roots[following] = min(roots[following], roots[at])
            seen.add(following)
            at = following
    return roots


def _infusions(session: Session, patient_id: int) -> tuple[Found, ...]:
    i, c = m.Infusion, m.Course
    return tuple(
        session.execute(
            select(
                i.id, i.course_id, i.given_on, i.dose_mg, i.batch, i.expiry, i.started_at, i.ended_at,
                i.stopped_early, i.reaction_grade, i.state, c.product,
            )
            .join(c, c.id == i.course_id)
            .where(i.patient_id == patient_id, i.state.in_(STANDING))
            .order_by(i.given_on, i.id)
        )
    )  # fmt: skip


def _referrals(session: Session, patient_id: int) -> tuple[Found, ...]:
    r, who = m.Referral, m.Clinician
    return tuple(
        session.execute(
            select(r.id, r.referred_on, r.indication, who.name.label("referrer"))
            .outerjoin(who, who.id == r.referrer_id)
            .where(r.patient_id == patient_id)
            .order_by(r.referred_on, r.id)
        )
    )


def _orders(session: Session, patient_id: int) -> tuple[Found, ...]:
    order = m.LabOrder
    return tuple(
        session.execute(
            select(
                order.id, order.course_id, order.kind, order.state, order.opens_on, order.closes_on,
                order.booked_for, order.panel, order.recorded_at,
            )
            .where(order.patient_id == patient_id)
            .order_by(order.id)
        )
    )  # fmt: skip


def _asked(session: Session, patient_id: int) -> tuple[Found, ...]:
    item, work = m.WorkUpItem, m.WorkUp
    return tuple(
        session.execute(
            select(item.id, work.course_id, item.refer_to, item.urgency, item.state, item.due, work.cause)
            .join(work, work.id == item.work_up_id)
            .where(work.patient_id == patient_id, item.kind == "referral")
            .order_by(item.id)
        )
    )


def _steps(session: Session, patient_id: int) -> tuple[Found, ...]:
    s, u = m.NextStep, m.User
    return tuple(
        session.execute(
            select(
                s.id, s.course_id, s.action, s.due, s.urgency, s.detail, s.is_open, s.opened_at, s.closed_at,
                s.closed_reason, u.name.label("owner"),
            )
            .join(u, u.id == s.owner_id)
            .where(s.patient_id == patient_id)
            .order_by(s.id)
        )
    )  # fmt: skip


def _assessments(session: Session, patient_id: int) -> tuple[ExportedAssessment, ...]:
    """The newest assessment of each course."""
    a, u, protocol = m.AssessmentRow, m.User, m.ProtocolVersion
    rows = session.execute(
        select(a.id, a.course_id, a.as_of, a.made_at, a.assessment, u.name, protocol.label)
        .join(u, u.id == a.made_by_id)
        .join(protocol, protocol.id == a.protocol_version_id)
        .where(a.patient_id == patient_id)
        .order_by(a.id)
    )
    newest = {row.course_id: row for row in rows}
    saw = m.AssessmentResult
    return tuple(
        ExportedAssessment(
            row.id, row.course_id, row.as_of, row.made_at, row.name, row.label, read_assessment(row.assessment),
            tuple(session.scalars(select(saw.result_id).where(saw.assessment_id == row.id))),
        )
        for row in newest.values()
    )  # fmt: skip
