"""The clinic's protocol: which one is live, drafts, a dry run of a draft, and the signature of a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from clinical.protocol import load_protocol
from db.changes import Changes
from db.errors import KnownError
from db.operations.protocols import draft_protocol, make_protocol_live, withdraw_protocol_draft
from db.queries.protocols import OwnProtocol, ProtocolRow
from desktop import theme
from desktop.protocol_watch import warning
from desktop.settings_page.ask import AskDialog
from desktop.settings_page.dry_run import DryRunPanel
from desktop.settings_page.protocol_file import Loaded, load, read_text, write_text
from desktop.settings_page.reading_panel import ReadingPanel
from desktop.settings_page.section import Section, button_row, said_line
from desktop.settings_page.tools import Tools, allow
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.wording import plain_date
from desktop.wording.plain import tr


class ProtocolSection(Section):
    """A draft comes in from a file; whoever did not take it in signs it, after a dry run told whom it changes."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "The numbers and lists every answer rests on. To change them: save the live one as a file, edit it, take "
            "it in as a draft, look whom it changes, and have a clinician who did not take it in sign it. Older "
            "versions stay, with the answers made by them."
        )
        super().__init__(tools, tr("Protocol"), words, parent)
        self._rows: dict[int, ProtocolRow] = {}
        self._live: ProtocolRow | None = None
        self._tried: int | None = None
        self._wanted: int | None = None
        """the draft just taken in, to be chosen once it is listed"""
        self.now = Label("", weight=600, wrap=True)
        self.newer, self.behind = said_line(), Label("", tone="overdue_word", weight=500, wrap=True)
        self.again = KeyButton(tr("Log out and in again"), "soft")
        self.save_button = KeyButton(tr("Save the live one as a file …"), "soft")
        self.draft_button = KeyButton(tr("Take in a draft …"), "soft")
        columns = (
            Column("label", tr("Version"), weight=600, stretch=True, whole=True), Column("state", tr("State")),
            Column("from", tr("Comes from"), tone="text2", leaves=1), Column("signed", tr("Signed by")),
            Column("days", tr("Used"), tone="text2"),
        )  # fmt: skip
        self.table = DataTable(tr("Versions of the protocol"), columns)
        self.table.setMinimumHeight(theme.px(26 + 28 * 5))
        self.try_button = KeyButton(tr("Dry run"), "soft")
        self.sign_button = KeyButton(tr("Sign and make live"), "primary")
        self.withdraw_button = KeyButton(tr("Withdraw this draft"), "quiet")
        self.dry_run = DryRunPanel(self.parts)
        self.reading = ReadingPanel(tools.catching_up)
        self._build()

    def _build(self) -> None:
        for piece in (
            self.now, self.newer, self.reading, self.behind, button_row(self.again),
            button_row(self.save_button, self.draft_button), self.table,
            button_row(self.try_button, self.sign_button, self.withdraw_button),
        ):  # fmt: skip
            self.column.addWidget(piece)
        self.say_for_whom("draft_protocol")
        self.finish()
        self.column.addWidget(self.dry_run)
        self.again.hide()
        self.again.clicked.connect(lambda _checked=False: self.parts.commands.run("window.log-out"))
        self.save_button.clicked.connect(self._choose_where)
        self.draft_button.clicked.connect(self._choose_file)
        self.table.current_changed.connect(lambda _id: self._allow())
        self.try_button.clicked.connect(self._try)
        self.sign_button.clicked.connect(self._ask_sign)
        self.withdraw_button.clicked.connect(self._ask_withdraw)
        self.dry_run.finished.connect(self._was_tried)
        allow(self.draft_button, self.parts, "draft_protocol")
        self._allow()

    def first_focus(self) -> QWidget:
        """The table of versions."""
        return self.table

    def refresh(self) -> None:
        """Ask for the versions."""
        self.parts.tasks.read(load, then=self._show, failed=self.failed, owner=self, key="protocols")

    def _show(self, found: Loaded) -> None:
        rows, own = found
        self._rows = {row.id: row for row in rows}
        live = next((row for row in rows if row.state == "live"), None)
        if self._live is not None and live is not None and live.id != self._live.id:
            self._tried = None  # it was compared with another
        self._live = live
        self.now.setText(_now(live, self.parts.protocol.label))
        bundled = load_protocol().label
        self.newer.setText(
            tr("The program brings “{label}”. The clinic's own stays live.").format(label=bundled)
            if own is not None and bundled not in {own.label, *(row.label for row in rows if row.live_from)}
            else ""
        )
        self.newer.setVisible(bool(self.newer.text()))
        self._show_behind(own)
        self.table.set_rows([_row(row) for row in rows])
        if self._wanted in self._rows:
            self.table.select(self._wanted)
            self.table.setFocus()
            self._wanted = None
        self._allow()

    def _show_behind(self, own: OwnProtocol | None) -> None:
        """This window works by another protocol than the clinic's."""
        words = warning(own, self.parts)
        self.behind.setText(words)
        self.behind.setVisible(bool(words))
        self.again.setVisible(bool(words) and own is not None and own.protocol is not None)

    def _current(self) -> ProtocolRow | None:
        current = self.table.current_id()
        return self._rows.get(current) if isinstance(current, int) else None

    def _draft(self) -> ProtocolRow | None:
        row = self._current()
        return row if row is not None and row.state == "draft" else None

    def _allow(self) -> None:
        draft = self._draft()
        none = "" if draft is not None else tr("Choose a draft first.")
        self.try_button.setEnabled(not none)
        self.try_button.set_reason(none)
        allow(self.withdraw_button, self.parts, "withdraw_protocol_draft", none)
        allow(self.sign_button, self.parts, "make_protocol_live", none or self._not_signed_yet(draft))

    def _not_signed_yet(self, draft: ProtocolRow | None) -> str:
        """Why this user does not sign the draft now; empty when they may."""
        if draft is not None and draft.drafted_by_id == self.parts.user.id:
            return tr("You took this draft in: another clinician signs it.")
        if draft is not None and draft.id != self._tried:
            return tr("Make a dry run first, and see whom it changes.")
        return tr("Log out and in again first.") if self.again.isVisibleTo(self) else ""

    # a file out, a file in

    def _choose_where(self) -> None:
        name = f"{self.parts.protocol.label.replace(' ', '-')}.toml"
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save the live protocol"), str(Path(_documents()) / name), "TOML (*.toml)"
        )
        if chosen:
            self.save_as(Path(chosen))

    def save_as(self, path: Path) -> None:
        """Write the protocol this window works by to a file."""
        said = tr("Saved as {name}. Change its version before it is taken in.").format(name=path.name)
        self.parts.tasks.run(
            write_text, path, self.parts.protocol.text,
            then=lambda _none: self.say(said), failed=self.failed, owner=self,
        )  # fmt: skip

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Take in a draft"), _documents(), "TOML (*.toml)")
        if chosen:
            self.take_in(Path(chosen))

    def take_in(self, path: Path) -> None:
        """Read a file and keep it as a draft; what is wrong with it is said here, with its place."""
        self.say_problem("")
        self.parts.tasks.run(read_text, path, then=self._keep, failed=self.failed, owner=self)

    def _keep(self, text: str) -> None:
        self.parts.tasks.write(
            draft_protocol, text, self.parts.clock(), then=self._kept, failed=self.failed, owner=self
        )

    def _kept(self, changes: Changes) -> None:
        self.say(tr("Taken in as a draft. Nothing is assessed by it yet."))
        self._wanted = changes.created_id
        self.refresh()

    # dry run, signature

    def _try(self) -> None:
        draft = self._draft()
        if draft is not None:
            self._tried = None
            self._allow()
            self.dry_run.start(draft)

    def _was_tried(self, version_id: int) -> None:
        self._tried = version_id
        self._allow()

    def _ask_sign(self) -> None:
        draft, live = self._draft(), self._live
        if draft is None:
            return
        words = tr(
            "From now on every course is assessed by “{label}”. What was decided stays. Answers that were set aside, "
            "or that nobody has decided on, are read again and wait in Review where they say something else. Everybody "
            "who is logged in has to log in again."
        )
        self._ask(
            tr("Sign this protocol and make it live?"), words.format(label=draft.label),
            tr("Sign and make live"), partial(make_protocol_live, version_id=draft.id,
            seen_live_id=None if live is None else live.id), tr("“{label}” is live.").format(label=draft.label),
        )  # fmt: skip

    def _ask_withdraw(self) -> None:
        draft = self._draft()
        if draft is not None:
            self._ask(
                tr("Withdraw this draft?"),
                tr("“{label}” can no longer be signed. Its text stays on record.").format(label=draft.label),
                tr("Withdraw this draft"), partial(withdraw_protocol_draft, version_id=draft.id),
                tr("The draft is withdrawn."),
            )  # fmt: skip

    def _ask(self, title: str, words: str, act: str, operation: partial[Changes], said: str) -> None:
        """Ask once more, then do it; what is refused is said in the dialog."""

        def send(done: Callable[[], None], failed: Callable[[KnownError], None]) -> None:
            self.parts.tasks.write(
                operation, stamp=self.parts.clock(), then=lambda _c: done(), failed=failed, owner=self
            )

        dialog = AskDialog(title, words, act, {}, dict, send, self)
        if dialog.exec():
            self.say(said)
            self.tools.catching_up.look()
        self.refresh()

    def close_worker(self) -> None:
        """End the worker of the dry run."""
        self.dry_run.close_worker()


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def _now(live: ProtocolRow | None, works_by: str) -> str:
    """Which one is live, who signed it and when."""
    if live is None:
        return tr("“{label}” comes with the program; no clinician has signed it.").format(label=works_by)
    if live.signed_by is None or live.signed_at is None:
        return tr("Live: “{label}”, which no clinician of this clinic has signed.").format(label=live.label)
    return tr("Live: “{label}”, signed by {name} on {day}.").format(
        label=live.label, name=live.signed_by, day=_day(live.signed_at)
    )


def _day(at: datetime | None) -> str:
    return "" if at is None else plain_date(at.astimezone().date())


def _row(row: ProtocolRow) -> Row:
    states = {"draft": tr("draft"), "live": tr("live"), "retired": tr("retired")}
    state = tr("withdrawn") if row.state == "retired" and row.live_from is None else states[row.state]
    program = row.signed_by is None and row.live_from is not None
    source = tr("the program") if program else tr("{name}, {day}").format(
        name=row.drafted_by, day=_day(row.drafted_at)
    )  # fmt: skip
    signed = f"{row.signed_by}, {_day(row.signed_at)}" if row.signed_by else ""
    used = f"{_day(row.live_from)} – {_day(row.retired_at)}".rstrip(" –") if row.live_from else ""
    return Row(row.id, (Cell(row.label), Cell(state), Cell(source), Cell(signed), Cell(used)))
