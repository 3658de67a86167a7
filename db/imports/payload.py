"""What is kept of a held observation, and read back from it: the value word for word, and who it is said to be of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from db.imports.comparing import Claim, ClaimedId
from db.imports.records import Observation, PatientAsSent, State
from db.types import canonical_json

_NOT_KEPT = ("patient", "attachment", "canonical")
"""Kept apart, found in the raw message, or worked out anew."""


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
        "observation": _encoded(found),
        "patient": _encoded(patient),
    }
    return kept


def content_key(found: Observation) -> str:
    """Tells a value that is held already from a new one: by what it says, never by the message's own number."""
    said = (_encoded(found.patient or PatientAsSent()), _encoded(found))
    for name in ("message_id", "ordinal", "state", "reasons", "warnings", "faults", "unit_understood"):
        said[1].pop(name, None)
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def observation_of(payload: Mapping[str, Any]) -> Observation | None:
    """The observation that is held; None for a value that was typed for somebody not followed up."""
    said = payload.get("observation")
    if said is None:
        return None
    found: Observation = _decoded(Observation, said)
    return replace(found, state=State.HELD, patient=_decoded(PatientAsSent, payload.get("patient") or {}))


def _encoded(value: Any) -> Any:
    """A value of a reader as JSON knows it; of dataclasses only what is not as usual."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: _encoded(getattr(value, one.name))
            for one in fields(value)
            if one.name not in _NOT_KEPT and getattr(value, one.name) != one.default
        }
    if isinstance(value, tuple):
        return [_encoded(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def _decoded(kind: Any, said: Any) -> Any:
    """The value of a type that `_encoded` wrote; what a later program added is passed over."""
    if said is None:
        return None
    kind = _without_none(kind)
    if is_dataclass(kind):
        types, make = get_type_hints(kind), cast(Any, kind)
        return make(**{name: _decoded(types[name], one) for name, one in said.items() if name in types})
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        kinds = [inner[0]] * len(said) if inner[-1] is Ellipsis else list(inner)
        return tuple(_decoded(one, value) for one, value in zip(kinds, said, strict=True))
    if kind is Decimal:
        return Decimal(str(said))
    if kind is date:
        return date.fromisoformat(said)
    return kind(said) if kind is State else said


def _without_none(kind: Any) -> Any:
    """`X` of `X | None`."""
    inner = [one for one in get_args(kind) if one is not type(None)]
    return inner[0] if isinstance(kind, UnionType) and len(inner) == 1 else kind
