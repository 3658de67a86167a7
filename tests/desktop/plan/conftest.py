"""The one clinic these screens are tested on, and the plan page on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from one_clinic import Clinic, filled_file, one_clinic
from pytestqt.qtbot import QtBot

from desktop.plan.page import PlanPage


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> Iterator[PlanPage]:
    made = PlanPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 794)
    made.show()
    made.first_focus().setFocus()
    one_clinic.settle()
    yield made
    made.hide()


__all__ = ["filled_file", "one_clinic", "page"]
