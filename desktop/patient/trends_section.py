"""The trends: heading, key to the signs, the chart, and its table twin in the same place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTableView, QVBoxLayout, QWidget

from desktop import theme
from desktop.commands import Command, Commands
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.labels import Label, block_heading
from desktop.widgets.trend_chart import ChartFacts, TrendChart, TrendLegend, chart_table


class TrendsSection(QWidget):
    """T turns the chart into a table and back."""

    def __init__(self, commands: Commands, scope: QWidget) -> None:
        super().__init__()
        self._facts: ChartFacts | None = None
        self._count = Label(role="small", tone="text3")
        self.chart = TrendChart()
        self.table: QTableView | None = None
        command = Command("patient.trend-table", self.tr("Trends as a table"), self.toggle, "T")
        action = commands.add(command, scope=scope)
        self._toggle = KeyButton.for_action(action, "quiet", self.tr("As a table"), LINE_HEIGHT)
        self._legend = TrendLegend()
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(block_heading(self.tr("Trends")))
        head.addWidget(self._count)
        head.addWidget(self._legend, 1)
        head.addWidget(self._toggle)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(8))
        self._column.addLayout(head)
        self._column.addWidget(self.chart)

    def set_facts(self, facts: ChartFacts) -> None:
        """Show other facts; the table, when it is shown, follows."""
        self._facts = facts
        self.chart.set_facts(facts)
        days = facts.reading_days
        months = round((days[-1] - days[0]).days * 12 / 365.25) if days else 0
        count = facts.value_count
        said = self.tr("{count} values") if months < 2 else self.tr("{months} months, {count} values")
        self._count.setText(said.format(months=months, count=count) if count else "")
        if self.table is not None:
            self._show_table()

    def toggle(self) -> None:
        """Table instead of chart, or chart instead of table; the focus goes along."""
        if self.table is None:
            self._show_table()
            self._toggle.set_text(self.tr("As a chart"))
            if self.table is not None:
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._drop_table()
        self.chart.show()
        self._legend.show()
        self._toggle.set_text(self.tr("As a table"))
        self.chart.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_table(self) -> None:
        if self._facts is None:
            return
        focused = self.table is not None and self.table.hasFocus()
        self._drop_table()
        self.table = chart_table(self._facts, self)
        rows = self.table.model().rowCount()
        self.table.setFixedHeight(theme.px(28) * min(rows, 14) + theme.px(34))
        self._column.addWidget(self.table)
        self.table.show()
        self.chart.hide()
        self._legend.hide()
        if focused:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_table(self) -> None:
        if self.table is not None:
            self.table.hide()
            self.table.deleteLater()
            self.table = None
