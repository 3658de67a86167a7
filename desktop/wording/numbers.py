"""Numbers with their units on the screen, and numbers as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.wording.locale import locale

tr = QCoreApplication.translate

_UNITS: Mapping[str, object] = {
    "1": QT_TRANSLATE_NOOP("units", "fraction"),
    "mg/month": QT_TRANSLATE_NOOP("units", "mg a month"),
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "ug/L": "µg/L",
    "umol/L": "µmol/L",
    "ug/dL": "µg/dL",
    "10*9/L": "×10⁹/L",
    "10*12/L": "×10¹²/L",
}


def unit_text(code: str | None) -> str:
    """A unit as it is written on the screen; codes without a spelling of their own stand as they are."""
    return tr("units", str(_UNITS.get(code, code))) if code else ""


def number(value: Decimal | int, places: int | None = None) -> str:
    """A number by the user's locale with its own decimals, or rounded half up to `places`: "1,467", "0.80"."""
    exact = Decimal(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
    text = f"{abs(exact):f}"
    whole, _, fraction = text.partition(".")
    here = locale()
    grouped = here.toString(int(whole))
    said = grouped + (here.decimalPoint() + fraction if fraction else "")
    return f"−{said}" if exact < 0 else said


def quantity(
    value: Decimal | int, code: str | None, comparator: str | None = None, places: int | None = None
) -> str:
    """A value with its unit: "106 g/L", "9 %", "< 5 mg/L"."""
    before = f"{comparator} " if comparator else ""
    return f"{before}{number(value, places)} {unit_text(code)}".strip()


def milligrams(value: Decimal | int) -> str:
    """A dose in whole milligrams: "1,467 mg"."""
    return quantity(Decimal(value), "mg", places=0)


def change(difference: Decimal | int, places: int | None = None) -> str:
    """How a value moved, with the real arrow: "↑ 10", "↓ 4"; nothing for no change."""
    moved = Decimal(difference)
    if not moved:
        return ""
    return f"{'↑' if moved > 0 else '↓'} {number(abs(moved), places)}"


def span(low: Decimal | int, high: Decimal | int, code: str = "") -> str:
    """A range with an en dash: "4–6 weeks"."""
    return f"{number(low)}–{number(high)} {unit_text(code)}".strip()


def count(value: int) -> str:
    """A count by locale: "5,120"."""
    return locale().toString(value)


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as typed: comparator "<" or ">" or None, the value, or why there is none."""

    value: Decimal | None
    comparator: str | None = None
    problem: str = ""


_PLAIN = re.compile(r"[<>]?\d+(\.\d+)?")


def read_number(text: str) -> Typed:
    """What a typed number means; nothing typed is no problem and no value.

    A comparator may stand in front. Decimal point and comma are both taken where only one meaning is
    possible; "1,467" is read by the user's locale.
    """
    bare = re.sub(r"[\s\u00a0\u202f']", "", text)
    if not bare:
        return Typed(None)
    bare = {"≤": "<", "≥": ">"}.get(bare[0], bare[0]) + bare[1:]
    said = _unpunctuated(bare)
    if not _PLAIN.fullmatch(said):
        return Typed(
            None, None, tr("numbers", "Type a number, such as 88 or 8.8; < or > may stand before it.")
        )
    comparator = said[0] if said[0] in "<>" else None
    try:
        return Typed(Decimal(said.lstrip("<>")), comparator)
    except InvalidOperation:
        return Typed(None, None, tr("numbers", "This is not a number."))


def _unpunctuated(text: str) -> str:
    """The number with a decimal point and no grouping, as far as it can be told."""
    point = locale().decimalPoint()
    group = "," if point == "." else "."
    if point in text and group in text:
        return text.replace(group, "").replace(point, ".")
    if re.fullmatch(rf"[<>]?[1-9]\d{{0,2}}(\{group}\d{{3}})+", text):
        return text.replace(group, "")
    return text.replace(",", ".")
