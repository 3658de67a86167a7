"""Two records beside each other: every field with what agrees, what differs and what one of them lacks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop import theme
from desktop.patients.duplicate_words import DIFFERS, Line, state_mark, state_words
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark
from desktop.widgets.surface import Surface


class SideBySide(Surface):
    """Filled by `show_lines`; read row by row by assistive technology."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", 10, parent=parent)
        self._rows: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(6))
        for column, stretch in enumerate((0, 1, 1, 0)):
            self._grid.setColumnStretch(column, stretch)

    def show_lines(self, one: str, other: str, lines: list[Line]) -> None:
        """The two names, then a line for each field."""
        for widget in self._rows:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._rows = []
        for column, name in ((1, one), (2, other)):
            self._put(Label(name, role="h3", wrap=True), 0, column)
        for row, line in enumerate(lines, start=1):
            weight = 600 if line.state == DIFFERS else None
            self._put(Label(line.name, role="small", tone="text2"), row, 0)
            for column, text in ((1, line.one), (2, line.other)):
                said = Label(
                    text or "–", role="body", tone="text" if text else "text3", weight=weight, wrap=True
                )
                said.setAccessibleName(f"{line.name}: {text or '–'}. {state_words(line.state)}")
                self._put(said, row, column)
            self._put(_state(line.state), row, 3)

    def _put(self, widget: QWidget, row: int, column: int) -> None:
        self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
        self._rows.append(widget)
        widget.show()


def _state(state: str) -> QWidget:
    """The mark and its word, so that colour is never alone."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(6))
    mark = state_mark(state)
    if mark is not None:
        row.addWidget(Mark(mark), 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(Label(state_words(state), role="small", tone="text2"))
    row.addStretch(1)
    return holder
