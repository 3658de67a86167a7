"""The Managers page on a real clinic: a figure is chosen by key and opens the patient behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from filter_checks import words
from one_clinic import FIRST_INFUSION, Clinic, at, open_page
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.commands import Commands
from desktop.managers.page import ManagersPage, months_before
from desktop.widgets.labels import Label
from desktop.widgets.table import DataTable

LATER = FIRST_INFUSION + timedelta(days=60)
Grab = Callable[[QWidget, str], Path]


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> ManagersPage:
    """Two months after the infusion of the one patient, no blood taken."""
    made = ManagersPage(replace(one_clinic.parts, clock=lambda: at(LATER)))
    open_page(made, qtbot, 1240, 800)
    made.refresh()
    qtbot.waitUntil(lambda: bool(made.figures()))
    made.first_focus().setFocus()
    one_clinic.settle()
    return made


def texts(table: DataTable) -> list[list[str]]:
    model = table.model()
    return [
        [str(model.index(row, column).data() or "") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_one_course_without_bloods_is_told(page: ManagersPage, grab: Grab) -> None:
    assert texts(page.table) == [
        ["Taken by day 42", "0 %", "0 of 1"],
        ["Taken by day 57", "0 %", "0 of 1"],
        ["Taken by day 85", "nothing yet", ""],
        ["Window closed and nothing taken", "100 %", "1 of 1"],
    ]
    grab(page, "managers")


def test_keys_go_from_section_to_figure_to_patient(
    page: ManagersPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    opened: list[int] = []
    one_clinic.parts.navigation.open_patient.connect(opened.append)
    for _ in range(3):
        qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    inside = page.behind.table
    qtbot.waitUntil(inside.hasFocus)
    assert [one.surname for one in page.behind.people()] == ["Whitfield"]
    qtbot.keyClick(inside, Qt.Key.Key_Return)
    assert opened == [one_clinic.patient_id]


def test_a_digit_chooses_the_section(page: ManagersPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_6)
    one_clinic.settle()
    assert page.chips.current() == "reactions"
    assert texts(page.table) == [["Any reaction, ferric DERISOMALTOSE", "0 %", "0 of 1"]]


def test_those_not_counted_are_a_chip_away(page: ManagersPage) -> None:
    page.table.select(0)
    assert page.behind.people() == ()
    assert "Choose Not counted to see the others." in words(page.behind)
    page.behind.sides.choose("left-out")
    assert [one.surname for one in page.behind.people()] == ["Whitfield"]
    assert "Nobody" not in words(page.behind)


def test_a_shorter_span_leaves_earlier_infusions_out(page: ManagersPage, one_clinic: Clinic) -> None:
    assert months_before(date(2026, 3, 31), 3) == date(2025, 12, 1)
    assert months_before(date(2026, 1, 1), 12) == date(2025, 1, 1)
    parts = replace(one_clinic.parts, clock=lambda: at(LATER + timedelta(days=150)))
    page._parts = parts
    page.span.set_value(3)
    page.refresh()
    one_clinic.settle()
    assert texts(page.table)[0] == ["Taken by day 42", "nothing yet", ""]


def test_the_page_stands_in_dark_and_twice_as_large(
    page: ManagersPage, dark: QApplication, grab: Grab
) -> None:
    assert grab(page, "managers-dark").exists()


def test_the_chart_says_its_months(page: ManagersPage) -> None:
    page.table.select(3)
    chart = page.behind.chart
    assert not chart.isVisible(), "one month is no trend"
    assert "Jan" in chart.accessibleDescription()
    every = [point.month for point in chart.points()]
    assert (every[0], every[-1], len(every)) == (
        date(LATER.year - 1, LATER.month, 1),
        LATER.replace(day=1),
        13,
    )
    assert [point.whole for point in chart.points() if point.month != date(2026, 1, 1)] == [0] * 12
    assert "Feb 26: no course" in chart.accessibleDescription()
    assert chart.accessibleName() == "Window closed and nothing taken by month"


def test_the_span_is_kept_for_each_user(page: ManagersPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    page.span.set_value(24)
    one_clinic.settle()
    again = replace(page._parts, commands=Commands())
    mine, theirs = (
        ManagersPage(again),
        ManagersPage(replace(again, commands=Commands(), user=replace(again.user, id=77))),
    )
    for made in (mine, theirs):
        qtbot.addWidget(made)
    assert (mine.span.value(), theirs.span.value()) == (24, 12)


def test_a_section_without_figures_says_what_would_stand_there(
    page: ManagersPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_7)
    assert page._loaded is not None
    page._show(replace(page._loaded, decided=()))
    assert page.figures() == ()
    assert not page.table.isVisible()
    said = [label.text() for label in page._empty.findChildren(Label)]
    assert said[0] == "No figures yet: Prompts overridden"
    assert words(page.behind) == "Once there is a figure, the patients behind it stand here."
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page.isAncestorOf(focus)
    qtbot.keyClick(focus, Qt.Key.Key_1)
    assert page.table.isVisible()
