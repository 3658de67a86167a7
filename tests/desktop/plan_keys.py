"""The plan page by keys: how its fields are reached, filled and read in tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from one_clinic import TODAY, Clinic, at
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db import queries
from db.operations.courses import start_repeat_course
from desktop.plan.page import PlanPage
from desktop.widgets.labels import Label

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, ALT, NONE = Mod.ControlModifier, Mod.AltModifier, Mod.NoModifier


def press(qtbot: QtBot, key: Key, modifier: Mod = NONE) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key, modifier)


def type_in(qtbot: QtBot, text: str) -> None:
    qtbot.keyClicks(QApplication.focusWidget(), text)


def put(qtbot: QtBot, field: QWidget, text: str) -> None:
    """Type into a field as somebody does who goes there and replaces what stands in it."""
    field.setFocus()
    press(qtbot, Key.Key_A, CTRL)
    type_in(qtbot, text)


def tab_to(qtbot: QtBot, field: QWidget) -> None:
    """Tab until the field has the keyboard."""
    for _ in range(30):
        if field.hasFocus():
            return
        press(qtbot, Key.Key_Tab)
    pytest.fail(f"{field.accessibleName()} is not reached by Tab")


def fill(page: PlanPage, qtbot: QtBot, clinic: Clinic, *, kg: str = "65", hb: str = "88") -> None:
    """The usual referral: somebody of 65 kg with a haemoglobin of 88 g/L and a ferritin of 6."""
    person, baseline = page.blocks.person, page.blocks.baseline
    put(qtbot, person.surname, "Marsh")
    put(qtbot, person.given, "Elin")
    put(qtbot, person.born, "10/6/1985")
    person.sex.setFocus()
    type_in(qtbot, "f")
    put(qtbot, page.blocks.picture.weight.value_field, kg)
    put(qtbot, baseline.collected, "9/2/2026")
    for analyte, text in (("haemoglobin", hb), ("ferritin", "6"), ("transferrin-saturation", "7")):
        put(qtbot, baseline.values[analyte].value_field, text)
    wait(page, clinic)


def wait(page: PlanPage, clinic: Clinic) -> None:
    """Let the pause in the typing pass and every answer arrive."""
    page.work_out()
    QApplication.processEvents()
    clinic.settle()


def newest(clinic: Clinic) -> Any:
    """The page of the patient who was registered last."""
    hit = next(h for h in clinic.read(queries.all_patients) if h.surname == "Marsh")
    return clinic.read(queries.patient_page, hit.patient_id, TODAY)


def registered(clinic: Clinic) -> int:
    return len(clinic.read(queries.all_patients))


def reason(page: PlanPage) -> str:
    """What the action bar says is in the way."""
    page._show_state()
    shown = [label.text() for label in page.blocks.bar.findChildren(Label) if not label.isHidden()]
    return " ".join(shown)


def owed_course(clinic: Clinic) -> int:
    """The clinic's patient begins the next course with 967 mg still owed."""
    changes = clinic.write(start_repeat_course, clinic.course_id, Decimal(967), at(TODAY), clinic.protocol)
    assert changes.course_id is not None
    return changes.course_id
