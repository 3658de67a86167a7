"""The work-up checklist on the patient page: one key each, and back."""

from __future__ import annotations

import pytest
from one_clinic import Clinic
from patient_keys import Key, choose, press, work_up
from pytestqt.qtbot import QtBot

from desktop.patient.page import PatientPage


def test_a_work_up_item_moves_with_one_key_and_can_be_taken_back(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    work_up(one_clinic)
    items = one_clinic.page().work_up
    wanted = [item.code for item in one_clinic.protocol.work_up["gi-bleeding"].items]
    assert {item.code for item in items} >= set(wanted)
    assert page.work_up.isVisible()
    first = items[0]
    choose(page.work_up.table, first.item_id)
    qtbot.keyClick(page.work_up.table, Key.Key_O)
    one_clinic.settle()
    states = {item.item_id: item.state for item in one_clinic.page().work_up}
    assert states[first.item_id] == "ordered"
    assert page.work_up.table.current_id() == first.item_id, "the row stays current"
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    one_clinic.settle()
    states = {item.item_id: item.state for item in one_clinic.page().work_up}
    assert states[first.item_id] == "todo"


@pytest.mark.parametrize(("key", "state"), [(Key.Key_D, "done"), (Key.Key_R, "resulted")])
def test_every_state_has_its_key(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot, key: Key, state: str
) -> None:
    work_up(one_clinic)
    item = one_clinic.page().work_up[0]
    choose(page.work_up.table, item.item_id)
    qtbot.keyClick(page.work_up.table, key)
    one_clinic.settle()
    now = {row.item_id: row.state for row in one_clinic.page().work_up}
    assert now[item.item_id] == state


def test_an_item_is_left_out_only_with_a_reason(page: PatientPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    work_up(one_clinic)
    item = one_clinic.page().work_up[0]
    choose(page.work_up.table, item.item_id)
    qtbot.keyClick(page.work_up.table, Key.Key_X)
    assert page.work_up.reason.hasFocus()
    press(qtbot, Key.Key_Return)
    assert page.work_up._reason_field.problem()
    with qtbot.assertNotEmitted(one_clinic.parts.navigation.back):
        press(qtbot, Key.Key_Escape)
    assert page.work_up.table.hasFocus()
    press(qtbot, Key.Key_X)
    qtbot.keyClicks(page.work_up.reason, "done elsewhere")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    now = next(row for row in one_clinic.page().work_up if row.item_id == item.item_id)
    assert (now.state, now.note) == ("not-appropriate", "done elsewhere")
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    one_clinic.settle()
    now = next(row for row in one_clinic.page().work_up if row.item_id == item.item_id)
    assert (now.state, now.note) == (item.state, item.note)
