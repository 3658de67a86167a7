"""Two administrators at two windows: whoever saves second is shown both, nobody's work is lost, nothing is covered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy.orm import Session

from db import audit, queries
from db.models import EmergencyAccess, User
from db.operations.patients import end_follow_up
from db.operations.users import NewLeave, change_role, disable_user, rename_user, review_emergency, set_leave
from db.stamp import Stamp
from desktop.settings_page.ask import AskDialog
from desktop.settings_page.reviews import ReviewsSection
from desktop.settings_page.users import UsersSection

NORA, CORA, NILS, ANN = 1, 2, 3, 4
THEIR_LEAVE = (date(2026, 2, 16), date(2026, 2, 20), ANN)


def typed(dialog: AskDialog, **values: Any) -> None:
    """Put these into the fields: texts are typed, anything else is chosen."""
    for name, value in values.items():
        field: Any = dialog.fields[name].field
        if isinstance(value, str) and hasattr(field, "clear") and not hasattr(field, "set_value"):
            field.clear()
            QTest.keyClicks(field, value)
        else:
            field.set_value(value)


@dataclass(frozen=True)
class Race:
    """A dialog about Nils, what another window saves about him meanwhile, and what must stand in the end."""

    button: str
    fill: dict[str, Any]
    other: Callable[[Session, int, Stamp], object]
    told: tuple[str, ...]
    mine: dict[str, Any]
    """on record after "Keep mine": what the other window saved of other things stays"""
    theirs: dict[str, Any]


def renamed(session: Session, version: int, stamp: Stamp) -> object:
    return rename_user(session, NILS, "Nils Holm", None, version, stamp)


def promoted(session: Session, version: int, stamp: Stamp) -> object:
    return change_role(session, NILS, "clinician", version, stamp)


def sent_away(session: Session, version: int, stamp: Stamp) -> object:
    return set_leave(session, NILS, NewLeave(*THEIR_LEAVE), version, stamp)


RACES = {
    "name-over-name": Race(
        "rename", {"name": "Nils Berg-Holm"}, renamed, ("Name: Nils Holm | Nils Berg-Holm",),
        {"name": "Nils Berg-Holm"}, {"name": "Nils Holm"},
    ),
    "name-over-role": Race(
        "rename", {"name": "Nils Berg-Holm"}, promoted, ("Role: Clinician", "Name: Nils Berg | Nils Berg-Holm"),
        {"name": "Nils Berg-Holm", "role": "clinician"}, {"name": "Nils Berg", "role": "clinician"},
    ),
    "role-over-role": Race(
        "role", {"role": "manager"}, promoted, ("Role: Clinician | Manager",), {"role": "manager"},
        {"role": "clinician"},
    ),
    "leave-over-leave": Race(
        "leave", {"first": "Fri 13 Feb 2026", "last": "Sun 15 Feb 2026", "deputy": CORA}, sent_away,
        ("16 Feb", "13 Feb 2026", "20 Feb", "15 Feb 2026", "Cora Lind"),
        {"away_from": date(2026, 2, 13), "away_until": date(2026, 2, 15), "deputy_id": CORA},
        dict(zip(("away_from", "away_until", "deputy_id"), THEIR_LEAVE, strict=True)),
    ),
    "leave-over-name": Race(
        "leave", {"first": "Fri 13 Feb 2026", "last": "Sun 15 Feb 2026", "deputy": CORA}, renamed, ("Nils Holm",),
        {"name": "Nils Holm", "deputy_id": CORA}, {"name": "Nils Holm", "deputy_id": None},
    ),
    "disabled-over-name": Race(
        "disable", {}, renamed, ("Name: Nils Holm",), {"name": "Nils Holm", "active": False},
        {"name": "Nils Holm", "active": True},
    ),
}  # fmt: skip


def begin_anew(running: Any) -> None:
    """Nils as he was at first, and this window shows him so."""
    with running.clinic.database.write() as session:
        row = session.get_one(User, NILS)
        row.name, row.role, row.initials = "Nils Berg", "nurse", "NB"
        row.away_from = row.away_until = row.deputy_id = None
        audit.record(session, running.clock(NORA), "rename-user", "user_account", NILS)
    section = running.page.sections["users"]
    assert isinstance(section, UsersSection)
    section.refresh()
    running.settle()
    section.choose(NILS)


def run(running: Any, race: Race, way: str) -> str:
    """Type, be overtaken, save, choose a way; what was shown."""
    said: list[str] = []
    section = running.page.sections["users"]

    def in_dialog() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, AskDialog)
        try:
            typed(dialog, **race.fill)
            before = [(what, str(value)) for what, value in dialog._typed()]
            with running.clinic.database.write() as session:
                race.other(session, session.get_one(User, NILS).version, running.clock(NORA))
            dialog.accept()
            running.settle()
            said.append(dialog.conflict.said())
            assert [(what, str(value)) for what, value in dialog._typed()] == before, "nothing typed is lost"
            getattr(dialog.conflict, f"{way}_button").click()
            running.settle()
            assert not dialog.isVisible(), dialog.problem.text()
            said.append("answered")
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, in_dialog)
    QTest.keyClick(section.buttons[race.button], Qt.Key.Key_Return)
    running.settle()
    assert said[1:] == ["answered"]
    return said[0]


@pytest.mark.parametrize("way", ["mine", "theirs"])
def test_users(running: Any, way: str) -> None:
    running.show("users")
    for name, race in RACES.items():
        begin_anew(running)
        shown = run(running, race, way)
        assert "Changed meanwhile by Nora Vale" in shown, name
        for words in race.told:
            assert words in shown, name
        wanted = race.mine if way == "mine" else race.theirs
        with running.clinic.database.read() as session:
            row = session.get_one(User, NILS)
            assert {what: getattr(row, what) for what in wanted} == wanted, name


def test_whoever_was_disabled_elsewhere_is_not_disabled_twice(running: Any) -> None:
    """There is nothing left to do: that is said, and the other's work stands."""
    running.show("users")
    section = running.page.sections["users"]
    section.choose(NILS)
    said: list[str] = []

    def in_dialog() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, AskDialog)
        try:
            with running.clinic.database.write() as session:
                disable_user(session, NILS, session.get_one(User, NILS).version, running.clock(NORA))
            dialog.accept()
            running.settle()
            said.append(dialog.conflict.said())
            dialog.conflict.mine_button.click()
            running.settle()
            said.append(dialog.problem.text())
        finally:
            dialog.reject()

    QTimer.singleShot(0, in_dialog)
    QTest.keyClick(section.buttons["disable"], Qt.Key.Key_Return)
    running.settle()
    assert "Changed meanwhile by Nora Vale" in said[0]
    assert said[1]
    with running.clinic.database.read() as session:
        assert not session.get_one(User, NILS).active


