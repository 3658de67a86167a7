"""One visit to be booked: its day and its dose, each of which may be set by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from desktop import theme
from desktop.plan.visit_days import Edit, Visit
from desktop.plan.widths import held
from desktop.plan.words import problem_words
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.labels import Label
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.wording.plain import tr

WIDTH = 284


class VisitLine(QWidget):
    """Number, day, dose, and below them what is wrong. `edited` when the user set either anew."""

    edited = Signal()

    def __init__(self, place: int, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self._visit: Visit | None = None
        self._edit = Edit()
        self.on = held(DateEdit(today=today), 148)
        self.dose = QuantityEdit([("mg", "mg")], width=92)
        name = tr("Visit {number}").format(number=place + 1)
        self.on.setAccessibleName(tr("{visit}, day").format(visit=name))
        self.dose.setAccessibleName(tr("{visit}, dose").format(visit=name))
        self._words = Label("", role="small", tone="overdue_word", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(6))
        grid.setVerticalSpacing(theme.px(3))
        number = Label(str(place + 1), weight=600, tone="text2")
        number.setFixedWidth(theme.px(16))
        grid.addWidget(number, 0, 0)
        grid.addWidget(self.on, 0, 1)
        grid.addWidget(self.dose, 0, 2)
        grid.addWidget(self._words, 1, 1, 1, 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(3, 1)
        self.setFixedWidth(theme.px(WIDTH))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.on.textEdited.connect(lambda _text: self._typed())
        self.on.date_changed.connect(lambda _day: self._typed())
        self.dose.changed.connect(self._typed)

    def _typed(self) -> None:
        """What differs from what was worked out is a wish; what is emptied is worked out again."""
        if self._filling or self._visit is None:
            return
        day, typed = self.on.day(), self.dose.typed()
        dose = typed.value if typed is not None and not typed.comparator else None
        on = self._edit.on if day is None and self.on.text().strip() else day
        if on == self._visit.on and self._edit.on is None:
            on = None
        if dose == self._visit.dose_mg and self._edit.dose_mg is None:
            dose = None
        if Edit(on, dose) != self._edit:
            self._edit = Edit(on, dose)
            self.edited.emit()
        self._say()

    def edit(self) -> Edit:
        """What was set by hand."""
        return self._edit

    def show_visit(self, visit: Visit, edit: Edit) -> None:
        """Show a visit; a field that is being typed in keeps its text."""
        self._visit, self._edit, self._filling = visit, edit, True
        if self.on.day() != visit.on and not self.on.hasFocus():
            self.on.set_day(visit.on)
        typed = self.dose.typed()
        if (typed is None or typed.value != visit.dose_mg) and not self.dose.value_field.hasFocus():
            self.dose.set_value(visit.dose_mg)
        self._filling = False
        self._say()

    def problem(self) -> str:
        """What is said to be wrong."""
        return self._words.text()

    def unreadable(self) -> bool:
        """Whether a day or a dose is typed that is none."""
        return bool(self.on.problem() or self.dose.problem())

    def _say(self) -> None:
        said = [self.on.problem(), self.dose.problem()]
        if self._visit is not None and not any(said):
            said += [problem_words(problem) for problem in self._visit.problems]
        words = " ".join(text for text in said if text)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.on.setAccessibleDescription(words)
        self.dose.value_field.setAccessibleDescription(words)
