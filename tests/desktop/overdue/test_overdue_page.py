"""The Overdue page on a real clinic, driven by keys: log a call, filter by a cell, print the list from memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from filter_checks import words
from one_clinic import FIRST_INFUSION, TODAY, Clinic, at, open_page
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from db import audit, ids
from db.errors import StaleScreen
from db.models import User
from db.operations.users import NewUser, insert_user
from db.queries.audit import AuditFilter, audit_page
from db.queries.patients import patient_page
from desktop.overdue.bulk import call_all
from desktop.overdue.page import Listed, OverduePage, load
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import ComboBox

LATER = FIRST_INFUSION + timedelta(days=79)
Grab = Callable[[QWidget, str], Path]


def contacts(clinic: Clinic) -> list[tuple[str, date | None, str | None]]:
    found = clinic.read(patient_page, clinic.patient_id, LATER).contacts
    return [(one.outcome, one.call_back_on, one.note) for one in found]


def test_the_course_is_listed_by_days_late(page: OverduePage, grab: Grab) -> None:
    row = page.current()
    assert row is not None
    assert (row.days_since, row.days_late, row.band) == (79, 37, "late")
    assert page.matrix.cell(row.owner_id, "late").number() == 1
    assert page.matrix.cell(None, None).number() == 1
    grab(page, "overdue-one-clinic")


def test_a_screen_of_rows_is_shown_before_the_whole_list(
    one_clinic: Clinic, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.overdue.page.FIRST", 1)
    made = OverduePage(replace(one_clinic.parts, clock=lambda: at(LATER)))
    open_page(made, qtbot)
    made._show_first(one_clinic.read(load, LATER, one_clinic.protocol, 1))
    assert made.table.ids() == [one_clinic.course_id]
    assert made.current() is not None
    assert "the whole list is being read" in words(made)
    one_clinic.settle()
    assert "the whole list is being read" not in words(made)
    assert made.matrix.cell(None, None).number() == 1
    assert made.table.ids() == [one_clinic.course_id]


def test_a_short_first_screen_that_is_not_all_is_read_on(
    one_clinic: Clinic, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order that shows no row, as of a course without an infusion, must not end the list before the others."""
    monkeypatch.setattr("desktop.overdue.page.FIRST", 1)
    made = OverduePage(replace(one_clinic.parts, clock=lambda: at(LATER)))
    open_page(made, qtbot)
    made._show_first(Listed((), {}, whole=False))
    one_clinic.settle()
    assert made.table.ids() == [one_clinic.course_id]


def test_who_is_shown_beside_the_list_was_looked_at(page: OverduePage, one_clinic: Clinic) -> None:
    found = one_clinic.read(audit_page, AuditFilter(actions=("view-patient",))).entries
    assert [entry.patient_id for entry in found] == [one_clinic.patient_id]


def test_a_key_logs_what_the_call_brought(page: OverduePage, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_3)
    one_clinic.settle()
    assert contacts(one_clinic) == [("no-answer", None, None)]
    assert one_clinic.said == ["Call with C. Whitfield logged: no answer"]
    row = page.current()
    assert row is not None
    assert (row.attempts, row.ladder_step) == (1, 1)


def test_a_call_back_asks_for_its_day_first(page: OverduePage, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_2)
    one_clinic.settle()
    assert contacts(one_clinic) == []
    field = page.side.calls.day_field
    assert field.hasFocus()
    field.setText("yesterday")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    one_clinic.settle()
    assert contacts(one_clinic) == []
    assert field.text() == "yesterday"
    field.setText("+2")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    one_clinic.settle()
    assert contacts(one_clinic) == [("call-back", LATER + timedelta(days=2), None)]
    assert page.table.hasFocus(), "the keys of the page go on working"


def test_figures_typed_into_the_note_log_nothing(page: OverduePage, one_clinic: Clinic, qtbot: QtBot) -> None:
    note = page.side.calls.note_field
    note.setFocus()
    qtbot.keyClicks(note, "mobile 1 2 3")
    assert note.text() == "mobile 1 2 3"
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_1)
    one_clinic.settle()
    assert contacts(one_clinic) == [("agreed", None, "mobile 1 2 3")]


