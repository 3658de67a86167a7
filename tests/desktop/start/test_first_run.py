"""The first start: what is missing is said beside its field, and a clinic that opens again comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinical.protocol import load_protocol
from db import queries
from db.errors import WrongKey
from db.opening import create_clinic_file
from desktop.app import Program
from desktop.settings import Settings
from desktop.start.first_run import FirstRunPage, MadeClinic
from desktop.start.opened import OpenedClinic, SetUpUnfinishedError, open_for
from desktop.start.window import StartWindow
from desktop.widgets.dialogs import BugDialog

PASSWORD = "a long enough one"


@pytest.fixture
def window(qtbot: QtBot) -> StartWindow:
    made = StartWindow()
    qtbot.addWidget(made)
    made.show()
    return made


def fill(page: FirstRunPage, qtbot: QtBot) -> None:
    for field, text in (
        (page.clinic, "Hillcrest Iron Clinic"),
        (page.address, "Hillcrest 4, Larkham"),
        (page.name, "Nora Vale"),
        (page.login, "nora"),
        (page.password, PASSWORD),
        (page.again, PASSWORD),
    ):
        field.setFocus()
        qtbot.keyClicks(field, text)


def make(window: StartWindow, path: Path, qtbot: QtBot) -> MadeClinic:
    page = window.show_first_run(path, load_protocol())
    fill(page, qtbot)
    with qtbot.waitSignal(page.made) as made:
        qtbot.keyClick(page.again, Qt.Key.Key_Return)
    assert made.args is not None
    clinic = made.args[0]
    assert isinstance(clinic, MadeClinic)
    return clinic


def test_an_empty_page_says_what_it_wants_and_makes_nothing(
    window: StartWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "clinic.replete"
    page = window.show_first_run(path, load_protocol())
    qtbot.keyClicks(page.password, "short")
    page.submit()
    assert {name for name, field in page.fields.items() if field.problem()} == {
        "clinic",
        "name",
        "login",
        "password",
    }
    assert page.password.text() == "short"
    assert not path.exists()


def test_a_doubtful_phone_is_asked_about_once(window: StartWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "clinic.replete"
    page = window.show_first_run(path, load_protocol())
    fill(page, qtbot)
    qtbot.keyClicks(page.phone, "123 45")
    hint = page.fields["phone"].field.accessibleDescription()
    assert "Too short" in hint, "said while it is typed"
    page.submit()
    assert "Too short" in page.fields["phone"].problem()
    assert page.phone.text() == "123 45"
    assert page.phone.hasFocus()
    assert not path.exists()
    with qtbot.waitSignal(page.made):
        page.submit()


def test_the_country_offers_its_unit_and_paper_and_both_can_be_changed(
    window: StartWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page = window.show_first_run(tmp_path / "clinic.replete", load_protocol())
    assert (page.unit.value(), page.paper.value()) == ("g/L", "A4")
    page.country.setFocus()
    page.country.set_value("US")
    assert page.country.value() == "US"
    assert (page.unit.value(), page.paper.value()) == ("g/dL", "Letter")
    page.unit.set_value("g/L")
    assert page.country.value() == "US"


def test_the_pages_scroll_where_the_screen_is_small(
    window: StartWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page = window.show_first_run(tmp_path / "clinic.replete", load_protocol())
    window.resize(380, 360)
    qtbot.waitUntil(lambda: page._scroll.verticalScrollBar().maximum() > 0)
    page.clinic.setText("Hillcrest")
    page.name.setText("Nora Vale")
    page.login.setText("nora")
    page.submit()
    assert page.password.hasFocus()
    top = page.password.mapTo(page._scroll.viewport(), page.password.rect().topLeft()).y()
    assert 0 <= top < page._scroll.viewport().height()


def test_two_different_passwords_are_not_taken(window: StartWindow, tmp_path: Path, qtbot: QtBot) -> None:
    page = window.show_first_run(tmp_path / "clinic.replete", load_protocol())
    fill(page, qtbot)
    qtbot.keyClicks(page.again, "x")
    page.submit()
    assert page.fields["again"].problem()


def test_the_clinic_opens_by_password_and_holds_what_was_typed(
    window: StartWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "clinic.replete"
    made = make(window, path, qtbot)
    assert made.recovery_key
    with made.clinic.database.read() as session:
        assert queries.clinic(session).name == "Hillcrest Iron Clinic"
        assert queries.clinic(session).address_lines == ("Hillcrest 4", "Larkham")
    made.clinic.database.close()
    again = open_for(path, "nora", PASSWORD)
    assert again.user.role == "administrator"
    again.database.close()
    with pytest.raises(WrongKey):
        open_for(path, "nora", "something else")


def test_a_wrong_password_keeps_the_name_and_opens_nothing(
    window: StartWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "clinic.replete"
    make(window, path, qtbot).clinic.database.close()
    page = window.show_log_in(path, ("nora",), load_protocol())
    qtbot.keyClicks(page.password, "wrong")
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.problem.text()))
    assert page.name.text() == "nora"
    page.password.clear()
    qtbot.keyClicks(page.password, PASSWORD)
    qtbot.waitUntil(page.button.isEnabled)
    with qtbot.waitSignal(window.opened) as opened:
        qtbot.keyClick(page.password, Qt.Key.Key_Return)
    assert opened.args is not None
    clinic = opened.args[0]
    assert isinstance(clinic, OpenedClinic)
    clinic.database.close()


def test_later_wrong_passwords_have_to_wait_after_a_restart_too(
    window: StartWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "clinic.replete"
    make(window, path, qtbot).clinic.database.close()
    for _ in range(3):
        with pytest.raises(WrongKey):
            open_for(path, "nora", "something else")
    page = window.show_log_in(path, ("nora",), load_protocol())
    qtbot.keyClicks(page.password, PASSWORD)
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Too many wrong passwords" in page.problem.text())
    assert not page.button.isEnabled()
    assert page.password.text() == PASSWORD
    qtbot.waitUntil(page.button.isEnabled)
    with qtbot.waitSignal(window.opened) as opened:
        qtbot.keyClick(page.password, Qt.Key.Key_Return)
    assert opened.args is not None
    clinic = opened.args[0]
    assert isinstance(clinic, OpenedClinic)
    clinic.database.close()


def test_a_set_up_that_was_cut_short_begins_anew_and_deletes_nothing(
    window: StartWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "clinic.replete"
    database, _key = create_clinic_file(path, "nora", PASSWORD)
    database.close()
    with pytest.raises(SetUpUnfinishedError):
        open_for(path, "nora", PASSWORD)
    page = window.show_log_in(path, ("nora",), load_protocol())
    qtbot.keyClicks(page.password, PASSWORD)
    with qtbot.waitSignal(page.unfinished):
        page.submit()
    assert not path.exists()
    assert (tmp_path / "clinic.replete.unfinished").exists()


def test_somebody_may_look_at_the_demo_clinic_first(
    window: StartWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    page = window.show_first_run(tmp_path / "clinic.replete", load_protocol())
    page.demo.setFocus()
    with qtbot.waitSignal(window.demo_wanted):
        qtbot.keyClick(page.demo, Qt.Key.Key_Return)
    assert not list(tmp_path.iterdir()), "nothing of a clinic was made"


def test_a_bug_while_opening_is_told_and_it_can_be_tried_again(
    themed: QApplication, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button that waits for an answer nobody gives would leave the program shut until it is started anew."""

    def broken(*_given: object) -> None:
        raise ZeroDivisionError("planted")

    program = Program(themed, load_protocol(), Settings(tmp_path / "settings.ini"))
    window = program.start_window
    page = window.show_log_in(tmp_path / "clinic.replete", ("nora",), load_protocol())
    window.show()
    monkeypatch.setattr(page, "_open", broken)
    page.password.setText(PASSWORD)
    page.submit()
    qtbot.waitUntil(lambda: bool(window.findChildren(BugDialog)))
    (told,) = window.findChildren(BugDialog)
    assert "ZeroDivisionError" in told.trace.toPlainText()
    assert page.button.isEnabled()
    assert page.password.text() == PASSWORD
    told.reject()
    window.close()
    program.close()
    program.deleteLater()
