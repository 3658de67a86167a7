"""A patient in mid-course is entered as they are: iron given before, and the window, the rest and the step follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from one_clinic import TODAY, Clinic
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db import queries
from db.errors import KnownError
from db.queries.patients import PatientPage as Record
from desktop.plan.page import PlanPage

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
GIVEN = date(2026, 1, 22)


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> Iterator[PlanPage]:
    made = PlanPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 794)
    made.show()
    made.refresh()
    one_clinic.settle()
    yield made
    made.hide()


def somebody(page: PlanPage, qtbot: QtBot) -> None:
    """Name, birth and sex of somebody new; weight and haemoglobin before the iron."""
    blocks = page.blocks
    for field, text in (
        (blocks.person.surname, "Lunt"), (blocks.person.given, "Maeve"), (blocks.person.born, "3 4 1975"),
        (blocks.picture.weight.value_field, "70"), (blocks.baseline.collected, "10 12 2025"),
    ):  # fmt: skip
        field.setFocus()
        qtbot.keyClicks(field, text)
    blocks.person.sex.set_value("female")
    for analyte, value in (("haemoglobin", "90"), ("ferritin", "8"), ("transferrin-saturation", "8")):
        qtbot.keyClicks(blocks.baseline.fields[analyte].field.value_field, value)


def give(page: PlanPage, qtbot: QtBot, day: str, dose: str, lot: str = "") -> None:
    """One row, opened and filled by keys."""
    qtbot.keyClick(page, Qt.Key.Key_I, ALT)
    row = page.blocks.earlier.rows[-1]
    assert row.on.hasFocus()
    qtbot.keyClicks(row.on, day)
    qtbot.keyClicks(row.dose.value_field, dose)
    qtbot.keyClicks(row.lot, lot)


def record(clinic: Clinic) -> Record:
    """The new patient as on record."""
    found: Record = clinic.read(queries.patient_page, 2, TODAY)
    return found


def test_the_rest_is_worked_out_and_booked(one_clinic: Clinic, page: PlanPage, qtbot: QtBot) -> None:
    somebody(page, qtbot)
    give(page, qtbot, "5 1 2026", "500", "B 12")
    page.work_out()
    made = page._outline
    assert made is not None
    assert made.given_mg == 500
    assert made.total_mg is not None
    assert abs(made.wanted_mg - (made.total_mg - 500)) < 100, "rounded to what a vial holds"
    page.save_and_book()
    assert page._obstacle().words == "", page._refused
    one_clinic.settle()
    found = record(one_clinic)
    [course] = found.courses
    assert (course.given_mg, course.last_infusion, course.status) == (
        Decimal(500),
        date(2026, 1, 5),
        "in-treatment",
    )
    assert course.infusions[0].batch == "B 12"
    assert found.open_step is not None
    assert found.open_step.action == "give-infusion"


def test_a_course_that_is_complete_waits_for_its_bloods(
    one_clinic: Clinic, page: PlanPage, qtbot: QtBot
) -> None:
    somebody(page, qtbot)
    give(page, qtbot, "15 1 2026", "1000")
    give(page, qtbot, "22 1 2026", "1000")
    page.save_draft()
    one_clinic.settle()
    found = record(one_clinic)
    [course] = found.courses
    assert (course.status, course.given_mg) == ("awaiting-labs", Decimal(2000))
    assert found.open_step is not None
    assert found.open_step.action == "repeat-labs"
    assert course.window is not None
    assert course.window.anchor == GIVEN


def test_a_row_half_typed_is_said_and_nothing_is_saved(
    one_clinic: Clinic, page: PlanPage, qtbot: QtBot
) -> None:
    somebody(page, qtbot)
    give(page, qtbot, "22 1 2026", "")
    page.save_draft()
    one_clinic.settle()
    row = page.blocks.earlier.rows[0]
    assert row.fields["dose"].problem()
    assert QApplication.focusWidget() is row.dose.value_field or row.dose.hasFocus()
    with pytest.raises(KnownError):
        record(one_clinic)


def test_what_is_typed_survives_somebody_else_in_between(
    one_clinic: Clinic, page: PlanPage, qtbot: QtBot
) -> None:
    give(page, qtbot, "22 1 2026", "500", "B 12")
    assert page.is_dirty()
    page.plan(one_clinic.course_id)
    one_clinic.settle()
    assert page.blocks.earlier.isHidden(), "a course that is planned takes none"
    page.new_referral()
    [row] = page.blocks.earlier.rows
    assert (row.dose.value_field.text(), row.lot.text()) == ("500", "B 12")
    row.drop.click()
    assert not page.is_dirty()
