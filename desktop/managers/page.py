"""The Managers page: sections as chips, figures as a table, months and people behind the chosen figure."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinical.protocol import Protocol
from db import audit
from db.audit import Head
from db.changes import Changes
from db.errors import KnownError
from db.operations.access import record_export
from db.queries.decided import decided
from db.queries.managers import course_figures
from db.queries.worklist import overdue
from desktop import theme
from desktop.commands import Command
from desktop.managers.behind import BehindPane
from desktop.managers.figures import Figure
from desktop.managers.files import Behind, FilesAct, Sheet
from desktop.managers.paper import render_managers
from desktop.managers.sections import SECTIONS, Loaded, section
from desktop.managers.words import empty_words, figure_basis, figure_name, figure_value, section_name
from desktop.parts import Parts
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import ComboBox
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.kept_columns import KeptColumns
from desktop.widgets.kept_filters import KeptFilters
from desktop.widgets.labels import Label, heading
from desktop.widgets.marks import Status
from desktop.widgets.pdf_output import NotSavedError, usual_folder, write_pdf
from desktop.widgets.surface import Separator, Surface
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.wording import error_words, plain_date
from desktop.wording.paper_errors import paper_words
from desktop.wording.plain import tr
from reports.errors import PaperError

SPANS = (3, 6, 12, 24)
USUAL_SPAN = 12
KINDS = frozenset({"patients", "courses", "infusions", "results", "decisions", "steps", "contacts"})
_SPAN = "managers/span"


def months_before(today: date, months: int) -> date:
    """The first of the month so many months before this one, so that whole months are compared."""
    place = today.year * 12 + today.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def load(session: Any, first: date, today: date, protocol: Protocol) -> Loaded:
    """Everything the figures of a span are made of."""
    return Loaded(
        course_figures(session, first, today, protocol),
        decided(session, first, today),
        overdue(session, today, protocol),
        today,
    )


class ManagersPage(Surface):
    """How the clinic does; every figure opens the patients behind it."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts = parts
        self._loaded: Loaded | None = None
        self._figures: tuple[Figure, ...] = ()
        self._narrow = False
        self._about = Label(role="small", tone="text2", elide=True)
        self.span = ComboBox([(months, _span_words(months)) for months in SPANS])
        self.span.set_value(parts.settings.number(parts.own(_SPAN), USUAL_SPAN))
        self.span.setAccessibleName(tr("Span of the figures"))
        self.chips = KeptFilters(parts, "managers/section", usual=SECTIONS[0], hides=False)
        self.chips.show_kept([(name, section_name(name), None, None) for name in SECTIONS])
        self.table = DataTable(tr("Figures"), _columns(), sortable=False)
        self._columns = KeptColumns(parts, "managers/columns", self.table, _columns(), {"basis"})
        self.behind = BehindPane(parts, self)
        self._files = FilesAct(parts, self, self._section, self._figures_sheet, self._people)
        self._empty = EmptyPage("managers", "", "")
        self._build()
        self._add_commands()
        self.chips.chosen.connect(lambda _name: self._fill())
        self.span.currentIndexChanged.connect(lambda _place: self._span_chosen())
        self.table.current_changed.connect(lambda _row: self._show_behind())
        self.table.opened.connect(self._to_people)
        self.behind.shown.connect(self._allow_files)
        self._allow_files()
        parts.tasks.changed.connect(self._changed)

    def _build(self) -> None:
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(theme.px(28), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        head = QHBoxLayout()
        head.setSpacing(theme.px(14))
        head.addWidget(heading(tr("Managers")))
        head.addWidget(self._about, 1)
        self._head, self._tools, self._second = head, QHBoxLayout(), QWidget()
        self._tools.setSpacing(theme.px(14))
        self._tools.addWidget(self.span)
        head.addLayout(self._tools)
        below = QHBoxLayout(self._second)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(theme.px(14))
        self._second.hide()
        column.addLayout(head)
        column.addWidget(self._second)
        column.addWidget(self.chips)
        column.addWidget(self.table, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self._files.buttons("figures"))
        self.behind.add_below(self._files.buttons("patients"))
        self._empty.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(main, 1)
        row.addWidget(Separator(vertical=True))
        row.addWidget(self.behind)

    def _add_commands(self) -> None:
        for place, name in enumerate(SECTIONS, start=1):
            words = tr("Managers: {section}").format(section=section_name(name))
            command = Command(f"managers.{name}", words, partial(self.chips.choose, name), str(place))
            self._parts.commands.add(command, scope=self)
        report = Command("managers.report", tr("Save the report as PDF"), self.save_report, "Ctrl+S")
        action = self._parts.commands.add(report, scope=self)
        self._report = KeyButton.for_action(action, "soft")
        self._tools.addWidget(self._report)
        self.setTabOrder(self.span, self._report)  # it stands above the table

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window span and report stand below the title, and the pane beside says what a figure is of."""
        super().resizeEvent(event)
        narrow = theme.is_narrow(self)
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.behind.set_narrow(narrow)
        self._columns.fold(narrow)
        self._report.set_text(tr("Report") if narrow else tr("Save the report as PDF"))
        row = self._second.layout() if narrow else self._tools
        for widget in (self.span, self._report):
            if row is not None:
                row.addWidget(widget)
        self._second.setVisible(narrow)

    def save_report(self) -> None:
        """Write the report of every section into the folder PDF files go to, and note that it left the record."""
        loaded, parts = self._loaded, self._parts
        if loaded is None:
            return
        stamp, first = parts.clock(), self._first(loaded.today)

        def drawn(made: bytes | str) -> None:
            if isinstance(made, str):
                parts.navigation.say.emit(made, None)
                return
            detail = {"list": "managers", "form": "pdf"}
            parts.tasks.write(
                record_export, "list", "list", None, None, stamp, detail,
                then=lambda _changes: self._write(made), failed=self._failed, owner=self,
            )  # fmt: skip

        def read(head: Head) -> None:
            parts.tasks.run(
                _draw, loaded, parts, first, stamp.at.astimezone(), head.short,
                then=drawn, owner=self, key="report",
            )  # fmt: skip

        parts.tasks.read(audit.head, then=read, owner=self, key="head")

    def _write(self, pdf: bytes) -> None:
        folder = usual_folder(self._parts.settings)
        try:
            path = write_pdf(folder, f"figures-{self._parts.clock().today.isoformat()}", pdf)
        except NotSavedError as error:
            said = tr("It could not be saved in {folder}: {why}").format(folder=folder, why=str(error))
        else:
            said = tr("Report saved as {path}").format(path=path)
        self._parts.navigation.say.emit(said, None)

    def _first(self, today: date) -> date:
        months = self.span.value()
        return months_before(today, months if isinstance(months, int) else USUAL_SPAN)

    def _section(self) -> str:
        return self.chips.current() or SECTIONS[0]

    def _span_said(self, section: str = "") -> str:
        """What the figures look back on; nothing for those of today."""
        if section == "overdue":
            return ""
        return tr("last infusions from {day} on").format(
            day=plain_date(self._first(self._parts.clock().today))
        )

    def _figures_sheet(self) -> Sheet:
        """The table on show, for a file."""
        name = self._section()
        filters = (section_name(name), self._span_said(name))
        rows = [_row(place, figure) for place, figure in enumerate(self._figures)]
        return Sheet(
            section_name(name),
            " · ".join(part for part in filters if part),
            tuple(column.title for column in _columns()),
            tuple(tuple(cell.text for cell in row.cells) for row in rows),
        )

    def _people(self) -> Behind | None:
        """The patients on show, for a file."""
        figure = self.behind.figure()
        if figure is None:
            return None
        name, people = self._section(), tuple(self.behind.people())
        return Behind(name, self._span_said(name), figure, people, self.behind.counted())

    def _allow_files(self) -> None:
        self._files.allow(len(self._figures), self._people())

    def _to_people(self, _figure: int) -> None:
        self.behind.first_focus().setFocus()

    def _span_chosen(self) -> None:
        """Another span: it is there again the next time."""
        months = self.span.value()
        if isinstance(months, int):
            self._parts.settings.set_number(self._parts.own(_SPAN), months)
        self.refresh()

    def first_focus(self) -> QWidget:
        """The figures; the sections where there are none."""
        chosen = next((chip for chip in self.chips.chips() if chip.isChecked()), self.table)
        return chosen if self.table.isHidden() else self.table

    def refresh(self) -> None:
        """Ask again for the span."""
        today = self._parts.clock().today
        first = self._first(today)
        self._about.setText(tr("{span}, being counted").format(span=self._span_said()))
        self._parts.tasks.read(
            load, first, today, self._parts.protocol,
            then=self._show, failed=self._failed, owner=self, key="figures", beside=True,
        )  # fmt: skip

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._about.setText(self._span_said())
        self._fill()

    def _failed(self, error: KnownError) -> None:
        sentence = error_words(error)
        self._about.setText(sentence)
        announce(self, sentence, urgent=True)

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.kinds & KINDS:
            self.refresh()

    def _fill(self) -> None:
        """The figures of the chosen section."""
        if self._loaded is None:
            return
        name, today = self._section(), self._loaded.today
        self.behind.span = self._first(today), today
        self._figures = section(name, self._loaded, self._parts.protocol)
        self.table.set_rows([_row(place, figure) for place, figure in enumerate(self._figures)])
        self._show_empty(name)
        self._show_behind()

    def _show_empty(self, name: str) -> None:
        """In place of a table without a line: what would stand there, and from when on."""
        there = bool(self._figures)
        if not there:
            self._empty.set(
                tr("No figures yet: {section}").format(section=section_name(name)), empty_words(name)
            )
        held = self.table.hasFocus()
        self.table.setVisible(there)
        self._empty.setVisible(not there)
        if held and not there:
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def figures(self) -> tuple[Figure, ...]:
        """The figures on show."""
        return self._figures

    def _show_behind(self) -> None:
        place = self.table.current_id()
        known = place is not None and place < len(self._figures)
        self.behind.show_figure(self._figures[place] if known and place is not None else None)


def _draw(loaded: Loaded, parts: Parts, first: date, at: datetime, head: str) -> bytes | str:
    """The report, or why it cannot be made."""
    try:
        return render_managers(loaded, parts.protocol, parts.clinic, first, at, parts.user.name, head)
    except PaperError as error:
        return paper_words(error)


def _span_words(months: int) -> str:
    return tr("Last {count} months").format(count=months)


def _columns() -> tuple[Column, ...]:
    return (
        Column("figure", tr("Figure"), weight=500, stretch=True),
        Column("value", tr("Value"), "right", weight=600),
        Column("basis", tr("Of"), tone="text2"),
    )


def _row(place: int, figure: Figure) -> Row:
    value, basis, name = figure_value(figure), figure_basis(figure), figure_name(figure)
    spoken = f"{name}: {value}, {basis}" if basis else f"{name}: {value}"
    mark = None
    if figure.flagged:
        mark = Status.OVERDUE
        basis = tr("{basis}, overridden so often that the rule needs a look").format(basis=basis)
        spoken = f"{name}: {value}, {basis}"
    quiet = figure.share is None and figure.days is None
    return Row(
        place,
        (
            Cell(name, mark=mark, spoken=spoken),
            Cell(value, tone="text3" if quiet else None, weight=400 if quiet else None),
            Cell(basis),
        ),
    )
