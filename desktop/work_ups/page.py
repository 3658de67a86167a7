"""The Work-ups page: patients with open items at the left and their checklist at the right, or the board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError, StaleScreen
from db.operations.work_ups import update_item
from db.queries.patients import WorkUpItemRow
from db.queries.work_ups import items_of, open_work_ups, open_work_ups_begin
from db.queries.worklist_rows import OpenItemRow
from desktop import theme
from desktop.commands import Command
from desktop.lists_out.button import list_button
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.widgets.accessibility import announce
from desktop.widgets.ask_panel import AskPanel
from desktop.widgets.buttons import KeyButton
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.flow import FlowRow
from desktop.widgets.kept_filters import ALL, KeptFilters
from desktop.widgets.labels import Label, heading, small
from desktop.widgets.panes import ListDetail
from desktop.widgets.row_list import RowGroup, RowList
from desktop.widgets.stack import Stack
from desktop.widgets.step_acts import StepActs
from desktop.widgets.surface import Scroll, Surface
from desktop.widgets.work_up_list import KEYS, WorkUpSection, state_verbs
from desktop.wording import born, error_words, item_state_name, work_up_item_name
from desktop.wording.plain import tr
from desktop.work_ups.board import Board
from desktop.work_ups.bulk import BulkActs
from desktop.work_ups.rows import LATE, MINE, Lines, lines, matching

KINDS = frozenset({"work-ups", "patients", "courses", "decisions", "steps", "results"})
_VIEW, _FILTER = "work-ups/board", "work-ups/filter"
AT_ONCE = 200
"""More items than this are put into words beside the window."""


FIRST = 60
"""Patients that are read and shown before all the others."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Open items of everybody; of the patients that come first where it is not `whole`."""

    items: tuple[OpenItemRow, ...]
    whole: bool = True


def load(session: Any, today: date, first: int | None = None) -> Listed:
    """Read the list, or about the `first` patients of it."""
    begin = None if first is None else open_work_ups_begin(session, today, first)
    return Listed(open_work_ups(session, today)) if begin is None else Listed(begin, whole=False)


