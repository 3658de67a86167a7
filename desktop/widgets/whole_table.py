"""A table that shows all its rows inside a scrolling page, and brings its current row into sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea

from desktop import theme
from desktop.widgets.table import Column, DataTable, Row


class WholeTable(DataTable):
    """As high as its rows. `gives_way` names columns that are left out while the page is narrow."""

    def __init__(self, name: str, columns: Sequence[Column], gives_way: Sequence[str] = ()) -> None:
        super().__init__(name, columns)
        self._names = [column.id for column in columns]
        self._gives_way = tuple(gives_way)
        self._narrow = False
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.current_changed.connect(lambda _row: self._into_sight())

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, all of them."""
        super().set_rows(rows)
        head = self.horizontalHeader().height()
        self.setFixedHeight(head + self.row_height() * max(1, len(rows)) + 2)
        if not self.hasFocus():
            self.clearSelection()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The current row shows only while the keyboard is in the table."""
        super().focusInEvent(event)
        self.select(self.current_id())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A page with several tables marks no row in those that are not in use."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.clearSelection()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the columns that may give way while there is little room, and put them back."""
        super().resizeEvent(event)
        narrow = self.viewport().width() < theme.px(720)
        if narrow != self._narrow:
            self._narrow = narrow
            for name in self._gives_way:
                self.setColumnHidden(self._names.index(name), narrow)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls, not the table."""
        event.ignore()

    def _into_sight(self) -> None:
        """Scroll the page so that the current row can be seen."""
        if not self.hasFocus():
            return
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        inside = parent.widget() if parent is not None else None
        if parent is None or inside is None:
            return
        top = self.rowViewportPosition(self.currentIndex().row()) + self.horizontalHeader().height()
        place = self.mapTo(inside, QPoint(0, top + self.row_height() // 2))
        parent.ensureVisible(place.x(), place.y(), 0, theme.px(60))
