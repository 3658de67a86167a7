"""Results entry by keys alone, on a real encrypted clinic: from the empty form to what was concluded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from one_clinic import TODAY, Clinic, at
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.queries.assessments import explain
from desktop.results.entry import EntryForm
from desktop.results.page import ResultsPage
from desktop.widgets.explain_card.sentences import sentence
from desktop.widgets.labels import Label

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
FOLLOW_UP = date(2026, 2, 11)


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> ResultsPage:
    made = ResultsPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 852)
    made.show()
    made.refresh()
    one_clinic.settle()
    return made


@pytest.fixture
def form(page: ResultsPage, one_clinic: Clinic) -> EntryForm:
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    made = page.form()
    assert made is not None
    return made


def type_in(qtbot: QtBot, text: str) -> None:
    """Letters wherever the keyboard is."""
    qtbot.keyClicks(QApplication.focusWidget(), text)


def press(qtbot: QtBot, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key wherever the keyboard is."""
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key, modifier)


def words(widget: QWidget) -> str:
    """Everything a widget says in labels that can be seen."""
    return " | ".join(label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def fill(form: EntryForm, qtbot: QtBot, **values: str) -> None:
    """Type a day and values; names with underscores for dashes."""
    form.collected.setFocus()
    qtbot.keyClicks(form.collected, "11/2/2026")
    for name, text in values.items():
        line = form.lines[name.replace("_", "-")]
        line.focus()
        qtbot.keyClicks(line.quantity.value_field, text)


def stored(clinic: Clinic) -> dict[str, tuple[Decimal, str, str | None]]:
    """What is on record for the follow-up day."""
    rows = [row for row in clinic.page().results if row.collected == FOLLOW_UP]
    return {row.analyte: (row.value, row.unit, row.comparator) for row in rows}


def test_a_panel_is_typed_and_saved_without_the_mouse(
    page: ResultsPage, form: EntryForm, one_clinic: Clinic, qtbot: QtBot
) -> None:
    assert form.collected.hasFocus()
    type_in(qtbot, "11/2/26")
    press(qtbot, Key.Key_Tab)
    assert form.laboratory.hasFocus()
    type_in(qtbot, "Northgate Path.")
    press(qtbot, Key.Key_Tab)
    assert form.lines["haemoglobin"].quantity.value_field.hasFocus()
    type_in(qtbot, "101")
    for name, text in (("ferritin", "<16,5"), ("transferrin-saturation", "11"), ("crp", "2")):
        for _ in range(len(form.lines)):
            if form.lines[name].quantity.value_field.hasFocus():
                break
            press(qtbot, Key.Key_Return)
        type_in(qtbot, text)
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert stored(one_clinic) == {
        "haemoglobin": (Decimal(101), "g/L", None),
        "ferritin": (Decimal("16.5"), "ug/L", "<"),
        "transferrin-saturation": (Decimal(11), "%", None),
        "crp": (Decimal(2), "mg/L", None),
    }
    view = one_clinic.read(explain, one_clinic.course_id)
    said = words(page)
    assert "4 values stored" in said
    assert sentence(view.assessment, "female") in said
    step = one_clinic.page().open_step
    assert step.action == "review-results"
    assert step.owner_name in said
    assert page._why_button.hasFocus()
    with qtbot.waitSignal(one_clinic.parts.navigation.open_why) as heard:
        press(qtbot, Key.Key_W)
    assert heard.args == [one_clinic.course_id]


def test_an_impossible_value_is_not_stored_and_stays_on_the_screen(
    page: ResultsPage, form: EntryForm, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(form, qtbot, haemoglobin="980", ferritin="16")
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert stored(one_clinic) == {}
    line = form.lines["haemoglobin"]
    assert line.quantity.value_field.hasFocus()
    assert line.quantity.value_field.text() == "980"
    assert "Did you mean 98 g/L?" in line.trouble()
    assert form.lines["ferritin"].quantity.value_field.text() == "16"
    assert "1 to settle" in words(page)
    press(qtbot, Key.Key_U, Qt.KeyboardModifier.AltModifier)
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert stored(one_clinic)["haemoglobin"][0] == 98


def test_an_unusual_value_is_stored_once_it_is_confirmed(
    form: EntryForm, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(form, qtbot, haemoglobin="35")
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert stored(one_clinic) == {}
    press(qtbot, Key.Key_K, Qt.KeyboardModifier.AltModifier)
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert stored(one_clinic)["haemoglobin"][0] == 35


def test_without_a_day_nothing_is_stored_and_the_day_is_asked_for(
    form: EntryForm, one_clinic: Clinic, qtbot: QtBot
) -> None:
    line = form.lines["haemoglobin"]
    line.focus()
    qtbot.keyClicks(line.quantity.value_field, "101")
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert form.collected.hasFocus()
    assert "day the blood was taken" in form._collected_field.problem()
    assert stored(one_clinic) == {}
    type_in(qtbot, "30/2/2026")
    press(qtbot, Key.Key_Return, CTRL)
    assert "no such day" in form._collected_field.problem()
    assert form.collected.text() == "30/2/2026"


def test_leaving_asks_first_and_keeps_what_is_typed(
    page: ResultsPage, form: EntryForm, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(form, qtbot, haemoglobin="101")
    with qtbot.assertNotEmitted(one_clinic.parts.navigation.back):
        press(qtbot, Key.Key_Escape)
        assert "Not saved" in words(page)
        press(qtbot, Key.Key_Escape)
    assert "Not saved" not in words(page)
    assert form.lines["haemoglobin"].quantity.value_field.text() == "101"
    press(qtbot, Key.Key_Escape)
    with qtbot.waitSignal(one_clinic.parts.navigation.back):
        press(qtbot, Key.Key_Delete, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert page.unsaved() == ()


def test_an_untouched_entry_is_left_at_once(
    page: ResultsPage, form: EntryForm, one_clinic: Clinic, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(one_clinic.parts.navigation.back):
        press(qtbot, Key.Key_Escape)


def test_another_patient_in_between_loses_nothing(
    page: ResultsPage, form: EntryForm, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(form, qtbot, haemoglobin="<98,0", mcv="abc")
    details = PatientDetails("Murphy", "Aoife", date(1990, 1, 2), "female", (("clinic-number", "R-1"),))
    other = one_clinic.write(
        register_referral, NewReferral(details, ClinicalPicture(), TODAY, 1), at(TODAY), one_clinic.protocol
    )
    assert other.patient_id is not None
    page.open(other.patient_id)
    one_clinic.settle()
    assert page.unsaved() == (one_clinic.patient_id,)
    assert page.form() is not None
    assert page.form().values() == 0  # type: ignore[union-attr]
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    again = page.form()
    assert again is not None
    assert again.lines["haemoglobin"].quantity.value_field.text() == "<98,0"
    assert again.lines["mcv"].quantity.value_field.text() == "abc"
    assert again.collected.day() == FOLLOW_UP


def test_the_same_panel_again_changes_nothing_and_says_so(
    page: ResultsPage, form: EntryForm, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(form, qtbot, haemoglobin="101")
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    press(qtbot, Key.Key_N)
    one_clinic.settle()
    again = page.form()
    assert again is not None
    fill(again, qtbot, haemoglobin="101")
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert len([r for r in one_clinic.page().results if r.collected == FOLLOW_UP]) == 1
    assert "stored before" in words(page)


def test_the_unit_is_chosen_and_remembered_for_the_laboratory(
    page: ResultsPage, form: EntryForm, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(form, qtbot, haemoglobin="10.1")
    form.laboratory.setText("City Hosp.")
    unit = form.lines["haemoglobin"].quantity.unit_field
    assert unit is not None
    unit.set_value("g/dL")
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert stored(one_clinic)["haemoglobin"] == (Decimal("10.1"), "g/dL", None)
    press(qtbot, Key.Key_N)
    one_clinic.settle()
    again = page.form()
    assert again is not None
    assert again.laboratory.text() == "City Hosp."
    assert again.lines["haemoglobin"].quantity.unit() == "g/dL"
    assert again.lines["ferritin"].quantity.unit() == "ug/L"


def test_the_last_value_stands_beside_the_field(form: EntryForm) -> None:
    assert "last 88 g/L, 18 Dec 2025" in words(form.lines["haemoglobin"])


def test_up_and_down_move_between_tests(form: EntryForm, qtbot: QtBot) -> None:
    order = list(form.lines.values())
    order[0].focus()
    press(qtbot, Key.Key_Down)
    assert order[1].quantity.value_field.hasFocus()
    press(qtbot, Key.Key_Up)
    press(qtbot, Key.Key_Up)
    assert form.laboratory.hasFocus()


def test_any_other_test_can_be_added(form: EntryForm, one_clinic: Clinic, qtbot: QtBot) -> None:
    assert "magnesium" not in form.lines
    form._more.set_value("magnesium")
    form._more.activated.emit(form._more.currentIndex())
    line = form.lines["magnesium"]
    assert line.quantity.value_field.hasFocus()
    press(qtbot, Key.Key_Tab)
    if line.quantity.unit_field is not None:
        press(qtbot, Key.Key_Tab)
    assert form._more.hasFocus(), "the new test comes before the choice of another"
    fill(form, qtbot, magnesium="0.8")
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert stored(one_clinic)["magnesium"][0] == Decimal("0.8")


def test_the_patient_is_chosen_by_typing(page: ResultsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    assert page.chooser.list.ids() == [one_clinic.patient_id], "her bloods are awaited"
    page.first_focus().setFocus()
    type_in(qtbot, "whit")
    one_clinic.settle()
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert page.patient_id() == one_clinic.patient_id
    assert page.form() is not None


def test_nobody_found_is_said(page: ResultsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    page.first_focus().setFocus()
    type_in(qtbot, "zzzz")
    one_clinic.settle()
    assert "Nobody found" in words(page.chooser)


@pytest.mark.parametrize("width", [1244, 620])
def test_every_field_has_a_name_and_nothing_is_cut(
    page: ResultsPage, form: EntryForm, pump: Callable[[], None], width: int, qtbot: QtBot
) -> None:
    fill(form, qtbot, haemoglobin="980")
    form.lines["haemoglobin"].examine()
    page.resize(width, 700)
    pump()
    for widget in page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget.accessibleName() or widget.focusProxy(), widget
    for label in form.lines["haemoglobin"].findChildren(Label):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_at_200_percent_in_a_small_window_nothing_is_cut(
    doubled: QApplication, one_clinic: Clinic, qtbot: QtBot, grab: Callable[[QWidget, str], Path]
) -> None:
    page = ResultsPage(one_clinic.parts)
    qtbot.addWidget(page)
    page.resize(1440 - 120, 900 - 164)
    page.show()
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    form = page.form()
    assert form is not None
    fill(form, qtbot, haemoglobin="980", crp="abc")
    form.lines["haemoglobin"].examine()
    form.lines["crp"].examine()
    grab(page, "results-200")
    for label in form.findChildren(Label):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_pictures(
    page: ResultsPage,
    form: EntryForm,
    one_clinic: Clinic,
    grab: Callable[[QWidget, str], Path],
    qtbot: QtBot,
) -> None:
    fill(form, qtbot, haemoglobin="980", ferritin="<16,5", crp="2")
    form.lines["haemoglobin"].examine()
    assert grab(page, "results").stat().st_size > 10_000
    form.lines["haemoglobin"].focus()
    press(qtbot, Key.Key_U, Qt.KeyboardModifier.AltModifier)
    press(qtbot, Key.Key_Return, CTRL)
    one_clinic.settle()
    assert grab(page, "results-concluded").stat().st_size > 10_000
