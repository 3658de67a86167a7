"""Typed for one patient, never shown, saved or kept under another: the page while the record is slow to come."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from one_clinic import TODAY, Clinic, at
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.queries.patients import patient_page
from desktop.results.entry import EntryForm
from desktop.results.page import ResultsPage
from desktop.widgets.labels import Label

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
DAY = date(2026, 2, 11)


def referred(clinic: Clinic, surname: str) -> int:
    """Somebody else on the register."""
    details = PatientDetails(surname, "Aoife", date(1990, 1, 2), "female")
    referral = NewReferral(details, ClinicalPicture(), TODAY, 1)
    made = clinic.write(register_referral, referral, at(TODAY), clinic.protocol)
    assert made.patient_id is not None
    return made.patient_id


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> ResultsPage:
    made = ResultsPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 852)
    made.show()
    made.open(one_clinic.patient_id)
    one_clinic.settle()
    return made


def slow(clinic: Clinic) -> None:
    """Something else keeps the worker busy."""
    clinic.tasks.run(lambda: time.sleep(0.2))


def press(qtbot: QtBot, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key, modifier)


def words(widget: QWidget) -> str:
    return " | ".join(label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def shown(page: ResultsPage) -> EntryForm:
    form = page.form()
    assert form is not None
    return form


def fill(form: EntryForm, qtbot: QtBot, value: str) -> None:
    form.collected.setFocus()
    form.collected.clear()
    qtbot.keyClicks(form.collected, "11/2/2026")
    field = form.lines["haemoglobin"].quantity.value_field
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, value)


def values(clinic: Clinic, patient_id: int) -> list[Decimal]:
    rows = clinic.read(patient_page, patient_id, TODAY).results
    return [row.value for row in rows if row.collected == DAY]


def test_what_is_typed_for_one_is_never_saved_under_another(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    other = referred(one_clinic, "Murphy")
    fill(shown(page), qtbot, "101")
    slow(one_clinic)
    page.open(other)
    assert page.form() is None
    assert not page._banner.isVisible()
    assert not page.findChildren(EntryForm) or not any(f.isVisible() for f in page.findChildren(EntryForm))
    assert not one_clinic.parts.commands.action("results.save").isEnabled()
    press(qtbot, Key.Key_Return, CTRL)
    page.save()
    one_clinic.settle()
    assert values(one_clinic, other) == []
    assert page._banner.name() == "MURPHY, Aoife"
    assert page._banner.isVisible()
    assert shown(page).collected.hasFocus()


def test_a_third_patient_in_haste_gives_nobody_the_draft_of_another(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    other = referred(one_clinic, "Murphy")
    fill(shown(page), qtbot, "101")
    slow(one_clinic)
    page.open(other)
    page.open(one_clinic.patient_id)
    page.open(other)
    assert page.unsaved() == (one_clinic.patient_id,)
    one_clinic.settle()
    assert shown(page).values() == 0
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    assert shown(page).lines["haemoglobin"].quantity.value_field.text() == "101"


def test_an_answer_to_the_saving_of_one_leaves_the_other_alone(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    other = referred(one_clinic, "Murphy")
    page.open(other)
    one_clinic.settle()
    fill(shown(page), qtbot, "88")
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    fill(shown(page), qtbot, "101")
    slow(one_clinic)
    press(qtbot, Key.Key_Return, CTRL)
    page.open(other)
    one_clinic.settle()
    assert values(one_clinic, one_clinic.patient_id) == [Decimal(101)]
    assert "stored" not in words(page)
    assert one_clinic.said == ["Whitfield, Clare: 1 value stored"]
    assert shown(page).patient_id == other
    assert shown(page).lines["haemoglobin"].quantity.value_field.text() == "88"
    assert page.unsaved() == (other,)
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert values(one_clinic, other) == [Decimal(88)]
    assert page.unsaved() == ()


def test_back_to_the_patient_whose_values_are_being_saved(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(shown(page), qtbot, "101")
    slow(one_clinic)
    press(qtbot, Key.Key_Return, CTRL)
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    assert "1 value stored" in words(page)
    assert page.unsaved() == ()


def test_typed_while_saving_is_not_lost(page: ResultsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    fill(shown(page), qtbot, "101")
    slow(one_clinic)
    press(qtbot, Key.Key_Return, CTRL)
    qtbot.keyClicks(shown(page).lines["crp"].quantity.value_field, "2")
    one_clinic.settle()
    assert one_clinic.said == ["Whitfield, Clare: 1 value stored"]
    assert shown(page).lines["crp"].quantity.value_field.text() == "2"
    assert page.unsaved() == (one_clinic.patient_id,)


def test_a_refused_saving_is_told_with_the_name_and_the_draft_waits(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    other = referred(one_clinic, "Murphy")
    with one_clinic.database.write() as session:
        one_clinic.tasks.run(lambda: time.sleep(0.1))
        fill(shown(page), qtbot, "101")
        press(qtbot, Key.Key_Return, CTRL)
        page.open(other)
        one_clinic.tasks.wait_idle()
        del session
    assert any(words.startswith("Whitfield, Clare: ") for words in one_clinic.said), one_clinic.said
    assert values(one_clinic, one_clinic.patient_id) == []
    assert page.unsaved() == (one_clinic.patient_id,)
    assert shown(page).patient_id == other


def test_a_record_that_cannot_be_read_shows_nobody_and_can_be_asked_for_again(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(shown(page), qtbot, "101")
    nobody = referred(one_clinic, "Murphy") + 1
    page.open(nobody)
    one_clinic.settle()
    assert page.form() is None
    assert not page._banner.isVisible()
    assert "could not be read" in words(page)
    assert page.first_focus().hasFocus()
    assert referred(one_clinic, "Late") == nobody
    press(qtbot, Key.Key_F5)
    one_clinic.settle()
    assert page._banner.name() == "LATE, Aoife"
    assert "could not be read" not in words(page)
    assert shown(page).values() == 0
    assert page.unsaved() == (one_clinic.patient_id,)
