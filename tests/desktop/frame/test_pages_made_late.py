"""Pages are made when they are first wanted, and the rest while nobody does anything; nothing is missed meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_clinic import Clinic
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop import page_makers, theme
from desktop.log_out import waits
from desktop.main_window import MainWindow
from desktop.making_ahead import QUIET_S, MakingAhead
from desktop.page_stack import Page
from desktop.pages import add_pages
from desktop.results.dropping import SETTING
from desktop.results.page import ResultsPage


@pytest.fixture
def window(one_clinic: Clinic, qtbot: QtBot) -> MainWindow:
    """The window with all its pages named."""
    made = MainWindow(one_clinic.parts)
    qtbot.addWidget(made)
    add_pages(made, one_clinic.parts)
    made.show()
    one_clinic.settle()
    return made


def test_only_the_first_page_is_made_before_the_window_stands(window: MainWindow) -> None:
    assert [type(page).__name__ for page in window.pages()] == ["TodayPage"]
    assert window.made("plan") is None
    assert window.unsaved() == [], "nothing is lost with pages nobody has seen"
    assert not waits(window)
    with pytest.raises(KeyError):
        window.page("nowhere")


def test_a_page_is_made_once_and_shown_with_what_it_is_about(window: MainWindow, one_clinic: Clinic) -> None:
    one_clinic.parts.navigation.open_patient.emit(one_clinic.patient_id)
    one_clinic.settle()
    assert window.current_page() == "patient"
    page = window.page("patient")
    assert page.isVisible()
    assert window.page("patient") is page
    assert "patient" not in window.not_made()


def test_a_page_can_be_reached_by_its_command_before_it_was_made(
    window: MainWindow, one_clinic: Clinic
) -> None:
    assert one_clinic.parts.commands.run("go.managers")
    one_clinic.settle()
    assert window.current_page() == "managers"
    assert one_clinic.parts.commands.action("results.import").isEnabled()
    assert window.made("results") is None


def test_a_file_in_the_watched_folder_is_taken_in_though_nobody_opened_the_page(
    one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "from the laboratory"
    folder.mkdir()
    one_clinic.parts.settings.set_text(SETTING, str(folder))
    window = MainWindow(one_clinic.parts)
    qtbot.addWidget(window)
    add_pages(window, one_clinic.parts)
    assert window.made("results") is None
    (folder / "note.txt").write_text("no results")
    qtbot.waitUntil(lambda: (folder / "failed" / "note.txt").exists(), timeout=60_000)
    page = window.made("results")
    assert isinstance(page, ResultsPage)
    window.closing.emit()
    assert not page.laboratory.inbox.intake.is_running()


def test_the_rest_is_made_while_nobody_does_anything(window: MainWindow, one_clinic: Clinic) -> None:
    now = [0.0]
    ahead = MakingAhead(window, one_clinic.parts.tasks, now=lambda: now[0])
    missing = len(window.not_made())
    ahead.look()
    assert len(window.not_made()) == missing, "somebody was there a moment ago"
    now[0] += QUIET_S
    page = window.not_made()[0]
    while list(page_makers.not_loaded(page)):
        ahead.look()
        assert len(window.not_made()) == missing, "what it is made of comes first, a module a turn"
    ahead.look()
    assert len(window.not_made()) == missing - 1, "one page a turn"
    QApplication.sendEvent(
        window.windowHandle(),
        QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier),
    )
    ahead.look()
    assert len(window.not_made()) == missing - 1, "a key was pressed"
    now[0] += QUIET_S
    while window.not_made():
        one_clinic.settle()
        ahead.look()
    ahead.look()
    assert ahead.is_done()
    assert window.current_page() == "today"


def test_nothing_is_made_while_the_window_is_locked_or_after_the_end(
    window: MainWindow, one_clinic: Clinic
) -> None:
    ahead = MakingAhead(window, one_clinic.parts.tasks, now=lambda: 0.0)
    ahead._hand._now = lambda: QUIET_S
    window.before_closing = lambda: True
    before = window.not_made()
    ahead.look()
    assert window.not_made() == before
    window.before_closing = None
    window.closing.emit()
    assert ahead.is_done()


def test_a_page_that_fails_to_be_made_is_not_remembered_as_made(one_clinic: Clinic, qtbot: QtBot) -> None:
    window = MainWindow(one_clinic.parts)
    qtbot.addWidget(window)
    window.add_page(Page("today", "Today", "today", "", QWidget))
    tried: list[int] = []

    def make() -> QWidget:
        tried.append(1)
        if len(tried) == 1:
            raise OSError
        return QWidget()

    window.add_page(Page("late", "Late", "", "", make))
    with pytest.raises(OSError):
        window.page("late")
    assert window.made("late") is None
    assert window.page("late") is window.made("late")


def test_a_window_that_wears_the_style_sheet_follows_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    window, label = QWidget(), QLabel("words")
    qtbot.addWidget(window)
    label.setParent(window)
    label.setProperty("tone", "text2")

    def ink() -> str:
        label.ensurePolished()
        return label.palette().color(label.foregroundRole()).name()

    with theme.bare(qapp):
        theme.wear(window)
    window.show()
    try:
        assert qapp.styleSheet() == ""
        light = ink()
        assert light == theme.color("text2").name()
        theme.apply(qapp, "dark")
        assert qapp.styleSheet() == ""
        assert ink() == theme.color("text2").name() != light
    finally:
        theme.take_off(qapp)
        theme.apply(qapp, "light")
    assert qapp.styleSheet()
    assert window.styleSheet() == ""
