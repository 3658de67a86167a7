"""The recovery key on the screen, once: to be printed, saved or copied by hand, and typed back in part."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from db.errors import KnownError
from db.queries.people import Clinic
from desktop import theme
from desktop.language import spoken
from desktop.list_paper import paper_clinic
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.labels import Label
from desktop.widgets.pdf_output import NotSavedError, ask_printer, has_printer, write_pdf
from desktop.widgets.printing import print_pdf
from desktop.widgets.surface import Surface
from desktop.wording import error_words, plain_date
from desktop.wording.paper_errors import paper_words
from desktop.wording.plain import tr
from reports import PaperError, render_recovery_sheet

GROUPS_A_LINE = 3


class RecoveryKeyPanel(QWidget):
    """Shows a recovery key and asks for one group of it back; `kept(bool)` says whether it was typed right.

    The group asked for is not always the same one, so that nobody learns only that one.
    """

    kept = Signal(bool)

    def __init__(
        self, recovery_key: str, clinic: Clinic, made_on: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key, self._clinic, self._made_on = recovery_key, clinic, made_on
        self._groups = recovery_key.split("-")
        self.asked = secrets.randbelow(len(self._groups))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        panel = Surface("panel", radius=10)
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(*(theme.px(n) for n in (18, 14, 18, 14)))
        self.key = Label(in_lines(recovery_key), role="title")
        self.key.setTextInteractionFlags(
            self.key.textInteractionFlags().TextSelectableByMouse
            | self.key.textInteractionFlags().TextSelectableByKeyboard
        )
        self.key.setAccessibleName(tr("Recovery key: {key}").format(key=recovery_key))
        inside.addWidget(self.key)
        column.addWidget(panel)
        self.print_button = KeyButton(tr("Print the key"), "soft", icon="print")
        self.save_button = KeyButton(tr("Save as PDF"), "soft")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        for button in (self.print_button, self.save_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.said = Label("", role="small", tone="text2", wrap=True)
        self.said.hide()
        column.addWidget(self.said)
        self.typed = TextEdit(width=140)
        self.field = FormField(
            tr("Type group {number} of your copy").format(number=self.asked + 1),
            self.typed,
            tr("So that a copy exists before the key is gone from here."),
        )
        column.addWidget(self.field)
        self.print_button.clicked.connect(self._print)
        self.save_button.clicked.connect(self._choose_folder)
        self.typed.textChanged.connect(self._compare)

    def is_kept(self) -> bool:
        """Whether the group asked for was typed as it stands in the key."""
        typed = "".join(sign for sign in self.typed.text().upper() if sign.isalnum())
        return typed == self._groups[self.asked]

    def save_into(self, folder: Path) -> Path | None:
        """Save the sheet as PDF into a folder; None, with the reason said, when that is not possible."""
        try:
            path = write_pdf(folder, "recovery-key", self._sheet())
        except (NotSavedError, PaperError) as error:
            self._say(
                tr("Not saved: {reason}").format(
                    reason=paper_words(error) if isinstance(error, PaperError) else error
                )
            )
            return None
        self._say(
            tr("Saved as {path}. Print it, then delete the file: it opens the record.").format(path=path)
        )
        return path

    def _sheet(self) -> bytes:
        return render_recovery_sheet(
            paper_clinic(self._clinic), self._key, plain_date(self._made_on), spoken()
        )

    def _choose_folder(self) -> None:
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder for the recovery key"), start)
        if chosen:
            self.save_into(Path(chosen))

    def _print(self) -> None:
        if not has_printer():
            self._say(tr("This computer knows no printer. Save it as PDF, or copy it by hand."))
            return
        printer = ask_printer(self)
        if printer is None:
            return
        try:
            print_pdf(self._sheet(), printer, lambda _done, _of, _what: None)
        except KnownError as error:
            self._say(error_words(error))
            return
        self._say(tr("Sent to the printer."))

    def _compare(self, text: str) -> None:
        kept = self.is_kept()
        signs = [sign for sign in text if sign.isalnum()]
        wrong = len(signs) >= len(self._groups[self.asked]) and not kept
        self.field.set_problem(tr("This group reads differently in the key above.") if wrong else "")
        self.kept.emit(kept)

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.show()
        announce(self, text)


def in_lines(recovery_key: str) -> str:
    """The key in lines of a few groups, as it is copied by hand."""
    groups = recovery_key.split("-")
    lines = [groups[at : at + GROUPS_A_LINE] for at in range(0, len(groups), GROUPS_A_LINE)]
    return "\n".join(" - ".join(line) for line in lines)
