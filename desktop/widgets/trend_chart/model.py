"""What the trend chart is told, and the arithmetic of its axes: pure values, no painting, no Qt.

Values are in the units the clinic reads (the laboratory's own are shown in the results table). Targets are
arguments: they come from the assessment's profile and the protocol in force, and none is known here. Axis ticks
are chosen from the data and the target, so no clinical number lives in this module.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

_SHORTEST_AXIS_DAYS = 56
"""Two values a day apart still get an axis on which weeks can be told apart."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One value on its day of collection. `comparator` is `<`, `>` or None."""

    on: date
    value: Decimal
    comparator: str | None = None
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """The band a value should lie in, in the unit of the panel; either end may be missing (None).

    Both ends belong to the band, except a ceiling with `open_top`.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    open_top: bool = False

    def is_low(self, value: Decimal) -> bool:
        """Whether the value lies under the band."""
        return self.low is not None and value < self.low

    def is_high(self, value: Decimal) -> bool:
        """Whether the value lies over the band."""
        if self.high is None:
            return False
        return value >= self.high if self.open_top else value > self.high

    def holds(self, value: Decimal) -> bool:
        """Whether the value lies in the band."""
        return not self.is_low(value) and not self.is_high(value)


@dataclass(frozen=True, slots=True)
class Trend:
    """One panel: an analyte by its code, its words, its values in order of day, and its target band."""

    analyte: str
    title: str
    unit: str
    points: tuple[TrendPoint, ...] = ()
    target: Target | None = None
    logarithmic: bool = False
    decimals: int = 0

    @property
    def standing(self) -> tuple[TrendPoint, ...]:
        """The values that still stand, oldest first."""
        return tuple(sorted((p for p in self.points if not p.superseded), key=lambda p: p.on))

    def on(self, day: date) -> TrendPoint | None:
        """The last standing value collected on that day, or None."""
        return next((p for p in reversed(self.standing) if p.on == day), None)


@dataclass(frozen=True, slots=True)
class InfusionMark:
    """Iron really given: mg of elemental iron on a day."""

    on: date
    dose_mg: Decimal


@dataclass(frozen=True, slots=True)
class CourseSpan:
    """One course in the course lane: words for it, its infusions, the day the next one took over.

    `opens` and `closes` bound its window for repeat blood tests, and are None before the first infusion.
    """

    title: str
    infusions: tuple[InfusionMark, ...] = ()
    until: date | None = None
    opens: date | None = None
    closes: date | None = None


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """All the chart shows. `today` is the clinic's calendar day, given, never asked of the clock."""

    today: date
    trends: tuple[Trend, ...] = ()
    courses: tuple[CourseSpan, ...] = ()

    @property
    def is_empty(self) -> bool:
        """No value in any panel and no infusion: there is nothing to draw."""
        return not any(t.points for t in self.trends) and not any(c.infusions for c in self.courses)

    @property
    def value_count(self) -> int:
        """How many values the panels hold, superseded ones included."""
        return sum(len(t.points) for t in self.trends)

    @property
    def reading_days(self) -> tuple[date, ...]:
        """Days on which something can be read, oldest first."""
        return tuple(sorted({p.on for t in self.trends for p in t.points}))

    def day_of_course(self, day: date) -> int | None:
        """Days since the last infusion given on or before that day; None before any."""
        given = [i.on for c in self.courses for i in c.infusions if i.on <= day]
        return (day - max(given)).days if given else None


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Days to a fraction of the plot's width, 0 at the left edge and 1 at the right."""

    first: date
    last: date

    def fraction(self, day: date) -> float:
        """Where a day lies; outside days give less than 0 or more than 1."""
        return (day - self.first).days / max(1, (self.last - self.first).days)

    def day(self, fraction: float) -> date:
        """The day at a fraction of the width, held inside the axis."""
        held = min(1.0, max(0.0, fraction))
        return self.first + timedelta(days=round(held * (self.last - self.first).days))


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """Canonical values to a fraction of a panel's height, 0 at the bottom."""

    low: float
    high: float
    logarithmic: bool = False
    ticks: tuple[Decimal, ...] = field(default=())

    def fraction(self, value: Decimal | float) -> float:
        """Where a value lies, held a little outside the panel at most, so that a line never leaves it."""
        number = float(value)
        if self.logarithmic:
            number = max(number, self.low)
            share = math.log(number / self.low) / math.log(self.high / self.low)
        else:
            share = (number - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, share))


