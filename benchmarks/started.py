"""What is started for rows 1 and 9, as a process that says when it is filled: the program, or Qt alone.

Nothing is loaded at the top that only one of the two needs: what the floor loads is part of the floor.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

PATIENCE_S = 120
KB = 1024
LOOK_MS = 20


def ours(path: Path, login: str, password: str) -> None:
    """The program on a clinic, logged in; says how many lines Today has, once they are painted."""
    from desktop.cli import window as program_start  # what `replete` loads before anything else

    program_start.leave_no_dump()
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QAbstractItemView, QApplication

    from clinical.protocol import load_protocol
    from desktop.app import Program, start_qt
    from desktop.settings import Settings
    from desktop.start.opened import open_for

    application = start_qt(["replete"])
    program = Program(application, load_protocol(), Settings(Path(os.environ["HOME"]) / "settings.ini"))
    window = program.open_main(open_for(path, login, password))
    rows, until = 0, time.monotonic() + PATIENCE_S
    alarm = QTimer(interval=LOOK_MS)
    alarm.start()
    while rows == 0 and time.monotonic() < until:
        # sleeping until something happens, as the program itself does: asking all the time would slow its worker
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        views = [view for view in window.findChildren(QAbstractItemView) if view.isVisible()]
        rows = max((model.rowCount() for view in views if (model := view.model()) is not None), default=0)
    window.grab()
    _tell(rows)
    window.hide()
    program.close()


def bare(rows: int, columns: int) -> None:
    """The floor."""
    from PySide6.QtWidgets import QApplication

    from benchmarks.bare_window import bare_window

    application = QApplication([])
    window, _view = bare_window(rows, columns)
    window.show()
    application.processEvents()
    window.grab()
    _tell(rows)
    os._exit(
        0
    )  # thousands of items set through PySide leave Python's count of None wrong, and its orderly end aborts


def _tell(rows: int) -> None:
    """Say that it is filled, and what memory the process has now."""
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmRSS"))
    print(json.dumps({"rows": rows, "MB": int(line.split()[1]) / KB}), flush=True)


if __name__ == "__main__":
    kind, *about = sys.argv[1:]
    if kind == "ours":
        ours(Path(about[0]), about[1], about[2])
    else:
        bare(int(about[0]), int(about[1]))
