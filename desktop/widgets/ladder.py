"""The contact ladder: what has been tried, what is next, what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.marks import Status, paint_mark, word_tone
from desktop.widgets.paint import filled, write

RUNG = 46


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: DONE is behind, PLANNED ahead, any other mark is the current one."""

    status: Status
    step: str
    note: str = ""


class Ladder(QWidget):
    """The rungs under each other, joined by a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rungs: tuple[Rung, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set(self, rungs: Sequence[Rung]) -> None:
        """Show these rungs."""
        self._rungs = tuple(rungs)
        said = (", ".join(part for part in (rung.step, rung.note) if part) for rung in self._rungs)
        self.setAccessibleName(self.tr("Contact ladder"))
        self.setAccessibleDescription("; ".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """46 a rung."""
        return QSize(theme.px(220), theme.px(RUNG) * len(self._rungs))

    def minimumSizeHint(self) -> QSize:
        """Narrow words are cut."""
        return QSize(theme.px(140), theme.px(RUNG) * len(self._rungs))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line, marks and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high, side = theme.px(RUNG), theme.px(18)
        for place, rung in enumerate(self._rungs):
            top = place * high
            mark = QRectF(0, top + theme.px(2), side, side)
            if place + 1 < len(self._rungs):
                done = rung.status is Status.DONE
                painter.setPen(QPen(theme.color("accent" if done else "line"), 2))
                x = mark.center().x()
                painter.drawLine(QPointF(x, mark.bottom() + 3), QPointF(x, top + high - 1))
            self._paint_mark(painter, mark, rung.status)
            left, room = side + theme.px(10), self.width() - side - theme.px(10)
            now = rung.status not in {Status.DONE, Status.PLANNED}
            font = theme.font("body", 600 if now else 500)
            write(painter, QRectF(left, top, room, theme.px(22)), rung.step, font, theme.color("text"))
            tone = word_tone(rung.status) if now else "text2"
            note = QRectF(left, top + theme.px(20), room, theme.px(18))
            write(painter, note, rung.note, theme.font("small"), theme.color(tone))

    @staticmethod
    def _paint_mark(painter: QPainter, box: QRectF, status: Status) -> None:
        if status is Status.DONE:
            filled(painter, box, theme.color("accent"), box.width() / 2)
            theme.draw_icon(painter, "check", "on_accent", box.adjusted(3, 3, -3, -3))
        elif status is Status.PLANNED:
            painter.setPen(QPen(theme.color("edge"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        else:
            paint_mark(painter, box.adjusted(-1, -1, 1, 1), status)


def paint_bars(painter: QPainter, box: QRectF, done: int, of: int) -> float:
    """Small bars for `done` of `of` rungs, as in a table cell; returns where they end."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width, gap, height = theme.px(6), theme.px(3), theme.px(11)
    left, top = box.left(), box.center().y() - height / 2
    for place in range(of):
        bar = QRectF(left, top, width, height)
        if place < done:
            filled(painter, bar, theme.color("accent"), 1.5)
        else:
            painter.setPen(QPen(theme.color("edge"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), 1.5, 1.5)
        left += width + gap
    painter.restore()
    return left
