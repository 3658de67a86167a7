"""The patient page while a record is slow to come, or does not come at all: never one under the other's id."""

from __future__ import annotations

import time

import pytest
from one_clinic import TODAY, Clinic, at
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from desktop.patient.page import PatientPage
from desktop.widgets.labels import Label

Key = Qt.Key


def referred(clinic: Clinic, surname: str) -> int:
    """Somebody else on the register."""
    details = PatientDetails(surname, "Aoife", None, "female")
    made = clinic.write(
        register_referral, NewReferral(details, ClinicalPicture(), TODAY, 1), at(TODAY), clinic.protocol
    )
    assert made.patient_id is not None
    return made.patient_id


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> PatientPage:
    made = PatientPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 852)
    made.show()
    made.open(one_clinic.patient_id)
    one_clinic.settle()
    return made


def press(qtbot: QtBot, key: Key) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key)


def words(widget: QWidget) -> str:
    return " | ".join(label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def enabled(clinic: Clinic) -> set[str]:
    """Commands of the page that can be run now."""
    commands = clinic.parts.commands
    names = {c.id for c in commands if c.id.startswith("patient.") and commands.action(c.id).isEnabled()}
    return names - {"patient.back", "patient.retry"}


def test_a_record_that_does_not_come_shows_nobody_and_offers_nothing(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    nobody = referred(one_clinic, "Murphy") + 1
    page.open(nobody)
    one_clinic.settle()
    assert not page.banner.isVisible()
    assert "WHITFIELD" not in words(page)
    assert "could not be read" in words(page)
    assert enabled(one_clinic) == set()
    with qtbot.assertNotEmitted(one_clinic.parts.navigation.open_results):
        press(qtbot, Key.Key_N)
    assert referred(one_clinic, "Late") == nobody
    press(qtbot, Key.Key_F5)
    one_clinic.settle()
    assert page.banner.isVisible()
    assert page.banner.name() == "LATE, Aoife"
    with qtbot.waitSignal(one_clinic.parts.navigation.open_results) as heard:
        press(qtbot, Key.Key_N)
    assert heard.args == [nobody]


def test_the_page_is_blank_until_the_other_record_is_there(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    other = referred(one_clinic, "Murphy")
    one_clinic.tasks.run(lambda: time.sleep(0.2))
    page.open(other)
    assert not page.banner.isVisible()
    assert words(page) == ""
    assert enabled(one_clinic) == set()
    with qtbot.assertNotEmitted(one_clinic.parts.navigation.open_results):
        press(qtbot, Key.Key_N)
    one_clinic.settle()
    assert page.banner.name() == "MURPHY, Aoife"
    assert page.first_focus().hasFocus()


def test_the_answer_to_a_contact_of_one_leaves_the_other_alone(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    other = referred(one_clinic, "Murphy")
    one_clinic.tasks.run(lambda: time.sleep(0.2))
    page._contact()
    next(iter(page.answer.contact.buttons.values())).click()
    page.open(other)
    one_clinic.tasks.run(lambda: None)
    assert not page.answer.contact.isVisible()
    one_clinic.settle()
    assert page.banner.name() == "MURPHY, Aoife"
    assert len(one_clinic.said) == 1


def test_a_correction_refused_late_is_not_said_in_another_patients_editor(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    other = referred(one_clinic, "Murphy")
    page.infusions.table.setFocus()
    press(qtbot, Key.Key_X)
    assert page.infusions.editor.isVisible()
    page.infusions.editor.reason.setText("wrong patient")
    with one_clinic.database.write():
        page.infusions.editor.submit()
        page.open(other)
        assert not page.infusions.editor.isVisible()
        assert one_clinic.tasks.wait_idle()
    assert "Nothing was saved" in one_clinic.said[-1]
    assert not page.infusions.editor.isVisible()


def until_half_filled(page: PatientPage, name: str) -> None:
    """Turn until the banner, which is filled first and unseen, has this name."""
    end = time.monotonic() + 30
    while name not in page.banner.name() and time.monotonic() < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
    assert name in page.banner.name()


def test_half_a_patient_is_never_seen_and_cannot_be_acted_on(page: PatientPage, one_clinic: Clinic) -> None:
    """The page is filled in several turns: until the last of them it shows nobody."""
    page.open(referred(one_clinic, "Flynn"))
    until_half_filled(page, "FLYNN")
    while page.view() is None:
        assert words(page) == ""
        assert not page.banner.isVisible()
        assert not page.results.isVisible()
        assert enabled(one_clinic) == set()
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
    assert page.banner.isVisible()
    assert page.view() is not None
    one_clinic.settle()


def test_another_patient_opened_while_one_is_filled_in_takes_their_place(
    page: PatientPage, one_clinic: Clinic
) -> None:
    page.open(referred(one_clinic, "Flynn"))
    until_half_filled(page, "FLYNN")
    page.open(one_clinic.patient_id)
    assert words(page) == ""
    one_clinic.settle()
    view = page.view()
    assert view is not None
    assert view.page.banner.patient_id == one_clinic.patient_id
    assert page.banner.name() == "WHITFIELD, Clare"
    facts = page.trends.chart.facts()
    assert facts is not None
    assert facts.value_count > 0, "nothing of the other one is left"


def test_news_of_somebody_half_filled_in_begins_anew(page: PatientPage, one_clinic: Clinic) -> None:
    patient = referred(one_clinic, "Flynn")
    page.open(patient)
    until_half_filled(page, "FLYNN")
    page.refresh()
    one_clinic.settle()
    assert page.patient_id() == patient
    assert page.view() is not None
    assert page.banner.isVisible()
