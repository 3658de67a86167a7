"""Identity of a person inside a write: names, numbers, ways to reach them, needs, allergies.

Nothing is removed: a number, telephone, address, need or allergy that no longer holds gets its last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from db import ids
from db import models as m
from db.errors import Refused
from db.models import vocabulary as v
from db.names import clean_name, fold, phone_key
from db.operations._rows import add, lines, not_after, one_of, optional, wanted
from db.stamp import Stamp


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """Identity and ways to reach somebody. `identifiers` are (kind, value); the first is the one shown.

    `needs` are codes such as large-print or interpreter; `allergies` are names as written in the notes.
    """

    surname: str
    given: str
    birth_date: date | None
    sex: str
    identifiers: tuple[tuple[str, str], ...] = ()
    phone: str | None = None
    email: str | None = None
    address_lines: tuple[str, ...] = ()
    language: str = "en"
    needs: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    gp_id: int | None = None


def insert_person(session: Session, details: PatientDetails, stamp: Stamp) -> int:
    """Insert a patient with everything they are reached and recognised by; the id."""
    values = _columns(details, stamp)
    patient_id = ids.reserve(session, m.Patient.__tablename__)
    number = _number(details) or f"R{patient_id:06d}"
    _number_is_free(session, number, patient_id)
    add(session, m.Patient, stamp, id=patient_id, number=number, **values)
    _identifiers(session, patient_id, details, stamp)
    _phone(session, patient_id, details.phone, stamp)
    _address(session, patient_id, details.address_lines, stamp)
    _listed(session, patient_id, details, stamp)
    session.flush()
    return patient_id


def update_person(session: Session, patient: m.Patient, details: PatientDetails, stamp: Stamp) -> set[str]:
    """Change what differs; the names of the fields that changed."""
    values = _columns(details, stamp)
    number = _number(details) or patient.number
    _number_is_free(session, number, patient.id)
    values["number"] = number
    changed = {name for name, value in values.items() if getattr(patient, name) != value}
    if changed & {"surname", "given"}:
        old = {"surname": patient.surname, "given": patient.given}
        keys = {"surname_key": patient.surname_key, "given_key": patient.given_key}
        add(session, m.FormerName, stamp, patient_id=patient.id, until=stamp.today, **old, **keys)
    for name in changed:
        setattr(patient, name, values[name])
    if _identifiers(session, patient.id, details, stamp):
        changed.add("identifiers")
    if _phone(session, patient.id, details.phone, stamp):
        changed.add("phone")
    if _address(session, patient.id, details.address_lines, stamp):
        changed.add("address")
    changed |= _listed(session, patient.id, details, stamp)
    flag_modified(patient, "surname")  # a new version of the person, also when only a part of them changed
    session.flush()
    return changed


def _columns(details: PatientDetails, stamp: Stamp) -> dict[str, object]:
    surname = wanted(details.surname, "surname")
    given = optional(details.given)
    if details.birth_date is not None:
        not_after(details.birth_date, stamp.today, "birth_date")
    return {
        "surname": surname,
        "given": given,
        "surname_key": fold(surname),
        "given_key": fold(given),
        "birth_date": details.birth_date,
        "sex": one_of(details.sex, v.SEXES, "sex"),
        "language": optional(details.language) or "en",
        "email": optional(details.email),
        "gp_id": details.gp_id,
    }


def _number(details: PatientDetails) -> str:
    """The first number given is the one shown."""
    return clean_name(details.identifiers[0][1]) if details.identifiers else ""


def _number_is_free(session: Session, number: str, patient_id: int) -> None:
    """Two people never share a number."""
    other = session.scalars(
        select(m.Patient.id).where(m.Patient.number == number, m.Patient.id != patient_id)
    ).first()
    if other is not None:
        raise Refused("identifier-in-use", field="identifiers", value=number, patient_id=other)


def _identifiers(session: Session, patient_id: int, details: PatientDetails, stamp: Stamp) -> bool:
    """Add new numbers, end those no longer given; whether anything changed."""
    table = m.PatientIdentifier
    wanted_keys = {
        (one_of(kind, v.IDENTIFIER_KINDS, "identifiers"), fold(wanted(value, "identifiers"))): clean_name(
            value
        )
        for kind, value in details.identifiers
    }
    changed = False
    for row in session.scalars(select(table).where(table.patient_id == patient_id)):
        stands = wanted_keys.pop((row.kind, row.value_key), None) is not None
        if stands != (row.until is None):
            row.until = None if stands else stamp.today
            changed = True
    for (kind, key), value in wanted_keys.items():
        other = session.scalars(
            select(table.patient_id).where(
                table.kind == kind, table.value_key == key, table.patient_id != patient_id
            )
        ).first()
        if other is not None:
            raise Refused("identifier-in-use", field="identifiers", value=value, patient_id=other)
        add(session, table, stamp, patient_id=patient_id, kind=kind, value=value, value_key=key)
        changed = True
    return changed


def _phone(session: Session, patient_id: int, phone: str | None, stamp: Stamp) -> bool:
    """The telephone in use; the one before gets its last day."""
    table = m.PatientPhone
    cleaned = optional(phone)
    current = session.scalars(
        select(table).where(table.patient_id == patient_id, table.until.is_(None)).order_by(table.rank)
    ).first()
    if (current.number if current is not None else "") == cleaned:
        return False
    if current is not None:
        current.until = stamp.today
    if cleaned:
        add(session, table, stamp, patient_id=patient_id, number=cleaned, digits=phone_key(cleaned))
    return True


def _address(session: Session, patient_id: int, given: Iterable[str], stamp: Stamp) -> bool:
    """The present address; the one before gets its last day."""
    table = m.PatientAddress
    cleaned = lines(tuple(given))
    current = session.scalars(
        select(table).where(table.patient_id == patient_id, table.until.is_(None)).order_by(table.id.desc())
    ).first()
    if (list(current.lines) if current is not None else []) == cleaned:
        return False
    if current is not None:
        current.until = stamp.today
    if cleaned:
        add(session, table, stamp, patient_id=patient_id, lines=cleaned, since=stamp.today)
    return True


def _listed(session: Session, patient_id: int, details: PatientDetails, stamp: Stamp) -> set[str]:
    """Needs and allergies; the names of those that changed."""
    changed: set[str] = set()
    needs = {one_of(need, v.NEEDS, "needs") for need in details.needs}
    current_needs = session.scalars(
        select(m.PatientNeed).where(m.PatientNeed.patient_id == patient_id, m.PatientNeed.until.is_(None))
    ).all()
    for need in current_needs:
        if need.code not in needs:
            need.until = stamp.today
            changed.add("needs")
    for code in sorted(needs - {need.code for need in current_needs}):
        add(session, m.PatientNeed, stamp, patient_id=patient_id, code=code)
        changed.add("needs")
    allergies = {text for text in (clean_name(one) for one in details.allergies) if text}
    current = session.scalars(
        select(m.Allergy).where(m.Allergy.patient_id == patient_id, m.Allergy.until.is_(None))
    ).all()
    for allergy in current:
        if allergy.substance not in allergies:
            allergy.until = stamp.today
            allergy.withdrawn_reason = "no-longer-listed"
            changed.add("allergies")
    for substance in sorted(allergies - {allergy.substance for allergy in current}):
        add(session, m.Allergy, stamp, patient_id=patient_id, substance=substance, since=stamp.today)
        changed.add("allergies")
    return changed
