"""Keeps the keys a patient is found by in step with name, numbers and telephones."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from db.models import FormerName, Patient, PatientIdentifier, PatientPhone, PatientSearchKey
from db.names import fold, name_keys, phone_key


def refresh(session: Session, patient_id: int) -> None:
    """Make the keys of one patient anew; call it in every write that changes a name, number or telephone."""
    session.flush()
    person = select(Patient.number, Patient.surname, Patient.given).where(Patient.id == patient_id)
    number, surname, given = session.execute(person).one()
    former = select(FormerName.surname, FormerName.given).where(FormerName.patient_id == patient_id)
    joined = session.execute(
        select(Patient.number, Patient.surname, Patient.given).where(Patient.merged_into_id == patient_id)
    ).all()  # whoever asks for a record that joined this one is led here
    called = [(surname, given), *((old.surname, old.given) for old in session.execute(former))]
    called += [(one.surname, one.given) for one in joined]
    numbers = select(PatientIdentifier.value_key).where(PatientIdentifier.patient_id == patient_id)
    phones = select(PatientPhone.number).where(PatientPhone.patient_id == patient_id)
    keys = keys_of(number, called, session.scalars(numbers), session.scalars(phones))
    session.execute(delete(PatientSearchKey).where(PatientSearchKey.patient_id == patient_id))
    keys = sorted({*keys, *(("number", fold(one.number)) for one in joined)})
    rows = [{"key": key, "kind": kind, "patient_id": patient_id} for kind, key in keys]
    session.execute(insert(PatientSearchKey), rows)


def keys_of(
    number: str, called: Iterable[tuple[str, str]], numbers: Iterable[str], phones: Iterable[str]
) -> list[tuple[str, str]]:
    """Kind and key of all that somebody is found by: number, (surname, given) each, folded identifiers, telephones."""
    keys = {("name", key) for surname, given in called for key in name_keys(surname, given)}
    keys.add(("number", fold(number)))
    keys |= {("number", key) for key in numbers}
    keys |= {("phone", phone_key(phone)) for phone in phones}
    return sorted(one for one in keys if one[1])
