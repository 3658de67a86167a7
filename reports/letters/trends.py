"""Results of professional letters: a table over the days that matter, with trends, and the trend chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from reports.blocks import Block, Chart, Grid, Heading, Para, Series, Text, text_of
from reports.facts import ResultRow
from reports.letters.common import NBSP, Voice, figure

_DAYS_SHOWN = 4
_CHARTED = ("haemoglobin", "ferritin")
_MOST_POINTS = 24


def results_section(voice: Voice) -> list[Block]:
    """Table and chart of current results; says when corrected values were left out."""
    current = [row for row in voice.facts.results if not row.superseded]
    if not current:
        return []
    days = _days(voice, current)
    rows = tuple(_row(voice, name, current, days) for name in dict.fromkeys(row.analyte for row in current))
    head = (
        voice.wording.line("results.test", {}),
        voice.wording.line("results.target", {}),
        *(text_of(voice.short_day(day)) for day in days),
        voice.wording.line("results.trend", {}),
    )
    widths = (27, 15, *(14 for _day in days), 13)
    align = ("left", "left", *("right" for _day in days), "right")
    blocks: list[Block] = [
        Heading(voice.wording.line("heading.results", {})),
        Grid(head, rows, widths, align),
    ]
    if len(current) < len(voice.facts.results):
        blocks.append(Para(voice.wording.line("results.corrected", {}), "small"))
    return blocks + chart_section(voice, current)


def _days(voice: Voice, rows: Sequence[ResultRow]) -> list[date]:
    """The last day before the iron, then the newest days, oldest first."""
    every = sorted({row.collected for row in rows})
    infusions = voice.facts.course.infusions if voice.facts.course else ()
    first = min((infusion.on for infusion in infusions), default=None)
    before = [day for day in every if first is not None and day <= first]
    newest = every[-_DAYS_SHOWN:]
    if before and before[-1] not in newest:
        newest = [before[-1], *newest[1:]]
    return newest


def _row(voice: Voice, analyte: str, rows: Sequence[ResultRow], days: Sequence[date]) -> tuple[Text, ...]:
    own = sorted((row for row in rows if row.analyte == analyte), key=lambda row: row.collected)
    mixed = len({row.unit for row in own}) > 1
    unit = voice.unit(own[-1].canonical_unit if mixed else own[-1].unit)
    name = f"{voice.term('name', analyte)}, {unit}" if unit else voice.term("name", analyte)
    by_day = {row.collected: row for row in own}
    cells = [_cell(voice, by_day.get(day), mixed=mixed) for day in days]
    return (text_of(name), text_of(_target(voice, own[-1])), *cells, text_of(_trend(voice, own, mixed=mixed)))


def _number(row: ResultRow, *, mixed: bool) -> Decimal:
    """The value in the unit of its row: as received or, where units differ, the canonical one without idle zeros."""
    if not mixed or row.canonical is None:
        return row.value
    return row.canonical.normalize()


def _cell(voice: Voice, row: ResultRow | None, *, mixed: bool) -> Text:
    if row is None:
        return text_of("–")
    words = f"{row.comparator}{figure(_number(row, mixed=mixed))}"
    if row.flag in ("low", "high"):
        return (*text_of(words, bold=True), *text_of(f" {voice.wording.words(f'results.{row.flag}')}"))
    return text_of(words)


def _target(voice: Voice, row: ResultRow) -> str:
    """The target in the canonical unit, with the unit where the row is shown in another one."""
    low, high = row.target_low, row.target_high
    unit = "" if row.unit == row.canonical_unit else f"{NBSP}{voice.unit(row.canonical_unit)}"
    if low is not None and high is not None:
        return f"{figure(low)}–{figure(high)}{unit}"
    if low is not None:
        return f"≥ {figure(low)}{unit}"
    return f"≤ {figure(high)}{unit}" if high is not None else ""


def _trend(voice: Voice, rows: Sequence[ResultRow], *, mixed: bool) -> str:
    """The change between the last two values; nothing where one of them has a comparator."""
    if len(rows) < 2 or rows[-1].comparator or rows[-2].comparator:
        return ""
    change = _number(rows[-1], mixed=mixed) - _number(rows[-2], mixed=mixed)
    if change == 0:
        return voice.wording.words("trend.same")
    return voice.wording.words("trend.up" if change > 0 else "trend.down", {"amount": figure(abs(change))})


def chart_section(voice: Voice, rows: Sequence[ResultRow]) -> list[Block]:
    """The trend chart, where at least one of its analytes has two values."""
    series = [
        made for made in (_series(voice, analyte, rows) for analyte in _CHARTED) if len(made.points) > 1
    ]
    if not series:
        return []
    days = sorted({day for one in series for day, _value in one.points})
    infusions = voice.facts.course.infusions if voice.facts.course else ()
    marks = tuple((i.on, f"{figure(i.dose_mg)} {voice.wording.words('chart.infusion')}") for i in infusions)
    description = voice.wording.words(
        "chart.description",
        {
            "series": voice.joined(one.title for one in series),
            "first_day": voice.day(days[0]),
            "last_day": voice.day(days[-1]),
            "count": str(len(marks)),
        },
    )
    labels = tuple((day, voice.short_day(day)) for day in days)
    return [Chart(tuple(series), marks, labels, description)]


def _series(voice: Voice, analyte: str, rows: Sequence[ResultRow]) -> Series:
    own = sorted((row for row in rows if row.analyte == analyte), key=lambda row: row.collected)
    points = [
        (row.collected, row.canonical) for row in own if row.canonical is not None and not row.comparator
    ]
    unit = voice.unit(own[-1].canonical_unit) if own else ""
    target = own[-1].target_low if own else None
    return Series(f"{voice.term('name', analyte)}, {unit}", tuple(points[-_MOST_POINTS:]), target)
