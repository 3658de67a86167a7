"""The Work-ups page on a real clinic, driven by keys: order, result, leave out with a reason, board and list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from filter_checks import hidden, words
from one_clinic import FIRST_INFUSION, Clinic, at, bloods, open_page
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db import audit, ids
from db.models import User
from db.operations.clinic import NewUser
from db.operations.decisions import DecidedStep, NewDecision, record_decision
from db.operations.results import store_results
from db.operations.users import insert_user
from db.operations.work_ups import update_item
from db.queries.assessments import explain
from db.queries.audit import AuditFilter, audit_page
from db.queries.work_ups import items_of, open_work_ups
from db.queries.worklist_rows import OpenItemRow
from desktop.widgets.choices import ComboBox
from desktop.work_ups.page import WorkUpsPage, load
from desktop.work_ups.rows import LATE, MINE, matching, people

LABS = FIRST_INFUSION + timedelta(days=38)
NOW = LABS + timedelta(days=1)
Grab = Callable[[QWidget, str], Path]


def begin_work_up(clinic: Clinic) -> None:
    """Blood that did not rise, and a decision to find out why."""
    blood = bloods(LABS, "90", "12", "8")
    clinic.write(store_results, clinic.patient_id, blood, at(LABS), clinic.protocol)
    view = clinic.read(explain, clinic.course_id)
    step = DecidedStep("work-up", NOW + timedelta(days=7), 1, {})
    decision = NewDecision("choose-another", (step,), reason="bleeding suspected")
    clinic.write(record_decision, view.assessment_id, view.version, decision, at(LABS), clinic.protocol)


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> WorkUpsPage:
    begin_work_up(one_clinic)
    made = WorkUpsPage(replace(one_clinic.parts, clock=lambda: at(NOW)))
    open_page(made, qtbot)
    made.refresh()
    qtbot.waitUntil(lambda: bool(made.list.ids()))
    made.first_focus().setFocus()
    one_clinic.settle()
    return made


def states(clinic: Clinic) -> dict[str, tuple[str, str | None]]:
    return {item.code: (item.state, item.note) for item in clinic.read(items_of, clinic.patient_id)}


def first_code(clinic: Clinic) -> str:
    return str(clinic.read(items_of, clinic.patient_id)[0].code)


def test_a_long_list_is_put_into_words_beside_the_window(
    page: WorkUpsPage, one_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, items = page.list.ids(), len(one_clinic.read(open_work_ups, NOW))
    monkeypatch.setattr("desktop.work_ups.page.AT_ONCE", 0)
    page.refresh()
    one_clinic.settle()
    assert page.list.ids() == shown
    assert page.list.current_id() == one_clinic.patient_id
    one_clinic.parts.commands.run("work-ups.view")
    one_clinic.settle()
    assert page.on_board()
    assert len(page.board.columns["todo"].ids()) == items
    one_clinic.parts.commands.run("work-ups.view")
    page.filters.chips()[0].click()
    one_clinic.settle()
    assert page.list.ids() == shown


def test_who_is_shown_beside_the_list_was_looked_at(page: WorkUpsPage, one_clinic: Clinic) -> None:
    found = one_clinic.read(audit_page, AuditFilter(actions=("view-patient",))).entries
    assert [entry.patient_id for entry in found] == [one_clinic.patient_id]


def test_the_patient_stands_once_with_the_checklist_beside(
    page: WorkUpsPage, one_clinic: Clinic, grab: Grab
) -> None:
    assert page.list.ids() == [one_clinic.patient_id]
    row = page.list.row(one_clinic.patient_id)
    assert row is not None
    assert row.name == "Whitfield, Clare"
    assert page.checklist.table.model().rowCount() == len(states(one_clinic))
    grab(page, "work-ups-list")


def test_keys_order_an_item_and_take_it_back(page: WorkUpsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    code = first_code(one_clinic)
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    qtbot.waitUntil(page.checklist.table.hasFocus)
    qtbot.keyClick(page.checklist.table, Qt.Key.Key_O)
    one_clinic.settle()
    assert states(one_clinic)[code][0] == "ordered"
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    one_clinic.settle()
    assert states(one_clinic)[code][0] == "todo"


def test_a_filter_that_hides_everything_says_so_and_how_to_see_it(
    page: WorkUpsPage, one_clinic: Clinic
) -> None:
    count = len(states(one_clinic))
    page.filters.choose(LATE)
    assert hidden(page.filters) == f"{count} hidden by filters"
    assert f"{count} are hidden by the filter; choose All to see them." in words(page)
    assert not page.list.isVisible()
    assert page.first_focus() in page.filters.chips()
    page.filters.choose("all")
    assert page.list.isVisible()
    assert page.first_focus() is page.list


def test_what_is_done_to_an_item_stands_in_the_palette_in_both_views(
    page: WorkUpsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    commands = one_clinic.parts.commands
    assert commands.find("item ordered")[0].id == "work-ups.item-ordered"
    assert commands.reason("work-ups.item-ordered") == ""
    page.checklist.table.set_rows(())
    assert commands.reason("work-ups.item-ordered") == "Choose an item first."
    qtbot.keyClick(page.list, Qt.Key.Key_V)
    qtbot.waitUntil(page.board.columns["todo"].hasFocus)
    assert commands.find("card ordered")[0].id == "work-ups.card-ordered"
    assert commands.reason("work-ups.card-ordered") == ""
    assert commands.run("work-ups.card-ordered")
    one_clinic.settle()
    assert "ordered" in {state for state, _note in states(one_clinic).values()}


def test_an_item_is_left_out_only_with_a_reason(page: WorkUpsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    code = first_code(one_clinic)
    page.checklist.focus()
    qtbot.keyClick(page.checklist.table, Qt.Key.Key_X)
    qtbot.keyClick(page.checklist.reason, Qt.Key.Key_Return)
    one_clinic.settle()
    assert states(one_clinic)[code][0] == "todo"
    qtbot.keyClicks(page.checklist.reason, "done elsewhere in May")
    qtbot.keyClick(page.checklist.reason, Qt.Key.Key_Return)
    one_clinic.settle()
    assert states(one_clinic)[code] == ("not-appropriate", "done elsewhere in May")


def test_a_card_moves_to_the_next_column_and_the_keyboard_with_it(
    page: WorkUpsPage, one_clinic: Clinic, qtbot: QtBot, grab: Grab
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_V)
    assert page.on_board()
    todo, ordered = page.board.columns["todo"], page.board.columns["ordered"]
    qtbot.waitUntil(todo.hasFocus)
    moved = todo.current_id()
    qtbot.keyClick(todo, Qt.Key.Key_O)
    one_clinic.settle()
    assert ordered.ids() == [moved]
    qtbot.waitUntil(ordered.hasFocus)
    assert ordered.current_id() == moved
    grab(page, "work-ups-board")
    qtbot.keyClick(ordered, Qt.Key.Key_Left)
    assert todo.hasFocus()
    qtbot.keyClick(todo, Qt.Key.Key_Right)
    assert ordered.hasFocus()


def test_leaving_a_card_out_asks_for_the_reason_in_the_list(
    page: WorkUpsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_V)
    qtbot.waitUntil(page.board.columns["todo"].hasFocus)
    qtbot.keyClick(page.board.columns["todo"], Qt.Key.Key_X)
    one_clinic.settle()
    assert not page.on_board()
    qtbot.waitUntil(page.checklist.reason.isVisible)


def test_a_change_made_elsewhere_is_refused_and_shown(
    page: WorkUpsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    [*_, item] = one_clinic.read(items_of, one_clinic.patient_id)
    stale = replace(item, version=item.version + 5)
    page._set(stale, "done", None)
    one_clinic.settle()
    assert states(one_clinic)[item.code][0] == "todo"
    assert one_clinic.said


def test_enter_on_the_board_opens_the_patient(page: WorkUpsPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    opened: list[int] = []
    one_clinic.parts.navigation.open_patient.connect(opened.append)
    qtbot.keyClick(page.list, Qt.Key.Key_P)
    qtbot.keyClick(page.list, Qt.Key.Key_V)
    qtbot.waitUntil(page.board.columns["todo"].hasFocus)
    qtbot.keyClick(page.board.columns["todo"], Qt.Key.Key_Return)
    assert opened == [one_clinic.patient_id, one_clinic.patient_id]


def test_dark_and_doubled(page: WorkUpsPage, dark: QApplication, grab: Grab) -> None:
    assert grab(page, "work-ups-dark").exists()


def item(number: int, **more: Any) -> OpenItemRow:
    base = OpenItemRow(
        number, 1, 1, 1, 1, "R-1", "Marsh", "Ines", None, "female", "bleeding", "test", "fit", None, "routine",
        "todo", date(2026, 3, 1), 0, 2, "Cy Fox", None,
    )  # fmt: skip
    return replace(base, **more)


def test_filters_and_order() -> None:
    items = (
        item(1, patient_id=1, due=date(2026, 3, 5)),
        item(2, patient_id=2, due=date(2026, 3, 2), days_late=3, owner_id=9),
        item(3, patient_id=3, due=date(2026, 4, 1), urgency="urgent"),
        item(4, patient_id=1, due=date(2026, 3, 1)),
    )
    assert [one.first.item_id for one in people(items)] == [3, 4, 2]
    assert [one.item_id for one in matching(items, MINE, 9)] == [2]
    assert [one.item_id for one in matching(items, LATE, 2)] == [2]


def test_items_of_marked_patients_are_ordered_at_once_and_put_back(
    page: WorkUpsPage, one_clinic: Clinic, qtbot: QtBot, grab: Grab
) -> None:
    before = states(one_clinic)
    assert not one_clinic.parts.commands.action("work-ups.bulk-ordered").isEnabled()
    qtbot.keyClick(page.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.bulk.bar.isVisible()
    grab(page, "work-ups-bulk")
    qtbot.keyClick(page.list, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    one_clinic.settle()
    assert {state for state, _note in states(one_clinic).values()} == {"ordered"}
    assert one_clinic.said[-1] == f"{len(before)} items ordered"
    assert not page.bulk.bar.isVisible()
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    for _ in range(3):
        one_clinic.settle()
    assert states(one_clinic) == before


def test_items_of_marked_patients_are_given_to_a_colleague_and_back(
    page: WorkUpsPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    with one_clinic.database.write() as session:
        new = NewUser("Ana Ruiz", "ana", "coordinator")
        other = insert_user(session, new, at(NOW), ids.reserve(session, User.__tablename__))
        audit.record(session, at(NOW), "add-user", "user_account", other)
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    qtbot.keyClick(page.list, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    one_clinic.settle()
    panel = page.bulk.panel
    (box,) = panel.findChildren(ComboBox)
    panel.submit()
    assert panel.isVisible(), "nobody was chosen"
    box.set_value(other)
    panel.submit()
    one_clinic.settle()
    assert {item.owner_id for item in one_clinic.read(open_work_ups, NOW)} == {other}
    assert not panel.isVisible()
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    for _ in range(3):
        one_clinic.settle()
    assert {item.owner_id for item in one_clinic.read(open_work_ups, NOW)} == {1}


def test_an_item_changed_elsewhere_meanwhile_changes_none_of_the_marked(
    page: WorkUpsPage, one_clinic: Clinic
) -> None:
    item = one_clinic.read(open_work_ups, NOW)[-1]
    page.list.set_marked(frozenset(page.list.ids()))
    given = (item.item_id, "done", None, item.due, 1, item.version, at(NOW), one_clinic.protocol)
    one_clinic.write(update_item, *given)
    one_clinic.parts.commands.run("work-ups.bulk-ordered")
    one_clinic.settle()
    assert one_clinic.said[-1].startswith("None was changed.")
    assert "ordered" not in {state for state, _note in states(one_clinic).values()}


def test_a_screen_of_patients_is_shown_before_the_whole_list(
    one_clinic: Clinic, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_work_up(one_clinic)
    monkeypatch.setattr("desktop.work_ups.page.FIRST", 1)
    made = WorkUpsPage(replace(one_clinic.parts, clock=lambda: at(NOW)))
    open_page(made, qtbot)
    one_clinic.settle()
    made._show(one_clinic.read(load, NOW, 1))
    assert made.list.ids() == [one_clinic.patient_id]
    assert hidden(made.filters) == "counting…"
    assert [chip.accessibleName() for chip in made.filters.chips()] == ["All", "Mine", "Late"]
    one_clinic.settle()
    assert hidden(made.filters) == "all shown"
    assert made.list.ids() == [one_clinic.patient_id]
