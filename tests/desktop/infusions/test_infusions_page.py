"""Infusions by keys alone, on a real encrypted clinic: given as planned, otherwise, not at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from one_clinic import TODAY, Clinic, at
from planned_chairs import CTRL, Chairs, Key, Mod, chairs_of, press, put, record, referred
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.operations.visits import move_visit


@pytest.fixture
def chairs(one_clinic: Clinic, qtbot: QtBot) -> Chairs:
    people = {
        "Late": referred(one_clinic, "Late", TODAY - timedelta(days=1)),
        "Now": referred(one_clinic, "Now", TODAY),
        "Sore": referred(one_clinic, "Sore", TODAY, ("active-infection",)),
        "Soon": referred(one_clinic, "Soon", TODAY + timedelta(days=4)),
    }
    return chairs_of(one_clinic, qtbot, people)


def test_visits_stand_late_first_then_today_then_to_come(chairs: Chairs) -> None:
    shown = [visit.surname for visit in chairs.page._visits.values() if visit.ordinal == 1]
    assert shown[0] == "Late"
    assert set(shown[1:3]) == {"Now", "Sore"}
    assert shown[3] == "Soon"
    assert "visit 1 of 2" in chairs.said()


def test_given_as_planned_by_keys(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    chairs.page.list.setFocus()
    press(qtbot, Key.Key_Return)
    assert chairs.page.form.batch.hasFocus()
    qtbot.keyClicks(chairs.page.form.batch, "B4417")
    put(qtbot, chairs.page.form.started, "10.05")
    put(qtbot, chairs.page.form.ended, "1035")
    assert "Watch until 11:05" in chairs.said()
    record(chairs, qtbot)
    found = chairs.on_record("Now")
    (given,) = found.courses[0].infusions
    assert (given.on, given.dose_mg, given.batch) == (TODAY, 1000, "B4417")
    assert (given.started, given.ended, given.reaction_grade) == ("10:05", "10:35", 0)
    assert [visit.state for visit in found.visits] == ["given", "planned"]
    assert found.open_step.action == "give-infusion"
    assert chairs.page.list.hasFocus()
    assert "Now, Ada" in chairs.clinic.said[-1]


def test_the_last_infusion_books_the_repeat_bloods(chairs: Chairs, qtbot: QtBot) -> None:
    for _ in range(2):
        chairs.choose("Late")
        put(qtbot, chairs.page.form.batch, "B1")
        record(chairs, qtbot)
    course = chairs.on_record("Late").courses[0]
    assert course.given_mg == 1500
    assert course.lab_booked_for is not None
    assert 28 <= (course.lab_booked_for - course.last_infusion).days <= 42


def test_given_otherwise_less_stopped_early_with_a_reaction(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    form = chairs.page.form
    put(qtbot, form.dose.value_field, "250")
    put(qtbot, form.batch, "B2")
    form.reaction.setFocus()
    qtbot.keyClicks(form.reaction, "3")
    assert form.reaction.value() == 3
    assert "anaphylaxis" in chairs.said()
    form.stopped.setFocus()
    press(qtbot, Key.Key_Space)
    record(chairs, qtbot)
    assert form.fields["note"].problem()
    assert chairs.on_record("Now").courses[0].infusions == ()
    qtbot.keyClicks(form.note, "pressure fell, adrenaline")
    record(chairs, qtbot)
    (given,) = chairs.on_record("Now").courses[0].infusions
    assert (given.dose_mg, given.stopped_early, given.reaction_grade) == (250, True, 3)
    assert given.reaction_note == "pressure fell, adrenaline"


def test_more_than_planned_is_asked_about_and_then_recorded(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    form = chairs.page.form
    put(qtbot, form.batch, "B2")
    put(qtbot, form.dose.value_field, "1100")
    record(chairs, qtbot)
    assert form.dose.question()
    assert form.dose.value_field.hasFocus()
    press(qtbot, Key.Key_K, Mod.AltModifier)
    record(chairs, qtbot)
    assert chairs.on_record("Now").courses[0].given_mg == 1100


def test_did_not_come_is_noted_and_can_be_undone(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    press(qtbot, Key.Key_M, CTRL)
    chairs.clinic.settle()
    assert chairs.on_record("Now").visits[0].state == "did-not-attend"
    undo = chairs.clinic.undo[-1]
    assert undo is not None
    undo()
    chairs.clinic.settle()
    assert chairs.on_record("Now").visits[0].state == "planned"


def test_a_recorded_infusion_can_be_undone(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    put(qtbot, chairs.page.form.batch, "B2")
    record(chairs, qtbot)
    undo = chairs.clinic.undo[-1]
    assert undo is not None
    undo()
    chairs.clinic.settle()
    course = chairs.on_record("Now").courses[0]
    assert [row.state for row in course.infusions] == ["entered-in-error"]
    assert chairs.on_record("Now").visits[0].state == "planned"


def test_a_visit_is_moved_with_its_reason(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Late")
    planned_on = chairs.on_record("Late").visits[0].on
    press(qtbot, Key.Key_E, CTRL)
    moving = chairs.page.moving
    assert moving.on.hasFocus()
    put(qtbot, moving.on, "1/2/26")
    press(qtbot, Key.Key_Return)
    assert "passed" in moving.on_field.problem()
    put(qtbot, moving.on, "13/2/26")
    press(qtbot, Key.Key_Return)
    assert moving.reason.hasFocus()
    qtbot.keyClicks(moving.reason, "asked for Friday")
    press(qtbot, Key.Key_Return)
    chairs.clinic.settle()
    visit = chairs.on_record("Late").visits[0]
    assert (visit.on, visit.state) == (date(2026, 2, 13), "planned")
    undo = chairs.clinic.undo[-1]
    assert undo is not None
    undo()
    chairs.clinic.settle()
    assert chairs.on_record("Late").visits[0].on == planned_on, "also on a day that has passed"
    assert "visit back on" in chairs.clinic.said[-1]
    undo()
    chairs.clinic.settle()
    assert chairs.on_record("Late").visits[0].on == planned_on


def test_what_is_in_the_way_is_said_and_recording_wants_a_reason(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Sore")
    assert "Active infection" in chairs.said()
    put(qtbot, chairs.page.form.batch, "B2")
    press(qtbot, Key.Key_N, Mod.AltModifier)
    assert "1 to settle first" in chairs.said()
    press(qtbot, Key.Key_Return, CTRL)
    chairs.clinic.settle()
    assert chairs.page.although.problem()
    assert chairs.page.although.edit.hasFocus()
    assert chairs.on_record("Sore").courses[0].given_mg == 0
    record(chairs, qtbot)
    assert chairs.on_record("Sore").courses[0].given_mg == 1000


def test_the_gates_follow_the_day_it_was_really_given(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Late")
    put(qtbot, chairs.page.form.batch, "B1")
    record(chairs, qtbot)
    chairs.choose("Late")
    assert "Too soon after the last infusion" in chairs.said()
    assert not chairs.page.although.isHidden()


def test_no_reason_is_asked_where_nothing_is_in_the_way(chairs: Chairs) -> None:
    chairs.choose("Now")
    assert chairs.page.although.isHidden()


def test_what_is_typed_for_one_visit_waits_while_another_is_looked_at(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    put(qtbot, chairs.page.form.batch, "B77")
    put(qtbot, chairs.page.form.dose.value_field, "600")
    chairs.choose("Sore")
    assert chairs.page.form.batch.text() == ""
    chairs.choose("Now")
    assert chairs.page.form.batch.text() == "B77"
    record(chairs, qtbot)
    assert chairs.on_record("Now").courses[0].given_mg == 600


def test_a_missing_batch_is_said_and_nothing_is_recorded(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    record(chairs, qtbot)
    assert chairs.page.form.fields["batch"].problem()
    assert chairs.page.form.batch.hasFocus()
    assert chairs.on_record("Now").courses[0].infusions == ()


def test_a_visit_changed_elsewhere_is_not_closed_unseen(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    visit = next(v for v in chairs.page._visits.values() if v.surname == "Now")
    put(qtbot, chairs.page.form.batch, "B9")
    chairs.clinic.write(
        move_visit,
        visit.visit_id,
        date(2026, 2, 13),
        "asked",
        visit.version,
        at(TODAY),
        chairs.clinic.protocol,
    )
    press(qtbot, Key.Key_M, CTRL)
    chairs.clinic.settle()
    assert chairs.on_record("Now").visits[0].state == "planned"
    assert "changed this" in chairs.said()
    chairs.choose("Now")
    assert chairs.page.form.batch.text() == "B9"


def test_every_field_has_a_name(chairs: Chairs) -> None:
    nameless = [
        type(widget).__name__
        for widget in chairs.page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not widget.accessibleName()
    ]
    assert nameless == []
