"""The questions at the chair: nothing is recorded before they are answered, and the answer is kept with the visit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from one_clinic import TODAY, Clinic
from planned_chairs import CTRL, Chairs, Key, Mod, chairs_of, press, put, record, referred
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from db import models as m
from desktop.widgets.buttons import KeyButton
from desktop.wording import long_date


@pytest.fixture
def chairs(one_clinic: Clinic, qtbot: QtBot) -> Chairs:
    people = {name: referred(one_clinic, name, TODAY) for name in ("Now", "Next")}
    return chairs_of(one_clinic, qtbot, people)


def kept(chairs: Chairs) -> list[tuple[str, str, str | None, bool]]:
    def ask(session: object) -> list[tuple[str, str, str | None, bool]]:
        rows = session.scalars(select(m.GateAnswer).order_by(m.GateAnswer.id))  # type: ignore[attr-defined]
        return [(row.gate, row.answer, row.override_reason, row.visit_id is not None) for row in rows]

    return chairs.clinic.read(ask)  # type: ignore[no-any-return]


def given(chairs: Chairs, surname: str) -> int:
    return len(chairs.on_record(surname).courses[0].infusions)


def test_nothing_is_recorded_while_a_question_is_open(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    assert "Ask first: Early pregnancy" in chairs.said()
    put(qtbot, chairs.page.form.batch, "B1")
    press(qtbot, Key.Key_Return, CTRL)
    chairs.clinic.settle()
    assert given(chairs, "Now") == 0
    focused = chairs.page.focusWidget()
    assert isinstance(focused, KeyButton)
    assert "May she be pregnant" in chairs.said()
    press(qtbot, Key.Key_N, Mod.AltModifier)
    assert "Asked now: no." in chairs.said()
    assert chairs.page.although.isHidden()
    press(qtbot, Key.Key_Return, CTRL)
    chairs.clinic.settle()
    assert given(chairs, "Now") == 1
    assert kept(chairs)[-1:] == [("first-trimester", "no", None, True)]


def test_a_yes_is_in_the_way_and_wants_a_reason(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    put(qtbot, chairs.page.form.batch, "B1")
    press(qtbot, Key.Key_Y, Mod.AltModifier)
    assert "1 to settle first" in chairs.said()
    press(qtbot, Key.Key_Return, CTRL)
    chairs.clinic.settle()
    assert given(chairs, "Now") == 0
    assert chairs.page.although.edit.hasFocus()
    record(chairs, qtbot)
    assert kept(chairs)[-1:] == [("first-trimester", "yes", "Dr Rao decided", True)]


def test_an_answer_can_be_changed_and_belongs_to_its_visit_alone(chairs: Chairs, qtbot: QtBot) -> None:
    chairs.choose("Now")
    press(qtbot, Key.Key_Y, Mod.AltModifier)
    assert "Asked now: yes." in chairs.said()
    [no] = [
        one for one in chairs.page.gates.findChildren(KeyButton) if one.words() == "No" and one.isVisible()
    ]
    no.click()
    assert "Asked now: no." in chairs.said()
    chairs.choose("Next")
    assert chairs.page.gates.open_questions() == ("Early pregnancy",)
    assert chairs.page.is_dirty()
    chairs.choose("Now")
    assert chairs.page.gates.answers() == {"first-trimester": "no"}


def test_the_answer_before_and_its_day_stand_there_and_it_is_asked_again(
    chairs: Chairs, qtbot: QtBot
) -> None:
    chairs.choose("Now")
    put(qtbot, chairs.page.form.batch, "B1")
    record(chairs, qtbot)
    chairs.choose("Now")
    assert f"No on {long_date(TODAY)}" in chairs.said()
    assert chairs.page.gates.open_questions() == ("Early pregnancy",)
    assert TODAY + timedelta(days=7) == chairs.on_record("Now").visits[1].on
