"""A figure month by month as columns: how a share, or a median of days, has gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.managers.figures import Point
from desktop.widgets.paint import focus_ring, write
from desktop.wording.locale import locale

HIGH = 150
NAME_SLOT = 48
"""Pixels the name of a month needs; where columns stand closer, not every month is named."""
LEAST_SLOT = 34
"""Pixels a value needs; where columns stand closer, only those whose month is named have theirs written out."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where columns stand: the box of the chart, the width of a column, the value of its top."""

    box: QRectF
    step: float
    top: float


class MonthChart(QWidget):
    """One column a month with its value above it and the number of courses below the month."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[Point, ...] = ()
        self._shares = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, name: str, points: Sequence[Point], *, shares: bool) -> None:
        """Show these months. `shares` are parts of one, otherwise days."""
        self._points, self._shares = tuple(points), shares
        said = "; ".join(self._said(point) for point in self._points)
        self.setAccessibleName(self.tr("{figure} by month").format(figure=name))
        self.setAccessibleDescription(said or self.tr("nothing to show"))
        self.setVisible(sum(1 for point in self._points if point.whole) > 1)
        self.update()

    def points(self) -> tuple[Point, ...]:
        """The months shown."""
        return self._points

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(theme.px(380), theme.px(HIGH))

    def minimumSizeHint(self) -> QSize:
        """Room for a few columns."""
        return QSize(theme.px(180), theme.px(HIGH))

    def _month(self, point: Point) -> str:
        month = locale().standaloneMonthName(point.month.month, QLocale.FormatType.ShortFormat)
        return f"{month} {point.month.year % 100:02d}"

    def _said(self, point: Point) -> str:
        if not point.whole:
            return self.tr("{month}: no course").format(month=self._month(point))
        return self.tr("{month}: {value} of {count} courses").format(
            month=self._month(point), value=self._value(point), count=point.whole
        )

    def _value(self, point: Point) -> str:
        if not point.whole:
            return "–"
        return f"{round(100 * point.value)} %" if self._shares else f"{round(point.value)}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint base line, columns, values and months."""
        if not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = theme.px(18)
        box = QRectF(self.rect()).adjusted(0, line, 0, -2 * line)
        # room at both ends for the name of a month that is wider than its column
        ends = max(0.0, (theme.px(NAME_SLOT) - box.width() / len(self._points)) / 2)
        box.adjust(ends, 0, -ends, 0)
        top = 1.0 if self._shares else max(point.value for point in self._points) or 1.0
        frame = _Frame(box, box.width() / len(self._points), top)
        for place, point in enumerate(self._points):
            self._paint_month(painter, frame, place, point)
        painter.setPen(QPen(theme.color("edge"), 1))
        painter.drawLine(QPointF(0, box.bottom()), QPointF(self.width(), box.bottom()))
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), theme.px(6))

    def _paint_month(self, painter: QPainter, frame: _Frame, place: int, point: Point) -> None:
        line, box, centre = theme.px(18), frame.box, Qt.AlignmentFlag.AlignHCenter
        left = box.left() + place * frame.step
        wide = min(frame.step * 0.62, theme.px(34))
        high = max(box.height() * point.value / frame.top, 1.0) if point.whole else 0.0
        column = QRectF(left + (frame.step - wide) / 2, box.bottom() - high, wide, high)
        painter.fillRect(column, theme.color("accent"))
        every = max(1, round(theme.px(NAME_SLOT) / frame.step + 0.49))
        named = (len(self._points) - 1 - place) % every == 0
        room = frame.step if frame.step >= theme.px(LEAST_SLOT) else frame.step * every
        slot = QRectF(left - (room - frame.step) / 2, 0, room, line)
        wide_slot = QRectF(left - frame.step * (every - 1) / 2, box.bottom() + 2, frame.step * every, line)
        if named:
            write(painter, wide_slot, self._month(point), theme.font("micro"), theme.color("text2"), centre)
        if named or room == frame.step:
            slot.moveTop(column.top() - line)
            write(painter, slot, self._value(point), theme.font("micro", 600), theme.color("text"), centre)
            slot.moveTop(box.bottom() + line)
            write(painter, slot, str(point.whole), theme.font("micro"), theme.color("text3"), centre)
