"""The patient page as it is seen: nothing cut, everything named, light, dark and twice as large."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from one_clinic import Clinic
from patient_keys import work_up
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.patient.page import PatientPage
from desktop.widgets.buttons import KeyButton
from desktop.widgets.chips import Chip
from desktop.widgets.labels import Label


@pytest.mark.parametrize("width", [1244, 720])
def test_nothing_is_cut_and_everything_has_a_name(
    page: PatientPage, one_clinic: Clinic, pump: Callable[[], None], width: int
) -> None:
    work_up(one_clinic)
    page.resize(width, 700)
    pump()
    for button in page.findChildren(KeyButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.words()
    for widget in page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget.accessibleName() or widget.focusProxy(), widget
    assert page.answer.isVisible()
    assert page._pane.isVisible() == (width > 1000)


def test_at_200_percent_in_a_small_window_nothing_is_cut(
    doubled: QApplication, one_clinic: Clinic, qtbot: QtBot, grab: Callable[[QWidget, str], Path]
) -> None:
    page = PatientPage(one_clinic.parts)
    qtbot.addWidget(page)
    page.resize(1440 - 120, 900 - 164)
    page.show()
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    work_up(one_clinic)
    grab(page, "patient-200")
    for button in page.findChildren(KeyButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.words()
    for label in page.findChildren(Label):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    allergy = next(chip for chip in page.banner.findChildren(Chip) if chip.text().startswith("Allergy"))
    assert allergy.isVisible()
    assert allergy.width() >= allergy.sizeHint().width(), "an allergy is never cut"


def test_in_the_dark(
    dark: QApplication, page: PatientPage, one_clinic: Clinic, grab: Callable[[QWidget, str], Path]
) -> None:
    work_up(one_clinic)
    shown = grab(page, "patient-dark")
    assert shown.stat().st_size > 20_000


def test_pictures(
    page: PatientPage, one_clinic: Clinic, grab: Callable[[QWidget, str], Path], qtbot: QtBot
) -> None:
    work_up(one_clinic)
    assert grab(page, "patient").stat().st_size > 20_000
