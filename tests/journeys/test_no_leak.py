"""What is known of a patient stays inside the encrypted file, whatever goes wrong.

One clinic full of markers is opened in the real window, looked through, and made to fail in every way a program
fails; then everything it left outside the file is searched for the markers.
"""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import os
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from journey import Days
from leaky_clinic import BIRTH_DATE, LOGIN, MARKERS, PASSWORD, TODAY, fill
from PySide6.QtCore import QDir, QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from clinical.protocol import load_protocol
from db import queries
from db.engine import Database
from db.errors import KnownError
from db.opening import open_clinic
from desktop import errors
from desktop.app import Program
from desktop.cli import run
from desktop.settings import Settings
from desktop.start.opened import open_for
from desktop.widgets.dialogs import BugDialog

WANTED = {**MARKERS, **{f"birth date as {way}": way for way in BIRTH_DATE}}


@dataclass
class Left:
    """Everything outside the encrypted file: bytes by where they lay."""

    places: dict[str, bytes] = field(default_factory=dict)

    def add(self, name: str, content: bytes | str) -> None:
        """Keep some of it."""
        raw = content.encode(errors="replace") if isinstance(content, str) else content
        self.places[name] = self.places.get(name, b"") + b"\n" + raw

    def folder(self, name: str, folder: Path) -> None:
        """Keep the names and the content of every file in a folder."""
        for file in sorted(folder.rglob("*")):
            self.add(name, str(file.relative_to(folder)))
            if file.is_file():
                self.add(name, file.read_bytes())


class Boom(Exception):  # noqa: N818
    """Whatever a library may raise, with the patient in its message."""


def _told(error: BaseException) -> str:
    """An error as anything that writes errors might write it: text, repr, its whole traceback."""
    return "\n".join([str(error), repr(error), *traceback.format_exception(error)])


def _windows(left: Left) -> None:
    """The titles that the task switcher and screen sharing show."""
    for window in QApplication.topLevelWidgets():
        left.add("titles", f"{window.windowTitle()} {window.windowFilePath()} {window.windowIconText()}")
    left.add("titles", QApplication.applicationDisplayName())


def _look_through(program: Program, patient_id: int, course_id: int, left: Left) -> None:
    """Open every page on the patient and read the titles on each."""
    parts_of, window = program.tasks, program.main_window
    assert parts_of is not None
    assert window is not None
    go = window._parts.navigation
    visits: tuple[Callable[[], object], ...] = (
        lambda: go.open_patient.emit(patient_id),
        lambda: go.open_why.emit(course_id),
        lambda: go.open_results.emit(patient_id),
        lambda: go.open_letters.emit(course_id, ""),
        lambda: go.open_plan.emit(course_id),
        *(lambda page=page: window.show_page(page) for page in ("today", "review", "overdue", "patients")),
        lambda: window.search.asked.emit(MARKERS["surname"]),
    )
    for visit in visits:
        visit()
        assert parts_of.wait_idle(20_000)
        _windows(left)


def _fail_in_the_window(program: Program, left: Left) -> None:
    """A bug on the worker, in a slot, on another thread, in a finaliser; a known error nobody expected."""
    tasks = program.tasks
    assert tasks is not None
    marker = " ".join(WANTED.values())

    def on_the_worker(_session: Any) -> None:
        secret = marker
        raise Boom(secret)

    def refused_by_the_file(session: Any) -> None:
        session.execute(text("INSERT INTO patient (id, surname) VALUES (1, :name)"), {"name": marker})

    def no_such_table(session: Any) -> None:
        session.execute(text("SELECT * FROM patients WHERE surname = :name"), {"name": marker})

    for job in (on_the_worker, refused_by_the_file, no_such_table):
        tasks.write(job)
        tasks.read(job)

    def slot() -> None:
        raise Boom(marker)

    sys.excepthook(Boom, _raised(slot), None)
    QTimer.singleShot(0, lambda: program.bugs.take(_raised(slot)))
    assert tasks.wait_idle(20_000)
    worker = threading.Thread(target=slot)
    worker.start()
    worker.join()

    class Finaliser:
        def __del__(self) -> None:
            raise Boom(marker)

    Finaliser()
    gc.collect()
    QApplication.processEvents()
    _windows(left)
    for window in QApplication.topLevelWidgets():
        if isinstance(window, BugDialog):
            left.add("crash report", "\n".join(_texts(window)))
            window.close()


