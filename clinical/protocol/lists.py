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
    """A value by dose: the last pair whose dose is exceeded counts; below the first there is none.

    `more_than` says for each value whether the label asks for more than it, and not for as much.
    """

    above_mg: tuple[Decimal, ...]
    values: tuple[Decimal, ...]
    unit: str
    source: str
    valid_from: date
    more_than: tuple[bool, ...] = ()

    def is_more_than(self, dose_mg: Decimal) -> bool:
        """Whether the label asks for more than the value of this dose."""
        place = sum(1 for above in self.above_mg if dose_mg > above) - 1
        return 0 <= place < len(self.more_than) and self.more_than[place]

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
    """`{above_mg = […], values = […], unit, source, valid_from}`; `above_mg` rises, one for each value.

    `more_than = [true or false, …]` may stand beside them.
    """
    row = table.table(key)
    above, values = plain_numbers(row, "above_mg"), plain_numbers(row, "values")
    if len(above) != len(values) or list(above) != sorted(set(above)):
        raise row.error("above_mg", "must rise, one for each value")
    more = row.raw("more_than") if "more_than" in row else [False] * len(values)
    if not isinstance(more, list) or len(more) != len(values) or not all(type(one) is bool for one in more):
        raise row.error("more_than", "must be true or false, one for each value")
    found = Steps(above, values, row.text("unit"), row.text("source"), row.day("valid_from"), tuple(more))
    row.done()
    return found


@dataclass(frozen=True, slots=True)
class Ladder:
    """A value for every stretch of a measure: each start counts itself in; below the first there is none."""

    starts: tuple[Decimal, ...]
    values: tuple[Decimal, ...]
    unit: str
    source: str
    valid_from: date

    def at(self, measure: Decimal) -> Decimal | None:
        """The value of the stretch a measure falls in."""
        found = None
        for start, value in zip(self.starts, self.values, strict=True):
            if measure >= start:
                found = value
        return found

    def between(self, measure: Decimal) -> Decimal:
        """The value on the straight line from one start to the next; outside, that of the nearest end."""
        if measure <= self.starts[0]:
            return self.values[0]
        for n, start in enumerate(self.starts[1:], 1):
            if measure <= start:
                low, below = self.values[n - 1], self.starts[n - 1]
                return low + (self.values[n] - low) * (measure - below) / (start - below)
        return self.values[-1]


def ladder(table: Table, key: str) -> Ladder:
    """`{from = […], values = […], unit, source, valid_from}`; `from` rises, one for each value."""
    row = table.table(key)
    starts, values = plain_numbers(row, "from"), plain_numbers(row, "values")
    if len(starts) != len(values) or list(starts) != sorted(set(starts)):
        raise row.error("from", "must rise, one for each value")
    found = Ladder(starts, values, row.text("unit"), row.text("source"), row.day("valid_from"))
    row.done()
    return found
