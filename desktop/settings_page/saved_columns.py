"""What the columns of a source's tables mean, as they were remembered: changed here, or forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.imports.tables.mapping import Column as Mapped
from db.imports.tables.mapping import ColumnMapping, MappingError
from db.operations.codes import forget_columns, keep_columns
from db.queries.laboratories import LaboratoryRow
from desktop import theme
from desktop.settings_page.section import button_row, form, said_line
from desktop.settings_page.tools import Tools, allow
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import CheckBox, ComboBox
from desktop.widgets.column_editor import ColumnEditor, fault_of, meaning_cell
from desktop.widgets.fields import FormField
from desktop.widgets.labels import section_heading
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.wording.columns import fault_words, order_choices
from desktop.wording.plain import tr

MOST_LINES = 10


class SavedColumns(QWidget):
    """The columns of the source on show. What is changed and not saved waits while another one is shown."""

    wants_forgetting = Signal(object)
    """the source whose columns are to be forgotten, to be asked once more"""

    def __init__(self, tools: Tools, say: Callable[[str], None], refused: Callable[..., None]) -> None:
        super().__init__()
        self._tools, self._say, self._refused = tools, say, refused
        self._source: LaboratoryRow | None = None
        self._edited: dict[int, ColumnMapping] = {}
        self.none = said_line()
        self.table = DataTable(
            tr("Columns and what they mean"),
            [
                Column("heading", tr("Column"), weight=500),
                Column("means", tr("Means"), weight=600, stretch=True),
            ],
            sortable=False,
        )
        self.editor = ColumnEditor(tools.parts.protocol, self._column_changed)
        self.order = ComboBox(order_choices())
        self.comma = CheckBox(tr("Decimal comma (7,5 is seven and a half)"))
        self._order_form = form(FormField(tr("Dates are written"), self.order))
        self.save_button = KeyButton(tr("Save these columns"), "soft")
        self.forget_button = KeyButton(tr("Forget these columns …"), "quiet")
        self._buttons = button_row(self.save_button, self.forget_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addWidget(section_heading(tr("Columns of its tables")))
        for piece in (self.none, self.table, self.editor, self._order_form, self.comma, self._buttons):
            column.addWidget(piece)
        self.table.current_changed.connect(self._show_column)
        self.table.opened.connect(lambda _n: self.editor.role.setFocus(Qt.FocusReason.OtherFocusReason))
        self.order.activated.connect(lambda _n: self._habit_changed())
        self.comma.clicked.connect(lambda _on: self._habit_changed())
        self.save_button.clicked.connect(lambda _checked=False: self.save())
        self.forget_button.clicked.connect(lambda _checked=False: self.wants_forgetting.emit(self._source))

    def show_source(self, source: LaboratoryRow | None) -> None:
        """Show another source, or the same as it is now."""
        self._source = source
        mapping = self.mapping()
        for piece in (self.table, self.editor, self._order_form, self.comma, self._buttons):
            piece.setVisible(mapping is not None)
        self.none.setVisible(mapping is None)
        self.none.setText(
            ""
            if source is None
            else tr("This version of Replete cannot use its columns: they are asked for with its next table.")
            if source.columns is not None
            else tr("No table of it has come. Its columns are asked for with the first CSV or Excel file.")
        )
        if mapping is not None:
            self._fill(mapping)
            self.table.select(0)
        self._allow()

    def mapping(self) -> ColumnMapping | None:
        """The columns as they stand here; None where there are none, or another version of the program kept them."""
        source = self._source
        if source is None:
            return None
        return self._edited.get(source.id) or _kept(source)

    def is_dirty(self) -> bool:
        """Whether columns of any source were changed and not saved."""
        return bool(self._edited)

    def forget(self, source: LaboratoryRow) -> object:
        """Forget what the columns of a source mean, as it was seen."""
        self._edited.pop(source.id, None)
        said = tr("The columns of {source} are forgotten.").format(source=source.name)
        return self._tools.parts.tasks.write(
            forget_columns, source.id, source.version, self._tools.parts.clock(),
            then=lambda _changes: self._say(said), failed=self._refused, owner=self,
        )  # fmt: skip

    def save(self) -> None:
        """Keep the columns as they stand here; what is missing is said and nothing is lost."""
        source, mapping = self._source, self.mapping()
        if source is None or mapping is None or source.id not in self._edited:
            return
        fault = fault_of(mapping)
        if fault is not None:
            self._refused(fault_words(*fault))
            return
        said = tr("The columns of {source} are remembered.").format(source=source.name)

        def kept() -> None:
            self._edited.pop(source.id, None)
            self._say(said)

        self._tools.parts.tasks.write(
            keep_columns, source.name, mapping.to_json(), self._tools.parts.clock(), source.version,
            then=lambda _changes: kept(), failed=self._refused, owner=self,
        )  # fmt: skip

    def _fill(self, mapping: ColumnMapping) -> None:
        rows = [
            Row(place, (Cell(one.heading or tr("(no heading)")), meaning_cell(one)))
            for place, one in enumerate(mapping.columns)
        ]
        self.table.set_rows(rows)
        as_high_as_rows(self.table, len(rows))
        self.order.set_value(mapping.date_order)
        self.comma.setChecked(mapping.decimal_comma)

    def _show_column(self, place: object) -> None:
        mapping = self.mapping()
        if mapping is not None and isinstance(place, int) and 0 <= place < len(mapping.columns):
            self.editor.show_column(mapping.columns[place])

    def _column_changed(self, changed: Mapped) -> None:
        place, mapping = self.table.current_id(), self.mapping()
        if place is not None and mapping is not None and mapping.columns[place] != changed:
            columns = (*mapping.columns[:place], changed, *mapping.columns[place + 1 :])
            self._edit(replace(mapping, columns=columns))

    def _habit_changed(self) -> None:
        mapping = self.mapping()
        if mapping is not None:
            habit = {"date_order": str(self.order.value()), "decimal_comma": self.comma.isChecked()}
            self._edit(replace(mapping, **habit))  # type: ignore[arg-type]

    def _edit(self, mapping: ColumnMapping) -> None:
        assert self._source is not None
        if mapping == _kept(self._source):
            self._edited.pop(self._source.id, None)
        else:
            self._edited[self._source.id] = mapping
        self._fill(mapping)
        self._allow()

    def _allow(self) -> None:
        changed = self._source is not None and self._source.id in self._edited
        parts = self._tools.parts
        allow(self.save_button, parts, "keep_columns", "" if changed else tr("Nothing is changed."))
        allow(self.forget_button, parts, "forget_columns")


def as_high_as_rows(table: DataTable, rows: int) -> None:
    """As high as its rows, and no higher than it can be scrolled through."""
    table.setFixedHeight(theme.px(26 + 14) + min(max(rows, 1), MOST_LINES) * table.row_height())


def _kept(source: LaboratoryRow) -> ColumnMapping | None:
    if source.columns is None:
        return None
    try:
        return ColumnMapping.from_json(source.columns)
    except MappingError:
        return None
