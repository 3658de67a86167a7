"""The typed form of the analyte tables: units with their factors, codes, names, plausibility."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from clinical.protocol.lists import plain_numbers, series
from clinical.protocol.tables import Table

_SUPERSCRIPTS = {
    **{ord(sup): digit for sup, digit in zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)},
    ord("⁻"): "-",
}
_SAME_SIGN = str.maketrans({"μ": "u", "µ": "u", "×": "x", "·": "*", "∗": "*", "^": "*", "⁄": "/", "−": "-"})
_PER = re.compile(r"[.*]([a-z]+)-1$")  # `g.L-1` is another way to write g/L
_WRITTEN_OUT = re.compile(r"^(micro|nano|pico|milli|u|m|n|p)?(?:grams?|gramm|gr)/")
_PREFIX = {"micro": "u", "nano": "n", "pico": "p", "milli": "m"}
_POWER_IN_BRACKETS = re.compile(r"^(x?10)(?:\((\d{1,2})\)|x(\d{1,2}))/")
_WHOLE_WORD = re.compile(r"/lit(?:re|er|ro)$")
_ESCAPES = ("\\s\\", "\\u\\")


@lru_cache(maxsize=4096)
def level_unit(text: str) -> str:
    """A unit with everything levelled that never changes its meaning: case, blanks, micro signs, power signs.

    `10^9/L`, `x10e9 / l`, `10⁹/L` and `10\\S\\9/L` all give `10*9/l`. Nothing is looked up and nothing is
    guessed.
    """
    unit = _raise_superscripts(text.strip())
    unit = unicodedata.normalize("NFKC", unit).translate(_SAME_SIGN).casefold()
    for escape in _ESCAPES:
        unit = unit.replace(escape, "*")
    unit = "".join(unit.split()).replace("**", "*")
    unit = unit.replace("mcg", "ug").replace("mcl", "ul").replace("mcmol", "umol").replace("µ", "u")
    unit = _PER.sub(r"/\1", unit.rstrip(".")).replace("u.i.", "ui").replace("moles/", "mol/")
    unit = _POWER_IN_BRACKETS.sub(lambda found: f"{found[1]}*{found[2] or found[3]}/", unit)
    unit = _WRITTEN_OUT.sub(lambda found: f"{_PREFIX.get(found[1] or '', found[1] or '')}g/", unit)
    unit = _WHOLE_WORD.sub(r"/l", unit.replace("microg/", "ug/").replace("mikrog/", "ug/"))
    if unit.startswith("x10"):
        unit = unit[1:]
    for power in ("3", "6", "9", "12"):
        for sign in ("e", "e+", "exp"):
            if unit.startswith(f"10{sign}{power}"):
                unit = f"10*{power}" + unit[2 + len(sign) + len(power) :]
    return unit


def _raise_superscripts(text: str) -> str:
    """Superscript digits written as `*digits`, so that `10⁹` does not become one hundred and nine."""
    raised = ""
    inside = False
    for character in text:
        small = _SUPERSCRIPTS.get(ord(character))
        if small is not None and not inside:
            raised += "*"
        inside = small is not None
        raised += small if small is not None else character
    return raised


def level_name(text: str) -> str:
    """A test name with case, accents, blanks and punctuation levelled (`%` is kept)."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in apart if c.isalnum() or c == "%")


@dataclass(frozen=True, slots=True)
class AcceptedUnit:
    """A unit a laboratory may report: value × `times` ÷ `divide_by` is the value in the unit `to`."""

    unit: str
    to: str
    times: Decimal
    divide_by: Decimal
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Plausible:
    """Limits in `unit`, both ends inside: beyond `hard` not believed, beyond `soft` to be confirmed."""

    unit: str
    hard: tuple[Decimal, Decimal]
    soft: tuple[Decimal, Decimal]
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Analyte:
    """One thing measured. `units` is keyed by levelled spelling, `plausible` by the unit a value is in."""

    name: str
    unit: str
    loinc: tuple[str, ...]
    names: tuple[str, ...]
    accepted: tuple[AcceptedUnit, ...]
    units: Mapping[str, AcceptedUnit]
    plausible: Mapping[str, Plausible]


@dataclass(frozen=True, slots=True)
class Analytes:
    """All analytes by name, by LOINC code and by levelled test name; body measures; decimal-slip factors."""

    by_name: Mapping[str, Analyte]
    by_loinc: Mapping[str, Analyte]
    by_spelling: Mapping[str, Analyte]
    body: Mapping[str, Plausible]
    slip_factors: tuple[Decimal, ...]


