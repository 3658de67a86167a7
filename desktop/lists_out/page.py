"""Lists to print or to save: which worklist, as of which day, whose rows; below them the pages as they will go out."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.errors import KnownError
from desktop import theme
from desktop.list_paper import ListOrigin
from desktop.lists import worklists
from desktop.lists_out.drawing import OWNED, Taken, of_owner, owners_of, take
from desktop.lists_out.sheet import ListSheet
from desktop.looked import note_list
from desktop.parts import Parts
from desktop.widgets.adaptive_row import AdaptiveRow
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField
from desktop.widgets.labels import heading, small
from desktop.widgets.surface import Surface
from desktop.wording import error_words
from desktop.wording.numbers import count
from desktop.wording.plain import tr


class ListsPage(Surface):
    """Every worklist of the clinic as it goes on paper or to a spreadsheet, without the page that works on it."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts = parts
        self._whole: Taken | None = None
        self._origin: ListOrigin | None = None
        self._about = small(wrap=False)
        self.list = ComboBox([(one.name, one.title) for one in worklists().values()])
        self.day = DateEdit(parts.clock().today, today=lambda: parts.clock().today)
        self.whose = ComboBox([(None, tr("Everybody"))])
        self.day_field = FormField(tr("As of"), self.day)
        self._whose_field = FormField(tr("Whose"), self.whose)
        self.sheet = ListSheet(parts, "lists", self, within=self)
        self._build()
        self.list.activated.connect(lambda _place: self.read())
        self.day.date_changed.connect(lambda _day: self.read())
        self.whose.activated.connect(lambda _place: self._show())
        self.sheet.closed.connect(parts.navigation.back)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.px(14))
        head.addWidget(heading(tr("Lists")))
        head.addWidget(self._about, 1)
        fields = AdaptiveRow(spacing=14)
        for field in (FormField(tr("List"), self.list), self.day_field, self._whose_field):
            fields.add(field)
        fields.add(QWidget(), 1)
        top = QVBoxLayout()
        top.setContentsMargins(theme.px(28), theme.px(14), theme.px(20), theme.px(10))
        top.setSpacing(theme.px(10))
        top.addLayout(head)
        top.addWidget(fields)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.sheet, 1)

    def first_focus(self) -> QWidget:
        """Which list."""
        return self.list

    def refresh(self) -> None:
        """Nothing is read again of itself: what is looked at is what will be printed."""
        if self._whole is None:
            self.read()

    def open_list(self, name: str) -> None:
        """Show the list of this name, as of today, everybody's."""
        self.list.set_value(name)
        self.whose.set_value(None)
        self.day.set_day(self._parts.clock().today)
        self.read()

    def read(self) -> None:
        """Read the list that is chosen, beside everything else."""
        parts, name, day = self._parts, str(self.list.value()), self.day.day()
        self._whole = None
        self._whose_field.setVisible(name in OWNED)
        problem = self._problem(day)
        self.day_field.set_problem(problem)
        if problem or day is None:
            self._about.setText("")
            self.sheet.clear()
            return
        self._about.setText(tr("The list is being read"))
        self.sheet.clear()
        parts.tasks.run(
            take, parts.tasks.sessions, name, day, parts.protocol,
            then=partial(self._taken, name), failed=self._failed, owner=self, key="take", beside=True,
        )  # fmt: skip

    def _problem(self, day: date | None) -> str:
        """Why no list is made for what is typed as a day."""
        if self.day.problem():
            return self.day.problem()
        if day is None:
            return tr("A list needs a day.")
        if day < self._parts.clock().today:
            return tr("The record is not wound back to a day that is over; choose today or a later day.")
        return ""

    def _taken(self, name: str, found: tuple[Taken, ListOrigin]) -> None:
        self._whole, self._origin = found
        note_list(self._parts, name)
        owners = owners_of(self._whole.rows) if name in OWNED else ()
        self.whose.set_choices([(None, tr("Everybody")), *owners], self.whose.value())
        self._show()

    def _show(self) -> None:
        """The rows of whom is chosen."""
        whole = self._whole
        if whole is None or self._origin is None:
            return
        owner = self.whose.value() if whole.name in OWNED else None
        rows = of_owner(whole.rows, owner) if isinstance(owner, int) else whole.rows
        said = tr("Rows: {shown} of {all}").format(shown=count(len(rows)), all=count(len(whole.rows)))
        self._about.setText(said)
        words = ""
        if isinstance(owner, int):
            words = tr("Whose: {name}").format(name=self.whose.currentText())
        self.sheet.show_list(Taken(whole.name, whole.day, rows, words), self._origin)

    def _failed(self, error: KnownError) -> None:
        self._about.setText(error_words(error))