def time_axis(facts: ChartFacts) -> TimeAxis:
    """From the first event to today, the last event or the end of a window to come; some air on the left."""
    days = [facts.today, *facts.reading_days]
    days += [i.on for c in facts.courses for i in c.infusions]
    days += [c.closes for c in facts.courses if c.closes is not None and c.infusions and c.until is None]
    first, last = min(days), max(days)
    span = max((last - first).days, _SHORTEST_AXIS_DAYS)
    first = last - timedelta(days=span)
    return TimeAxis(first - timedelta(days=max(2, span // 18)), last)


def value_axis(trend: Trend) -> ValueAxis:
    """An axis that holds every value and the floor of the target, with the floor and the ends as ticks."""
    numbers = [float(p.value) for p in trend.points]
    if trend.target is not None:
        numbers += [float(end) for end in (trend.target.low, trend.target.high) if end is not None]
    if not trend.points and trend.target is not None and trend.target.low is not None:
        floor = float(trend.target.low)
        return ValueAxis(floor * 0.5, floor * 1.3, trend.logarithmic, (trend.target.low,))
    if trend.logarithmic:
        return _log_axis([n for n in numbers if n > 0], trend.target)
    return _linear_axis(numbers, trend.target)


def _linear_axis(numbers: Sequence[float], target: Target | None) -> ValueAxis:
    """A linear axis with a tenth of air below and, above a target without ceiling, room for the band."""
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    spread = (high - low) or max(abs(high) * 0.2, 0.2)
    low, high = max(0.0, low - spread * 0.3), high + spread * 0.3
    floor = target.low if target else None
    ticks = _ticks(floor, _round_steps(low, high), lambda a, b: abs(a - b) / (high - low))
    return ValueAxis(low, high, ticks=ticks)


def _log_axis(numbers: Sequence[float], target: Target | None) -> ValueAxis:
    """A logarithmic axis; ticks of 1, 2 and 5 times a power of ten, thinned to those far apart."""
    low, high = (min(numbers), max(numbers)) if numbers else (1.0, 100.0)
    low, high = low / 1.6, max(high * 1.5, low * 4)
    width = math.log(high / low)
    candidates = [
        Decimal(m).scaleb(e)
        for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for m in (5, 2, 1)
        if low <= m * 10.0**e <= high
    ]
    floor = target.low if target else None
    ends = sorted(candidates)
    wanted = [ends[-1], ends[0], *ends] if ends else []
    ticks = _ticks(floor, wanted, lambda a, b: abs(math.log(a / b)) / width if a and b else 0.0)
    return ValueAxis(low, high, True, ticks)


def _round_steps(low: float, high: float) -> list[Decimal]:
    """Round numbers inside a linear axis, the ends of the range first."""
    raw = (high - low) / 3
    power = math.floor(math.log10(raw))
    base = next((b for b in (1, 2, 5, 10) if b * 10.0**power >= raw), 10)
    step = Decimal(base).scaleb(power)
    first = math.ceil(low / float(step))
    last = math.floor(high / float(step))
    return [step * n for n in range(first, last + 1)]


def _ticks(
    floor: Decimal | None, candidates: Sequence[Decimal], gap: Callable[[float, float], float]
) -> tuple[Decimal, ...]:
    """The target's floor first, then at most two more that stand at least a quarter of the height away."""
    chosen: list[Decimal] = [floor] if floor is not None else []
    for candidate in candidates:
        if len(chosen) < 3 and all(gap(float(candidate), float(c)) >= 0.26 for c in chosen):
            chosen.append(candidate)
    return tuple(sorted(chosen))


def nearest_day(days: Sequence[date], wanted: date) -> date | None:
    """The day in the sorted list that is nearest; the earlier one when two are equally near."""
    if not days:
        return None
    place = bisect_right(days, wanted)
    around = days[max(0, place - 1) : place + 1]
    return min(around, key=lambda d: (abs((d - wanted).days), d))