def _raised(fail: Callable[[], object]) -> BaseException:
    try:
        fail()
    except Boom as error:
        return error
    raise AssertionError


def _texts(window: Any) -> list[str]:
    """Every text a window shows."""
    from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QTextEdit

    found = [one.text() for kind in (QLabel, QAbstractButton) for one in window.findChildren(kind)]
    return found + [
        one.toPlainText() for kind in (QPlainTextEdit, QTextEdit) for one in window.findChildren(kind)
    ]


def _fail_in_the_record(path: Path, left: Left) -> None:
    """Every kind of error the record raises, written down as a library would write it."""
    database, _user = open_clinic(path, LOGIN, PASSWORD)
    marker = " ".join(WANTED.values())
    statements = (
        ("INSERT INTO patient SELECT * FROM patient", {}),
        ("UPDATE patient SET number = :it, sex = :it", {"it": marker}),
        ("UPDATE lab_result SET value = :it", {"it": marker}),
        ("INSERT INTO patient_identifier SELECT 99, patient_id, kind, assigner, value, value_key, until, recorded_at,"
         " recorded_by_id FROM patient_identifier LIMIT 1", {}),
        ("UPDATE next_step SET owner_id = 77, detail = :it", {"it": marker}),
        ("DELETE FROM patient", {}),
        ("SELECT nothing FROM patient WHERE surname = :it", {"it": marker}),
    )  # fmt: skip
    raised = 0
    for statement, values in statements:
        try:
            with database.write() as session:
                session.execute(text(statement), values)
        except (SQLAlchemyError, KnownError, RuntimeError) as error:
            raised += 1
            left.add("exception texts", _told(error))
            left.add("exception texts", errors.trace(error))
    assert raised == len(statements)
    _refused(database, left)
    database.close()


def _refused(database: Database, left: Left) -> None:
    """Refusals of operations that were given the patient's own words."""
    from db import operations as ops

    stamp = Days(TODAY)(1)
    with database.read() as session:
        found = queries.search(session, MARKERS["surname"])[0]
    m = MARKERS
    taken = ops.PatientDetails(m["surname"], m["given"], None, "female", (("hospital-number", m["number"]),))
    odd = ops.PatientDetails(m["surname"], m["given"], None, m["surname"])
    attempts: tuple[tuple[Any, ...], ...] = (
        (
            ops.register_referral,
            ops.NewReferral(taken, ops.ClinicalPicture(), TODAY, 1),
            stamp,
            load_protocol(),
        ),
        (
            ops.register_referral,
            ops.NewReferral(odd, ops.ClinicalPicture(), TODAY, 1),
            stamp,
            load_protocol(),
        ),
        (ops.change_details, found.patient_id, taken, 99, stamp),
        (ops.end_follow_up, found.patient_id, m["reason of a move"], TODAY, m["reason of a move"], stamp, 1),
        (ops.void, 1, "", stamp, 1),
    )
    for operation, *given in attempts:
        try:
            with database.write() as session:
                operation(session, *given)
        except KnownError as error:
            left.add("exception texts", _told(error))
        else:
            raise AssertionError(operation)


