"""A planned visit put on another day, in a line below the plan: the new day and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.wording.plain import tr


class MoveLine(QWidget):
    """Hidden until `ask`; `wanted` carries the day and the reason once both are typed."""

    wanted = Signal(object, str)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.on = DateEdit(today=today)
        self.on.setFixedWidth(theme.px(148))
        self.reason = TextEdit(width=220, placeholder=tr("asked for another day"))
        self.on_field = FormField(tr("New day"), self.on)
        self.reason_field = FormField(tr("Why"), self.reason)
        self.button = KeyButton(tr("Move the visit"), "soft", tr("Enter"))
        row = FlowRow(theme.px(12))
        row.add(self.on_field)
        row.add(self.reason_field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(row)
        column.addWidget(self.button)
        self.on.returnPressed.connect(self.submit)
        self.reason.returnPressed.connect(self.submit)
        self.button.clicked.connect(self.submit)
        self.hide()

    def ask(self, planned: date) -> None:
        """Ask for the day, beginning with the planned one or today where that has passed."""
        self.on.set_day(max(planned, self._today()))
        self.reason.clear()
        self.on_field.set_problem("")
        self.reason_field.set_problem("")
        self.show()
        self.on.setFocus()
        self.on.selectAll()

    def submit(self) -> None:
        """Give what was typed away, or say what is missing."""
        day = self.on.day()
        wrong = self.on.problem() or ("" if day else tr("Needed."))
        if day is not None and day < self._today():
            wrong = tr("This day has passed.")
        self.on_field.set_problem(wrong)
        why = self.reason.text().strip()
        self.reason_field.set_problem("" if why else tr("Needed."))
        if not wrong and why:
            self.wanted.emit(day, why)
        else:
            (self.on if wrong else self.reason).setFocus()
