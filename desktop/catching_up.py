"""Reads answers again after the clinic's protocol has changed, on a worker of its own, while everybody works on.

It begins when a protocol is made live here, and looks at each start and every hour whether something was left, as
after a crash or where the window was closed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from clinical.protocol import Protocol
from db.catching_up import CaughtUp, catch_up
from db.changes import Changes
from db.errors import KnownError
from db.queries.read_again import left
from db.stamp import Stamp
from desktop.main_window import MainWindow
from desktop.parts import Parts
from desktop.tasks import DatabaseTasks, Job, Sessions
from desktop.wording import error_words
from desktop.wording.plain import tr

HOUR_MS: Final = 60 * 60_000


class CatchingUp(QObject):
    """Nobody waits for it, and stopping it loses nothing: what is left is found again."""

    progressed = Signal(int, int)
    """answers looked at, of how many"""
    ended = Signal()
    _wrote = Signal(object)
    """what was changed before the reading came to its end, or to a stop; of the worker"""

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window, self._parts = window, parts
        self._tasks: DatabaseTasks | None = None
        self._job: Job | None = None
        self._look_again = False
        self._wrote.connect(self._announce, Qt.ConnectionType.QueuedConnection)
        self._hour = QTimer(self, interval=HOUR_MS)
        self._hour.timeout.connect(self.look)
        self._hour.start()
        window.closing.connect(self.close)
        self.look()

    def is_running(self) -> bool:
        """Whether answers are being read."""
        return self._job is not None

    def look(self) -> None:
        """Ask whether something is left, and begin it then; asked meanwhile, it looks again at the end."""
        if self._parts.tasks.is_closed():
            self._hour.stop()
        elif self._job is not None:
            self._look_again = True
        else:
            self._look_again = False
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
            self._tasks = DatabaseTasks(self._parts.tasks.sessions, self, hears=False)
            self._tasks.bug.connect(self._parts.tasks.bug)
            self._tasks.bug.connect(lambda _error: self._end())
        self._job = self._tasks.run(
            self._read, self._parts.tasks.sessions, self._parts.clock,
            then=self._done, failed=self._failed, owner=self, progress=self._progress,
        )  # fmt: skip
        self.progressed.emit(0, 0)

    def _read(
        self, sessions: Sessions, clock: Callable[[], Stamp], progress: Callable[[int, int, str], object]
    ) -> CaughtUp:
        """On the worker: read, and tell what was changed however that ends."""
        found = CaughtUp()
        try:
            return catch_up(sessions, clock, progress, found)
        finally:
            self._wrote.emit(found.changes)

    def _announce(self, changes: Changes) -> None:
        if changes.kinds and not self._parts.tasks.is_closed():
            self._parts.tasks.changed.emit(changes)

    def _progress(self, done: int, of: int, _label: str) -> None:
        if self._job is not None:
            self.progressed.emit(done, of)

    def _done(self, found: CaughtUp) -> None:
        self._end()
        words = said(found)
        if words:
            self._window.foot.say(words)
        if self._look_again:
            self.look()

    def _failed(self, error: KnownError) -> None:
        self._end()
        if error.code == "protocol-retired":  # yet another went live meanwhile
            self.look()
            return
        self._window.foot.say(error_words(error), problem=True)

    def _end(self) -> None:
        self._job = None
        self.ended.emit()


def said(found: CaughtUp) -> str:
    """What became of it; empty where nothing had to be written."""
    if not found.back and not found.read and not found.to_plan:
        return ""
    words = tr(
        "The protocol is now “{label}”: {read} answers were read again and say the same, {back} say something else "
        "and wait in Review."
    )
    if found.to_plan:
        words = tr(
            "The protocol is now “{label}”: {read} answers were read again and say the same, {back} say something "
            "else and wait in Review, {plan} say something else and wait for a plan."
        )
    return words.format(label=found.label, read=found.read, back=found.back, plan=found.to_plan)
