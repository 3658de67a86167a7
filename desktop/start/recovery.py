"""The recovery key before the clinic is open: shown once after it was made, and typed when passwords are lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from db.errors import KnownError
from db.place import Place
from db.queries.people import Clinic
from desktop.start.opened import OpenedClinic, recover_for
from desktop.start.page import StartPage, row
from desktop.tasks import DatabaseTasks
from desktop.widgets.buttons import KeyButton
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.recovery_key import RecoveryKeyPanel
from desktop.wording import error_words
from desktop.wording.passwords import SHORTEST_PASSWORD, password_problem
from desktop.wording.plain import tr


class RecoveryKeyPage(StartPage):
    """Shows the recovery key once; the clinic opens when one group of the copy was typed back."""

    kept = Signal()

    def __init__(
        self, recovery_key: str, clinic: Clinic, made_on: date, parent: QWidget | None = None
    ) -> None:
        words = tr(
            "If every password is forgotten, only this key opens the clinic. It is shown once. "
            "Print it or write it down, and keep it where the clinic keeps its own papers."
        )
        super().__init__(tr("Keep this recovery key"), words, parent)
        self.panel = RecoveryKeyPanel(recovery_key, clinic, made_on)
        self.column.addWidget(self.panel)
        self.button = KeyButton(tr("Open the clinic"), "primary", tr("Enter"))
        self.button.setEnabled(False)
        self.finish(row(self.button))
        self.panel.kept.connect(self.button.setEnabled)
        self.button.clicked.connect(self.kept)
        self.panel.typed.returnPressed.connect(self.button.click)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the field for the copy."""
        super().showEvent(event)
        self.panel.typed.setFocus()


class RecoverPage(StartPage):
    """Asks for the recovery key, an administrator and a new password; `opened` carries the clinic."""

    opened = Signal(object)
    back = Signal()

    def __init__(
        self, place: Place, tasks: DatabaseTasks, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        words = tr(
            "The key on paper gives an administrator a new password. Dashes and small letters do not matter."
        )
        super().__init__(tr("Use the recovery key"), words, parent)
        self._place, self._tasks, self._now = place, tasks, now
        self.key, self.name, self.password, self.again = TextEdit(), TextEdit(), TextEdit(), TextEdit()
        for field in (self.password, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        hint = tr("At least {count} characters.").format(count=SHORTEST_PASSWORD)
        self.fields = {
            "key": FormField(tr("Recovery key"), self.key),
            "name": FormField(tr("Log-in name of an administrator"), self.name),
            "password": FormField(tr("New password"), self.password, hint),
            "again": FormField(tr("New password again"), self.again),
        }
        for frame in self.fields.values():
            self.column.addWidget(frame)
        self.button = KeyButton(tr("Open the clinic"), "primary", tr("Enter"))
        self.back_button = KeyButton(tr("Back to log in"), "quiet", "Esc")
        self.finish(row(self.button, self.back_button))
        self.button.clicked.connect(self.submit)
        self.again.returnPressed.connect(self.submit)
        self.back_button.clicked.connect(self.back)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.back_button.click)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the key."""
        super().showEvent(event)
        self.key.setFocus()

    def submit(self) -> None:
        """Say what is missing beside its field, else try."""
        wrong = {name: tr("Needed.") for name in ("key", "name") if not self._text(name).strip()}
        wrong |= password_problem(self.password.text(), self.again.text())
        if not self.begins(self.fields, wrong, self.button):
            return
        self._tasks.run(
            recover_for,
            self._place,
            self.key.text(),
            self.name.text().strip(),
            self.password.text(),
            self._now(),
            then=self._opened,
            failed=self._failed,
            owner=self,
        )

    def _text(self, name: str) -> str:
        field = self.fields[name].field
        assert isinstance(field, QLineEdit)
        return field.text()

    def _opened(self, clinic: OpenedClinic) -> None:
        for field in (self.key, self.password, self.again):
            field.clear()
        self.opened.emit(clinic)

    def _failed(self, error: KnownError) -> None:
        self.button.setEnabled(True)
        words = error_words(error)
        names = error.values.get("names")
        if error.code == "not-an-administrator" and isinstance(names, tuple):
            known = tr("Administrators here: {names}.").format(names=", ".join(map(str, names)))
            words = f"{words} {known}"
        self.say_problem(words)
        where = self.name if error.code == "not-an-administrator" else self.key
        self.show_field(where)
