"""The units this clinic reads haemoglobin and phosphate in, and values turned into them for the screen.

Set once when a clinic is opened, as the locale is: words and numbers on a screen follow both. What is stored,
what rules compare and what a laboratory sent stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from clinical.protocol import Protocol
from clinical.quantities import to_unit
from db.queries.patient_rows import ResultRow
from desktop.wording.locale import locale
from desktop.wording.numbers import number, quantity, unit_text

tr = QCoreApplication.translate

CHOSEN = ("haemoglobin", "phosphate")
"""Analytes whose unit a clinic chooses."""
_PLACES: Mapping[str, int] = {"g/dL": 1, "mg/dL": 2}
"""Decimals a converted value is read with at least (g/dL) or at most (mg/dL)."""
_BASELINE = "baseline-"

_factors: dict[tuple[str, str], tuple[str, Decimal]] = {}
"""(analyte, canonical unit): the unit to show, and what one canonical unit comes to in it."""


Units = Mapping[tuple[str, str], tuple[str, Decimal]]


def chosen_units(hb_unit: str, phosphate_unit: str, protocol: Protocol) -> Units:
    """By analyte and canonical unit: the unit that was chosen instead, and what one canonical unit comes to in it."""
    return {
        (analyte, canonical): (unit, to_unit(analyte, Decimal(1), unit, protocol))
        for analyte, canonical, unit in (
            ("haemoglobin", "g/L", hb_unit),
            ("phosphate", "mmol/L", phosphate_unit),
        )
        if unit != canonical
    }


def use(hb_unit: str, phosphate_unit: str, protocol: Protocol) -> None:
    """Show haemoglobin in `hb_unit` (g/L or g/dL) and phosphate in `phosphate_unit` (mmol/L or mg/dL)."""
    _factors.clear()
    _factors.update(chosen_units(hb_unit, phosphate_unit, protocol))


def in_clinic_unit(what: str, value: Decimal, unit: str | None) -> tuple[Decimal, str | None]:
    """A canonical figure as the clinic reads it, with its unit; everything else unchanged.

    `what` is an analyte, or a figure made of it (`haemoglobin-best`, `baseline-haemoglobin`). A value in a unit
    that is not the canonical one is given back as it is.
    """
    return turned(_factors, what, value, unit)


def turned(units: Units, what: str, value: Decimal, unit: str | None) -> tuple[Decimal, str | None]:
    """As `in_clinic_unit`, with the units of a clinic that is not the one on the screen."""
    known = units.get((_analyte(what), unit or ""))
    if known is None:
        return value, unit
    shown, factor = known
    return _rounded(value * factor, shown), shown


def shown_unit(analyte: str, canonical: str) -> str:
    """The unit in which this clinic reads an analyte that is kept in `canonical`."""
    known = _factors.get((analyte, canonical))
    return known[0] if known else canonical


def measured(what: str, value: Decimal, unit: str | None, comparator: str | None = None) -> str:
    """A value with its unit as the clinic reads it: "8.8 g/dL" where that is what was chosen, else "88 g/L"."""
    found, shown = in_clinic_unit(what, value, unit)
    return quantity(found, shown, comparator)


def stored_value(row: ResultRow) -> str:
    """A stored result as the clinic reads it; as it was received where the clinic has no unit of its own."""
    if row.canonical is None or row.analyte not in CHOSEN:
        return quantity(row.value, row.unit, row.comparator)
    plain = row.canonical == row.canonical.to_integral_value()
    value = row.canonical.quantize(Decimal(1)) if plain and row.canonical_unit == "g/L" else row.canonical
    return measured(row.analyte, value, row.canonical_unit, row.comparator)


def limit_words(what: str, limit: Decimal, unit: str | None) -> str:
    """A cut-off with its unit, in the same unit as the value beside it."""
    found, shown = in_clinic_unit(what, limit, unit)
    return f"{number(found)} {unit_text(shown)}".strip()


_DEFICIT = re.compile(r"\((?P<high>[\d.]+) − (?P<low>[\d.]+) g/L\) × (?P<factor>[\d.]+)")
_SINGLE = re.compile(r"(?P<value>[\d.]+) g/L")


_FIGURE = re.compile(r"(?<=\d)\.(?=\d)")
_WEIGHTS: Mapping[str, object] = {
    "pre-pregnancy": QT_TRANSLATE_NOOP("codes", "weight before pregnancy"),
    "ideal": QT_TRANSLATE_NOOP("codes", "ideal weight"),
}


def working_words(working: str) -> str:
    """The working of a dose with haemoglobin in the clinic's unit: × 0.24 on g/L is × 2.4 on g/dL.

    Decimals are written as the locale writes them, and a weight that is not the true one is named.
    """
    said = _in_unit(working)
    for kind, words in _WEIGHTS.items():
        said = said.replace(f"({kind})", f"({tr('codes', str(words))})")
    return _FIGURE.sub(locale().decimalPoint(), said)


def _in_unit(working: str) -> str:
    known = _factors.get(("haemoglobin", "g/L"))
    if known is None:
        return working
    unit, factor = known

    def read(text: str) -> str:
        return f"{_rounded(Decimal(text) * factor, unit):f}"

    def deficit(found: re.Match[str]) -> str:
        times = (Decimal(found["factor"]) / factor).normalize()
        return f"({read(found['high'])} − {read(found['low'])} {unit}) × {times:f}"

    said = _DEFICIT.sub(deficit, working)
    return _SINGLE.sub(lambda found: f"{read(found['value'])} {unit}", said)


def _analyte(what: str) -> str:
    name = what.removeprefix(_BASELINE)
    return next((one for one in CHOSEN if name == one or name.startswith(f"{one}-")), name)


def _rounded(value: Decimal, unit: str) -> Decimal:
    """g/dL keeps finer digits that were sent (9.99) and has one at least; mg/dL has two at most."""
    places = _PLACES[unit]
    step = Decimal(1).scaleb(-places)
    if unit == "g/dL":
        plain = value.normalize()
        exponent = plain.as_tuple().exponent
        return plain if isinstance(exponent, int) and exponent < -places else value.quantize(step)
    rounded = value.quantize(step, ROUND_HALF_UP)
    return rounded.quantize(Decimal("0.1")) if rounded == rounded.quantize(Decimal("0.1")) else rounded
