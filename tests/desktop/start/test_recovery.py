"""The recovery key: kept before it is gone from the screen, and a way in when passwords are lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from clinical.protocol import load_protocol
from db import models as m
from db import queries, vault
from db.errors import Refused, WrongKey
from db.opening import create_clinic_file
from db.operations.clinic import ClinicSettings, NewUser, set_up_clinic
from db.operations.users import add_user
from db.regain import new_recovery_key
from db.stamp import Stamp
from desktop.start.opened import OpenedClinic, open_for
from desktop.start.recovery import RecoverPage, RecoveryKeyPage
from desktop.start.window import StartWindow
from desktop.widgets.recovery_key import RecoveryKeyPanel

PASSWORD, NEW = "a long enough one", "quite another one"
AT = datetime(2026, 2, 12, 10, tzinfo=UTC)
DAY = date(2026, 2, 12)
KEY = "A2B3C-D4E5F-GHJKL-MNPQR-STVWX-YZ234"


class Made:
    """A clinic file with an administrator and a nurse, and its recovery key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        database, self.recovery_key = create_clinic_file(path, "nora", PASSWORD)
        stamp = Stamp(1, AT, DAY)
        with database.write() as session:
            new = NewUser("Nora Vale", "nora", "administrator")
            set_up_clinic(session, ClinicSettings("Hillcrest Iron Clinic"), new, stamp, load_protocol())
        with database.write() as session:
            add_user(session, NewUser("Ben Hill", "ben", "nurse"), stamp)
        with database.read() as session:
            self.details = queries.clinic(session)
        database.close()


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "clinic.replete")


@pytest.fixture
def window(qtbot: QtBot) -> StartWindow:
    shown = StartWindow(lambda: AT)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def recover_page(window: StartWindow, made: Made) -> RecoverPage:
    log_in = window.show_log_in(made.path, ("nora",), load_protocol())
    log_in.recover.click()
    (page,) = window.findChildren(RecoverPage)
    return page


def fill(page: RecoverPage, qtbot: QtBot, key: str, name: str = "nora", password: str = NEW) -> None:
    typed = ((page.key, key), (page.name, name), (page.password, password), (page.again, password))
    for field, text in typed:
        field.setFocus()
        field.clear()
        qtbot.keyClicks(field, text)


def failed(page: RecoverPage, qtbot: QtBot) -> str:
    qtbot.keyClick(page.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.problem.text()))
    assert page.button.isEnabled()
    return page.problem.text()


def test_the_key_gives_an_administrator_a_new_password_and_says_so_in_the_audit(
    window: StartWindow, made: Made, qtbot: QtBot
) -> None:
    page = recover_page(window, made)
    fill(page, qtbot, made.recovery_key.lower().replace("-", " "))
    with qtbot.waitSignal(window.opened) as opened:
        qtbot.keyClick(page.again, Qt.Key.Key_Return)
    assert opened.args is not None
    clinic = opened.args[0]
    assert isinstance(clinic, OpenedClinic)
    with clinic.database.read() as session:
        actions = list(session.scalars(select(m.AuditRow.action).order_by(m.AuditRow.id)))
    clinic.database.close()
    assert actions[-2:] == ["recovery-key-used", "reset-password"]
    open_for(made.path, "nora", NEW, AT).database.close()
    with pytest.raises(WrongKey):
        open_for(made.path, "nora", PASSWORD, AT)
    assert vault.unlock_with_recovery(made.path, made.recovery_key), "the paper still opens it"


def test_what_is_wrong_is_said_and_changes_nothing(window: StartWindow, made: Made, qtbot: QtBot) -> None:
    page = recover_page(window, made)
    page.submit()
    assert {name for name, field in page.fields.items() if field.problem()} == {"key", "name", "password"}
    slip = made.recovery_key[:-1] + ("A" if made.recovery_key[-1] != "A" else "B")
    fill(page, qtbot, slip)
    assert "slip" in failed(page, qtbot)
    fill(page, qtbot, made.recovery_key, name="ben")
    said = failed(page, qtbot)
    assert "administrator" in said
    assert "nora" in said
    open_for(made.path, "nora", PASSWORD, AT).database.close()


def test_back_goes_to_the_log_in(window: StartWindow, made: Made) -> None:
    page = recover_page(window, made)
    page.back_button.click()
    assert window.findChildren(RecoverPage) == [page]
    assert not page.isVisible()


def test_a_new_key_ends_the_old_one_and_only_an_administrator_makes_it(made: Made) -> None:
    clinic = open_for(made.path, "nora", PASSWORD, AT)
    with pytest.raises(Refused) as refused:
        new_recovery_key(clinic.database, Stamp(2, AT, DAY))
    assert refused.value.code == "not-your-role"
    assert vault.unlock_with_recovery(made.path, made.recovery_key)
    fresh = new_recovery_key(clinic.database, Stamp(1, AT, DAY))
    clinic.database.close()
    assert vault.unlock_with_recovery(made.path, fresh)
    with pytest.raises(WrongKey):
        vault.unlock_with_recovery(made.path, made.recovery_key)


def test_one_group_of_the_copy_must_be_typed_before_going_on(made: Made, qtbot: QtBot) -> None:
    page = RecoveryKeyPage(KEY, made.details, DAY)
    qtbot.addWidget(page)
    page.show()
    assert not page.button.isEnabled()
    asked = KEY.split("-")[page.panel.asked]
    qtbot.keyClicks(page.panel.typed, "77777")
    assert page.panel.field.problem()
    assert not page.button.isEnabled()
    page.panel.typed.clear()
    qtbot.keyClicks(page.panel.typed, asked.lower())
    assert page.button.isEnabled()
    with qtbot.waitSignal(page.kept):
        qtbot.keyClick(page.panel.typed, Qt.Key.Key_Return)


def test_the_key_is_shown_whole_and_saved_as_a_sheet(made: Made, tmp_path: Path, qtbot: QtBot) -> None:
    panel = RecoveryKeyPanel(KEY, made.details, DAY)
    qtbot.addWidget(panel)
    assert panel.key.text().replace(" ", "").replace("\n", "-") == KEY
    assert KEY in panel.key.accessibleName()
    saved = panel.save_into(tmp_path)
    assert saved is not None
    text = " ".join(pypdf.PdfReader(BytesIO(saved.read_bytes())).pages[0].extract_text().split())
    assert all(group in text for group in KEY.split("-"))
    assert "Hillcrest Iron Clinic" in text
    assert "12 Feb 2026" in text
    assert panel.save_into(tmp_path / "not there") is None
    assert "Not saved" in panel.said.text()


def test_pictures(
    window: StartWindow, made: Made, grab: Callable[[QWidget, str], Path], dark: object, qtbot: QtBot
) -> None:
    page = recover_page(window, made)
    page.submit()
    assert grab(window, "recover-dark").exists()
    key_page = RecoveryKeyPage(KEY, made.details, DAY)
    qtbot.addWidget(key_page)
    key_page.resize(640, 720)
    assert grab(key_page, "recovery-key-dark").exists()
    problem = window.show_problem("There is no folder here.")
    assert grab(window, "problem-dark").exists()
    assert problem.button.isVisible()


@pytest.mark.usefixtures("doubled")
def test_at_twice_the_size_the_key_still_fits(
    made: Made, grab: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    page = RecoveryKeyPage(KEY, made.details, DAY)
    qtbot.addWidget(page)
    page.resize(1280, 1000)
    assert grab(page, "recovery-key-200").exists()
    assert page.panel.key.width() >= page.panel.key.sizeHint().width()
