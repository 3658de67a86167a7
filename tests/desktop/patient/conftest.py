"""The one clinic these screens are tested on, and its patient's page."""

from __future__ import annotations

import pytest
from one_clinic import Clinic, filled_file, one_clinic
from pytestqt.qtbot import QtBot

from desktop.patient.page import PatientPage

__all__ = ["filled_file", "one_clinic", "page"]


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> PatientPage:
    made = PatientPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 852)
    made.show()
    made.open(one_clinic.patient_id)
    one_clinic.settle()
    return made
