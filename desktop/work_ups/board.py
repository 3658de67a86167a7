"""The board: a column for each state an item waits in; arrows walk through it, keys move the card on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.labels import section_heading, small
from desktop.widgets.row_list import ListRow, RowGroup, RowList
from desktop.widgets.surface import Separator
from desktop.wording import item_state_name
from desktop.work_ups.rows import COLUMNS

EMPTY_WIDTH = 132
"""Room of a column without cards in a narrow window: its head."""
_ANY_WIDTH = 16_777_215


class Board(QWidget):
    """Three lists side by side. Left and Right go from column to column."""

    opened = Signal(int)
    """id of the item whose patient is to be opened"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: dict[str, RowList] = {}
        self._holders: dict[str, QWidget] = {}
        self._counts = {state: small(wrap=False) for state in COLUMNS}
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, state in enumerate(COLUMNS):
            if place:
                row.addWidget(Separator(vertical=True))
            holder = QWidget()
            holder.setLayout(self._column(state))
            self._holders[state] = holder
            row.addWidget(holder, 1)

    def _column(self, state: str) -> QVBoxLayout:
        name = item_state_name(state)
        cards = RowList(self.tr("Items {state}").format(state=name))
        cards.installEventFilter(self)
        cards.opened.connect(self.opened.emit)
        self.columns[state] = cards
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(22), theme.px(6), theme.px(16), 0)
        head.setSpacing(theme.px(10))
        head.addWidget(section_heading(name[:1].upper() + name[1:]))
        head.addWidget(self._counts[state], 1)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addLayout(head)
        column.addWidget(cards, 1)
        return column

    def set_cards(self, found: Mapping[str, Sequence[ListRow]]) -> None:
        """Show these items, each in the column of its state."""
        for state, cards in self.columns.items():
            some = tuple(found.get(state, ()))
            cards.set_groups([RowGroup("", some)])
            self._counts[state].setText(str(len(some)))
        self._share()

    def _share(self) -> None:
        """In a narrow window an empty column leaves its room to those that hold cards, so that names stay whole."""
        narrow = theme.is_narrow(self)
        for cards, holder in zip(self.columns.values(), self._holders.values(), strict=True):
            empty = narrow and not cards.ids()
            holder.setMaximumWidth(theme.px(EMPTY_WIDTH) if empty else _ANY_WIDTH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        self._share()

    def current_id(self) -> int | None:
        """The item of the column that has the focus."""
        cards = self._focused()
        return cards.current_id() if cards is not None else None

    def focus(self) -> None:
        """Put the keyboard on the first column that holds something."""
        filled = next((cards for cards in self.columns.values() if cards.ids()), None)
        (filled or self.columns[COLUMNS[0]]).setFocus()

    def follow(self, item_id: int) -> None:
        """Put the keyboard on an item wherever it is now; on the board's first card when it has left."""
        for cards in self.columns.values():
            if item_id in cards.ids():
                cards.select(item_id)
                cards.setFocus()
                return
        if self._focused() is None:
            self.focus()

    def _focused(self) -> RowList | None:
        return next((cards for cards in self.columns.values() if cards.hasFocus()), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Left and Right from one column to the next."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
            if by and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                lists = list(self.columns.values())
                place = next((at for at, cards in enumerate(lists) if cards is watched), 0) + by
                if 0 <= place < len(lists):
                    lists[place].setFocus()
                return True
        return super().eventFilter(watched, event)
