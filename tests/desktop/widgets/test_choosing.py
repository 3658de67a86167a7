"""What is a choice is chosen by a click, by keys and by a screen reader, once each, and never by being marked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinical.protocol import load_protocol
from desktop.overdue.bands import Choice, band_days
from desktop.overdue.matrix import OverdueMatrix
from desktop.widgets.buttons import KeyButton
from desktop.widgets.chips import FilterChip, FilterRow
from desktop.widgets.choosing import choose_by, mark
from desktop.widgets.method_card import MethodCard
from desktop.widgets.rail import Rail


def toggled_by_a_reader(button: QAbstractButton) -> None:
    """Do to a button what a screen reader does: the action its tree offers."""
    acts = QAccessible.queryAccessibleInterface(button).actionInterface()
    assert "Toggle" in acts.actionNames()
    acts.doAction("Toggle")


def chip(words: str) -> QAbstractButton:
    made = FilterChip(words)
    made.setAutoExclusive(True)
    return made


def section(words: str) -> QAbstractButton:
    made = KeyButton(words, "quiet")
    made.setCheckable(True)
    return made


def card(words: str) -> QAbstractButton:
    return MethodCard(words, "Alt 1", "1000", "mg", ("", ""), "", None)


@pytest.mark.parametrize("make", [chip, section, card])
@pytest.mark.parametrize("grouped", [True, False])
def test_one_of_several_is_told_once_however_it_is_chosen(
    make: Callable[[str], QAbstractButton], grouped: bool, qtbot: QtBot
) -> None:
    both = QWidget()
    qtbot.addWidget(both)
    row, group, heard = QHBoxLayout(both), QButtonGroup(both), list[str]()
    first, second = make("first"), make("second")
    for name, button in (("first", first), ("second", second)):
        button.setAutoExclusive(True)
        choose_by(button, partial(heard.append, name))
        row.addWidget(button)
        if grouped:
            group.addButton(button)
    with qtbot.waitActive(both):
        both.show()
        both.activateWindow()
    mark(first)
    assert (heard, first.isChecked(), second.isChecked()) == ([], True, False)
    toggled_by_a_reader(second)
    assert (heard, first.isChecked(), second.isChecked()) == (["second"], False, True)
    toggled_by_a_reader(second)
    assert (heard, second.isChecked()) == (["second"], True), "it is on already"
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert heard == ["second", "first"]
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert heard == ["second", "first", "second"]
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    first.click()
    assert heard[3:] == ["first", "first"], "what is on is asked for again"
    second.setFocus()
    QTest.keyPress(second, Qt.Key.Key_Space)
    QTest.keyPress(second, Qt.Key.Key_Escape)
    assert len(heard) == 5, "thought better of it"
    toggled_by_a_reader(second)
    assert heard[5:] == ["second"]
    mark(second, on=False)
    assert len(heard) == 6


def test_a_filter_is_chosen_once_however_it_is_done(themed: QApplication) -> None:
    row, heard = FilterRow(), list[str]()
    row.chosen.connect(heard.append)
    row.set_filters([("all", "All", 3, None), ("mine", "Mine", 1, None), ("late", "Late", 1, None)], "mine")
    assert (heard, row.current()) == ([], "mine"), "the page marks what is on"
    every, mine, late = row.chips()
    toggled_by_a_reader(late)
    late.click()
    row.choose("all")
    row.choose("all")
    assert heard == ["late", "late", "all"]
    row.set_filters([("all", "All", 3, None), ("mine", "Mine", 1, None), ("late", "Late", 1, None)], "mine")
    assert (len(heard), mine.isChecked(), every.isChecked()) == (3, True, False)


def test_a_cell_of_the_matrix_is_chosen_and_let_go_however_it_is_done(themed: QApplication) -> None:
    matrix, heard = OverdueMatrix(band_days(load_protocol())), list[tuple[object, object]]()
    matrix.chosen.connect(lambda owner, band: heard.append((owner, band)))
    matrix.set_rows((), Choice("all"))
    cell = matrix.cell(None, "lost")
    toggled_by_a_reader(cell)
    assert heard == [(None, "lost")]
    matrix.set_rows((), Choice("all", None, "lost"))
    assert (len(heard), cell.isChecked()) == (1, True), "the page marks what is on"
    toggled_by_a_reader(cell)
    cell.click()
    assert heard[1:] == [(None, None), (None, "lost")]


def test_a_page_of_the_rail_is_chosen_once_however_it_is_done(themed: QApplication) -> None:
    rail, heard = Rail(), list[str]()
    today, overdue = rail.add("today", "Today", "today"), rail.add("overdue", "Overdue", "overdue")
    rail.chosen.connect(heard.append)
    rail.set_current("today")
    assert heard == [], "the window marks the page it shows"
    overdue.click()
    overdue.click()
    assert heard == ["overdue", "overdue"], "the page on show is asked for again"
    toggled_by_a_reader(today)
    assert heard[2:] == ["today"]
    rail.set_current("patient")
    assert (len(heard), today.isChecked(), overdue.isChecked()) == (3, False, False)
    toggled_by_a_reader(overdue)
    assert heard[3:] == ["overdue"]
