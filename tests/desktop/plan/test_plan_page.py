"""Referral and plan by keys alone, on a real encrypted clinic: from the empty page to what is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from one_clinic import TODAY, Clinic, at
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db import queries
from db.operations.courses import CoursePlan, plan_course, start_repeat_course
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from desktop.plan.page import PlanPage
from desktop.widgets.labels import Label

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, ALT, NONE = Mod.ControlModifier, Mod.AltModifier, Mod.NoModifier


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> Iterator[PlanPage]:
    made = PlanPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 794)
    made.show()
    made.first_focus().setFocus()
    one_clinic.settle()
    yield made
    made.hide()


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


def test_a_referral_is_typed_planned_and_booked_without_the_mouse(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    person, picture, baseline = page.blocks.person, page.blocks.picture, page.blocks.baseline
    type_in(qtbot, "Marsh")
    for text in ("Elin", "10/6/1985"):
        press(qtbot, Key.Key_Tab)
        type_in(qtbot, text)
    press(qtbot, Key.Key_Tab)
    type_in(qtbot, "f")
    assert person.sex.value() == "female"
    tab_to(qtbot, picture.weight.value_field)
    type_in(qtbot, "65")
    tab_to(qtbot, person.address)
    type_in(qtbot, "3 Mill Lane, Northgate, NG1 2AB")
    tab_to(qtbot, picture.conditions.boxes["heavy-menstrual-bleeding"])
    press(qtbot, Key.Key_Space)
    tab_to(qtbot, baseline.collected)
    type_in(qtbot, "9/2/26")
    tab_to(qtbot, baseline.values["haemoglobin"].value_field)
    for text in ("88", "6", "7"):
        type_in(qtbot, text)
        press(qtbot, Key.Key_Tab)
    wait(page, one_clinic)
    assert reason(page) == ""
    with qtbot.waitSignal(one_clinic.parts.navigation.open_patient) as opened:
        press(qtbot, Key.Key_S, CTRL)
        one_clinic.settle()
    found = newest(one_clinic)
    assert opened.args == [found.banner.patient_id]
    assert found.banner.conditions == ("heavy-menstrual-bleeding",)
    (course,) = found.courses
    assert (course.status, course.product, course.method) == ("planned", "ferric-carboxymaltose", "ganzoni")
    assert course.planned_mg == 1500
    assert [(visit.on, visit.dose_mg) for visit in found.visits] == [
        (TODAY, 1000),
        (date(2026, 2, 19), 500),
    ]
    assert found.open_step.action == "give-infusion"
    assert found.open_step.due == TODAY
    assert {r.analyte for r in found.results} == {"haemoglobin", "ferritin", "transferrin-saturation"}
    assert "2 visits" in one_clinic.said[-1]
    assert page.blocks.person.is_empty()


def test_a_referral_is_saved_without_a_plan(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    person = page.blocks.person
    put(qtbot, person.surname, "Marsh")
    put(qtbot, person.given, "Elin")
    put(qtbot, person.born, "10 Jun 1985")
    person.sex.setFocus()
    type_in(qtbot, "f")
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    found = newest(one_clinic)
    assert found.courses[0].status == "referred"
    assert found.open_step.action == "plan-course"
    assert found.visits == ()
    assert found.banner.number


def test_what_is_missing_is_said_and_nothing_is_saved(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    before = registered(one_clinic)
    put(qtbot, page.blocks.person.surname, "Marsh")
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    person = page.blocks.person
    assert [name for name, field in person.fields.items() if field.problem()] == ["given", "born", "sex"]
    assert person.given.hasFocus()
    assert person.surname.text() == "Marsh"
    assert registered(one_clinic) == before
    type_in(qtbot, "E")
    assert not person.fields["given"].problem()


def test_a_birth_date_in_the_future_is_not_taken_and_stays_typed(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    before = registered(one_clinic)
    fill(page, qtbot, one_clinic)
    put(qtbot, page.blocks.person.born, "10/6/2027")
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    assert "future" in page.blocks.person.fields["born"].problem()
    assert "2027" in page.blocks.person.born.text()
    assert registered(one_clinic) == before


def test_an_impossible_haemoglobin_is_questioned_and_not_saved(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    before = registered(one_clinic)
    fill(page, qtbot, one_clinic, hb="980")
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    field = page.blocks.baseline.values["haemoglobin"]
    assert "98" in field.question()
    assert field.value_field.hasFocus()
    assert registered(one_clinic) == before
    press(qtbot, Key.Key_U, ALT)
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    stored = {row.analyte: row.value for row in newest(one_clinic).results}
    assert stored["haemoglobin"] == 98


def test_an_unusual_weight_is_asked_about_once(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    before = registered(one_clinic)
    fill(page, qtbot, one_clinic, kg="260")
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    assert page.blocks.picture.weight.question()
    assert registered(one_clinic) == before
    press(qtbot, Key.Key_K, ALT)
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    assert newest(one_clinic).banner.weight_kg == 260


def test_look_alikes_are_named_while_typing(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    person = page.blocks.person
    put(qtbot, person.surname, "Whitfield")
    put(qtbot, person.given, "Clare")
    put(qtbot, person.born, "10/6/1982")
    qtbot.waitUntil(lambda: bool(person.alike.rows()))
    assert person.alike.isVisible()
    assert "R-004182" in person.alike.words()
    with qtbot.waitSignal(one_clinic.parts.navigation.open_patient) as opened:
        press(qtbot, Key.Key_L, ALT)
    assert opened.args == [one_clinic.patient_id]
    assert person.surname.text() == "Whitfield"


def test_a_number_in_use_is_said_beside_it(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    fill(page, qtbot, one_clinic)
    put(qtbot, page.blocks.person.number, "R-004182")
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    assert page.blocks.person.fields["number"].problem()
    assert page.blocks.person.surname.text() == "Marsh"
    put(qtbot, page.blocks.person.number, "R-9")
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    assert newest(one_clinic).banner.number == "R-9"


def test_method_and_split_are_chosen_by_key(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    fill(page, qtbot, one_clinic)
    page.blocks.treatment.product.set_value("ferric-derisomaltose")
    wait(page, one_clinic)
    assert list(page.blocks.need.cards) == ["ganzoni", "label-table", "fixed"]
    press(qtbot, Key.Key_2, ALT)
    wait(page, one_clinic)
    assert page.blocks.need.cards["label-table"].isChecked()
    first = [visit.dose_mg for visit in page._outline.visits]  # type: ignore[union-attr]
    press(qtbot, Key.Key_S, ALT)
    second = [visit.dose_mg for visit in page._outline.visits]  # type: ignore[union-attr]
    assert first != second
    assert sum(first) == sum(second)
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    found = newest(one_clinic)
    assert found.courses[0].method == "label-table"
    assert [visit.dose_mg for visit in found.visits] == second


def test_a_visit_is_set_by_hand_and_booked_so(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    fill(page, qtbot, one_clinic)
    press(qtbot, Key.Key_D, ALT)
    line = page.blocks.visits.lines[0]
    assert line.on.hasFocus()
    put(qtbot, line.on, "16/2/26")
    wait(page, one_clinic)
    assert page._outline is not None
    assert [visit.on for visit in page._outline.visits] == [date(2026, 2, 16), date(2026, 2, 23)]
    put(qtbot, page.blocks.visits.lines[1].dose.value_field, "300")
    wait(page, one_clinic)
    assert "200 mg" in page.blocks.visits.rest.text()
    press(qtbot, Key.Key_V, ALT)
    wait(page, one_clinic)
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    assert [(v.on, v.dose_mg) for v in newest(one_clinic).visits] == [
        (date(2026, 2, 16), 1000),
        (date(2026, 2, 23), 300),
        (date(2026, 2, 24), 200),
    ]


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [("dose", "1500", "1,000 mg"), ("on", "1/2/26", "passed"), ("on", "15/2/26", "closed")],
)
def test_a_visit_outside_label_and_calendar_says_so_beside_it(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot, field: str, text: str, said: str
) -> None:
    fill(page, qtbot, one_clinic)
    line = page.blocks.visits.lines[0]
    put(qtbot, line.dose.value_field if field == "dose" else line.on, text)
    wait(page, one_clinic)
    assert said in line.problem()
    allowed = said == "closed"
    assert page.blocks.book_button.isEnabled() is allowed


def test_a_second_visit_too_soon_is_not_booked(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    fill(page, qtbot, one_clinic)
    put(qtbot, page.blocks.visits.lines[1].on, "13/2/26")
    wait(page, one_clinic)
    assert "Thu 19 Feb 2026" in page.blocks.visits.lines[1].problem()
    assert "Visit 2" in reason(page)
    before = registered(one_clinic)
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    assert registered(one_clinic) == before


def test_a_hard_gate_closes_the_button_and_is_named(page: PlanPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    fill(page, qtbot, one_clinic)
    group = page.blocks.picture.conditions
    group.boxes["heavy-menstrual-bleeding"].setFocus()
    press(qtbot, Key.Key_B)
    while not group.boxes["bacteraemia"].hasFocus():
        press(qtbot, Key.Key_B)
    press(qtbot, Key.Key_Space)
    wait(page, one_clinic)
    assert "bacteria" in reason(page).lower()
    assert not page.blocks.book_button.isEnabled()
    assert "bacteraemia" not in page.blocks.gates.reasons


def test_a_soft_gate_is_settled_by_a_reason_that_is_kept(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(page, qtbot, one_clinic)
    page.blocks.picture.conditions.boxes["active-infection"].setChecked(True)
    wait(page, one_clinic)
    assert not page.blocks.book_button.isEnabled()
    press(qtbot, Key.Key_W, ALT)
    assert page.blocks.gates.reasons["active-infection"].hasFocus()
    type_in(qtbot, "antibiotics end on Friday")
    wait(page, one_clinic)
    assert reason(page) == ""
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    with one_clinic.database.read() as session:
        from db.models import GateAnswer

        kept = {row.gate: (row.answer, row.override_reason) for row in session.query(GateAnswer)}
    assert kept["active-infection"] == ("yes", "antibiotics end on Friday")
    assert kept["bacteraemia"] == ("no", None)


def test_what_is_typed_survives_another_patient_and_a_new_referral_key(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(page, qtbot, one_clinic)
    press(qtbot, Key.Key_2, ALT)
    other = one_clinic.write(
        register_referral,
        NewReferral(PatientDetails("Vale", "Ada", date(1970, 1, 2), "female"), ClinicalPicture(), TODAY, 1),
        at(TODAY),
        one_clinic.protocol,
    )
    assert other.course_id is not None
    page.plan(other.course_id)
    one_clinic.settle()
    assert not page.blocks.person.isVisible()
    page.new_referral()
    one_clinic.settle()
    assert page.blocks.person.surname.text() == "Marsh"
    assert page.blocks.need.cards["label-table"].isChecked()
    page.new_referral()
    assert page.blocks.person.surname.text() == "Marsh"


def test_leaving_asks_first_and_throws_away_only_when_told(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(page, qtbot, one_clinic)
    back = one_clinic.parts.navigation.back
    with qtbot.assertNotEmitted(back):
        press(qtbot, Key.Key_Escape)
        assert "Throw away" in reason(page)
        press(qtbot, Key.Key_Escape)
    assert page.blocks.person.surname.text() == "Marsh"
    press(qtbot, Key.Key_Escape)
    with qtbot.waitSignal(back):
        press(qtbot, Key.Key_Delete, CTRL | Mod.ShiftModifier)
    assert page.blocks.person.is_empty()
    assert page.blocks.baseline.is_empty()
    with qtbot.waitSignal(back):
        page.blocks.person.surname.setFocus()
        press(qtbot, Key.Key_Escape)


def owed_course(clinic: Clinic) -> int:
    """The clinic's patient begins the next course with 967 mg still owed."""
    changes = clinic.write(start_repeat_course, clinic.course_id, Decimal(967), at(TODAY), clinic.protocol)
    assert changes.course_id is not None
    return changes.course_id


