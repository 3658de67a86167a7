"""Back and forward lead to the page and to whom it was about; what cannot be done now says why."""

from __future__ import annotations

from functools import partial

from one_clinic import Clinic
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.commands import Command
from desktop.log_out import add_log_out, half_typed
from desktop.main_window import MainWindow
from desktop.page_stack import Page

Key, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


def window(clinic: Clinic, qtbot: QtBot) -> tuple[MainWindow, list[int]]:
    """Two pages of the rail and one about a patient; who was shown is kept."""
    made = MainWindow(clinic.parts)
    qtbot.addWidget(made)
    shown: list[int] = []
    for name in ("today", "overdue"):
        made.add_page(Page(name, name.title(), name, "", QWidget))
    made.add_page(Page("patient", "Patient", "", "", QWidget))
    made.show()
    return made, shown


def open_patient(made: MainWindow, shown: list[int], number: int) -> None:
    """As a screen does it that leads to a patient."""
    shown.append(number)
    made.show_page("patient", partial(shown.append, number))


def test_back_and_forward_by_keys(one_clinic: Clinic, qtbot: QtBot) -> None:
    made, shown = window(one_clinic, qtbot)
    open_patient(made, shown, 7)
    open_patient(made, shown, 8)
    open_patient(made, shown, 8)
    made.show_page("overdue")
    assert one_clinic.parts.commands.reason("window.forward")
    for page, who in (("patient", 8), ("patient", 7)):
        one_clinic.parts.commands.run("window.back")
        assert (made.current_page(), shown[-1]) == (page, who)
    one_clinic.parts.commands.run("window.back")
    assert made.current_page() == "today"
    assert one_clinic.parts.commands.reason("window.back") == "no page before this one"
    for page, who in (("patient", 7), ("patient", 8)):
        one_clinic.parts.commands.run("window.forward")
        assert (made.current_page(), shown[-1]) == (page, who)
    made.show_page("today")
    assert one_clinic.parts.commands.reason("window.forward") == "no page to go forward to"


def test_a_command_says_why_it_can_do_nothing_now(one_clinic: Clinic) -> None:
    commands = one_clinic.parts.commands
    commands.add(Command("x.never", "Turn the moon", lambda: None, not_now=lambda: "too far"))
    commands.add(Command("x.now", "Turn the page", lambda: None, not_now=lambda: ""))
    assert (commands.reason("x.never"), commands.reason("x.now")) == ("too far", "")


def test_log_out_names_a_note_that_is_not_saved(one_clinic: Clinic, qtbot: QtBot) -> None:
    made, _ = window(one_clinic, qtbot)
    ended: list[bool] = []
    add_log_out(made, one_clinic.parts, lambda: ended.append(True))
    page = made.page("today")
    note, line = QPlainTextEdit(), QLineEdit()
    column = QVBoxLayout(page)
    for field in (note, line):
        column.addWidget(field)
        field.show()
    assert half_typed(made) == ""
    qtbot.keyClicks(note, "rang her mother")
    said, lost = half_typed(made), made.unsaved()
    note.clear()
    assert said
    assert lost == [said]
    one_clinic.parts.commands.run("window.log-out")
    assert ended == [True]
