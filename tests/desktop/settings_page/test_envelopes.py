"""The window of the clinic's envelopes, chosen in Settings and kept with its details."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db import queries
from desktop.list_paper import paper_clinic
from desktop.settings_page.clinic import ENVELOPES, ClinicSection, _named, _shown
from reports.facts import Envelope

Key = Qt.Key


def test_the_window_of_the_envelopes_is_chosen_and_obeyed(running: Any) -> None:
    running.show("clinic")
    section = running.page.sections["clinic"]
    assert isinstance(section, ClinicSection)
    assert section.envelope.value() == ""
    assert paper_clinic(recorded(running)).envelope is Envelope.UK_DL
    for key, times, kept in (
        (Key.Key_Down, 2, "din-5008-b"),
        (Key.Key_End, 1, "us-10"),
        (Key.Key_Home, 1, None),
    ):
        section.envelope.setFocus()
        for _ in range(times):
            QTest.keyClick(section.envelope, key)
        assert section.is_dirty()
        QTest.keyClick(section.save_button, Key.Key_Return)
        running.settle()
        assert recorded(running).envelope == kept
        assert not section.is_dirty()
        assert paper_clinic(recorded(running)).envelope is Envelope(kept or "uk-dl")
    assert not paper_clinic(recorded(running)).electronic_orders
    section.lab_forms.setFocus()
    QTest.keyClick(section.lab_forms, Key.Key_End)
    assert section.is_dirty()
    QTest.keyClick(section.save_button, Key.Key_Return)
    running.settle()
    assert paper_clinic(recorded(running)).electronic_orders
    assert not section.is_dirty()


def recorded(running: Any) -> queries.Clinic:
    with running.clinic.database.read() as session:
        return queries.clinic(session)


def test_every_envelope_letters_know_is_offered_by_its_name() -> None:
    assert set(ENVELOPES) == set(Envelope)
    assert "envelope" in dict(_named())
    assert {_shown(code, "envelope") for code in ENVELOPES} == {
        "UK DL (A4 in three)",
        "DIN 5008, form B",
        "US #10",
    }
    assert _shown(None, "envelope") == "Usual for paper and country"
