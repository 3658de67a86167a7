"""Counts that must read zero, at the foot of a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.enter import pressed_by_enter
from desktop.widgets.marks import Status, paint_mark
from desktop.widgets.paint import focus_ring, text_width, write
from desktop.widgets.surface import Surface


class Tally(QAbstractButton):
    """One count: a tick and grey while it is zero, a note and bold otherwise. Pressing it shows what it counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._words = 0, ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set(self, count: int, words: str) -> None:
        """Show a count of something."""
        self._count, self._words = count, words
        self.setAccessibleName(f"{count} {words}")
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Mark, count and words on one line, 24 high."""
        width = text_width(f"{self._count} {self._words}", theme.font("small", 600)) + theme.px(36)
        return QSize(round(width), theme.px(24))

    def minimumSizeHint(self) -> QSize:
        """Mark and count."""
        return QSize(theme.px(48), theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark, count, words and focus."""
        painter = QPainter(self)
        side, zero = theme.px(14), not self._count
        box = QRectF(theme.px(4), (self.height() - side) / 2, side, side)
        paint_mark(painter, box, Status.DONE if zero else Status.NOTE)
        left = box.right() + theme.px(7)
        font = theme.font("small", 600)
        ink = theme.color("text2" if zero else "text")
        write(painter, QRectF(left, 0, self.width(), self.height()), str(self._count), font, ink)
        left += text_width(str(self._count), font) + theme.px(6)
        words = theme.font("small", 400 if zero else 600)
        write(painter, QRectF(left, 0, self.width() - left, self.height()), self._words, words, ink)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), theme.px(6))


class TallyFoot(Surface):
    """The tallies in two columns, with a line above."""

    pressed = Signal(int)
    """place of the tally that was pressed"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("list", edges="top", parent=parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme.px(18), theme.px(6), theme.px(18), theme.px(6))
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(0)
        self._tallies: list[Tally] = []
        self._columns = 2

    def set_tallies(self, counts: Sequence[tuple[int, str]]) -> None:
        """Show these counts, in reading order."""
        while len(self._tallies) < len(counts):
            place = len(self._tallies)
            tally = Tally()
            tally.clicked.connect(lambda _checked=False, place=place: self.pressed.emit(place))
            self._grid.addWidget(tally, place // self._columns, place % self._columns)
            self._tallies.append(tally)
        for place, tally in enumerate(self._tallies):
            tally.setVisible(place < len(counts))
            if place < len(counts):
                tally.set(*counts[place])
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where they fit, else one."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        widest = max((tally.sizeHint().width() for tally in self._tallies), default=0)
        margins = self._grid.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        columns = 2 if 2 * widest + self._grid.horizontalSpacing() <= room else 1
        if columns == self._columns:
            return
        self._columns = columns
        for place, tally in enumerate(self._tallies):
            self._grid.removeWidget(tally)
            self._grid.addWidget(tally, place // columns, place % columns)
