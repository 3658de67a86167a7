"""The Today page on a real clinic with a few patients, driven by keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from filter_checks import counts, hidden, words
from one_clinic import TODAY, Clinic, add_coordinator, at, open_page, result, weak_results
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.operations.courses import CoursePlan, plan_course
from db.operations.decisions import NewDecision, record_decision
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.operations.results import store_results
from db.queries.assessments import explain
from db.queries.patients import patient_page
from db.queries.people import owner
from db.queries.worklist import open_steps
from desktop.commands import Commands
from desktop.today.groups import sections
from desktop.today.loading import load_list
from desktop.today.page import TodayPage
from desktop.widgets.tallies import Tally

Grab = Callable[[QWidget, str], Path]


def refer(clinic: Clinic, surname: str, given: str, born: date, number: str) -> int:
    """One more patient, referred today; their course id."""
    details = PatientDetails(surname, given, born, "male", (("clinic-number", number),))
    referral = NewReferral(details, ClinicalPicture(), TODAY, 1, "iron-deficiency-anaemia")
    made = clinic.write(register_referral, referral, at(TODAY), clinic.protocol)
    assert made.course_id is not None
    return made.course_id


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> TodayPage:
    """Today with one patient whose results wait, and two new referrals."""
    weak_results(one_clinic)
    refer(one_clinic, "Rossi", "Paolo", date(1959, 5, 1), "R-7001")
    refer(one_clinic, "Haddad", "Samir", date(1967, 8, 3), "R-7002")
    made = TodayPage(one_clinic.parts)
    open_page(made, qtbot)
    made.refresh()
    made.first_focus().setFocus()
    qtbot.waitUntil(lambda: len(made.list.ids()) == 3)
    made.select(one_clinic.course_id)
    wait(one_clinic, qtbot, made, one_clinic.course_id)
    return made


def wait(clinic: Clinic, qtbot: QtBot, page: TodayPage, course_id: int) -> None:
    """Until the detail shows this course and nothing is under way."""
    qtbot.waitUntil(lambda: page.detail.course_id() == course_id)
    clinic.settle()


def test_one_line_per_open_step_and_the_card_beside_it(
    page: TodayPage, one_clinic: Clinic, grab: Grab
) -> None:
    assert len(page.list.ids()) == len(one_clinic.read(open_steps, TODAY))
    values = page.detail.card.values()
    assert values is not None
    assert values.sentence == "Only a third of the iron she needed was given."
    assert page.detail.banner.name() == "WHITFIELD, Clare"
    grab(page, "today-one-clinic")


def test_nothing_may_be_done_while_another_patient_is_on_the_way(
    page: TodayPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    commands = one_clinic.parts.commands
    assert commands.action("today.accept").isEnabled()
    qtbot.keyClick(page.list, Qt.Key.Key_J)
    assert not commands.action("today.accept").isEnabled()
    assert page.detail.course_id() is None


def test_j_and_k_move_and_the_new_patient_is_shown(page: TodayPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    start = page.list.ids().index(one_clinic.course_id)
    key, other = (Qt.Key.Key_J, start + 1) if start + 1 < 3 else (Qt.Key.Key_K, start - 1)
    qtbot.keyClick(page.list, key)
    course = page.list.ids()[other]
    wait(one_clinic, qtbot, page, course)
    assert page.detail.pane.view is not None
    assert page.detail.pane.view.title == "Plan the course"
    asked: list[int] = []
    one_clinic.parts.navigation.open_plan.connect(asked.append)
    qtbot.keyClick(page.list, Qt.Key.Key_P)
    assert asked == [course]


def test_accepting_keeps_the_patient_and_shows_the_next_step(
    page: TodayPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    qtbot.waitUntil(lambda: len(page.list.ids()) == 3 and page.detail.pane.view is not None)
    one_clinic.settle()
    assert one_clinic.said[-1] == "Steps for C. Whitfield accepted"
    assert {step.patient_id for step in one_clinic.read(open_steps, TODAY)} == {1, 2, 3}


def test_filters_say_what_they_hide(page: TodayPage, one_clinic: Clinic) -> None:
    assert hidden(page.filters) == "all shown"
    given = tuple(replace(step, owner_id=9) for step in page._loaded.steps)
    page._show(replace(page._loaded, owners=(), steps=given, counts={"all": 3, "mine": 0, "role": 0}))
    page.filters.choose("mine")
    assert hidden(page.filters) == "3 hidden by filters"
    assert "3 steps are hidden by the filter; choose All to see them." in words(page)
    one_clinic.settle()


def test_a_list_longer_than_anybody_reads_is_read_as_far_as_somebody_goes(
    page: TodayPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    whole = page.list.ids()
    page._wanted = 1
    page.refresh()
    one_clinic.settle()
    assert page.list.ids() == whole, "the first row is near the end of one row: the rest is read at once"
    heads = [page.list.model().index(place, 0).data() for place in range(page.list.model().rowCount())]
    assert sum(int(head.rsplit(" ", 1)[1]) for head in heads if head[-1:].isdigit()) == 3
    assert hidden(page.filters) == "all shown"
    assert set(counts(page.filters).values()) == {3}


def test_what_is_still_to_be_read_is_counted_where_it_would_stand(one_clinic: Clinic) -> None:
    weak_results(one_clinic)
    refer(one_clinic, "Rossi", "Paolo", date(1959, 5, 1), "R-7001")
    refer(one_clinic, "Haddad", "Samir", date(1967, 8, 3), "R-7002")
    whole = one_clinic.read(load_list, TODAY, one_clinic.parts.user, "all")
    part = one_clinic.read(load_list, TODAY, one_clinic.parts.user, "mine", 1)
    assert (whole.whole, whole.ended, part.whole, part.ended) == (True, True, False, False)
    assert part.counts == whole.counts == {"all": 3, "mine": 3, "role": 3}
    assert part.heads == whole.heads
    assert 0 < len(part.steps) < 3
    assert part.steps == whole.steps[: len(part.steps)]
    made = sections(part.steps, TODAY, part.heads)
    assert sum(section.many for section in made) == 3
    assert [section.group for section in made] == [s.group for s in sections(whole.steps, TODAY)]


def test_where_nothing_is_open_it_says_what_would_stand_there_and_how_to_begin(
    page: TodayPage, one_clinic: Clinic
) -> None:
    page._show(replace(page._loaded, steps=(), counts=dict.fromkeys(("all", "mine", "role"), 0)))
    said = words(page)
    assert "Nothing is open" in said
    assert "Each patient under follow-up has one next step" in said
    assert "Ctrl+N begins with a referral." in said
    one_clinic.settle()


def test_enter_opens_the_patient(page: TodayPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    asked: list[int] = []
    one_clinic.parts.navigation.open_patient.connect(asked.append)
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert asked == [one_clinic.patient_id]


def test_a_change_elsewhere_keeps_the_chosen_patient(
    page: TodayPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    refer(one_clinic, "Abebe", "Hanna", date(1996, 1, 2), "R-7003")
    page.refresh()
    qtbot.waitUntil(lambda: len(page.list.ids()) == 4)
    assert page.list.current_id() == one_clinic.course_id


def test_an_infusion_to_give_comes_with_its_safety_checks(
    one_clinic: Clinic, qtbot: QtBot, grab: Grab
) -> None:
    course = refer(one_clinic, "Rossi", "Paolo", date(1959, 5, 1), "R-7001")
    patient = one_clinic.read(open_steps, TODAY)[-1].patient_id
    values = tuple(
        result(TODAY, analyte, value, unit)
        for analyte, value, unit in (("haemoglobin", "92", "g/L"), ("ferritin", "7", "ug/L"))
    )
    one_clinic.write(store_results, patient, values, at(TODAY), one_clinic.protocol)
    version = one_clinic.read(patient_page, patient, TODAY).courses[0].version
    plan = CoursePlan(
        "ferric-derisomaltose", "eu", "label-table", Decimal(1000), Decimal(1000), ((TODAY, Decimal(1000)),)
    )
    one_clinic.write(plan_course, course, plan, version, at(TODAY), one_clinic.protocol)
    page = TodayPage(one_clinic.parts)
    open_page(page, qtbot)
    page.refresh()
    qtbot.waitUntil(lambda: course in page.list.ids())
    page.select(course)
    wait(one_clinic, qtbot, page, course)
    assert page.detail.pane.view is not None
    assert page.detail.pane.view.title == "Give the infusion, 1,000 mg"
    assert page.detail.pane.gates.isVisible()
    assert page.detail.pane.gates.blocked() > 0
    asked: list[int] = []
    one_clinic.parts.navigation.open_visit.connect(asked.append)
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_I)
    assert len(asked) == 1
    grab(page, "today-infusion")


def test_a_call_is_logged_beside_the_list(one_clinic: Clinic, qtbot: QtBot) -> None:
    page = TodayPage(one_clinic.parts)
    open_page(page, qtbot)
    page.refresh()
    qtbot.waitUntil(lambda: page.list.ids() == [one_clinic.course_id])
    wait(one_clinic, qtbot, page, one_clinic.course_id)
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_3)
    one_clinic.settle()
    contacts = one_clinic.read(patient_page, one_clinic.patient_id, TODAY).contacts
    assert [contact.outcome for contact in contacts] == ["no-answer"]
    assert one_clinic.said == ["Call with C. Whitfield logged: no answer"]
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    for _ in range(3):
        one_clinic.settle()
    assert one_clinic.said[-1] == "Call taken back: no answer"
    (call,) = one_clinic.read(patient_page, one_clinic.patient_id, TODAY).contacts
    assert call.withdrawn


def test_a_clinician_sees_what_is_to_sign_and_is_led_to_it(
    page: TodayPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    """The tally begins at zero, counts what a coordinator begins, and opens Review."""
    assert [tally.accessibleName() for tally in page.findChildren(Tally)][-1] == "0 to sign"
    add_coordinator(one_clinic)
    view = one_clinic.read(explain, one_clinic.course_id)
    accepted = (view.assessment_id, view.version, NewDecision("accept"), at(TODAY, 2), one_clinic.protocol)
    one_clinic.write(record_decision, *accepted)
    page.refresh()
    one_clinic.settle()
    tally = page.findChildren(Tally)[-1]
    qtbot.waitUntil(lambda: tally.accessibleName() == "1 to sign")
    asked: list[str] = []
    one_clinic.parts.navigation.open_page.connect(asked.append)
    qtbot.mouseClick(tally, Qt.MouseButton.LeftButton)
    assert asked == ["review"]
    parts = replace(one_clinic.parts, user=one_clinic.read(owner, 2), commands=Commands())
    theirs = TodayPage(parts)
    qtbot.addWidget(theirs)
    theirs.refresh()
    qtbot.waitUntil(lambda: theirs.list.ids() != [])
    assert not [one for one in theirs.findChildren(Tally) if "to sign" in one.accessibleName()]
