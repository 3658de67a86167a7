"""Weeks across, weekdays down: the visits, the laboratory window and the day of the repeat blood tests."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.plan.outline import Outline
from desktop.widgets.paint import write
from desktop.wording import long_date, milligrams, number, short_date
from desktop.wording.plain import tr

CELL_HEIGHT, HEAD_HEIGHT, GAP, LABEL_WIDTH = 26, 22, 3, 40
WORKDAYS = 5
MOST_WEEKS = 12


class VisitGrid(QWidget):
    """A painted calendar of the plan. It only shows; its accessible name says the same in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outline: Outline | None = None
        self._today: date | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_outline(self, outline: Outline, today: date) -> None:
        """Show the plan's weeks, from the first visit to the end of the laboratory window."""
        self._outline, self._today = outline, today
        said = [
            tr("{dose} on {day}").format(dose=milligrams(visit.dose_mg), day=long_date(visit.on))
            for visit in outline.visits
        ]
        if outline.lab_on is not None:
            said.append(tr("repeat blood tests on {day}").format(day=long_date(outline.lab_on)))
        self.setAccessibleName("; ".join(said))
        self.update()

    def _first_monday(self, outline: Outline) -> date:
        first = outline.visits[0].on
        return first - timedelta(days=first.weekday())

    def _weeks(self, outline: Outline) -> int:
        last = outline.window.closes if outline.window is not None else outline.visits[-1].on
        return min(MOST_WEEKS, (last - self._first_monday(outline)).days // 7 + 1)

    def sizeHint(self) -> QSize:
        """A head and five weekdays; week-ends only where something falls on one."""
        rows = len(self._days_shown())
        return QSize(theme.px(420), theme.px(HEAD_HEIGHT + rows * (CELL_HEIGHT + GAP)))

    def minimumSizeHint(self) -> QSize:
        """As high as the hint."""
        return QSize(theme.px(280), self.sizeHint().height())

    def _days_shown(self) -> tuple[int, ...]:
        outline = self._outline
        used = {visit.on.weekday() for visit in outline.visits} if outline is not None else set()
        if outline is not None and outline.lab_on is not None:
            used.add(outline.lab_on.weekday())
        return tuple(day for day in range(7) if day < WORKDAYS or day in used)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint heads and cells."""
        outline = self._outline
        if outline is None or not outline.visits or self._today is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        weeks, days = self._weeks(outline), self._days_shown()
        monday = self._first_monday(outline)
        left, head = theme.px(LABEL_WIDTH), theme.px(HEAD_HEIGHT)
        width = (self.width() - left) / weeks
        pitch = theme.px(CELL_HEIGHT + GAP)
        small = theme.font("micro")
        for week in range(weeks):
            box = QRectF(left + week * width + theme.px(6), 0, width, head)
            write(
                painter,
                box,
                short_date(monday + timedelta(weeks=week), self._today),
                small,
                theme.color("text3"),
            )
        for row, weekday in enumerate(days):
            top = head + row * pitch
            name = long_date(monday + timedelta(days=weekday)).split()[0]
            write(painter, QRectF(0, top, left, theme.px(CELL_HEIGHT)), name, small, theme.color("text2"))
            for week in range(weeks):
                cell = QRectF(left + week * width, top, width - theme.px(GAP), theme.px(CELL_HEIGHT))
                self._cell(painter, cell, monday + timedelta(weeks=week, days=weekday), outline)

    def _cell(self, painter: QPainter, cell: QRectF, day: date, outline: Outline) -> None:
        visit = next((v for v in outline.visits if v.on == day), None)
        window, target = outline.window, day == outline.lab_on
        inside = window is not None and window.opens <= day <= window.closes
        ground = "accent" if visit is not None else "due_ground" if inside else "panel"
        painter.setPen(QPen(theme.color("due_outline"), 2) if target else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
        ink = theme.color("on_accent" if visit is not None else "text2" if not inside else "due_word")
        font = theme.font("small", 600 if visit is not None or target else 400)
        box = cell.adjusted(theme.px(8), 0, -theme.px(8), 0)
        write(painter, box, str(day.day), font, ink)
        words = number(visit.dose_mg) + " mg" if visit is not None else ""
        if target:
            words = tr("bloods")
        elif window is not None and day in (window.opens, window.closes):
            words = tr("day {count}").format(count=(day - window.anchor).days)
        if words:
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
