"""What is typed at one chair belongs to its visit alone, however slowly the answers come."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import shiboken6
from one_clinic import TODAY, Clinic
from planned_chairs import CTRL, Chairs, Key, answer, chairs_of, press, put, record, referred
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.fields import TextEdit

ACTIONS = ("record", "missed", "move", "patient")


@pytest.fixture
def chairs(one_clinic: Clinic, qtbot: QtBot) -> Chairs:
    people = {
        "Now": referred(one_clinic, "Now", TODAY),
        "Sore": referred(one_clinic, "Sore", TODAY, ("active-infection",)),
        "Soon": referred(one_clinic, "Soon", TODAY + timedelta(days=4)),
    }
    return chairs_of(one_clinic, qtbot, people)


def slow(chairs: Chairs) -> None:
    """Something else keeps the worker busy."""
    chairs.clinic.tasks.run(lambda: time.sleep(0.2))


def turn_to(chairs: Chairs, surname: str) -> None:
    """Another row, without waiting for its chair."""
    visit = next(v for v in chairs.page._visits.values() if v.surname == surname)
    chairs.page.list.select(visit.visit_id)


def test_until_the_next_chair_is_there_nobody_is_shown_and_nothing_can_be_typed(
    chairs: Chairs, qtbot: QtBot
) -> None:
    chairs.choose("Now")
    put(qtbot, chairs.page.form.batch, "B1")
    chairs.page.list.setFocus()
    slow(chairs)
    turn_to(chairs, "Sore")
    press(qtbot, Key.Key_Return)
    assert not chairs.page.form.isVisible()
    assert not chairs.page.banner.isVisible()
    assert not chairs.page.form.batch.hasFocus()
    for name in ACTIONS:
        assert not chairs.clinic.parts.commands.action(f"infusions.{name}").isEnabled()
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClicks(target, "XYZ")
    press(qtbot, Key.Key_Return, CTRL)
    chairs.page.record()
    chairs.clinic.settle()
    assert chairs.page.banner.name() == "SORE, Ada"
    assert chairs.page.form.batch.text() == ""
    assert chairs.page.form.batch.hasFocus(), "Enter is remembered until the chair is there"
    chairs.choose("Now")
    assert chairs.page.form.batch.text() == "B1"
    assert chairs.on_record("Now").courses[0].infusions == ()
    assert chairs.on_record("Sore").courses[0].infusions == ()


def test_an_answer_about_one_visit_leaves_what_is_typed_for_another(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Sore")
    put(qtbot, chairs.page.form.batch, "B2")
    chairs.choose("Now")
    put(qtbot, chairs.page.form.batch, "B1")
    typed: list[str] = []

    def meanwhile() -> None:
        qtbot.keyClicks(chairs.page.form.batch, "22")
        typed.append(chairs.page.form.batch.text())

    answer(chairs, qtbot)
    slow(chairs)
    press(qtbot, Key.Key_Return, CTRL)
    turn_to(chairs, "Sore")
    chairs.clinic.tasks.run(lambda: None, then=lambda _none: meanwhile())
    chairs.clinic.settle()
    assert typed == ["B222"]
    assert [row.batch for row in chairs.on_record("Now").courses[0].infusions] == ["B1"]
    assert chairs.page.banner.name() == "SORE, Ada"
    assert chairs.page.form.batch.text() == "B222"
    record(chairs, qtbot)
    assert [row.batch for row in chairs.on_record("Sore").courses[0].infusions] == ["B222"]
    assert not chairs.page.is_dirty()


def test_while_a_visit_is_written_nothing_of_it_can_be_changed(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    put(qtbot, chairs.page.form.batch, "B1")
    answer(chairs, qtbot)
    slow(chairs)
    press(qtbot, Key.Key_Return, CTRL)
    assert not chairs.page.form.isEnabled()
    press(qtbot, Key.Key_Return, CTRL)
    chairs.clinic.settle()
    assert len(chairs.on_record("Now").courses[0].infusions) == 1


@pytest.mark.parametrize("moved_on", [False, True])
def test_a_refused_recording_keeps_everything_typed(chairs: Chairs, qtbot: QtBot, moved_on: bool) -> None:
    chairs.choose("Now")
    put(qtbot, chairs.page.form.started, "10:05")
    put(qtbot, chairs.page.form.batch, "B1")
    answer(chairs, qtbot)
    with chairs.clinic.database.write():
        press(qtbot, Key.Key_Return, CTRL)
        if moved_on:
            turn_to(chairs, "Sore")
        assert chairs.clinic.tasks.wait_idle()
    assert chairs.page.is_dirty()
    if moved_on:
        assert any(words.startswith("Now, Ada: ") for words in chairs.clinic.said), chairs.clinic.said
        assert chairs.page.form.batch.text() == ""
        chairs.choose("Now")
    else:
        assert "Nothing was saved" in chairs.said()
        assert chairs.page.form.batch.hasFocus()
    assert chairs.page.form.isEnabled()
    assert (chairs.page.form.batch.text(), chairs.page.form.started.text()) == ("B1", "10:05")
    record(chairs, qtbot)
    assert len(chairs.on_record("Now").courses[0].infusions) == 1
    assert not chairs.page.is_dirty()


def test_a_refusal_does_not_look_for_a_field_that_is_gone(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    put(qtbot, chairs.page.form.batch, "B1")
    answer(chairs, qtbot)
    field = TextEdit(parent=chairs.page.form)
    field.show()
    field.setFocus()
    with chairs.clinic.database.write():
        press(qtbot, Key.Key_Return, CTRL)
        shiboken6.delete(field)
        assert chairs.clinic.tasks.wait_idle()
    assert "Nothing was saved" in chairs.said()
    assert chairs.page.form.isEnabled()


def test_the_page_knows_what_is_typed_and_not_recorded(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    assert not chairs.page.is_dirty()
    put(qtbot, chairs.page.form.batch, "B1")
    assert chairs.page.is_dirty()
    chairs.choose("Sore")
    assert chairs.page.is_dirty(), "it waits with its visit"
    chairs.choose("Now")
    put(qtbot, chairs.page.form.batch, "")
    press(qtbot, Key.Key_Backspace)
    assert not chairs.page.is_dirty()
