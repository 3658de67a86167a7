"""Log in: who and with which password. A wrong one keeps the name and says so, slower each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from db.errors import KnownError, WrongKey
from desktop.start.opened import OpenedClinic, SetUpUnfinishedError, open_for
from desktop.start.page import StartPage, row
from desktop.tasks import DatabaseTasks
from desktop.widgets.buttons import KeyButton
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording import error_words
from desktop.wording.plain import tr

WAIT_SECONDS = (0, 0, 0, 2, 5, 15, 30)
"""How long the button stays closed after the nth wrong password in a row."""


class LogInPage(StartPage):
    """Asks for name and password and opens the clinic on the worker; `opened` carries what was opened."""

    opened = Signal(object)
    unfinished = Signal()
    """The first set-up of this file was cut short."""

    def __init__(
        self,
        path: Path,
        names: Sequence[str],
        tasks: DatabaseTasks,
        open_it: Callable[[Path, str, str], OpenedClinic] = open_for,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Log in"), str(path.name), parent)
        self._path, self._tasks, self._open = path, tasks, open_it
        self._wrong = 0
        self.name = TextEdit(names[0] if len(names) == 1 else "")
        self.password = TextEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.button = KeyButton(tr("Open the clinic"), "primary", tr("Enter"))
        self.column.addWidget(FormField(tr("Name"), self.name))
        self.column.addWidget(FormField(tr("Password"), self.password))
        self.finish(row(self.button))
        self.button.clicked.connect(self.submit)
        self.name.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.submit)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin where there is something to type."""
        super().showEvent(event)
        (self.password if self.name.text() else self.name).setFocus()

    def submit(self) -> None:
        """Open the clinic with what was typed."""
        if not self.button.isEnabled():
            return
        if not self.name.text().strip():
            self.say_problem(tr("Type your name first."))
            self.name.setFocus()
            return
        self.say_problem("")
        self.button.setEnabled(False)
        self._tasks.run(
            self._open,
            self._path,
            self.name.text().strip(),
            self.password.text(),
            then=self._opened,
            failed=self._failed,
            owner=self,
        )

    def _opened(self, clinic: OpenedClinic) -> None:
        self.password.clear()
        self.opened.emit(clinic)

    def _failed(self, error: KnownError) -> None:
        """Say what is wrong; after several wrong passwords the next try has to wait."""
        if isinstance(error, SetUpUnfinishedError):
            self.unfinished.emit()
            return
        seconds = 0
        if isinstance(error, WrongKey):
            seconds = WAIT_SECONDS[min(self._wrong, len(WAIT_SECONDS) - 1)]
            self._wrong += 1
        words = error_words(error)
        if seconds:
            words = tr("{problem} The next try opens in {seconds} seconds.").format(
                problem=words, seconds=seconds
            )
        self.say_problem(words)
        self.password.selectAll()
        self.password.setFocus()
        QTimer.singleShot(seconds * 1000, self, lambda: self.button.setEnabled(True))
