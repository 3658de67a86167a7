"""Overdue where only one of the two panes fits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from one_clinic import Clinic
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget
from pytestqt.qtbot import QtBot

from db.queries.patients import patient_page
from desktop.overdue.page import OverduePage

Grab = Callable[[QWidget, str], Path]


def test_in_a_tiny_window_list_and_course_take_turns(
    page: OverduePage, qtbot: QtBot, grab: Grab, one_clinic: Clinic
) -> None:
    layout = page.layout()
    assert layout is not None
    # as in the window, which keeps no page wide
    layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    page.setMinimumSize(0, 0)
    page.resize(560, 700)
    qtbot.waitUntil(page.is_single)
    assert page.table.isVisible()
    assert not page.side.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_1)
    one_clinic.settle()
    today = page._parts.clock().today
    said = one_clinic.read(patient_page, one_clinic.patient_id, today).contacts
    assert not said, "nothing is logged of somebody who is not on show"
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.side.isVisible()
    assert not page.table.isVisible()
    qtbot.waitUntil(lambda: page.side.width() == page.width())
    assert page.side.first_focus().hasFocus()
    grab(page, "overdue-tiny")
    qtbot.keyClick(page.side.first_focus(), Qt.Key.Key_Escape)
    assert page.table.isVisible()
    assert page.table.hasFocus()
    page.resize(1100, 700)
    qtbot.waitUntil(lambda: not page.is_single())
    assert page.table.isVisible()
    assert page.side.isVisible()
