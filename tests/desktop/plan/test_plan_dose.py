"""Dose, split, visits and gates on the plan page, by keys."""

from __future__ import annotations

from datetime import date

import pytest
from one_clinic import Clinic
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
    type_in,
    wait,
)
from pytestqt.qtbot import QtBot

from desktop.plan.page import PlanPage


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
