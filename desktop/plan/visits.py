"""The visits: the split, the first day, each visit's day and dose, and the laboratory window that follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import theme
from desktop.plan.outline import Outline
from desktop.plan.visit_grid import VisitGrid
from desktop.widgets.chips import FilterRow
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.wording import long_date, milligrams, number
from desktop.wording.plain import tr


class VisitsSection(QWidget):
    """Chips for the splits, the first day, a grid of weeks. `split_chosen` and `start_chosen` are the wishes."""

    split_chosen = Signal(int)
    start_chosen = Signal(object)

    def __init__(self, start: date, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.splits = FilterRow()
        self.start = DateEdit(start, today=today)
        self.grid = VisitGrid()
        self.none = Label("", tone="text2", wrap=True)
        line = QHBoxLayout()
        line.setSpacing(theme.px(16))
        line.addWidget(FormField(tr("First visit from"), self.start))
        line.addWidget(self.splits, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addLayout(line)
        column.addWidget(self.none)
        column.addWidget(self.grid)
        self.splits.chosen.connect(lambda name: self.split_chosen.emit(int(name)))
        self.start.date_changed.connect(self.start_chosen)

    def show_outline(self, outline: Outline, today: date) -> None:
        """Show the visits worked out, or say why there are none."""
        chosen = str(next((i for i, s in enumerate(outline.splits) if s == _doses(outline)), 0))
        self.splits.set_filters(
            [(str(place), split_words(split), None, None) for place, split in enumerate(outline.splits)],
            chosen,
        )
        self.splits.setVisible(bool(outline.splits))
        self.grid.show_outline(outline, today)
        self.grid.setVisible(bool(outline.visits))
        self.none.setVisible(not outline.visits)
        if outline.total_mg is None:
            self.none.setText(tr("Weight and haemoglobin give the need, and the need gives the visits."))
        else:
            self.none.setText(tr("No visit can be planned from what is known."))


class BookingList(QWidget):
    """What saving books in one go, line by line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))

    def show_outline(self, outline: Outline) -> None:
        """One line a visit, then the repeat blood tests."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for place, visit in enumerate(outline.visits, start=1):
            words = tr("Visit {number}, {dose}").format(number=place, dose=milligrams(visit.dose_mg))
            self._add(words, long_date(visit.on))
        if outline.lab_on is not None and outline.window is not None:
            day = (outline.lab_on - outline.window.anchor).days
            self._add(tr("Repeat blood tests, day {day}").format(day=day), long_date(outline.lab_on))
        if not outline.visits:
            self._column.addWidget(Label(tr("Nothing yet."), tone="text3"))

    def _add(self, words: str, day: str) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(Mark(Status.PLANNED))
        row.addWidget(Label(words, weight=500), 1)
        row.addWidget(Label(day, role="small", tone="text2"))
        self._column.addWidget(line)


def _doses(outline: Outline) -> tuple[Decimal, ...]:
    return tuple(visit.dose_mg for visit in outline.visits)


def split_words(split: tuple[Decimal, ...]) -> str:
    """`1,000 + 500 mg`; many equal doses as `5 × 200 mg`."""
    if len(split) > 2 and len(set(split)) == 1:
        return f"{len(split)} × {milligrams(split[0])}"
    return " + ".join(number(dose) for dose in split) + " mg"
