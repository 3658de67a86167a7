"""Settings through the real window: who works here, their roles, passwords and leave."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from settings_keys import NEW, PASSWORD, Ctrl, Key, answer, pick, put

from db import queries, vault
from db.errors import WrongKey
from db.models import User
from db.operations.users import rename_user
from desktop.settings_page.ask import AskDialog
from desktop.settings_page.own_password import OwnPasswordSection
from desktop.settings_page.recovery import RecoverySection
from desktop.settings_page.users import UsersSection

NORA, CORA, NILS, ANN = 1, 2, 3, 4


def users(running: Any) -> UsersSection:
    running.show("users")
    section = running.page.sections["users"]
    assert isinstance(section, UsersSection)
    return section


def staff(running: Any) -> dict[int, Any]:
    with running.clinic.database.read() as session:
        return {row.id: row for row in queries.staff(session, running.clock(1).today)}


def test_a_user_is_added_and_can_log_in(running: Any) -> None:
    section = users(running)
    refused = answer(
        running,
        section.buttons["add"],
        lambda d: put(d, name="Bea Hall", login="cora", password=PASSWORD, again=PASSWORD),
    )
    assert "log-in name" in refused[0], "somebody has it already, and the dialog stayed"

    def fill(dialog: AskDialog) -> None:
        put(dialog, name="Bea Hall", login="bea", password=NEW, again=NEW)
        pick(dialog, "role", "nurse")

    assert answer(running, section.buttons["add"], fill) == []
    assert {row.login: row.role for row in staff(running).values()}["bea"] == "nurse"
    assert vault.unlock(running.path, "bea", NEW)
    assert "Bea Hall" in running.window.foot.said()


def test_a_user_is_renamed_and_given_another_role(running: Any) -> None:
    section = users(running)
    section.choose(NILS)
    assert answer(running, section.buttons["rename"], lambda d: put(d, name="Nils Bergman")) == []
    section.choose(NILS)
    assert answer(running, section.buttons["role"], lambda d: pick(d, "role", "manager")) == []
    assert (staff(running)[NILS].name, staff(running)[NILS].role) == ("Nils Bergman", "manager")


def test_a_password_is_reset(running: Any) -> None:
    section = users(running)
    section.choose(NILS)
    said = answer(running, section.buttons["password"], lambda d: put(d, password="short", again="short"))
    assert "10" in said[0]
    assert answer(running, section.buttons["password"], lambda d: put(d, password=NEW, again=NEW)) == []
    assert vault.unlock(running.path, "nils", NEW)
    with pytest.raises(WrongKey):
        vault.unlock(running.path, "nils", PASSWORD)


def test_whoever_has_open_work_hands_it_over_and_is_disabled_then_enabled(running: Any) -> None:
    section = users(running)
    assert staff(running)[CORA].open_steps > 0
    section.choose(CORA)
    assert answer(running, section.buttons["disable"], lambda d: pick(d, "heir", ANN)) == []
    row = staff(running)[CORA]
    assert (row.active, row.open_steps) == (False, 0)
    assert staff(running)[ANN].open_steps > 0
    assert "cora" not in vault.user_names(running.path)
    section.choose(CORA)
    assert not section.buttons["disable"].isEnabled()
    assert answer(running, section.buttons["enable"], lambda d: put(d, password=NEW, again=NEW)) == []
    assert staff(running)[CORA].active
    assert vault.unlock(running.path, "cora", NEW)


def test_with_nobody_left_to_hand_over_to_the_dialog_says_that_somebody_is_needed(running: Any) -> None:
    section = users(running)
    for other in (NILS, ANN):
        section.choose(other)
        assert answer(running, section.buttons["disable"], lambda _dialog: None) == []
    section.choose(CORA)
    assert answer(running, section.buttons["disable"], lambda _dialog: None) == ["Needed."]
    assert staff(running)[CORA].active


def test_a_leave_names_who_stands_in(running: Any) -> None:
    section = users(running)
    section.choose(CORA)

    def fill(dialog: AskDialog) -> None:
        put(dialog, first="12 Feb 2026", last="20 Feb 2026")
        pick(dialog, "deputy", NILS)

    assert answer(running, section.buttons["leave"], fill) == []
    row = staff(running)[CORA]
    assert (row.away_today, row.deputy_name) == (True, "Nils Berg")


def test_what_the_role_does_not_allow_is_closed_and_says_for_whom_it_is(as_nurse: Any) -> None:
    section = users(as_nurse)
    section.choose(CORA)
    for name in ("add", "rename", "role", "password", "disable", "enable"):
        assert not section.buttons[name].isEnabled()
        assert "dministrator" in section.buttons[name].toolTip()
    assert not section.buttons["leave"].isEnabled(), "somebody else's leave"
    section.choose(NILS)
    assert section.buttons["leave"].isEnabled(), "one's own leave"
    as_nurse.show("recovery")
    recovery = as_nurse.page.sections["recovery"]
    assert isinstance(recovery, RecoverySection)
    assert not recovery.make.isEnabled()


def test_my_password_wants_the_old_one(running: Any) -> None:
    running.show("password")
    section = running.page.sections["password"]
    assert isinstance(section, OwnPasswordSection)
    assert QApplication.focusWidget() is section.old
    for old in ("not it at all", PASSWORD):
        for field, text in ((section.old, old), (section.new.password, NEW), (section.new.again, NEW)):
            field.setFocus()
            field.clear()
            QTest.keyClicks(field, text)
        running.press(Key.Key_Return)
        running.settle()
        if old != PASSWORD:
            assert section.fields["old"].problem()
            assert vault.unlock(running.path, "nora", PASSWORD)
    assert vault.unlock(running.path, "nora", NEW)
    assert section.old.text() == section.new.password.text() == ""


def test_a_user_renamed_elsewhere_is_shown_beside_what_is_typed(running: Any) -> None:
    section = users(running)
    section.choose(NILS)
    database = running.clinic.database
    shown: list[str] = []

    def fill(dialog: AskDialog) -> None:
        put(dialog, name="Nils Berg-Holm")
        with database.write() as session:
            seen = session.get_one(User, NILS).version
            rename_user(session, NILS, "Nils Holm", None, seen, running.clock(NORA))
        running.press(Key.Key_Return, Ctrl)
        running.settle()
        shown.append(dialog.conflict.said())
        field = dialog.fields["name"].field
        assert isinstance(field, QLineEdit)
        assert field.text() == "Nils Berg-Holm"
        assert staff(running)[NILS].name == "Nils Holm"

    answer(running, section.buttons["rename"], fill)
    assert "Changed meanwhile by Nora Vale" in shown[0]
    assert "Name: Nils Holm | Nils Berg-Holm" in shown[0]
    assert staff(running)[NILS].name == "Nils Berg-Holm", "saved again, after it was shown"
