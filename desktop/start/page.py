"""What the pages before the main window share: a calm column in the middle, a heading, fields, one button."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.fields import FormField
from desktop.widgets.labels import Label
from desktop.widgets.surface import Scroll, Surface

COLUMN = 420


class StartPage(Surface):
    """A page of the start window; `column` takes its blocks."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        middle = QWidget()
        middle.setMaximumWidth(theme.px(COLUMN))
        middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(middle, 20)
        across.addStretch(1)
        self._scroll = Scroll((20, 20, 20, 20), 0)
        self._scroll.content.addStretch(1)
        self._scroll.content.addLayout(across)
        self._scroll.content.addStretch(2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.column = QVBoxLayout(middle)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.px(12))
        self.column.addLayout(_mark())
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

    def show_field(self, field: QWidget) -> None:
        """Give a field the keyboard and bring it into sight."""
        field.setFocus()
        self._scroll.ensureWidgetVisible(field, 0, theme.px(40))

    def begins(self, fields: Mapping[str, FormField], wrong: Mapping[str, str], button: KeyButton) -> bool:
        """Whether what was typed may be tried now: nothing is `wrong` (said beside its field), nothing under way."""
        for name, field in fields.items():
            field.set_problem(wrong.get(name, ""))
        if wrong:
            self.show_field(fields[next(iter(wrong))].field)
            return False
        if not button.isEnabled():
            return False
        button.setEnabled(False)
        self.say_problem("")
        return True

    def say_problem(self, text: str) -> None:
        """Say what is wrong, or clear it; nothing that was typed is touched."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if text:
            announce(self, text, urgent=True)


def _mark() -> QHBoxLayout:
    """The drop and the name of the program, flush with the fields."""
    drop = QLabel()
    drop.setPixmap(theme.window_icon().pixmap(theme.px(22), theme.px(22)))
    line = QHBoxLayout()
    line.setSpacing(theme.px(9))
    line.addWidget(drop)
    line.addWidget(Label("Replete", role="h2"))
    line.addStretch(1)
    return line


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
