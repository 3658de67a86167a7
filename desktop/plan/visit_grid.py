"""Weeks across, weekdays down: the visits, the laboratory window and the day of the repeat blood tests."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinical.schedule import is_open
from db.queries.people import ClinicCalendar
from desktop import theme
from desktop.plan.outline import Outline
from desktop.widgets.paint import text_width, write
from desktop.wording import long_date, milligrams, number, short_date
from desktop.wording.plain import tr

CELL_HEIGHT, HEAD_HEIGHT, GAP, LABEL_WIDTH = 26, 22, 3, 42
LEAST_CELL = 44
WORKDAYS = 5
MOST_WEEKS = 12


class VisitGrid(QWidget):
    """A painted calendar of the plan. It only shows; its accessible name says the same in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outline: Outline | None = None
        self._today: date | None = None
        self._calendar: ClinicCalendar | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_outline(self, outline: Outline, today: date, calendar: ClinicCalendar) -> None:
        """Show the plan's weeks, from the first visit to the end of the laboratory window."""
        self._outline, self._today, self._calendar = outline, today, calendar
        said = [
            tr("{dose} on {day}").format(dose=milligrams(visit.dose_mg), day=long_date(visit.on))
            for visit in outline.visits
        ]
        if outline.lab_on is not None:
            said.append(tr("repeat blood tests on {day}").format(day=long_date(outline.lab_on)))
        self.setAccessibleName("; ".join(said))
        self.updateGeometry()
        self.update()

    def _first_monday(self, outline: Outline) -> date:
        first = min(visit.on for visit in outline.visits)
        return first - timedelta(days=first.weekday())

    def _weeks(self, outline: Outline) -> int:
        last = outline.window.closes if outline.window is not None else outline.visits[-1].on
        room = (self.width() - theme.px(LABEL_WIDTH)) // theme.px(LEAST_CELL)
        return max(1, min(MOST_WEEKS, room, (last - self._first_monday(outline)).days // 7 + 1))

    def sizeHint(self) -> QSize:
        """A head and five weekdays; week-ends only where something falls on one."""
        rows = len(self._days_shown())
        return QSize(theme.px(420), theme.px(HEAD_HEIGHT + rows * (CELL_HEIGHT + GAP)))

    def minimumSizeHint(self) -> QSize:
        """As high as the hint."""
        return QSize(theme.px(200), self.sizeHint().height())

    def _days_shown(self) -> tuple[int, ...]:
        outline = self._outline
        used = {visit.on.weekday() for visit in outline.visits} if outline is not None else set()
        if self._calendar is not None:
            used |= self._calendar.open_weekdays
        return tuple(day for day in range(7) if day < WORKDAYS or day in used)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint heads and cells."""
        outline = self._outline
        if outline is None or not outline.visits or self._today is None or self._calendar is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        weeks, days = self._weeks(outline), self._days_shown()
        monday = self._first_monday(outline)
        left, head = theme.px(LABEL_WIDTH), theme.px(HEAD_HEIGHT)
        width = (self.width() - left + theme.px(GAP)) / weeks
        pitch = theme.px(CELL_HEIGHT + GAP)
        micro = theme.font("micro")
        for week in range(weeks):
            box = QRectF(left + week * width + theme.px(8), 0, width - theme.px(8), head)
            words = short_date(monday + timedelta(weeks=week), self._today)
            write(painter, box, words, micro, theme.color("text3"))
        for row, weekday in enumerate(days):
            top = head + row * pitch
            name = long_date(monday + timedelta(days=weekday)).split()[0]
            opens = weekday in self._calendar.open_weekdays
            font, tone = theme.font("small", 600 if opens else 400), "text" if opens else "text3"
            write(painter, QRectF(0, top, left, theme.px(CELL_HEIGHT)), name, font, theme.color(tone))
            for week in range(weeks):
                cell = QRectF(left + week * width, top, width - theme.px(GAP), theme.px(CELL_HEIGHT))
                self._cell(painter, cell, monday + timedelta(weeks=week, days=weekday), outline)

    def _cell(self, painter: QPainter, cell: QRectF, day: date, outline: Outline) -> None:
        """Clinic day on the panel, closed plain, visit in the accent, the window in the ground of what is due."""
        calendar = self._calendar
        assert calendar is not None
        visit = next((v for v in outline.visits if v.on == day), None)
        window, target = outline.window, day == outline.lab_on
        inside = window is not None and window.opens <= day <= window.closes
        opened = is_open(day, calendar.open_weekdays, calendar.closed)
        ground = "accent" if visit else "due_ground" if inside else "panel" if opened else "page"
        painter.setPen(QPen(theme.color("due_mark"), 2) if target else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
        ink = theme.color("on_accent" if visit else "due_word" if inside else "text2" if opened else "text3")
        font = theme.font("small", 600 if visit is not None or target else 400)
        words = number(visit.dose_mg) + " mg" if visit is not None else ""
        if target:
            words = tr("bloods")
        elif window is not None and day in (window.opens, window.closes):
            words = tr("day {count}").format(count=(day - window.anchor).days)
        elif not opened and day.weekday() in calendar.open_weekdays and not words:
            words = tr("closed")
        _write_cell(painter, cell, str(day.day), words, font, ink)


def _write_cell(painter: QPainter, cell: QRectF, day: str, words: str, font: QFont, ink: QColor) -> None:
    """The day at the left, the words at the right; in a narrow cell the words give way, a dose stays."""
    pad = theme.px(8 if cell.width() > theme.px(76) else 4)
    box = cell.adjusted(pad, 0, -pad, 0)
    small = theme.font("micro", font.weight())
    for shown, kind in ((words, font), (words, small), (words.removesuffix(" mg"), small)):
        if shown and text_width(day, font) + text_width(shown, kind) + theme.px(5) <= box.width():
            painter.setFont(kind)
            painter.setPen(ink)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
            break
    write(painter, box, day, font, ink)
