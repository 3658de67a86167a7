"""Files of a laboratory on the page Results in: taken in, held, filed, taken back, undone; a real window each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filter_checks import words
from one_clinic import KEY, Clinic
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from db import models as m
from db import vault
from db.backup import folder_of, listed
from db.engine import Database
from db.imports.taking import MANY
from db.queries.imports import held_items, import_runs, message_text
from desktop.results.dropping import SETTING, DropFolder, FilesDropped
from desktop.results.inbox_rows import run_row
from desktop.results.page import ResultsPage
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import TextEdit

Key = Qt.Key


def message(
    born: str = "19810610", family: str = "Whitfield", hb: str = "104", order: str = "A1", control: str = "1"
) -> str:
    """One report of 10 February 2026."""
    return (
        "\r".join(
            (
                rf"MSH|^~\&|LIS|NORTHGATE|REPLETE|CLINIC|20260210101500||ORU^R01|{control}|P|2.5",
                f"PID|1||R-004182^^^CLINIC^MR||{family}^Clare||{born}|F",
                f"OBR|1||{order}|PANEL^Iron panel|||20260210081500",
                f"OBX|1|NM|718-7^Haemoglobin^LN||{hb}|g/L|||||F",
                "OBX|2|NM|2276-4^Ferritin^LN||28|ug/L|||||F",
                "OBX|3|NM|2345-7^Glucose^LN||5.1|mmol/L|||||F",
            )
        )
        + "\r"
    )


@pytest.fixture
def page(from_laboratories: ResultsPage) -> ResultsPage:
    """The page on what came from laboratories."""
    return from_laboratories


def take(page: ResultsPage, clinic: Clinic, qtbot: QtBot, path: Path, text: str) -> None:
    """Take a file in as the menu would, and wait until it is done."""
    path.write_bytes(text.encode())
    with qtbot.waitSignal(page.laboratory.inbox.intake.finished, timeout=60_000):
        page.laboratory.inbox.take([path])
    clinic.settle()


def press(page: ResultsPage, clinic: Clinic, key: Qt.Key) -> None:
    """A key on the list."""
    page.laboratory.inbox.list.setFocus()
    QTest.keyClick(page.laboratory.inbox.list, key)
    clinic.settle()


def type_into(field: QWidget, text: str) -> None:
    field.setFocus()
    QTest.keyClicks(field, text)


def test_files_are_taken_in_and_what_is_held_is_filed_by_hand(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path, grab: Callable[[QWidget, str], Path]
) -> None:
    grab(page, "inbox-empty")
    wrong = message(born="19820610", control="2", order="A2")
    take(page, one_clinic, qtbot, tmp_path / "morning.hl7", message() + wrong)
    inbox = page.laboratory.inbox
    assert inbox._balance.text() == (
        "6 read = 2 stored + 2 held + 0 known already + 0 rejected + 2 not followed here"
    )
    assert one_clinic.said[-1] == inbox._balance.text()
    grab(page, "inbox-held")
    states = [inbox.match.table.model().index(row, 3).data() for row in range(5)]
    assert states == ["agree", "agree", "agree", "differ", "agree"]
    press(page, one_clinic, Key.Key_M)
    assert "PID|1||R-004182" in inbox._message.toPlainText()
    grab(page, "inbox-message")
    press(page, one_clinic, Key.Key_F)
    assert inbox.ask.isVisible()
    type_into(inbox.ask.year.edit, "1982")
    QTest.keyClick(inbox.ask.year.edit, Key.Key_Return)
    assert inbox.ask.year.problem()
    inbox.ask.year.edit.clear()
    grab(page, "inbox-file")
    assert inbox._title.text() == "Haemoglobin 104 g/L, 10 Feb 2026, 08:15"
    type_into(inbox.ask.year.edit, "1981")
    QTest.keyClick(inbox.ask.year.edit, Key.Key_Return)
    one_clinic.settle()
    assert inbox.list.hasFocus()
    assert run_row(one_clinic.read(import_runs)[0]).step == "2 stored, 0 held, 2 settled since"
    left = one_clinic.read(held_items)
    assert one_clinic.said[-1] == "2 filed for Whitfield, Clare." or left


def test_an_import_is_taken_back_for_one_and_undone_for_all(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path, grab: Callable[[QWidget, str], Path]
) -> None:
    take(page, one_clinic, qtbot, tmp_path / "morning.hl7", message())
    inbox = page.laboratory.inbox
    assert one_clinic.page().open_step.action == "review-results"
    grab(page, "inbox-import")
    press(page, one_clinic, Key.Key_B)
    reason = inbox.ask.focusWidget()
    assert reason is not None
    type_into(reason, "another Whitfield")
    QTest.keyClick(reason, Key.Key_Return)
    one_clinic.settle()
    assert [item.reason for item in one_clinic.read(held_items)] == ["taken-back", "taken-back"]
    assert one_clinic.page().open_step.action != "review-results"
    inbox.list.select(-1)
    one_clinic.settle()
    press(page, one_clinic, Key.Key_U)
    reason = inbox.ask.focusWidget()
    assert reason is not None
    type_into(reason, "the file of another clinic")
    QTest.keyClick(reason, Key.Key_Return)
    one_clinic.settle()
    assert one_clinic.read(held_items) == ()
    [run] = one_clinic.read(import_runs)
    assert run.undone_at is not None


def test_an_import_that_ends_as_the_program_does_is_told_to_nobody(
    page: ResultsPage, one_clinic: Clinic, tmp_path: Path
) -> None:
    intake, told, answered = page.laboratory.inbox.intake, [], threading.Event()
    (tmp_path / "day.hl7").write_bytes(message().encode())
    one_clinic.parts.tasks.changed.connect(told.append)
    intake.start([tmp_path / "day.hl7"])
    assert intake._tasks is not None
    intake._tasks._answered.connect(lambda _answer: answered.set(), Qt.ConnectionType.DirectConnection)
    assert answered.wait(60)
    intake.close()
    QApplication.processEvents()
    assert not told


def test_a_file_dropped_on_the_window_is_taken_in(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    dropped = FilesDropped(page, page.laboratory.take)
    file = tmp_path / "dropped.hl7"
    file.write_bytes(message().encode())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(page.laboratory.inbox.intake.finished, timeout=60_000):
        assert dropped.eventFilter(page, drop)
    one_clinic.settle()
    assert one_clinic.read(import_runs)[0].counts["stored"] == 2


@pytest.mark.parametrize("where", ["", "backups"])
def test_the_folder_of_the_clinic_itself_is_never_watched(
    page: ResultsPage, one_clinic: Clinic, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """What is read from a watched folder is moved: the clinic's own file must not be."""
    folder = one_clinic.database.path.parent / where
    folder.mkdir(exist_ok=True)
    kept = folder / "other.replete"
    kept.write_bytes(b"another clinic")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_given: str(folder))
    watching = DropFolder(one_clinic.parts, lambda: page.laboratory.inbox.intake, page)
    watching.ask(page)
    assert watching.folder is None
    assert one_clinic.said[-1].startswith("The clinic's own file lies in this folder.")
    assert one_clinic.parts.settings.text(SETTING) == ""
    watching.watch(folder)
    assert watching.folder is None
    assert kept.exists()


