"""In a narrow window the filters of a page are one drop-down with the same counts."""

from __future__ import annotations

import pytest
from one_clinic import Clinic, filled_file, one_clinic, open_page
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.widgets.filter_drop import FilterDrop
from desktop.widgets.kept_filters import ALL, KeptFilters

__all__ = ["filled_file", "one_clinic"]

FILTERS = [("due", "Due", 3, None), ("late", "Late", 2, None)]


@pytest.fixture
def filters(one_clinic: Clinic, qtbot: QtBot) -> KeptFilters:
    """Two filters and All, in a window of 900."""
    made = KeptFilters(one_clinic.parts, "test/filter")
    made.count(FILTERS, 5)
    open_page(made, qtbot, width=900, height=120)
    return made


def drop_of(filters: KeptFilters) -> FilterDrop:
    found = filters.drop()
    assert found is not None
    return found


def test_the_drop_down_says_filter_and_counts(filters: KeptFilters) -> None:
    drop = drop_of(filters)
    assert filters.is_folded()
    assert [drop.itemText(place) for place in range(drop.count())] == ["All 5", "Due 3", "Late 2"]
    assert (drop.accessibleName(), drop.currentText()) == ("Filter", "Filter: All 5")
    assert not any(chip.isVisible() for chip in filters.chips())


def test_a_key_chooses_and_what_is_hidden_is_said(filters: KeptFilters, qtbot: QtBot) -> None:
    chosen: list[str] = []
    filters.chosen.connect(chosen.append)
    drop = drop_of(filters)
    drop.setFocus()
    qtbot.keyClick(drop, Qt.Key.Key_Down)
    assert (chosen, filters.current()) == (["due"], "due")
    filters.count([("due", "Due", 4, None), ("late", "Late", 2, None)], 6)
    assert drop.currentText() == "Filter: Due 4"
    assert filters._hidden.text() == "2 hidden by filters"
    assert filters._hidden.isVisible()
    filters.show_all()
    assert (filters.current(), drop.value()) == (ALL, ALL)


def test_wide_again_the_chips_stand_there_with_the_keyboard(filters: KeptFilters, qtbot: QtBot) -> None:
    drop = drop_of(filters)
    drop.setFocus()
    qtbot.keyClick(drop, Qt.Key.Key_End)
    filters.resize(1240, 120)
    assert not filters.is_folded()
    assert [chip.isChecked() for chip in filters.chips()] == [False, False, True]
    assert filters.focusWidget() is filters.chips()[2]
    filters.resize(900, 120)
    assert filters.is_folded()
    assert filters.focusWidget() is drop
    assert drop.value() == "late"
    filters.show_kept([("one", "One", None, None), ("two", "Two", None, None)])
    assert [drop.itemText(place) for place in range(drop.count())] == ["One", "Two"]
    assert not any(chip.isVisible() for chip in filters.chips())
