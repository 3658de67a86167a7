"""The Overdue page: matrix, chips and table at the left; ladder, history and the call at the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinical.protocol import Protocol
from db.changes import Changes
from db.queries.overdue import OverdueBegin, overdue, overdue_begin
from db.queries.returned import RETURN_DAYS, Returned, returned_after_contact
from db.queries.worklist_rows import OverdueRow
from desktop import theme
from desktop.commands import Command
from desktop.lists_out.drawing import Taken
from desktop.lists_out.sheet import ListSheet
from desktop.overdue.bands import CHIPS, MARKS, Choice, band_days, chip_count, matching
from desktop.overdue.bulk import BulkActs
from desktop.overdue.matrix import OverdueMatrix
from desktop.overdue.side import OverdueSide
from desktop.overdue.table import columns, table_row
from desktop.parts import Parts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.kept_columns import KeptColumns
from desktop.widgets.kept_filters import ALL, KeptFilters
from desktop.widgets.labels import Label, heading, section_heading, small
from desktop.widgets.panes import ONE_PANE
from desktop.widgets.stack import StackLayout
from desktop.widgets.surface import Separator, Surface
from desktop.widgets.table import DataTable, Row
from desktop.wording import long_date

KINDS = frozenset({"patients", "courses", "infusions", "results", "steps", "contacts", "letters"})


@dataclass(frozen=True, slots=True)
class Listed:
    """The overdue courses, most days late first, and the line of each in the table by its id.

    The lines are put into words beside the window: in a long list that takes longer than reading it.
    """

    rows: tuple[OverdueRow, ...]
    lines: Mapping[int, Row]
    whole: bool = True


FIRST = 80
"""Rows that are read and shown before all the others."""


def load(session: Any, today: date, protocol: Protocol, first: int | None = None) -> Listed:
    """Read the list, or about the `first` of it, and put it into words."""
    if first is None:
        begin = OverdueBegin(overdue(session, today, protocol), whole=True)
    else:
        begin = overdue_begin(session, today, protocol, first)
    lines = {row.course_id: table_row(row, today) for row in begin.rows}
    return Listed(begin.rows, lines, begin.whole)


class OverduePage(QWidget):
    """Whose repeat blood tests have not come; keys 1 to 8 log what a call brought, Space marks for many at once."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._rows: tuple[OverdueRow, ...] = ()
        self._lines: Mapping[int, Row] = {}
        self._choice = Choice()
        self._about = Label(role="small", tone="text2", elide=True)
        self._nothing = small()
        self._returned = Label(role="small", tone="text2", elide=True)
        self._title = heading(self.tr("Overdue repeat bloods"))
        self._narrow: bool | None = None
        self._in_side = False
        self.matrix = OverdueMatrix(band_days(parts.protocol))
        self._matrix_head = section_heading(self.tr("By age and owner"))
        self.filters = KeptFilters(parts, "overdue/chip")
        self.table = DataTable(self.tr("Overdue repeat blood tests"), columns(), checkable=True)
        KeptColumns(parts, "overdue/columns", self.table, columns())
        self.bulk = BulkActs(parts, self, self.table, lambda: self._rows)
        self.side = OverdueSide(parts, self)
        self.paper = ListSheet(parts, "overdue", self)
        self._empty = EmptyPage(
            "overdue",
            self.tr("Nobody is overdue"),
            self.tr(
                "A patient appears here when the window for the repeat blood tests has closed without a result. "
                "Until then there is nothing to do here; Ctrl+N begins with a referral."
            ),
        )
        self._add_commands()
        self._build()
        self.matrix.chosen.connect(self._cell)
        self.filters.chosen.connect(self._chip)
        self.table.current_changed.connect(lambda _row: self._show_current())
        self.table.opened.connect(self._enter)
        parts.tasks.changed.connect(self._changed)

    def _add_commands(self) -> None:
        commands = self._parts.commands
        for name, text, key, run, icon in (
            ("print", self.tr("Print list"), "Ctrl+P", self._print, "print"),
            ("patient", self.tr("Open this patient"), "", self._open_current, "patients"),
        ):
            commands.add(Command(f"overdue.{name}", text, run, key, icon=icon), scope=self)

    def _build(self) -> None:
        main = self._main = Surface("page")
        column = QVBoxLayout(main)
        column.setContentsMargins(theme.px(28), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(10))
        head = QHBoxLayout()
        head.setSpacing(theme.px(14))
        head.addWidget(self._title)
        head.addWidget(self._about, 1)
        head.addWidget(KeyButton.for_action(self._parts.commands.action("overdue.print"), "soft"))
        self._by_owner = QWidget()
        self._by_owner.setMinimumWidth(theme.px(200))
        block = QVBoxLayout(self._by_owner)
        block.setContentsMargins(0, 0, 0, theme.px(6))
        block.setSpacing(theme.px(10))
        title = QHBoxLayout()
        title.setSpacing(theme.px(14))
        title.addWidget(self._matrix_head)
        title.addWidget(small(self.tr("days since the last infusion"), wrap=False))
        title.addWidget(self._returned, 1)
        wide = QHBoxLayout()
        self.matrix.setMaximumWidth(theme.px(640))
        wide.addWidget(self.matrix)
        wide.addStretch(1)
        block.addLayout(title)
        block.addLayout(wide)
        column.addLayout(head)
        column.addWidget(self.side.conflict)  # the side is too narrow for two columns of words
        column.addWidget(self._by_owner)
        column.addWidget(self.filters)
        column.addWidget(self._nothing)
        column.addWidget(self.table, 1)
        column.addWidget(self.bulk.panel)
        column.addWidget(self.bulk.bar)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._separator = Separator(vertical=True)
        row.addWidget(main, 1)
        row.addWidget(self._separator)
        row.addWidget(self.side)
        self._content = content
        self.side.finished.connect(self._to_list)
        self.side.clashed.connect(lambda: self._to_list() if self._in_side else None)
        self._stack = StackLayout(self)
        for widget in (content, self._empty, self.paper):
            self._stack.addWidget(widget)
        self.paper.closed.connect(self._close_paper)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the chips stand for the matrix; the table keeps who, how late, when, and what fits."""
        super().resizeEvent(event)
        self._arrange()
        narrow = theme.is_narrow(self)
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self._by_owner.setVisible(not narrow)
        self._about.setVisible(not narrow)
        self._title.setText(self.tr("Overdue") if narrow else self.tr("Overdue repeat bloods"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list where only one of the two fits."""
        if event.key() == Qt.Key.Key_Escape and self._in_side:
            self._to_list()
        else:
            super().keyPressEvent(event)

    def is_single(self) -> bool:
        """Whether there is room for the list or for the course, not for both."""
        return self.window().width() < theme.px(ONE_PANE)

    def _arrange(self) -> None:
        """List and course side by side, or one of them: Enter goes to the course, Esc back to the list."""
        single = self.is_single()
        self._in_side = self._in_side and single
        self.side.set_room("whole" if single else "narrow" if theme.is_narrow(self) else "side")
        self._separator.setVisible(not single)
        self.side.setVisible(not single or self._in_side)
        self._main.setVisible(not self._in_side)

    def _to_side(self) -> None:
        self._in_side = True
        self._arrange()
        self.side.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _to_list(self) -> None:
        self._in_side = False
        self._arrange()
        self.table.setFocus()

    def first_focus(self) -> QWidget:
        """The table, so that the keys work at once."""
        return self.table

    def refresh(self) -> None:
        """Ask again; where nothing is shown yet, for a first screen of rows before the whole list."""
        parts = self._parts
        if self._rows:
            self._read_all()
        else:
            parts.tasks.read(
                load, parts.clock().today, parts.protocol, FIRST,
                then=self._show_first, owner=self, key="list",
            )  # fmt: skip
        parts.tasks.read(
            returned_after_contact, parts.clock().today,
            then=self._show_returned, owner=self, key="returned", aside=True,
        )  # fmt: skip

    def _read_all(self) -> None:
        parts = self._parts
        parts.tasks.read(load, parts.clock().today, parts.protocol, then=self._show, owner=self, key="list")

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS:
            self.refresh()

    def _show_first(self, listed: Listed) -> None:
        """The first screen; the matrix and the numbers come with the rest, where there is more."""
        if listed.whole:
            self._show(listed)
            return
        words = self._chip_words()
        wanted = self.filters.counting([(one, words[one], MARKS.get(one)) for one in CHIPS if one != ALL])
        shown = matching(listed.rows, Choice(wanted) if wanted in CHIPS else self._choice)
        self._rows, self._lines = listed.rows, listed.lines
        self._about.setText(
            self.tr("{day}, the whole list is being read").format(day=long_date(self._parts.clock().today))
        )
        if self._stack.currentWidget() is not self.paper:
            self._stack.setCurrentWidget(self._content)
        self.table.set_rows([listed.lines[row.course_id] for row in shown])
        self._show_current()
        self._read_all()

    def _show(self, listed: Listed) -> None:
        rows = self._rows = listed.rows
        self._lines = listed.lines
        count = (
            self.tr("1 patient") if len(rows) == 1 else self.tr("{count} patients").format(count=len(rows))
        )
        self._about.setText(f"{long_date(self._parts.clock().today)}, {count}")
        words = self._chip_words()
        chips = [(one, words[one], chip_count(rows, one), MARKS.get(one)) for one in CHIPS if one != ALL]
        self._choice = replace(self._choice, chip=self.filters.count(chips, len(rows)))
        if self._stack.currentWidget() is not self.paper:
            self._stack.setCurrentWidget(self._content if rows else self._empty)
        self._fill()

    def _show_returned(self, returned: Returned) -> None:
        """How many came for blood within days of an attempt to reach them."""
        words = self.tr("{came} of {tried} gave blood within {days} days of a contact")
        said = words.format(came=returned.came, tried=returned.tried, days=RETURN_DAYS)
        self._returned.setText(
            said if returned.tried else self.tr("No contact is {days} days old yet").format(days=RETURN_DAYS)
        )

    def _chip_words(self) -> dict[str, str]:
        return {
            "reminder": self.tr("Reminder"),
            "overdue": self.tr("Overdue"),
            "lost": self.tr("Lost"),
        }

    def _fill(self) -> None:
        """Show what chip and cell let through; the chosen patient stays chosen."""
        shown = matching(self._rows, self._choice)
        self.filters.set_hidden(len(self._rows) - len(shown))
        self.matrix.set_rows(self._rows, self._choice)
        self.table.set_rows([self._lines[row.course_id] for row in shown])
        by_chip = not chip_count(self._rows, self._choice.chip)
        self._nothing.setText(self.filters.nothing_words() if by_chip else "")
        self._nothing.setVisible(by_chip)
        self.bulk.show_marked()
        self._show_current()

    def _cell(self, owner_id: int | None, band: str | None) -> None:
        self._choice = Choice(self._choice.chip, owner_id, band)
        self._fill()

    def _chip(self, chip: str) -> None:
        """Another chip; a cell of another band would show nothing and is let go."""
        band = self._choice.band if self._choice.band in CHIPS[chip] else None
        self._choice = Choice(chip, self._choice.owner_id if band else None, band)
        self._fill()

    def is_empty(self) -> bool:
        """Whether nobody is overdue and the page says so."""
        return self._stack.currentWidget() is self._empty

    def current(self) -> OverdueRow | None:
        """The course of the current row."""
        chosen = self.table.current_id()
        return next((row for row in self._rows if row.course_id == chosen), None)

    def _show_current(self) -> None:
        self.side.show_course(self.current())

    def _enter(self, course_id: int) -> None:
        """Go on from a row: to the patient, or first to what is known of the course where that is not on show."""
        if self.is_single():
            self._to_side()
        else:
            self._open(course_id)

    def _open(self, course_id: int) -> None:
        row = next((row for row in self._rows if row.course_id == course_id), None)
        if row is not None:
            self._parts.navigation.open_patient.emit(row.patient_id)

    def _open_current(self) -> None:
        row = self.current()
        if row is not None:
            self._open(row.course_id)

    def _print(self) -> None:
        """Show the list on paper, as filtered; it is printed or saved from there, as PDF or for a spreadsheet."""
        shown = tuple(matching(self._rows, self._choice))
        hidden = len(self._rows) - len(shown)
        words = self.tr("{count} hidden by filters").format(count=hidden) if hidden else ""
        self._stack.setCurrentWidget(self.paper)
        self.paper.preview.view().setFocus()
        self.paper.show_list(Taken("overdue", self._parts.clock().today, shown, words))

    def _close_paper(self) -> None:
        self._stack.setCurrentWidget(self._content if self._rows else self._empty)
        self.table.setFocus()
