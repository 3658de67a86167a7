"""Keeps the keys a patient is found by in step with name, numbers and telephones."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from db.models import FormerName, Patient, PatientIdentifier, PatientPhone, PatientSearchKey
from db.names import fold, name_keys, phone_key


def refresh(session: Session, patient_id: int) -> None:
    """Make the keys of one patient anew; call it in every write that changes a name, number or telephone."""
    session.flush()
    keys: set[tuple[str, str]] = set()
    person = select(Patient.number, Patient.surname, Patient.given).where(Patient.id == patient_id)
    number, surname, given = session.execute(person).one()
    keys |= {("name", key) for key in name_keys(surname, given)}
    keys.add(("number", fold(number)))
    former = select(FormerName.surname, FormerName.given).where(FormerName.patient_id == patient_id)
    for old_surname, old_given in session.execute(former):
        keys |= {("name", key) for key in name_keys(old_surname, old_given)}
    numbers = select(PatientIdentifier.value_key).where(PatientIdentifier.patient_id == patient_id)
    keys |= {("number", key) for key in session.scalars(numbers)}
    phones = select(PatientPhone.number).where(PatientPhone.patient_id == patient_id)
    keys |= {("phone", phone_key(phone)) for phone in session.scalars(phones)}
    session.execute(delete(PatientSearchKey).where(PatientSearchKey.patient_id == patient_id))
    rows = [{"key": key, "kind": kind, "patient_id": patient_id} for kind, key in sorted(keys) if key]
    session.execute(insert(PatientSearchKey), rows)
