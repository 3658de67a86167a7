"""A value and its unit: exact conversion, plausibility, and questions about swapped units or slipped points.

An unknown unit is an error and never a guess. What looks swapped is only ever asked about: `suggestions`
proposes, a person answers. All arithmetic is decimal, so a value at a cut-off stays at the cut-off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from clinical.analytes import UnknownAnalyteError, find
from clinical.protocol.analytes import AcceptedUnit, Analyte, Plausible, level_unit

if TYPE_CHECKING:
    from clinical.protocol import Protocol

__all__ = [
    "Level",
    "Plausibility",
    "Quantity",
    "Suggestion",
    "UnknownAnalyteError",
    "UnknownUnitError",
    "body_plausibility",
    "canonical",
    "plausibility",
    "possible_canonical_values",
    "quantity",
    "same_unit",
    "suggestions",
    "to_unit",
    "unit_name",
    "units",
]


class UnknownUnitError(ValueError):
    """A unit the protocol does not accept for this analyte; `accepted` lists those it does."""

    def __init__(self, analyte: str, unit: str, accepted: tuple[str, ...]) -> None:
        """`unit` as it was written; `accepted` in our spelling."""
        super().__init__(f"{analyte}: unit {unit!r} is not known; known are {', '.join(accepted)}")
        self.analyte = analyte
        self.unit = unit
        self.accepted = accepted


class Level(StrEnum):
    """How far a value is believed: used as it is, used but asked about, or not believed."""

    OK = "ok"
    CONFIRM = "confirm"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in one of our own unit spellings."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Plausibility:
    """How far a value is believed, with the limits (in `unit`) it was held against and their source."""

    level: Level
    hard: tuple[Decimal, Decimal]
    soft: tuple[Decimal, Decimal]
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a value may have meant. `kind` is `unit` or `decimal-slip`; `canonical` is the value then."""

    kind: str
    value: Decimal
    unit: str
    canonical: Decimal


def canonical(analyte: str, value: Decimal, unit: str, protocol: Protocol) -> Decimal:
    """The value in the analyte's canonical unit: 9.99 g/dL haemoglobin is exactly 99.9 g/L.

    Raises `UnknownAnalyteError` or `UnknownUnitError`. Reticulocytes are counted either per cent or per
    litre, which cannot be turned into each other: `quantity` says which of the two the value is.
    """
    return quantity(analyte, value, unit, protocol).value


def quantity(analyte: str, value: Decimal, unit: str, protocol: Protocol) -> Quantity:
    """As `canonical`, with the unit of the answer."""
    row = _accepted(find(analyte, protocol), unit)
    return Quantity(_convert(value, row), row.to)


def to_unit(analyte: str, value: Decimal, unit: str, protocol: Protocol) -> Decimal:
    """A canonical value in the unit the clinic wants to see; the inverse of `canonical`, unrounded."""
    row = _accepted(find(analyte, protocol), unit)
    return value if row.times == row.divide_by else value * row.divide_by / row.times


def unit_name(analyte: str, unit: str, protocol: Protocol) -> str:
    """Our spelling of a unit as it was written (`mcg/dl` gives `ug/dL`); else `UnknownUnitError`."""
    return _accepted(find(analyte, protocol), unit).unit


def same_unit(analyte: str, one: str, other: str, protocol: Protocol) -> bool:
    """Whether two written units are one and the same for this analyte (`ng/mL` and `µg/L` are)."""
    return unit_name(analyte, one, protocol) == unit_name(analyte, other, protocol)


def units(analyte: str, protocol: Protocol) -> tuple[str, ...]:
    """Units this analyte may be reported in, the canonical one first."""
    return tuple(row.unit for row in find(analyte, protocol).accepted)


def plausibility(
    analyte: str, canonical_value: Decimal, protocol: Protocol, unit: str | None = None
) -> Plausibility:
    """Whether a value is believed. Limits themselves are inside.

    `unit` is needed only where an analyte has two canonical units (reticulocytes per cent or per litre).
    """
    known = find(analyte, protocol)
    kept_in = known.unit if unit is None else _accepted(known, unit).to
    return _against(known.plausible[kept_in], canonical_value)


def body_plausibility(measure: str, value: Decimal, protocol: Protocol) -> Plausibility:
    """The same for `weight` in kg and `height` in cm."""
    limits: Mapping[str, Plausible] = protocol.analytes.body
    return _against(limits[measure], value)


def possible_canonical_values(
    analyte: str, value: Decimal, protocol: Protocol
) -> tuple[tuple[str, Decimal], ...]:
    """What the number would be under every accepted unit, as (unit, canonical value), for a unit nobody
    knows.

    Values in a second canonical unit are left out: they answer another question.
    """
    known = find(analyte, protocol)
    return tuple((row.unit, _convert(value, row)) for row in known.accepted if row.to == known.unit)


def suggestions(analyte: str, value: Decimal, unit: str | None, protocol: Protocol) -> tuple[Suggestion, ...]:
    """Plausible readings of a value that is not plausible as written, or has no known unit. Only to be asked.

    A value that is plausible as written gives none. Otherwise first other units for the same number, then a
    slipped decimal point in the same unit; a reading that is itself implausible is not offered, nor the
    same value twice.
    """
    known = find(analyte, protocol)
    row = known.units.get(level_unit(unit)) if unit else None
    if row is not None and _against(known.plausible[row.to], _convert(value, row)).level is Level.OK:
        return ()
    readings = [("unit", value, other) for other in known.accepted if other is not row]
    if row is not None:
        readings += [("decimal-slip", value * factor, row) for factor in protocol.analytes.slip_factors]
    found: list[Suggestion] = []
    for kind, number, as_unit in readings:
        reading = _convert(number, as_unit)
        believed = _against(known.plausible[as_unit.to], reading).level is Level.OK
        if believed and all(reading != seen.canonical for seen in found):
            found.append(Suggestion(kind, number, as_unit.unit, reading))
    return tuple(found)


def _accepted(analyte: Analyte, unit: str) -> AcceptedUnit:
    row = analyte.units.get(level_unit(unit))
    if row is None:
        raise UnknownUnitError(analyte.name, unit, tuple(known.unit for known in analyte.accepted))
    return row


def _convert(value: Decimal, row: AcceptedUnit) -> Decimal:
    """Value × times ÷ divide_by; a factor of one leaves the digits as they were sent."""
    if row.times == row.divide_by:
        return value
    product = value * row.times
    return product if row.divide_by == 1 else product / row.divide_by


def _level(limits: Plausible, value: Decimal) -> Level:
    if not limits.hard[0] <= value <= limits.hard[1]:
        return Level.REJECT
    return Level.OK if limits.soft[0] <= value <= limits.soft[1] else Level.CONFIRM


def _against(limits: Plausible, value: Decimal) -> Plausibility:
    return Plausibility(_level(limits, value), limits.hard, limits.soft, limits.unit, limits.source)
