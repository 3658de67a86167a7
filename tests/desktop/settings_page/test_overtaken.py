"""Settings that somebody else changed first: both are shown, and saved again only after that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from db import queries
from db.models import ClosedDay
from db.operations.backups import set_second_backup_folder
from db.operations.clinic import close_days
from desktop.settings_page.backups import BackupsSection
from desktop.settings_page.clinic import ClinicSection

NORA = 1


def test_a_day_closed_elsewhere_and_a_second_folder_are_shown_first(running: Any) -> None:
    running.show("clinic")
    section = running.page.sections["clinic"]
    assert isinstance(section, ClinicSection)
    database = running.clinic.database
    with database.write() as session:
        day = running.clock(NORA).today + timedelta(days=9)
        close_days(session, {day: "Training"}, running.clock(NORA), queries.clinic(session).version)
    section.day.set_day(day)
    section.reason.setText("Party")
    section.close_day()
    running.settle()
    assert "Why: – | Party" in section.conflict.said()
    with database.read() as session:
        assert session.get_one(ClosedDay, day).reason == "Training"
    section.conflict.mine_button.click()
    running.settle()
    with database.read() as session:
        assert session.get_one(ClosedDay, day).reason == "Party"
    running.show("backups")
    backups = running.page.sections["backups"]
    assert isinstance(backups, BackupsSection)
    running.settle()
    with database.write() as session:
        set_second_backup_folder(session, "/media/stick", running.clock(NORA), 0)
    backups.folder.setText("/media/disk")
    backups._save()
    running.settle()
    assert "Second folder: /media/stick | /media/disk" in backups.conflict.said()
    backups.conflict.mine_button.click()
    running.settle()
    with database.read() as session:
        assert queries.backups.second_folder(session) == "/media/disk"
