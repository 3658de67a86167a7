"""What came from laboratories: files taken in, their balance sheet, what is held, and the runs that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError
from db.imports.records import Reason
from db.imports.storing import StoredFile
from db.queries.imports import (
    HeldItem,
    ImportedResult,
    ImportRow,
    MatchCard,
    held_items,
    import_runs,
    imported_results,
    match_card,
    message_text,
)
from db.queries.passed_over import PassedOver, passed_over
from desktop import theme
from desktop.commands import Command
from desktop.lists_out.button import list_button
from desktop.parts import Parts
from desktop.results.held_acts import HeldActs
from desktop.results.inbox_rows import held_row, result_row, run_row
from desktop.results.inbox_words import ORDER, balance_words, empty_words, from_whom, problem_words, run_words
from desktop.results.intake import Intake
from desktop.results.match_view import MatchView
from desktop.results.passed_view import PassedView
from desktop.widgets.accessibility import announce
from desktop.widgets.ask_panel import AskPanel
from desktop.widgets.buttons import KeyButton
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import Label, block_heading, heading, small
from desktop.widgets.panes import ListDetail
from desktop.widgets.row_list import RowGroup, RowList
from desktop.widgets.surface import Scroll, Surface
from desktop.widgets.table import DataTable
from desktop.widgets.table_model import Column
from desktop.wording import error_words
from desktop.wording.held import sent_words
from desktop.wording.imports import reason_text
from desktop.wording.numbers import count
from desktop.wording.plain import tr

KINDS = frozenset({"results", "patients"})


def load(session: Any) -> tuple[tuple[HeldItem, ...], tuple[ImportRow, ...]]:
    """What is held, and the newest runs."""
    return held_items(session), import_runs(session)


class Inbox(Surface):
    """Held results and imports in one list (an import has its number below zero), the chosen one beside it."""

    def __init__(self, parts: Parts, leave: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts, self._leave = parts, leave
        self._held: dict[int, HeldItem] = {}
        self._runs: dict[int, ImportRow] = {}
        self._results: tuple[ImportedResult, ...] = ()
        self._under_way = ""
        self.intake = Intake(parts, self)
        self.list = RowList(tr("Held results and imports"))
        self.ask = AskPanel()
        self.match = MatchView()
        self.acts = HeldActs(parts, self, self.ask, self.match)
        self._add_commands()
        self._build()
        self.list.current_changed.connect(self._moved)
        self.ask.closed.connect(lambda: self.list.setFocus(Qt.FocusReason.OtherFocusReason))
        self.intake.turned.connect(self._turned)
        self.intake.progressed.connect(self._progress)
        self.intake.finished.connect(self._taken_in)
        self.intake.failed.connect(lambda error: self._say(error_words(error)))
        parts.tasks.changed.connect(self._changed)
        self.setAcceptDrops(True)

    def _add_commands(self) -> None:
        add = self._parts.commands.add
        self._stop = add(
            Command("imports.stop", tr("Stop the import"), self._stop_it, "S", not_now=self._idle), self
        )
        self._type = add(Command("imports.type", tr("Type results instead"), self._leave, "T"), self)
        self._raw = add(Command("imports.message", tr("Show the message"), self._show_message, "M"), self)
        for action in (self._stop, self._raw):
            action.setEnabled(False)

    def _idle(self) -> str:
        return "" if self.intake.is_running() else tr("no import is running")

    def _build(self) -> None:
        self._title, self._why = block_heading(""), Label(role="body", tone="text2", wrap=True)
        self._message = QPlainTextEdit(readOnly=True)
        self._message.setAccessibleName(tr("The message as it arrived"))
        self._message.setFixedHeight(theme.px(220))
        self._message.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._message.hide()
        self._brought = DataTable(
            tr("What this import brought"),
            [
                Column("patient", tr("Patient"), stretch=True),
                Column("test", tr("Test")),
                Column("value", tr("Value"), align="right"),
                Column("day", tr("Taken")),
                Column("state", tr("State")),
            ],
        )
        self.passed = PassedView()
        self.passed.chosen.connect(self.acts.codes.show_passed)
        detail = Scroll(margins=(28, 16, 24, 16), spacing=12)
        keys = FlowRow()
        for button in (*self.acts.buttons(), KeyButton.for_action(self._raw, "soft")):
            keys.add(button)
        for widget in (
            self._title, self._why, keys, self.ask, self.acts.search, self.match, self._brought, self.passed,
            self._message,
        ):  # fmt: skip
            detail.content.addWidget(widget)
        detail.content.addStretch(1)
        self._detail = detail
        page = Surface("page")
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(detail)
        self._panes = ListDetail(self.list, page)
        self._empty = EmptyPage("results", *empty_words(running=False))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(14), 0, 0)
        column.setSpacing(theme.px(10))
        column.addLayout(self._head())
        column.addWidget(self._sheet())
        column.addWidget(self._panes, 1)
        column.addWidget(self._empty, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
        head.setSpacing(theme.px(10))
        head.addWidget(heading(tr("From laboratories")))
        head.addStretch(1)
        self._import_button = KeyButton.for_action(self._parts.commands.action("results.import"), "primary")
        head.addWidget(self._import_button)
        head.addWidget(KeyButton.for_action(self._type, "soft"))
        head.addWidget(list_button(self._parts, "unmatched"))
        return head

    def _sheet(self) -> QWidget:
        """The balance sheet, and while files are taken in how far it is."""
        box = Surface("panel", 10)
        column = QVBoxLayout(box)
        column.setContentsMargins(*(theme.px(12) for _ in range(4)))
        self._balance = Label(role="body", weight=600, wrap=True)
        self._more = small("", "text2")
        self._more.setWordWrap(True)
        self._stop_button = KeyButton.for_action(self._stop, "soft")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Import"))
        self._bar.hide()
        row = QHBoxLayout()
        row.addWidget(self._balance, 1)
        row.addWidget(self._stop_button)
        self._sheet_row, self._sheet_buttons = row, dict[QAction, KeyButton]()
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(self._more)
        box.hide()
        self._box = box
        holder = QWidget()
        around = QVBoxLayout(holder)
        around.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
        around.addWidget(box)
        return holder

    def add_to_sheet(self, action: QAction) -> None:
        """Offer something to do beside the balance sheet."""
        button = self._sheet_buttons[action] = KeyButton.for_action(action, "primary")
        self._sheet_row.addWidget(button)

    def show_in_sheet(self, action: QAction, *, shown: bool) -> None:
        """Whether it makes sense now."""
        self._sheet_buttons[action].setVisible(shown)

    def first_focus(self) -> QWidget:
        """The list, or the button that imports."""
        return self.list if self._held or self._runs else self._import_button

    def choose_files(self) -> None:
        """Ask for files and take them in."""
        chosen, _ = QFileDialog.getOpenFileNames(self, tr("Import results of a laboratory"))
        self.take([Path(one) for one in chosen])

    def take(self, paths: Sequence[Path]) -> None:
        """Take files or folders in."""
        self.intake.start(paths)

    def _turned(self, name: str) -> None:
        """Files are being taken in from this one on, or not any more: how far it is, and a way to stop it."""
        on, self._under_way = bool(name), name
        if on:
            self._say(tr("Reading {name}").format(name=name))
        self._empty.set(*empty_words(running=on))
        self._stop.setEnabled(on)
        self._stop_button.setVisible(on)
        self._bar.hide()  # nothing moves while nobody knows how many messages there are

    def _stop_it(self) -> None:
        self.intake.cancel()
        self._stop.setEnabled(False)
        self._say(tr("Stopping: what is being stored is finished first."))

    def showEvent(self, event: QShowEvent) -> None:
        """What is held may have changed while nobody looked."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Ask again for what is held and what was imported."""
        self._parts.tasks.read(load, then=self._show, owner=self, key="inbox")

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS and self.isVisible():
            self.refresh()

    def _show(self, found: tuple[tuple[HeldItem, ...], tuple[ImportRow, ...]]) -> None:
        held, runs = found
        self._held = {one.held_id: one for one in held}
        self._runs = {-one.import_id: one for one in runs}
        today = self._parts.clock().today
        groups = [
            RowGroup(tr("Held"), tuple(held_row(one, today) for one in held)),
            RowGroup(tr("Imports"), tuple(run_row(one, now=self._is_now(one)) for one in runs)),
        ]
        self.list.set_groups([group for group in groups if group.rows])
        some = bool(held or runs)
        if some and self._import_button.hasFocus() and self._box.isVisible():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._panes.setVisible(some)
        self._empty.setVisible(not some)
        self._moved(self.list.current_id())

    def _moved(self, row_id: int | None) -> None:
        """Show another held result, or another import."""
        item = self._held.get(row_id) if row_id is not None else None
        run = self._runs.get(row_id) if row_id is not None else None
        self._message.hide()
        self._raw.setEnabled(run is not None or (item is not None and item.raw_message_id is not None))
        self._detail.setVisible(item is not None or run is not None)
        self.match.setVisible(item is not None and not item.typed)
        self._brought.setVisible(run is not None)
        self.passed.hide()
        self.acts.show(item, run)
        if item is not None:
            self._title.setText(sent_words(item) or tr("A result"))
            why = reason_text(Reason(item.reason, tuple(item.values.items())))
            self._why.setText("\n".join((tr("Held: {why}.").format(why=why), from_whom(item))))
            if not item.typed:
                self._parts.tasks.read(
                    match_card,
                    item.held_id,
                    then=partial(self._show_card, item.held_id),
                    owner=self,
                    key="card",
                )
        elif run is not None:
            self._title.setText(run.file_name)
            self._why.setText(run_words(run, now=self._is_now(run)))
            self._parts.tasks.read(
                imported_results, run.import_id,
                then=partial(self._show_brought, -run.import_id), owner=self, key="card",
            )  # fmt: skip

    def _is_now(self, run: ImportRow) -> bool:
        """Whether this is the file that is being taken in at this moment: the newest of its name."""
        newest = max((one.import_id for one in self._runs.values() if one.state == "running"), default=0)
        return run.import_id == newest and run.file_name == self._under_way

    def _show_card(self, held_id: int, card: MatchCard) -> None:
        if self.list.current_id() == held_id:
            self.acts.set_card(card)

    def _show_brought(self, row_id: int, results: tuple[ImportedResult, ...]) -> None:
        if self.list.current_id() != row_id:
            return
        self._results = results
        self._brought.set_rows([result_row(one) for one in results])
        self._brought.setFixedHeight(theme.px(40 + 28 * min(max(len(results), 1), 12)))
        self.acts.set_results(results, self._brought.current_id)
        self._parts.tasks.read(
            passed_over, -row_id, self._parts.protocol,
            then=partial(self._show_passed, row_id), owner=self, key="passed",
        )  # fmt: skip

    def _show_passed(self, row_id: int, codes: tuple[PassedOver, ...]) -> None:
        if self.list.current_id() == row_id:
            self.passed.set_codes(codes)

    def _show_message(self) -> None:
        """Show the raw message under the result, or hide it again."""
        raw_id = self._message_id()
        if self._message.isVisible() or raw_id is None:
            self._message.hide()
            return
        self._parts.tasks.read(message_text, raw_id, then=self._put_message, owner=self, key="message")

    def _message_id(self) -> int | None:
        """The message of the held result, or of the import's result the keyboard is on."""
        item = self._held.get(self.list.current_id() or 0)
        if item is not None:
            return item.raw_message_id
        by_id = {one.result_id: one.raw_message_id for one in self._results}
        first = self._results[0].raw_message_id if self._results else None
        return by_id.get(self._brought.current_id() or 0, first)

    def _put_message(self, text: str) -> None:
        self._message.setPlainText(text)
        self._message.show()
        self._message.setFocus(Qt.FocusReason.OtherFocusReason)

    def _progress(self, done: int, of: int, name: str) -> None:
        self._under_way = name or self._under_way
        words = tr("{name}: {done} of {of} messages").format(name=name, done=count(done), of=count(of))
        first = tr("A verified backup is made before so many messages are stored.")
        self._box.show()
        self._balance.setText(words if of else first)
        self._bar.setVisible(of > 0)
        self._bar.setRange(0, max(of, 1))
        self._bar.setValue(done)
        self._more.hide()

    def _taken_in(self, files: list[StoredFile]) -> None:
        """Say what became of every value of every file."""
        counts = {name: sum(one.counts[name] for one in files) for name in ("read", *ORDER)}
        self._say(balance_words(counts), problem_words(files))
        self._parts.navigation.say.emit(balance_words(counts), None)
        self.refresh()

    def _say(self, words: str, more: str = "") -> None:
        self._box.show()
        self._balance.setText(words)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        announce(self, f"{words} {more}".strip())

    def say_error(self, error: KnownError) -> None:
        """What went wrong, where the balance stands."""
        self._say(error_words(error))