def test_an_emergency_reviewed_elsewhere_keeps_the_first_note_and_shows_both(running: Any) -> None:
    database = running.clinic.database
    nurse = running.clock(NILS)
    with database.write() as session:
        reason = Stamp(nurse.user_id, nurse.at, nurse.today, emergency="She said no on the phone")
        version = queries.banner(session, 1).version
        end_follow_up(session, 1, "declined", nurse.today, None, reason, version)
    running.show("emergencies")
    section = running.page.sections["emergencies"]
    assert isinstance(section, ReviewsSection)
    (use,) = section._rows.values()
    section.table.select(use.id)
    section.note.setText("Rang her: it is so")
    with database.write() as session:
        review_emergency(session, use.id, "Spoke to Nils", use.version, running.clock(NORA))
    section._review()
    running.settle()
    said = section.conflict.said()
    assert "Changed meanwhile by Nora Vale" in said
    assert "Spoke to Nils | Rang her: it is so" in said
    assert section.note.text() == "Rang her: it is so"
    assert section.conflict.mine_button.isHidden(), "it is reviewed: one review is enough"
    section.conflict.theirs_button.click()
    running.settle()
    assert section._rows == {}
    with database.read() as session:
        assert session.get_one(EmergencyAccess, use.id).review_note == "Spoke to Nils"
