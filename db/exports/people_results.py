"""The Patient, and every result as an Observation."""

from __future__ import annotations

import re
from typing import Final

from clinical import quantities
from db.exports.course_facts import ExportedResult
from db.exports.parts import HL7, LOINC, UCUM, Making, Resource, coded, instant, text, without_nothing

_ID_TYPES: Final = {
    "clinic-number": ("MR", "Medical record number"),
    "hospital-number": ("MR", "Medical record number"),
    "national-number": ("NI", "National unique individual identifier"),
    "insurance-number": ("HC", "Health Card Number"),
    "laboratory-number": ("PI", "Patient internal identifier"),
}
_INTERPRETATIONS: Final = {
    "L": "Low", "H": "High", "LL": "Critical low", "HH": "Critical high", "N": "Normal", "A": "Abnormal",
    "AA": "Critical abnormal",
}  # fmt: skip
_GONE: Final = ("cancelled", "entered-in-error")
_WHOLE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TO_THE_MINUTE: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)")
_NO_UCUM: Final = frozenset({"per mille"})


def patient(making: Making) -> Resource:
    """Who it is: every number, the name and those before it, as far as letters and laboratories use them."""
    facts, one = making.facts, making.facts.patient
    names = [_name("official", one.surname, one.given)]
    names += [_name("old", before.surname, before.given) for before in facts.former]
    contacts = [{"system": "phone", "value": text(number)} for number in facts.phones]
    contacts += [{"system": "email", "value": text(one.email)}] if one.email else []
    made = making.start("Patient", one.id) | {
        "identifier": _identifiers(making),
        "active": one.status == "active",
        "name": [name for name in names if name],
        "telecom": contacts,
        "gender": one.sex if one.sex in ("female", "male", "other") else "unknown",
        "birthDate": one.birth_date.isoformat() if one.birth_date else None,
        "address": [{"line": lines}]
        if (lines := [text(line) for line in facts.address if text(line)])
        else [],
        "managingOrganization": {"display": text(facts.clinic.name)},
    }
    if one.status == "deceased" and one.status_on is not None:
        made["deceasedDateTime"] = one.status_on.isoformat()
    return without_nothing(made)


def _identifiers(making: Making) -> list[Resource]:
    facts = making.facts
    found = [("clinic-number", facts.clinic.name, facts.patient.number)]
    found += [(one.kind, one.assigner, one.value) for one in facts.identifiers]
    made: dict[str, Resource] = {}
    for kind, assigner, value in found:
        code, shown = _ID_TYPES[kind]
        types = [coded(f"{HL7}v2-0203", code, shown)]
        if (
            kind == "clinic-number"
        ):  # other clinics count their own patients: it says nothing against their number
            types.insert(0, coded(f"{HL7}v2-0203", "RI", "Resource identifier"))
        identifier = {"type": {"coding": types}, "value": text(value)}
        if text(assigner):
            identifier["assigner"] = {"display": text(assigner)}
        made.setdefault(text(value), identifier)
    return list(made.values())


def _name(use: str, surname: str, given: str) -> Resource:
    first = [part for part in [text(given)] if part]
    return without_nothing({"use": use, "family": text(surname), "given": first})


def observation(making: Making, one: ExportedResult) -> Resource:
    """One value as the laboratory gave it: digits, comparator and unit as received, never converted."""
    performer, usual = text(one.laboratory or ""), text(one.reference_range or "")
    made = making.start("Observation", one.root) | {
        "identifier": [{"value": text(one.order_number or "") or making.name("Observation", one.root)}],
        "status": one.status,
        "category": [{"coding": [coded(f"{HL7}observation-category", "laboratory", "Laboratory")]}],
        "code": measured_concept(making, one.analyte, one.code if one.code_system == "LN" else None),
        "subject": making.subject(),
        "effectiveDateTime": _collected(one),
        "issued": instant(one.reported_at) if one.reported_at is not None else None,
        "performer": [{"display": performer}] if performer else [],
        "interpretation": _interpretation(one.flag),
        "referenceRange": [{"text": usual}] if usual else [],
        "meta": {"lastUpdated": instant(one.reported_at)} if one.reported_at is not None else None,
    }
    return without_nothing(made | _value(making, one))


def measured_concept(making: Making, analyte: str, sent: str | None = None) -> Resource:
    """A test by its LOINC code, the one that was sent where it is one of the analyte's, and its usual name."""
    known = making.protocol.analytes.by_name[analyte]
    codes = (sent,) if sent in known.loinc else tuple(known.loinc)[:1]
    named = known.names[0] if known.names else analyte.replace("-", " ")
    return (
        {"coding": [coded(LOINC, code, named) for code in codes if code], "text": named}
        if codes
        else {"text": named}
    )


def _value(making: Making, one: ExportedResult) -> Resource:
    if one.status in _GONE and one.value is None:
        return {
            "dataAbsentReason": {
                "coding": [coded(f"{HL7}data-absent-reason", "not-performed", "Not Performed")]
            }
        }
    if one.value is None:
        return {"valueString": text(one.text or "")}
    amount = without_nothing({"comparator": one.comparator, "unit": text(one.unit)}) | {"value": one.value}
    try:
        unit = quantities.unit_name(one.analyte, one.unit, making.protocol)
    except quantities.UnknownUnitError:
        return {"valueQuantity": amount}
    return {"valueQuantity": amount if unit in _NO_UCUM else amount | {"system": UCUM, "code": unit}}


def _interpretation(flag: str | None) -> list[Resource]:
    if not flag or not text(flag):
        return []
    if flag in _INTERPRETATIONS:
        shown = _INTERPRETATIONS[flag]
        return [{"coding": [coded(f"{HL7}v3-ObservationInterpretation", flag, shown)], "text": flag}]
    return [{"text": text(flag)}]


def _collected(one: ExportedResult) -> str:
    """The time of collection with its zone as sent; the day where no zone or no whole time was sent."""
    sent = (one.collected_at or "").replace(" ", "T")
    if _WHOLE_TIME.fullmatch(sent):
        return sent
    minute = _TO_THE_MINUTE.fullmatch(sent)
    return f"{minute[1]}:00{minute[2]}" if minute else one.collected_on.isoformat()
