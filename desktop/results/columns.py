"""What the columns of a source's table mean: asked once, with the first rows in sight, then the import goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical import quantities
from db.changes import Changes
from db.errors import KnownError
from db.imports.records import FileRead
from db.imports.tables.dates import table_time
from db.imports.tables.guessing import doubts_of
from db.imports.tables.mapping import WIDE, ColumnMapping
from db.imports.tables.mapping import Column as Mapped
from db.imports.tables.preview import TablePreview
from db.operations.codes import keep_columns
from desktop import theme
from desktop.commands import Command
from desktop.parts import Parts
from desktop.widgets.accessibility import announce
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.buttons import BAR_HEIGHT, KeyButton
from desktop.widgets.choices import CheckBox, ComboBox
from desktop.widgets.column_editor import ColumnEditor, fault_of, meaning_cell
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import block_heading, section_heading, small
from desktop.widgets.surface import Scroll, Surface
from desktop.widgets.table import DataTable
from desktop.widgets.table_model import Cell, Column, Row
from desktop.wording import error_words, long_date
from desktop.wording.columns import fault_words, order_choices
from desktop.wording.imports import reason_text
from desktop.wording.plain import tr

SHOWN_ROWS = 5
MOST_LINES = 12
DATES = 240
"""Width of the choice of dates at 100 %: the day it is read as stands below it on one line."""


class ColumnsPage(Surface):
    """One table at a time. `open` reads it apart; `go_on` is called with the file once its columns are kept."""

    def __init__(
        self,
        parts: Parts,
        go_on: Callable[[Path], object],
        leave: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("page", parent=parent)
        self._parts, self._go_on, self._leave = parts, go_on, leave
        self._path: Path | None = None
        self._seen: TablePreview | None = None
        self._columns: list[Mapped] = []
        add = parts.commands.add
        keys = ("Ctrl+Return", ("Ctrl+Enter",))
        add(Command("columns.save", tr("Remember and import"), self.save, keys[0], also=keys[1]), self)
        add(Command("columns.leave", tr("Not now"), leave, "Esc"), self)
        self._build()

    def _build(self) -> None:
        self._title, self._about = block_heading(""), small("", "text2")
        self.source = TextEdit("", tr("such as: Northgate laboratory"), 260)
        self.order = ComboBox(order_choices())
        self.comma = CheckBox(tr("Decimal comma (7,5 is seven and a half)"))
        self._source_frame = FormField(tr("Laboratory or source"), self.source)
        self._order_frame = FormField(tr("Dates are written"), self.order)
        row = FlowRow(theme.px(12))
        self.order.setMinimumWidth(theme.px(DATES))
        beside, column = QWidget(), QVBoxLayout()
        high = self._order_frame.label.sizeHint().height() + theme.px(4)
        column.setContentsMargins(0, high + (theme.px(32) - self.comma.sizeHint().height()) // 2, 0, 0)
        column.addWidget(self.comma)
        beside.setLayout(column)
        for field in (self._source_frame, self._order_frame, beside):
            row.add(field)
        self._rows_place = QVBoxLayout()
        self.table = DataTable(
            tr("Columns and what they mean"),
            [
                Column("heading", tr("Column"), weight=500),
                Column("means", tr("Means"), weight=600),
                Column("values", tr("First values"), tone="text2", stretch=True),
            ],
            sortable=False,
        )
        self.editor = ColumnEditor(self._parts.protocol, self._edited)
        self._doubts = small("", "text2")
        self.bar = ActionBar()
        self._add_buttons()
        scroll = self._scroll = Scroll((28, 16, 20, 16), 12)
        for head in (self._title, self._about, row):
            scroll.content.addWidget(head)
        scroll.content.addWidget(section_heading(tr("First rows")))
        scroll.content.addLayout(self._rows_place)
        scroll.content.addWidget(section_heading(tr("What each column is")))
        for below in (self.table, self.editor, self._doubts):
            scroll.content.addWidget(below)
        scroll.content.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(self.bar)
        self.table.current_changed.connect(self._show_column)
        self.table.opened.connect(lambda _place: self._to_editor())
        self.order.currentIndexChanged.connect(lambda _n: self._tell())
        self.source.textEdited.connect(lambda _text: self._source_frame.set_problem(""))

    def _add_buttons(self) -> None:
        for name, kind in (("save", "primary"), ("leave", "soft")):
            action = self._parts.commands.action(f"columns.{name}")
            self.bar.add(KeyButton.for_action(action, kind, height=BAR_HEIGHT))  # type: ignore[arg-type]

    def open(self, path: Path) -> None:
        """Look at a table, in a process of its own, and ask what its columns mean."""
        self._path, self._seen, self._columns = path, None, []
        self._title.setText(tr("What do the columns of {name} mean?").format(name=path.name))
        self._about.setText(tr("Reading {name}").format(name=path.name))
        self._parts.tasks.run(
            look_at, self._parts.protocol.text, path,
            then=partial(self._show, path), failed=self._refused, owner=self,
        )  # fmt: skip

    def path(self) -> Path | None:
        """The file that is asked about, or None."""
        return self._path

    def first_focus(self) -> QWidget:
        """The name of the source, else the columns."""
        return self.table if self.source.text().strip() else self.source

    def _show(self, path: Path, seen: TablePreview | FileRead) -> None:
        if path != self._path:
            return
        if isinstance(seen, FileRead):
            words = "; ".join(reason_text(one) for one in seen.reasons)
            self._about.setText(words)
            announce(self, words, urgent=True)
            return
        self._seen = seen
        self._columns = [_known_unit(one, self._parts) for one in seen.guess.columns]
        self._about.setText(
            tr(
                "It is asked once: the next table of this source with the same columns is read by itself. "
                "Nothing of this one is stored yet."
            )
        )
        self.order.set_value(seen.guess.date_order)
        self.comma.setChecked(seen.guess.decimal_comma)
        self.source.setText(seen.guess.source)
        self._show_first_rows(seen)
        self._fill()
        lines = min(len(self._columns), MOST_LINES)
        self.table.setFixedHeight(theme.px(26 + 4) + lines * self.table.row_height())
        self.table.select(next((n for n, one in enumerate(self._columns) if one.role == "ignore"), 0))
        if self.isVisible():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, f"{self._title.text()} {self._doubts.text()}")

    def _show_first_rows(self, seen: TablePreview) -> None:
        """The rows as they stand in the file."""
        while (item := self._rows_place.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        heads = [Column(str(n), name or tr("(no heading)")) for n, name in enumerate(seen.header)]
        table = DataTable(tr("First rows of the table"), heads, sortable=False)
        table.set_rows(
            [
                Row(n, tuple(Cell(row[at] if at < len(row) else "") for at in range(len(heads))))
                for n, row in enumerate(seen.rows[:SHOWN_ROWS])
            ]
        )
        lines = min(len(seen.rows), SHOWN_ROWS)
        table.setFixedHeight(theme.px(26 + 14) + lines * table.row_height())
        self._rows_place.addWidget(table)

    def _fill(self) -> None:
        seen = self._seen
        if seen is None:
            return
        self.table.set_rows(
            [
                Row(
                    place,
                    (
                        Cell(one.heading or tr("(no heading)")),
                        meaning_cell(one),
                        Cell(" · ".join(seen.samples(place))),
                    ),
                )
                for place, one in enumerate(self._columns)
            ]
        )
        self._tell()

    def _show_column(self, place: object) -> None:
        if isinstance(place, int) and 0 <= place < len(self._columns):
            self.editor.show_column(self._columns[place])

    def _to_editor(self) -> None:
        """Put the keyboard to what the column means, and that into sight."""
        self.editor.role.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(self.editor)

    def _edited(self, changed: Mapped) -> None:
        """The editor says something else of the column the table is on."""
        place = self.table.current_id()
        if place is not None and self._columns[place] != changed:
            self._columns[place] = changed
            self.bar.set_reason("")
            self._fill()

    def _mapping(self) -> ColumnMapping:
        return ColumnMapping(
            tuple(self._columns), str(self.order.value()), self.comma.isChecked(), self.source.text().strip()
        )

    def _tell(self) -> None:
        """How a day is read in this order, and what the mapping leaves open."""
        mapping = self._mapping()
        place = mapping.at("collected") if mapping.at("collected") is not None else mapping.at("birth-date")
        hint = ""
        if place is not None and self._seen is not None and (found := self._seen.samples(place, 1)):
            read = table_time(found[0], mapping.date_order, "collected")
            day = read.day if read is not None else None
            said = long_date(day) if day is not None else tr("no certain day")
            hint = tr("{text} is read as {day}").format(text=found[0][:20], day=said)
        self._order_frame.set_hint(hint)
        open_yet = [reason_text(one) for one in doubts_of(mapping)]
        self._doubts.setText("\n".join(f"{words[:1].upper()}{words[1:]}." for words in open_yet))
        self._doubts.setVisible(bool(self._doubts.text()))

    def save(self) -> None:
        """Keep the mapping for this source and go on with the import; what is missing is said, nothing is lost."""
        if self._seen is None or self._path is None:
            return
        mapping = self._mapping()
        if not mapping.source:
            self._source_frame.set_problem(fault_words("without-source"))
            self.source.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        fault = fault_of(mapping)
        if fault is not None:
            code, where = fault
            self.bar.set_reason(fault_words(code, where))
            announce(self, fault_words(code, where), urgent=True)
            self._to(where)
            return
        self._parts.tasks.write(
            keep_columns, mapping.source, mapping.to_json(), self._parts.clock(),
            then=partial(self._kept, self._path), failed=partial(self._not_kept, self._path), owner=self,
        )  # fmt: skip

    def _to(self, where: str) -> None:
        """Put the keyboard on the column that is spoken of."""
        for place, one in enumerate(self._columns):
            if where in (one.heading, one.role):
                self.table.select(place)
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _kept(self, path: Path, _changes: Changes) -> None:
        said = tr("The columns of {source} are remembered.").format(source=self.source.text().strip())
        self._parts.navigation.say.emit(said, None)
        if path == self._path:
            self._path = self._seen = None
        self._go_on(path)

    def _not_kept(self, path: Path, error: KnownError) -> None:
        if error.code == "nothing-changed":  # it was told before: the file only has to be read again
            self._go_on(path)
            return
        self._refused(error)

    def _refused(self, error: KnownError) -> None:
        self.bar.set_reason(error_words(error))
        announce(self, error_words(error), urgent=True)


def look_at(protocol_text: str, path: Path) -> TablePreview | FileRead:
    """On a worker: the first rows, read in a process of its own as every file of a stranger is."""
    from db.imports.apart import Reader

    with Reader(protocol_text) as reader:
        return reader.look(path)


def _known_unit(one: Mapped, parts: Parts) -> Mapped:
    """The column with its unit in our spelling, where we have one."""
    if one.role != WIDE or not one.analyte or not one.unit:
        return one
    try:
        return replace(one, unit=quantities.unit_name(one.analyte, one.unit, parts.protocol))
    except quantities.UnknownUnitError:
        return replace(one, unit="")
