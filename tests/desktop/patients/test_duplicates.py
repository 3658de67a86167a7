"""Possible duplicates on the page of patients: seen side by side, joined, taken back, told apart; keys alone."""

from __future__ import annotations

from datetime import date

import pytest
from one_clinic import TODAY, Clinic, at
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.queries.duplicates import possible_duplicates
from db.queries.merging import standing, standing_merges
from desktop.patients.page import PatientsPage
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import TextEdit
from desktop.widgets.labels import Label

Key = Qt.Key


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> PatientsPage:
    """Clare Whitfield, and Clare Whitfeild, registered again; and somebody else of her birth date."""
    for surname, given, number in (("Whitfeild", "Clare", "R-9001"), ("Whitfield", "Dora", "R-9002")):
        details = PatientDetails(
            surname, given, date(1981, 6, 10), "female", (("clinic-number", number),), phone="07700 900 142"
        )
        referral = NewReferral(details, ClinicalPicture(), TODAY, 1)
        one_clinic.write(register_referral, referral, at(TODAY), one_clinic.protocol)
    made = PatientsPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 852)
    made.show()
    made.refresh()
    one_clinic.settle()
    made.show_duplicates()
    one_clinic.settle()
    one_clinic.settle()
    return made


def said(page: PatientsPage) -> str:
    """Everything in labels on the pane."""
    pane = page.duplicates
    return " | ".join(label.text() for label in pane.findChildren(Label) if label.isVisibleTo(pane))


def joined(one_clinic: Clinic) -> tuple[int, int]:
    """The two records: the one that is kept and the one that leads to it."""
    return one_clinic.patient_id, one_clinic.patient_id + 1


def join(page: PatientsPage, one_clinic: Clinic, year: str = "1981") -> None:
    """Press J and answer what is asked; the course of the first record goes on."""
    page.duplicates.join()
    answer(page, one_clinic, year)


def answer(page: PatientsPage, one_clinic: Clinic, year: str) -> None:
    """Fill in the question and send it."""
    panel = page.duplicates.panel
    for box in panel.findChildren(ComboBox):
        if box.value() is None:
            box.set_value(one_clinic.course_id)
    lines = [line for line in panel.findChildren(TextEdit) if line.isVisibleTo(panel)]
    (reason,) = (line for line in lines if line.accessibleName() == "Why")
    reason.setText("referred twice")
    panel.year.edit.setText(year)
    panel.submit()
    one_clinic.settle()
    one_clinic.settle()


def test_a_pair_is_shown_side_by_side_and_a_twin_is_not(page: PatientsPage) -> None:
    assert page.duplicates.table.ids() == [0]
    words = said(page)
    for told in (
        "WHITFIELD, Clare, R-004182",
        "WHITFEILD, Clare, R-9001",
        "agrees",
        "differs",
        "1 course, 1 infusion, 4 results",
    ):
        assert told in words
    assert "1 pair" in page._said.text()


def test_joined_with_the_year_of_birth_and_taken_back_from_the_foot(
    page: PatientsPage, one_clinic: Clinic
) -> None:
    kept, other = joined(one_clinic)
    join(page, one_clinic)
    assert one_clinic.read(standing, other) == kept
    assert not page.duplicates.table.ids()
    assert "is joined with" in one_clinic.said[-1]
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    one_clinic.settle()
    one_clinic.settle()
    assert one_clinic.read(standing, other) == other
    assert page.duplicates.table.ids() == [0]


def test_nothing_is_joined_without_the_year_the_reason_and_the_course(
    page: PatientsPage, one_clinic: Clinic
) -> None:
    _, other = joined(one_clinic)
    page.duplicates.join()
    page.duplicates.panel.submit()
    words = said(page)
    assert "Say why, in a few words." in words
    assert "Choose one." in words
    answer(page, one_clinic, "1980")
    assert "another year of birth" in said(page)
    assert one_clinic.read(standing, other) == other


def test_two_people_are_not_shown_again_until_it_is_undone(page: PatientsPage, one_clinic: Clinic) -> None:
    page.duplicates.apart()
    one_clinic.settle()
    one_clinic.settle()
    assert not page.duplicates.table.ids()
    assert one_clinic.read(possible_duplicates) == ()
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    one_clinic.settle()
    one_clinic.settle()
    assert page.duplicates.table.ids() == [0]


def test_keys_do_it_all(page: PatientsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    page.duplicates.table.setFocus()
    assert {"duplicates.join", "duplicates.apart", "patients.duplicates"} <= {
        command.id for command in one_clinic.parts.commands
    }
    qtbot.keyClick(page.duplicates.table, Key.Key_J)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page.duplicates.panel.isAncestorOf(focus)
    qtbot.keyClick(focus, Key.Key_Escape)
    assert page.duplicates.panel.isHidden()
    assert one_clinic.read(standing_merges, one_clinic.patient_id) == ()
