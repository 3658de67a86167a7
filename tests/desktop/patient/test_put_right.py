"""A stored result put right on the patient page: another value, entered in error, another patient's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from one_clinic import BASELINE, TODAY, Clinic, at, result
from patient_keys import Key, choose, press, words
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from db.imports.reading import read_bytes
from db.imports.storing import store_file
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.operations.results import correct_result
from desktop.patient.page import PatientPage


def haemoglobin(clinic: Clinic) -> int:
    """The id of the haemoglobin of the baseline."""
    return next(int(r.result_id) for r in clinic.page().results if r.analyte == "haemoglobin")


def ask(page: PatientPage, clinic: Clinic, qtbot: QtBot, key: Key) -> dict[str, QWidget]:
    """Put the keyboard on the haemoglobin and press a key; the fields that are asked for by name."""
    choose(page.results.table, haemoglobin(clinic))
    qtbot.keyClick(page.results.table, key)
    clinic.settle()
    question = page.results.ask._question
    assert question is not None
    return {name: frame.field for name, frame in question.fields.items()}


def over(qtbot: QtBot, field: QWidget, text: str) -> None:
    """Type over what a field holds."""
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_a_value_is_corrected_with_a_reason_and_the_old_one_stays(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot, grab: Callable[[QWidget, str], Path]
) -> None:
    fields = ask(page, one_clinic, qtbot, Key.Key_E)
    value = fields["value"].value_field  # type: ignore[attr-defined]
    assert value.hasFocus()
    over(qtbot, value, "9.2")
    press(qtbot, Key.Key_Return)
    panel = page.results.ask
    assert "Say why" in words(panel), "a reason is asked for beside its field"
    over(qtbot, fields["reason"], "misread")
    grab(page, "result-corrected")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert not panel.isVisible()
    states = {
        (str(r.value), r.superseded, r.change_reason)
        for r in one_clinic.page().results
        if r.analyte == "haemoglobin"
    }
    assert states == {("8.8", True, "misread"), ("9.2", False, None)}
    assert "Haemoglobin 9.2 g/dL" in one_clinic.said[-1]
    model = page.results.table.model()
    told = {model.index(r, 4).data(): model.index(r, 6).data() for r in range(model.rowCount())}
    assert told["88 g/L"] == "Northgate Path. · misread", "the old one stays, struck, with its reason"


def test_an_impossible_value_is_not_saved_and_an_unusual_one_is_asked_about(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fields = ask(page, one_clinic, qtbot, Key.Key_E)
    edit = fields["value"]
    over(qtbot, fields["reason"], "misread")
    over(qtbot, edit.value_field, "92")  # type: ignore[attr-defined]
    press(qtbot, Key.Key_Return)
    assert "cannot be" in edit.question()  # type: ignore[attr-defined]
    one_clinic.settle()
    assert not [r for r in one_clinic.page().results if r.superseded]
    assert edit.value_field.text() == "92"  # type: ignore[attr-defined]


def test_entered_in_error_wants_the_year_of_birth(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fields = ask(page, one_clinic, qtbot, Key.Key_X)
    over(qtbot, fields["reason"], "typed twice")
    press(qtbot, Key.Key_Return)
    year = page.results.ask.year
    assert year.edit.hasFocus()
    for wrong in ("81", "1980"):
        over(qtbot, year.edit, wrong)
        press(qtbot, Key.Key_Return)
        one_clinic.settle()
        assert year.problem()
        assert "1981" not in year.problem(), "the right answer is not told"
    assert next(r for r in one_clinic.page().results if r.analyte == "haemoglobin").status == "final"
    over(qtbot, year.edit, "1981")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    row = next(r for r in one_clinic.page().results if r.analyte == "haemoglobin")
    assert (row.status, row.change_reason) == ("entered-in-error", "typed twice")
    qtbot.keyClick(page.results.table, Key.Key_X)
    assert "already" in one_clinic.said[-1]
    assert not page.results.ask.isVisible()


def test_another_patients_value_is_taken_back_and_typed_for_the_right_one(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    details = PatientDetails("Murphy", "Aoife", None, "female", (("clinic-number", "R-77"),))
    made = one_clinic.write(
        register_referral, NewReferral(details, ClinicalPicture(), TODAY, 1), at(TODAY), one_clinic.protocol
    )
    fields = ask(page, one_clinic, qtbot, Key.Key_Y)
    over(qtbot, fields["whose"], "murphy")
    box = fields["who"]
    qtbot.waitUntil(lambda: box.count() == 2)  # type: ignore[attr-defined]
    assert box.value() is None, "nobody is chosen by the program"  # type: ignore[attr-defined]
    box.setFocus()
    qtbot.keyClick(box, Key.Key_Down)
    over(qtbot, page.results.ask.year.edit, "1981")
    with qtbot.waitSignal(one_clinic.parts.navigation.open_results) as heard:
        press(qtbot, Key.Key_Return)
    assert heard.args == [made.patient_id]
    row = next(r for r in one_clinic.page().results if r.analyte == "haemoglobin")
    assert row.status == "entered-in-error"
    assert "Type it for the right patient: Haemoglobin 8.8 g/dL" in one_clinic.said[-1]


def test_somebody_else_corrected_it_first_and_nothing_typed_is_lost(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fields = ask(page, one_clinic, qtbot, Key.Key_E)
    over(qtbot, fields["value"].value_field, "9.2")  # type: ignore[attr-defined]
    over(qtbot, fields["reason"], "mine")
    old = next(r for r in one_clinic.page().results if r.analyte == "haemoglobin")
    one_clinic.write(
        correct_result, old.result_id, result(BASELINE, "haemoglobin", "9.0", "g/dL"), "theirs", at(TODAY),
        one_clinic.protocol, old.version,
    )  # fmt: skip
    page.results.ask.submit()
    one_clinic.settle()
    assert "Changed meanwhile" in page.results.ask.conflict.said()
    assert fields["value"].value_field.text() == "9.2"  # type: ignore[attr-defined]
    assert fields["reason"].text() == "mine"  # type: ignore[attr-defined]
    assert not [r for r in one_clinic.page().results if str(r.value) == "9.2"]


def test_a_question_about_one_is_gone_when_another_is_opened(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    ask(page, one_clinic, qtbot, Key.Key_X)
    page.open(999)
    one_clinic.settle()
    assert page.results.ask._question is None
    assert page.results.ask.isHidden()


def test_the_message_a_result_came_in_stands_beside_it(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot, grab: Callable[[QWidget, str], Path]
) -> None:
    text = (
        "MSH|^~\\&|LIS|NORTHGATE|R|C|20260210101500||ORU^R01|1|P|2.5\r"
        "PID|1||R-004182^^^CLINIC^MR||Whitfield^Clare||19810610|F\r"
        "OBR|1||A1|PANEL|||20260210081500\rOBX|1|NM|2276-4^Ferritin^LN||28|ug/L|||||F\r"
    )
    protocol = one_clinic.parts.protocol
    found = read_bytes(text.encode(), "morning.hl7", protocol)
    assert store_file(one_clinic.database, found, lambda: at(TODAY), protocol).counts["stored"] == 1
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    [came] = [r.result_id for r in one_clinic.page().results if str(r.collected) == "2026-02-10"]
    field = next(one for one in page.results.findChildren(QPlainTextEdit))
    choose(page.results.table, came)
    qtbot.keyClick(page.results.table, Key.Key_I)
    one_clinic.settle()
    assert field.isVisible()
    assert field.isReadOnly()
    assert "OBX|1|NM|2276-4^Ferritin^LN||28|ug/L" in field.toPlainText()
    grab(page, "result-message")
    choose(page.results.table, haemoglobin(one_clinic))
    assert not field.isVisible(), "another row is another message"
    qtbot.keyClick(page.results.table, Key.Key_I)
    one_clinic.settle()
    assert not field.isVisible()
    assert one_clinic.said[-1] == "This result was typed; no message came with it."
    choose(page.results.table, came)
    qtbot.keyClick(page.results.table, Key.Key_I)
    one_clinic.settle()
    page.acts.put_by(one_clinic.patient_id)
    assert not field.isVisible()
    assert field.toPlainText() == "", "nothing of one patient stays for the next"
