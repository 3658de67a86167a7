"""Reads answers again after the clinic's protocol has changed, on a worker of its own, while everybody works on.

It begins when a protocol is made live here, and looks at each start and every hour whether something was left, as
after a crash or where the window was closed meanwhile.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from clinical.protocol import Protocol
from db.catching_up import CaughtUp, catch_up
from db.errors import KnownError
from db.queries.read_again import left
from desktop.main_window import MainWindow
from desktop.parts import Parts
from desktop.tasks import DatabaseTasks, Job
from desktop.wording import error_words
from desktop.wording.plain import tr

HOUR_MS: Final = 60 * 60_000


class CatchingUp(QObject):
    """Nobody waits for it, and stopping it loses nothing: what is left is found again."""

    progressed = Signal(int, int)
    """answers looked at, of how many"""
    ended = Signal()

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window, self._parts = window, parts
        self._tasks: DatabaseTasks | None = None
        self._job: Job | None = None
        self._hour = QTimer(self, interval=HOUR_MS)
        self._hour.timeout.connect(self.look)
        self._hour.start()
        window.closing.connect(self.close)
        self.look()

    def is_running(self) -> bool:
        """Whether answers are being read."""
        return self._job is not None

    def look(self) -> None:
        """Ask whether something is left, and begin it then."""
        if self._parts.tasks.is_closed():
            self._hour.stop()
        elif self._job is None:
            self._parts.tasks.read(left, then=self._found, owner=self, key="read-again")

    def stop(self) -> None:
        """Stop after the course that is being written; an hour later, or at the next start, it goes on."""
        if self._job is not None:
            self._job.cancel()
            self._end()

    def close(self) -> None:
        """End the worker, as when the window closes."""
        self._hour.stop()
        self.stop()
        if self._tasks is not None:
            self._tasks.close()
            self._tasks = None

    def settle(self) -> bool:
        """Wait until it is done; False when that took too long. For tests."""
        return self._tasks is None or self._tasks.wait_idle()

    def _found(self, protocol: Protocol | None) -> None:
        if protocol is None or self._job is not None or self._parts.tasks.is_closed():
            return
        if self._tasks is None:
            self._tasks = DatabaseTasks(self._parts.tasks.sessions, self)
            self._tasks.bug.connect(self._parts.tasks.bug)
            self._tasks.bug.connect(lambda _error: self._end())
        self._job = self._tasks.run(
            catch_up, self._parts.tasks.sessions, self._parts.clock,
            then=self._done, failed=self._failed, owner=self, progress=self._progress,
        )  # fmt: skip
        self.progressed.emit(0, 0)

    def _progress(self, done: int, of: int, _label: str) -> None:
        if self._job is not None:
            self.progressed.emit(done, of)

    def _done(self, found: CaughtUp) -> None:
        self._end()
        self._parts.tasks.changed.emit(found.changes)
        words = said(found)
        if words:
            self._window.foot.say(words)

    def _failed(self, error: KnownError) -> None:
        self._end()
        self._window.foot.say(error_words(error), problem=True)

    def _end(self) -> None:
        self._job = None
        self.ended.emit()


def said(found: CaughtUp) -> str:
    """What became of it; empty where nothing had to be written."""
    if not found.back and not found.read:
        return ""
    return tr(
        "The protocol is now “{label}”: {read} answers were read again and say the same, {back} say something else "
        "and wait in Review."
    ).format(label=found.label, read=found.read, back=found.back)
