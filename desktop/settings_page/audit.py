"""The audit: who did what, by user, patient, action and days; who looked at a patient; whether the chain holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from db import audit, queries
from db.audit import Verdict
from db.errors import KnownError
from db.operations.access import record_export
from db.queries.audit import (
    AuditEntry,
    AuditFilter,
    AuditPage,
    Looked,
    audit_actions,
    audit_page,
    who_looked_at,
)
from db.queries.patients import PatientHit
from db.queries.staff import StaffRow
from db.replace_file import replace_file
from desktop import theme
from desktop.list_paper import ListOrigin, about_file, about_list, list_origin
from desktop.settings_page.section import Section, button_row, said_line, side_by_side
from desktop.settings_page.tools import Tools, allow
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.labels import section_heading
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.wording import clock_time, plain_date
from desktop.wording.audit import audit_action, audit_detail
from desktop.wording.numbers import count
from desktop.wording.plain import tr
from reports.exports import csv_bytes

HITS = 6
QUICK_ROWS = 2000
"""Rows at the end of the chain that are followed whenever the section is shown; the button follows all."""


class AuditSection(Section):
    """Filters, the rows that fit newest first, and the people who looked when a patient is chosen."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "One line for everything that was written, looked at, printed or exported. No line can be changed."
        )
        super().__init__(tools, tr("Audit"), words, parent)
        self._entries: list[AuditEntry] = []
        self._before: int | None = None
        self._patient: PatientHit | None = None
        self.chain = said_line()
        self.column.addWidget(self.chain)

        def today() -> date:
            return self.parts.clock().today

        self.user = ComboBox([(None, tr("Everybody"))])
        self.action = ComboBox([(None, tr("Everything"))])
        self.patient = TextEdit(placeholder=tr("Name or number, then Enter"), width=220)
        self.first, self.last = DateEdit(today=today, past=True), DateEdit(today=today, past=True)
        self.patient_field = FormField(tr("Patient"), self.patient)
        self.column.addWidget(
            side_by_side(
                FormField(tr("Who"), self.user), FormField(tr("What"), self.action), self.patient_field
            )
        )
        self.column.addWidget(
            side_by_side(FormField(tr("From"), self.first), FormField(tr("Until"), self.last))
        )
        self.export = KeyButton(tr("Export as CSV"), "soft")
        self.older = KeyButton(tr("Older lines"), "soft")
        self.check = KeyButton(tr("Check the whole chain"), "quiet")
        self.column.addWidget(button_row(self.older, self.export, self.check))
        self.looked_head = section_heading()
        self.looked = DataTable(tr("Who looked at this patient"), _looked_columns())
        self.looked.setMinimumHeight(theme.px(26 + 28 * 4))
        for widget in (self.looked_head, self.looked):
            widget.hide()
            self.column.addWidget(widget)
        self.table = DataTable(tr("Audit"), _columns(), sortable=False)
        self.table.setMinimumHeight(theme.px(26 + 28 * 12))
        self.column.addWidget(self.table)
        self.finish()
        self._connect()
        allow(self.export, self.parts, "record_export:audit")

    def _connect(self) -> None:
        for box in (self.user, self.action):
            box.activated.connect(lambda _place: self._ask())
        for field in (self.first, self.last):
            field.date_changed.connect(lambda _day: self._ask())
        self.patient.returnPressed.connect(self._find)
        self.older.clicked.connect(self._more)
        self.export.clicked.connect(self._choose_folder)
        self.check.clicked.connect(lambda _checked=False: self._verify(0))

    def first_focus(self) -> QWidget:
        """The first filter."""
        return self.user

    def refresh(self) -> None:
        """Ask for users, actions and the newest lines, and follow the end of the chain."""
        read, day = self.parts.tasks.read, self.parts.clock().today
        read(queries.staff, day, then=self._show_users, failed=self.failed, owner=self, key="staff")
        read(audit_actions, then=self._show_actions, failed=self.failed, owner=self, key="actions")
        self._ask()
        self._verify(QUICK_ROWS)

    def _show_users(self, staff: tuple[StaffRow, ...]) -> None:
        self.user.set_choices([(None, tr("Everybody")), *((row.id, row.name) for row in staff)])

    def _show_actions(self, actions: tuple[str, ...]) -> None:
        named = sorted(((code, audit_action(code)) for code in actions), key=lambda pair: pair[1])
        self.action.set_choices([(None, tr("Everything")), *named])

    def filter(self) -> AuditFilter:
        """What is looked for now."""
        user, action = self.user.value(), self.action.value()
        return AuditFilter(
            user_id=user if isinstance(user, int) else None,
            patient_id=self._patient.patient_id if self._patient is not None else None,
            actions=(action,) if isinstance(action, str) else (),
            first=self.first.day(),
            last=self.last.day(),
        )

    def _ask(self) -> None:
        self.parts.tasks.read(
            audit_page, self.filter(), then=self._show, failed=self.failed, owner=self, key="page"
        )

    def _more(self) -> None:
        self.parts.tasks.read(
            audit_page,
            self.filter(),
            self._before,
            then=self._add,
            failed=self.failed,
            owner=self,
            key="page",
        )

    def _show(self, page: AuditPage) -> None:
        self._entries = []
        self._add(page)

    def _add(self, page: AuditPage) -> None:
        self._entries += page.entries
        self._before = page.before
        self.older.setEnabled(page.before is not None)
        self.table.set_rows([_row(entry) for entry in self._entries])

    def _find(self) -> None:
        """Who is meant: one patient, or it is said that there are several; nothing typed means all."""
        text = self.patient.text().strip()
        self.patient_field.set_problem("")
        if text:
            self.parts.tasks.read(
                queries.search, text, HITS, then=self._found, failed=self.failed, owner=self, key="patient"
            )
        else:
            self._choose(None)

    def _found(self, hits: tuple[PatientHit, ...]) -> None:
        if len(hits) == 1:
            self._choose(hits[0])
        elif hits:
            names = "; ".join(f"{hit.surname}, {hit.given} {hit.number or ''}".strip() for hit in hits)
            self.patient_field.set_problem(tr("More than one: {names}").format(names=names))
        else:
            self.patient_field.set_problem(tr("Nobody matches."))

    def _choose(self, hit: PatientHit | None) -> None:
        self._patient = hit
        for widget in (self.looked_head, self.looked):
            widget.setVisible(hit is not None)
        if hit is not None:
            self.patient_field.set_hint(f"{hit.surname}, {hit.given} · {hit.number or ''}")
            self.looked_head.setText(tr("Who looked at this patient or wrote in the record"))
            self.parts.tasks.read(
                who_looked_at, hit.patient_id, self.first.day(), self.last.day(),
                then=self._show_looked, failed=self.failed, owner=self, key="looked",
            )  # fmt: skip
        else:
            self.patient_field.set_hint("")
        self._ask()

    def _show_looked(self, rows: tuple[Looked, ...]) -> None:
        self.looked.set_rows([_looked_row(row) for row in rows])

    def _verify(self, last: int) -> None:
        self.chain.setText(tr("Following the chain …"))
        self.parts.tasks.read(
            audit.verify, None, last, then=lambda found: self._verified(found, last), failed=self.failed,
            owner=self, key="chain",
        )  # fmt: skip

    def _verified(self, found: Verdict, last: int) -> None:
        if not found.ok:
            words = tr(
                "The chain breaks at line {id}: the audit was changed outside the program. Keep a copy of the file."
            )
            self.chain.setText("")
            self.say_problem(words.format(id=found.broken_id))
            return
        words = tr("Chain verified: {rows} lines, the end is {head}.")
        if last and found.rows > last:
            words = tr("Chain verified over its last {last} of {rows} lines, the end is {head}.")
        self.chain.setText(words.format(rows=count(found.rows), head=found.head[:12], last=count(last or 0)))

    def _choose_folder(self) -> None:
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder for the export"), start)
        if chosen:
            self.export_into(Path(chosen))

    def export_into(self, folder: Path) -> None:
        """Note the export, then write the lines on show into a folder; what cannot be noted is not written."""
        stamp = self.parts.clock()
        entries = tuple(self._entries)
        path = folder / f"audit-{stamp.at:%Y-%m-%dT%H%M%S}.csv"
        filters = self._filter_words()
        detail = {"rows": len(entries), "form": "csv"}
        self.parts.tasks.write(
            record_export, "audit", "audit", None, self.filter().patient_id, stamp, detail,
            then=lambda _c: self._with_origin(path, entries, filters), failed=self.failed, owner=self,
        )  # fmt: skip

    def _with_origin(self, path: Path, entries: tuple[AuditEntry, ...], filters: str) -> None:
        """Ask for the end of the audit, which the export is part of by now."""
        self.parts.tasks.read(
            list_origin,
            then=lambda origin: self._write(path, entries, filters, origin),
            failed=self.failed,
            owner=self,
        )

    def _write(self, path: Path, entries: tuple[AuditEntry, ...], filters: str, origin: ListOrigin) -> None:
        """The lines on show, and beside them whose they are and the end of the audit when they were taken."""
        heads = tuple(column.title for column in _columns())
        rows = [[cell.text for cell in _row(entry).cells] for entry in entries]
        parts, stamp = self.parts, self.parts.clock()
        at = stamp.at.astimezone()
        source = about_list(parts.clinic, at, stamp.today, len(rows), parts.user.name, origin, filters)
        try:
            replace_file(path, csv_bytes(heads, rows))
            replace_file(*about_file(path, tr("Audit"), heads, source))
        except KnownError as error:
            self.failed(error)
            return
        self.say(tr("Audit saved as {name}").format(name=path.name))

    def _filter_words(self) -> str:
        """What the lines on show were narrowed to."""
        first, last = self.first.day(), self.last.day()
        hit = self._patient
        said = (
            (tr("Who"), self.user.currentText() if self.user.value() is not None else ""),
            (tr("What"), self.action.currentText() if self.action.value() is not None else ""),
            (tr("Patient"), f"{hit.surname}, {hit.given}" if hit is not None else ""),
            (tr("From"), plain_date(first) if first is not None else ""),
            (tr("Until"), plain_date(last) if last is not None else ""),
        )
        return " · ".join(f"{name}: {words}" for name, words in said if words)


