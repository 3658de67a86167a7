"""Referral and plan by keys alone, on a real encrypted clinic: from the empty page to what is on record."""

from __future__ import annotations

from datetime import date

from one_clinic import TODAY, Clinic, at
from plan_keys import (
    ALT,
    CTRL,
    Key,
    fill,
    newest,
    press,
    put,
    reason,
    registered,
    tab_to,
    type_in,
    wait,
)
from pytestqt.qtbot import QtBot

from db.operations.visits import move_visit
from db.queries.asked import last_answers
from desktop.plan.page import PlanPage
from desktop.widgets.choice_list import ITEM_ROLE
from desktop.widgets.palette import Palette


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


def test_a_plan_just_booked_is_taken_back_from_the_foot(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(page, qtbot, one_clinic)
    page.save_and_book()
    one_clinic.settle()
    back = one_clinic.undo[-1]
    assert back is not None
    assert len(newest(one_clinic).visits) == 2
    back()
    one_clinic.settle()
    found = newest(one_clinic)
    assert {visit.state for visit in found.visits} == {"cancelled"}
    assert found.open_step.action == "plan-course"
    assert found.courses[0].status == "referred"
    assert "visits are cancelled" in one_clinic.said[-1]


def test_a_plan_made_anew_is_taken_back_and_the_one_of_before_stands(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(page, qtbot, one_clinic)
    page.save_and_book()
    one_clinic.settle()
    before = newest(one_clinic)
    days = [(visit.on, visit.dose_mg) for visit in before.visits]
    page.plan(before.courses[0].course_id)
    one_clinic.settle()
    page.save_and_book()
    one_clinic.settle()
    anew = newest(one_clinic)
    assert sorted(visit.state for visit in anew.visits) == ["cancelled", "cancelled", "planned", "planned"]
    back = one_clinic.undo[-1]
    assert back is not None
    back()
    one_clinic.settle()
    one_clinic.settle()
    found = newest(one_clinic)
    standing = [(visit.on, visit.dose_mg) for visit in found.visits if visit.state == "planned"]
    assert standing == days
    assert found.open_step.action == "give-infusion"
    assert one_clinic.said[-1] == "New plan taken back: the plan of before stands again."


def test_a_plan_of_which_a_visit_was_moved_since_is_not_taken_back(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(page, qtbot, one_clinic)
    page.save_and_book()
    one_clinic.settle()
    last = newest(one_clinic).visits[-1]
    one_clinic.write(
        move_visit,
        last.visit_id,
        date(2026, 2, 26),
        "asked for",
        last.version,
        at(TODAY),
        one_clinic.protocol,
    )
    back = one_clinic.undo[-1]
    assert back is not None
    back()
    one_clinic.settle()
    assert [visit.state for visit in newest(one_clinic).visits] == ["planned", "planned"], "all or none"
    assert "taken back" not in one_clinic.said[-1], "the foot says why"


def test_all_actions_hold_those_of_the_page_with_keys_and_reasons(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    palette = Palette(one_clinic.parts.commands, page)

    def offered(text: str) -> tuple[str, str, str]:
        palette.open()
        put(qtbot, palette.field, text)
        model = palette.list.model()
        assert model.rowCount() == 1
        choice = model.index(0, 0).data(ITEM_ROLE)
        return choice.text, choice.key, choice.detail

    assert offered("throw away") == ("Throw away", "Ctrl Shift Del", "Leave first; then it is asked.")
    assert offered("method 2") == ("Method 2", "Alt 2", "no method stands at this place")
    palette.close_palette()
    fill(page, qtbot, one_clinic)
    assert offered("method 2") == ("Method 2", "Alt 2", "")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert palette.isHidden()
    assert page.blocks.need.cards[list(page.blocks.need.cards)[1]].isChecked()
    page.leave()
    assert offered("throw away")[2] == ""


def test_a_question_answered_before_there_is_a_plan_is_kept(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    fill(page, qtbot, one_clinic)
    gates = page.blocks.gates
    assert gates.answers()["first-trimester"] == "unknown"
    gates._deny("first-trimester")
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    found = newest(one_clinic)
    assert found.courses[0].status == "referred"
    kept = one_clinic.read(last_answers, found.banner.patient_id)
    assert kept == {"first-trimester": ("no", TODAY)}


def test_a_doubtful_number_is_asked_about_once_and_then_kept(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    before = registered(one_clinic)
    fill(page, qtbot, one_clinic)
    person = page.blocks.person
    put(qtbot, person.phone, "0770")
    put(qtbot, person.national, "943 476 5918")
    assert person.fields["national"]._hint_text == "Check digit does not fit yet."
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    assert "Too short" in person.fields["phone"].problem()
    assert "check digit" in person.fields["national"].problem()
    assert registered(one_clinic) == before
    put(qtbot, person.national, "943 476 5919")
    assert person.fields["national"]._hint_text == "Check digit fits."
    press(qtbot, Key.Key_D, CTRL)
    one_clinic.settle()
    assert newest(one_clinic).banner.phone == "0770", "what is doubtful is kept when it is sent again"


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
