"""A clinic with planned visits and the page of the chair, for its tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from one_clinic import TODAY, Clinic, at, result
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db import queries
from db.operations.courses import CoursePlan, plan_course
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from desktop.infusions.page import InfusionsPage
from desktop.widgets.labels import Label

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, NONE = Mod.ControlModifier, Mod.NoModifier


@dataclass
class Chairs:
    """A clinic with visits, their page, and the patients by surname."""

    clinic: Clinic
    page: InfusionsPage
    patients: dict[str, int]

    def on_record(self, surname: str) -> Any:
        return self.clinic.read(queries.patient_page, self.patients[surname], TODAY)

    def choose(self, surname: str) -> None:
        visit = next(v for v in self.page._visits.values() if v.surname == surname)
        self.page.list.select(visit.visit_id)
        self.clinic.settle()
        QApplication.processEvents()

    def said(self) -> str:
        QApplication.processEvents()
        labels = self.page.findChildren(Label)
        return " | ".join(label.text() for label in labels if label.isVisibleTo(self.page))


def referred(clinic: Clinic, surname: str, first: date, conditions: tuple[str, ...] = ()) -> int:
    """Somebody with 1,000 and 500 mg planned from `first` on, a week apart."""
    day = TODAY - timedelta(days=14)
    details = PatientDetails(surname, "Ada", date(1984, 3, 2), "female")
    picture = ClinicalPicture(weight_kg=Decimal(68), conditions=conditions)
    results = (result(day, "haemoglobin", "91", "g/L"), result(day, "ferritin", "7", "ug/L"))
    referral = NewReferral(details, picture, day, 1, "ibd", results=results)
    made = clinic.write(register_referral, referral, at(day), clinic.protocol)
    assert made.patient_id is not None
    assert made.course_id is not None
    version = clinic.read(queries.patient_page, made.patient_id, day).courses[0].version
    visits = ((first, Decimal(1000)), (first + timedelta(days=7), Decimal(500)))
    plan = CoursePlan("ferric-derisomaltose", "eu", "ganzoni", Decimal(1463), Decimal(1500), visits)
    clinic.write(plan_course, made.course_id, plan, version, at(day), clinic.protocol)
    return made.patient_id


def press(qtbot: QtBot, key: Key, modifier: Mod = NONE) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key, modifier)


def put(qtbot: QtBot, field: QWidget, text: str) -> None:
    field.setFocus()
    press(qtbot, Key.Key_A, CTRL)
    qtbot.keyClicks(field, text)


def answer(chairs: Chairs, qtbot: QtBot) -> None:
    """Answer every question at the chair with no."""
    for _question in chairs.page.gates.open_questions():
        press(qtbot, Key.Key_N, Mod.AltModifier)


def record(chairs: Chairs, qtbot: QtBot) -> None:
    """Record what was typed; the questions answered with no, and where a gate is in the way, with a reason."""
    answer(chairs, qtbot)
    if not chairs.page.although.isHidden():
        put(qtbot, chairs.page.although.edit, "Dr Rao decided")
    press(qtbot, Key.Key_Return, CTRL)
    chairs.clinic.settle()


def chairs_of(clinic: Clinic, qtbot: QtBot, people: dict[str, int]) -> Chairs:
    """The page, shown and filled."""
    page = InfusionsPage(clinic.parts)
    qtbot.addWidget(page)
    page.resize(1244, 794)
    page.show()
    page.refresh()
    page.first_focus().setFocus()
    clinic.settle()
    return Chairs(clinic, page, people)
