"""Random keys and clicks before a clinic is open: the first start, the log-in, the recovery key, the ways back."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from journey import Journey
from monkey_places import PlaceMonkey
from PySide6.QtCore import QDeadlineTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from clinical.protocol import load_protocol
from db import backup, vault
from desktop.start.opened import open_for
from desktop.start.progress import ProgressPage
from desktop.start.recovery import RecoveryKeyPage

LOGIN, PASSWORD = "ines", "sample-ines"


@dataclass
class Start:
    """Where a walk begins: the program, a clinic file that may be harmed, a folder for new ones."""

    journey: Journey
    clinic: Path
    made: int = 0


def first_run(start: Start) -> None:
    """A computer without a clinic."""
    start.made += 1
    path = start.clinic.parent / f"new-{start.made}" / "clinic.replete"
    start.journey.program.start_window.show_first_run(path, load_protocol())


def log_in(start: Start) -> None:
    """Who opens the clinic."""
    start.journey.program.start_window.show_log_in(start.clinic, (LOGIN,), load_protocol())


def recover(start: Start) -> None:
    """Nobody knows a password any more."""
    window = start.journey.program.start_window
    window.show_recover(start.clinic, window.show_log_in(start.clinic, (LOGIN,), load_protocol()))


def recovery_key(start: Start) -> None:
    """The paper with the key is made."""
    opened = open_for(start.clinic, LOGIN, PASSWORD)
    opened.database.close()
    page = RecoveryKeyPage(
        "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ-2345-6789", opened.details, start.journey.days.today
    )
    start.journey.program.start_window._show(page)


def ways_back(start: Start) -> None:
    """The file was lost; a backup of it is there."""
    if start.clinic.exists():
        folder = backup.folder_of(start.clinic)
        if not backup.listed(folder, start.clinic.stem):
            key = vault.unlock(start.clinic, LOGIN, PASSWORD)
            backup.make(start.clinic, key, folder, start.journey.days(0).at)
        start.clinic.unlink()
    window = start.journey.program.start_window
    page = window.show_log_in(start.clinic, (LOGIN,), load_protocol())
    window.show_ways_back(start.clinic, LOGIN, PASSWORD, page)


def problem(start: Start) -> None:
    """The clinic cannot be opened."""
    start.journey.program.start_window.show_problem("The clinic is open in another window of Replete.")


def progress(start: Start) -> None:
    """The demo clinic is being made."""
    start.journey.program.start_window._show(ProgressPage("Making the demo clinic", "About 60 patients."))


STARTS: dict[str, Callable[[Start], None]] = {
    "first-run": first_run,
    "log-in": log_in,
    "recover": recover,
    "recovery-key": recovery_key,
    "ways-back": ways_back,
    "problem": problem,
    "progress": progress,
}


class StartMonkey(PlaceMonkey):
    """A walk around one page of the start window: begun again when it leads into a clinic or is closed."""

    def __init__(self, start: Start, begin: Callable[[Start], None], seed: int) -> None:
        super().__init__(start.journey, seed, start.clinic.parent, password=PASSWORD)
        self.start, self._begin_page, self.opened = start, begin, 0
        self.chance = random.Random(seed)
        self._since = 0

    def go_home(self) -> None:
        """A new start window with the page."""
        program = self.journey.program
        if program.main_window is not None:
            self._note("end the session")
            self.opened += 1
            program.end_session()
        else:
            program.start_window.close()
            program.start_window = program._new_start()
        program.start_window.tasks.bug.connect(self.journey.faults.append)
        self._note("begin anew")
        self._since = 0
        self._begin_page(self.start)
        program.start_window.show()
        program.start_window.activateWindow()

    def _still(self) -> bool:
        tasks = self.journey.program.tasks or self.journey.program.start_window.tasks
        if tasks.is_idle():
            self._deadline = QDeadlineTimer(60_000)
            return True
        if self._deadline.hasExpired():
            self._failed("a job was never answered")
            return True
        return False

    def _act(self) -> None:
        program = self.journey.program
        here, modal = program.start_window, QApplication.activeModalWidget()
        self._since += 1
        if program.main_window is not None or not here.isVisible() or self._since > MOST_ON_A_PAGE:
            self.left += 1
            self.go_home()
        elif isinstance(modal, QFileDialog):
            self._answer_file(modal)
        elif modal is not None or QApplication.activePopupWidget() is not None:
            self._in(QApplication.activePopupWidget() or modal or here)
        else:
            self.struck += 1
            self._strike(here)


MOST_ON_A_PAGE = 120
"""After so many strikes the page is begun anew: what was pressed may lead to another from which nothing goes on."""
