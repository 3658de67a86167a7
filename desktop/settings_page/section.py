"""What every section of Settings shares: a scrolling column with a heading, and a line for what went wrong."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from db.errors import KnownError
from desktop import theme
from desktop.settings_page.tools import Tools, why_not
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import Label
from desktop.widgets.surface import Scroll, Surface
from desktop.wording import error_words

NARROW_FORM = 460


class Section(Surface):
    """One section. `column` takes its blocks; `refresh` asks again when it is shown."""

    def __init__(self, tools: Tools, title: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self.tools, self.parts = tools, tools.parts
        self.setAccessibleName(title)
        self._scroll = Scroll((28, 20, 20, 24), 14)
        self.column = self._scroll.content
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.column.addWidget(Label(title, role="title", wrap=True))
        if words:
            self.column.addWidget(Label(words, tone="text2", wrap=True))
        self.problem = Label("", tone="overdue_word", weight=500, wrap=True)
        self.problem.hide()

    def say_for_whom(self, operation: str) -> None:
        """A line below buttons that are closed for this user's role: for whom they are."""
        closed = why_not(self.parts, operation)
        if closed:
            self.column.addWidget(said_line(closed))

    def finish(self) -> None:
        """The problem line and the slack go last."""
        self.column.addWidget(self.problem)
        self.column.addStretch(1)

    def refresh(self) -> None:
        """Ask again; a section without a question shows what it has."""

    def first_focus(self) -> QWidget:
        """Where the keyboard begins."""
        return self

    def say(self, text: str) -> None:
        """Say in the foot what was done."""
        self.say_problem("")
        self.parts.navigation.say.emit(text, None)

    def say_problem(self, text: str) -> None:
        """Say what is wrong, or clear it; what was typed stays."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if text:
            announce(self, text, urgent=True)

    def failed(self, error: KnownError) -> None:
        """A known error in its words."""
        self.say_problem(error_words(error))


def form(*fields: QWidget) -> QWidget:
    """Fields below each other, not wider than a person reads."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(12))
    holder.setMaximumWidth(theme.px(NARROW_FORM))
    for field in fields:
        column.addWidget(field)
    return holder


def button_row(*buttons: KeyButton) -> QWidget:
    """Buttons side by side, on more lines where the window is narrow."""
    row = FlowRow()
    for button in buttons:
        row.add(button)
    return row


def side_by_side(*widgets: QWidget) -> QWidget:
    """Fields on one line, to the left."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(12))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder


def said_line(text: str = "") -> QLabel:
    """A line of facts."""
    return Label(text, tone="text2", wrap=True)
