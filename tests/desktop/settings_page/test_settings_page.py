"""Settings through the real window: the audit, backups, the recovery key, the lock; how every section looks."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from settings_keys import PASSWORD, Key, answer, put

from db import audit, queries, vault
from db.errors import KnownError, WrongKey
from db.operations.access import record_view
from db.queries.audit import audit_actions
from db.stamp import Stamp
from desktop.lock import minutes
from desktop.settings_page.audit import AuditSection
from desktop.settings_page.backups import BackupsSection
from desktop.settings_page.commands import titles
from desktop.settings_page.lock_time import LockTimeSection
from desktop.settings_page.recovery import RecoverySection
from desktop.start.opened import open_for
from desktop.widgets.buttons import KeyButton

NILS = 3


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
    assert len(rows) - 1 == section.table.model().rowCount(), "a head and the lines"
    with running.clinic.database.read() as session:
        actions, head = audit_actions(session), audit.head(session).short
    assert "export-audit" in actions
    about = json.loads(file.with_name(f"{file.name}-metadata.json").read_bytes())
    said = {note["name"]: note["value"] for note in about["notes"]}
    assert (said["Clinic"], said["Taken by"]) == ("Hillcrest Iron Clinic", "Nora Vale")
    assert (said["Filter"], said["Audit head"]) == ("Patient: Whitfield, Clare", head)
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


def test_the_list_names_each_section_as_its_heading_does_and_makes_none_before_it_is_shown(
    running: Any,
) -> None:
    made = [name for name in titles() if running.page.sections.made(name) is not None]
    assert set(made) < set(titles())
    assert {name: one.accessibleName() for name, one in running.page.sections.items()} == titles()


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


def test_the_section_chosen_is_marked_over_the_width_of_its_column(running: Any) -> None:
    page = running.page
    assert len({button.width() for button in page.buttons.values()}) == 1
    assert page.buttons["users"].width() > page.buttons["users"].sizeHint().width()


@pytest.mark.parametrize("name", ["users", "protocol", "letters", "recovery"])
def test_a_closed_section_says_for_whom_it_is(as_nurse: Any, name: str) -> None:
    """A button that cannot be pressed has its reason in words on the page, not in a tool tip alone."""
    as_nurse.page.show_section(name)
    said = [
        label.text()
        for label in as_nurse.page.sections[name].findChildren(QLabel)
        if label.isVisibleTo(as_nurse.page)
    ]
    assert [one for one in said if one.startswith("For: ") and "You are Nurse" in one], said


def test_a_low_window_squeezes_no_section_and_shows_the_one_that_is_opened(running: Any) -> None:
    running.page.window().resize(1000, 360)
    running.show("lock")
    for button in running.page.buttons.values():
        assert button.height() >= button.sizeHint().height(), button.words()
    title = next(one for one in running.page.findChildren(QLabel) if one.text() == "Settings")
    assert title.height() >= title.sizeHint().height()
    assert not running.page.buttons["lock"].visibleRegion().isEmpty()
