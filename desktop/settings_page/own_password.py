"""My password: the old one, and a new one twice."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from db import accounts
from db.errors import KnownError
from desktop.settings_page.ask import PasswordFields
from desktop.settings_page.section import Section, button_row, form
from desktop.settings_page.tools import Tools, account_change
from desktop.widgets.buttons import KeyButton
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording.plain import tr


class OwnPasswordSection(Section):
    """Changes the password of whoever is logged in."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, tr("My password"), tr("It opens the clinic and unlocks the window."), parent)
        self.old = TextEdit()
        self.old.setEchoMode(QLineEdit.EchoMode.Password)
        self.new = PasswordFields(tr("New password"))
        self.fields = {"old": FormField(tr("Password now"), self.old), **self.new.fields}
        self.column.addWidget(form(*self.fields.values()))
        self.button = KeyButton(tr("Change my password"), "primary", tr("Enter"))
        self.column.addWidget(button_row(self.button))
        self.finish()
        self.button.clicked.connect(self.submit)
        self.new.again.returnPressed.connect(self.submit)

    def first_focus(self) -> QWidget:
        """The password that is to be changed."""
        return self.old

    def submit(self) -> None:
        """Check and change; the fields are emptied once it is done."""
        wrong = {} if self.old.text() else {"old": tr("Needed.")}
        wrong |= self.new.problems()
        for name, field in self.fields.items():
            field.set_problem(wrong.get(name, ""))
        if wrong:
            self.fields[next(iter(wrong))].field.setFocus()
            return
        self.button.setEnabled(False)
        account_change(
            self.tools, accounts.change_own_password, self.old.text(), self.new.password.text(),
            self.parts.clock(), then=self._done, failed=self._not_done, owner=self,
        )  # fmt: skip

    def _done(self) -> None:
        self.button.setEnabled(True)
        self.old.clear()
        self.new.clear()
        self.say(tr("Your password is changed."))

    def _not_done(self, error: KnownError) -> None:
        self.button.setEnabled(True)
        if error.code == "wrong-key":
            self.fields["old"].set_problem(tr("This is not your password."))
            self.old.setFocus()
        else:
            self.failed(error)
