"""A table without grid: head, rows of 28, columns that can be sorted, sized, moved and hidden.

Rows are known by their id and are frozen values. A screen reader is told a cell's `spoken` words, such as
"overdue by 3 days", not its mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from desktop import theme
from desktop.widgets.paint import text_width
from desktop.widgets.table_cells import CellDelegate
from desktop.widgets.table_model import ID_ROLE, PAD, Cell, Column, Row, TableModel

LEAST_STRETCH = 96
MEASURED, LOOKED_AT = 24, 1000
"""Cells of a column that are measured, the longest among the rows that are looked at."""
GIVES_WAY_TO = 0.7
LEAST_CUT = 96
"""How much of its words a column that stretches shows at least, when there is little room."""
BEARABLE = 0.9
"""Of its words that a column may still show before another one leaves the table for it."""

__all__ = ["Cell", "Column", "DataTable", "Row", "TableModel"]


class DataTable(QTableView):
    """The table: arrows or j/k move, Enter opens, Space checks, Ctrl+A checks all, Esc clears the checks."""

    current_changed = Signal(object)
    """id of the current row, or None"""
    opened = Signal(object)
    """id of the row to open"""
    checked_changed = Signal()
    columns_changed = Signal()
    """The user sorted, sized, moved or hid a column: `columns_state` is worth keeping."""

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        checkable: bool = False,
        row_height: int = 28,
        sortable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._rows = TableModel(columns, self)
        self._checkable, self._high = checkable, row_height
        self._checked: frozenset[int] = frozenset()
        self._current: int | None = None
        self._hovered = -1
        self._sized: set[int] = set()
        self._content: dict[int, int] = {}
        self._heads: dict[int, int] = {}
        self._wide: dict[int, int] = {}
        """Width of each column, also of those that left the table: Qt tells 0 of them."""
        self._left: set[int] = set()
        self._restoring = False
        self._delegate = CellDelegate(self)
        self.setModel(self._rows)
        self.setItemDelegate(self._delegate)
        self._set_up_view()
        self._set_up_head(sortable)
        self.selectionModel().currentChanged.connect(lambda *_: self._moved())
        self.entered.connect(self._hover)
        self.doubleClicked.connect(lambda _index: self._open())

    def _set_up_view(self) -> None:
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(theme.px(24))
        self.verticalHeader().setDefaultSectionSize(self.row_height())
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _set_up_head(self, sortable: bool) -> None:
        head = self.horizontalHeader()
        head.setFont(theme.font("micro"))
        head.setFixedHeight(theme.px(26))
        head.setHighlightSections(False)
        head.setSectionsMovable(True)
        head.setMinimumSectionSize(theme.px(28))
        head.setSortIndicatorClearable(True)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda at: self.columns_menu().popup(head.mapToGlobal(at)))
        for place, column in enumerate(self._rows.columns):
            self.setColumnHidden(place, column.hidden)
        if sortable:
            head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(True)
            head.sortIndicatorChanged.connect(lambda *_: self._told())
        head.sectionResized.connect(self._resized)
        head.sectionMoved.connect(lambda *_: self._told())

    def is_checkable(self) -> bool:
        """Whether rows can be checked for acting on many."""
        return self._checkable

    def row_height(self) -> int:
        """Height of a row in pixels."""
        return theme.px(self._high)

    def hovered_row(self) -> int:
        """Place of the row below the pointer, or -1."""
        return self._hovered

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the current row is kept by its id, or else by its place."""
        kept, ids, scrolled = self._current, self._rows.ids(), self.verticalScrollBar().value()
        order = ids.index(kept) if kept in ids else 0
        self.selectionModel().blockSignals(True)
        self._rows.replace(rows)
        self.selectionModel().blockSignals(False)
        now = self._rows.ids()
        target = kept if kept in now else (now[min(order, len(now) - 1)] if now else None)
        self._fit_columns()
        self.verticalScrollBar().setValue(scrolled)
        self._current = kept if target == kept else None
        self.select(target)
        if target is None and kept is not None:
            self.current_changed.emit(None)
        gone = self._checked - set(now)
        if gone:
            self.set_checked(self._checked - gone)

    def _fit_columns(self) -> None:
        """Columns as wide as their contents, until the user sizes them."""
        self._restoring = True
        for place, column in enumerate(self._rows.columns):
            if place in self._sized and not column.stretch:
                continue
            if column.width is not None:
                self._set_width(place, theme.px(column.width))
                continue
            head = text_width(column.title, theme.font("micro")) + 2 * theme.px(PAD) + theme.px(14)
            content = self._content_width(place)
            if column.most is not None:
                content = min(content, theme.px(column.most))
            self._content[place], self._heads[place] = max(content, round(head)), round(head)
            self._set_width(place, self._content[place])
        self._restoring = False
        self._give_slack()

    def _set_width(self, place: int, width: int) -> None:
        """A width that is kept while the column is not there."""
        self._wide[place] = width
        self.setColumnWidth(place, width)

    def _hidden_by_user(self) -> set[int]:
        """Columns that are not there because somebody hid them."""
        every = range(len(self._rows.columns))
        return {place for place in every if self.isColumnHidden(place)} - self._left

    def _least(self, place: int) -> int:
        """Room a column needs before another one leaves the table for it."""
        column, content = self._rows.columns[place], self._content.get(place, 0)
        if place == self._stretching():
            return content if column.whole else round(content * GIVES_WAY_TO)
        if column.most is not None and place not in self._sized:
            return max(theme.px(LEAST_CUT), self._heads.get(place, 0), round(content * BEARABLE))
        return self._wide.get(place, self.columnWidth(place))

    def _leave_or_return(self) -> None:
        """Columns that may leave do so, one after the other, until the others have the room they need."""
        columns, hidden = self._rows.columns, self._hidden_by_user()
        may = sorted(
            (one.leaves, place) for place, one in enumerate(columns) if one.leaves and place not in hidden
        )
        lacking = sum(self._least(place) for place in range(len(columns)) if place not in hidden)
        lacking -= self.viewport().width()
        before, self._left, self._restoring = self._left, set(), True
        for _order, place in may:
            if lacking > 0:
                self._left.add(place)
                lacking -= self._least(place)
        for place in before ^ self._left:
            self.setColumnHidden(place, place in self._left)
            if place not in self._left:
                self.setColumnWidth(place, self._wide.get(place, self.columnWidth(place)))
        self._restoring = False

    def _stretching(self) -> int | None:
        """The column that takes the room the others leave: the first that stretches."""
        return next((place for place, column in enumerate(self._rows.columns) if column.stretch), None)

    def _content_width(self, place: int) -> int:
        """How wide the contents of a column are: of its longest texts, since to measure every cell would take long."""
        rows = filter(None, map(self._rows.at, self._rows.longest(place, MEASURED, LOOKED_AT)))
        of, column = self._delegate.width_of, self._rows.columns[place]
        return max((of(row.cells[place], column, first=place == 0) for row in rows), default=0)

    def _give_slack(self) -> None:
        """The column that stretches takes the room the others leave. It may give way a little, its words ending
        in "…", before the table has to be scrolled sideways."""
        self._leave_or_return()
        place = self._stretching()
        if place is None:
            return
        others = [n for n in range(len(self._rows.columns)) if n != place and not self.isColumnHidden(n)]
        content = self._content.get(place, 0)
        part = 1 if self._rows.columns[place].whole else GIVES_WAY_TO
        least = min(content, max(theme.px(LEAST_STRETCH), round(content * part)))
        there = not self.isColumnHidden(place)
        self._restoring = True
        self._cut_long_columns(others, least if there else 0)
        left = self.viewport().width() - sum(self.columnWidth(n) for n in others)
        if there:
            self.setColumnWidth(place, max(least, left))
        self._restoring = False

    def _cut_long_columns(self, others: Sequence[int], least: int) -> None:
        """Columns that may end in "…" anyway give way next, down to `LEAST_CUT` or their head."""
        long = [n for n in others if self._rows.columns[n].most is not None and n not in self._sized]
        whole = {n: self._content.get(n, self.columnWidth(n)) for n in long}
        lacking = least + sum(whole.get(n, self.columnWidth(n)) for n in others) - self.viewport().width()
        for left, place in zip(range(len(long), 0, -1), long, strict=True):
            wide = whole[place]
            # set once: a width that comes and goes would show and hide the scroll bar for ever
            given = min(
                -(-max(lacking, 0) // left),
                max(0, wide - max(theme.px(LEAST_CUT), self._heads.get(place, 0))),
            )
            self.setColumnWidth(place, wide - given)
            lacking -= given

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the room anew."""
        super().resizeEvent(event)
        self._give_slack()

    def ids(self) -> list[int]:
        """Ids from top to bottom."""
        return self._rows.ids()

    def current_id(self) -> int | None:
        """id of the current row."""
        return self._current

    def select(self, row_id: int | None) -> None:
        """Make a row current and bring it into sight; an id that is not shown changes nothing."""
        place = self._rows.place(row_id)
        if place >= 0:
            index = self._rows.index(place, max(self._first_column(), 0))
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, flags)
            self.scrollTo(index)
            self._moved()

    def _first_column(self) -> int:
        return next((place for place in range(len(self._rows.columns)) if not self.isColumnHidden(place)), 0)

    def checked_ids(self) -> frozenset[int]:
        """Ids of the checked rows."""
        return self._checked

    def set_checked(self, ids: frozenset[int]) -> None:
        """Check exactly these rows."""
        self._checked = frozenset(ids)
        self.viewport().update()
        self.checked_changed.emit()

    def columns_state(self) -> dict[str, object]:
        """Columns as the user left them: order, hidden ones, widths, sorting."""
        head, columns = self.horizontalHeader(), self._rows.columns
        by_place = sorted(range(len(columns)), key=head.visualIndex)
        sorted_by = head.sortIndicatorSection()
        return {
            "order": [columns[place].id for place in by_place],
            "hidden": [columns[place].id for place in sorted(self._hidden_by_user())],
            "widths": {
                columns[place].id: round(self._wide.get(place, self.columnWidth(place)) / theme.scale())
                for place in self._sized
            },
            "sorted": columns[sorted_by].id if 0 <= sorted_by < len(columns) else "",
            "down": head.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder,
        }

    def restore_columns(self, state: Mapping[str, object]) -> None:
        """Put the columns back as they were left; what no longer exists is passed over."""
        self._restoring = True
        places = {column.id: place for place, column in enumerate(self._rows.columns)}
        head = self.horizontalHeader()
        order, hidden, widths = state.get("order"), state.get("hidden"), state.get("widths")
        known = [name for name in order if name in places] if isinstance(order, list) else []
        for place, name in enumerate(known):
            head.moveSection(head.visualIndex(places[name]), place)
        if isinstance(hidden, list):
            for name, place in places.items():
                self.setColumnHidden(place, name in hidden and len(hidden) < len(places))
        for name, width in widths.items() if isinstance(widths, dict) else ():
            if name in places and isinstance(width, int):
                self._sized.add(places[name])
                self._set_width(places[name], theme.px(width))
        if state.get("sorted") in places:
            down = Qt.SortOrder.DescendingOrder if state.get("down") else Qt.SortOrder.AscendingOrder
            self.sortByColumn(places[str(state["sorted"])], down)
        self._restoring = False

    def columns_menu(self) -> QMenu:
        """A menu that shows and hides columns."""
        menu, hidden = QMenu(self), self._hidden_by_user()
        for place, column in enumerate(self._rows.columns):
            action = menu.addAction(column.title or self.tr("Patient"))
            action.setCheckable(True)
            action.setChecked(place not in hidden)
            action.toggled.connect(lambda on, place=place: self._show_column(place, on))
        return menu

    def _show_column(self, place: int, shown: bool) -> None:
        others = [n for n in range(len(self._rows.columns)) if n != place and not self.isColumnHidden(n)]
        if shown or others:
            self._left.discard(place)
            self.setColumnHidden(place, not shown)
            self._give_slack()
            self._told()

    def _resized(self, place: int, _old: int, _new: int) -> None:
        if not self._restoring and not self._rows.columns[place].stretch and self.isVisible():
            self._sized.add(place)
            self._wide[place] = self.columnWidth(place)
            self._give_slack()
            self._told()

    def _told(self) -> None:
        if not self._restoring:
            self.columns_changed.emit()

    def _hover(self, index: QModelIndex) -> None:
        self._hovered = index.row()
        self.viewport().update()

    def leaveEvent(self, event: object) -> None:
        """Nothing is below the pointer any more."""
        self._hovered = -1
        self.viewport().update()

    def _moved(self) -> None:
        row = self._rows.at(self.currentIndex().row())
        new = row.id if row else None
        if new != self._current:
            self._current = new
            self.current_changed.emit(new)

    def _open(self) -> None:
        if self._current is not None:
            self.opened.emit(self._current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a check box checks the row, anywhere else chooses it."""
        at: QPoint = event.position().toPoint()
        index = self.indexAt(at)
        if self._checkable and index.isValid() and index.column() == 0:
            left = self.columnViewportPosition(0)
            if at.x() - left < theme.px(PAD + 24):
                self.set_checked(self._checked ^ {index.data(ID_ROLE)})
                return
        super().mousePressEvent(event)

    def step(self, by: int) -> None:
        """Go `by` rows down, or up."""
        ids = self._rows.ids()
        if ids:
            place = ids.index(self._current) + by if self._current in ids else 0
            self.select(ids[min(max(place, 0), len(ids) - 1)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, open, check."""
        key = Qt.Key(event.key())
        bare = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
        if bare and key in steps:
            self.step(steps[key])
        elif bare and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        elif self._checkable and bare and key == Qt.Key.Key_Space and self._current is not None:
            self.set_checked(self._checked ^ {self._current})
        elif self._checkable and event.matches(QKeySequence.StandardKey.SelectAll):
            self.set_checked(frozenset(self.ids()))
        elif self._checkable and key == Qt.Key.Key_Escape and self._checked:
            self.set_checked(frozenset())
        elif bare and (key == Qt.Key.Key_Escape or (event.text() and event.text().isprintable())):
            event.ignore()
        else:
            super().keyPressEvent(event)
