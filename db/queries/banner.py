"""Who a patient is, and what must not be forgotten about them: the head of every page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.facts import HYPERSENSITIVITY_PREFIX, Product
from db import models as m
from db.errors import NotFound
from db.queries.merging import standing
from db.queries.patient_rows import Banner
from db.queries.protocols import in_force


def banner(session: Session, patient_id: int) -> Banner:
    """Who this is and what must not be forgotten; a record that joined another leads there.

    `NotFound` for an unknown patient.
    """
    p, patient_id = m.Patient, standing(session, patient_id)
    row = session.execute(
        select(p, m.Clinician.name.label("gp"))
        .outerjoin(m.Clinician, m.Clinician.id == p.gp_id)
        .where(p.id == patient_id)
    ).one_or_none()
    if row is None:
        raise NotFound("patient-not-found", id=patient_id)
    person: m.Patient = row[0]
    conditions = _holding(session, m.Condition.code, m.Condition, patient_id)
    pregnancy = session.execute(
        select(m.Pregnancy.weeks, m.Pregnancy.stated_on)
        .where(m.Pregnancy.patient_id == patient_id, m.Pregnancy.ended_on.is_(None))
        .order_by(m.Pregnancy.stated_on.desc(), m.Pregnancy.id.desc())
        .limit(1)
    ).first()
    return Banner(
        patient_id=patient_id,
        number=person.number,
        surname=person.surname,
        given=person.given,
        birth_date=person.birth_date,
        sex=person.sex,
        weight_kg=_measured(session, patient_id, "weight"),
        height_cm=_measured(session, patient_id, "height"),
        phone=_phone(session, patient_id),
        allergies=_holding(session, m.Allergy.substance, m.Allergy, patient_id),
        conditions=conditions,
        symptoms=_holding(session, m.Symptom.code, m.Symptom, patient_id),
        needs=_holding(session, m.PatientNeed.code, m.PatientNeed, patient_id),
        pregnancy_weeks=pregnancy.weeks if pregnancy is not None else None,
        pregnancy_on=pregnancy.stated_on if pregnancy is not None else None,
        no_fcm=_no_fcm(session, patient_id, conditions),
        status=person.status,
        status_on=person.status_on,
        gp_name=row.gp,
        referrer_name=_referrer(session, patient_id),
        last_contact=_last_contact(session, patient_id),
        version=person.version,
    )


def _holding(session: Session, column: Any, table: Any, patient_id: int) -> tuple[str, ...]:
    """What is listed for the patient and has no last day."""
    found = session.scalars(
        select(column).where(table.patient_id == patient_id, table.until.is_(None)).order_by(table.id)
    )
    return tuple(dict.fromkeys(found))


def _measured(session: Session, patient_id: int, kind: str) -> Decimal | None:
    measure = m.Measurement
    return session.scalars(
        select(measure.value)
        .where(measure.patient_id == patient_id, measure.kind == kind, measure.withdrawn_at.is_(None))
        .order_by(measure.measured_on.desc(), measure.id.desc())
        .limit(1)
    ).first()


def _phone(session: Session, patient_id: int) -> str | None:
    table = m.PatientPhone
    return session.scalars(
        select(table.number)
        .where(table.patient_id == patient_id, table.until.is_(None))
        .order_by(table.rank, table.id)
        .limit(1)
    ).first()


def _referrer(session: Session, patient_id: int) -> str | None:
    return session.scalars(
        select(m.Clinician.name)
        .join(m.Referral, m.Referral.referrer_id == m.Clinician.id)
        .where(m.Referral.patient_id == patient_id)
        .order_by(m.Referral.referred_on.desc(), m.Referral.id.desc())
        .limit(1)
    ).first()


def _last_contact(session: Session, patient_id: int) -> tuple[date, str] | None:
    c = m.ContactAttempt
    row = session.execute(
        select(c.tried_on, c.outcome)
        .where(c.patient_id == patient_id, c.withdrawn_at.is_(None))
        .order_by(c.tried_on.desc(), c.id.desc())
        .limit(1)
    ).first()
    return (row.tried_on, row.outcome) if row is not None else None


def _no_fcm(session: Session, patient_id: int, conditions: tuple[str, ...]) -> bool:
    """Whether ferric carboxymaltose is out: hypersensitivity, or a severe reaction to it on record."""
    product = Product.FERRIC_CARBOXYMALTOSE.value
    if f"{HYPERSENSITIVITY_PREFIX}{product}" in conditions:
        return True
    severe = in_force(session).whole("red_flags.reaction_grade")
    i = m.Infusion
    found = session.scalars(
        select(i.id)
        .join(m.Course, m.Course.id == i.course_id)
        .where(
            i.patient_id == patient_id,
            i.state == "given",
            i.reaction_grade >= severe,
            m.Course.product == product,
        )
        .limit(1)
    ).first()
    return found is not None