@pytest.mark.parametrize(("key", "outcome"), [(Qt.Key.Key_6, "declined"), (Qt.Key.Key_8, "died")])
def test_a_call_that_ends_follow_up_asks_whose_and_can_be_taken_back(
    page: OverduePage, one_clinic: Clinic, qtbot: QtBot, key: Qt.Key, outcome: str, grab: Grab
) -> None:
    qtbot.keyClick(page.table, key)
    one_clinic.settle()
    year = page.side.calls.year.edit
    assert year.hasFocus()
    assert contacts(one_clinic) == [], "a single key ends nothing"
    grab(page, f"overdue-{outcome}")
    qtbot.keyClicks(year, "1900")
    qtbot.keyClick(year, Qt.Key.Key_Return)
    one_clinic.settle()
    assert contacts(one_clinic) == []
    born = one_clinic.read(patient_page, one_clinic.patient_id, LATER).banner.birth_date
    assert born is not None
    year.clear()
    qtbot.keyClicks(year, str(born.year))
    qtbot.keyClick(year, Qt.Key.Key_Return)
    one_clinic.settle()
    assert contacts(one_clinic) == [(outcome, None, None)]
    assert one_clinic.read(patient_page, one_clinic.patient_id, LATER).banner.status != "active"
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    for _ in range(3):
        one_clinic.settle()
    now = one_clinic.read(patient_page, one_clinic.patient_id, LATER)
    assert now.banner.status == "active"
    assert [one.withdrawn for one in now.contacts] == [True]


def test_escape_leaves_follow_up_as_it_is(page: OverduePage, one_clinic: Clinic, qtbot: QtBot) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_8)
    qtbot.keyClick(page.side.calls.year.edit, Qt.Key.Key_Escape)
    assert not page.side.calls.year.isVisible()
    assert page.side.calls.buttons["died"].hasFocus()
    one_clinic.settle()
    assert contacts(one_clinic) == []


def hidden_words(page: OverduePage) -> list[str]:
    """What stands beside the chips about hidden rows."""
    return [
        label.text()
        for label in page.filters.findChildren(QLabel)
        if label.text() == "all shown" or "hidden" in label.text()
    ]


def test_a_cell_filters_the_table_and_lets_go(page: OverduePage, qtbot: QtBot) -> None:
    empty = page.matrix.cell(1, "lost")
    empty.setFocus()
    qtbot.keyClick(empty, Qt.Key.Key_Space)
    assert page.table.ids() == []
    assert hidden_words(page) == ["1 hidden by filters"]
    qtbot.keyClick(empty, Qt.Key.Key_Space)
    assert page.table.ids() == [1]
    assert hidden_words(page) == ["all shown"]


def test_a_chip_that_hides_everything_says_how_to_see_it(page: OverduePage) -> None:
    said = "1 is hidden by the filter; choose All to see it."
    page.filters.choose("lost")
    assert (page.table.ids(), hidden_words(page)) == ([], ["1 hidden by filters"])
    assert said in words(page)
    page.filters.choose("all")
    assert page.table.ids() == [1]
    assert said not in words(page)


def test_arrows_walk_through_the_cells(page: OverduePage, qtbot: QtBot) -> None:
    page.matrix.cell(1, "late").setFocus()
    qtbot.keyClick(page.matrix.cell(1, "late"), Qt.Key.Key_Right)
    assert page.matrix.cell(1, "lost").hasFocus()
    qtbot.keyClick(page.matrix.cell(1, "lost"), Qt.Key.Key_Down)
    assert page.matrix.cell(None, "lost").hasFocus()


def test_every_cell_says_whose_and_which_age(page: OverduePage) -> None:
    assert page.matrix.cell(1, "late").accessibleName().startswith("Mina Okafor, ")
    assert page.matrix.cell(1, "late").accessibleName().endswith(": 1")


