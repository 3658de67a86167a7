"""Infusions on the patient page: corrected with a reason, or marked as entered in error."""

from __future__ import annotations

from decimal import Decimal

from one_clinic import TODAY, Clinic, at
from patient_keys import Key, choose
from pytestqt.qtbot import QtBot

from db.operations.infusions import NewInfusion, correct_infusion
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
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


def test_a_correction_is_taken_back_from_the_foot_with_every_value_before(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    (before,) = one_clinic.page().courses[0].infusions
    open_editor(page, one_clinic, qtbot, Key.Key_E)
    editor = page.infusions.editor
    qtbot.keyClicks(editor.dose.value_field, "1000")
    editor.batch.setText("B9")
    qtbot.keyClicks(editor.reason, "dose misread")
    qtbot.keyClick(editor.reason, Key.Key_Return)
    one_clinic.settle()
    back = one_clinic.undo[-1]
    assert back is not None
    back()
    one_clinic.settle()
    rows = one_clinic.page().courses[0].infusions
    assert sorted(row.state for row in rows) == ["given", "superseded", "superseded"], "the record keeps all"
    (now,) = (row for row in rows if row.state == "given")
    kept = ("on", "dose_mg", "batch", "expiry", "started", "ended", "stopped_early", "reaction_grade")
    assert [getattr(now, name) for name in kept] == [getattr(before, name) for name in kept]
    assert one_clinic.said[-1] == "Correction taken back: 500 mg"


def test_a_correction_that_was_corrected_since_is_not_taken_back(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    open_editor(page, one_clinic, qtbot, Key.Key_E)
    editor = page.infusions.editor
    qtbot.keyClicks(editor.dose.value_field, "1000")
    qtbot.keyClicks(editor.reason, "dose misread")
    qtbot.keyClick(editor.reason, Key.Key_Return)
    one_clinic.settle()
    back = one_clinic.undo[-1]
    row = next(one for one in one_clinic.page().courses[0].infusions if one.state == "given")
    other = NewInfusion(one_clinic.course_id, row.on, Decimal(400))
    one_clinic.write(
        correct_infusion, row.infusion_id, other, "first", row.version, at(TODAY), one_clinic.protocol
    )
    assert back is not None
    back()
    one_clinic.settle()
    given = [one.dose_mg for one in one_clinic.page().courses[0].infusions if one.state == "given"]
    assert given == [Decimal(400)]
    assert "taken back" not in one_clinic.said[-1], "the foot says why not"


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


def another(clinic: Clinic) -> int:
    """Somebody else on the register."""
    details = PatientDetails("Murphy", "Aoife", None, "female")
    referral = NewReferral(details, ClinicalPicture(), TODAY, 1)
    made = clinic.write(register_referral, referral, at(TODAY), clinic.protocol)
    assert made.patient_id is not None
    return made.patient_id


def test_a_half_typed_correction_waits_for_its_own_patient(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    other, editor = another(one_clinic), page.infusions.editor
    infusion_id = open_editor(page, one_clinic, qtbot, Key.Key_E)
    page.open(other)
    one_clinic.settle()
    assert not editor.keeps(), "nothing was typed yet"
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    assert editor.isHidden()
    open_editor(page, one_clinic, qtbot, Key.Key_E)
    qtbot.keyClicks(editor.dose.value_field, "1000")
    editor.batch.setText("B9")
    editor.on.setText("the 3rd or so")
    qtbot.keyClicks(editor.reason, "dose mis")
    page.open(other)
    one_clinic.settle()
    assert page.banner.name() == "MURPHY, Aoife"
    assert (editor.isHidden(), editor.keeps()) == (True, 1)
    editor.submit()
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    assert editor.is_open_for() == infusion_id
    typed = (editor.dose.value_field.text(), editor.batch.text(), editor.on.text(), editor.reason.text())
    assert typed == ("1000", "B9", "the 3rd or so", "dose mis")
    assert page.first_focus().hasFocus(), "the keyboard stays where the page begins"
    assert not editor.keeps()
    editor.on.set_day(one_clinic.page().courses[0].infusions[0].on)
    editor.submit()
    one_clinic.settle()
    assert one_clinic.page().courses[0].given_mg == 1000


def test_a_correction_saved_while_another_patient_is_shown_waits_no_more(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    other, editor = another(one_clinic), page.infusions.editor
    open_editor(page, one_clinic, qtbot, Key.Key_X)
    qtbot.keyClicks(editor.reason, "other patient")
    editor.submit()
    page.open(other)
    one_clinic.settle()
    assert one_clinic.page().courses[0].given_mg == 0
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    assert (editor.isHidden(), editor.keeps()) == (True, 0)


def test_asking_for_a_change_again_or_for_another_takes_nothing_away(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    editor = page.infusions.editor
    open_editor(page, one_clinic, qtbot, Key.Key_X)
    qtbot.keyClicks(editor.reason, "other patient")
    qtbot.keyClick(editor.save, Key.Key_X)
    assert editor.reason.text() == "other patient", "the same was asked for again"
    qtbot.keyClick(editor.save, Key.Key_E)
    assert (editor.reason.text(), editor.keeps()) == ("", 1)
    qtbot.keyClicks(editor.batch, "B9")
    qtbot.keyClick(editor.save, Key.Key_X)
    assert editor.reason.text() == "other patient", "a correction was begun in between"
    qtbot.keyClick(editor.save, Key.Key_E)
    assert editor.batch.text().endswith("B9")
    editor.close_panel()
    open_editor(page, one_clinic, qtbot, Key.Key_E)
    assert not editor.batch.text().endswith("B9"), "it was let go of"
