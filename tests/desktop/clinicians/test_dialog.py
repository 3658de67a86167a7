"""Adding somebody to write to, by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.queries.people import Clinic
from desktop.clinicians.dialog import ClinicianDialog

CLINIC = Clinic(
    name="Hillcrest Iron Clinic",
    address_lines=(),
    phone=None,
    email=None,
    hb_unit="g/L",
    phosphate_unit="mmol/L",
    paper="A4",
    demo=False,
    country="GB",
    open_weekdays=(0, 1, 2, 3, 4),
    holiday_region=None,
    protocol_label="p",
    protocol_signed=False,
    version=1,
)


@pytest.fixture
def dialog(qtbot: QtBot) -> ClinicianDialog:
    made = ClinicianDialog(CLINIC)
    qtbot.addWidget(made)
    made.show()
    return made


def test_without_a_name_it_stays_open_and_says_so(dialog: ClinicianDialog) -> None:
    QTest.keySequence(dialog, QKeySequence("Ctrl+Return"))
    assert dialog.isVisible()
    assert dialog.name_field.problem()


def test_a_specialist_is_kept_with_speciality_and_address(dialog: ClinicianDialog, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog.name, "Ms Ruth Calder")
    dialog.role.set_value("gynaecology")
    qtbot.keyClicks(dialog.address, "Harbour View 3, Larkham , ")
    QTest.keySequence(dialog, QKeySequence("Ctrl+Return"))
    made = dialog.clinician()
    assert not dialog.isVisible()
    assert (made.role, made.speciality) == ("specialist", "gynaecology")
    assert made.address_lines == ("Harbour View 3", "Larkham")


def test_a_practitioner_has_no_speciality(dialog: ClinicianDialog, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog.name, "Dr A. Sample")
    assert (dialog.clinician().role, dialog.clinician().speciality) == ("gp", None)
