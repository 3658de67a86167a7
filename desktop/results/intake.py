"""Files on their way in, beside the window: on a worker of their own, and a stop that leaves whole messages."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import QObject, Signal

from db.changes import Changes
from db.engine import Database
from db.errors import KnownError
from db.imports.records import Format
from db.imports.storing import Cancelled, Progress, StoredFile
from desktop.parts import Parts
from desktop.tasks import CancelledError, DatabaseTasks, Job

TABLES: Final = (Format.CSV, Format.XLSX)
ASKED_FIRST: Final = frozenset({"mapping-needed", "mapping-not-confirmed", "mapping-unusable"})
"""Why a table is not taken in before a person has named its columns."""


class Intake(QObject):
    """Takes files in, one lot after another. What is asked for while one runs is taken in after it."""

    progressed = Signal(int, int, str)
    """messages done, messages of the file, name of the file; none of none while a backup is made first"""
    finished = Signal(object)
    """every `StoredFile` of a lot"""
    failed = Signal(object)
    """the known error that kept a lot from being taken in"""
    turned = Signal(str)
    """a lot is begun: the name of its first file; or one ended: nothing"""
    moved = Signal(object, object)
    """a file of the watched folder was put away: its path before, and now"""

    def __init__(self, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._tasks: DatabaseTasks | None = None
        self._job: Job | None = None
        self._waiting: list[tuple[Path, ...]] = []
        self._stop = threading.Event()

    def is_running(self) -> bool:
        """Whether files are being taken in."""
        return self._job is not None

    def start(self, paths: Sequence[Path]) -> None:
        """Take files or folders in, now or after those before them."""
        if not paths:
            return
        if self._job is not None:
            self._waiting.append(tuple(paths))
            return
        if self._tasks is None:
            self._tasks = DatabaseTasks(self._parts.tasks.sessions, self, hears=False)
            self._tasks.bug.connect(self._parts.tasks.bug)
            self._tasks.bug.connect(lambda _error: self._end())
        self._stop.clear()
        self._job = self._tasks.run(
            take_in_all, self._parts, tuple(paths), self._stop,
            then=self._done, failed=self._refused, owner=self, progress=self.progressed.emit,
        )  # fmt: skip
        self.turned.emit(paths[0].name)

    def cancel(self) -> None:
        """Stop after the messages that are being stored; nothing that waits is begun."""
        self._waiting.clear()
        self._stop.set()

    def close(self) -> None:
        """End the worker; what runs is stopped after the messages under way."""
        self.cancel()
        if self._tasks is not None:
            self._tasks.close()
            self._tasks = None
        self._job = None

    def _done(self, files: list[StoredFile]) -> None:
        if self._tasks is None:  # it ended in the moment the program did: nobody is there to read again
            return
        self._end()
        changes = Changes(frozenset({"results"}))
        for one in files:
            changes = changes | one.changes
        self._parts.tasks.changed.emit(changes)
        self.finished.emit(files)
        self._next()

    def _refused(self, error: KnownError) -> None:
        self._end()
        self.failed.emit(error)
        self._next()

    def _end(self) -> None:
        self._job = None
        self.turned.emit("")

    def _next(self) -> None:
        if self._waiting:
            self.start(self._waiting.pop(0))


def wants_columns(done: StoredFile) -> bool:
    """Whether nothing of a table was stored because nobody has said yet what its columns mean."""
    codes = {reason.code for reason in done.read.reasons}
    codes |= {one.reason.code for one in done.outcomes[:1] if one.reason is not None}
    return done.read.format in TABLES and bool(codes & ASKED_FIRST)


def take_in_all(
    parts: Parts, paths: Sequence[Path], stop: threading.Event, progress: Progress
) -> list[StoredFile]:
    """On the worker: read apart and store. Whoever stops it gets the sheet of what was done and what was not."""
    from db.backup.rounds import before_import
    from db.imports.apart import Reader
    from db.imports.taking import take_in

    def told(done: int, of: int, name: str) -> None:
        if stop.is_set():
            raise Cancelled
        try:
            progress(done, of, name)
        except CancelledError as error:
            raise Cancelled from error

    def before() -> None:
        progress(0, 0, "")
        before_import(database, parts.clock().at)

    database = cast(Database, parts.tasks.sessions)
    with Reader(parts.protocol.text) as reader:
        return list(
            take_in(
                database, paths, parts.clock, parts.protocol, reader, told,
                before_many=before,
            )
        )  # fmt: skip
