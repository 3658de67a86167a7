"""What the tests of the patient page share: its follow-up panel, keys, what can be read."""

from __future__ import annotations

from datetime import date

from one_clinic import TODAY, Clinic, at, result
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.operations.decisions import DecidedStep, NewDecision, record_decision
from db.operations.results import store_results
from db.queries.assessments import explain
from desktop.widgets.labels import Label

Key = Qt.Key
FOLLOW_UP = date(2026, 2, 11)
NEW = (
    result(FOLLOW_UP, "haemoglobin", "10.1", "g/dL"),
    result(FOLLOW_UP, "ferritin", "16", "ng/mL"),
    result(FOLLOW_UP, "iron", "6.1", "umol/L"),
    result(FOLLOW_UP, "tibc", "55", "umol/L"),
    result(FOLLOW_UP, "crp", "2", "mg/L"),
    result(FOLLOW_UP, "phosphate", "1.00", "mmol/L"),
)


def store(clinic: Clinic) -> None:
    """The follow-up panel arrives while the page is open."""
    clinic.tasks.write(store_results, clinic.patient_id, NEW, at(TODAY), clinic.protocol)
    clinic.settle()


def words(widget: QWidget) -> str:
    """Everything a widget says in labels that can be seen."""
    return " | ".join(label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def press(qtbot: QtBot, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key wherever the keyboard is."""
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key, modifier)


def choose(table: QWidget, row_id: int) -> None:
    """Put the keyboard on a row of a table."""
    table.setFocus()
    table.select(row_id)  # type: ignore[attr-defined]


def work_up(clinic: Clinic) -> None:
    """A work-up for loss from the gut is decided on."""
    store(clinic)
    view = clinic.read(explain, clinic.course_id)
    step = DecidedStep("work-up", TODAY, 1, {"causes": ["gi-bleeding"]})
    decision = NewDecision("choose-another", (step,), "bleeding is likely")
    clinic.tasks.write(
        record_decision, view.assessment_id, view.version, decision, at(TODAY), clinic.protocol
    )
    clinic.settle()
