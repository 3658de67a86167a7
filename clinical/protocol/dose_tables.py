"""The typed form of the label dose tables and of the numbers that the dose formulas use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from clinical.protocol.lists import plain_numbers
from clinical.protocol.tables import Number, ProtocolError, Table


@dataclass(frozen=True, slots=True)
class DoseRow:
    """One haemoglobin row: `hb_below` is exclusive, `hb_up_to` inclusive, neither means every haemoglobin
    left.

    `cells` holds, for each weight column, the mg of every visit the table names.
    """

    hb_below: Decimal | None
    hb_up_to: Decimal | None
    cells: tuple[tuple[Decimal, ...], ...]

    def holds(self, hb: Decimal) -> bool:
        """Whether a haemoglobin in g/L belongs here, given that no row above took it."""
        if self.hb_below is not None:
            return hb < self.hb_below
        return self.hb_up_to is None or hb <= self.hb_up_to


@dataclass(frozen=True, slots=True)
class DoseTable:
    """A label's table of mg by haemoglobin (g/L) and weight (kg). Columns begin at each of `weight_from`."""

    id: str
    weight_from: tuple[Decimal, ...]
    rows: tuple[DoseRow, ...]
    visit_weeks: tuple[Decimal, ...]
    unit: str
    source: str
    valid_from: date

    def visits(self, hb: Decimal, weight: Decimal) -> tuple[Decimal, ...] | None:
        """mg of each visit for a haemoglobin and a weight, or None where the table has no answer."""
        column = sum(1 for start in self.weight_from if weight >= start) - 1
        row = next((row for row in self.rows if row.holds(hb)), None)
        return row.cells[column] if row is not None and column >= 0 else None


@dataclass(frozen=True, slots=True)
class DoseRules:
    """Label tables by id, and every other dosing number by its dotted name: with its value, with its source."""

    tables: Mapping[str, DoseTable]
    numbers: Mapping[str, Number]
    values: dict[str, Decimal] = field(init=False, repr=False, compare=False)
    sources: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay out what the formulas ask for by name."""
        object.__setattr__(self, "values", {name: one.value for name, one in self.numbers.items()})
        object.__setattr__(self, "sources", {name: one.source for name, one in self.numbers.items()})

    def number(self, name: str) -> Decimal:
        """The value of a number by its dotted name; `ProtocolError` when there is none."""
        return self._get(name).value

    def source(self, name: str) -> str:
        """Where a number comes from."""
        return self._get(name).source

    def _get(self, name: str) -> Number:
        try:
            return self.numbers[name]
        except KeyError:
            raise ProtocolError(f"dose_tables.{name}: there is no such number") from None


def parse_dose_tables(table: Table) -> DoseRules:
    """Read the table `dose_tables`: `tables` holds label tables, every other group plain numbers."""
    tables: dict[str, DoseTable] = {}
    numbers: dict[str, Number] = {}
    for group, child in table.children():
        if group == "tables":
            tables = {name: _table(name, entry) for name, entry in child.children()}
        else:
            for key in child.keys():  # noqa: SIM118 - a Table is no mapping
                numbers[f"{group}.{key}"] = child.number(key)
        child.done()
    table.done()
    return DoseRules(tables, numbers)


def _table(name: str, entry: Table) -> DoseTable:
    weights = plain_numbers(entry, "weight_from")
    weeks = plain_numbers(entry, "visit_weeks")
    if list(weights) != sorted(set(weights)):
        raise entry.error("weight_from", "must rise")
    rows = tuple(_row(row, len(weights), len(weeks)) for row in entry.tables("rows"))
    found = DoseTable(
        name, weights, rows, weeks, entry.text("unit"), entry.text("source"), entry.day("valid_from")
    )
    entry.done()
    return found


def _row(row: Table, columns: int, visits: int) -> DoseRow:
    below = row.plain("hb_below") if "hb_below" in row else None
    up_to = row.plain("hb_up_to") if "hb_up_to" in row else None
    if below is not None and up_to is not None:
        raise row.error("hb_below", "stands beside hb_up_to; one of them is enough")
    flat = plain_numbers(row, "mg")
    if len(flat) != columns * visits:
        raise row.error("mg", f"must have {columns} × {visits} numbers, visit by visit within each weight")
    cells = tuple(flat[n * visits : (n + 1) * visits] for n in range(columns))
    row.done()
    return DoseRow(below, up_to, cells)
