"""Every action once: shortcuts, scopes, reasons, and finding them by their words."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.commands import Command, Commands, DuplicateCommandError
from desktop.widgets.buttons import KeyButton


@pytest.fixture
def window(qtbot: Any) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    made.page = QWidget()  # type: ignore[attr-defined]
    made.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.field = QLineEdit()  # type: ignore[attr-defined]
    inside = QVBoxLayout(made.page)
    made.inner = QLineEdit()  # type: ignore[attr-defined]
    inside.addWidget(made.inner)
    column.addWidget(made.page)
    column.addWidget(made.field)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_a_shortcut_of_the_window_works_anywhere_in_it(window: Any, qtbot: Any) -> None:
    commands, done = Commands(window), []
    commands.add(Command("save", "Save", lambda: done.append("saved"), "Ctrl+S", also=("F2",)))
    window.field.setFocus()
    qtbot.keyClick(window.field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window.field, Qt.Key.Key_F2)
    assert done == ["saved", "saved"]


def test_a_letter_of_a_page_works_inside_it_and_never_in_a_field(window: Any, qtbot: Any) -> None:
    commands, done = Commands(window), []
    commands.add(Command("defer", "Defer", lambda: done.append("deferred"), "D"), scope=window.page)
    window.field.setFocus()
    qtbot.keyClick(window.field, Qt.Key.Key_D)
    window.inner.setFocus()
    qtbot.keyClick(window.inner, Qt.Key.Key_D)
    assert (done, window.field.text(), window.inner.text()) == ([], "d", "d")
    window.page.setFocus()
    qtbot.keyClick(window.page, Qt.Key.Key_D)
    assert done == ["deferred"]


def test_the_keys_of_a_removed_command_do_nothing_and_are_free(window: Any, qtbot: Any) -> None:
    commands, done = Commands(window), []
    commands.add(Command("out", "Log out", lambda: done.append("out"), "Ctrl+L"))
    commands.remove("out")
    commands.remove("never there")
    window.field.setFocus()
    qtbot.keyClick(window.field, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert done == []
    commands.add(Command("lock", "Lock", lambda: done.append("lock"), "Ctrl+L"))
    qtbot.keyClick(window.field, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert done == ["lock"]


def test_an_id_or_a_key_is_given_once_in_a_scope(window: Any) -> None:
    commands = Commands(window)
    commands.add(Command("a", "A", lambda: None, "Ctrl+A"))
    with pytest.raises(DuplicateCommandError):
        commands.add(Command("a", "Other", lambda: None))
    with pytest.raises(DuplicateCommandError):
        commands.add(Command("b", "B", lambda: None, "Ctrl+A"))
    commands.add(Command("c", "C", lambda: None, "Ctrl+A"), scope=window.page)


def test_a_disabled_command_is_not_run_and_its_button_says_why(window: Any, qtbot: Any) -> None:
    commands, done = Commands(window), []
    action = commands.add(Command("save", "Save and book", lambda: done.append(1), "Ctrl+S"))
    button = KeyButton.for_action(action, "primary")
    qtbot.addWidget(button)
    assert (button.words(), button.key(), button.isEnabled()) == ("Save and book", "Ctrl S", True)
    commands.set_enabled("save", False, "Settle 1 gate first: asthma")
    assert not button.isEnabled()
    assert button.toolTip() == "Settle 1 gate first: asthma"
    assert "asthma" in button.accessibleDescription()
    assert commands.run("save") is False
    commands.set_enabled("save", True)
    commands.set_text("save", "Save 2 visits")
    assert (button.words(), button.accessibleName()) == ("Save 2 visits", "Save 2 visits")
    button.click()
    assert done == [1]


def test_the_palette_finds_by_every_word_and_offers_only_pages_in_sight(window: Any) -> None:
    commands = Commands(window)
    commands.add(Command("print", "Print second reminder", lambda: None, words="letter"))
    commands.add(Command("reprint", "Reprint a letter", lambda: None))
    commands.add(Command("down", "Next row", lambda: None, palette=False))
    commands.add(Command("defer", "Defer", lambda: None), scope=window.page)
    assert [c.id for c in commands.find("letter print")] == ["print", "reprint"]
    assert [c.id for c in commands.find("")] == ["defer", "print", "reprint"]
    window.page.hide()
    assert [c.id for c in commands.find("def")] == []


def test_the_commands_of_a_page_go_with_it(window: Any, qtbot: Any) -> None:
    commands, page = Commands(window), QWidget(window)
    commands.add(Command("defer", "Defer", lambda: None, "D"), scope=page)
    page.deleteLater()
    qtbot.waitUntil(lambda: "defer" not in commands)


def test_commands_added_before_the_window_listen_once_it_is_there(window: Any, qtbot: Any) -> None:
    commands, done = Commands(), []
    commands.add(Command("find", "Find", lambda: done.append(1), "Ctrl+F"))
    commands.set_window(window)
    window.field.setFocus()
    qtbot.keyClick(window.field, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert done == [1]
