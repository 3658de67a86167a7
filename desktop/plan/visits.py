"""The visits: the split, each visit's day and dose, the weeks they fall in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.queries.people import ClinicCalendar
from desktop import theme
from desktop.plan.outline import Outline
from desktop.plan.visit_days import Edit
from desktop.plan.visit_grid import VisitGrid
from desktop.plan.visit_line import VisitLine
from desktop.plan.words import split_words
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.chips import FilterChip
from desktop.widgets.choosing import choose_by, mark
from desktop.widgets.flow import FlowLayout, FlowRow
from desktop.widgets.gate_list import clear
from desktop.widgets.labels import Label, block_heading
from desktop.widgets.marks import Mark, Status
from desktop.wording import long_date, milligrams
from desktop.wording.plain import tr


class VisitsSection(QWidget):
    """Chips for the splits, a line a visit, a grid of weeks. Its signals are the user's wishes."""

    split_chosen = Signal(int)
    edited = Signal()
    add_wanted = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._splits: tuple[tuple[object, ...], ...] = ()
        self.chips: list[FilterChip] = []
        self.lines: list[VisitLine] = []
        self.grid = VisitGrid()
        self.none = Label("", tone="text2", wrap=True)
        self.cap = Label("", role="small", tone="text2", elide=True)
        self.rest = Label("", role="small", tone="overdue_word", weight=500)
        self.add = KeyButton(tr("Add a visit"), "soft", tr("Alt V"), height=LINE_HEIGHT)
        self._chip_row = QHBoxLayout()
        self._chip_row.setSpacing(theme.px(6))
        self._line_row = FlowRow(theme.px(12))
        self._lay_out()
        self.add.clicked.connect(self.add_wanted)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(block_heading(tr("Visits")))
        head.addLayout(self._chip_row)
        head.addStretch(1)
        head.addWidget(self.cap)
        rest = QHBoxLayout()
        rest.setSpacing(theme.px(12))
        rest.addWidget(self.rest)
        rest.addWidget(self.add)
        rest.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addLayout(head)
        column.addWidget(self.none)
        column.addWidget(self._line_row)
        column.addLayout(rest)
        column.addWidget(self.grid)

    def edits(self) -> tuple[Edit, ...]:
        """What was set by hand, visit by visit; empty when nothing was."""
        found = tuple(line.edit() for line in self.lines)
        return found if any(edit != Edit() for edit in found) else ()

    def unreadable(self) -> bool:
        """Whether a day or a dose is typed that is none."""
        return any(line.unreadable() for line in self.lines)

    def first_wrong(self) -> QWidget | None:
        """The first visit that cannot be booked as it is."""
        return next((line.on for line in self.lines if line.problem()), None)

    def show_outline(
        self,
        outline: Outline,
        edits: tuple[Edit, ...],
        split: int,
        calendar: ClinicCalendar,
        cap: str,
    ) -> None:
        """Show the visits worked out, or say why there are none."""
        self._show_splits(outline, split)
        while len(self.lines) > len(outline.visits):
            self._drop(self.lines.pop())
        while len(self.lines) < len(outline.visits):
            line = VisitLine(len(self.lines), self._today)
            line.edited.connect(self.edited)
            self.lines.append(line)
            self._line_row.add(line)
        for place, (line, visit) in enumerate(zip(self.lines, outline.visits, strict=True)):
            line.show_visit(visit, edits[place] if place < len(edits) else Edit())
        self.grid.show_outline(outline, self._today(), calendar)
        self._show_rest(outline)
        self.cap.setText(cap)
        for widget in (self._line_row, self.grid, self.cap):
            widget.setVisible(bool(outline.visits))
        self.none.setVisible(not outline.visits)
        self.none.setText(
            tr("Weight and haemoglobin give the need, and the need gives the visits.")
            if outline.total_mg is None
            else tr("Nothing is left to plan.")
        )

    def _drop(self, line: VisitLine) -> None:
        line.hide()
        line.setParent(None)
        line.deleteLater()

    def _show_splits(self, outline: Outline, split: int) -> None:
        if outline.splits != self._splits:
            self._splits = outline.splits
            for chip in self.chips:
                self._chip_row.removeWidget(chip)
                chip.hide()
                chip.deleteLater()
            self.chips = []
            for place, doses in enumerate(outline.splits):
                chip = FilterChip(split_words(doses))
                chip.setAutoExclusive(True)
                choose_by(chip, partial(self.split_chosen.emit, place))
                self._chip_row.addWidget(chip)
                self.chips.append(chip)
        for place, chip in enumerate(self.chips):
            mark(chip, place == min(split, len(self.chips) - 1))

    def _show_rest(self, outline: Outline) -> None:
        rest = outline.rest_mg
        words = ""
        if rest > 0:
            words = tr("{mg} of the plan are in no visit.").format(mg=milligrams(rest))
        elif rest < 0:
            words = tr("{mg} more than the plan.").format(mg=milligrams(-rest))
        self.rest.setText(words)
        self.rest.setVisible(bool(words) and bool(outline.visits))
        self.add.setVisible(rest > 0 and bool(outline.visits))


class BookingList(QWidget):
    """What saving books in one go, line by line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.px(6))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(8))
        heading = block_heading(tr("Saving books in one go"))
        heading.setWordWrap(True)
        whole.addWidget(heading)
        whole.addLayout(self._column)

    def show_outline(self, outline: Outline) -> None:
        """One line a visit, then the repeat blood tests."""
        clear(self._column)
        for place, visit in enumerate(outline.visits, start=1):
            words = tr("Visit {number}, {dose}").format(number=place, dose=milligrams(visit.dose_mg))
            least = tr("more than {count} min") if visit.more_than else tr("{count} min")
            minutes = least.format(count=visit.min_minutes) if visit.min_minutes else ""
            self._add(words, ", ".join(part for part in (long_date(visit.on), minutes) if part))
        if outline.lab_on is not None and outline.window is not None:
            day = tr("{day}, day {count}").format(
                day=long_date(outline.lab_on), count=(outline.lab_on - outline.window.anchor).days
            )
            self._add(tr("Repeat bloods"), day)
        if not outline.visits:
            self._column.addWidget(Label(tr("Nothing yet."), tone="text3"))

    def _add(self, words: str, day: str) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(Mark(Status.PLANNED), 0, Qt.AlignmentFlag.AlignTop)
        # the day stands below where both are too long for one line
        both = FlowLayout(spacing=theme.px(8), line_spacing=theme.px(2))
        both.addWidget(Label(words, weight=500))
        both.set_trailing(Label(day, role="small", tone="text2"))
        row.addLayout(both, 1)
        self._column.addWidget(line)
