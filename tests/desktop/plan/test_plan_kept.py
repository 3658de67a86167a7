"""What is typed on the plan page stays: another patient, leaving, what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from one_clinic import TODAY, Clinic, at
from plan_keys import (
    ALT,
    CTRL,
    Key,
    Mod,
    fill,
    owed_course,
    press,
    put,
    reason,
    wait,
)
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.operations.courses import CoursePlan, plan_course
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from desktop.plan.page import PlanPage
from desktop.widgets.labels import Label


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


def test_a_referral_put_by_for_another_patient_would_go_with_the_window_and_says_so(
    page: PlanPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    course_id = owed_course(one_clinic)
    page.plan(course_id)
    one_clinic.settle()
    assert not page.has_unsaved(), "nothing was typed yet"
    page.new_referral()
    one_clinic.settle()
    put(qtbot, page.blocks.person.surname, "Marsh")
    page.plan(course_id)
    one_clinic.settle()
    assert not page.is_dirty(), "the plan that is shown was not touched"
    assert page.has_unsaved()
    page.new_referral()
    one_clinic.settle()
    press(qtbot, Key.Key_Escape)
    page.discard()
    one_clinic.settle()
    assert not page.has_unsaved()