class WorkUpsPage(QWidget):
    """What still has to be found out; O, D, R, X move an item on, V changes between list and board."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._items: tuple[OpenItemRow, ...] = ()
        self._whole = True
        self._shown_person: int | None = None
        self._acted: int | None = None
        self._to_leave_out: int | None = None
        self.filters = KeptFilters(parts, _FILTER)
        self.list = RowList(tr("Patients with an open work-up"), can_mark=True)
        self.checklist = WorkUpSection(parts.commands, "work-ups", self)
        self.board, self.conflict = Board(), ChangedMeanwhile()
        self.ask = AskPanel()
        self.steps = StepActs(parts, "work-ups", self, self.ask, self.patient_id)
        self.ask.closed.connect(lambda: self.list.setFocus())
        self.bulk = BulkActs(parts, self, self.list, self._shown)
        self._name, self._who = Label(role="h2", wrap=True), small()
        self._add_commands()
        self._build()
        self.filters.chosen.connect(lambda _name: self._fill())
        self.list.current_changed.connect(self._moved)
        self.list.opened.connect(lambda _patient: self.checklist.focus())
        self.checklist.state_wanted.connect(self._set)
        self.board.opened.connect(self._open_of)
        parts.tasks.changed.connect(self._changed)

    def _add_commands(self) -> None:
        add = self._parts.commands.add
        self._flip = add(Command("work-ups.view", tr("Show as a board"), self._change_view, "V"), self)
        self._open = add(
            Command("work-ups.patient", tr("Open this patient"), self._open_current, "P", "patients"), self
        )
        verbs = state_verbs()
        for state, key in KEYS:
            run = partial(self._move_card, state)
            words = tr("Card: {state}").format(state=verbs[state].lower())
            add(Command(f"work-ups.card-{state}", words, run, key, not_now=self._no_card), self.board)

    def _build(self) -> None:
        detail = Scroll(margins=(28, 16, 24, 16), spacing=12)
        names = QVBoxLayout()
        names.setSpacing(theme.px(3))
        names.addWidget(self._name)
        names.addWidget(self._who)
        top = QHBoxLayout()
        top.addLayout(names, 1)
        top.addWidget(KeyButton.for_action(self._open, "soft"))
        detail.content.addLayout(top)
        keys = FlowRow(theme.px(4))
        for button in self.steps.buttons():
            keys.add(button)
        detail.content.addWidget(keys)
        detail.content.addWidget(self.ask)
        detail.content.addWidget(self.checklist)
        detail.content.addStretch(1)
        self._detail = detail
        page = Surface("page")
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(detail)
        self._panes = ListDetail(self.list, page)
        self._empty = EmptyPage("workups", "", "")
        self._views = Stack()
        for widget in (self._panes, self.board, self._empty):
            self._views.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(14), 0, 0)
        column.setSpacing(theme.px(10))
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
        head.setSpacing(theme.px(14))
        head.addWidget(heading(tr("Work-ups")))
        head.addWidget(self.filters, 1, Qt.AlignmentFlag.AlignVCenter)
        self._view_button = KeyButton.for_action(self._flip, "soft")
        head.addWidget(self._view_button)
        head.addWidget(list_button(self._parts, "workups"))
        column.addLayout(head)
        column.addWidget(self.conflict)
        column.addWidget(self._views, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.px(22), 0, theme.px(20), theme.px(2))
        foot.addWidget(self.bulk.panel)
        foot.addWidget(self.bulk.bar)
        column.addLayout(foot)

    def first_focus(self) -> QWidget:
        """The list, or the board's first card; the filter that is on where it hides everything."""
        if self.filters.hides_every():
            return next(chip for chip in self.filters.chips() if chip.isChecked())
        if self.on_board():
            self.board.focus()
            return self.focusWidget() or self.board
        return self.list

    def patient_id(self) -> int | None:
        """Whose checklist is on show; nobody's on the board."""
        return None if self.on_board() else self._shown_person

    def on_board(self) -> bool:
        """Whether the board is shown."""
        return self._parts.settings.flag(self._parts.own(_VIEW))

    def _show_board(self, board: bool) -> None:
        """Board or list: what the user left is there again the next time."""
        self._parts.settings.set_flag(self._parts.own(_VIEW), board)

    def _change_view(self) -> None:
        self._show_board(not self.on_board())
        self._fill()
        self.first_focus().setFocus()

    def refresh(self) -> None:
        """Ask again; where nothing is shown yet, for a first screen of the list before all of it."""
        at_once = not self._items and not self.on_board() and self.filters.wanted() == ALL
        self._read(FIRST if at_once else None)

    def _read(self, first: int | None) -> None:
        self._parts.tasks.read(
            load, self._parts.clock().today, first,
            then=self._show, failed=self._failed, owner=self, key="work-ups",
        )  # fmt: skip

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS:
            self.refresh()

    def _show(self, listed: Listed) -> None:
        self._items, self._whole = listed.items, listed.whole
        self._fill()
        if not listed.whole:
            self._read(None)

    def _shown(self) -> tuple[OpenItemRow, ...]:
        """The open items the filter lets through."""
        return matching(self._items, self.filters.current(), self._parts.user.id)

    def _fill(self) -> None:
        """Show what the filter lets through, as list and as board; only the list can be marked."""
        items, me = self._items, self._parts.user.id
        words = ((MINE, tr("Mine")), (LATE, tr("Late")))
        counts = [(name, said, len(matching(items, name, me)), None) for name, said in words]
        if self._whole:
            self.filters.count(counts, len(items))
        else:
            self.filters.counting([(name, said, None) for name, said in words])
        if self.on_board():
            self.list.set_marked(frozenset())
        self._show_view()
        flip = tr("Show as a list") if self.on_board() else tr("Show as a board")
        self._parts.commands.set_text("work-ups.view", flip)
        given = (self._shown(), self._parts.clock().today, self.on_board())
        if len(given[0]) > AT_ONCE:
            self._parts.tasks.run(lines, *given, then=self._show_lines, owner=self, key="lines")
        else:
            self._show_lines(lines(*given))

    def _show_lines(self, found: Lines) -> None:
        """Show what was put into words; who was chosen stays chosen."""
        self.list.set_groups([RowGroup("", found.people)])
        if self.on_board():
            self.board.set_cards(found.cards)
        if self.on_board() and self._acted is not None:
            self.board.follow(self._acted)
            self._acted = None
        self._moved(self.list.current_id())

    def _show_view(self) -> None:
        """List or board; where neither has anything, why, and how something comes."""
        shown: QWidget = self.board if self.on_board() else self._panes
        if self.filters.hides_every():
            self._empty.set(tr("Nothing here"), self.filters.nothing_words())
            shown = self._empty
        elif not self._items:
            self._empty.set(
                tr("No open work-ups"),
                tr(
                    "A work-up appears here when a decision asks why a patient is short of iron. "
                    "Decide on results in Review, Ctrl+2."
                ),
            )
            shown = self._empty
        self._views.setCurrentWidget(shown)

    def _moved(self, patient_id: int | None) -> None:
        """Show another patient's checklist."""
        turned, before = patient_id != self._shown_person, self._shown_person
        if turned and before is not None:
            self.checklist.put_by(before)
            self.ask.put_by(before)
        self._shown_person = patient_id
        first = next((item for item in self._items if item.patient_id == patient_id), None)
        self._detail.setVisible(first is not None)
        self.steps.set_enabled(first is not None and not self.on_board(), tr("The list shows it: press V."))
        if first is None or patient_id is None:
            return
        if turned:
            self.ask.bring_back(patient_id)
        self._name.setText(f"{first.surname.upper()}, {first.given}")
        birth = born(first.birth_date, self._parts.clock().today) if first.birth_date else ""
        self._who.setText(" · ".join(part for part in (birth, first.number) if part))
        self._parts.tasks.read(
            items_of, patient_id,
            then=partial(self._show_items, patient_id), failed=self._failed, owner=self, key="items",
        )  # fmt: skip

    def _show_items(self, patient_id: int, items: tuple[WorkUpItemRow, ...]) -> None:
        if patient_id == self._shown_person:
            self.checklist.set_items(items, self._parts.clock().today)
            self.checklist.bring_back(patient_id)
            if self._to_leave_out is not None:
                self.checklist.ask_about(self._to_leave_out)
                self._to_leave_out = None
            note_look(self._parts, patient_id)

    def _no_card(self) -> str:
        known = any(one.item_id == self.board.current_id() for one in self._items)
        return "" if known else tr("Choose an item first.")

    def _move_card(self, state: str) -> None:
        """Move the current card on. An item is left out in the list, where its reason is asked."""
        item = next((one for one in self._items if one.item_id == self.board.current_id()), None)
        if item is None or item.state == state:
            return
        if state == "not-appropriate":
            self._to_leave_out = item.item_id
            self._show_board(False)
            self.list.select(item.patient_id)
            self._shown_person = None
            self._fill()
            return
        self._set(item, state, item.note)

    def _set(self, item: WorkUpItemRow | OpenItemRow, state: str, note: str | None) -> None:
        """Move an item on and offer to take it back."""
        said = tr("{item}: {state}").format(item=work_up_item_name(item.code), state=item_state_name(state))
        self._write(item, state, note, item.version, said)

    def _write(self, item: Any, state: str, note: str | None, version: int, said: str = "") -> None:
        self._acted = item.item_id
        self.conflict.clear()
        then = partial(self._done, said, item, version) if said else None

        def refused(error: KnownError) -> None:
            now = error.values.get("version")
            again = partial(self._write, item, state, note, now, said) if isinstance(now, int) else None
            typed = [(tr("State"), item_state_name(state)), (tr("Note"), note)]
            self.conflict.took(error, typed, again)
            self._failed(error)

        self._parts.tasks.write(
            update_item, item.item_id, state, note, item.due, item.owner_id, version,
            self._parts.clock(), self._parts.protocol, then=then, failed=refused, owner=self,
        )  # fmt: skip

    def _done(self, said: str, before: Any, version: int, _changes: Changes) -> None:
        undo = partial(self._write, before, before.state, before.note, version + 1)
        self._parts.navigation.say.emit(said, undo)
        announce(self, said)

    def _failed(self, error: KnownError) -> None:
        """Say it, and read again: another screen may have changed what is shown."""
        sentence = error_words(error)
        self._parts.navigation.say.emit(sentence, None)
        announce(self, sentence, urgent=True)
        if isinstance(error, StaleScreen):
            self.refresh()

    def _open_of(self, item_id: int) -> None:
        item = next((one for one in self._items if one.item_id == item_id), None)
        if item is not None:
            self._parts.navigation.open_patient.emit(item.patient_id)

    def _open_current(self) -> None:
        if self.on_board():
            current = self.board.current_id()
            if current is not None:
                self._open_of(current)
        elif self._shown_person is not None:
            self._parts.navigation.open_patient.emit(self._shown_person)
