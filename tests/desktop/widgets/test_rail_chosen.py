"""A page of the rail is chosen by a click, by a key and by a screen reader, once each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from desktop.widgets.rail import Rail


def test_a_page_is_chosen_once_however_it_is_done(themed: QApplication, pump: Callable[[], None]) -> None:
    rail = Rail()
    today, overdue = rail.add("today", "Today", "today"), rail.add("overdue", "Overdue", "overdue")
    heard: list[str] = []
    rail.chosen.connect(heard.append)
    rail.set_current("today")
    pump()
    assert heard == [], "the window marks the page it shows"
    overdue.click()
    pump()
    assert heard == ["overdue"]
    overdue.click()
    pump()
    assert heard == ["overdue", "overdue"], "the page on show is asked for again"
    today.toggle()  # what Qt does for the action of a screen reader
    pump()
    assert heard == ["overdue", "overdue", "today"]
    rail.set_current("patient")
    pump()
    assert heard == ["overdue", "overdue", "today"]