def _fail_on_the_command_line(path: Path, folder: Path, left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that fail half way: what they say on standard error."""
    secret = folder / "password.txt"
    secret.write_text(PASSWORD)
    options = ["--database", str(path), "--user", LOGIN, "--password-file", str(secret)]
    marker = " ".join(WANTED.values())

    def broken(*_given: object, **_named: object) -> None:
        raise Boom(marker)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("desktop.cli.worklist.cells", broken)
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            assert run(["worklist", "today", *options]) == 9
    said_of = said.getvalue()
    assert "fault" in said_of
    left.add("standard error", said_of)
    said = io.StringIO()
    wrong = [*options[:-1], str(folder / "none.txt")]
    with contextlib.redirect_stderr(said):
        assert run(["worklist", "today", *wrong]) == 2
        assert run(["worklist", "today", "--pdf", str(folder / "no" / "list.pdf"), *options]) == 8
    left.add("standard error", said.getvalue())
    secret.unlink()


@pytest.fixture(scope="module")
def left(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """Live through it all once and keep what lies around."""
    folder = tmp_path_factory.mktemp("leaks")
    data, temp, logs = folder / "data", folder / "temp", folder / "logs"
    for made in (data, temp):
        made.mkdir()
    left, protocol = Left(), load_protocol()
    path = data / "clinic.replete"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TMPDIR", str(temp))
        patched.setattr(tempfile, "tempdir", None)
        for holder, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
            patched.setattr(holder, hook, getattr(holder, hook))
        assert QDir.tempPath() == str(temp)
        log = errors.keep_log(logs)
        stderr = io.StringIO()
        with contextlib.redirect_stderr(stderr):
            patient_id, course_id = fill(path, protocol)
            settings = Settings(data / "window.ini")
            program = Program(qapp, protocol, settings, Days(TODAY))
            program.bugs.install()
            program.open_main(open_for(path, LOGIN, PASSWORD, Days(TODAY)(1).at))
            try:
                _look_through(program, patient_id, course_id, left)
                _fail_in_the_window(program, left)
                assert program.lock is not None
                program.lock.lock()
                _windows(left)
                for file in data.glob("*-wal"):
                    left.add("write-ahead log", file.read_bytes())
            finally:
                program.close()
                if program.main_window is not None:
                    program.main_window.deleteLater()
            _fail_in_the_record(path, left)
            _fail_on_the_command_line(path, folder, left, patched)
        left.add("standard error", stderr.getvalue())
        settings.sync()
        left.folder("data folder with vault and settings", data)
        left.folder("temp folder", temp)
        left.folder("log", logs)
        handler = next(one for one in errors.log.handlers if getattr(one, "baseFilename", "") == str(log))
        handler.close()
        errors.log.removeHandler(handler)
        errors.log.setLevel(logging.NOTSET)
        _back_up(path, folder, left)
    return left


def _back_up(path: Path, folder: Path, left: Left) -> None:
    """A backup as the program makes it, with its name."""
    from db import backup

    target = folder / "second"
    target.mkdir()
    database, _user = open_clinic(path, LOGIN, PASSWORD)
    key = database.key
    database.close()
    assert key is not None
    backup.make(path, key, target, Days(TODAY)(1).at)
    left.folder("backups", target)


PLACES = (
    "titles", "crash report", "exception texts", "standard error", "write-ahead log",
    "data folder with vault and settings", "temp folder", "log", "backups",
)  # fmt: skip


@pytest.mark.parametrize("place", [place for place in PLACES if place != "temp folder"])
def test_something_was_left_to_search(left: Left, place: str) -> None:
    assert left.places[place].strip()


@pytest.mark.parametrize("what", WANTED)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_about_a_patient_is_left_outside(left: Left, place: str, what: str) -> None:
    found = left.places.get(place, b"").lower()
    for encoding in ("utf-8", "utf-16-le"):
        assert WANTED[what].lower().encode(encoding) not in found


def test_the_markers_are_in_the_record(left: Left, tmp_path: Path) -> None:
    """The search can find them: with the key every marker is there in plain text."""
    path = tmp_path / "clinic.replete"
    fill(path, load_protocol())
    database, _user = open_clinic(path, LOGIN, PASSWORD)
    with database.read() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        whole = "\n".join(
            str(row) for table in tables for row in session.execute(text(f'SELECT * FROM "{table}"'))
        )
    database.close()
    missing = {what for what, marker in MARKERS.items() if marker not in whole} - {"password"}
    assert missing == set()
    assert len(MARKERS) >= 20


def test_a_dying_program_leaves_no_image_of_its_memory() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from desktop.cli.window import leave_no_dump; leave_no_dump(); import resource;"
         "print(resource.getrlimit(resource.RLIMIT_CORE)[0])"],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": os.getcwd()},  # noqa: PTH109
    )  # fmt: skip
    assert said.stdout.strip() == "0"
