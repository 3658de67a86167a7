"""The lock: nothing about a patient can be found while it is on, and everything is as it was afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from accessible import texts_below, texts_of_program
from locked_window import PASSWORD, Locked
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from db.changes import Changes
from desktop.plan.page import PlanPage
from desktop.results.page import ResultsPage
from desktop.widgets.dialogs import ConfirmDialog, Dialog
from desktop.widgets.fields import NoteEdit, TextEdit

PATIENT = ("Whitfield", "WHITFIELD", "Clare", "R-004182", "07700")
Key = Qt.Key


def about_a_patient(texts: list[str]) -> list[str]:
    return [text for text in texts if any(part in text for part in PATIENT)]


def picture(window: QWidget) -> QImage:
    return window.grab().toImage()


def test_nothing_about_the_patient_can_be_found_while_it_is_locked(locked: Locked) -> None:
    locked.open_patient()
    locked.window.search.setFocus()
    locked.type("Whit")
    QTest.qWait(200)
    locked.clinic.settle()
    assert locked.window.search.hits(), "the hits below the search box are part of what must go"
    assert about_a_patient(texts_below(locked.window)), "the walk finds the patient while it is open"
    locked.lock_now()
    assert about_a_patient(texts_below(locked.window)) == []
    assert about_a_patient(texts_of_program()) == []
    assert not [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not locked.window]
    for top in QGuiApplication.topLevelWindows():
        assert about_a_patient([top.title()]) == []
    shown = [w for w in locked.window.findChildren(QWidget) if w.isVisible()]
    page = locked.lock.page()
    assert page is not None
    assert all(w is page or page.isAncestorOf(w) for w in shown)


def test_the_picture_of_a_locked_window_does_not_depend_on_what_was_open(locked: Locked) -> None:
    def locked_picture() -> QImage:
        locked.lock_now()
        made = picture(locked.window)
        locked.unlock()
        return made

    locked.window.show_page("today")
    locked.clinic.settle()
    first = locked_picture()
    locked.open_patient()
    open_one = picture(locked.window)
    assert locked_picture() == first
    assert open_one != first


def test_what_was_half_typed_is_there_again_with_the_keyboard_where_it_was(locked: Locked) -> None:
    locked.clinic.parts.navigation.open_results.emit(locked.clinic.patient_id)
    locked.clinic.settle()
    results = locked.window.page("results")
    assert isinstance(results, ResultsPage)
    fields = [f for f in results.findChildren(TextEdit) if f.isVisible() and f.isEnabled()]
    value = fields[-1]
    value.setFocus()
    QTest.keyClicks(value, "10")
    value.setCursorPosition(1)
    before = {id(f): f.text() for f in fields}
    locked.lock_now()
    locked.unlock()
    assert QApplication.focusWidget() is value
    assert value.cursorPosition() == 1
    assert {id(f): f.text() for f in fields} == before
    assert value.text() == "10"
    locked.type("7")
    assert value.text() == "170"


def test_a_referral_half_typed_survives(locked: Locked) -> None:
    locked.clinic.parts.navigation.new_referral.emit()
    locked.clinic.settle()
    plan = locked.window.page("plan")
    assert isinstance(plan, PlanPage)
    surname = QApplication.focusWidget()
    assert isinstance(surname, TextEdit)
    locked.type("Whitmarsh")
    for idle_again in range(2):
        locked.lock.idle.idle.emit()
        assert locked.lock.is_locked(), idle_again
        assert "Whitmarsh" not in " ".join(texts_of_program())
        locked.unlock()
    assert QApplication.focusWidget() is surname
    assert surname.text() == "Whitmarsh"
    assert plan.is_dirty()


def test_a_note_about_a_call_survives(locked: Locked) -> None:
    page = locked.open_patient()
    locked.press(Key.Key_C)
    QApplication.processEvents()
    note = next(n for n in page.answer.contact.findChildren(QWidget) if isinstance(n, TextEdit | NoteEdit))
    note.setFocus()
    QTest.keyClicks(note, "Wants mornings only")
    locked.lock_now()
    locked.unlock()
    assert QApplication.focusWidget() is note
    assert (note.text() if isinstance(note, TextEdit) else note.toPlainText()) == "Wants mornings only"


def test_shortcuts_of_the_window_do_nothing_while_it_is_locked(locked: Locked) -> None:
    locked.window.show_page("today")
    locked.lock_now()
    for key in (Key.Key_K, Key.Key_F, Key.Key_2, Key.Key_N, Key.Key_L):
        locked.press(key, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert locked.window.current_page() == "today"
    assert not locked.window.palette_box.isVisible()
    locked.unlock()
    locked.press(Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert locked.window.current_page() == "review"


def test_a_dialog_is_put_away_with_what_is_typed_in_it_and_comes_back(locked: Locked) -> None:
    locked.open_patient()
    dialog = ConfirmDialog(
        "Mark Whitfield, Clare as deceased?",
        "No letter goes out.",
        "Mark as deceased",
        1981,
        "Keep",
        locked.window,
    )
    said: list[str] = []

    def while_open() -> None:
        QTest.keyClicks(dialog.year_field, "19")
        locked.lock.lock()
        said.extend(texts_of_program())
        assert not dialog.isVisible()
        QTimer.singleShot(0, back)

    def back() -> None:
        locked.unlock()
        assert dialog.isVisible()
        assert dialog.isModal()
        assert QApplication.focusWidget() is dialog.year_field
        assert dialog.year_field.text() == "19"
        dialog.year_field.setCursorPosition(2)
        QTest.keyClicks(dialog.year_field, "81")
        QTest.keyClick(dialog.year_field, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    QTimer.singleShot(0, while_open)
    QTimer.singleShot(8_000, dialog, dialog.reject)
    assert dialog.exec() == Dialog.DialogCode.Accepted
    assert said
    assert about_a_patient(said) == []


def test_a_dialog_that_opens_late_waits_behind_the_lock(locked: Locked) -> None:
    locked.lock_now()
    late = Dialog("About Whitfield", "Clare", locked.window)
    late.open()
    QTest.qWait(20)
    assert not late.isVisible()
    assert about_a_patient(texts_of_program()) == []
    locked.unlock()
    assert late.isVisible()
    late.reject()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_an_open_menu_is_closed(locked: Locked) -> None:
    menu = QMenu(locked.window)
    menu.addAction("Call Whitfield")
    QTimer.singleShot(30, locked.lock.lock)
    menu.popup(locked.window.mapToGlobal(locked.window.rect().center()))
    QTest.qWait(80)
    assert not menu.isVisible()
    assert locked.lock.is_locked()
    locked.unlock()
    menu.deleteLater()


def test_what_was_copied_from_the_record_is_forgotten(locked: Locked) -> None:
    field = TextEdit("WHITFIELD, Clare", parent=locked.window)
    field.selectAll()
    field.copy()
    assert QGuiApplication.clipboard().text() == "WHITFIELD, Clare"
    locked.lock.lock()
    assert QGuiApplication.clipboard().text() == ""
    locked.unlock()


def test_wrong_passwords_keep_it_locked_and_slow_the_next_one_down(locked: Locked, qtbot: QtBot) -> None:
    locked.lock_now()
    page = locked.lock.page()
    assert page is not None
    for number in range(2):
        locked.try_password(f"wrong {number}")
        assert locked.lock.is_locked()
        assert page.button.isEnabled()
        assert "password" in page.problem.text()
    locked.try_password("wrong again")
    assert not page.button.isEnabled()
    assert "5 s" in page.problem.text()
    locked.try_password(PASSWORD)
    assert locked.lock.is_locked(), "closed for five seconds, even for the right one"
    locked.at += timedelta(seconds=6)
    qtbot.waitUntil(lambda: "5 s" not in page.problem.text())
    page.button.setEnabled(True)
    locked.unlock()


def test_a_change_made_meanwhile_is_on_the_page_afterwards(locked: Locked) -> None:
    page = locked.open_patient()
    locked.lock_now()
    seen = page.view()
    locked.clinic.tasks.changed.emit(Changes(frozenset({"patients"})))
    locked.unlock()
    locked.clinic.settle()
    assert page.view() is not seen


def test_another_user_is_asked_about_unsaved_typing_first(locked: Locked, qtbot: QtBot) -> None:
    locked.clinic.parts.navigation.new_referral.emit()
    locked.clinic.settle()
    locked.type("Whitmarsh")
    locked.lock_now()
    page = locked.lock.page()
    assert page is not None
    page.other.click()
    assert "referral" in page.asks()
    locked.press(Key.Key_Escape)
    QTest.qWait(150)
    assert page.asks() == ""
    page.other.click()
    with qtbot.waitSignal(locked.lock.ended):
        page.end.click()
    assert locked.window.close()


def test_a_locked_window_is_not_closed_over_unsaved_typing_without_a_word(locked: Locked) -> None:
    locked.clinic.parts.navigation.new_referral.emit()
    locked.clinic.settle()
    locked.type("Whitmarsh")
    locked.lock_now()
    assert not locked.window.close()
    page = locked.lock.page()
    assert page is not None
    assert "referral" in page.asks()


def test_the_picture_of_the_lock(locked: Locked, grab: Callable[[QWidget, str], Path]) -> None:
    locked.open_patient()
    assert grab(locked.window, "before-lock").exists()
    locked.lock_now()
    assert grab(locked.window, "locked").exists()
    locked.try_password("no")
    locked.try_password("no")
    locked.try_password("no")
    assert grab(locked.window, "locked-slow").exists()
