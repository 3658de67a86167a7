"""The pane for a step without an open assessment: what is to be done, what one must know, and the actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from db.queries.people import Owner
from desktop import theme
from desktop.parts import Parts
from desktop.today.groups import status_of
from desktop.today.loading import Chosen
from desktop.today.step_view import LastValue, StepView, step_view
from desktop.widgets.chips import Chip
from desktop.widgets.contact_log import ContactButtons, ContactHistory
from desktop.widgets.flow import FlowRow
from desktop.widgets.gate_list import GateList
from desktop.widgets.labels import Label, body, section_heading, sentence
from desktop.widgets.surface import Scroll
from desktop.wording import due_words


class StepPane(QWidget):
    """Shows one step. The actions stand in the page's own bar below it."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.view: StepView | None = None
        self._chips, self._title = FlowRow(spacing=6), sentence()
        self._supporting = body(tone="text2")
        self._facts, self._values, self._items = QWidget(), QWidget(), QWidget()
        self._grids = {widget: _grid(widget) for widget in (self._facts, self._values, self._items)}
        self.calls = ContactButtons(lambda: parts.clock().today)
        self.calls.setMaximumWidth(theme.px(420))
        self._history = ContactHistory()
        self._checks, self.gates = section_heading(self.tr("Safety checks for this dose")), GateList()
        self._scroll = Scroll(margins=(28, 16, 20, 20), spacing=18)
        top = QVBoxLayout()
        top.setSpacing(theme.px(6))
        for line in (self._chips, self._title, self._supporting):
            top.addWidget(line)
        self._scroll.content.addLayout(top)
        for widget in (
            self._facts,
            self._checks,
            self.gates,
            self._values,
            self._items,
            self._history,
            self.calls,
        ):
            self._scroll.content.addWidget(widget)
        self._scroll.content.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)

    def show_step(self, chosen: Chosen, people: Sequence[Owner] = ()) -> StepView:
        """Show a step; what was half typed about another patient's call waits for them."""
        today = self._parts.clock().today
        view = step_view(chosen, today)
        self.view = view
        self._chips.clear()
        self._chips.add(Chip(due_words(chosen.step.due, today), status_of(chosen.step, today)))
        self._title.set_role("h2" if theme.is_narrow(self) else "display")
        self._title.setText(view.title)
        self._supporting.setText(view.supporting)
        self._fill(self._facts, "", [(label, text) for label, text in view.facts])
        self._checks.setVisible(bool(chosen.gates))
        self.gates.show_gates(chosen.gates)
        self.gates.setVisible(bool(chosen.gates))
        self._fill_values(view.last_values)
        self._fill(self._items, self.tr("Work-up"), list(view.items))
        banner = chosen.page.banner
        self.calls.turn_to(chosen.step.course_id, banner.birth_date, banner.number)
        self.calls.setVisible(view.log_calls)
        self._history.set_contacts(chosen.page.contacts, today)
        self._history.setVisible(view.log_calls or bool(chosen.page.contacts))
        self._scroll.verticalScrollBar().setValue(0)
        return view

    def _fill(self, block: QWidget, title: str, lines: list[tuple[str, str]]) -> None:
        """Two columns: what, and its text."""
        grid = self._grids[block]
        _empty(grid)
        first = 0
        if title:
            grid.addWidget(section_heading(title), 0, 0, 1, 2)
            first = 1
        for place, (label, text) in enumerate(lines, start=first):
            head = Label(label, role="body", tone="text2", wrap=bool(title))
            grid.addWidget(head, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(body(text, weight=500), place, 1)
        grid.setColumnStretch(1, 1)
        block.setVisible(bool(lines))

    def _fill_values(self, values: tuple[LastValue, ...]) -> None:
        """Test, value, change, date."""
        grid = self._grids[self._values]
        _empty(grid)
        grid.addWidget(section_heading(self.tr("Last values")), 0, 0, 1, 4)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, line in enumerate(values, start=1):
            grid.addWidget(Label(line.name, tone="text2"), place, 0)
            for column, (text, tone, weight) in enumerate(
                ((line.value, "text", 600), (line.change, "text2", 400), (line.day, "text2", 400)), start=1
            ):
                label = Label(text, tone=tone, weight=weight)
                grid.addWidget(label, place, column, right if column == 1 else Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(4, 1)
        self._values.setVisible(bool(values))


def _grid(block: QWidget) -> QGridLayout:
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(20))
    grid.setVerticalSpacing(theme.px(6))
    return grid


def _empty(grid: QGridLayout) -> None:
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
