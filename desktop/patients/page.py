"""The list of all patients with its own search; Enter opens, N registers a new referral. Possible duplicates."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError
from db.queries.patients import PatientHit, all_patients, search, status_counts
from desktop import theme
from desktop.commands import Command
from desktop.parts import Parts
from desktop.patients.duplicates import DuplicatesPane
from desktop.patients.rows import columns, row
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.fields import TextEdit
from desktop.widgets.kept_columns import KeptColumns
from desktop.widgets.kept_filters import KeptFilters
from desktop.widgets.labels import Label, heading
from desktop.widgets.marks import Status
from desktop.widgets.surface import Surface
from desktop.widgets.table import DataTable
from desktop.wording import ending_name, error_words

_PAGE = 200
_EVERYBODY = "all"
_TWICE = "duplicates"
_STATES = ("active", "declined", "did-not-attend", "transferred", "deceased")


class PatientsPage(Surface):
    """Search hits while something is typed, else everybody by name, fetched as the list is scrolled."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts = parts
        self._hits: list[PatientHit] = []
        self._more = False
        self.field = TextEdit("", self.tr("Any part of name, number, date of birth or phone"), 420)
        self.field.setAccessibleName(self.tr("Find a patient"))
        self.filters = KeptFilters(parts, "patients/filter", usual=_STATES[0], passing=_TWICE)
        self._counts: Mapping[str, int] = {}
        self._pairs: int | None = None
        self._show_chips()
        self.table = DataTable(self.tr("Patients"), columns(), row_height=34, sortable=False)
        KeptColumns(parts, "patients/columns", self.table, columns())
        self._said = Label(role="small", tone="text3")
        add = parts.commands.add
        add(Command("patients.find", self.tr("Find in this list"), self._to_field, "/"), self)
        new = Command("patients.new", self.tr("New referral"), parts.navigation.new_referral.emit, "N")
        self._new = KeyButton.for_action(add(new, self), "soft", icon="plus")
        self._empty = EmptyPage("patients", "", "")
        self.duplicates = DuplicatesPane(parts)
        words = self.tr("merge join twice look-alikes")
        twice = Command(
            "patients.duplicates", self.tr("Possible duplicates"), self.show_duplicates, "D", words=words
        )
        add(twice, self)
        self._build()
        self._connect()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(heading(self.tr("Patients")))
        head.addWidget(self._said)
        head.addStretch(1)
        head.addWidget(self._new)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(28), theme.px(16), theme.px(20), theme.px(12))
        column.setSpacing(theme.px(12))
        column.addLayout(head)
        column.addWidget(self.field, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.filters)
        column.addWidget(self.table, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self.duplicates, 1)
        self._empty.hide()
        self.duplicates.hide()
        self.setTabOrder(self.field, self.table)

    def _connect(self) -> None:
        self.field.textEdited.connect(lambda _text: self.refresh())
        self.field.installEventFilter(self)
        self.filters.chosen.connect(lambda _name: self.refresh())
        self.duplicates.counted.connect(self._counted)
        self.table.opened.connect(self._parts.navigation.open_patient.emit)
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._parts.tasks.changed.connect(self._changed)

    def first_focus(self) -> QWidget:
        """The search field: typing finds, Down goes into the list."""
        return self.field

    def refresh(self) -> None:
        """Ask again for what the field and the filter say."""
        twice = self.filters.current() == _TWICE
        for widget in (self.table, self._empty) if twice else (self.duplicates,):
            widget.hide()
        self.field.setVisible(not twice)
        if twice:
            self.filters.set_hidden(0)
            self.duplicates.show()
            self.duplicates.refresh()
            return
        text, status = self.field.text().strip(), self._status()
        tasks = self._parts.tasks
        tasks.read(status_counts, then=self._counted_states, failed=self._failed, owner=self, key="counts")
        if text:
            tasks.read(search, text, then=self._show_hits, failed=self._failed, owner=self, key="patients")
        else:
            tasks.read(
                all_patients, status, None, _PAGE,
                then=self._show_all, failed=self._failed, owner=self, key="patients",
            )  # fmt: skip

    def _show_chips(self) -> None:
        """The filters with how many there are of each; of pairs once they were asked for."""
        known = self._counts
        every = sum(known.values()) if known else None
        names = {state: ending_name(state).capitalize() for state in _STATES[1:]}
        chips: list[tuple[str, str, int | None, Status | None]] = [
            (
                state,
                names.get(state, self.tr("Current patients")),
                known.get(state, 0) if known else None,
                None,
            )
            for state in _STATES
        ]
        chips.insert(1, (_EVERYBODY, self.tr("Everybody"), every, None))
        self.filters.show_kept([*chips, (_TWICE, self.tr("Possible duplicates"), self._pairs, None)])

    def _counted_states(self, counts: Mapping[str, int]) -> None:
        """How many there are of each state; those the filter does not show are hidden by it."""
        self._counts = counts
        self._show_chips()
        status = self._status()
        if not self.field.text().strip() and self.filters.current() != _TWICE:
            hidden = 0 if status is None else sum(counts.values()) - counts.get(status, 0)
            self.filters.set_hidden(hidden)

    def show_duplicates(self) -> None:
        """The pairs that may be of one person, instead of the list."""
        self.filters.choose(_TWICE)
        self.duplicates.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _counted(self, count: int) -> None:
        self._pairs = count
        self._show_chips()
        if self.filters.current() == _TWICE:
            words = self.tr("{count} pair") if count == 1 else self.tr("{count} pairs")
            self._said.setText(words.format(count=count))

    def _status(self) -> str | None:
        chosen = self.filters.current()
        return None if chosen in {_EVERYBODY, ""} else chosen

    def _show_hits(self, hits: tuple[PatientHit, ...]) -> None:
        """Search finds everybody; the filter narrows it and says how many it hides."""
        if self.filters.current() == _TWICE:
            return
        status = self._status()
        shown = [hit for hit in hits if status is None or hit.status == status]
        self.filters.set_hidden(len(hits) - len(shown))
        self._more = False
        self._show(shown, self.tr("{count} found"))

    def _show_all(self, hits: tuple[PatientHit, ...]) -> None:
        if self.filters.current() == _TWICE:
            return
        self._more = len(hits) == _PAGE
        self._show(list(hits), self.tr("{count} and more") if self._more else "{count}")

    def _show(self, hits: list[PatientHit], said: str) -> None:
        today = self._parts.clock().today
        self._hits = hits
        self.table.set_rows([row(hit, today) for hit in hits])
        self._said.setText(said.format(count=len(hits)))
        self.table.setVisible(bool(hits))
        self._empty.setVisible(not hits)
        if not hits and self.field.text().strip():
            self._empty.set(
                self.tr("Nobody found"),
                self.tr("Try another part of the name, the number or the date of birth."),
            )
        elif not hits and any(self._counts.values()) and self._status() is not None:
            self._empty.set(
                self.tr("Nobody here"),
                self.tr("{count} are hidden by the filter; choose Everybody to see them.").format(
                    count=sum(self._counts.values())
                ),
            )
        elif not hits:
            self._empty.set(
                self.tr("Nobody here"),
                self.tr(
                    "Everybody under follow-up appears here. Register the first referral with Ctrl+N, "
                    "also for those who are in treatment already."
                ),
            )

    def _scrolled(self, value: int) -> None:
        """Near the end of the list, fetch the next page after its last row."""
        bar = self.table.verticalScrollBar()
        if self._more and self._hits and value >= bar.maximum() - bar.pageStep():
            self._more = False
            self._parts.tasks.read(
                all_patients, self._status(), self._hits[-1], _PAGE,
                then=self._append, failed=self._failed, owner=self, key="patients",
            )  # fmt: skip

    def _append(self, hits: tuple[PatientHit, ...]) -> None:
        self._more = len(hits) == _PAGE
        self._show([*self._hits, *hits], self.tr("{count} and more") if self._more else "{count}")

    def _to_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _failed(self, error: KnownError) -> None:
        sentence = error_words(error)
        self._said.setText(sentence)
        announce(self, sentence)

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.kinds & {"patients", "courses", "steps"}:
            self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the field, Down goes into the list and Enter opens its current row; Esc empties the field."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key == Qt.Key.Key_Down:
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.table.current_id() is not None:
                self._parts.navigation.open_patient.emit(self.table.current_id())
                return True
            if key == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                self.refresh()
                return True
        return super().eventFilter(watched, event)
