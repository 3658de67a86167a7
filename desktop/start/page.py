"""What the pages before the main window share: a calm column in the middle, a heading, fields, one button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.labels import Label
from desktop.widgets.surface import Surface

COLUMN = 420


class StartPage(Surface):
    """A page of the start window; `column` takes its blocks."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        middle = QWidget()
        middle.setFixedWidth(theme.px(COLUMN))
        outer.addWidget(middle)
        outer.addStretch(1)
        self.column = QVBoxLayout(middle)
        self.column.setSpacing(theme.px(12))
        self.column.addStretch(1)
        self.heading = Label(title, role="display", wrap=True)
        self.column.addWidget(self.heading)
        self.words = Label(words, tone="text2", wrap=True)
        self.column.addWidget(self.words)
        self.problem = Label("", tone="overdue_word", weight=500, wrap=True)
        self.problem.setVisible(False)

    def finish(self, button_row: QWidget) -> None:
        """The problem line and the buttons go last."""
        self.column.addWidget(self.problem)
        self.column.addWidget(button_row)
        self.column.addStretch(2)

    def say_problem(self, text: str) -> None:
        """Say what is wrong, or clear it; nothing that was typed is touched."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if text:
            self.problem.setAccessibleName(text)


def row(*widgets: QWidget) -> QWidget:
    """Widgets side by side, to the left."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, theme.px(4), 0, 0)
    layout.setSpacing(theme.px(8))
    for widget in widgets:
        layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
    layout.addStretch(1)
    return holder
