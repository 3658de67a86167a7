"""Lists to print or to save: chosen by key, looked at, saved in each form, and noted."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from one_clinic import FIRST_INFUSION, Clinic, add_coordinator, at, open_page
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.queries.audit import AuditFilter, audit_page
from desktop.lists import worklists
from desktop.lists_out import sheet as sheet_module
from desktop.lists_out.page import ListsPage

LATER = FIRST_INFUSION + timedelta(days=79)
Grab = Callable[[QWidget, str], Path]
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot, tmp_path: Path) -> ListsPage:
    """The page on day 79 after the infusion of the one patient, nothing returned; files go to an empty folder."""
    made = ListsPage(replace(one_clinic.parts, clock=lambda: at(LATER)))
    open_page(made, qtbot)
    folder(tmp_path).mkdir()
    made.sheet.folder.field.setText(str(folder(tmp_path)))
    made.open_list("overdue")
    one_clinic.settle()
    return made


def folder(tmp_path: Path) -> Path:
    """Where the files go."""
    return tmp_path / "files"


def noted(clinic: Clinic) -> dict[str, object]:
    """What the audit says of the newest list that went out."""
    return dict(clinic.read(audit_page, AuditFilter(actions=("export-list",))).entries[0].detail)


def test_the_list_of_a_page_is_shown_and_saved_as_pdf(
    page: ListsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path, grab: Grab
) -> None:
    assert "Whitfield" in page.sheet.preview.text(0)
    grab(page, "lists-overdue")
    shown = page.sheet.preview.content()
    qtbot.keyClick(page.list, Qt.Key.Key_Tab)
    qtbot.keyClick(page.sheet.preview.view(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    (saved,) = folder(tmp_path).iterdir()
    assert (saved.name, saved.read_bytes()) == (f"overdue-{LATER}.pdf", shown)
    assert noted(one_clinic) == {"list": "overdue", "rows": 1, "form": "pdf"}
    assert page.sheet.preview.content() == b""


def test_a_csv_is_written_with_what_it_is_about(
    page: ListsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    page.whose.set_value(1)
    page.whose.activated.emit(1)
    one_clinic.settle()
    qtbot.keyClick(page.sheet.preview.view(), Qt.Key.Key_C, BOTH)
    one_clinic.settle()
    path = folder(tmp_path) / f"overdue-{LATER}.csv"
    heads, row = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    assert row[heads.index("Patient")] == "Whitfield, Clare"
    about = json.loads(path.with_name(f"{path.name}-metadata.json").read_bytes())
    said = {note["name"]: note["value"] for note in about["notes"]}
    assert (said["Filter"], said["Rows"]) == ("Whose: Mina Okafor", "1")
    assert [column["titles"] for column in about["tableSchema"]["columns"]] == heads
    assert noted(one_clinic) == {"list": "overdue", "rows": 1, "form": "csv"}


def test_a_workbook_is_written(page: ListsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path) -> None:
    qtbot.keyClick(page.sheet.preview.view(), Qt.Key.Key_E, BOTH)
    one_clinic.settle()
    (path,) = folder(tmp_path).iterdir()
    assert path.suffix == ".xlsx"
    with zipfile.ZipFile(path) as book:
        said = book.read("xl/sharedStrings.xml").decode("utf-8")
    assert "Whitfield, Clare" in said
    assert "No filter: all rows" in said
    assert noted(one_clinic) == {"list": "overdue", "rows": 1, "form": "xlsx"}


@pytest.mark.parametrize("name", list(worklists()))
def test_every_list_can_be_drawn(page: ListsPage, one_clinic: Clinic, name: str) -> None:
    page.open_list(name)
    one_clinic.settle()
    assert worklists()[name].title in page.sheet.preview.text(0)
    assert page.whose.isVisible() == (name in {"today", "overdue", "review", "workups", "lost"})


def test_a_day_that_is_over_is_refused_and_a_later_one_is_read(page: ListsPage, one_clinic: Clinic) -> None:
    page.day.set_day(LATER - timedelta(days=1))
    one_clinic.settle()
    assert "not wound back" in page.day_field.problem()
    assert page.sheet.preview.content() == b""
    assert one_clinic.parts.commands.reason("lists.out-csv") == "The list is not on paper yet."
    page.day.set_day(LATER + timedelta(days=7))
    one_clinic.settle()
    assert page.day_field.problem() == ""
    assert "86" in page.sheet.preview.text(0), "days since the infusion, a week later"


def test_a_long_list_is_drawn_when_it_is_saved(
    page: ListsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_module, "AT_ONCE", 0)
    page.open_list("overdue")
    one_clinic.settle()
    assert page.sheet.said.text() == "1 rows: their pages are drawn when they are printed or saved."
    assert page.sheet.preview.content() == b""
    qtbot.keyClick(page.sheet.preview.view(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    one_clinic.settle()
    (saved,) = folder(tmp_path).iterdir()
    assert saved.read_bytes().startswith(b"%PDF")


def test_drawing_can_be_stopped(page: ListsPage, one_clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = one_clinic.parts.commands
    assert not commands.action("lists.out-stop").isEnabled()
    page.open_list("overdue")
    assert page._whole is None
    one_clinic.settle()
    page._show()
    assert commands.run("lists.out-stop")
    one_clinic.settle()
    assert page.sheet.preview.content() == b""
    assert page.sheet.said.text() == "Drawing was stopped. Print and Save as PDF begin again."
    assert not commands.action("lists.out-stop").isEnabled()
    assert commands.action("lists.out-save").isEnabled()


def test_whose_rows_are_chosen_among_those_who_have_some(page: ListsPage, one_clinic: Clinic) -> None:
    add_coordinator(one_clinic)
    page.read()
    one_clinic.settle()
    assert [page.whose.itemText(place) for place in range(page.whose.count())] == ["Everybody", "Mina Okafor"]
