"""Errors that have a sentence, and bugs.

A known error (`db.errors.KnownError` and its kinds) is told to the user in plain words where the work was
asked for. Anything else is a bug: it is written to the log without values, because values are patients, and a
dialog says so on the GUI thread, whichever thread it came from.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from db.errors import KnownError

log = logging.getLogger("replete")


def keep_log(folder: Path) -> Path:
    """Write the log to a file in `folder`; two old ones are kept. Raises OSError when it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "replete.log"
    handler = RotatingFileHandler(file, maxBytes=500_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    return file


def trace(error: BaseException) -> str:
    """Where an error came from, without its message or any value: types, files, functions, line numbers."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        lines.append(seen.__class__.__qualname__)
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


class Bugs(QObject):
    """Takes every exception nobody expected, logs it and has `show` tell the user.

    `show(where)` runs on the GUI thread and gets the trace that was logged. While one dialog is open further
    bugs are only logged, so that a broken timer cannot fill the screen.
    """

    _met = Signal(str)

    def __init__(self, show: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._showing = False
        self._met.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Become the program's last resort for uncaught exceptions, on any thread and in any slot.

        Python's own would write the message and the value at hand to standard error.
        """
        sys.excepthook = self._uncaught
        threading.excepthook = lambda told: self.take(told.exc_value)
        sys.unraisablehook = lambda told: self.take(told.exc_value)

    def take(self, error: object) -> None:
        """Log a bug and tell the user. A known error that came here by mistake is logged by its code."""
        if not isinstance(error, BaseException):
            return
        where = error.code if isinstance(error, KnownError) else trace(error)
        log.error("bug\n%s", where)
        self._met.emit(where)

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, _trace)
            return
        self.take(error)

    def _tell(self, where: str) -> None:
        if self._showing:
            return
        self._showing = True
        try:
            self._show(where)
        finally:
            self._showing = False
