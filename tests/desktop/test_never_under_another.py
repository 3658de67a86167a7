"""One rule for every page about a patient: while B is being read, nothing of A is seen and nothing can be done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from one_clinic import TODAY, Clinic, filled_file, one_clinic
from planned_chairs import referred
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db import queries
from desktop.infusions.page import InfusionsPage
from desktop.patient.page import PatientPage
from desktop.results.page import ResultsPage
from desktop.widgets.banner import PatientBanner
from desktop.widgets.labels import Label

__all__ = ["filled_file", "one_clinic"]

CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Shown:
    """A page, how to turn it to a patient, and its commands that do something to or with that patient."""

    page: QWidget
    turn: Callable[[int], None]
    commands: tuple[str, ...]


def visit_of(clinic: Clinic, patient_id: int) -> int:
    found: int = clinic.read(queries.patient_page, patient_id, TODAY).visits[0].visit_id
    return found


def results_page(clinic: Clinic) -> Shown:
    page = ResultsPage(clinic.parts)
    names = ("results.save", "results.why", "results.patient", "results.again")
    return Shown(page, page.open, names)


def patient(clinic: Clinic) -> Shown:
    page = PatientPage(clinic.parts)
    names = ("results", "why", "plan", "letters", "contact", "infusion-correct", "infusion-cancel")
    return Shown(page, page.open, tuple(f"patient.{name}" for name in names))


def infusions(clinic: Clinic) -> Shown:
    page = InfusionsPage(clinic.parts)
    page.refresh()
    clinic.settle()
    names = tuple(f"infusions.{name}" for name in ("record", "missed", "move", "patient"))
    return Shown(page, lambda patient_id: page.list.select(visit_of(clinic, patient_id)), names)


@pytest.mark.parametrize("made", [results_page, patient, infusions])
def test_nothing_of_one_is_seen_or_done_under_another(
    one_clinic: Clinic, qtbot: QtBot, made: Callable[[Clinic], Shown]
) -> None:
    first = referred(one_clinic, "Erstwhile", TODAY)
    second = referred(one_clinic, "Secondly", TODAY)
    shown = made(one_clinic)
    page, commands = shown.page, one_clinic.parts.commands
    qtbot.addWidget(page)
    page.resize(1244, 852)
    page.show()
    shown.turn(first)
    one_clinic.settle()
    banner = page.findChild(PatientBanner)
    assert isinstance(banner, PatientBanner)
    assert banner.isVisible()
    assert "ERSTWHILE" in banner.name()
    assert any(commands.action(name).isEnabled() for name in shown.commands) or made is results_page
    one_clinic.tasks.run(lambda: time.sleep(0.3))
    shown.turn(second)
    for _ in range(3):
        QApplication.processEvents()
    assert not one_clinic.tasks.is_idle()
    assert not banner.isVisible()
    assert not any(
        "erstwhile" in label.text().casefold() for label in page.findChildren(Label) if label.isVisible()
    )
    assert not any(field.isVisible() and field.isEnabled() for field in page.findChildren(QLineEdit))
    assert [name for name in shown.commands if commands.action(name).isEnabled()] == []
    with qtbot.assertNotEmitted(one_clinic.parts.navigation.open_patient):
        for name in shown.commands:
            assert not commands.run(name)
    one_clinic.settle()
    assert banner.isVisible()
    assert "SECONDLY" in banner.name()
    for patient_id in (first, second):
        on_record = one_clinic.read(queries.patient_page, patient_id, TODAY)
        assert [visit.state for visit in on_record.visits] == ["planned", "planned"]
