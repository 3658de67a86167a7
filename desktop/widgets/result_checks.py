"""What to say about a value as typed: believed, asked about, or impossible. The limits are the protocol's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from clinical.protocol import Protocol
from clinical.quantities import Level, Suggestion, plausibility, quantity, suggestions, to_unit
from desktop.widgets.quantity_edit import Quantity
from desktop.wording import number, unit_text


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a value is believed; `low` and `high` are the limits it left, in the unit it was typed in."""

    level: Level
    low: Decimal
    high: Decimal
    unit: str
    suggestion: Suggestion | None


def check(analyte: str, typed: Quantity, protocol: Protocol) -> Verdict:
    """Hold a typed value against the protocol's limits, and look for what it may have been meant as.

    Raises `UnknownAnalyteError` or `UnknownUnitError`; the entry offers neither.
    """
    kept = quantity(analyte, typed.value, typed.unit, protocol)
    held = plausibility(analyte, kept.value, protocol, typed.unit)
    limits = held.hard if held.level is Level.REJECT else held.soft
    low, high = (to_unit(analyte, limit, typed.unit, protocol) for limit in limits)
    found = suggestions(analyte, typed.value, typed.unit, protocol)
    return Verdict(held.level, low, high, typed.unit, found[0] if found else None)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ResultChecks", text)


def three_figures(value: Decimal) -> Decimal:
    """A limit with at most three significant figures, as it is said beside a field."""
    if not value:
        return Decimal(0)
    places = max(0, 2 - value.adjusted())
    return value.quantize(Decimal(1).scaleb(-places)).normalize() if places else value.to_integral_value()


def question(verdict: Verdict, typed: Quantity) -> str:
    """The sentence that stands beside the field; empty for a value that is believed."""
    if verdict.level is Level.OK:
        return ""
    values = {
        "value": f"{number(typed.value)} {unit_text(typed.unit)}",
        "low": f"{three_figures(verdict.low):f}",
        "high": number(Decimal(f"{three_figures(verdict.high):f}")),
        "unit": unit_text(verdict.unit),
    }
    impossible = verdict.level is Level.REJECT
    said = (
        _tr("{value} cannot be: it lies outside {low} to {high} {unit}.")
        if impossible
        else _tr("{value} is unusual: it lies outside {low} to {high} {unit}.")
    ).format(**values)
    if verdict.suggestion is None:
        return said if impossible else f"{said} {_tr('Is it right?')}"
    meant = f"{number(plain(verdict.suggestion.value))} {unit_text(verdict.suggestion.unit)}"
    return f"{said} {_tr('Did you mean {value}?').format(value=meant)}"


def plain(value: Decimal) -> Decimal:
    """Without trailing noughts and never in powers of ten."""
    return Decimal(f"{value.normalize():f}")
