"""The results as table rows: as received and canonical, target, laboratory, and the state in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from db.queries.patients import ResultRow
from desktop.patient.chart_facts import GONE, PANELS
from desktop.widgets.table import Cell, Column, Row
from desktop.widgets.trend_chart import Target
from desktop.wording import analyte_name, number, plain_date, quantity, result_state_name, span, unit_text


def _tr(text: str) -> str:
    return QCoreApplication.translate("ResultRows", text)


@dataclass(frozen=True, slots=True)
class Value:
    """One line of the table before it is worded. A computed value has no laboratory and a negative id.

    `reason` is why a value was corrected or withdrawn; it stands behind the laboratory.
    """

    id: int
    collected: date
    day: int | None
    analyte: str
    received: str
    canonical: Decimal | None
    comparator: str | None
    unit: str | None
    laboratory: str
    status: str
    superseded: bool
    reason: str = ""


def columns() -> list[Column]:
    """The table's columns, in order."""
    return [
        Column("collected", _tr("Collected")),
        Column("day", _tr("Day"), align="right", tone="text2", width=48),
        Column("test", _tr("Test")),
        Column("received", _tr("As received"), align="right", tone="text2", leaves=2),
        Column("canonical", _tr("Canonical"), align="right", weight=600),
        Column("target", _tr("Target"), tone="text2"),
        Column("laboratory", _tr("Laboratory"), tone="text2", stretch=True, leaves=1),
        Column("state", _tr("State")),
    ]


def values(
    rows: Sequence[ResultRow], computed: Mapping[date, Decimal], days: Mapping[date, int | None]
) -> tuple[Value, ...]:
    """Reported and computed values, newest day first; within a day in the order of the panel."""
    found = [_reported(row) for row in rows]
    found += [
        Value(
            -1 - place, day, days.get(day), "transferrin-saturation", _tr("iron/TIBC"), value, None, "%",
            _tr("computed"), "final", False,
        )
        for place, (day, value) in enumerate(sorted(computed.items()))
    ]  # fmt: skip
    return tuple(sorted(found, key=_order))


def _reported(row: ResultRow) -> Value:
    """A value as the laboratory gave it."""
    return Value(
        id=row.result_id,
        collected=row.collected,
        day=row.day,
        analyte=row.analyte,
        received=quantity(row.value, row.unit, row.comparator),
        canonical=row.canonical,
        comparator=row.comparator,
        unit=row.canonical_unit,
        laboratory=row.laboratory or "",
        status=row.status,
        superseded=row.superseded,
        reason=row.change_reason or "",
    )


def _order(value: Value) -> tuple[int, int, str, bool, int]:
    first = PANELS.index(value.analyte) if value.analyte in PANELS else len(PANELS)
    return (-value.collected.toordinal(), first, value.analyte, value.superseded, -value.id)


def table_rows(shown: Sequence[Value], every: Sequence[Value], bands: Mapping[str, Target]) -> list[Row]:
    """Rows for the table. `every` is the whole record, which tells whether a value rises or falls."""
    before = _before(every)
    rows: list[Row] = []
    last: date | None = None
    for value in shown:
        first_of_day = value.collected != last
        last = value.collected
        rows.append(_row(value, before.get(value.id), bands.get(value.analyte), first_of_day))
    return rows


def _before(every: Sequence[Value]) -> Mapping[int, Decimal]:
    """The standing value before each one, of the same test."""
    found: dict[int, Decimal] = {}
    newest: dict[str, Decimal] = {}
    for value in sorted(every, key=lambda v: v.collected):
        if value.analyte in newest:
            found[value.id] = newest[value.analyte]
        if value.canonical is not None and not value.superseded and value.status not in GONE:
            newest[value.analyte] = value.canonical
    return found


def _row(value: Value, before: Decimal | None, target: Target | None, first_of_day: bool) -> Row:
    struck = value.superseded or value.status in GONE
    tone = "text3" if struck else None
    state = state_words(value, before, target)
    outside = not struck and target is not None and value.canonical is not None
    outside = outside and not target.holds(value.canonical)  # type: ignore[union-attr, arg-type]
    canonical = _canonical(value)
    said = _tr("{words}, superseded").format(words=canonical) if struck else canonical
    return Row(
        value.id,
        (
            Cell(
                plain_date(value.collected), 500 if first_of_day else 400, None if first_of_day else "text2"
            ),
            Cell("" if value.day is None else str(value.day)),
            Cell(analyte_name(value.analyte), 500 if first_of_day else 400, tone, struck=struck),
            Cell(value.received, tone=tone, struck=struck),
            Cell(canonical, 400 if struck else None, tone, struck=struck, spoken=said),
            Cell("" if struck else target_words(target, value.unit)),
            Cell(" · ".join(part for part in (value.laboratory, value.reason) if part)),
            Cell(state, 600 if outside else 400, "text" if outside else "text2", spoken=state.lstrip("↓↑ ")),
        ),
    )


def _canonical(value: Value) -> str:
    """The canonical value as it is read: two decimals in mmol/L, whole per cents, else at most one."""
    if value.canonical is None:
        return _tr("unit not read")
    places = {"mmol/L": 2, "%": 0}.get(value.unit or "", 1 if abs(value.canonical) < 10 else 0)
    whole = value.canonical == value.canonical.to_integral_value()
    text = number(value.canonical, 0 if whole and value.unit != "mmol/L" else places)
    before = f"{value.comparator} " if value.comparator else ""
    return f"{before}{text} {unit_text(value.unit)}".strip()


def target_words(target: Target | None, unit: str | None) -> str:
    """`120 g/L or more`, `below 5 mg/L`, `100–500 µg/L`; empty without a target."""
    if target is None:
        return ""
    if target.low is not None and target.high is not None:
        return span(target.low.normalize() + 0, target.high.normalize() + 0, unit or "")
    low = quantity(target.low.normalize() + 0, unit) if target.low is not None else ""
    high = quantity(target.high.normalize() + 0, unit) if target.high is not None else ""
    if low:
        return _tr("{low} or more").format(low=low)
    return (_tr("below {high}") if target.open_top else _tr("up to {high}")).format(high=high)


def state_words(value: Value, before: Decimal | None, target: Target | None) -> str:
    """`↓ low, falling`, `in target`, `superseded`; the arrow says where it lies, the word where it goes."""
    if value.superseded:
        return result_state_name("superseded")
    if value.status in GONE or value.canonical is None:
        return result_state_name(value.status)
    parts = []
    if value.status == "preliminary":
        parts.append(result_state_name("preliminary"))
    if target is not None:
        if target.is_low(value.canonical):
            parts.append(_tr("↓ low"))
        elif target.is_high(value.canonical):
            parts.append(_tr("↑ high"))
        else:
            parts.append(_tr("in target"))
        if before is not None and not target.holds(value.canonical) and before != value.canonical:
            parts.append(_tr("falling") if value.canonical < before else _tr("rising"))
    return ", ".join(parts)
