"""A question with fields that stays open until the answer is saved, so that nothing typed is lost on an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget

from db.errors import KnownError
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.dialogs import Dialog
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.labels import Label
from desktop.wording import error_words
from desktop.wording.passwords import SHORTEST_PASSWORD, password_problem
from desktop.wording.plain import tr


@dataclass
class Seen:
    """The version of the row that the one who types has seen; after a conflict, of what was shown then."""

    version: int


class AskDialog(Dialog):
    """`check` says what is wrong by field, `send(done, failed)` saves; the dialog closes when `done` is called."""

    def __init__(
        self,
        title: str,
        text: str,
        act: str,
        fields: Mapping[str, FormField],
        check: Callable[[], Mapping[str, str]],
        send: Callable[[Callable[[], None], Callable[[KnownError], None]], object],
        parent: QWidget,
        kind: str = "primary",
        seen: Seen | None = None,
    ) -> None:
        super().__init__(title, text, parent)
        self._seen = seen
        self.fields, self._check, self._send = dict(fields), check, send
        for field in self.fields.values():
            self.content.addWidget(field)
        self.problem = Label("", tone="overdue_word", weight=500, wrap=True)
        self.problem.hide()
        self.content.addWidget(self.problem)
        self.conflict = ChangedMeanwhile()
        self.content.addWidget(self.conflict)
        self.act = KeyButton(act, "danger" if kind == "danger" else "primary", "Ctrl ↵")
        self.add_buttons(KeyButton(tr("Cancel"), "soft", "Esc"), self.act)
        if self.fields:
            next(iter(self.fields.values())).field.setFocus()

    def accept(self) -> None:
        """Save; what is missing or refused is said here, and the dialog stays."""
        if not self.act.isEnabled():
            return
        wrong = self._check()
        for name, field in self.fields.items():
            field.set_problem(wrong.get(name, ""))
        if wrong:
            self.fields[next(iter(wrong))].field.setFocus()
            return
        self.act.setEnabled(False)
        self.problem.hide()
        self.conflict.clear()
        self._send(self._saved, self._failed)

    def _saved(self) -> None:
        for field in self.fields.values():
            if isinstance(field.field, QLineEdit) and field.field.echoMode() is QLineEdit.EchoMode.Password:
                field.field.clear()
        self.done(QDialog.DialogCode.Accepted)

    def _failed(self, error: KnownError) -> None:
        self.act.setEnabled(True)
        now = error.values.get("version")
        if (
            self._seen is not None
            and isinstance(now, int)
            and self.conflict.took(error, self._typed(), self.accept, self.reject)
        ):
            self._seen.version = now  # what is saved from here on is saved over what was shown
            return
        words = error_words(error)
        self.problem.setText(words)
        self.problem.show()
        announce(self, words, urgent=True)

    def _typed(self) -> list[tuple[str, object]]:
        """What stands in the fields, passwords apart."""
        told: list[tuple[str, object]] = []
        for frame in self.fields.values():
            field = frame.field
            if isinstance(field, QLineEdit) and field.echoMode() is QLineEdit.EchoMode.Password:
                continue
            shown = field.currentText() if isinstance(field, QComboBox) else getattr(field, "text", str)()
            told.append((frame.label.text(), shown))
        return told


def needed(*named: tuple[str, TextEdit]) -> dict[str, str]:
    """Which of these fields are empty and must not be."""
    return {name: tr("Needed.") for name, field in named if not field.text().strip()}


class PasswordFields:
    """A new password and the same again."""

    def __init__(self, label: str) -> None:
        self.password, self.again = TextEdit(), TextEdit()
        for field in (self.password, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        hint = tr("At least {count} characters.").format(count=SHORTEST_PASSWORD)
        self.fields = {
            "password": FormField(label, self.password, hint),
            "again": FormField(tr("The same again"), self.again),
        }

    def problems(self) -> dict[str, str]:
        """What is wrong, by field."""
        return password_problem(self.password.text(), self.again.text())

    def clear(self) -> None:
        """Empty both."""
        self.password.clear()
        self.again.clear()
