"""The emergency door: when the role does not allow a clinical act, it can be done all the same, with a reason.

It is offered in the foot where the refusal is said, for the acts whose line in the table of roles opens in an
emergency. Each use stands in the audit with its reason and on the list of those who review it.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from db.operations.role_table import TABLE
from desktop.main_window import MainWindow
from desktop.tasks import Barred, DatabaseTasks
from desktop.widgets.buttons import KeyButton
from desktop.widgets.dialogs import Dialog
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording import role_name
from desktop.wording.plain import tr

SHORTEST_REASON = 5


def attach_emergency_door(window: MainWindow, tasks: DatabaseTasks) -> None:
    """Offer the door in the foot of `window` whenever the role bars a write of `tasks`."""
    tasks.barred.connect(partial(_offer, window))


def _offer(window: MainWindow, barred: Barred) -> None:
    """Say for whom it is, and offer the door where there is one."""
    allowed = barred.error.values.get("may", ())
    names = ", ".join(role_name(str(role)) for role in allowed) if isinstance(allowed, tuple) else ""
    words = tr("Not saved. This is for: {roles}.").format(roles=names or tr("nobody"))
    line = TABLE.get(str(barred.error.values.get("operation", "")))
    if line is None or not line.emergency:
        window.foot.say(words, problem=True)
        return
    window.foot.say(words, partial(ask, window, barred), problem=True, act=tr("Do it in an emergency …"))


def ask(window: MainWindow, barred: Barred) -> None:
    """Ask for the reason, then do it once more under it."""
    dialog = EmergencyDialog(window)
    if dialog.exec():
        barred.again(dialog.reason())


class EmergencyDialog(Dialog):
    """Wants a reason in a few words; without one nothing happens."""

    def __init__(self, parent: QWidget) -> None:
        words = tr(
            "Your role does not allow this. In an emergency do it all the same: your name and the reason are kept, "
            "and a manager or an administrator looks at it afterwards."
        )
        super().__init__(tr("Do it in an emergency?"), words, parent)
        self.typed = TextEdit(placeholder=tr("What cannot wait, and who was asked"))
        self.field = FormField(tr("Why"), self.typed)
        self.content.addWidget(self.field)
        self.act = KeyButton(tr("Do it now"), "danger", "Ctrl ↵")
        self.add_buttons(KeyButton(tr("Leave it"), "soft", "Esc"), self.act)
        self.typed.setFocus()

    def reason(self) -> str:
        """What was typed."""
        return self.typed.text().strip()

    def accept(self) -> None:
        """Only with a reason."""
        if len(self.reason()) < SHORTEST_REASON:
            self.field.set_problem(tr("Say why, in a few words."))
            self.typed.setFocus()
            return
        super().accept()