def test_clinics_and_backups_in_a_watched_folder_stay_where_they_are(
    page: ResultsPage, one_clinic: Clinic, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name in ("a.replete", "a.replete-wal", "a.replete.vault", "a.replete.head", "a-20260101.backup"):
        (folder / name).write_bytes(b"ours")
    watching = DropFolder(one_clinic.parts, lambda: page.laboratory.inbox.intake, page)
    watching.watch(folder)
    watching.look()
    watching.look()
    assert not page.laboratory.inbox.intake.is_running()
    watching.watch(None)


def test_files_of_the_watched_folder_are_moved_and_never_deleted(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "arrivals"
    folder.mkdir()
    contents: dict[str, Any] = {
        "good.hl7": message(),
        "held.hl7": message(born="19820610", control="2", order="A2"),
        "letter.txt": "Dear colleague",
        "half.hl7.part": message(control="3"),
    }
    for name, text in contents.items():
        (folder / name).write_bytes(text.encode())
    watching = DropFolder(one_clinic.parts, lambda: page.laboratory.inbox.intake, page)
    watching.watch(folder)
    watching.look()
    assert not page.laboratory.inbox.intake.is_running(), "a file that may still grow is not taken"
    with qtbot.waitSignal(page.laboratory.inbox.intake.finished, timeout=60_000):
        watching.look()
    one_clinic.settle()
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert found == ["done/good.hl7", "failed/letter.txt", "half.hl7.part", "held/held.hl7"]
    assert (folder / "done" / "good.hl7").read_bytes() == message().encode()
    watching.watch(None)


def test_a_code_of_the_laboratory_is_explained_once_by_keys(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path, grab: Callable[[QWidget, str], Path]
) -> None:
    local = message().replace("2276-4^Ferritin^LN", "FERR2^Ferritin monthly^L")
    take(page, one_clinic, qtbot, tmp_path / "morning.hl7", local)
    inbox = page.laboratory.inbox
    inbox.list.select(one_clinic.read(held_items)[0].held_id)
    one_clinic.settle()
    press(page, one_clinic, Key.Key_E)
    test, unit = inbox.ask.focusWidget(), "furlong"
    assert isinstance(test, ComboBox)
    assert test.value() == "ferritin", "what the name comes near to is offered"
    grab(page, "inbox-code")
    [unit_field] = [
        one for one in inbox.ask.findChildren(TextEdit) if one.accessibleName().startswith("Unit")
    ]
    type_into(unit_field, unit)
    QTest.keyClick(unit_field, Key.Key_Return)
    assert inbox.ask.isVisible(), "an unknown unit is said beside its field"
    unit_field.clear()
    QTest.keyClick(unit_field, Key.Key_Return)
    one_clinic.settle()
    assert one_clinic.said[-1] == "What FERR2 of NORTHGATE means is remembered."
    assert one_clinic.read(held_items) == ()
    assert {"haemoglobin", "ferritin"} <= {
        one.analyte for one in one_clinic.page().results if str(one.collected) == "2026-02-10"
    }


@pytest.mark.parametrize("look", ["dark", "doubled"])
def test_it_is_seen_in_the_dark_and_twice_as_large(
    look: str,
    request: pytest.FixtureRequest,
    one_clinic: Clinic,
    qtbot: QtBot,
    tmp_path: Path,
    grab: Callable[[QWidget, str], Path],
) -> None:
    request.getfixturevalue(look)
    page = ResultsPage(one_clinic.parts)
    qtbot.addWidget(page)
    page.resize(1900, 1300) if look == "doubled" else page.resize(1180, 760)
    page.show()
    page.laboratory.show()
    take(page, one_clinic, qtbot, tmp_path / "morning.hl7", message(born="19820610"))
    grab(page, f"inbox-{look}")
    press(page, one_clinic, Key.Key_F)
    grab(page, f"inbox-{look}-file")
    assert page.laboratory.inbox.ask.isVisible()
    page.laboratory.inbox.intake.close()


def test_a_verified_backup_is_made_before_many_messages(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    path = one_clinic.database.path
    vault.create(path, "somebody", "else")
    vault.add_user(path, KEY, "ada", "secret")
    take(page, one_clinic, qtbot, tmp_path / "few.hl7", message())
    assert listed(folder_of(path), path.stem) == ()
    many = "".join(message(control=str(n), order=f"B{n}", hb=str(90 + n % 30)) for n in range(MANY))
    take(page, one_clinic, qtbot, tmp_path / "many.hl7", many)
    [made] = listed(folder_of(path), path.stem)
    with_it = Database.open(made.path, KEY)
    with with_it.read() as session:
        assert [run.file_name for run in import_runs(session)] == ["few.hl7"], "as it was before"
    with_it.close()


def test_how_far_an_import_is_and_that_it_is_being_stopped_are_said(
    page: ResultsPage, one_clinic: Clinic, tmp_path: Path, qtbot: QtBot
) -> None:
    inbox = page.laboratory.inbox
    (tmp_path / "day.hl7").write_text("no results")
    inbox.take([tmp_path / "day.hl7"])
    assert not inbox._bar.isVisibleTo(inbox), "nobody knows yet how many messages there are"
    inbox._progress(0, 0, "")
    assert "A verified backup is made before" in words(inbox)
    inbox._progress(40, 100, "day.hl7")
    assert inbox._bar.isVisibleTo(inbox)
    assert (inbox._bar.value(), inbox._bar.maximum()) == (40, 100)
    assert "day.hl7: 40 of 100 messages" in words(inbox)
    with qtbot.waitSignal(inbox.intake.finished, timeout=60_000):
        one_clinic.parts.commands.run("imports.stop")
        assert "Stopping: what is being stored is finished first." in words(inbox)
        assert not one_clinic.parts.commands.action("imports.stop").isEnabled()
    assert not inbox._bar.isVisibleTo(inbox)


def test_a_single_result_is_rejected_with_a_reason_and_stays_readable(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    take(page, one_clinic, qtbot, tmp_path / "wrong.hl7", message(born="19820610"))
    inbox = page.laboratory.inbox
    first, other = one_clinic.read(held_items)
    inbox.list.select(first.held_id)
    one_clinic.settle()
    press(page, one_clinic, Key.Key_R)
    why = inbox.ask.focusWidget()
    assert isinstance(why, TextEdit)
    QTest.keyClick(why, Key.Key_Return)
    assert inbox.ask.isVisible(), "a reason is asked for beside its field"
    assert one_clinic.read(held_items) == (first, other)
    type_into(why, "not our patient")
    QTest.keyClick(why, Key.Key_Return)
    one_clinic.settle()
    assert one_clinic.said[-1] == "Rejected. It stays readable with its message."
    assert one_clinic.read(held_items) == (other,), "the other one of the message still waits"
    with one_clinic.database.read() as session:
        row = session.get_one(m.HeldResult, first.held_id)
        assert (row.state, row.closed_reason, row.result_id) == ("rejected", "not our patient", None)
        assert row.raw_message_id is not None
        assert "1982" in message_text(session, row.raw_message_id)
    take(page, one_clinic, qtbot, tmp_path / "wrong.hl7", message(born="19820610"))
    assert one_clinic.read(held_items) == (other,), "the same file again does not bring it back"


def test_a_code_that_was_passed_over_is_explained_after_all(
    page: ResultsPage, one_clinic: Clinic, qtbot: QtBot, tmp_path: Path, grab: Callable[[QWidget, str], Path]
) -> None:
    local = message().replace("2276-4^Ferritin^LN", "FX9^Speicherprobe^L")
    take(page, one_clinic, qtbot, tmp_path / "morning.hl7", local)
    inbox = page.laboratory.inbox
    inbox.list.select(-1)
    one_clinic.settle()
    table = inbox.passed.table
    assert [(one.code, one.text, one.example, one.times) for one in inbox.passed._codes] == [
        ("2345-7", "Glucose", "5.1 mmol/L", 1), ("FX9", "Speicherprobe", "28 ug/L", 1),
    ]  # fmt: skip
    table.setFocus()
    QTest.keyClick(table, Key.Key_Down)
    one_clinic.settle()
    grab(page, "inbox-passed-over")
    QTest.keyClick(table, Key.Key_E)
    one_clinic.settle()
    test = inbox.ask.focusWidget()
    assert isinstance(test, ComboBox)
    test.set_value("ferritin")
    [unit] = [one for one in inbox.ask.findChildren(TextEdit) if one.accessibleName().startswith("Unit")]
    QTest.keyClick(unit, Key.Key_Return)
    one_clinic.settle()
    assert one_clinic.said[-1] == "What FX9 of NORTHGATE means is remembered."
    take(page, one_clinic, qtbot, tmp_path / "morning.hl7", local)
    assert {"haemoglobin", "ferritin"} <= {
        one.analyte for one in one_clinic.page().results if str(one.collected) == "2026-02-10"
    }
