"""The recovery key: what it is for, and a new one when the paper is lost or somebody has seen it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db import queries, vault
from db.engine import Database
from db.errors import KnownError
from db.regain import new_recovery_key
from db.stamp import Stamp
from desktop.settings_page.ask import AskDialog
from desktop.settings_page.section import Section, button_row
from desktop.settings_page.tools import Tools, allow
from desktop.widgets.buttons import KeyButton
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.recovery_key import RecoveryKeyPanel
from desktop.wording.plain import tr


class RecoverySection(Section):
    """Makes a new key after the password was typed, and shows it until one group of the copy is typed back."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "If every password is forgotten, only the recovery key on paper opens the clinic. It cannot be shown "
            "again. If the paper is lost, or somebody has seen it, make a new key: the old one then opens nothing."
        )
        super().__init__(tools, tr("Recovery key"), words, parent)
        self.make = KeyButton(tr("Make a new recovery key"), "soft")
        self.column.addWidget(button_row(self.make))
        self.say_for_whom("note_new_recovery_key")
        self.panel: RecoveryKeyPanel | None = None
        self.kept = KeyButton(tr("My copy is kept"), "primary")
        self.kept.hide()
        self.column.addWidget(button_row(self.kept))
        self.finish()
        self.make.clicked.connect(self._ask)
        self.kept.clicked.connect(self._put_away)
        allow(self.make, self.parts, "note_new_recovery_key")

    def first_focus(self) -> QWidget:
        """The one button, or the field for the copy."""
        return self.make if self.panel is None else self.panel.typed

    def unsaved(self) -> str:
        """A key that is shown and has not been copied would be gone with the window."""
        return "" if self.panel is None else tr("The new recovery key has not been copied yet.")

    def _ask(self) -> None:
        password = TextEdit()
        password.setEchoMode(TextEdit.EchoMode.Password)

        def check() -> dict[str, str]:
            return {} if password.text() else {"password": tr("Needed.")}

        def send(done: object, failed: object) -> None:
            assert callable(done)
            assert callable(failed)

            def made(key: str) -> None:
                done()
                self._show(key)

            def not_made(error: KnownError) -> None:
                if error.code == "wrong-key":
                    dialog.fields["password"].set_problem(tr("This is not your password."))
                    dialog.act.setEnabled(True)
                else:
                    failed(error)

            self.parts.tasks.run(
                make_key, self.tools.database, password.text(), self.parts.clock(),
                then=made, failed=not_made, owner=self,
            )  # fmt: skip

        dialog = AskDialog(
            tr("Make a new recovery key?"), tr("The paper you have now opens nothing afterwards."),
            tr("Make a new key"), {"password": FormField(tr("Your password"), password)}, check, send, self,
        )  # fmt: skip
        dialog.exec()

    def _show(self, key: str) -> None:
        self.panel = RecoveryKeyPanel(key, self.parts.clinic, self.parts.clock().today)
        self.column.insertWidget(self.column.indexOf(self.problem) - 1, self.panel)
        self.make.hide()
        self.kept.show()
        self.kept.setEnabled(False)
        self.panel.kept.connect(self.kept.setEnabled)
        self.panel.typed.setFocus()

    def _put_away(self) -> None:
        if self.panel is not None:
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None
        self.kept.hide()
        self.make.show()
        self.make.setFocus()
        self.say(tr("The new recovery key counts. Destroy the old paper."))


def make_key(database: Database, password: str, stamp: Stamp) -> str:
    """A new recovery key, once the password of whoever asks was typed right. Raises as unlocking does."""
    with database.read() as session:
        login = next(row.login for row in queries.staff(session, stamp.today) if row.id == stamp.user_id)
    vault.try_unlock(database.place, login, password, stamp.at)
    return new_recovery_key(database, stamp)
