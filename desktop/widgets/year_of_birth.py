"""The question before something that cannot be undone by a key: whose record is this? Answered by typing it."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.paint import text_width
from desktop.wording.plain import tr

_YEAR = re.compile(r"[0-9]{4}")


class YearOfBirth(FormField):
    """Asks for the year of birth of the patient, or for their number where no birth date is on record.

    It is never filled in and never shows the answer: whoever acts reads it from the paper, the banner or the patient.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self.edit = TextEdit(width=132)
        self.edit.setMaximumWidth(theme.px(132))
        super().__init__(tr("Year of birth"), self.edit, parent=parent)
        self._born: date | None = None
        self._number = ""
        self.edit.textEdited.connect(lambda _text: self.set_problem(""))

    def sizeHint(self) -> QSize:
        """As wide as what stands below the field, where there is that room: a short sentence is one line."""
        words = self.problem() or self.hint()
        wide = round(text_width(words, theme.font("small"))) + theme.px(20 if self.problem() else 2)
        width = max(super().sizeHint().width(), wide)
        return QSize(width, self.heightForWidth(width))

    def ask(self, born: date | None, number: str) -> None:
        """Ask anew, for somebody with this birth date and number."""
        self._born, self._number = born, number
        self.clear()
        words = tr("Year of birth") if born is not None else tr("Patient's number")
        self.label.setText(words)
        self.edit.setAccessibleName(words)
        hint = (
            tr("Four digits, to be sure who it is.") if born is not None else tr("No birth date on record.")
        )
        self.set_hint(hint)

    def clear(self) -> None:
        """Forget what was typed."""
        self.edit.setText("")
        self.set_problem("")

    def is_right(self) -> bool:
        """Whether what is typed is theirs; what is wrong is said beside the field."""
        problem = self._wrong(self.edit.text().strip())
        self.set_problem(problem)
        return not problem

    def _wrong(self, typed: str) -> str:
        if self._born is None:
            same = typed.casefold().replace(" ", "") == self._number.casefold().replace(" ", "")
            return "" if typed and same else tr("Type the number as it stands in the banner.")
        if not _YEAR.fullmatch(typed):
            return tr("Type the year of birth, four digits.")
        # the right answer is not told: another patient may be meant
        return (
            "" if int(typed) == self._born.year else tr("This is another year of birth. Is it this patient?")
        )
