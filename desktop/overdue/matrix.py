"""The matrix of owners and age bands. Every cell is a button that filters the table below."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from db.queries.worklist_rows import OverdueRow
from desktop import theme
from desktop.overdue.bands import BANDS, MARKS, Choice, counted, owners
from desktop.widgets.choosing import choose_by, mark
from desktop.widgets.labels import Label
from desktop.widgets.marks import Status, StatusWord
from desktop.widgets.paint import filled, focus_ring, write
from desktop.wording import band_name

LEAST, MOST = 0.08, 0.34
"""Strength of a cell's ground, from one row to as many as the fullest cell has."""


ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})


class MatrixCell(QAbstractButton):
    """A count. Its ground is the status colour, stronger the more it holds; none for zero."""

    def __init__(self, status: Status | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = status
        self._count, self._part = 0, 0.0
        self.setCheckable(True)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set(self, number: int, most: int, name: str) -> None:
        """Show a count against the fullest cell."""
        self._count = number
        self._part = LEAST + (MOST - LEAST) * (number / most) if number and most else 0.0
        self.setAccessibleName(f"{name}: {number}")
        self.setToolTip(name)
        self.update()

    def number(self) -> int:
        """The count shown."""
        return self._count

    def sizeHint(self) -> QSize:
        """78 by 26."""
        return QSize(theme.px(78), theme.px(26))

    def minimumSizeHint(self) -> QSize:
        """Never below a target of 24."""
        return QSize(theme.px(44), theme.px(26))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows belong to the matrix, everything else to the button."""
        if event.key() in ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, number, and rings for chosen and focus."""
        painter = QPainter(self)
        box, radius = QRectF(self.rect()), theme.px(6)
        if self._status is not None and self._part:
            filled(painter, box, theme.mix(f"{self._status}_mark", "page", self._part), radius)
        elif self.underMouse():
            filled(painter, box, theme.color("hover"), radius)
        strong = bool(self._count) or self._status is None
        font = theme.font("body", 600 if strong else 400)
        right = box.adjusted(0, 0, -theme.px(10), 0)
        ink = theme.color("text" if self._count else "text2")
        write(painter, right, str(self._count), font, ink, Qt.AlignmentFlag.AlignRight)
        if self.isChecked():
            focus_ring(painter, box, radius, "accent")
        if self.hasFocus():
            focus_ring(painter, box, radius, "accent", 3 if self.isChecked() else 1)


class OverdueMatrix(QWidget):
    """Owners down, bands across, sums at the edges. Arrow keys walk through the cells, Space filters."""

    chosen = Signal(object, object)
    """owner id and band of the cell that was pressed; None for a whole row or column, both None for none"""

    def __init__(self, days: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days = days
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.px(3))
        self._cells: dict[tuple[int | None, str | None], MatrixCell] = {}
        self._owners: tuple[tuple[int, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def cell(self, owner_id: int | None, band: str | None) -> MatrixCell:
        """A cell by owner and band (None: the sums)."""
        return self._cells[owner_id, band]

    def set_rows(self, rows: Sequence[OverdueRow], choice: Choice) -> None:
        """Count these rows; the cells are made anew only when the owners are others."""
        people = owners(rows)
        if people != self._owners or not self._cells:
            self._owners = people
            self._build()
        many = counted(rows)
        most = max((many[owner, band] for owner, _ in people for band in BANDS), default=0)
        names = dict(people)
        for (owner, band), cell in self._cells.items():
            who = names[owner] if owner is not None else self.tr("All owners")
            which = band_name(band) if band is not None else self.tr("all ages")
            cell.set(many[owner, band], most, f"{who}, {which}")
            both = (choice.owner_id, choice.band)
            mark(cell, both == (owner, band) and both != (None, None))

    def _build(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._cells = {}
        for place, band in enumerate(BANDS, start=1):
            head = StatusWord(MARKS[band], self._days[band], role="small")
            head.setToolTip(band_name(band))
            self._grid.addWidget(head, 0, place, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(
            Label(self.tr("All"), role="small", tone="text2"), 0, 5, Qt.AlignmentFlag.AlignRight
        )
        lines: list[tuple[int | None, str]] = [*self._owners, (None, self.tr("All"))]
        for row, (owner, name) in enumerate(lines, start=1):
            label = Label(name, weight=600 if owner is None else 400, elide=True)
            label.setMinimumWidth(theme.px(96))
            self._grid.addWidget(label, row, 0)
            for column, key in enumerate((*BANDS, None), start=1):
                self._add_cell(row, column, owner, key)

    def _add_cell(self, row: int, column: int, owner: int | None, band: str | None) -> None:
        mark = MARKS[band] if band is not None and owner is not None else None
        cell = MatrixCell(mark)
        choose_by(cell, partial(self._pressed, owner, band))
        self._grid.addWidget(cell, row, column)
        self._cells[owner, band] = cell

    def _pressed(self, owner: int | None, band: str | None) -> None:
        """A cell that was chosen is let go when it is pressed again."""
        on = self._cells[owner, band].isChecked()
        self.chosen.emit(owner if on else None, band if on else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the cells with the arrows."""
        keys = list(self._cells)
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -len(BANDS) - 1,
            Qt.Key.Key_Down: len(BANDS) + 1,
        }.get(Qt.Key(event.key()))
        at = next((place for place, key in enumerate(keys) if self._cells[key].hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        there = at + step
        if 0 <= there < len(keys):
            self._cells[keys[there]].setFocus(Qt.FocusReason.TabFocusReason)
