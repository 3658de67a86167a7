"""What is behind a figure: its months, and the people counted or left out, each a key away from their page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import theme
from desktop.managers.figures import Figure, Item, every_month
from desktop.managers.month_chart import MonthChart
from desktop.managers.words import figure_basis, figure_name, figure_value, person_note
from desktop.parts import Parts
from desktop.widgets.chips import FilterRow
from desktop.widgets.labels import Label, small
from desktop.widgets.surface import Surface
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.wording.plain import tr

WIDTH, NARROW_WIDTH = 420, 320


class BehindPane(Surface):
    """The chosen figure, month by month, and its patients; Enter opens one. `shown`: others are on show."""

    shown = Signal()

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__("list", parent=parent)
        self._parts = parts
        self._figure: Figure | None = None
        self._shown: tuple[Item, ...] = ()
        self.span: tuple[date, date] | None = None
        """The first and the last day looked back on: every month between them has its place in the chart."""
        self.setFixedWidth(theme.px(WIDTH))
        self._name = Label(role="h2", wrap=True)
        self._value = Label(role="figure")
        self._basis, self._nobody = small(wrap=True), small(wrap=True)
        self.chart = MonthChart()
        self.sides = FilterRow(hides=False)
        self.table = DataTable(
            tr("Patients behind the figure"),
            (
                Column("patient", tr("Patient"), weight=600, stretch=True),
                Column("note", tr("Why here"), tone="text2"),
            ),
            sortable=False,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(16), theme.px(18), theme.px(14))
        column.setSpacing(theme.px(8))
        for widget in (self._name, self._value, self._basis, self.chart, self.sides):
            column.addWidget(widget)
        column.addWidget(self._nobody)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        self._column = column
        self._below: QWidget | None = None
        self.sides.chosen.connect(lambda _side: self._fill())
        self.table.opened.connect(self._open)
        self.show_figure(None)

    def set_narrow(self, narrow: bool) -> None:
        """Take less room."""
        self.setFixedWidth(theme.px(NARROW_WIDTH if narrow else WIDTH))

    def add_below(self, widget: QWidget) -> None:
        """Put something under the patients; it is there while there is a figure."""
        self._column.addWidget(widget)
        self._below = widget
        widget.setVisible(self._figure is not None)

    def first_focus(self) -> QWidget:
        """The patients."""
        return self.table

    def show_figure(self, figure: Figure | None) -> None:
        """Show a figure, or nothing."""
        self._figure = figure
        for widget in (self._name, self._value, self._basis, self.sides, self.table):
            widget.setVisible(figure is not None)
        if self._below is not None:
            self._below.setVisible(figure is not None)
        if figure is None:
            self.chart.hide()
            self._shown = ()
            self._say_nobody(tr("Once there is a figure, the patients behind it stand here."))
            self.shown.emit()
            return
        name = figure_name(figure)
        self._name.setText(name)
        self._value.setText(figure_value(figure))
        self._basis.setText(figure_basis(figure))
        months = figure.months
        if months and self.span is not None:
            months = every_month(months, *self.span)
        self.chart.set(name, months, shares=figure.days is None)
        self.sides.set_filters(
            [
                ("counted", tr("Counted"), figure.part, None),
                ("left-out", tr("Not counted"), len(figure.left_out), None),
            ]
        )
        self.sides.setVisible(bool(figure.left_out))
        self._fill()

    def people(self) -> Sequence[Item]:
        """The people on show."""
        return self._shown

    def figure(self) -> Figure | None:
        """The figure on show."""
        return self._figure

    def counted(self) -> bool:
        """Whether those on show are the ones counted, not the ones left out."""
        return self.sides.current() != "left-out" or self._figure is None or not self._figure.left_out

    def _fill(self) -> None:
        if self._figure is None:
            return
        self._shown = self._figure.behind if self.counted() else self._figure.left_out
        rows = [
            Row(place, (Cell(f"{one.surname}, {one.given}"), Cell(person_note(self._figure, one))))
            for place, one in enumerate(self._shown)
        ]
        self.table.set_rows(rows)
        said = tr("Nobody is behind this figure. A longer span looks further back.")
        if self._figure.left_out:
            said = tr("Nobody is counted here. Choose Not counted to see the others.")
        self._say_nobody("" if rows else said)
        self.shown.emit()

    def _say_nobody(self, sentence: str) -> None:
        """In place of patients: what it means that there are none; nothing where there are."""
        self._nobody.setText(sentence)
        self._nobody.setVisible(bool(sentence))

    def _open(self, place: int) -> None:
        self._parts.navigation.open_patient.emit(self._shown[place].patient_id)