def test_ctrl_p_shows_the_list_from_memory_and_saves_the_same_bytes(
    page: OverduePage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path, grab: Grab
) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.paper.preview.pages() > 0)
    grab(page, "overdue-paper")
    shown = page.paper.preview.content()
    assert "Whitfield" in page.paper.preview.text(0)
    page.paper.folder.field.setText(str(tmp_path / "nowhere"))
    qtbot.keyClick(page.paper.preview.view(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert page.paper.folder.problem()
    page.paper.folder.field.setText(str(tmp_path))
    head = one_clinic.read(audit.head).short
    assert f"Audit {head}" in page.paper.preview.text(0)
    qtbot.keyClick(page.paper.folder.field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    saved = list(tmp_path.glob("*.pdf"))
    assert [file.read_bytes() for file in saved] == [shown]
    assert "Whitfield" not in saved[0].name
    assert page.table.hasFocus()
    assert page.paper.preview.content() == b""
    (noted,) = one_clinic.read(audit_page, AuditFilter(actions=("export-list",))).entries
    assert dict(noted.detail) == {"list": "overdue", "rows": 1, "form": "pdf"}


def test_whose_role_may_not_take_a_list_gets_none(
    page: OverduePage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.paper.preview.pages() > 0)
    with one_clinic.database.write() as session:
        session.get_one(User, 1).role = "nurse"
        audit.record(session, one_clinic.parts.clock(), "change-role", "user_account", 1)
    page.paper.folder.field.setText(str(tmp_path))
    page.paper.save_list()
    one_clinic.settle()
    assert list(tmp_path.glob("*.pdf")) == []
    assert page.paper.preview.pages() > 0


def test_the_list_is_printed_page_for_page(
    page: OverduePage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.paper.preview.pages() > 0)
    pages = page.paper.preview.pages()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    page.paper.print_on(printer)
    one_clinic.settle()
    assert len(one_clinic.read(audit_page, AuditFilter(actions=("print-list",))).entries) == 1
    assert len(PdfReader(tmp_path / "printed.pdf").pages) == pages


def test_nobody_overdue_says_what_would_appear(one_clinic: Clinic, qtbot: QtBot) -> None:
    early = replace(one_clinic.parts, clock=lambda: at(TODAY))
    made = OverduePage(early)
    qtbot.addWidget(made)
    made.show()
    made.refresh()
    one_clinic.settle()
    assert made.current() is None
    assert made.is_empty()


def test_marked_patients_are_given_to_a_colleague_and_back(
    page: OverduePage, one_clinic: Clinic, qtbot: QtBot, grab: Grab
) -> None:
    with one_clinic.database.write() as session:
        new = NewUser("Ana Ruiz", "ana", "coordinator")
        other = insert_user(session, new, at(LATER), ids.reserve(session, User.__tablename__))
        audit.record(session, at(LATER), "add-user", "user_account", other)
    assert not one_clinic.parts.commands.action("overdue.bulk-owner").isEnabled()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.bulk.bar.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_G)
    one_clinic.settle()
    panel = page.bulk.panel
    assert panel.isVisible()
    assert not page.bulk.bar.isVisible(), "a low window has no room for both"
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert page.bulk.bar.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_G)
    one_clinic.settle()
    grab(page, "overdue-bulk")
    panel.submit()
    assert panel.isVisible(), "nobody was chosen"
    (box,) = panel.findChildren(ComboBox)
    box.set_value(other)
    panel.submit()
    one_clinic.settle()
    one_clinic.settle()
    row = page.current()
    assert row is not None
    assert row.owner_name == "Ana Ruiz"
    assert one_clinic.said == ["1 given to Ana Ruiz"]
    assert not page.bulk.bar.isVisible()
    assert not panel.isVisible()
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    for _ in range(3):
        one_clinic.settle()
    row = page.current()
    assert row is not None
    assert row.owner_id == 1


def test_marked_patients_are_logged_as_called_at_once(
    page: OverduePage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_N)
    one_clinic.settle()
    assert contacts(one_clinic) == [], "nobody is marked"
    qtbot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.table, Qt.Key.Key_V)
    one_clinic.settle()
    assert contacts(one_clinic) == [("message-left", None, None)]
    assert one_clinic.said == ["Call logged: message left"]
    undo = one_clinic.undo[-1]
    assert undo is not None
    undo()
    for _ in range(3):
        one_clinic.settle()
    assert one_clinic.said[-1] == "1 call taken back"
    (call,) = one_clinic.read(patient_page, one_clinic.patient_id, LATER).contacts
    assert call.withdrawn


def test_a_call_of_somebody_else_meanwhile_logs_none_of_the_marked(
    page: OverduePage, one_clinic: Clinic
) -> None:
    row = page.current()
    assert row is not None
    late = replace(row, step_version=row.step_version - 1)
    with pytest.raises(StaleScreen), one_clinic.database.write() as session:
        call_all(session, (row, late), "no-answer", at(LATER), one_clinic.protocol)
    assert contacts(one_clinic) == []


def test_letters_to_the_marked_are_asked_for_as_one_pile(
    page: OverduePage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    asked: list[tuple[int, ...]] = []
    page._parts.navigation.write_letters.connect(asked.append)
    action = page._parts.commands.action("overdue.bulk-letters")
    assert not action.isEnabled()
    qtbot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    assert action.isEnabled()
    qtbot.keyClick(page.table, Qt.Key.Key_L)
    assert asked == [(one_clinic.course_id,)]


@pytest.mark.parametrize("width", [828, 1000, 1084, 1244])
def test_the_step_is_whole_wherever_it_is_shown(
    page: OverduePage, one_clinic: Clinic, pump: Callable[[], None], width: int
) -> None:
    """Other columns leave the table for it: "Chase repeat blo…" is no step."""
    page.resize(width, 700)
    pump()
    place = next(n for n, column in enumerate(page.table.model().columns) if column.id == "next")
    if not page.table.isColumnHidden(place):
        assert page.table.columnWidth(place) >= page.table.sizeHintForColumn(place)


def test_what_a_call_would_end_is_brought_into_sight(
    page: OverduePage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    """In a low window the question opens below the edge: field and last button are in sight."""
    page.resize(828, 520)
    qtbot.keyClick(page.table, Qt.Key.Key_8)
    calls = page.side.calls
    assert calls.year.edit.hasFocus()
    keep = calls._ends.findChildren(KeyButton)[-1]
    qtbot.waitUntil(lambda: keep.visibleRegion().boundingRect().height() == keep.height())
    assert calls.year.edit.visibleRegion().boundingRect().height() == calls.year.edit.height()
