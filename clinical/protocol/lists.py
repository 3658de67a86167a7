"""Clinical numbers that come as a list: a plain series, and values that depend on the dose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinical.protocol.tables import Table


@dataclass(frozen=True, slots=True)
class Series:
    """Several numbers of one kind, in their order."""

    values: tuple[Decimal, ...]
    unit: str
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Steps:
    """A value by dose: the last pair whose dose is exceeded counts; below the first there is none."""

    above_mg: tuple[Decimal, ...]
    values: tuple[Decimal, ...]
    unit: str
    source: str
    valid_from: date

    def at(self, dose_mg: Decimal) -> Decimal | None:
        """The value for a dose in mg."""
        found = None
        for above, value in zip(self.above_mg, self.values, strict=True):
            if dose_mg > above:
                found = value
        return found


@dataclass(frozen=True, slots=True)
class Codes:
    """Coded words that belong together, with where they come from."""

    codes: tuple[str, ...]
    source: str
    valid_from: date

    def __contains__(self, code: object) -> bool:
        """Whether a code is one of them."""
        return code in self.codes


def codes(table: Table, key: str) -> Codes:
    """`{codes = […], source, valid_from}`."""
    row = table.table(key)
    found = Codes(row.texts("codes"), row.text("source"), row.day("valid_from"))
    row.done()
    return found


def plain_numbers(table: Table, key: str) -> tuple[Decimal, ...]:
    """A list of bare finite numbers, at least one."""
    raw = table.raw(key)
    if not isinstance(raw, list) or not raw or not all(type(item) in (int, Decimal) for item in raw):
        raise table.error(key, "must be a list of numbers")
    values = tuple(Decimal(item) for item in raw)
    if not all(value.is_finite() for value in values):
        raise table.error(key, "must be a list of finite numbers")
    return values


def series(table: Table, key: str) -> Series:
    """`{values = […], unit, source, valid_from}`."""
    row = table.table(key)
    found = Series(plain_numbers(row, "values"), row.text("unit"), row.text("source"), row.day("valid_from"))
    row.done()
    return found


def steps(table: Table, key: str) -> Steps:
    """`{above_mg = […], values = […], unit, source, valid_from}`; `above_mg` rises, one for each value."""
    row = table.table(key)
    above, values = plain_numbers(row, "above_mg"), plain_numbers(row, "values")
    if len(above) != len(values) or list(above) != sorted(set(above)):
        raise row.error("above_mg", "must rise, one for each value")
    found = Steps(above, values, row.text("unit"), row.text("source"), row.day("valid_from"))
    row.done()
    return found