def _columns() -> tuple[Column, ...]:
    return (
        Column("id", "№", align="right", tone="text3", leaves=1),
        Column("at", tr("When")),
        Column("who", tr("Who"), weight=500),
        Column("what", tr("What"), weight=500, most=200),
        Column("patient", tr("Patient"), most=200),
        Column("detail", tr("Detail"), tone="text2", stretch=True, most=260, leaves=2),
    )


def _looked_columns() -> tuple[Column, ...]:
    return (
        Column("who", tr("Who"), weight=600, stretch=True),
        Column("times", tr("Times"), align="right"),
        Column("last", tr("Last")),
        Column("how", tr("How"), tone="text2", stretch=True),
    )


def _when(entry: AuditEntry) -> str:
    at = entry.at.astimezone()
    return f"{plain_date(at.date())} {clock_time(at)}"


def _row(entry: AuditEntry) -> Row:
    patient = ""
    if entry.surname is not None:
        patient = " · ".join(part for part in (f"{entry.surname}, {entry.given}", entry.number) if part)
    cells = (
        Cell(str(entry.id)), Cell(_when(entry)), Cell(entry.user_name), Cell(audit_action(entry.action)),
        Cell(patient), Cell(audit_detail(entry.detail)),
    )  # fmt: skip
    return Row(entry.id, cells)


def _looked_row(row: Looked) -> Row:
    at = row.last_at.astimezone()
    how = ", ".join(audit_action(action) for action in row.actions)
    cells = (
        Cell(row.user_name),
        Cell(str(row.times)),
        Cell(f"{plain_date(at.date())} {clock_time(at)}"),
        Cell(how),
    )
    return Row(row.user_id, cells)
