"""The palette gives the keyboard back to where it was, if that is still there."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.commands import Command, Commands
from desktop.widgets.palette import Palette


def test_it_closes_although_the_field_it_was_opened_from_is_gone(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    commands, done = Commands(window), list[str]()
    commands.add(Command("a.one", "Do one thing", lambda: done.append("one")))
    palette = Palette(commands, window)
    window.resize(800, 600)
    with qtbot.waitActive(window):
        window.show()
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        field = QLineEdit(window)
        field.show()
        field.setFocus()
        palette.open()
        field.deleteLater()  # as when an answer comes and the form is laid out anew
        QCoreApplication.sendPostedEvents(field, QEvent.Type.DeferredDelete)
        qtbot.keyClick(palette.field, key)
        assert not palette.isVisible()
    assert done == ["one"]
