"""How the tests of settings answer a dialog, by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from desktop.settings_page.ask import AskDialog

PASSWORD, NEW = "a long enough one", "quite another one"
Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


def answer(
    running: Any, button: QWidget, fill: Callable[[AskDialog], None], *, twice: bool = False
) -> list[str]:
    """Press a button, fill its dialog, accept with Ctrl+Enter; what it said before it closed."""
    said: list[str] = []

    def in_dialog() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, AskDialog)
        try:
            running.wait_active(dialog)
            fill(dialog)
            running.press(Key.Key_Return, Ctrl)
            running.settle()
            if dialog.isVisible():
                said.append(dialog.problem.text() or "; ".join(f.problem() for f in dialog.fields.values()))
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, in_dialog)
    QTest.keyClick(button, Key.Key_Return)
    running.settle()
    return said


def put(dialog: AskDialog, **texts: str) -> None:
    for name, text in texts.items():
        field = dialog.fields[name].field
        assert isinstance(field, QLineEdit)
        field.setFocus()
        field.clear()
        QTest.keyClicks(field, text)


def pick(dialog: AskDialog, name: str, value: object) -> None:
    field: Any = dialog.fields[name].field
    assert isinstance(field, QComboBox)
    field.set_value(value)  # type: ignore[attr-defined]
