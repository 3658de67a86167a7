"""The side pane of Overdue: who, how late, the contact ladder, and the outcome of the call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from db.errors import KnownError, StaleScreen
from db.operations.contacts import NewContact, record_contact
from db.queries.patient_rows import ContactRow
from db.queries.patients import patient_page
from db.queries.worklist_rows import OverdueRow
from desktop import theme
from desktop.looked import note_look
from desktop.overdue.bands import MARKS
from desktop.overdue.rungs import rungs
from desktop.parts import Parts
from desktop.widgets.accessibility import announce
from desktop.widgets.call_undo import undo_of_call
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.chips import Chip
from desktop.widgets.contact_log import ContactButtons, ContactHistory, LoggedCall, typed_call
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import Label, section_heading, small
from desktop.widgets.ladder import Ladder
from desktop.widgets.surface import Scroll, Surface
from desktop.wording import born, contact_outcome_name, days, error_words

WIDTH, ONE_COLUMN, NARROW_WIDTH = 300, 280, 228
SIDES, SCROLL_BAR = (15, 11), 20
"""Room left and right of what stands inside."""
ANY_WIDTH = 16_777_215
"""No greatest width, as Qt counts."""
Room = Literal["side", "narrow", "whole"]


def load(session: Any, row: OverdueRow, today: Any) -> tuple[OverdueRow, tuple[ContactRow, ...]]:
    """The contacts of one course, newest first."""
    page = patient_page(session, row.patient_id, today)
    return row, tuple(one for one in page.contacts if one.course_id in (None, row.course_id))


class OverdueSide(Surface):
    """Shows one course. While another is on its way no call can be logged."""

    finished = Signal()
    """A call was logged from its fields here: they go, and the keyboard is needed elsewhere."""
    clashed = Signal()
    """Somebody else logged a call first: `conflict` is about to ask, and has to be in sight."""

    def __init__(self, parts: Parts, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("list", parent=parent)
        self._parts = parts
        self._row: OverdueRow | None = None
        self._name = Label(role="h2", wrap=True)
        self._who, self._phone, self._since = small(), small(), small()
        self._chips = FlowRow(spacing=6)
        self.ladder = Ladder()
        self.calls = ContactButtons(lambda: parts.clock().today)
        self.calls.logged.connect(self._log)
        self.calls.add_commands(parts.commands, page, "overdue")
        self._history = ContactHistory()
        self.conflict = ChangedMeanwhile()
        """For the page to show beside the list."""
        self._problem = small(tone="urgent_word")
        scroll = Scroll(margins=(SIDES[0], 16, SIDES[1], 16), spacing=14)
        top = QVBoxLayout()
        top.setSpacing(theme.px(3))
        for line in (self._name, self._who, self._phone, self._since):
            top.addWidget(line)
        scroll.content.addLayout(top)
        scroll.content.addWidget(self._chips)
        scroll.content.addWidget(section_heading(self.tr("Contact ladder")))
        for widget in (self.ladder, self.calls, self._problem, self._history):
            scroll.content.addWidget(widget)
        scroll.content.addStretch(1)
        self._inside = scroll
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        self._room: Room | None = None
        self.set_room("side")
        self.show_course(None)

    def first_focus(self) -> QWidget:
        """The first outcome of a call."""
        return next(iter(self.calls.buttons.values()))

    def set_room(self, room: Room) -> None:
        """Stand beside the list, or beside it in a narrow window, or take the whole width while the list is away.

        Outcomes of a call stand in two columns where their words fit beside each other.
        """
        if room == self._room:
            return
        self._room = room
        sides = theme.px(sum(SIDES))
        one, two = self.calls.widths()
        single = room == "narrow" or (room == "side" and two > theme.px(WIDTH) - sides)
        self.calls.set_columns(1 if single else 2)
        if room == "whole":
            self.setMinimumWidth(0)
            self.setMaximumWidth(ANY_WIDTH)
            return
        # no wider than its buttons ask for: the words of the list need the room
        wanted = theme.px(NARROW_WIDTH if room == "narrow" else ONE_COLUMN) if single else two + sides
        self.setFixedWidth(max(wanted, one + sides + theme.px(SCROLL_BAR)))

    def show_course(self, row: OverdueRow | None) -> None:
        """Show a course; what was half typed about another one's call waits for it."""
        if row is None or self._row is None or row.course_id != self._row.course_id:
            self.calls.turn_to(None)
            self.conflict.clear()
            self._problem.setText("")
        self._row = row
        self._inside.setVisible(row is not None)
        if row is None:
            return
        today = self._parts.clock().today
        self._name.setText(f"{row.surname.upper()}, {row.given}")
        birth = born(row.birth_date, today) if row.birth_date else ""
        self._who.setText(" · ".join(part for part in (birth, row.number) if part))
        self.calls.turn_to(row.course_id, row.birth_date, row.number or "")
        self._phone.setText(row.phone or self.tr("No telephone on record"))
        self._since.setText(self.tr("Day {days} after the last infusion").format(days=row.days_since))
        self._chips.clear()
        late = self.tr("{days} late").format(days=days(row.days_late))
        self._chips.add(Chip(late, MARKS[row.band]))
        self.ladder.set(rungs(row, (), today))
        self._parts.tasks.read(load, row, today, then=self._read, owner=self, key="contacts")

    def _read(self, loaded: tuple[OverdueRow, tuple[ContactRow, ...]]) -> None:
        row, contacts = loaded
        if row is not self._row:
            return
        today = self._parts.clock().today
        self.ladder.set(rungs(row, contacts, today))
        self._history.set_contacts(contacts, today)
        note_look(self._parts, row.patient_id)

    def _log(self, call: LoggedCall) -> None:
        """Record the attempt on the step that is shown; the record decides what becomes of it."""
        if self._row is not None:
            self._record(self._row, call, (self._row.step_id, self._row.step_version))

    def _record(self, row: OverdueRow, call: LoggedCall, seen_step: tuple[int, int]) -> None:
        self.conflict.clear()
        said = self.tr("Call with {name} logged: {outcome}").format(
            name=f"{row.given[:1]}. {row.surname}", outcome=contact_outcome_name(call.outcome)
        )
        self._problem.setText("")
        self._parts.tasks.write(
            record_contact,
            row.course_id,
            NewContact(call.outcome, "phone", call.note or None, call.call_back_on),
            self._parts.clock(),
            self._parts.protocol,
            seen_step,
            then=lambda changes: self._logged(
                row.course_id, said, undo_of_call(self._parts, self, call.outcome, changes)
            ),
            failed=lambda error: self._refused(row, call, error),
            owner=self,
        )

    def _let_go(self) -> None:
        """What was typed about this call is not wanted any more."""
        self.calls.clear()

    def _logged(self, course_id: int, said: str, undo: Callable[[], object]) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.calls.isAncestorOf(focused):
            self.finished.emit()
        self.calls.logged_for(course_id)
        self._parts.navigation.say.emit(said, undo)
        announce(self, said)

    def _refused(self, row: OverdueRow, call: LoggedCall, error: KnownError) -> None:
        """Nothing was logged; say why where the buttons are. Who logged a call first is shown beside what was typed."""
        now: Any = (error.values.get("id"), error.values.get("version"))
        if self._row is not None and self._row.course_id == row.course_id:
            if isinstance(error, StaleScreen):
                self.clashed.emit()
            again = partial(self._record, row, call, now)
            if self.conflict.took(error, typed_call(call), again, self._let_go):
                self._parts.tasks.read(
                    load, row, self._parts.clock().today, then=self._read, owner=self, key="contacts"
                )
                return
        self._problem.setText(error_words(error))
        announce(self, error_words(error), urgent=True)
