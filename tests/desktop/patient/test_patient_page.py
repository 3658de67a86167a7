"""The patient page, driven by keys on a real encrypted clinic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from one_clinic import BASELINE, FIRST_INFUSION, TODAY, Clinic, at, result
from patient_keys import FOLLOW_UP, Key, press, store, words
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.operations.results import correct_result
from db.queries.assessments import explain
from db.queries.patients import patient_page
from desktop.patient.loading import is_overtaken
from desktop.patient.page import PatientPage
from desktop.patient.side import waiting_words
from desktop.widgets.explain_card.sentences import sentence
from desktop.wording import outcome_name, plain_date


def test_it_shows_who_this_is_and_what_is_known(page: PatientPage, one_clinic: Clinic) -> None:
    assert page.banner.name() == "WHITFIELD, Clare"
    assert "Allergy: penicillin" in page.banner.accessibleDescription()
    assert "R-004182" in page.banner.accessibleDescription()
    facts = page.trends.chart.facts()
    assert facts is not None
    assert [(t.analyte, len(t.points)) for t in facts.trends] == [
        ("haemoglobin", 1), ("ferritin", 1), ("transferrin-saturation", 1), ("phosphate", 0),
    ]  # fmt: skip
    assert facts.trends[0].points[0].value == 88, "8.8 g/dL is 88 g/L"
    assert facts.trends[0].target is not None
    assert facts.trends[0].target.low == one_clinic.protocol.number("anaemia.female")
    assert [(i.on, i.dose_mg) for i in facts.courses[0].infusions] == [(FIRST_INFUSION, 500)]
    window = one_clinic.page().courses[0].window
    assert (facts.courses[0].opens, facts.courses[0].closes) == (window.opens, window.closes)


def test_the_chart_has_the_keyboard_first_and_is_read_with_the_arrows(
    page: PatientPage, qtbot: QtBot
) -> None:
    assert page.trends.chart.hasFocus()
    press(qtbot, Key.Key_Left)
    assert page.trends.chart.reading() == BASELINE
    assert "Haemoglobin 88 g/L, outside target" in page.trends.chart.accessibleDescription()


def test_an_assessment_made_before_the_iron_is_not_told_as_if_it_held(
    page: PatientPage, one_clinic: Clinic
) -> None:
    store(one_clinic)
    view = page.view()
    assert view is not None
    assert view.explain is not None
    assert not is_overtaken(view)
    assert "500 mg given; repeat bloods" not in words(page.answer)
    older = replace(view.explain, assessment=replace(view.explain.assessment, window=None))
    overtaken = replace(view, explain=older)
    assert is_overtaken(overtaken)
    page.answer.set_view(overtaken)
    assert "500 mg given; repeat bloods are wanted by 16 Feb." in words(page.answer)
    assert sentence(view.explain.assessment, "female") not in words(page.answer)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 1, 20), "500 mg given; repeat bloods open on 2 Feb."),
        (date(2026, 2, 2), "500 mg given; repeat bloods are wanted by 16 Feb."),
        (date(2026, 2, 17), "500 mg given; the repeat bloods wanted by 16 Feb have not come."),
    ],
)
def test_waiting_is_said_by_the_window(one_clinic: Clinic, today: date, said: str) -> None:
    assert waiting_words(one_clinic.page().courses[0], today) == said


def test_new_results_appear_by_themselves_with_the_answer(page: PatientPage, one_clinic: Clinic) -> None:
    store(one_clinic)
    facts = page.trends.chart.facts()
    assert facts is not None
    assert [p.value for p in facts.trends[0].standing] == [88, 101]
    computed = facts.trends[2].standing[-1]
    assert computed.on == FOLLOW_UP, "the saturation is worked out from iron and binding capacity"
    assert round(computed.value) == 11
    view = one_clinic.read(explain, one_clinic.course_id)
    said = words(page.answer)
    assert sentence(view.assessment, "female") in said
    assert "due" in said
    assert "Mina Okafor" in said
    assert outcome_name(view.assessment.outcome) in [
        w.accessibleName() for w in page.answer.findChildren(QWidget)
    ]


def test_the_results_table_shows_received_and_canonical(page: PatientPage, one_clinic: Clinic) -> None:
    store(one_clinic)
    model = page.results.table.model()
    rows = [[model.index(r, c).data() for c in range(model.columnCount())] for r in range(model.rowCount())]
    assert rows[0] == [
        plain_date(FOLLOW_UP), "37", "Haemoglobin", "10.1 g/dL", "101 g/L", "120 g/L or more", "Northgate Path.",
        "↓ low, rising",
    ]  # fmt: skip
    assert rows[1][3:5] == ["16 ng/mL", "16 µg/L"]
    assert rows[2][2:5] == ["TSAT", "iron/TIBC", "11 %"]
    assert rows[2][6] == "computed"
    spoken = model.index(0, 7).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "low, rising"


def test_a_corrected_result_is_struck_in_table_and_chart(page: PatientPage, one_clinic: Clinic) -> None:
    old = next(r for r in one_clinic.page().results if r.analyte == "haemoglobin")
    one_clinic.tasks.write(
        correct_result, old.result_id, result(BASELINE, "haemoglobin", "9.2", "g/dL"), "misread",
        at(TODAY), one_clinic.protocol, old.version,
    )  # fmt: skip
    one_clinic.settle()
    facts = page.trends.chart.facts()
    assert facts is not None
    assert [(p.value, p.superseded) for p in facts.trends[0].points] == [(88, True), (92, False)]
    model = page.results.table.model()
    states = {model.index(r, 4).data(): model.index(r, 7).data() for r in range(model.rowCount())}
    assert states["88 g/L"] == "superseded"
    assert states["92 g/L"].startswith("↓ low")


def test_the_filter_shows_one_test_and_says_what_it_hides(page: PatientPage, one_clinic: Clinic) -> None:
    store(one_clinic)
    page.results.filters.choose("ferritin")
    model = page.results.table.model()
    assert {model.index(r, 2).data() for r in range(model.rowCount())} == {"Ferritin"}
    assert "9 hidden by filters" in words(page.results)


def test_moving_in_the_table_reads_the_chart(page: PatientPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    store(one_clinic)
    page.results.table.setFocus()
    qtbot.keyClick(page.results.table, Key.Key_End)
    for _ in range(20):
        qtbot.keyClick(page.results.table, Key.Key_Down)
    assert page.trends.chart.reading() == BASELINE


@pytest.mark.parametrize(
    ("key", "modifier", "signal", "carried"),
    [
        (Key.Key_N, Qt.KeyboardModifier.NoModifier, "open_results", [1]),
        (Key.Key_W, Qt.KeyboardModifier.NoModifier, "open_why", [1]),
        (Key.Key_P, Qt.KeyboardModifier.ControlModifier, "open_letters", [1, ""]),
        (Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "back", []),
    ],
)
def test_one_key_each(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot, key: Key, modifier: Qt.KeyboardModifier,
    signal: str, carried: list[object],
) -> None:  # fmt: skip
    store(one_clinic)
    page.trends.chart.setFocus()
    with qtbot.waitSignal(getattr(one_clinic.parts.navigation, signal)) as heard:
        press(qtbot, key, modifier)
    assert heard.args == carried


def test_plan_course_is_offered_only_while_referred(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    assert not one_clinic.parts.commands.action("patient.plan").isEnabled()
    details = PatientDetails("Murphy", "Aoife", date(1990, 1, 2), "female", (("clinic-number", "R-1"),))
    referral = NewReferral(details, ClinicalPicture(), TODAY, 1)
    made = one_clinic.write(register_referral, referral, at(TODAY), one_clinic.protocol)
    assert made.patient_id is not None
    page.open(made.patient_id)
    one_clinic.settle()
    assert page.banner.name() == "MURPHY, Aoife"
    assert page.trends.chart.facts().is_empty  # type: ignore[union-attr]
    with qtbot.waitSignal(one_clinic.parts.navigation.open_plan) as heard:
        press(qtbot, Key.Key_P)
    assert heard.args == [made.course_id]


def test_a_contact_is_logged_with_two_keys(page: PatientPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    press(qtbot, Key.Key_C)
    assert page.answer.contact.isVisible()
    press(qtbot, Key.Key_3)
    one_clinic.settle()
    contacts = one_clinic.page().contacts
    assert [contact.outcome for contact in contacts] == ["no-answer"]
    assert not page.answer.contact.isVisible()
    assert "no answer" in one_clinic.said[-1]


def test_escape_closes_the_contact_before_it_leaves_the_page(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    press(qtbot, Key.Key_C)
    with qtbot.assertNotEmitted(one_clinic.parts.navigation.back):
        press(qtbot, Key.Key_Escape)
    assert not page.answer.contact.isVisible()
    assert page.trends.chart.hasFocus()


def test_the_trends_turn_into_a_table_and_back(page: PatientPage, qtbot: QtBot) -> None:
    press(qtbot, Key.Key_T)
    assert page.trends.table is not None
    assert page.trends.table.hasFocus()
    assert not page.trends.chart.isVisible()
    assert page.trends.table.model().rowCount() == 1
    press(qtbot, Key.Key_T)
    assert page.trends.table is None
    assert page.trends.chart.hasFocus()


def test_what_happened_is_told_newest_first(page: PatientPage, one_clinic: Clinic) -> None:
    store(one_clinic)
    said = words(page.record)
    assert "Mina Okafor" in said or "M. Okafor" in said
    assert said.index("Results stored") < said.index("Infusion given, 500 mg")


def test_opening_another_patient_drops_the_answer_to_the_first(page: PatientPage, one_clinic: Clinic) -> None:
    details = PatientDetails("Murphy", "Aoife", None, "female", (("clinic-number", "R-1"),))
    made = one_clinic.write(
        register_referral, NewReferral(details, ClinicalPicture(), TODAY, 1), at(TODAY), one_clinic.protocol
    )
    assert made.patient_id is not None
    page.open(one_clinic.patient_id)
    page.open(made.patient_id)
    one_clinic.settle()
    view = page.view()
    assert view is not None
    assert view.page.banner.patient_id == made.patient_id
    assert one_clinic.read(patient_page, made.patient_id, TODAY).banner.surname == "Murphy"
