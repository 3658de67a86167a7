"""Settings through the real window: the clinic's own details."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtTest import QTest
from settings_keys import Key

from db import queries
from db.operations.clinic import change_settings
from desktop.settings_page.clinic import ClinicSection, _settings_of


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
