"""The small trend chart of professional letters: one line per panel over one time axis, infusions marked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from reportlab.lib.colors import white
from reportlab.platypus import Flowable

from reports.blocks import Chart, Series
from reports.flow import ACCENT, INK, LINE, QUIET, Flow
from reports.tagging import Element

_PANEL = 62.0
_GAP = 10.0
_AXIS = 16.0
_TOP = 14.0
_LEFT = 30.0
_RIGHT = 34.0
_LABEL = 7.5
"""Points at the usual size of letters; large print makes all of them larger."""
_LARGE = 1.8


class TrendChart(Flowable):  # type: ignore[misc]
    """Draws a `Chart` as one figure; its description stands for it where it cannot be seen."""

    def __init__(self, chart: Chart, flow: Flow, element: Element, width: float) -> None:
        super().__init__()
        self._chart = chart
        self._flow = flow
        self._element = element
        self._scale = _LARGE if flow.large else 1.0
        self.width = width
        self.height = (_TOP + len(chart.series) * (_PANEL + _GAP) + _AXIS) * self._scale
        self.spaceAfter = flow.size * 0.8

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """The size the chart was made for."""
        return self.width, self.height

    def draw(self) -> None:
        """Panels from top to bottom, infusion marks through all of them, days below."""
        with self.canv.content(self._element):
            self._draw_infusions()
            for number, series in enumerate(self._chart.series):
                bottom = self.height - (_TOP + number * (_PANEL + _GAP) + _PANEL) * self._scale
                self._draw_series(series, bottom, INK if number == 0 else ACCENT)
            self._draw_days()

    def _text(self, words: str, x: float, y: float, align: str = "left") -> None:
        size = _LABEL * self._scale
        self._flow.draw_words(self.canv, words, x, y, size=size, align=align, field="chart")

    def _width_of(self, words: str) -> float:
        return self._flow.width_of(words, _LABEL * self._scale)

    @property
    def _left(self) -> float:
        return _LEFT * self._scale

    @property
    def _right(self) -> float:
        """Where the panels end, in points from the left edge of the chart."""
        return self.width - _RIGHT * self._scale

    def _days(self) -> tuple[date, date]:
        every = [day for series in self._chart.series for day, _value in series.points]
        every += [day for day, _label in self._chart.infusions]
        return min(every), max(every)

    def _x(self, day: date) -> float:
        first, last = self._days()
        share = (day - first).days / max((last - first).days, 1)
        return self._left + share * (self._right - self._left)

    def _draw_infusions(self) -> None:
        bottom = _AXIS * self._scale
        top = self.height - _TOP * self._scale
        self.canv.setStrokeColor(QUIET)
        self.canv.setLineWidth(0.6)
        self.canv.setDash(2, 2)
        last_right = -1e9
        for day, label in self._chart.infusions:
            x = self._x(day)
            self.canv.line(x, bottom, x, top)
            if x > last_right:
                self._text(label, x, top + 3)
                last_right = x + self._width_of(label) + 6
        self.canv.setDash()

    def _draw_series(self, series: Series, bottom: float, colour: Any) -> None:
        values = [float(value) for _day, value in series.points]
        target = float(series.target) if series.target is not None else None
        high = max([*values, target or 0.0]) * 1.08
        low = min(values) * 0.9 if min(values) > high * 0.4 else 0.0
        room = (_PANEL - 14) * self._scale

        def place(value: float) -> float:
            return bottom + (value - low) / max(high - low, 1e-9) * room

        self._draw_title(series.title, bottom + (_PANEL - 8) * self._scale)
        self.canv.setStrokeColor(LINE)
        self.canv.setLineWidth(0.5)
        self.canv.line(self._left, bottom, self._right, bottom)
        if target is not None and series.target is not None and target > low:
            self.canv.setDash(1, 2)
            self.canv.setStrokeColor(colour)
            self.canv.line(self._left, place(target), self._right, place(target))
            self.canv.setDash()
            self._text(_figure(series.target), self._left - 4, place(target) - 3, "right")
        points = [(self._x(day), place(float(value))) for day, value in series.points]
        self.canv.setStrokeColor(colour)
        self.canv.setFillColor(colour)
        self.canv.setLineWidth(1.3)
        for (x0, y0), (x1, y1) in pairwise(points):
            self.canv.line(x0, y0, x1, y1)
        for x, y in points:
            self.canv.circle(x, y, 1.9, stroke=0, fill=1)
        x, y = points[-1]
        self._text(_figure(series.points[-1][1]), x + 5, y - 3)

    def _draw_title(self, title: str, y: float) -> None:
        """The title of a panel on white, so that the mark of an infusion does not run through it."""
        size = _LABEL * self._scale
        self.canv.setFillColor(white)
        self.canv.rect(self._left, y - size * 0.3, self._width_of(title) + 3, size * 1.3, stroke=0, fill=1)
        self._text(title, self._left, y)

    def _draw_days(self) -> None:
        last_right = -1e9
        for day, label in self._chart.days:
            x, half = self._x(day), self._width_of(label) / 2
            if x - half > last_right + 6:
                self._text(label, x, 2, "middle")
                last_right = x + half


def _figure(value: Decimal) -> str:
    return f"{value.normalize():f}"
