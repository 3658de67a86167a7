"""Automatic backups while the window is open: soon after the start and every half hour if anything changed.

They run on a worker of their own with connections of their own, so neither the window nor a save waits for them. What
the foot says of them is asked again every minute, for a backup grows old by itself. A demo clinic and a clinic on a
server have none here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from db import backup
from db.backup import Backup, Drill, Round
from db.engine import Database
from db.errors import KnownError
from db.operations.backups import record_drill
from db.queries.backups import second_folder
from db.stamp import Stamp
from desktop.tasks import DatabaseTasks, Job, Progress
from desktop.wording.backups import backup_fact, backup_warning

SOON_MS = 5_000
EVERY_MS = 30 * 60_000


@dataclass(frozen=True, slots=True)
class BackupState:
    """How the backups stand: the newest verified one, the code of what failed last, of what kept the copy from the
    second folder, and whether one is being made."""

    newest: Backup | None = None
    error: str | None = None
    second_failed: str | None = None
    running: bool = False


class _NoRecord:
    """The worker of backups opens files itself; there is no session to give."""

    def read(self) -> AbstractContextManager[Any]:
        """Never called."""
        raise RuntimeError("backups use connections of their own")

    write = read


class Backups(QObject):
    """Makes the backups of the clinic that is open. `changed` says that `state` is another."""

    changed = Signal()
    progressed = Signal(int, int)
    """How much of a copy is made; all of it while it is checked."""
    bug = Signal(object)
    """An exception that should not have happened."""

    def __init__(
        self,
        database: Database,
        record: DatabaseTasks,
        clock: Callable[[], Stamp],
        parent: QObject | None = None,
        soon_ms: int = SOON_MS,
    ) -> None:
        """For the file of `database`; `record` is the window's own worker, `clock` who and when."""
        super().__init__(parent)
        if database.is_server or database.key is None:
            raise ValueError("a clinic on a server is backed up by its server")
        self._path, self._key = Path(database.path), database.key
        self._record, self._clock = record, clock
        self._tasks = DatabaseTasks(_NoRecord(), self)
        self._tasks.bug.connect(self._stumbled)
        self._closed = self._asking = False
        record.bug.connect(self._not_asked)
        self._job: Job | None = None
        found = backup.listed(backup.folder_of(self._path), self._path.stem)
        self.state = BackupState(newest=found[0] if found else None)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QTimer.singleShot(soon_ms, self, self.look)

    def look(self) -> None:
        """Make a backup if the record changed since the newest one."""
        self._ask(only_if_changed=True)

    def now(self) -> None:
        """Make a backup whether anything changed or not."""
        self._ask(only_if_changed=False)

    def fact(self, now: datetime) -> str:
        """What the foot says: when the last verified backup was made, or what is wrong in words."""
        return self.warning(now) or backup_fact(self.state.newest.at if self.state.newest else None, now)

    def foot(self, now: datetime) -> tuple[str, str]:
        """A warning, or an empty text, and when the last verified backup was made."""
        return self.warning(now), self.fact(now)

    def warning(self, now: datetime) -> str:
        """What is wrong with the backups, in words; empty when nothing is."""
        newest = self.state.newest.at if self.state.newest else None
        return backup_warning(newest, self.state.error, self.state.second_failed, now)

    def drill(
        self, then: Callable[[Drill], object], failed: Callable[[KnownError], object] | None = None
    ) -> None:
        """Restore the newest backup aside, check it, remove it, put the outcome on record, and tell it."""

        def run(progress: Progress) -> Drill:
            return backup.drill(self._path, self._key, at, progress=_counted(progress))

        def drilled(found: Drill) -> None:
            self._record.write(
                record_drill,
                found,
                self._clock(),
                then=lambda _changes: then(found),
                failed=failed,
                owner=self,
            )

        at = self._clock().at
        self._tasks.run(run, then=drilled, failed=failed, owner=self, progress=_nobody)

    def close(self) -> None:
        """Stop what is under way, of which nothing is left, and end the worker."""
        self._closed = True
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
        self._tasks.close()

    def wait_idle(self, milliseconds: int = 60_000) -> bool:
        """Run the event loop until nothing is under way. For tests."""
        return self._record.wait_idle(milliseconds) and self._tasks.wait_idle(milliseconds)

    def _ask(self, *, only_if_changed: bool) -> None:
        if self.state.running or self._closed:
            return
        self._set(replace(self.state, running=True))
        self._asking = True
        self._record.read(
            second_folder,
            then=lambda folder: self._begin(folder, only_if_changed=only_if_changed),
            failed=self._failed,
            owner=self,
        )

    def _not_asked(self, _fault: object) -> None:
        """A fault in the window's own work; if it was the question for the second folder, no backup has begun."""
        if self._asking and not self._closed:
            self._asking = False
            self._set(replace(self.state, error="disk-error", running=False))

    def _begin(self, folder: str, *, only_if_changed: bool) -> None:
        self._asking = False
        if self._closed:  # the answer came after the end
            return
        at = self._clock().at
        second = Path(folder).expanduser() if folder else None

        def run(progress: Progress) -> Round:
            return backup.round_of(
                self._path,
                self._key,
                at,
                second,
                progress=_counted(progress),
                only_if_changed=only_if_changed,
            )

        self._job = self._tasks.run(
            run, then=self._done, failed=self._failed, owner=self, progress=self._told
        )

    def _told(self, done: int, of: int, _what: str) -> None:
        if self.state.running:
            self.progressed.emit(done, of)

    def stop(self) -> None:
        """Stop the backup under way; nothing is left of it, and the next is made at its time."""
        if self._job is not None and self.state.running:
            self._job.cancel()
            self._job = None
            self._set(replace(self.state, running=False))

    def _done(self, done: Round) -> None:
        self._job = None
        self._set(BackupState(done.newest, None, done.second_failed))

    def _failed(self, error: KnownError) -> None:
        self._asking, self._job = False, None
        self._set(replace(self.state, error=error.code, running=False))

    def _stumbled(self, error: object) -> None:
        """A fault in the program ended the work; the foot must not go on saying that all is well."""
        self._set(replace(self.state, error="disk-error", running=False))
        self.bug.emit(error)

    def _set(self, state: BackupState) -> None:
        self.state = state
        self.changed.emit()


def _counted(progress: Progress) -> Callable[[int, int], None]:
    """The worker's progress for a count without words."""
    return lambda done, of: progress(done, of, "")


def _nobody(_done: int, _of: int, _what: str) -> None:
    """Backups go on unseen; progress is there so that closing the window stops them."""
