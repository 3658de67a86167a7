"""Settings through the real window: users, passwords, the clinic, the audit, backups, the recovery key, the lock."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from db import audit, queries, vault
from db.errors import KnownError, WrongKey
from db.models import User
from db.operations.access import record_view
from db.operations.clinic import change_settings
from db.operations.users import rename_user
from db.queries.audit import audit_actions
from db.stamp import Stamp
from desktop.lock import minutes
from desktop.settings_page.ask import AskDialog
from desktop.settings_page.audit import AuditSection
from desktop.settings_page.backups import BackupsSection
from desktop.settings_page.clinic import ClinicSection, _settings_of
from desktop.settings_page.lock_time import LockTimeSection
from desktop.settings_page.own_password import OwnPasswordSection
from desktop.settings_page.recovery import RecoverySection
from desktop.settings_page.users import UsersSection
from desktop.start.opened import open_for
from desktop.widgets.buttons import KeyButton

PASSWORD, NEW = "a long enough one", "quite another one"
Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
NORA, CORA, NILS, ANN = 1, 2, 3, 4


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


def test_the_clinic_keeps_what_was_typed_when_somebody_else_saved_first(running: Any) -> None:
    running.show("clinic")
    section = running.page.sections["clinic"]
    assert isinstance(section, ClinicSection)
    section.phone.setFocus()
    QTest.keyClicks(section.phone, "01273 900 900")
    database = running.clinic.database

    def meanwhile(name: str) -> None:
        with database.write() as session:
            seen = queries.clinic(session)
            change_settings(session, replace(_settings_of(seen), name=name), seen.version, running.clock(1))

    meanwhile("Hillcrest & Sea")
    section.save()
    running.settle()
    said = section.conflict.said()
    assert "Nora Vale" in said
    assert "Hillcrest & Sea" in said
    assert section.phone.text() == "01273 900 900"
    QTest.keyClick(section.conflict.mine_button, Key.Key_Return)
    running.settle()
    with database.read() as session:
        now = queries.clinic(session)
    assert (now.name, now.phone) == ("Hillcrest Iron Clinic", "01273 900 900")
    assert (now.time_zone, now.language) == ("Europe/London", "en")
    meanwhile("Hillcrest by the Sea")
    section.email.setText("post@hillcrest.example")
    section.save()
    running.settle()
    QTest.keyClick(section.conflict.theirs_button, Key.Key_Return)
    running.settle()
    assert section.name.text() == "Hillcrest by the Sea"
    assert section.email.text() == ""
    assert not section.is_dirty()


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


def test_a_closed_day_is_added(running: Any) -> None:
    running.show("clinic")
    section = running.page.sections["clinic"]
    assert isinstance(section, ClinicSection)
    section.day.setFocus()
    QTest.keyClicks(section.day, "4 Mar 2026")
    QTest.keyClicks(section.reason, "Training")
    QTest.keyClick(section.close_button, Key.Key_Return)
    running.settle()
    assert "Wed 4 Mar" in section.closed.text()


def test_a_doubtful_phone_of_the_clinic_is_asked_about_once(running: Any) -> None:
    running.show("clinic")
    section = running.page.sections["clinic"]
    assert isinstance(section, ClinicSection)
    section.phone.setText("")
    section.phone.setFocus()
    QTest.keyClicks(section.phone, "call us")
    section.save()
    running.settle()
    assert "more than a telephone number" in section.phone_field.problem()
    assert section.is_dirty()
    section.save()
    running.settle()
    assert not section.phone_field.problem()
    with running.clinic.database.read() as session:
        assert queries.clinic(session).phone == "call us"


def test_the_audit_is_searched_and_exported_and_the_chain_is_verified(running: Any, tmp_path: Path) -> None:
    with running.clinic.database.write() as session:
        record_view(
            session, "patient", "patient", 1, 1, Stamp(NILS, running.clock(NILS).at, running.clock(1).today)
        )
    running.show("audit")
    section = running.page.sections["audit"]
    assert isinstance(section, AuditSection)
    assert "Chain verified" in section.chain.text()
    assert section.table.model().rowCount() >= 6
    section.patient.setFocus()
    QTest.keyClicks(section.patient, "whitf")
    running.press(Key.Key_Return)
    running.settle()
    running.settle()
    people = {section.looked.model().index(row, 0).data() for row in range(section.looked.model().rowCount())}
    assert {"Nils Berg", "Cora Lind"} <= people
    section.export_into(tmp_path)
    running.settle()
    (file,) = tmp_path.glob("audit-*.csv")
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert len(rows) - 2 == section.table.model().rowCount(), "a head, the lines, and the foot"
    with running.clinic.database.read() as session:
        actions, head = audit_actions(session), audit.head(session).short
    assert "export-audit" in actions
    assert rows[-1][-1] == f"Hillcrest Iron Clinic, taken by Nora Vale, audit head {head}"
    assert os.name != "posix" or file.stat().st_mode & 0o077 == 0


def test_backups_are_made_listed_and_tried(running: Any, tmp_path: Path) -> None:
    running.show("backups")
    section = running.page.sections["backups"]
    assert isinstance(section, BackupsSection)
    assert section.backups is not None
    QTest.keyClick(section.now, Key.Key_Return)
    assert section.backups.wait_idle()
    running.settle()
    assert section.table.model().rowCount() == 1
    QTest.keyClick(section.drill, Key.Key_Return)
    assert section.backups.wait_idle()
    running.settle()
    assert "it worked" in section.drilled.text()
    assert "The restore worked" in running.window.foot.said()
    section.folder.setText(str(tmp_path))
    QTest.keyClick(section.save, Key.Key_Return)
    running.settle()
    with running.clinic.database.read() as session:
        assert queries.backups.second_folder(session) == str(tmp_path)


def test_a_new_recovery_key_wants_the_password_and_a_copy(running: Any) -> None:
    running.show("recovery")
    section = running.page.sections["recovery"]
    assert isinstance(section, RecoverySection)
    assert answer(running, section.make, lambda d: put(d, password="not it at all")) != []
    assert section.panel is None
    assert answer(running, section.make, lambda d: put(d, password=PASSWORD)) == []
    panel = section.panel
    assert panel is not None
    assert running.window.unsaved()
    key = "-".join(panel.key.text().replace(" ", "").replace("\n", "-").split("-"))
    assert vault.unlock_with_recovery(running.path, key)
    assert not section.kept.isEnabled()
    QTest.keyClicks(panel.typed, key.split("-")[panel.asked])
    QTest.keyClick(section.kept, Key.Key_Return)
    assert section.panel is None
    assert not running.window.unsaved()


def test_the_lock_time_counts_at_once(running: Any) -> None:
    running.show("lock")
    section = running.page.sections["lock"]
    assert isinstance(section, LockTimeSection)
    section.minutes.setFocus()
    running.press(Key.Key_Down)
    section.minutes.activated.emit(section.minutes.currentIndex())
    lock = running.program.lock
    assert lock is not None
    assert lock.idle.limit() == minutes(running.page.sections["lock"].parts) * 60 == 360


def test_another_user_logs_in_after_the_lock(running: Any) -> None:
    lock, path = running.program.lock, running.path
    assert lock is not None
    begun: list[bool] = []
    running.program.session_ended.connect(lambda: begun.append(True))
    old = running.program.main_window
    lock.lock()
    page = lock.page()
    assert page is not None
    page.other.click()
    QTest.qWait(50)
    assert begun == [True]
    assert running.program.main_window is None
    assert not shiboken6.isValid(old) or not old.isVisible()
    open_for(path, "cora", PASSWORD, running.at).database.close()


def test_every_section_names_its_fields(running: Any) -> None:
    for name, section in running.page.sections.items():
        running.show(name)
        for widget in section.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled():
                assert widget.accessibleName(), (name, widget)


def test_pictures(running: Any, grab: Callable[[QWidget, str], Path]) -> None:
    for name in running.page.sections:
        running.show(name)
        assert grab(running.window, f"settings-{name}").exists()
    assert issubclass(WrongKey, KnownError)


@pytest.mark.usefixtures("doubled")
def test_at_twice_the_size_nothing_is_cut(running: Any, grab: Callable[[QWidget, str], Path]) -> None:
    running.window.resize(1440, 900)
    for name in ("users", "audit", "clinic"):
        running.show(name)
        assert grab(running.window, f"settings-{name}-200").exists()
        for button in running.page.sections[name].findChildren(KeyButton):
            assert not button.isVisible() or button.width() >= button.sizeHint().width()


def test_in_the_dark(running: Any, dark: object, grab: Callable[[QWidget, str], Path]) -> None:
    for name in ("users", "backups"):
        running.show(name)
        assert grab(running.window, f"settings-{name}-dark").exists()
