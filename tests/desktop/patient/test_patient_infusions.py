"""Infusions on the patient page: corrected with a reason, or marked as entered in error."""

from __future__ import annotations

from decimal import Decimal

from one_clinic import TODAY, Clinic, at
from patient_keys import Key, choose
from pytestqt.qtbot import QtBot

from db.operations.infusions import NewInfusion, correct_infusion
from desktop.patient.page import PatientPage


def open_editor(page: PatientPage, clinic: Clinic, qtbot: QtBot, key: Key) -> int:
    """Put the keyboard on the one infusion and press a key; its id."""
    row = clinic.page().courses[0].infusions[0]
    choose(page.infusions.table, row.infusion_id)
    qtbot.keyClick(page.infusions.table, key)
    assert page.infusions.editor.isVisible()
    return int(row.infusion_id)


def test_an_infusion_is_corrected_with_a_reason(page: PatientPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    open_editor(page, one_clinic, qtbot, Key.Key_E)
    editor = page.infusions.editor
    assert editor.dose.value_field.hasFocus()
    qtbot.keyClicks(editor.dose.value_field, "1000")
    qtbot.keyClick(editor.dose.value_field, Key.Key_Return)
    assert editor.fields["reason"].problem(), "a reason is asked for beside its field"
    assert editor.dose.value_field.text() == "1000"
    qtbot.keyClicks(editor.reason, "dose misread")
    qtbot.keyClick(editor.reason, Key.Key_Return)
    one_clinic.settle()
    states = {(i.dose_mg, i.state) for i in one_clinic.page().courses[0].infusions}
    assert states == {(Decimal(500), "superseded"), (Decimal(1000), "given")}
    assert not editor.isVisible()
    model = page.infusions.table.model()
    assert {model.index(r, 2).data() for r in range(model.rowCount())} == {"500 mg", "1,000 mg"}
    assert "1,000 mg" in one_clinic.said[-1]


def test_an_infusion_entered_in_error_is_struck_and_the_bloods_unbooked(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    open_editor(page, one_clinic, qtbot, Key.Key_X)
    editor = page.infusions.editor
    assert not editor.fields["dose_mg"].isVisible()
    qtbot.keyClicks(editor.reason, "other patient")
    qtbot.keyClick(editor.reason, Key.Key_Return)
    one_clinic.settle()
    course = one_clinic.page().courses[0]
    assert [i.state for i in course.infusions] == ["entered-in-error"]
    assert course.given_mg == 0
    facts = page.trends.chart.facts()
    assert facts is not None
    assert not [i for c in facts.courses for i in c.infusions]


def test_a_stale_correction_is_refused_and_loses_nothing(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    infusion_id = open_editor(page, one_clinic, qtbot, Key.Key_E)
    row = one_clinic.page().courses[0].infusions[0]
    other = NewInfusion(one_clinic.course_id, row.on, Decimal(400))
    one_clinic.write(
        correct_infusion, infusion_id, other, "first", row.version, at(TODAY), one_clinic.protocol
    )
    editor = page.infusions.editor
    qtbot.keyClicks(editor.dose.value_field, "1000")
    qtbot.keyClicks(editor.reason, "second")
    qtbot.keyClick(editor.reason, Key.Key_Return)
    one_clinic.settle()
    assert editor.isVisible()
    assert editor.dose.value_field.text() == "1000"
    assert editor.reason.text() == "second"
    assert editor._problem.text()
