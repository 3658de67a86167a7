"""Jobs for the worker beside the window: what is to be done, whom to tell, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from db.errors import KnownError, Refused
from db.stamp import Stamp

NOTHING: Final = object()
"""No answer was made, which is not the same as an answer of None."""

Progress = Callable[[int, int, str], None]
"""`progress(done, of, what)`: how far a long job is; raises `CancelledError` when the user wants it to stop."""


class Sessions(Protocol):
    """What the tasks need of a database: sessions for reading and for writing."""

    def read(self) -> AbstractContextManager[Any]:
        """A session that sees one consistent state."""

    def write(self) -> AbstractContextManager[Any]:
        """A session whose work is committed as a whole at the end, or not at all."""


class CancelledError(Exception):
    """Raised inside a job by its `progress` once the user cancelled it."""


@dataclass(eq=False)
class Job:
    """One piece of work on its way; `cancel` drops it, or stops it at its next progress."""

    work: Callable[[Job], object]
    then: Callable[[Any], object] | None
    failed: Callable[[KnownError], object] | None
    owner: QObject | None
    key: str | None
    writes: bool = False
    reads: bool = False
    stopped: bool = field(default=False)
    again: Callable[[str], Job] | None = None
    """does a write once more, as an emergency with this reason"""
    waited_for: bool = True
    """whether somebody sits before the window until it is answered; nobody does for what is read aside or beside"""
    made: object = NOTHING
    """what a write will answer, from before it was committed"""

    def cancel(self) -> None:
        """Nobody wants the answer any more. A write that has begun is finished all the same."""
        self.stopped = True

    def wanted(self) -> bool:
        """Whether there is still someone to tell."""
        return not self.stopped and (self.owner is None or shiboken6.isValid(self.owner))


@dataclass(frozen=True, slots=True)
class Barred:
    """A write that the role does not allow: why, and how to do it all the same, as an emergency with a reason."""

    error: Refused
    again: Callable[[str], Job]


def as_emergency(value: Any, reason: str) -> Any:
    """A stamp with the reason of an emergency; anything else as it is."""
    return replace(value, emergency=reason) if isinstance(value, Stamp) else value


class Reporter(QObject):
    """Passes progress from the worker to the GUI thread."""

    _reported = Signal(int, int, str)

    def __init__(self, job: Job, progress: Progress) -> None:
        super().__init__()
        self._job = job
        self._progress = progress
        self._reported.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def __call__(self, done: int, of: int, what: str) -> None:
        """On the worker: report, or stop."""
        if self._job.stopped:
            raise CancelledError
        self._reported.emit(done, of, what)

    def _pass_on(self, done: int, of: int, what: str) -> None:
        if self._job.wanted():
            self._progress(done, of, what)
