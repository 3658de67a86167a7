"""A person as their details are changed: everything they are recognised and reached by, now and before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.errors import NotFound
from db.queries.people import Person, clinicians


@dataclass(frozen=True, slots=True)
class Details:
    """What `change_details` takes, as it stands; the first of `identifiers` is the number shown in the banner.

    `former_names` are (surname, given, until); `weights` (kg) and `heights` (cm) each with their day, newest first;
    `pregnancies` (weeks, stated on, ended on). `practitioners` are the general practitioners on record.
    """

    patient_id: int
    version: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    identifiers: tuple[tuple[str, str], ...]
    phone: str
    email: str
    address_lines: tuple[str, ...]
    language: str
    needs: tuple[str, ...]
    allergies: tuple[str, ...]
    gp_id: int | None
    former_names: tuple[tuple[str, str, date | None], ...]
    weights: tuple[tuple[date, Decimal], ...]
    heights: tuple[tuple[date, Decimal], ...]
    pregnancies: tuple[tuple[Decimal, date, date | None], ...]
    practitioners: tuple[Person, ...]


def details(session: Session, patient_id: int) -> Details:
    """The person. `NotFound` for an unknown patient."""
    person = session.get(m.Patient, patient_id)
    if person is None:
        raise NotFound("patient-not-found", id=patient_id)
    phone = session.scalars(
        _standing(m.PatientPhone.number, m.PatientPhone, patient_id).order_by(m.PatientPhone.rank)
    ).first()
    address = session.scalars(
        _standing(m.PatientAddress.lines, m.PatientAddress, patient_id).order_by(m.PatientAddress.id.desc())
    ).first()
    return Details(
        patient_id=patient_id,
        version=person.version,
        number=person.number,
        surname=person.surname,
        given=person.given,
        birth_date=person.birth_date,
        sex=person.sex,
        identifiers=_identifiers(session, patient_id, person.number),
        phone=phone or "",
        email=person.email,
        address_lines=tuple(address or ()),
        language=person.language,
        needs=tuple(session.scalars(_standing(m.PatientNeed.code, m.PatientNeed, patient_id))),
        allergies=tuple(session.scalars(_standing(m.Allergy.substance, m.Allergy, patient_id))),
        gp_id=person.gp_id,
        former_names=_former_names(session, patient_id),
        weights=_measured(session, patient_id, "weight"),
        heights=_measured(session, patient_id, "height"),
        pregnancies=_pregnancies(session, patient_id),
        practitioners=tuple(one for one in clinicians(session) if one.role == "gp" or one.id == person.gp_id),
    )


def _standing(column: Any, table: Any, patient_id: int) -> Any:
    """What is listed for the patient and has no last day."""
    return select(column).where(table.patient_id == patient_id, table.until.is_(None))


def _identifiers(session: Session, patient_id: int, number: str) -> tuple[tuple[str, str], ...]:
    """The numbers in use, the one shown first."""
    i = m.PatientIdentifier
    rows = session.execute(
        select(i.kind, i.value).where(i.patient_id == patient_id, i.until.is_(None)).order_by(i.id)
    )
    found = [(row.kind, row.value) for row in rows]
    return tuple(sorted(found, key=lambda one: one[1] != number))


def _former_names(session: Session, patient_id: int) -> tuple[tuple[str, str, date | None], ...]:
    f = m.FormerName
    rows = session.execute(
        select(f.surname, f.given, f.until).where(f.patient_id == patient_id).order_by(f.id.desc())
    )
    return tuple((row.surname, row.given, row.until) for row in rows)


def _measured(session: Session, patient_id: int, kind: str) -> tuple[tuple[date, Decimal], ...]:
    t = m.Measurement
    rows = session.execute(
        select(t.measured_on, t.value)
        .where(t.patient_id == patient_id, t.kind == kind, t.withdrawn_at.is_(None))
        .order_by(t.measured_on.desc(), t.id.desc())
    )
    return tuple((row.measured_on, row.value) for row in rows)


def _pregnancies(session: Session, patient_id: int) -> tuple[tuple[Decimal, date, date | None], ...]:
    p = m.Pregnancy
    rows = session.execute(
        select(p.weeks, p.stated_on, p.ended_on)
        .where(p.patient_id == patient_id)
        .order_by(p.stated_on.desc(), p.id.desc())
    )
    return tuple((row.weeks, row.stated_on, row.ended_on) for row in rows)
