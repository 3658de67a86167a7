"""What one column of a table means: its role, and for the values of one test which test and unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical import quantities
from clinical.protocol import Protocol
from db.imports.tables.mapping import WIDE, Column, ColumnMapping, MappingError
from desktop import theme
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import FormField
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import section_heading
from desktop.widgets.marks import Status
from desktop.widgets.surface import Surface
from desktop.widgets.table_model import Cell
from desktop.wording import analyte_name
from desktop.wording.columns import role_choices, role_words
from desktop.wording.plain import tr


class ColumnEditor(Surface):
    """Three choices beside each other; every change is told at once with the column as it is now."""

    def __init__(
        self, protocol: Protocol, told: Callable[[Column], object], parent: QWidget | None = None
    ) -> None:
        super().__init__("panel", 10, parent=parent)
        self._protocol, self._told = protocol, told
        self._column: Column | None = None
        self._title = section_heading("")
        self.role = ComboBox(role_choices())
        tests = sorted(protocol.analytes.by_name, key=lambda name: analyte_name(name).casefold())
        self.test = ComboBox([(name, analyte_name(name)) for name in tests])
        self.test.set_placeholder(tr("Which test?"))
        self.unit = ComboBox()
        self.unit.set_placeholder(tr("Which unit?"))
        row = FlowRow(12)
        self._frames = [
            FormField(tr("This column is"), self.role),
            FormField(tr("Test"), self.test),
            FormField(tr("Unit of its values"), self.unit),
        ]
        for frame in self._frames:
            row.add(frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(12) for _ in range(4)))
        column.setSpacing(theme.px(8))
        column.addWidget(self._title)
        column.addWidget(row)
        self.role.currentIndexChanged.connect(lambda _n: self._changed())
        self.test.currentIndexChanged.connect(lambda _n: self._changed())
        self.unit.currentIndexChanged.connect(lambda _n: self._changed())

    def show_column(self, column: Column) -> None:
        """Show another column; nothing is told by that."""
        self._column = None
        self._title.setText(tr("Column “{name}”").format(name=column.heading or tr("(no heading)")))
        self.role.set_value(column.role)
        self.test.set_value(column.analyte or None)
        self._offer_units(column.analyte, column.unit)
        self._show_frames(column.role)
        self._column = column

    def _offer_units(self, analyte: str, unit: str) -> None:
        known = quantities.units(analyte, self._protocol) if analyte else ()
        self.unit.set_choices([(one, one) for one in known])
        self.unit.set_value(unit if unit in known else None)

    def _show_frames(self, role: str) -> None:
        for frame in self._frames[1:]:
            frame.setVisible(role == WIDE)

    def _changed(self) -> None:
        """Tell what is chosen; another test has other units."""
        column = self._column
        if column is None:
            return
        role = str(self.role.value())
        analyte = str(self.test.value() or "") if role == WIDE else ""
        self._column = None
        if analyte != column.analyte:
            self._offer_units(analyte, column.unit)
        self._show_frames(role)
        unit = str(self.unit.value() or "") if role == WIDE else ""
        self._column = replace(column, role=role, analyte=analyte, unit=unit)
        self._told(self._column)


def fault_of(mapping: ColumnMapping) -> tuple[str, str] | None:
    """Why the mapping cannot be used, and which column or meaning that is about."""
    try:
        mapping.check()
    except MappingError as error:
        return error.code, error.where
    bare = next((one.heading for one in mapping.columns if one.role == WIDE and not one.unit), None)
    return None if bare is None else ("column-without-unit", bare)


def meaning_cell(one: Column) -> Cell:
    """What a column means, in a table of columns; marked where something of it is still to be said."""
    if one.role == "ignore":
        return Cell(role_words(one.role), weight=400, tone="text3")
    if one.role != WIDE:
        return Cell(role_words(one.role))
    named = analyte_name(one.analyte) if one.analyte else tr("Which test?")
    words = f"{named}, {one.unit}" if one.unit else tr("{test}, which unit?").format(test=named)
    return Cell(words, mark=None if one.analyte and one.unit else Status.NOTE)
