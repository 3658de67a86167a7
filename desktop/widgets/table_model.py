"""What a table shows: columns, cells and rows as frozen values, and the model Qt asks."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.widgets.marks import Status

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
CELL_ROLE = int(Qt.ItemDataRole.UserRole)
ID_ROLE = CELL_ROLE + 1
COLUMN_ROLE = CELL_ROLE + 2
PAD = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its id is remembered, its title shown. `stretch` takes the slack, `hidden` is its first state.

    `width` is fixed; `most` is the widest it gets by itself, longer words ending in "…". Both in pixels at 100 %.
    `whole` words, such as names of people, are never cut for want of room. Columns that have a number in `leaves` leave
    the table while there is not room for all, 1 first, and are back when there is.
    """

    id: str
    title: str
    align: Literal["left", "right"] = "left"
    weight: int = 400
    tone: str = "text"
    stretch: bool = False
    width: int | None = None
    most: int | None = None
    whole: bool = False
    leaves: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows. `bars` are (done, of) small bars before the text; `sort` orders instead of the text."""

    text: str
    weight: int | None = None
    tone: str | None = None
    mark: Status | None = None
    struck: bool = False
    spoken: str = ""
    sort: object = None
    bars: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its id and one cell for each column."""

    id: int
    cells: tuple[Cell, ...]


class TableModel(QAbstractTableModel):
    """The rows as Qt sees them."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[Row] = []
        self._sorting: tuple[int, Qt.SortOrder] | None = None

    def replace(self, rows: Sequence[Row]) -> None:
        """Show other rows, in the order the user chose."""
        for row in rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"a row of {len(row.cells)} cells for {len(self.columns)} columns")
        self.beginResetModel()
        self._rows = list(rows)
        self._order()
        self.endResetModel()

    def longest(self, column: int, most: int, among: int) -> list[int]:
        """Places of the cells of a column with the longest texts, `most` of them, of the first `among` rows."""
        rows = self._rows
        return heapq.nlargest(
            most, range(min(len(rows), among)), key=lambda n: len(rows[n].cells[column].text)
        )

    def ids(self) -> list[int]:
        """Ids from top to bottom."""
        return [row.id for row in self._rows]

    def place(self, row_id: int | None) -> int:
        """Where a row stands, or -1."""
        return next((place for place, row in enumerate(self._rows) if row.id == row_id), -1)

    def at(self, place: int) -> Row | None:
        """The row at a place."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, spoken text, alignment, and the frozen values for the delegate."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        cell = row.cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell.spoken or f"{column.title} {cell.text}".strip()
        if role == CELL_ROLE:
            return cell
        if role == ID_ROLE:
            return row.id
        if role == COLUMN_ROLE:
            return column
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles and their alignment."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.FontRole:
            return theme.font("micro")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.align == "right" else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column; -1 leaves them as they came."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._rows[index.row()].id for index in before]
        self._sorting = (column, order) if column >= 0 else None
        self._order()
        places = {row.id: place for place, row in enumerate(self._rows)}
        after = [self.index(places[row], index.column()) for row, index in zip(ids, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _order(self) -> None:
        if self._sorting is None:
            return
        column, order = self._sorting

        def key(row: Row) -> tuple[bool, bool, object]:
            cell = row.cells[column]
            value = cell.text.casefold() if cell.sort is None else cell.sort
            return (value == "", isinstance(value, str), value)

        self._rows.sort(key=key, reverse=order is Qt.SortOrder.DescendingOrder)
