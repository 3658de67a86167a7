"""Log in: who and with which password. A wrong one keeps the name and says so, slower each time.

The vault counts the wrong ones, so that a new start of the program opens no faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from db.errors import Damaged, KnownError, MissingFile, NotADatabase
from db.place import Place
from desktop.start.opened import OpenedClinic, SetUpUnfinishedError, open_for
from desktop.start.page import StartPage, row
from desktop.tasks import DatabaseTasks
from desktop.widgets.buttons import KeyButton
from desktop.widgets.countdown import Countdown
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording.plain import tr


class LogInPage(StartPage):
    """Asks for name and password and opens the clinic on the worker; `opened` carries what was opened."""

    opened = Signal(object)
    unfinished = Signal()
    """The first set-up of this file was cut short."""
    damaged = Signal(str, str)
    """The file or its vault is damaged or gone: name and password as typed, for finding a way back."""
    recovery_wanted = Signal()
    """Nobody knows a password any more, and somebody has the recovery key."""

    def __init__(
        self,
        path: Place,
        names: Sequence[str],
        tasks: DatabaseTasks,
        now: Callable[[], datetime],
        open_it: Callable[[Place, str, str, datetime], OpenedClinic] = open_for,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Log in"), path.name, parent)
        self._path, self._tasks, self._now, self._open = path, tasks, now, open_it
        self.name = TextEdit(names[0] if len(names) == 1 else "")
        self.password = TextEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.button = KeyButton(tr("Open the clinic"), "primary", tr("Enter"))
        self.column.addWidget(FormField(tr("Name"), self.name))
        self.column.addWidget(FormField(tr("Password"), self.password))
        self.recover = KeyButton(tr("I have the recovery key"), "quiet")
        self.finish(row(self.button, self.recover))
        self._countdown = Countdown(self.button, self._say, self)
        self.recover.clicked.connect(self.recovery_wanted)
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
            self._now(),
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
        if isinstance(error, Damaged | MissingFile | NotADatabase) and isinstance(self._path, Path):
            self.button.setEnabled(True)
            self.damaged.emit(self.name.text().strip(), self.password.text())
            return
        self._countdown.failed(error)
        self.password.selectAll()
        self.password.setFocus()

    def _say(self, text: str, first: bool) -> None:
        if first:
            self.say_problem(text)
        else:
            self.problem.setText(text)
