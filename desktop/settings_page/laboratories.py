"""Laboratories and other sources of results: what they sent, their own codes, the columns of their tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db.changes import Changes
from db.errors import KnownError
from db.operations.codes import explain_code, forget_code
from db.queries.laboratories import CodeRow, LaboratoryRow, codes_of, laboratories
from desktop.settings_page.ask import AskDialog
from desktop.settings_page.saved_columns import SavedColumns, as_high_as_rows
from desktop.settings_page.section import Section, button_row, said_line
from desktop.settings_page.tools import Tools, allow
from desktop.widgets.buttons import KeyButton
from desktop.widgets.code_meaning import NOT_FOLLOWED, CodeMeaning
from desktop.widgets.labels import section_heading
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.widgets.unit_memory import EntryMemory
from desktop.wording import analyte_name, number, plain_date
from desktop.wording.plain import tr


class LaboratoriesSection(Section):
    """One source is chosen; below it what was said of its codes and columns, to be changed or taken back."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "Where results come from, and what was said of each: what its own codes mean, and the columns of its "
            "tables. What is changed here counts for what comes next. What is stored stays as it is."
        )
        super().__init__(tools, tr("Laboratories"), words, parent)
        self._rows: dict[int, LaboratoryRow] = {}
        self._codes: dict[int, CodeRow] = {}
        self.empty = said_line()
        self.table = DataTable(
            tr("Laboratories and other sources"),
            (
                Column("name", tr("Laboratory or source"), weight=600, stretch=True),
                Column("results", tr("Results"), align="right"), Column("last", tr("Newest"), tone="text2"),
                Column("codes", tr("Codes")), Column("columns", tr("Tables"), tone="text2"),
            ),
        )  # fmt: skip
        self.units = said_line()
        self.codes = DataTable(
            tr("Codes of this laboratory"),
            (
                Column("code", tr("Code"), weight=500), Column("means", tr("Means"), weight=600, stretch=True),
                Column("unit", tr("Unit, where none is sent")), Column("said", tr("Said by"), tone="text2"),
            ),
        )  # fmt: skip
        self.no_codes = said_line()
        self.change_button = KeyButton(tr("Change what it means …"), "soft")
        self.forget_button = KeyButton(tr("Take it back …"), "quiet")
        self.columns = SavedColumns(tools, self._done, self._refused)
        self._codes_head = section_heading(tr("Its own codes"))
        self._code_buttons = button_row(self.change_button, self.forget_button)
        self._build()

    def _build(self) -> None:
        for piece in (
            self.empty, self.table, self.units, self._codes_head, self.no_codes, self.codes, self._code_buttons,
        ):  # fmt: skip
            self.column.addWidget(piece)
        self.column.addWidget(self.columns)
        self.finish()
        self.table.current_changed.connect(lambda _id: self._show_chosen())
        self.codes.current_changed.connect(lambda _id: self._allow())
        self.codes.opened.connect(lambda _id: self._ask_change())
        self.change_button.clicked.connect(lambda _checked=False: self._ask_change())
        self.forget_button.clicked.connect(lambda _checked=False: self._ask_forget())
        self.columns.wants_forgetting.connect(self._ask_forget_columns)
        self._show(())

    def first_focus(self) -> QWidget:
        """The table of laboratories."""
        return self.table

    def refresh(self) -> None:
        """Ask for the sources."""
        self.parts.tasks.read(
            laboratories, then=self._show, failed=self.failed, owner=self, key="laboratories"
        )

    def unsaved(self) -> str:
        """What would be lost with the window, in words."""
        return tr("Changed columns of a table are not saved.") if self.columns.is_dirty() else ""

    def _show(self, rows: tuple[LaboratoryRow, ...]) -> None:
        self._rows = {row.id: row for row in rows}
        self.empty.setText(
            ""
            if rows
            else tr(
                "No laboratory is known yet. It stands here once a file of it was taken in under Results in."
            )
        )
        self.empty.setVisible(not rows)
        for piece in (self.table, self._codes_head, self.columns):
            piece.setVisible(bool(rows))
        self.table.set_rows([_row(row) for row in rows])
        as_high_as_rows(self.table, len(rows))
        self._show_chosen()

    def current(self) -> LaboratoryRow | None:
        """The source that is chosen."""
        chosen = self.table.current_id()
        return self._rows.get(chosen) if isinstance(chosen, int) else None

    def _show_chosen(self) -> None:
        source = self.current()
        self.columns.show_source(source)
        self._show_units(source)
        if source is None:
            self._show_codes(())
            return
        self.parts.tasks.read(
            codes_of, source.id, then=self._show_codes, failed=self.failed, owner=self, key="codes"
        )

    def _show_units(self, source: LaboratoryRow | None) -> None:
        """The units the entry of results offers first for this laboratory."""
        memory = EntryMemory(self.parts.settings, self.parts.clinic, self.parts.protocol)
        known = {} if source is None else memory.remembered(source.name)
        told = ", ".join(f"{analyte_name(name)} {unit}" for name, unit in sorted(known.items()))
        self.units.setText(tr("Units it is typed in on this computer: {units}").format(units=told))
        self.units.setVisible(bool(told))

    def _show_codes(self, codes: tuple[CodeRow, ...]) -> None:
        self._codes = {one.id: one for one in codes}
        self.codes.set_rows([_code_row(one) for one in codes])
        as_high_as_rows(self.codes, len(codes))
        chosen = self.current() is not None
        self.codes.setVisible(bool(codes))
        self._code_buttons.setVisible(bool(codes))
        self.no_codes.setText(
            tr("Nothing was said of its codes yet. One that nobody knows is asked about under Results in.")
        )
        self.no_codes.setVisible(chosen and not codes)
        self._allow()

    def _code(self) -> CodeRow | None:
        chosen = self.codes.current_id()
        return self._codes.get(chosen) if isinstance(chosen, int) else None

    def _allow(self) -> None:
        none = "" if self._code() is not None else tr("Choose a code first.")
        allow(self.change_button, self.parts, "explain_code", none)
        allow(self.forget_button, self.parts, "forget_code", none)

    # asked once more, then done

    def _ask_change(self) -> None:
        code, source = self._code(), self.current()
        if code is None or source is None or not self.change_button.isEnabled():
            return
        says = CodeMeaning(self.parts.protocol, code.analyte or NOT_FOLLOWED, code.unit or "")

        def send(done: Callable[[], None], failed: Callable[[KnownError], None]) -> None:
            self.parts.tasks.write(
                explain_code, source.name, code.code_system, code.code, *says.meaning(), self.parts.clock(),
                self.parts.protocol, (code.analyte, code.unit), then=lambda _c: done(), failed=failed, owner=self,
            )  # fmt: skip

        words = tr(
            "It counts for the next messages, and what is held because of this code is filed now. What was stored by "
            "what it meant before stays: take it back under Results in where it was wrong."
        )
        title = tr("What does {code} of {laboratory} mean?").format(code=code.code, laboratory=source.name)
        dialog = AskDialog(title, words, tr("Remember it"), says.fields, says.problems, send, self)
        if dialog.exec():
            said = tr("What {code} of {laboratory} means is remembered.")
            self._done(said.format(code=code.code, laboratory=source.name))

    def _ask_forget(self) -> None:
        code, source = self._code(), self.current()
        if code is None or source is None:
            return
        operation = partial(forget_code, code_id=code.id, seen_meaning=(code.analyte, code.unit))
        self._ask(
            tr("Take back what {code} means?").format(code=code.code),
            tr("It is asked again with the next message of {laboratory}. What was stored by it stays.").format(
                laboratory=source.name
            ),
            tr("Take it back"), operation, tr("What {code} means is taken back.").format(code=code.code),
        )  # fmt: skip

    def _ask_forget_columns(self, source: LaboratoryRow) -> None:
        def send(done: Callable[[], None], _failed: Callable[[KnownError], None]) -> None:
            self.columns.forget(source)
            done()

        words = tr("They are asked for again with its next table. What was stored by them stays.")
        title = tr("Forget the columns of {source}?").format(source=source.name)
        AskDialog(title, words, tr("Forget them"), {}, dict, send, self).exec()

    def _ask(self, title: str, words: str, act: str, operation: partial[Changes], said: str) -> None:
        def send(done: Callable[[], None], failed: Callable[[KnownError], None]) -> None:
            self.parts.tasks.write(
                operation, stamp=self.parts.clock(), then=lambda _c: done(), failed=failed, owner=self
            )

        if AskDialog(title, words, act, {}, dict, send, self).exec():
            self._done(said)

    def _done(self, said: str) -> None:
        self.say(said)
        self.refresh()
        # what was asked for is done, and its button may be closed now: the keyboard stays in the page
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refused(self, why: KnownError | str) -> None:
        if isinstance(why, str):
            self.say_problem(why)
        else:
            self.failed(why)
            self.refresh()


def _row(row: LaboratoryRow) -> Row:
    codes = number(row.codes) if row.codes else ""
    if row.ignored:
        codes = tr("{count}, {ignored} of them not followed").format(count=codes, ignored=number(row.ignored))
    tables = tr("columns remembered") if row.columns is not None else ""
    cells = (Cell(row.name), Cell(number(row.results)), Cell(_day(row.last)), Cell(codes), Cell(tables))
    return Row(row.id, cells)


def _code_row(one: CodeRow) -> Row:
    code = f"{one.code} ({one.code_system})" if one.code_system else one.code
    means = Cell(analyte_name(one.analyte)) if one.analyte else Cell(tr("Not followed here"), tone="text3")
    said = tr("{name}, {day}").format(name=one.said_by, day=_day(one.said_at))
    return Row(one.id, (Cell(code), means, Cell(one.unit or ""), Cell(said)))


def _day(at: datetime | None) -> str:
    return "" if at is None else plain_date(at.astimezone().date())
