"""The results table with its filters: every value as received and canonical, superseded ones struck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop import theme
from desktop.patient.chart_facts import PANELS
from desktop.patient.result_rows import Value, columns, table_rows
from desktop.widgets.ask_panel import AskPanel
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.chips import FilterRow
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import block_heading
from desktop.widgets.trend_chart import Target
from desktop.widgets.whole_table import WholeTable
from desktop.wording import analyte_name

_ALL = "all"
_FIRST = 14
"""Rows shown at once; the rest come when asked for, so that the page stays short."""


class ResultsSection(QWidget):
    """Filter chips by test, "all shown" beside them, and the table under them."""

    day_chosen = Signal(object)
    """The day of the row that became current, for the chart to read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Sequence[Value] = ()
        self._bands: Mapping[str, Target] = {}
        self.filters = FilterRow()
        self.table = WholeTable(self.tr("Results"), columns())
        head = QHBoxLayout()
        head.setSpacing(theme.px(14))
        head.addWidget(block_heading(self.tr("Results")))
        head.addWidget(self.filters, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addLayout(head)
        column.addWidget(self.table)
        self._whole = False
        self._more = KeyButton("", "quiet", height=LINE_HEIGHT)
        self._more.clicked.connect(self._toggle)
        self._keys = FlowRow(theme.px(8))
        self._keys.add(self._more)
        column.addWidget(self._keys)
        self.ask = AskPanel()
        self.ask.closed.connect(lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))
        column.addWidget(self.ask)
        self.filters.chosen.connect(lambda _name: self._show())
        self.table.current_changed.connect(self._moved)

    def set_buttons(self, buttons: Sequence[KeyButton]) -> None:
        """What can be done with the current row, under the table."""
        for button in buttons:
            self._keys.add(button)

    def set_message(self, field: QPlainTextEdit) -> None:
        """Where the message of a result is shown, under the buttons; another row or patient puts it away."""
        layout = self.layout()
        assert layout is not None
        layout.addWidget(field)
        self.table.current_changed.connect(lambda _row: field.hide())

    def set_values(self, values: Sequence[Value], bands: Mapping[str, Target]) -> None:
        """Show other values under the same filter."""
        self._values, self._bands = values, bands
        self.setVisible(bool(values))
        counts = {name: sum(v.analyte == name for v in values) for name in PANELS}
        chips = [(_ALL, self.tr("All"), len(values), None)]
        chips += [(name, analyte_name(name), count, None) for name, count in counts.items() if count]
        self.filters.set_filters(chips)
        self._show()

    def _show(self) -> None:
        chosen = self.filters.current()
        shown = [v for v in self._values if chosen in {_ALL, "", v.analyte}]
        self.filters.set_hidden(len(self._values) - len(shown))
        first = shown if self._whole else shown[:_FIRST]
        self.table.set_rows(table_rows(first, self._values, self._bands))
        self._more.setVisible(len(shown) > _FIRST)
        words = (
            self.tr("Show the newest")
            if self._whole
            else self.tr("Show all {count}").format(count=len(shown))
        )
        self._more.set_text(words)

    def start_over(self) -> None:
        """Another patient: the newest results of every test."""
        self._whole = False
        self.filters.choose(_ALL)

    def _toggle(self) -> None:
        self._whole = not self._whole
        self._show()

    def _moved(self, row_id: object) -> None:
        value = next((v for v in self._values if v.id == row_id), None)
        if value is not None and self.table.hasFocus():
            self.day_chosen.emit(value.collected)
