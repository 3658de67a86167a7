"""`value[x]` of an Observation or component: number, comparator, unit, text and codes as sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from db.imports.fhir.documents import Json, items, obj, word
from db.imports.limits import CELL_CHARACTERS
from db.imports.numbers import read_number
from db.imports.records import Coded, Reason

LOINC: Final = "http://loinc.org"
_FARTHEST: Final = 30
"""A number with more places than this before or behind the point is no measurement."""


@dataclass(frozen=True, slots=True)
class Value:
    """What an Observation says; `kind` is the type in FHIR's word."""

    kind: str = ""
    value: Decimal | None = None
    comparator: str | None = None
    text: str | None = None
    unit: str = ""
    unit_code: str = ""
    codes: tuple[Coded, ...] = ()
    warnings: tuple[Reason, ...] = ()
    faults: tuple[Reason, ...] = ()


def coded(concept: object) -> tuple[Coded, ...]:
    """The codings of a concept, LOINC first; its text stands in for a display that is missing on the first."""
    found = []
    for one in items(obj(concept).get("coding")):
        system = word(one.get("system"))
        code, display = word(one.get("code")), word(one.get("display"))
        if code or display:
            found.append(Coded(code, "LN" if system.rstrip("/") == LOINC else system, display))
    found.sort(key=lambda one: one.system != "LN")
    text = word(obj(concept).get("text"))
    if text:
        first = found[0] if found else Coded("")
        found[:1] = [Coded(first.code, first.system, text)]
        if first.text and first.text != text:
            found.append(Coded(first.code, first.system, first.text))
    return tuple(found)


def read_value(holder: Json) -> Value:
    """The value; two values, or a value beside the reason why there is none, contradict each other."""
    said = [key for key in holder if key.startswith("value") and holder[key] is not None]
    absent = holder.get("dataAbsentReason")
    if len(said) > 1:
        return Value(text=", ".join(sorted(said)), faults=(Reason("several-values"),))
    if not said:
        return Value(warnings=(Reason("no-value-sent", (("why", _concept(absent)),)),)) if absent else Value()
    kind = said[0].removeprefix("value")
    value = _typed(kind, holder[said[0]])
    if absent and (value.value is not None or value.text):
        return Value(kind, text=value.text, unit=value.unit, faults=(Reason("value-and-reason"),))
    return value


def _typed(kind: str, sent: Any) -> Value:
    if kind == "Quantity" and not isinstance(sent, dict):
        return Value(kind, text=str(sent)[:60])
    if kind == "Quantity":
        return _quantity(obj(sent))
    if kind == "CodeableConcept":
        return Value(kind, text=_concept(sent) or None, codes=coded(sent))
    if kind == "Integer" and isinstance(sent, Decimal):
        return Value(kind, sent, text=str(sent)) if _measurable(sent) else Value(kind, text=str(sent)[:60])
    if kind == "String":
        return _string(kind, word(sent))
    if kind == "Boolean":
        return Value(kind, text=str(sent).lower() if isinstance(sent, bool) else None)
    if kind == "Range":
        between = [_amount(obj(sent).get(end)) for end in ("low", "high")]
        return Value(kind, text=" - ".join(between))
    if kind == "Ratio":
        parts = [_amount(obj(sent).get(end)) for end in ("numerator", "denominator")]
        return Value(kind, text=" : ".join(parts))
    if kind == "Period":
        return Value(kind, text=" - ".join(word(obj(sent).get(end)) for end in ("start", "end")))
    if kind == "Attachment":
        return Value(
            kind, text=f"[{word(obj(sent).get('contentType')) or kind}]", faults=(Reason("attachment"),)
        )
    return Value(kind, text=word(sent)[:CELL_CHARACTERS] or f"[{kind[:40]}]")


def _quantity(sent: Json) -> Value:
    unit, code = word(sent.get("unit")), word(sent.get("code"))
    comparator = word(sent.get("comparator")) or None
    number = sent.get("value")
    if isinstance(number, Decimal) and _measurable(number):
        return Value("Quantity", number, comparator, None, unit or code, code if unit else "")
    if isinstance(number, str):  # against the standard, but some send it
        read = read_number(number)
        if read is not None:
            warning = (Reason("number-in-text"),)
            return Value(
                "Quantity", read.value, comparator or read.comparator, number, unit or code, code, (), warning
            )
    text = str(number)[:60] if number is not None else None
    return Value("Quantity", None, comparator, text, unit or code, code if unit else "")


def _string(kind: str, text: str) -> Value:
    number = read_number(text)
    if number is None:
        return Value(kind, text=text[:CELL_CHARACTERS] or None)
    warnings = [Reason("number-in-text"), *([Reason("decimal-comma")] if number.comma else [])]
    return Value(kind, number.value, number.comparator, text, warnings=tuple(warnings))


def _measurable(number: Decimal) -> bool:
    """Whether it is finite and of a size that anything is measured in."""
    places = number.as_tuple().exponent
    return isinstance(places, int) and abs(places) <= _FARTHEST and abs(number.adjusted()) <= _FARTHEST


def _amount(quantity: object) -> str:
    parts = obj(quantity)
    number = parts.get("value")
    said = str(number)[:60] if isinstance(number, Decimal) else ""
    return " ".join(part for part in (said, word(parts.get("unit"))) if part)


def _concept(concept: object) -> str:
    """The words of a concept: its text, else what a coding shows, else the code."""
    text = word(obj(concept).get("text"))
    shown = [word(one.get("display")) or word(one.get("code")) for one in items(obj(concept).get("coding"))]
    return (text or next((one for one in shown if one), ""))[:CELL_CHARACTERS]


def reference_range(holder: Json) -> str:
    """The ranges as sent: their text, or their ends with the unit."""
    ranges = []
    for one in items(holder.get("referenceRange")):
        text = word(one.get("text"))
        if not text:
            ends = [obj(one.get(end)) for end in ("low", "high")]
            numbers = [str(end["value"])[:60] for end in ends if isinstance(end.get("value"), Decimal)]
            unit = next((word(end.get("unit")) for end in ends if word(end.get("unit"))), "")
            text = " ".join(part for part in (" - ".join(numbers), unit) if part)
        if text:
            ranges.append(text)
    return "; ".join(ranges)
