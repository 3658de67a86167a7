"""The one clinic these screens are tested on, and what came to it from laboratories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from one_clinic import Clinic, filled_file, one_clinic
from pytestqt.qtbot import QtBot

from desktop.results.page import ResultsPage

__all__ = ["filled_file", "one_clinic"]


@pytest.fixture
def from_laboratories(one_clinic: Clinic, qtbot: QtBot) -> Iterator[ResultsPage]:
    """The page in a window of its own, on what came from laboratories."""
    made = ResultsPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    made.laboratory.show()
    one_clinic.settle()
    yield made
    made.laboratory.inbox.intake.close()
