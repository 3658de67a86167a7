"""Row 14: the longest stretches for which the window's thread answers nobody while a person works.

In a process of its own the real window is opened on the clinic and nobody does anything until its pages are made. Then
somebody walks through every page, goes down the lists, types into the search and opens patients. A stretch is one turn
of the event loop: for so long no key is answered and nothing is painted. It is told by the clock, and by the processor
time of that thread, which the rest of the machine disturbs less. What is counted beside the work, such as the rail, is
waited for no more than a person would. The floor is a bare window with a filled `QTableView`, walked in the same way.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from benchmarks.clinic import Clinic
from benchmarks.measure import Figure
from db.models import User
from desktop.cli.sample import PASSWORD

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

Turn = tuple[float, float]
"""How long one turn took, in ms: by the clock, and processor time of its thread."""
PAGES = ("today", "review", "infusions", "results", "overdue", "work-ups", "letters", "patients", "managers")
NAME = "wals"
STEPS = 12
PATIENTS = 6
PATIENCE_S = 180
LIMIT_MS = 5.0
NOTHING_MS = 0.05
"""A turn as short as this had nothing to do."""
QUIET_TURNS = 20
PAUSE_S = 0.001
ROWS, COLUMNS = 10_000, 8


def window(clinic: Clinic) -> tuple[Figure, ...]:
    """The longest stretch and the 95th percentile of all, beside those of the bare window."""
    with clinic.database.read() as session:
        login = session.scalars(select(User.login).where(User.id == clinic.user_id)).one()
    told = _run("ours", str(clinic.database.path), login)
    bare = _run("bare", str(ROWS), str(COLUMNS))
    figures = []
    for way, by in ((0, "by the clock"), (1, "processor time")):
        ours, floor = _every(told, way), _every(bare, way)
        worst = max(told, key=lambda stage: max((turn[way] for turn in told[stage]), default=0))
        long = sum(ms > LIMIT_MS for ms in ours)
        figures += [
            _figure(f"longest stretch of the window's thread, {by} ({worst})", max(ours), max(floor), ours),
            _figure(
                f"stretches of the window's thread, {by}, p95 ({long} of {len(ours)} over 5 ms)",
                _p95(ours),
                _p95(floor),
                ours,
            ),
        ]
    return tuple(figures)


def _every(told: dict[str, list[Turn]], way: int) -> list[float]:
    return [turn[way] for stage in told.values() for turn in stage]


def _figure(work: str, mine: float, low: float, every: list[float]) -> Figure:
    return Figure(
        14, work, round(mine, 2), round(low, 2), "ms", round(mine / low, 2), round(_p95(every), 2), len(every)
    )


def _p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]


def _run(*what: str) -> dict[str, list[Turn]]:
    """The stretches of a walk in a process of its own, in ms, by what was being done."""
    with tempfile.TemporaryDirectory(prefix="replete-window-") as folder:
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": folder,
            "XDG_CONFIG_HOME": folder,
        }
        command = [sys.executable, "-m", "benchmarks.window", *what]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=True)  # noqa: S603
    told: dict[str, list[Turn]] = json.loads(done.stdout.splitlines()[-1])
    return told


class Stretches:
    """Turns the event loop by hand and times each turn, under the name of what is being done."""

    def __init__(self) -> None:
        self.found: dict[str, list[Turn]] = defaultdict(list)

    def do(self, stage: str, act: Callable[[], object], done: Callable[[], bool]) -> None:
        """Let the loop do something and turn until it is done and nothing more comes."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        until, acted, quiet = time.monotonic() + PATIENCE_S, [], 0

        def now() -> None:
            acted.append(True)
            act()

        QTimer.singleShot(0, now)
        while (quiet < QUIET_TURNS or not acted or not done()) and time.monotonic() < until:
            begun, computed = time.perf_counter(), time.thread_time()
            QApplication.processEvents()
            spent = (time.perf_counter() - begun) * 1000
            if spent > NOTHING_MS:
                self.found[stage].append((spent, (time.thread_time() - computed) * 1000))
            quiet = 0 if spent > NOTHING_MS else quiet + 1
            time.sleep(PAUSE_S)

    def press(self, stage: str, key: Qt.Key, text: str, done: Callable[[], bool]) -> None:
        """Press a key as the keyboard would: by an event of the window that waits its turn and goes to the focus."""
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QKeyEvent
        from PySide6.QtWidgets import QApplication

        def post() -> None:
            window = QApplication.focusWindow()
            if window is not None:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.postEvent(window, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))

        self.do(stage, post, done)


def ours(path: Path, login: str) -> int:
    """The program: every page, a few steps down its list; the search, letter by letter; some patients."""
    from PySide6.QtCore import Qt

    from clinical.protocol import load_protocol
    from desktop.app import Program, start_qt
    from desktop.settings import Settings
    from desktop.start.opened import open_for

    application = start_qt(["replete"])
    program = Program(application, load_protocol(), Settings(Path(os.environ["HOME"]) / "settings.ini"))
    clinic = open_for(path, login, PASSWORD.format(login=login))
    walk = Stretches()
    shown: list[Any] = []
    walk.do("start", lambda: shown.append(program.open_main(clinic)), lambda: _idle(program))
    main = shown[0]
    walk.do("pages made ahead", lambda: None, lambda: not main.not_made())
    for page in PAGES:
        show = partial(main.show_page, page)
        walk.do(f"{page}: shown", show, lambda: _idle(program))
        walk.do(f"{page}: shown again", show, lambda: _idle(program))
        for _ in range(STEPS):
            walk.press(f"{page}: a step down", Qt.Key.Key_Down, "", lambda: _idle(program))
    walk.do("search", main.search.setFocus, lambda: True)
    for letter in NAME:
        walk.press("search: a letter", Qt.Key(ord(letter.upper())), letter, lambda: _idle(program))
    with clinic.database.read() as session:
        from db.models import NextStep

        ids = session.scalars(select(NextStep.patient_id).order_by(NextStep.id).limit(PATIENTS)).all()
    for one in ids:
        walk.do("patient: opened", partial(_open, main, one), lambda: _idle(program))
    print(json.dumps(walk.found), flush=True)
    main.hide()
    program.close()
    return 0


def _open(main: Any, patient_id: int) -> None:
    main.page("patient").open(patient_id)
    main.show_page("patient")


def _idle(program: Any) -> bool:
    return program.tasks is None or bool(program.tasks.is_answered())


def bare(rows: int, columns: int) -> int:
    """The floor: shown, and walked through as often."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from benchmarks.bare_window import bare_window

    application = QApplication([])
    main, view = bare_window(rows, columns)
    main.resize(1280, 800)
    walk = Stretches()
    walk.do("start", main.show, lambda: True)
    walk.do("focus", view.setFocus, lambda: True)
    for _ in range(STEPS * len(PAGES)):
        walk.press("a step down", Qt.Key.Key_Down, "", lambda: True)
    application.processEvents()
    print(json.dumps(walk.found), flush=True)
    return 0


if __name__ == "__main__":
    kind, first, second = sys.argv[1:]
    raise SystemExit(ours(Path(first), second) if kind == "ours" else bare(int(first), int(second)))
