"""Dialogs, for what cannot be undone and for a bug. Everything else is a line in the page."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.fields import FormField, NoteEdit, TextEdit
from desktop.widgets.labels import Label

MARGIN = 24


class Dialog(QDialog):
    """A question as its title, what happens, `content` for fields, and buttons: the safe one first (Esc)."""

    def __init__(self, title: str, text: str = "", parent: QWidget | None = None, width: int = 420) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setFixedWidth(theme.px(width))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.px(MARGIN)] * 4)
        column.setSpacing(theme.px(8))
        column.addWidget(Label(title, role="h2", wrap=True))
        if text:
            column.addWidget(Label(text, role="body", tone="text2", wrap=True))
        self.content = QVBoxLayout()
        self.content.setSpacing(theme.px(12))
        column.addSpacing(theme.px(4))
        column.addLayout(self.content)
        column.addSpacing(theme.px(4))
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.px(8))
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)

    def exec(self) -> int:
        """Show it and wait for the answer. Unlike Qt's own it survives being hidden, as by the lock."""
        loop = QEventLoop()
        self.finished.connect(loop.quit)
        self.destroyed.connect(loop.quit)
        self.show()
        loop.exec()
        return self.result() if shiboken6.isValid(self) else 0

    def add_buttons(self, safe: KeyButton, act: KeyButton | None = None) -> None:
        """The button that changes nothing, and the one that acts (Ctrl+Return while it is enabled). The dialog is as
        wide as both need.
        """
        safe.clicked.connect(self.reject)
        self._buttons.addWidget(safe)
        both = [safe] if act is None else [safe, act]
        wide = sum(one.sizeHint().width() + theme.px(8) for one in both) + 2 * theme.px(MARGIN)
        self.setFixedWidth(max(self.minimumWidth(), wide))
        if act is None:
            safe.setDefault(True)
            return
        act.clicked.connect(self.accept)
        self._buttons.addWidget(act)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, act.click)


class ConfirmDialog(Dialog):
    """For what cannot be undone in one step: the act stays disabled until the year of birth fits.

    `question` names the patient, `what` says what happens, `act` is the deed in full ("Mark as deceased").
    """

    def __init__(
        self,
        question: str,
        what: str,
        act: str,
        year_of_birth: int,
        safe: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(question, what, parent)
        self._year = year_of_birth
        self.year_field = TextEdit(width=90)
        self.year_field.setMaxLength(4)
        self._frame = FormField(self.tr("Year of birth, to confirm"), self.year_field)
        self.year_field.setMaximumWidth(theme.px(90))
        self.content.addWidget(self._frame)
        self.safe_button = KeyButton(safe, "soft", "Esc")
        self.act_button = KeyButton(act, "danger", "Ctrl ↵")
        self.act_button.setEnabled(False)
        self.add_buttons(self.safe_button, self.act_button)
        self.year_field.textChanged.connect(self._check)
        self.year_field.setFocus()

    def _check(self, text: str) -> None:
        fits = text.strip() == str(self._year)
        self.act_button.setEnabled(fits)
        wrong = len(text.strip()) == 4 and not fits
        self._frame.set_problem(self.tr("This is not the year in the record.") if wrong else "")


class BugDialog(Dialog):
    """Something unforeseen happened: what to do, and the trace (which holds no patient's data) to pass on."""

    def __init__(self, where: str, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Something went wrong in Replete"),
            self.tr(
                "The last action may not have been saved: look before you do it again. The lines below hold no "
                "patient's data; give them to whoever looks after Replete for you."
            ),
            parent,
            width=520,
        )
        self.trace = NoteEdit(lines=8)
        self.trace.setPlainText(where)
        self.trace.setReadOnly(True)
        self.trace.setAccessibleName(self.tr("Where it happened"))
        self.trace.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.content.addWidget(self.trace)
        self.add_buttons(KeyButton(self.tr("Go on working"), "soft", "Esc"))