def test_a_dose_still_owed_is_planned_for_somebody_on_record(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    course_id = owed_course(one_clinic)
    page.plan(course_id)
    one_clinic.settle()
    assert "967 mg" in page.blocks.title.text()
    assert page.blocks.treatment.product.value() == "ferric-derisomaltose"
    assert page.blocks.need.cards["owed"].isChecked()
    assert page.blocks.need.cards["owed"].hasFocus()
    for code in list(page.blocks.gates.reasons):
        put(qtbot, page.blocks.gates.reasons[code], "decided on the results")
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    course = one_clinic.page().courses[-1]
    assert (course.course_id, course.status, course.need_mg, course.planned_mg) == (
        course_id,
        "planned",
        967,
        1000,
    )
    assert one_clinic.page().open_step.action == "give-infusion"


def test_what_changed_of_the_person_is_saved_with_the_plan(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    page.plan(owed_course(one_clinic))
    one_clinic.settle()
    picture = page.blocks.picture
    assert picture.weight.value_field.text() == "65"
    assert picture.conditions.ticked() == ("heavy-menstrual-bleeding",)
    put(qtbot, picture.weight.value_field, "48")
    picture.conditions.boxes["heart-failure"].setChecked(True)
    wait(page, one_clinic)
    assert page._outline.visits[0].dose_mg == 900  # type: ignore[union-attr]
    for code in list(page.blocks.gates.reasons):
        put(qtbot, page.blocks.gates.reasons[code], "decided on the results")
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    found = one_clinic.page()
    assert found.banner.weight_kg == 48
    assert set(found.banner.conditions) == {"heavy-menstrual-bleeding", "heart-failure"}
    assert found.courses[-1].status == "planned"


def test_a_weight_being_changed_waits_while_a_referral_is_typed(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    put(qtbot, page.blocks.picture.weight.value_field, "82")
    course_id = owed_course(one_clinic)
    page.plan(course_id)
    one_clinic.settle()
    put(qtbot, page.blocks.picture.weight.value_field, "61")
    page.new_referral()
    one_clinic.settle()
    assert page.blocks.picture.weight.value_field.text() == "82"
    page.plan(course_id)
    one_clinic.settle()
    assert page.blocks.picture.weight.value_field.text() == "61"
    assert page.is_dirty()


def test_a_screen_that_is_out_of_date_saves_nothing_and_can_go_on(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot, grab: Callable[[QWidget, str], Path]
) -> None:
    course_id = owed_course(one_clinic)
    page.plan(course_id)
    one_clinic.settle()
    version = one_clinic.page().courses[-1].version
    other = CoursePlan(
        "iron-sucrose", "eu", "ganzoni", None, Decimal(200), ((date(2026, 3, 2), Decimal(200)),)
    )
    one_clinic.write(plan_course, course_id, other, version, at(TODAY), one_clinic.protocol)
    for code in list(page.blocks.gates.reasons):
        put(qtbot, page.blocks.gates.reasons[code], "decided on the results")
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    assert one_clinic.page().courses[-1].product == "iron-sucrose"
    assert "changed this" in " ".join(label.text() for label in page.blocks.bar.findChildren(Label))
    said = page.conflict.said()
    assert "Mina Okafor" in said
    assert "Planned: 200 mg | 1,000 mg" in said
    assert page.conflict.mine_button.hasFocus()
    grab(page, "plan-changed-meanwhile")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    course = one_clinic.page().courses[-1]
    assert (course.product, course.need_mg, course.planned_mg) == ("ferric-derisomaltose", 967, 1000)
    assert page.conflict.said() == ""


def test_the_plan_of_somebody_else_can_be_taken_instead(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    course_id = owed_course(one_clinic)
    page.plan(course_id)
    one_clinic.settle()
    version = one_clinic.page().courses[-1].version
    other = CoursePlan(
        "iron-sucrose", "eu", "ganzoni", None, Decimal(200), ((date(2026, 3, 2), Decimal(200)),)
    )
    one_clinic.write(plan_course, course_id, other, version, at(TODAY), one_clinic.protocol)
    for code in list(page.blocks.gates.reasons):
        put(qtbot, page.blocks.gates.reasons[code], "decided on the results")
    press(qtbot, Key.Key_S, CTRL)
    one_clinic.settle()
    page.conflict.theirs_button.setFocus()
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert page.blocks.treatment.product.value() == "iron-sucrose"
    assert not page.is_dirty()
    assert one_clinic.page().courses[-1].product == "iron-sucrose"


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
