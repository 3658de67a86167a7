"""Status marks: shape first, then colour, always with a word beside them."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.labels import Label


class Status(StrEnum):
    """The shapes: disc, triangle, diamond, tick, ring, rounded square with "!", plain square."""

    DUE = "due"
    OVERDUE = "overdue"
    URGENT = "urgent"
    DONE = "done"
    PLANNED = "planned"
    NOTE = "note"
    SPEAKS = "speaks"
    """A finding that speaks for the outcome."""


def word_tone(status: Status) -> str:
    """The token for the word beside a mark."""
    if status in {Status.PLANNED, Status.SPEAKS}:
        return "text2"
    return "overdue_word" if status is Status.NOTE else f"{status}_word"


def ground_tone(status: Status) -> str:
    """The token for the ground of a chip that carries this mark."""
    if status in {Status.PLANNED, Status.SPEAKS}:
        return "hover"
    return "overdue_ground" if status is Status.NOTE else f"{status}_ground"


def paint_mark(painter: QPainter, box: QRectF, status: Status) -> None:
    """Paint a mark of 11 units into a box of 16 (any size); never a character of a font."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    unit = box.width() / 16
    painter.translate(box.topLeft())
    painter.scale(unit, unit)
    _PAINTERS[status](painter)
    painter.restore()


def _pen(tone: str, width: float) -> QPen:
    return QPen(
        theme.color(tone), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )


def _disc(painter: QPainter) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("due_mark"))
    painter.drawEllipse(QPointF(8, 8), 4.75, 4.75)


def _triangle(painter: QPainter) -> None:
    painter.setPen(_pen("overdue_outline", 1.3))
    painter.setBrush(theme.color("overdue_mark"))
    painter.drawPolygon(QPolygonF([QPointF(8, 2.9), QPointF(13.4, 12.6), QPointF(2.6, 12.6)]))


def _diamond(painter: QPainter) -> None:
    painter.setPen(_pen("urgent_outline", 1.2))
    painter.setBrush(theme.color("urgent_mark"))
    painter.drawPolygon(QPolygonF([QPointF(8, 2.4), QPointF(13.6, 8), QPointF(8, 13.6), QPointF(2.4, 8)]))


def _tick(painter: QPainter) -> None:
    painter.setPen(_pen("done_mark", 1.9))
    painter.drawPolyline(QPolygonF([QPointF(3.2, 8.4), QPointF(6.5, 11.7), QPointF(12.8, 4.7)]))


def _ring(painter: QPainter) -> None:
    painter.setPen(_pen("edge", 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(8, 8), 4.1, 4.1)


def _note(painter: QPainter) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("note_mark"))
    painter.drawRoundedRect(QRectF(2.4, 2.4, 11.2, 11.2), 3, 3)
    painter.setPen(_pen("note_sign", 1.7))
    painter.drawLine(QPointF(8, 5.2), QPointF(8, 8.4))
    painter.drawPoint(QPointF(8, 10.9))


def _square(painter: QPainter) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    painter.drawRoundedRect(QRectF(4, 4, 8, 8), 1.8, 1.8)


_PAINTERS = {
    Status.DUE: _disc,
    Status.OVERDUE: _triangle,
    Status.URGENT: _diamond,
    Status.DONE: _tick,
    Status.PLANNED: _ring,
    Status.NOTE: _note,
    Status.SPEAKS: _square,
}


class Mark(QWidget):
    """One mark in a 16-pixel box. It says nothing itself: the word beside it does."""

    def __init__(self, status: Status, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = status
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def status(self) -> Status:
        """The shape shown."""
        return self._status

    def set_status(self, status: Status) -> None:
        """Show another shape."""
        self._status = status
        self.update()

    def sizeHint(self) -> QSize:
        """A 16-pixel box at the current scale."""
        return QSize(theme.px(16), theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape."""
        painter = QPainter(self)
        side = min(self.width(), self.height())
        paint_mark(
            painter, QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side), self._status
        )


class StatusWord(QWidget):
    """A mark and its word in the word's colour, as in "▲ 3 days late"."""

    def __init__(
        self,
        status: Status,
        text: str,
        role: str = "body",
        weight: int | None = 500,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mark = Mark(status)
        self._label = Label(text, role=role, tone=word_tone(status), weight=weight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self._mark)
        row.addWidget(self._label)
        row.addStretch(1)

    def text(self) -> str:
        """The word shown."""
        return self._label.text()

    def set_status(self, status: Status, text: str) -> None:
        """Show another mark and word."""
        self._mark.set_status(status)
        self._label.set_tone(word_tone(status))
        self._label.setText(text)
