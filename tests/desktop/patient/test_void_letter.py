"""A letter taken back from the patient page: its pages stay, it is not printed any more."""

from __future__ import annotations

import hashlib

from one_clinic import TODAY, Clinic, at
from patient_keys import Key, press, words
from pytestqt.qtbot import QtBot

from db.operations.letters import NewLetter, issue
from db.queries.letters import source
from desktop.patient.page import PatientPage

PDF = b"%PDF-1.7 exactly these bytes"


def test_a_letter_is_taken_back_with_a_reason(page: PatientPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    assert not one_clinic.parts.commands.action("patient.letter-void").isEnabled()
    reference = one_clinic.read(source, one_clinic.course_id).next_letter_id
    letter = NewLetter(
        "lab-request", one_clinic.course_id, one_clinic.patient_id, {"name": "Dr Hale"}, None, PDF,
        hashlib.sha256(PDF).hexdigest(), 1, "1", "Dear", reference,
    )  # fmt: skip
    one_clinic.write(issue, letter, at(TODAY))
    page.refresh()
    one_clinic.settle()
    press(qtbot, Key.Key_V)
    panel = page.acts.panel
    assert panel.isVisible()
    assert "Its pages stay in the archive" in words(panel)
    panel.submit()
    assert "Say why" in words(panel)
    question = panel._question
    assert question is not None
    reason = question.fields["reason"].field
    reason.setFocus()
    qtbot.keyClicks(reason, "wrong address")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    found = one_clinic.page().letters[0]
    assert (found.state, found.sha256) == ("void", letter.sha256)
    assert not panel.isVisible()
    assert not one_clinic.parts.commands.action("patient.letter-void").isEnabled()
