"""The one clinic these screens are tested on, and the page on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from one_clinic import FIRST_INFUSION, Clinic, at, filled_file, one_clinic, open_page
from pytestqt.qtbot import QtBot

from desktop.overdue.page import OverduePage

__all__ = ["filled_file", "one_clinic"]

LATER = FIRST_INFUSION + timedelta(days=79)


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> OverduePage:
    """The page on day 79 after the infusion of the one patient, nothing returned."""
    parts = replace(one_clinic.parts, clock=lambda: at(LATER))
    made = OverduePage(parts)
    open_page(made, qtbot)
    made.refresh()
    qtbot.waitUntil(lambda: made.current() is not None)
    made.first_focus().setFocus()
    one_clinic.settle()
    return made
