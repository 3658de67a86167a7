"""What is kept of a held observation, and read back from it: the value word for word, and who it is said to be of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from clinical.quantities import Quantity
from db.imports.comparing import Claim, ClaimedId
from db.imports.records import (
    Coded,
    Identifier,
    Observation,
    PatientAsSent,
    Reason,
    SentName,
    SentTime,
    State,
)
from db.types import canonical_json

_TEXTS = (
    "message_id", "code", "code_system", "text", "analyte", "analyte_from", "comparator", "value_text",
    "value_type", "unit", "flag", "reference_range", "status", "status_sent", "sub_id", "order_number",
    "order_text", "specimen", "laboratory",
)  # fmt: skip
"""Fields of an observation that are plain texts or nothing."""


def claim_of(patient: PatientAsSent | None) -> Claim:
    """Who the message says it is about, as matching asks it."""
    if patient is None:
        return Claim()
    ids = tuple(ClaimedId(one.value, one.kind, one.assigner) for one in patient.identifiers)
    return Claim(ids, patient.family, patient.given, patient.birth_date, patient.sex)


def payload_of(found: Observation, reported_at: str | None) -> dict[str, object]:
    """What is kept of an observation that is held; `named` and `text` are the words of the list."""
    patient = found.patient or PatientAsSent()
    amount = f"{found.comparator or ''}{found.value}" if found.value is not None else found.value_text or ""
    day = found.collected.iso[:16].replace("T", " ") if found.collected is not None else ""
    what = found.text or found.code or found.analyte or ""
    words = " ".join(part for part in (what, amount, found.unit) if part)
    kept: dict[str, object] = {
        "named": ", ".join(part for part in (patient.family, patient.given) if part),
        "text": f"{words}, {day}" if day else words,
        "key": content_key(found),
        "reported_at": reported_at,
        "observation": _observation(found),
        "patient": _patient(patient),
    }
    return kept


def content_key(found: Observation) -> str:
    """Tells a value that is held already from a new one: by what it says, never by the message's own number."""
    said = (_patient(found.patient or PatientAsSent()), _observation(found))
    for name in ("message_id", "ordinal", "reasons", "warnings"):
        said[1].pop(name, None)
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def observation_of(payload: Mapping[str, Any]) -> Observation | None:
    """The observation that is held; None for a value that was typed for somebody not followed up."""
    said = payload.get("observation")
    if said is None:
        return None
    texts = {name: said[name] for name in _TEXTS if name in said}
    return Observation(
        ordinal=said["ordinal"],
        state=State.HELD,
        reasons=tuple(
            Reason(one[0], tuple((name, text) for name, text in one[1])) for one in said.get("reasons", ())
        ),
        warnings=tuple(
            Reason(one[0], tuple((name, text) for name, text in one[1])) for one in said.get("warnings", ())
        ),
        patient=_patient_of(payload.get("patient") or {}),
        alternatives=tuple(Coded(*one) for one in said.get("alternatives", ())),
        value=_decimal(said.get("value")),
        canonical=_quantity(said.get("canonical")),
        collected=_time(said.get("collected")),
        other_times=tuple(time for one in said.get("other_times", ()) if (time := _time(one)) is not None),
        notes=tuple(said.get("notes", ())),
        **texts,
    )


def _observation(found: Observation) -> dict[str, Any]:
    said: dict[str, Any] = {name: value for name in _TEXTS if (value := getattr(found, name))}
    said["ordinal"] = found.ordinal
    for name in ("reasons", "warnings"):
        if listed := getattr(found, name):
            said[name] = [[one.code, [list(pair) for pair in one.values]] for one in listed]
    if found.alternatives:
        said["alternatives"] = [[one.code, one.system, one.text] for one in found.alternatives]
    if found.value is not None:
        said["value"] = format(found.value, "f")
    if found.canonical is not None:
        said["canonical"] = [format(found.canonical.value, "f"), found.canonical.unit]
    if found.collected is not None:
        said["collected"] = _sent(found.collected)
    if found.other_times:
        said["other_times"] = [_sent(one) for one in found.other_times]
    if found.notes:
        said["notes"] = list(found.notes)
    return said


def _patient(patient: PatientAsSent) -> dict[str, Any]:
    return {
        "identifiers": [[one.value, one.assigner, one.kind] for one in patient.identifiers],
        "names": [[one.family, one.given, one.kind] for one in patient.names],
        "birth_date": patient.birth_date.isoformat() if patient.birth_date is not None else None,
        "birth_date_text": patient.birth_date_text,
        "sex": patient.sex,
    }


def _patient_of(said: Mapping[str, Any]) -> PatientAsSent:
    born = said.get("birth_date")
    return PatientAsSent(
        identifiers=tuple(Identifier(*one) for one in said.get("identifiers", ())),
        names=tuple(SentName(*one) for one in said.get("names", ())),
        birth_date=date.fromisoformat(born) if born else None,
        birth_date_text=said.get("birth_date_text", ""),
        sex=said.get("sex"),
    )


def _sent(time: SentTime) -> list[str | None]:
    return [time.field, time.iso, time.day.isoformat() if time.day is not None else None]


def _time(said: Any) -> SentTime | None:
    return None if not said else SentTime(said[0], said[1], date.fromisoformat(said[2]) if said[2] else None)


def _decimal(said: Any) -> Decimal | None:
    return None if said is None else Decimal(str(said))


def _quantity(said: Any) -> Quantity | None:
    return None if not said else Quantity(Decimal(str(said[0])), said[1])
