"""The chart's table twin: the same values as rows of days, for screen readers and for reading numbers."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop import theme
from desktop.widgets.trend_chart import words
from desktop.widgets.trend_chart.model import ChartFacts, Trend
from desktop.wording.dates import plain_date

_Index = QModelIndex | QPersistentModelIndex


class ChartTableModel(QAbstractTableModel):
    """Newest day first; a column for the day, the day of the course, and each trend."""

    def __init__(self, facts: ChartFacts) -> None:
        super().__init__()
        self._facts = facts
        self._days = tuple(reversed(facts.reading_days))

    def rowCount(self, parent: _Index | None = None) -> int:
        """One row per day with values."""
        return 0 if parent is not None and parent.isValid() else len(self._days)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Date, day, and the trends."""
        return 0 if parent is not None and parent.isValid() else 2 + len(self._facts.trends)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Column heads with their units."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section < 2:
            return (words.tr("Collected"), words.tr("Day"))[section]
        trend = self._facts.trends[section - 2]
        return words.tr("{test}, {unit}").format(test=trend.title, unit=trend.unit)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The value as written; superseded ones in brackets and said so to a screen reader."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() > 0:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            head = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return f"{head}: {self._text(index, spoken=True) or words.tr('not measured')}"
        return self._text(index) if role == Qt.ItemDataRole.DisplayRole else None

    def _text(self, index: _Index, spoken: bool = False) -> str:
        day = self._days[index.row()]
        if index.column() == 0:
            return plain_date(day)
        if index.column() == 1:
            counted = self._facts.day_of_course(day)
            return "" if counted is None else str(counted)
        return self._values(self._facts.trends[index.column() - 2], index.row(), spoken)

    def _values(self, trend: Trend, row: int, spoken: bool) -> str:
        parts = []
        for point in trend.points:
            if point.on == self._days[row]:
                text = words.point_value(trend, point)
                if point.superseded:
                    text = words.tr("{value}, superseded").format(value=text) if spoken else f"({text})"
                parts.append(text)
        return " ".join(parts)


def chart_table(facts: ChartFacts, parent: QWidget | None = None) -> QTableView:
    """A read-only table of the chart's values."""
    view = QTableView(parent)
    model = ChartTableModel(facts)
    model.setParent(view)
    view.setModel(model)
    view.setAccessibleName(words.tr("Trends as a table"))
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setShowGrid(False)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(theme.px(28))
    head = view.horizontalHeader()
    head.setFont(theme.font("micro"))
    head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    head.setHighlightSections(False)
    return view
