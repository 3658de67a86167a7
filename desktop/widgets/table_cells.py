"""How a table's cells are painted: the ground of the whole row, mark, bars, text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from desktop import theme
from desktop.widgets.choices import paint_check
from desktop.widgets.ladder import paint_bars
from desktop.widgets.marks import paint_mark
from desktop.widgets.paint import focus_ring, text_width, write
from desktop.widgets.table_model import CELL_ROLE, COLUMN_ROLE, ID_ROLE, PAD, Cell, Column, Index

if TYPE_CHECKING:
    from desktop.widgets.table import DataTable


class CellDelegate(QStyledItemDelegate):
    """Paints cells: ground of the whole row, mark, bars, text."""

    def __init__(self, view: DataTable) -> None:
        super().__init__(view)
        self._table = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Width of the contents with their padding."""
        width = self.width_of(index.data(CELL_ROLE), index.data(COLUMN_ROLE), first=index.column() == 0)
        return QSize(width, self._table.row_height())

    def width_of(self, cell: Cell, column: Column, *, first: bool) -> int:
        """Pixels a cell needs; `first` where the column carries the check boxes."""
        width = text_width(cell.text, theme.font("body", cell.weight or column.weight)) + 2 * theme.px(PAD)
        width += theme.px(22) if cell.mark else 0
        width += theme.px(9) * cell.bars[1] + theme.px(6) if cell.bars else 0
        width += theme.px(28) if first and self._table.is_checkable() else 0
        return round(width) + 2

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        painter.save()
        box = QRectF(option.rect)
        state = option.state
        checked = index.data(ID_ROLE) in self._table.checked_ids()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or checked:
            painter.fillRect(box, theme.color("tint"))
        elif self._table.hovered_row() == index.row():
            painter.fillRect(box, theme.color("hover"))
        self._paint_content(painter, box, index, checked=checked)
        if chosen and self._table.hasFocus():
            self._paint_focus(painter, index)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """The whole text of a cell that is cut, as its tool tip."""
        if index.isValid() and self.sizeHint(option, index).width() > option.rect.width() + 2:
            QToolTip.showText(event.globalPos(), index.data(CELL_ROLE).text, view)
            return True
        QToolTip.hideText()
        return False

    def _paint_content(self, painter: QPainter, box: QRectF, index: Index, *, checked: bool) -> None:
        cell: Cell = index.data(CELL_ROLE)
        column: Column = index.data(COLUMN_ROLE)
        inside = box.adjusted(theme.px(PAD), 0, -theme.px(PAD), 0)
        middle = box.center().y()
        if self._table.is_checkable() and index.column() == 0:
            side = theme.px(16)
            mark = QRectF(inside.left(), middle - side / 2, side, side)
            paint_check(painter, mark, Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
            inside.setLeft(inside.left() + theme.px(28))
        if cell.mark is not None:
            side = theme.px(15)
            paint_mark(painter, QRectF(inside.left(), middle - side / 2, side, side), cell.mark)
            inside.setLeft(inside.left() + theme.px(22))
        if cell.bars is not None:
            inside.setLeft(paint_bars(painter, inside, *cell.bars) + theme.px(4))
        font = theme.font("body", cell.weight or column.weight)
        if cell.struck:
            font = QFont(font)
            font.setStrikeOut(True)
        ink = theme.color("text3" if cell.struck else cell.tone or column.tone)
        align = Qt.AlignmentFlag.AlignRight if column.align == "right" else Qt.AlignmentFlag.AlignLeft
        write(painter, inside, cell.text, font, ink, align)

    def _paint_focus(self, painter: QPainter, index: Index) -> None:
        """The part of the row's ring that lies in this cell; each cell paints its own part."""
        last = self._table.viewport().width()
        top = self._table.rowViewportPosition(index.row())
        ring = QRectF(0, top, last, self._table.rowHeight(index.row()))
        focus_ring(painter, ring, theme.px(6))
