"""The plan page for everyone: the way of the Tab key, names, narrow windows."""

from __future__ import annotations

from one_clinic import Clinic
from plan_keys import (
    Key,
    fill,
    press,
    wait,
)
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.plan.page import PlanPage


def test_tab_goes_down_the_page(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    fill(page, qtbot, one_clinic)
    page.blocks.picture.conditions.boxes["active-infection"].setChecked(True)
    wait(page, one_clinic)
    page.blocks.person.surname.setFocus()
    met = []
    for _ in range(45):
        widget = QApplication.focusWidget()
        assert widget is not None
        met.append(widget.accessibleName())
        press(qtbot, Key.Key_Tab)
    wanted = [
        "Surname", "Given name", "Date of birth", "Sex", "Weight", "Height", "Pregnant for", "Clinic number",
        "National number", "Phone", "Address", "General practitioner", "Allergies", "Indication", "Product",
        "Label", "Referred on", "Referred by",
    ]  # fmt: skip
    assert met[: len(wanted)] == wanted
    later = [
        "Fatigue",
        "Collected",
        "Laboratory",
        "Haemoglobin",
        "Visit 1, day",
        "Visit 1, dose",
        "Visit 2, day",
    ]
    places = [met.index(name) for name in later]
    assert places == sorted(places)
    assert any("because" in name for name in met)
    assert met.index("Save without a plan") > max(places)


def test_every_field_has_a_name(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    fill(page, qtbot, one_clinic)
    nameless = [
        type(widget).__name__
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not widget.accessibleName()
    ]
    assert nameless == []


def test_the_gates_go_below_the_form_where_there_is_no_room(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    page.resize(660, 700)
    assert page.blocks.layout.is_narrow()
    qtbot.waitUntil(page.blocks.gates.isVisible)
    content = page.blocks.layout.form.widget()
    assert content is not None
    assert content.minimumSizeHint().width() <= 640
    page.resize(1244, 700)
    assert not page.blocks.layout.is_narrow()
