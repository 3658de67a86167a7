"""The reason for a dose that was given although a safety gate stood in the way."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.widgets.fields import FormField, TextEdit
from desktop.wording.plain import tr


class Although(FormField):
    """A field that is there only while something is in the way, and then wants a reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.edit = TextEdit()
        super().__init__(tr("Given although a safety check says no, because"), self.edit, parent=parent)
        self._wanted = False
        self.hide()

    def show_for(self, blocked: int) -> None:
        """Be there while `blocked` gates are in the way."""
        self._wanted = bool(blocked)
        self.setVisible(self._wanted)
        self.set_problem("")

    def reason(self) -> str | None:
        """What was typed; None while no reason is wanted."""
        return (self.edit.text().strip() or None) if self._wanted else None

    def check(self) -> bool:
        """Whether the dose may be recorded; without a reason that is wanted it says so and takes the keyboard."""
        missing = self._wanted and self.reason() is None
        self.set_problem(tr("Needed: who decided it, and why.") if missing else "")
        if missing:
            self.edit.setFocus()
        return not missing