def parse_analytes(table: Table) -> Analytes:
    """Read the table `analytes`. A code, name or unit claimed twice is a `ProtocolError`."""
    spellings = _spellings(table.table("spellings"))
    by_name: dict[str, Analyte] = {}
    by_loinc: dict[str, Analyte] = {}
    by_spelling: dict[str, Analyte] = {}
    measured = table.table("measured")
    for name, entry in measured.children():
        analyte = _analyte(name, entry, spellings)
        by_name[name] = analyte
        _claim(by_loinc, analyte.loinc, analyte, entry, "loinc")
        known = {level_name(text): None for text in (name, *analyte.names)}
        _claim(by_spelling, tuple(known), analyte, entry, "names")
    body_table = table.table("body")
    body = {name: _body(entry) for name, entry in body_table.children()}
    slip = table.table("slip")
    factors = series(slip, "factors").values
    slip.done()
    table.done()
    return Analytes(by_name, by_loinc, by_spelling, body, factors)


def _claim(
    owners: dict[str, Analyte], keys: tuple[str, ...], analyte: Analyte, entry: Table, field: str
) -> None:
    for key in keys:
        if key in owners:
            raise entry.error(field, f"{key} belongs to {owners[key].name} already")
        owners[key] = analyte


def _spellings(table: Table) -> Mapping[str, tuple[str, ...]]:
    return {unit: table.texts(unit) for unit in table.keys()}  # noqa: SIM118 - a Table is no mapping


def _analyte(name: str, entry: Table, spellings: Mapping[str, tuple[str, ...]]) -> Analyte:
    unit = entry.text("unit")
    accepted = tuple(_accepted(row, unit) for row in entry.tables("units"))
    if not accepted or accepted[0].unit != unit or accepted[0].times != 1 or accepted[0].divide_by != 1:
        raise entry.error("units", f"must begin with {unit}, times 1")
    plausible = [_plausible(entry.table("plausible"))]
    if "absolute" in entry:
        plausible.append(_plausible(entry.table("absolute")))
    limits = {row.unit: row for row in plausible}
    for row in accepted:
        if row.to not in limits:
            raise entry.error("units", f"{row.unit} leads to {row.to}, which has no plausibility limits")
    own = entry.table("spellings") if "spellings" in entry else None
    aliases = {key: own.text(key) for key in own.keys()} if own is not None else {}  # noqa: SIM118
    units = _unit_map(entry, accepted, spellings, aliases)
    analyte = Analyte(name, unit, entry.texts("loinc", ()), entry.texts("names"), accepted, units, limits)
    entry.done()
    return analyte


def _unit_map(
    entry: Table,
    accepted: tuple[AcceptedUnit, ...],
    spellings: Mapping[str, tuple[str, ...]],
    aliases: Mapping[str, str],
) -> Mapping[str, AcceptedUnit]:
    """Every levelled spelling of every accepted unit; two units under one spelling are an error."""
    units: dict[str, AcceptedUnit] = {}
    by_unit = {row.unit: row for row in accepted}
    for row in accepted:
        for text in (row.unit, *spellings.get(row.unit, ())):
            known = units.setdefault(level_unit(text), row)
            if known is not row:
                raise entry.error("units", f"{text} would mean both {known.unit} and {row.unit}")
    for text, unit in aliases.items():
        if unit not in by_unit or level_unit(text) in units:
            raise entry.error("spellings", f"{text} must lead to one accepted unit")
        units[level_unit(text)] = by_unit[unit]
    return units


def _accepted(row: Table, canonical: str) -> AcceptedUnit:
    times = row.plain("times") if "times" in row else Decimal(1)
    divide_by = row.plain("divide_by") if "divide_by" in row else Decimal(1)
    if times <= 0 or divide_by <= 0:
        raise row.error("times", "a factor must be above 0")
    to = row.text("to") if "to" in row else canonical
    unit = AcceptedUnit(row.text("unit"), to, times, divide_by, row.text("source"), row.day("valid_from"))
    row.done()
    return unit


def _plausible(row: Table) -> Plausible:
    hard, soft = _pair(row, "hard"), _pair(row, "soft")
    if not hard[0] <= soft[0] < soft[1] <= hard[1]:
        raise row.error("soft", "must lie inside the hard limits")
    limits = Plausible(row.text("unit"), hard, soft, row.text("source"), row.day("valid_from"))
    row.done()
    return limits


def _body(entry: Table) -> Plausible:
    entry.text("unit")
    limits = _plausible(entry.table("plausible"))
    entry.done()
    return limits


def _pair(row: Table, key: str) -> tuple[Decimal, Decimal]:
    values = plain_numbers(row, key)
    if len(values) != 2:
        raise row.error(key, "must be a lowest and a highest value")
    return values[0], values[1]
