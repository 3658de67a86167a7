"""The list on the left of a page: two lines a row, under group heads, by keyboard as by mouse.

Rows are known by their id. When the list is asked again, the row that was current stays current, and if it is
gone, the row that stands in its place is.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop import theme
from desktop.widgets.row_delegate import (
    HEAD,
    ITEM_ROLE,
    MARKED_ROLE,
    ROW,
    Index,
    ListRow,
    RowDelegate,
    RowGroup,
)

__all__ = ["HEAD", "ROW", "ListRow", "RowDelegate", "RowGroup", "RowList", "RowModel"]


NEAR = 20
"""So many rows before the last more of them are wanted."""
LAID_OUT = 200
"""So many rows are laid out at first, and as many more at a time: Qt asks each for its height, many thousands too."""


class RowModel(QAbstractListModel):
    """Heads and rows in one column; heads cannot be chosen. The view lays out the first of them, and more as it gets
    there; ids, marks and places are those of all.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[ListRow | RowGroup] = []
        self._places: dict[int, int] = {}
        self._laid_out = 0
        self._marked: set[int] = set()

    def replace(self, groups: Sequence[RowGroup], at_least: int = 0) -> None:
        """Show other rows, `at_least` so many laid out at once; marks on rows that are gone are forgotten."""
        self.beginResetModel()
        self._items = []
        for group in groups:
            if group.title and group.many():
                self._items.append(group)
            self._items.extend(group.rows)
        self._places = {}
        for place, item in enumerate(self._items):
            if isinstance(item, ListRow):
                self._places.setdefault(item.id, place)
        self._laid_out = min(max(LAID_OUT, at_least), len(self._items))
        self._marked &= self._places.keys()
        self.endResetModel()

    def ids(self) -> list[int]:
        """Ids of the rows from top to bottom."""
        return [item.id for item in self._items if isinstance(item, ListRow)]

    def place(self, row_id: int | None) -> int:
        """Where a row stands, or -1."""
        return -1 if row_id is None else self._places.get(row_id, -1)

    def beside(self, row_id: int | None, by: int) -> int | None:
        """The row `by` rows further down (or up), or the last (or first); the first where `row_id` is not shown."""
        place = self.place(row_id)
        way, left = (1 if by > 0 else -1), (abs(by) if place >= 0 else 1)
        found = None if place < 0 else row_id
        while left:
            place += way if found is not None else 1
            if not 0 <= place < len(self._items):
                break
            item = self._items[place]
            if isinstance(item, ListRow):
                found, left = item.id, left - 1
        return found

    def lay_out(self, place: int) -> None:
        """Let the view have all rows down to this place, and a few more."""
        most = min(place + 1 + LAID_OUT, len(self._items))
        if place >= self._laid_out and most > self._laid_out:
            self.beginInsertRows(QModelIndex(), self._laid_out, most - 1)
            self._laid_out = most
            self.endInsertRows()

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are rows that are not laid out yet."""
        return not parent.isValid() and self._laid_out < len(self._items)

    def fetchMore(self, parent: Index) -> None:
        """Qt has come to the last one it has."""
        self.lay_out(self._laid_out)

    def row(self, place: int) -> ListRow | None:
        """The row at a place; None for heads."""
        item = self._items[place] if 0 <= place < len(self._items) else None
        return item if isinstance(item, ListRow) else None

    def marked(self) -> frozenset[int]:
        """Ids of the marked rows."""
        return frozenset(self._marked)

    def set_marked(self, ids: frozenset[int]) -> None:
        """Mark exactly these rows."""
        self._marked = set(ids) & self._places.keys()
        if self._items:
            self.dataChanged.emit(self.index(0), self.index(self._laid_out - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Heads and rows that are laid out."""
        return 0 if parent.isValid() else self._laid_out

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for the view, the item for the delegate, a sentence for a screen reader."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == MARKED_ROLE:
            return isinstance(item, ListRow) and item.id in self._marked
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            if isinstance(item, ListRow):
                return item.sentence() if role == Qt.ItemDataRole.AccessibleTextRole else item.name
            return f"{item.title} {item.many()}" if item.counted else item.title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only rows can be chosen."""
        if index.isValid() and isinstance(self._items[index.row()], ListRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.NoItemFlags


class RowList(QListView):
    """The list itself: arrows, j and k move, Enter opens, Space marks a row for acting on many, Ctrl+A all."""

    current_changed = Signal(object)
    """id of the row that is current now, or None"""
    opened = Signal(object)
    """id of the row to open"""
    marked_changed = Signal()
    end_near = Signal()
    """somebody has come near the end: more rows are wanted, if there are any"""

    def __init__(self, name: str, *, can_mark: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._can_mark = can_mark
        self._current: int | None = None
        self._rows = RowModel(self)
        self._delegate = RowDelegate(self)
        self.setModel(self._rows)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalScrollBar().setSingleStep(theme.px(ROW))
        self.doubleClicked.connect(lambda _index: self._open())
        self.selectionModel().currentChanged.connect(lambda *_: self._moved())
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def _scrolled(self, value: int) -> None:
        """Rows that are still to be read are asked for while there is a screen of them left."""
        bar = self.verticalScrollBar()
        if self._rows.canFetchMore(QModelIndex()):
            return  # they are there, and Qt fetches them
        if bar.maximum() and value >= bar.maximum() - bar.pageStep():
            self.end_near.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows that had to grow for want of width are laid out anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def set_groups(self, groups: Sequence[RowGroup]) -> None:
        """Show these rows. The current row is kept by its id, or else by its place."""
        kept = self._current
        ids = self._rows.ids()
        order = ids.index(kept) if kept in ids else 0
        marked, scrolled = self._rows.marked(), self.verticalScrollBar().value()
        self.selectionModel().blockSignals(True)
        # somebody who has scrolled stays where they are
        self._rows.replace(groups, self._rows.rowCount() if scrolled else 0)
        self.selectionModel().blockSignals(False)
        now = self._rows.ids()
        target = kept if kept in now else (now[min(order, len(now) - 1)] if now else None)
        self.verticalScrollBar().setValue(scrolled)
        self._current = None if target != kept else kept
        self.select(target)
        if target is None and kept is not None:
            self.current_changed.emit(None)
        if marked != self._rows.marked():
            self.marked_changed.emit()

    def select(self, row_id: int | None) -> None:
        """Make a row current and bring it into sight. An id that is not shown changes nothing."""
        place = self._rows.place(row_id)
        if place >= 0:
            self._rows.lay_out(place)
            index = self._rows.index(place)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)
            self._moved()

    def current_id(self) -> int | None:
        """id of the current row."""
        return self._current

    def row(self, row_id: int | None) -> ListRow | None:
        """The row of an id, or None when it is not shown."""
        return self._rows.row(self._rows.place(row_id))

    def ids(self) -> list[int]:
        """Ids from top to bottom."""
        return self._rows.ids()

    def marked_ids(self) -> frozenset[int]:
        """Ids of the rows marked for acting on many."""
        return self._rows.marked()

    def set_marked(self, ids: frozenset[int]) -> None:
        """Mark exactly these rows."""
        self._rows.set_marked(ids)
        self.marked_changed.emit()

    def _moved(self) -> None:
        row = self._rows.row(self.currentIndex().row())
        new = row.id if row else None
        if new != self._current:
            self._current = new
            self.current_changed.emit(new)
        if row is not None and self.currentIndex().row() + NEAR >= self._rows.rowCount():
            if self._rows.canFetchMore(QModelIndex()):
                self._rows.fetchMore(QModelIndex())
            else:
                self.end_near.emit()

    def _open(self) -> None:
        if self._current is not None:
            self.opened.emit(self._current)

    def step(self, by: int) -> None:
        """Go `by` rows down (or up), over the heads."""
        found = self._rows.beside(self._current, by)
        if found is not None:
            self.select(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, open, mark."""
        key, plain = (
            event.key(),
            event.modifiers()
            in {
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            },
        )
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
        if plain and key in steps:
            self.step(steps[Qt.Key(key)])
        elif plain and key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.step(-len(self.ids()) if key == Qt.Key.Key_Home else len(self.ids()))
        elif plain and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        elif self._can_mark and plain and key == Qt.Key.Key_Space and self._current is not None:
            self.set_marked(self.marked_ids() ^ {self._current})
        elif self._can_mark and event.matches(QKeySequence.StandardKey.SelectAll):
            self.set_marked(frozenset(self.ids()))
        elif self._can_mark and key == Qt.Key.Key_Escape and self.marked_ids():
            self.set_marked(frozenset())
        elif plain and event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)
