"""Many overdue courses at once: given to a colleague, logged as called without an answer, or written to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinical.protocol import Protocol
from db.changes import Changes
from db.errors import KnownError
from db.operations.contacts import NewContact, record_contact, withdraw_contact
from db.operations.steps import reassign
from db.queries.people import Owner, owners
from db.queries.record import contacts
from db.queries.worklist import overdue
from db.queries.worklist_rows import OverdueRow
from db.stamp import Stamp
from desktop.commands import Command
from desktop.parts import Parts
from desktop.widgets.action_bar import BulkBar
from desktop.widgets.ask_panel import AskPanel
from desktop.widgets.asking import Asking
from desktop.widgets.buttons import KeyButton
from desktop.widgets.give_to import ask_colleague
from desktop.widgets.table import DataTable
from desktop.wording import contact_outcome_name, error_words
from desktop.wording.plain import tr

CALLS = {"no-answer": "N", "message-left": "V"}
"""Outcomes that say the same of everybody, and their keys; what one person said is logged for one person."""


LoggedRow = tuple[int, int, tuple[int, int]]
"""A course, the attempt that was logged, and its open step: id and version."""


def give_all(session: Any, given: Sequence[tuple[int, int, int]], stamp: Stamp) -> Changes:
    """Give open steps to users; `given` is id, new owner and version as seen of each. `StaleScreen` changes none."""
    changes = Changes(frozenset())
    for step_id, owner_id, seen_version in given:
        changes = changes | reassign(session, step_id, owner_id, seen_version, stamp)
    return Changes(changes.kinds)


def call_all(
    session: Any, rows: Sequence[OverdueRow], outcome: str, stamp: Stamp, protocol: Protocol
) -> Changes:
    """Record the same attempt for each course, on the step it was seen with. `StaleScreen` records none."""
    changes = Changes(frozenset())
    for row in rows:
        seen_step = (row.step_id, row.step_version)
        contact = NewContact(outcome, "phone")
        changes = changes | record_contact(session, row.course_id, contact, stamp, protocol, seen_step)
    return Changes(changes.kinds)


def logged_calls(
    session: Any, rows: Sequence[OverdueRow], at: datetime, today: date, protocol: Protocol
) -> tuple[LoggedRow, ...]:
    """What `call_all` recorded at that instant and still stands, with the open steps as they are now."""
    steps = {row.course_id: (row.step_id, row.step_version) for row in overdue(session, today, protocol)}
    return tuple(
        (row.course_id, one.contact_id, steps[row.course_id])
        for row in rows
        for one in contacts(session, row.patient_id)
        if row.course_id in steps and (one.course_id, one.at) == (row.course_id, at) and not one.withdrawn
    )


def withdraw_all(session: Any, logged: Sequence[LoggedRow], stamp: Stamp) -> Changes:
    """Take back calls, each on the step it was seen with. `StaleScreen` takes back none."""
    changes = Changes(frozenset())
    for course_id, contact_id, seen_step in logged:
        changes = changes | withdraw_contact(session, course_id, contact_id, stamp, seen_step)
    return Changes(changes.kinds)


class BulkActs(QObject):
    """The bar that is there while rows are marked, its question, and the commands behind its buttons."""

    def __init__(
        self, parts: Parts, page: QWidget, table: DataTable, rows: Callable[[], Sequence[OverdueRow]]
    ) -> None:
        super().__init__(page)
        self._parts, self._table, self._rows = parts, table, rows
        self.bar, self.panel = BulkBar(), AskPanel()
        self._asking = Asking(parts, self.panel)
        self._names: list[str] = []
        self._add("bulk-owner", tr("Give marked to a colleague"), tr("Give to…"), "G", self._read_owners)
        for outcome, key in CALLS.items():
            name = contact_outcome_name(outcome)
            words = tr("Log marked as called: {outcome}").format(outcome=name)
            short = name[:1].upper() + name[1:]
            self._add(f"bulk-{outcome}", words, short, key, partial(self._call, outcome))
        self._add("bulk-letters", tr("Write letters to marked"), tr("Letters to…"), "L", self._letters)
        self.bar.clear_button.clicked.connect(self.clear)
        self.panel.closed.connect(table.setFocus)
        self.panel.closed.connect(self.show_marked)
        table.checked_changed.connect(self.show_marked)
        self.show_marked()

    def _add(self, name: str, text: str, short: str, key: str, run: Callable[[], object]) -> None:
        page = self.parent()
        assert isinstance(page, QWidget)
        action = self._parts.commands.add(Command(f"overdue.{name}", text, run, key), scope=page)
        self.bar.add(KeyButton.for_action(action, "bulk", short))
        self._names.append(f"overdue.{name}")

    def marked(self) -> tuple[OverdueRow, ...]:
        """The marked courses that are on show: what a filter hides is not touched."""
        chosen = self._table.checked_ids() & frozenset(self._table.ids())
        return tuple(row for row in self._rows() if row.course_id in chosen)

    def show_marked(self) -> None:
        """Say how many are marked; without any the commands say what is wanted first."""
        count = len(self.marked())
        asking = (
            not self.panel.isHidden()
        )  # then its buttons are what is wanted, and a low window has no room for both
        self.bar.set_count(0 if asking else count)
        for name in self._names:
            self._parts.commands.set_enabled(name, count > 0, tr("Mark patients with Space first."))
        if not count:
            self.panel.close_panel()

    def clear(self) -> None:
        """Mark nobody."""
        self._table.set_checked(frozenset())
        self._table.setFocus()

    def _letters(self) -> None:
        """Compose the letters that the marked courses call for as one pile; it is printed and filed on Letters."""
        courses = tuple(row.course_id for row in self.marked())
        if courses:
            self._parts.navigation.write_letters.emit(courses)

    # -- to a colleague

    def _read_owners(self) -> None:
        if self.marked():
            self._parts.tasks.read(owners, then=self._ask_owner, owner=self, key="owners")

    def _ask_owner(self, people: Sequence[Owner]) -> None:
        rows = self.marked()
        if not rows:
            return

        def give(wanted: int, name: str) -> None:
            moving = tuple(row for row in rows if row.owner_id != wanted)
            said = tr("{count} given to {name}").format(count=len(moving), name=name)
            given = [(row.step_id, wanted, row.step_version) for row in moving]
            before = {row.step_id: row.owner_id for row in moving}
            self._asking.write(
                "bulk-owner", give_all, given, self._parts.clock(), said=said,
                undo=lambda _changes: self._read_back(before), then=lambda _changes: self.clear(),
            )  # fmt: skip

        many = tr("Give the next steps of {count} patients to a colleague").format(count=len(rows))
        title = tr("Give the next step of 1 patient to a colleague") if len(rows) == 1 else many
        ask_colleague(self.panel, "bulk-owner", title, people, give)
        self.show_marked()

    def _read_back(self, before: Mapping[int, int]) -> None:
        """Read the list, so that what is given back is what is there now."""
        today, protocol = self._parts.clock().today, self._parts.protocol
        self._parts.tasks.read(overdue, today, protocol, then=partial(self._give_back, before), owner=self)

    def _give_back(self, before: Mapping[int, int], now: Sequence[OverdueRow]) -> None:
        given = [(row.step_id, before[row.step_id], row.step_version) for row in now if row.step_id in before]
        said = tr("{count} back with whom they were").format(count=len(given))
        self._asking.back(give_all, given, self._parts.clock(), said=said)

    # -- called

    def _call(self, outcome: str) -> None:
        """Log the attempt for everybody who is marked; it can be taken back, as each single one can."""
        rows = self.marked()
        if not rows:
            return
        name = contact_outcome_name(outcome)
        many = tr("{count} calls logged: {outcome}") if len(rows) > 1 else tr("Call logged: {outcome}")
        said, stamp = many.format(count=len(rows), outcome=name), self._parts.clock()

        def done(_changes: Changes) -> None:
            self._parts.navigation.say.emit(said, partial(self._read_calls, rows, stamp.at))
            self.clear()

        def refused(error: KnownError) -> None:
            words = tr("None was logged. {why}").format(why=error_words(error))
            self._parts.navigation.say.emit(words, None)

        self._parts.tasks.write(
            call_all, rows, outcome, stamp, self._parts.protocol, then=done, failed=refused, owner=self
        )

    def _read_calls(self, rows: Sequence[OverdueRow], at: datetime) -> None:
        """Read what was logged, so that what is taken back is what is there now."""
        today, protocol = self._parts.clock().today, self._parts.protocol
        self._parts.tasks.read(logged_calls, rows, at, today, protocol, then=self._take_back, owner=self)

    def _take_back(self, logged: Sequence[LoggedRow]) -> None:
        many = tr("{count} calls taken back") if len(logged) != 1 else tr("1 call taken back")
        said = many.format(count=len(logged))
        self._asking.back(withdraw_all, logged, self._parts.clock(), said=said)
