"""Who a patient is, and what must not be forgotten about them: the head of every page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from clinical.facts import HYPERSENSITIVITY_PREFIX, Product
from db import models as m
from db.errors import NotFound
from db.queries.merging import standing
from db.queries.patient_rows import Banner
from db.queries.protocols import in_force
from db.questions import OF, first, rows, value

HELD: Final[Mapping[str, Any]] = {
    "allergies": m.Allergy,
    "conditions": m.Condition,
    "symptoms": m.Symptom,
    "needs": m.PatientNeed,
}
"""What is listed about a patient until a last day is given for it."""


def banner(session: Session, patient_id: int) -> Banner:
    """Who this is and what must not be forgotten; a record that joined another leads there.

    `NotFound` for an unknown patient.
    """
    return banner_of(session, standing(session, patient_id))


def banner_of(session: Session, patient_id: int) -> Banner:
    """The same of a record that stands for itself, as `merging.standing` gives it."""
    person = first(session, _person(), patient_id=patient_id)
    if person is None:
        raise NotFound("patient-not-found", id=patient_id)
    held: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows(session, _holding(), patient_id=patient_id):
        held[row.kind][row.code] = None
    pregnancy = first(session, _pregnancy(), patient_id=patient_id)
    contact = first(session, _last_contact(), patient_id=patient_id)
    conditions = tuple(held["conditions"])
    return Banner(
        patient_id=patient_id,
        number=person.number,
        surname=person.surname,
        given=person.given,
        birth_date=person.birth_date,
        sex=person.sex,
        weight_kg=person.weight,
        height_cm=person.height,
        phone=person.phone,
        allergies=tuple(held["allergies"]),
        conditions=conditions,
        symptoms=tuple(held["symptoms"]),
        needs=tuple(held["needs"]),
        pregnancy_weeks=pregnancy.weeks if pregnancy is not None else None,
        pregnancy_on=pregnancy.stated_on if pregnancy is not None else None,
        no_fcm=_no_fcm(session, patient_id, conditions),
        status=person.status,
        status_on=person.status_on,
        gp_name=person.gp,
        referrer_name=person.referrer,
        last_contact=(contact.tried_on, contact.outcome) if contact is not None else None,
        version=person.version,
    )


@cache
def _person() -> Select[*tuple[Any, ...]]:
    """The patient with the newest weight and height, the first telephone, and who sent them last."""
    p, phone, referral = m.Patient, m.PatientPhone, m.Referral
    number = (
        select(phone.number)
        .where(phone.patient_id == p.id, phone.until.is_(None))
        .order_by(phone.rank, phone.id)
        .limit(1)
    )
    referrer = (
        select(m.Clinician.name)
        .join(referral, referral.referrer_id == m.Clinician.id)
        .where(referral.patient_id == p.id)
        .order_by(referral.referred_on.desc(), referral.id.desc())
        .limit(1)
    )
    gp = select(m.Clinician.name).where(m.Clinician.id == p.gp_id)
    return select(
        p.number,
        p.surname,
        p.given,
        p.birth_date,
        p.sex,
        p.status,
        p.status_on,
        p.version,
        gp.correlate(p).scalar_subquery().label("gp"),
        number.correlate(p).scalar_subquery().label("phone"),
        referrer.correlate(p).scalar_subquery().label("referrer"),
        _measured("weight"),
        _measured("height"),
    ).where(p.id == OF)


def _measured(kind: str) -> Any:
    """The newest measurement of a kind that stands."""
    measure = m.Measurement
    newest = (
        select(measure.value)
        .where(measure.patient_id == m.Patient.id, measure.kind == kind, measure.withdrawn_at.is_(None))
        .order_by(measure.measured_on.desc(), measure.id.desc())
        .limit(1)
    )
    return newest.correlate(m.Patient).scalar_subquery().label(kind)


@cache
def _holding() -> Any:
    """What is listed for the patient and has no last day: each kind of it in the order it was listed."""
    parts = [
        select(
            literal(kind).label("kind"),
            (table.substance if table is m.Allergy else table.code).label("code"),
            table.id.label("place"),
        ).where(table.patient_id == OF, table.until.is_(None))
        for kind, table in HELD.items()
    ]
    return union_all(*parts).order_by("kind", "place")


@cache
def _pregnancy() -> Select[*tuple[Any, ...]]:
    p = m.Pregnancy
    return (
        select(p.weeks, p.stated_on)
        .where(p.patient_id == OF, p.ended_on.is_(None))
        .order_by(p.stated_on.desc(), p.id.desc())
        .limit(1)
    )


@cache
def _last_contact() -> Select[*tuple[Any, ...]]:
    c = m.ContactAttempt
    return (
        select(c.tried_on, c.outcome)
        .where(c.patient_id == OF, c.withdrawn_at.is_(None))
        .order_by(c.tried_on.desc(), c.id.desc())
        .limit(1)
    )


def _no_fcm(session: Session, patient_id: int, conditions: tuple[str, ...]) -> bool:
    """Whether ferric carboxymaltose is out: hypersensitivity, or a severe reaction to it on record."""
    product = Product.FERRIC_CARBOXYMALTOSE.value
    if f"{HYPERSENSITIVITY_PREFIX}{product}" in conditions:
        return True
    worst = value(session, _worst_reaction(), patient_id=patient_id)
    return worst is not None and worst >= in_force(session).whole("red_flags.reaction_grade")


@cache
def _worst_reaction() -> Select[int | None]:
    """The highest grade of reaction to ferric carboxymaltose."""
    i = m.Infusion
    return (
        select(func.max(i.reaction_grade))
        .join(m.Course, m.Course.id == i.course_id)
        .where(
            i.patient_id == OF,
            i.state == "given",
            m.Course.product == Product.FERRIC_CARBOXYMALTOSE.value,
        )
    )
