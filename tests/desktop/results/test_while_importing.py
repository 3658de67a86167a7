"""What the page of the laboratories says while files are being taken in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from filter_checks import words
from one_clinic import TODAY, Clinic, at
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.imports.records import Format
from db.operations.imports import NewImport, begin_import
from db.queries.imports import import_runs
from desktop.results.inbox_rows import run_row
from desktop.results.inbox_words import run_words
from desktop.results.page import ResultsPage
from desktop.widgets.marks import Status

NOTHING_YET = "Nothing is held, and nothing was imported yet"
BEING_READ = "Files are being taken in"
CUT_OFF = "It did not come to its end"


def message(number: int) -> str:
    """The report of somebody nobody knows."""
    lines = (
        rf"MSH|^~\&|LIS|NORTHGATE|REPLETE|CLINIC|20260210101500||ORU^R01|{number}|P|2.5",
        f"PID|1||R-9{number:05d}^^^CLINIC^MR||Nobody^Known||19820610|F",
        f"OBR|1||A{number}|PANEL^Iron panel|||20260210081500",
        "OBX|1|NM|718-7^Haemoglobin^LN||104|g/L|||||F",
    )
    return "\r".join(lines) + "\r"


@pytest.fixture
def page(from_laboratories: ResultsPage) -> ResultsPage:
    """The page on what came from laboratories."""
    return from_laboratories


def test_a_page_that_takes_a_file_in_does_not_say_that_nothing_was_imported(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    inbox = page.laboratory.inbox
    assert NOTHING_YET in words(inbox)
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleague")
    with qtbot.waitSignal(inbox.intake.finished):
        inbox.take([path])
        assert NOTHING_YET not in words(inbox)
        assert BEING_READ in words(inbox)
    one_clinic.settle()
    assert BEING_READ not in words(inbox)


def test_an_import_under_way_is_not_called_cut_off(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path, grab: Callable[[QWidget, str], Path]
) -> None:
    inbox = page.laboratory.inbox
    path = tmp_path / "morning.hl7"
    path.write_text("".join(message(number) for number in range(120)), newline="")
    one_clinic.write(begin_import, NewImport(path.name, Format.HL7V2, "0" * 64), at(TODAY))
    with qtbot.waitSignal(inbox.intake.finished):
        inbox.take([path])
        inbox.refresh()
        one_clinic.settle()
        assert inbox.intake.is_running()
        assert "It is being taken in now." in words(inbox)
        assert CUT_OFF not in words(inbox)
        grab(page, "inbox-under-way")
    one_clinic.settle()
    inbox.list.select(-min(run.import_id for run in one_clinic.read(import_runs)))
    one_clinic.settle()
    assert CUT_OFF in words(inbox), "the one before never ended"


def test_an_import_that_was_cut_off_says_so_in_the_list(one_clinic: Clinic) -> None:
    one_clinic.write(
        begin_import, NewImport("old.hl7", Format.HL7V2, "0" * 64), at(TODAY - timedelta(days=1))
    )
    [run] = one_clinic.read(import_runs)
    row = run_row(run)
    assert (row.status, row.step) == (Status.NOTE, "not come to its end")
    assert CUT_OFF in run_words(run)
    assert "0 read" not in run_words(run)
    assert (run_row(run, now=True).status, run_row(run, now=True).step) == (Status.PLANNED, "being taken in")


def test_an_import_can_be_stopped_whoever_began_it_and_whatever_ran_before(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    inbox, stop = page.laboratory.inbox, one_clinic.parts.commands.action("imports.stop")
    first = tmp_path / "first.hl7"
    first.write_text(message(1), newline="")
    second = Path(shutil.copy(first, tmp_path / "second.hl7"))
    seen = []
    inbox.intake.finished.connect(lambda _files: seen.append(stop.isEnabled()))
    inbox.intake.progressed.connect(lambda _done, _of, name: seen.append((name, stop.isEnabled())))
    inbox.intake.start([first])  # as the watched folder does
    assert stop.isEnabled()
    inbox.take([second])
    qtbot.waitUntil(lambda: not inbox.intake.is_running() and seen.count(False) == 2)
    assert ("second.hl7", True) in seen, "the second lot could be stopped, too"
    assert ("second.hl7", False) not in seen
    assert not stop.isEnabled()


def test_counts_are_written_as_the_language_writes_them(page: ResultsPage) -> None:
    inbox = page.laboratory.inbox
    inbox._progress(1200, 3000, "day.hl7")
    assert inbox._balance.text() == "day.hl7: 1,200 of 3,000 messages"
