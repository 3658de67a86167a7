"""The list of patients: found by typing, opened by Enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from one_clinic import TODAY, Clinic, at
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.operations.patients import (
    ClinicalPicture,
    NewReferral,
    PatientDetails,
    end_follow_up,
    register_referral,
)
from desktop.commands import Commands
from desktop.patients.page import PatientsPage
from desktop.widgets.labels import Label

Key = Qt.Key
NAMES = (("Abebe", "Hanna", "R-7001"), ("O'Neill-Brown", "Mary", "R-7002"), ("Ferreira", "Joana", "R-7003"))


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> PatientsPage:
    for surname, given, number in NAMES:
        details = PatientDetails(surname, given, date(1980, 5, 6), "female", (("clinic-number", number),))
        referral = NewReferral(details, ClinicalPicture(), TODAY, 1)
        one_clinic.write(register_referral, referral, at(TODAY), one_clinic.protocol)
    made = PatientsPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 852)
    made.show()
    made.refresh()
    made.first_focus().setFocus()
    one_clinic.settle()
    return made


def names(page: PatientsPage) -> list[str]:
    """The names shown, from top to bottom."""
    model = page.table.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def words(widget: QWidget) -> str:
    """Everything a widget says in labels that can be seen."""
    return " | ".join(label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def press(qtbot: QtBot, key: Key) -> None:
    """A key wherever the keyboard is."""
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key)


def test_everybody_stands_in_the_list_by_name_with_what_is_next(page: PatientsPage) -> None:
    assert names(page) == ["Abebe, Hanna", "Ferreira, Joana", "O'Neill-Brown, Mary", "Whitfield, Clare"]
    model = page.table.model()
    assert model.index(0, 4).data() == "referred"
    assert model.index(3, 4).data() == "awaiting bloods"
    assert "Plan" in model.index(0, 5).data()


def test_typing_finds_and_enter_opens(page: PatientsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.field, "whit")
    one_clinic.settle()
    assert names(page) == ["Whitfield, Clare"]
    with qtbot.waitSignal(one_clinic.parts.navigation.open_patient) as heard:
        press(qtbot, Key.Key_Return)
    assert heard.args == [one_clinic.patient_id]


def test_a_number_finds_too(page: PatientsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.field, "R-7002")
    one_clinic.settle()
    assert names(page) == ["O'Neill-Brown, Mary"]


def test_down_goes_into_the_list_and_enter_opens_there(
    page: PatientsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    press(qtbot, Key.Key_Down)
    assert page.table.hasFocus()
    press(qtbot, Key.Key_End)
    for _ in range(4):
        press(qtbot, Key.Key_J)
    with qtbot.waitSignal(one_clinic.parts.navigation.open_patient) as heard:
        press(qtbot, Key.Key_Return)
    assert heard.args == [one_clinic.patient_id]


def test_escape_shows_everybody_again(page: PatientsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.field, "zzzz")
    one_clinic.settle()
    assert names(page) == []
    assert "Nobody found" in words(page)
    press(qtbot, Key.Key_Escape)
    one_clinic.settle()
    assert len(names(page)) == 4


def test_who_is_no_longer_followed_up_is_hidden_and_counted(
    page: PatientsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    one_clinic.tasks.write(
        end_follow_up, one_clinic.patient_id, "transferred", TODAY, "moved to the coast", at(TODAY),
        seen_version=one_clinic.page().banner.version,
    )  # fmt: skip
    one_clinic.settle()
    assert "Whitfield, Clare" not in names(page)
    qtbot.keyClicks(page.field, "whit")
    one_clinic.settle()
    assert names(page) == []
    assert "1 hidden by filters" in words(page)
    page.filters.choose("all")
    one_clinic.settle()
    assert names(page) == ["Whitfield, Clare"]


def test_n_in_the_list_begins_a_referral(page: PatientsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    page.table.setFocus()
    with qtbot.waitSignal(one_clinic.parts.navigation.new_referral):
        press(qtbot, Key.Key_N)


def test_n_in_the_search_field_is_a_letter(page: PatientsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(one_clinic.parts.navigation.new_referral):
        press(qtbot, Key.Key_N)
    assert page.field.text() == "n"
    one_clinic.settle()


def test_pictures(page: PatientsPage, grab: Callable[[QWidget, str], Path]) -> None:
    assert grab(page, "patients").stat().st_size > 10_000


def test_chips_count_and_what_they_hide_is_said(page: PatientsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    """Whoever is not followed up any more is hidden by the usual filter, and that is said."""
    one_clinic.write(end_follow_up, one_clinic.patient_id, "deceased", TODAY, None, at(TODAY))
    page.refresh()
    one_clinic.settle()
    counts = [chip.accessibleName() for chip in page.filters.chips()][:2]
    assert ["3" in counts[0], "4" in counts[1]] == [True, True], counts
    assert "1 hidden by filters" in words(page.filters)
    page.filters.choose("all")
    one_clinic.settle()
    assert "all shown" in words(page.filters)


def test_pairs_that_may_be_one_person_are_no_view_to_begin_with(
    page: PatientsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    page.filters.choose("deceased")
    page.show_duplicates()
    assert page.filters.current() == "duplicates"
    again = PatientsPage(replace(one_clinic.parts, commands=Commands()))
    qtbot.addWidget(again)
    assert again.filters.current() == "deceased"
    one_clinic.settle()
