"""Where things lie in the trend chart: rectangles from a size and the facts, before anything is painted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF

from desktop.widgets.trend_chart.model import (
    ChartFacts,
    TimeAxis,
    Trend,
    TrendPoint,
    ValueAxis,
    time_axis,
    value_axis,
)

SHARES = (36, 28, 19, 17)
"""Heights of the four panels, in hundredths: haemoglobin first, because it is read first."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One trend with its plot rectangle and its value axis."""

    trend: Trend
    rect: QRectF
    axis: ValueAxis

    def y(self, value: float) -> float:
        """The height of a canonical value, in painter units."""
        return self.rect.bottom() - self.axis.fraction(value) * self.rect.height()


@dataclass(frozen=True, slots=True)
class Layout:
    """All rectangles of one painting; `unit` is one design pixel (1.0 at a 13 px system font)."""

    unit: float
    left: float
    right: float
    end: float
    head: QRectF
    panels: tuple[Panel, ...]
    lane: QRectF
    axis: QRectF
    time: TimeAxis

    def x(self, day: date) -> float:
        """Where a day lies across the plot."""
        return self.left + self.time.fraction(day) * (self.right - self.left)

    def day_at(self, x: float) -> date:
        """The day under a horizontal position."""
        return self.time.day((x - self.left) / max(1.0, self.right - self.left))

    def point(self, panel: Panel, point: TrendPoint) -> QPointF:
        """The centre of a value's dot."""
        return QPointF(self.x(point.on), panel.y(float(point.value)))


def layout(rect: QRectF, facts: ChartFacts, unit: float) -> Layout:
    """Divide a rectangle: titles left, plot, room for the last values right; head, panels, lane, dates."""
    gutter = 92.0 * unit if rect.width() < 620 * unit else 118.0 * unit
    left, end = rect.left() + gutter, rect.right()
    right = end - 62 * unit
    head = QRectF(left, rect.top(), right - left, 20 * unit)
    axis = QRectF(left, rect.bottom() - 24 * unit, right - left, 24 * unit)
    lane = QRectF(left, axis.top() - 26 * unit, right - left, 20 * unit)
    gap = 10 * unit
    count = max(1, len(facts.trends))
    room = lane.top() - 10 * unit - head.bottom() - gap * (count - 1)
    shares = [SHARES[n] if n < len(SHARES) else SHARES[-1] for n in range(len(facts.trends))]
    panels: list[Panel] = []
    top = head.bottom()
    for trend, share in zip(facts.trends, shares, strict=True):
        height = room * share / sum(shares)
        panels.append(Panel(trend, QRectF(left, top, right - left, height), value_axis(trend)))
        top += height + gap
    return Layout(unit, left, right, end, head, tuple(panels), lane, axis, time_axis(facts))
