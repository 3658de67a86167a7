"""List and detail side by side: 438 for the list, 244 to 288 in a narrow window, one of the two below 600."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop import theme
from desktop.widgets.surface import Separator

LIST = 438
NARROW_LIST, WIDER_LIST = 244, 288
PART_OF_NARROW = 0.3
"""Of a narrow window, for the list."""
ONE_PANE = 600


class ListDetail(QWidget):
    """A list at the left and the detail of its current row. In a tiny window one of them at a time:
    `show_detail` (Enter) and `show_list` (Esc) go to and fro."""

    def __init__(self, list_side: QWidget, detail: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list, self._detail = list_side, detail
        self._separator = Separator(vertical=True)
        self._in_detail = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(list_side)
        row.addWidget(self._separator)
        row.addWidget(detail, 1)

    def is_single(self) -> bool:
        """Whether there is room for one pane only."""
        return self.window().width() < theme.px(ONE_PANE)

    def show_detail(self) -> None:
        """Go to the detail, where only one pane fits."""
        self._in_detail = True
        self._arrange()

    def show_list(self) -> None:
        """Go back to the list."""
        self._in_detail = False
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the list its width for the size of the window."""
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list where only one pane fits."""
        if event.key() == Qt.Key.Key_Escape and self.is_single() and self._in_detail:
            self.show_list()
            self._list.setFocus()
        else:
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        single = self.is_single()
        self._list.setVisible(not (single and self._in_detail))
        self._detail.setVisible(not single or self._in_detail)
        self._separator.setVisible(not single)
        if single:
            self._list.setMinimumWidth(0)
            self._list.setMaximumWidth(16_777_215)
        else:
            self._list.setFixedWidth(self._list_width() if theme.is_narrow(self) else theme.px(LIST))

    def _list_width(self) -> int:
        """Of the list in a narrow window."""
        part = round(self.window().width() * PART_OF_NARROW)
        return min(max(part, theme.px(NARROW_LIST)), theme.px(WIDER_LIST))
