"""PID: who the rows below it belong to, as sent; and what is wanting before anybody could be found by it."""

from __future__ import annotations

from typing import Final

from db.imports.hl7.fields import Fields
from db.imports.limits import FIELD_CHARACTERS
from db.imports.records import Identifier, PatientAsSent, Reason, SentName
from db.imports.times import birth_day

_SEXES: Final = {"F": "female", "M": "male", "O": "other", "A": "other", "U": "unknown"}
_NUMBER_FIELDS: Final = (3, 2, 4)
"""PID-3 is where numbers belong; old versions use PID-2 and PID-4."""


def read_patient(pid: list[str], fields: Fields) -> PatientAsSent:
    """The person of one PID segment, nothing corrected and nothing left out."""
    born = fields.raw(pid, 7)
    sex = fields.component(pid, 8)
    return PatientAsSent(
        identifiers=_identifiers(pid, fields),
        names=_names(pid, fields),
        birth_date=birth_day(born),
        birth_date_text=fields.clean(born)[:FIELD_CHARACTERS],
        sex=_SEXES.get(sex.upper()[:1]) if len(sex) == 1 else _sex_word(sex),
        sex_text=sex[:FIELD_CHARACTERS],
    )


def wanting(patient: PatientAsSent | None) -> tuple[Reason, ...]:
    """Why nobody can be found by this: no PID at all, no number, no name, no certain date of birth."""
    if patient is None:
        return (Reason("no-patient"),)
    faults = []
    if not patient.identifiers:
        faults.append(Reason("no-patient-number"))
    if not any(name.family or name.given for name in patient.names):
        faults.append(Reason("no-patient-name"))
    if patient.birth_date is None:
        sent = (("sent", patient.birth_date_text),) if patient.birth_date_text else ()
        faults.append(Reason("no-birth-date", sent))
    return tuple(faults)


def _sex_word(text: str) -> str | None:
    word = text.casefold()
    return word if word in ("female", "male", "other", "unknown") else None


def _identifiers(pid: list[str], fields: Fields) -> tuple[Identifier, ...]:
    found: dict[str, Identifier] = {}
    for number in _NUMBER_FIELDS:
        for text in fields.repeats(pid, number):
            parts = text.split(fields.marks.component)
            value = fields.first_sub(parts[0])[:FIELD_CHARACTERS]
            if not value:
                continue
            assigner = fields.first_sub(parts[3]) if len(parts) > 3 else ""
            kind = fields.first_sub(parts[4]) if len(parts) > 4 else ""
            found.setdefault(value, Identifier(value, assigner, kind))
    return tuple(found.values())


def _names(pid: list[str], fields: Fields) -> tuple[SentName, ...]:
    names = []
    for text in fields.repeats(pid, 5):
        parts = text.split(fields.marks.component)
        texts = [fields.first_sub(part)[:FIELD_CHARACTERS] for part in parts]
        texts += [""] * (7 - len(texts))
        if texts[0] or texts[1]:
            names.append(SentName(texts[0], texts[1], texts[6], texts[2]))
    return tuple(names)
