"""Open items of many patients at once: given to a colleague, or all that are to do put down as ordered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinical.protocol import Protocol
from db.changes import Changes
from db.errors import KnownError
from db.operations.work_ups import update_item
from db.queries.people import Owner, owners
from db.queries.work_ups import open_work_ups
from db.queries.worklist_rows import OpenItemRow
from db.stamp import Stamp
from desktop.commands import Command
from desktop.parts import Parts
from desktop.widgets.action_bar import BulkBar
from desktop.widgets.ask_panel import AskPanel
from desktop.widgets.asking import Asking
from desktop.widgets.buttons import KeyButton
from desktop.widgets.give_to import ask_colleague
from desktop.widgets.row_list import RowList
from desktop.wording import error_words
from desktop.wording.plain import tr


@dataclass(frozen=True, slots=True)
class Change:
    """An item as it was seen, and the state and owner it is to have."""

    item: OpenItemRow
    state: str
    owner_id: int


def set_all(session: Any, changes: Sequence[Change], stamp: Stamp, protocol: Protocol) -> Changes:
    """Move items on, each over the version that was seen. `StaleScreen` moves none."""
    made = Changes(frozenset())
    for one in changes:
        item = one.item
        made = made | update_item(
            session, item.item_id, one.state, item.note, item.due, one.owner_id, item.version, stamp, protocol
        )
    return Changes(made.kinds)


class BulkActs(QObject):
    """The bar that is there while patients are marked, its question, and the commands behind its buttons."""

    def __init__(
        self, parts: Parts, page: QWidget, people: RowList, items: Callable[[], Sequence[OpenItemRow]]
    ) -> None:
        """`items` gives the open items on show."""
        super().__init__(page)
        self._parts, self._page, self._list, self._items = parts, page, people, items
        self.bar, self.panel = BulkBar(), AskPanel()
        self._asking = Asking(parts, self.panel)
        self._names: list[str] = []
        self._add("owner", tr("Give items of marked to a colleague"), tr("Give to…"), "Shift+G", self._read)
        self._add(
            "ordered", tr("Put down items of marked as ordered"), tr("All ordered"), "Shift+O", self._order
        )
        self.bar.clear_button.clicked.connect(self.clear)
        self.panel.closed.connect(people.setFocus)
        people.marked_changed.connect(self.show_marked)
        self.show_marked()

    def _add(self, name: str, text: str, short: str, key: str, run: Callable[[], object]) -> None:
        name = f"work-ups.bulk-{name}"
        action = self._parts.commands.add(Command(name, text, run, key), scope=self._page)
        self.bar.add(KeyButton.for_action(action, "bulk", short))
        self._names.append(name)

    def marked(self) -> tuple[OpenItemRow, ...]:
        """The open items of the patients marked; what a filter hides is not touched."""
        chosen = self._list.marked_ids()
        return tuple(item for item in self._items() if item.patient_id in chosen)

    def show_marked(self) -> None:
        """Say how many patients are marked; without any the commands say what is wanted first."""
        count = len(self._list.marked_ids())
        self.bar.set_count(count)
        for name in self._names:
            self._parts.commands.set_enabled(name, count > 0, tr("Mark patients with Space first."))
        if not count:
            self.panel.close_panel()

    def clear(self) -> None:
        """Mark nobody."""
        self._list.set_marked(frozenset())
        self._list.setFocus()

    def _read(self) -> None:
        if self.marked():
            self._parts.tasks.read(owners, then=self._ask, owner=self, key="owners")

    def _ask(self, people: Sequence[Owner]) -> None:
        items = self.marked()
        if not items:
            return

        def give(wanted: int, name: str) -> None:
            moving = [Change(one, one.state, wanted) for one in items if one.owner_id != wanted]
            self._save(moving, tr("{count} items given to {name}").format(count=len(moving), name=name))

        title = tr("Give {count} open items to a colleague").format(count=len(items))
        ask_colleague(self.panel, "bulk", title, people, give)

    def _order(self) -> None:
        """Everything of the marked that is still to do is ordered."""
        waiting = [Change(one, "ordered", one.owner_id) for one in self.marked() if one.state == "todo"]
        if not waiting:
            self._parts.navigation.say.emit(tr("Nothing of the marked is still to do."), None)
            return
        self._save(waiting, tr("{count} items ordered").format(count=len(waiting)))

    def _save(self, changes: Sequence[Change], said: str) -> None:
        """All of them or none; the foot offers to put each back as it was."""
        before = {one.item.item_id: one.item for one in changes}

        def done(_changes: Changes) -> None:
            self.panel.close_panel()
            self._parts.navigation.say.emit(said, partial(self._read_back, before))
            self.clear()

        def refused(error: KnownError) -> None:
            words = tr("None was changed. {why}").format(why=error_words(error))
            self._parts.navigation.say.emit(words, None)

        self._parts.tasks.write(
            set_all, changes, self._parts.clock(), self._parts.protocol, then=done, failed=refused, owner=self
        )

    def _read_back(self, before: Mapping[int, OpenItemRow]) -> None:
        """Read the items, so that what is put back is what is there now."""
        self._parts.tasks.read(
            open_work_ups, self._parts.clock().today, then=partial(self._put_back, before), owner=self
        )

    def _put_back(self, before: Mapping[int, OpenItemRow], now: Sequence[OpenItemRow]) -> None:
        changes = [
            Change(one, before[one.item_id].state, before[one.item_id].owner_id)
            for one in now
            if one.item_id in before
        ]
        said = tr("{count} items back as they were").format(count=len(changes))
        self._asking.back(set_all, changes, self._parts.clock(), self._parts.protocol, said=said)
