"""The palette: every action by its words, with its key."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop import theme
from desktop.commands import Commands
from desktop.widgets.choice_list import Choice, ChoiceList
from desktop.widgets.fields import TextEdit
from desktop.widgets.labels import Label
from desktop.widgets.surface import Surface
from desktop.wording.keys import key_words

WIDTH = 560


class Palette(Surface):
    """A field and the list of what can be done now. Enter does it and gives the focus back to where it was."""

    def __init__(self, commands: Commands, window: QWidget) -> None:
        super().__init__("page", 12, parent=window)
        self._commands = commands
        self._before: QWidget | None = None
        self.set_outline("edge")
        self.setAccessibleName(self.tr("All actions"))
        self.field: QLineEdit = TextEdit(placeholder=self.tr("What do you want to do?"))
        self.field.setAccessibleName(self.tr("What do you want to do?"))
        self.list = ChoiceList(self.tr("Actions"))
        self._none = Label(self.tr("No action has these words."), role="small", tone="text2")
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.px(12)] * 4)
        column.setSpacing(theme.px(8))
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self._none)
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        self.list.taken.connect(self._run)
        self.hide()

    def open(self) -> None:
        """Show it over the window, with the field empty."""
        window = self.parentWidget()
        assert window is not None
        self._before = window.focusWidget()
        self.field.clear()
        self._find("")
        width = min(theme.px(WIDTH), window.width() - theme.px(24))
        height = min(theme.px(12 + 32 + 8 + 34 * 10 + 20), window.height() - theme.px(72))
        self.setGeometry(QRect((window.width() - width) // 2, theme.px(60), width, height))
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_palette(self) -> None:
        """Take it away and give the focus back."""
        self.hide()
        if self._before is not None and shiboken6.isValid(
            self._before
        ):  # a form may be laid out anew meanwhile
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def _find(self, text: str) -> None:
        rows = []
        for command in self._commands.find(text):
            action = self._commands.action(command.id)
            reason = self._commands.reason(command.id)
            keys = key_words(action.shortcut())
            rows.append(Choice(command.id, command.text, reason.strip(), keys, not reason))
        # what can be done stands first, so that Enter does it; the order of the words is kept among them
        self.list.set_choices(sorted(rows, key=lambda row: not row.enabled))
        self._none.setVisible(not rows)

    def _run(self, name: object) -> None:
        self.close_palette()
        self._commands.run(str(name))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list, typed in the field; leaving the field closes the palette."""
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
            return False
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.list.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.list.take()
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        else:
            return False
        return True
