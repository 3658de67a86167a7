"""Figures and the patients behind one as CSV and XLSX: written by key, read back, and noted."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from one_clinic import FIRST_INFUSION, Clinic, at, open_page
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from db import audit
from db import models as m
from desktop.managers.files import Behind, patients_sheet
from desktop.managers.page import ManagersPage
from desktop.widgets.buttons import KeyButton
from desktop.widgets.pdf_output import SETTING
from reports.exports import csv_bytes

LATER = FIRST_INFUSION + timedelta(days=60)
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE_TAKEN = 3


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot, tmp_path: Path) -> ManagersPage:
    """Two months after the infusion of the one patient, no blood taken; files go to an empty folder."""
    one_clinic.parts.settings.set_text(SETTING, str(folder(tmp_path)))
    made = ManagersPage(replace(one_clinic.parts, clock=lambda: at(LATER)))
    open_page(made, qtbot)
    made.refresh()
    qtbot.waitUntil(lambda: bool(made.figures()))
    made.first_focus().setFocus()
    one_clinic.settle()
    return made


def folder(tmp_path: Path) -> Path:
    """Where the files go."""
    made = tmp_path / "files"
    made.mkdir(exist_ok=True)
    return made


def press(
    qtbot: QtBot, clinic: Clinic, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """A key where the focus is; every job answered."""
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, key, modifier)
    clinic.settle()


def table(path: Path) -> list[list[str]]:
    """The rows of a CSV, its mark and line ends checked."""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def strings(path: Path) -> list[str]:
    """Every text of a workbook."""
    with zipfile.ZipFile(path) as book:
        shared = book.read("xl/sharedStrings.xml").decode("utf-8")
    return re.findall(r"<t[^>]*>([^<]*)</t>", shared)


def newest_note(clinic: Clinic) -> tuple[str, dict[str, object]]:
    """What the audit says last."""
    with clinic.database.read() as session:
        row = session.scalars(select(m.AuditRow).order_by(m.AuditRow.id.desc()).limit(1)).one()
        return row.action, dict(row.detail or {})


def test_the_figures_on_show_are_written_as_csv(
    page: ManagersPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    press(qtbot, one_clinic, Qt.Key.Key_C)
    path = folder(tmp_path) / f"figures-bloods-{LATER}.csv"
    assert table(path) == [
        ["Figure", "Value", "Of"],
        ["Taken by day 42", "0 %", "0 of 1"],
        ["Taken by day 57", "0 %", "0 of 1"],
        ["Taken by day 85", "nothing yet", ""],
        ["Window closed and nothing taken", "100 %", "1 of 1"],
    ]
    assert one_clinic.said[-1] == f"Figures saved as {path}"
    about = json.loads(path.with_name(f"{path.name}-metadata.json").read_bytes())
    said = {note["name"]: note["value"] for note in about["notes"]}
    assert about["url"] == path.name
    assert said["Filter"].startswith("Repeat bloods · last infusions from ")
    assert {"Clinic", "As at", "Last import", "Audit head"} <= set(said)
    detail = {"list": "managers-figures", "section": "bloods", "rows": 4, "form": "csv"}
    assert newest_note(one_clinic) == ("export-list", detail)


def test_a_workbook_says_where_its_figures_come_from(
    page: ManagersPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    press(qtbot, one_clinic, Qt.Key.Key_6)
    press(qtbot, one_clinic, Qt.Key.Key_E)
    [path] = folder(tmp_path).glob("figures-reactions-*.xlsx")
    said = strings(path)
    assert {"Any reaction, ferric DERISOMALTOSE", "0 %", "0 of 1", "Northgate Iron Clinic"} <= set(said)
    assert any(text.startswith("Reactions · last infusions from ") for text in said)


def test_the_patients_on_show_are_written_counted_or_left_out(
    page: ManagersPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    page.table.select(NONE_TAKEN)
    press(qtbot, one_clinic, Qt.Key.Key_C, SHIFT)
    counted = folder(tmp_path) / f"patients-bloods-{LATER}.csv"
    heads, row = table(counted)
    assert heads[:4] == ["Patient", "Born", "Number", "Product"]
    assert row[:4] == ["Whitfield, Clare", "10 Jun 1981", "R-004182", "ferric DERISOMALTOSE"]
    assert row[heads.index("Last infusion")] == "5 Jan 2026"
    assert one_clinic.said[-1] == f"Patients saved as {counted}"
    detail = {"list": "managers-patients", "section": "bloods", "rows": 1, "form": "csv"}
    assert newest_note(one_clinic) == ("export-list", detail)
    page.table.select(0)
    page.behind.sides.choose("left-out")
    press(qtbot, one_clinic, Qt.Key.Key_E, SHIFT)
    [book] = folder(tmp_path).glob("*.xlsx")
    said = strings(book)
    assert "Whitfield, Clare" in said
    [filters] = [text for text in said if text.startswith("Repeat bloods · ")]
    assert filters.endswith("Taken by day 42: 0 % · 0 of 1 · Not counted")


def test_overdue_patients_read_as_on_their_own_list(
    page: ManagersPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    press(qtbot, one_clinic, Qt.Key.Key_8)
    page.table.select(next(place for place, one in enumerate(page.figures()) if one.behind))
    press(qtbot, one_clinic, Qt.Key.Key_C, SHIFT)
    heads, row = table(folder(tmp_path) / f"patients-overdue-{LATER}.csv")
    assert row[heads.index("Phone")] == "07700 900 142"
    assert row[heads.index("Last contact")] == "no attempt yet"


def test_what_is_not_there_is_greyed_with_its_reason(
    page: ManagersPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    commands = one_clinic.parts.commands
    page.table.select(0)
    assert commands.reason("managers.patients-csv") == "Nobody is on show behind this figure."
    assert not commands.run("managers.patients-csv")
    page.behind.sides.choose("left-out")
    assert commands.reason("managers.patients-csv") == ""
    press(qtbot, one_clinic, Qt.Key.Key_7)
    assert page._loaded is not None
    page._show(replace(page._loaded, decided=()))
    assert commands.reason("managers.figures-xlsx") == "There are no figures in this section yet."
    assert commands.reason("managers.patients-xlsx") == "No figure is chosen."
    button = next(
        one for one in page.findChildren(KeyButton) if one.accessibleName() == "Save figures as XLSX"
    )
    assert not button.isEnabled()
    assert button.toolTip() == "There are no figures in this section yet."
    assert not list(folder(tmp_path).iterdir())


def test_a_folder_that_is_gone_is_said(page: ManagersPage, one_clinic: Clinic, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    one_clinic.parts.settings.set_text(SETTING, str(gone))
    assert one_clinic.parts.commands.run("managers.figures-xlsx")
    one_clinic.settle()
    assert one_clinic.said[-1].startswith(f"It could not be saved in {gone}: ")
    assert not gone.exists()


def test_who_may_not_take_a_list_is_told_and_gets_no_file(
    page: ManagersPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    with one_clinic.database.write() as session:
        session.get_one(m.User, 1).role = "nurse"
        audit.record(session, at(LATER), "change-user", "user_account", 1)
    before = newest_note(one_clinic)
    press(qtbot, one_clinic, Qt.Key.Key_C)
    assert not list(folder(tmp_path).iterdir())
    assert newest_note(one_clinic) == before
    assert one_clinic.said[-1].startswith("Your role (Nurse) does not allow this")


def test_a_name_that_looks_like_a_formula_stays_text(page: ManagersPage) -> None:
    figure = page.figures()[NONE_TAKEN]
    assert page._loaded is not None
    person = replace(page._loaded.courses[0], surname="=1+1")
    sheet = patients_sheet(Behind("bloods", "", figure, (person,), counted=True))
    written = csv_bytes(sheet.heads, sheet.rows).decode("utf-8-sig")
    assert next(csv.reader(written.splitlines()[1:]))[0] == "'=1+1, Clare"
