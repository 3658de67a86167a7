"""Infusions: whose turn it is, whether anything is in the way, and what was really given.

The chair shows the visit that is current or nobody: while another one is being read there is nothing to type
into, and what comes back about a visit concerns that visit alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError, StaleScreen
from db.operations.infusions import record_infusion
from db.operations.visits import cancel_visit, move_visit
from db.queries.patients import VisitRow
from desktop import theme
from desktop.commands import Command
from desktop.infusions.although import Although
from desktop.infusions.asking import AskedGates
from desktop.infusions.form import InfusionForm
from desktop.infusions.loading import Chair, Listed, load_chair, load_visits
from desktop.infusions.moving import MoveLine
from desktop.infusions.rows import filters, groups, matching
from desktop.infusions.undoing import undo_missed, undo_moved, undo_recorded
from desktop.infusions.words import dose_words, empty_words, held_words, plan_words
from desktop.infusions.writing import VisitWrites, typed_infusion
from desktop.lists_out.button import list_button
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.widgets.accessibility import announce, focus_again
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import BAR_HEIGHT, KeyButton, Kind
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.kept_filters import KeptFilters, filtered_list
from desktop.widgets.labels import Label, block_heading
from desktop.widgets.panes import ListDetail
from desktop.widgets.row_list import RowList
from desktop.widgets.stack import Stack
from desktop.widgets.surface import Scroll
from desktop.wording import error_words, long_date
from desktop.wording.plain import tr

KINDS = frozenset({"courses", "infusions", "patients", "results", "assessments"})


class InfusionsPage(QWidget):
    """Planned visits on the left, the chair on the right. Ctrl+Return records what was given."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._listed = Listed((), {})
        self._visits: dict[int, VisitRow] = {}
        self._chair: Chair | None = None
        self._wanted: int | None = None
        self._saving: set[int] = set()
        self._refused = ""
        self._beginning: int | None = None
        self._typing_in: QWidget | None = None
        self.filters = KeptFilters(parts, "infusions/filter")
        self.list = RowList(tr("Planned infusions"))
        self.banner = PatientBanner()
        self.dose_line = Label("", role="h2", wrap=True)
        self.plan_line = Label("", role="small", tone="text2", wrap=True)
        self.form = InfusionForm(lambda: parts.clock().today, lambda: parts.clock().at.astimezone())
        self.moving = MoveLine(lambda: parts.clock().today)
        self.gates = AskedGates(parts.commands, self)
        self.although = Although()
        self._asked = parts.clock().today
        self.bar = ActionBar()
        self.empty = EmptyPage("infusions", "", "")
        self._day = Label("", role="small", tone="text2")
        self._stack = Stack()
        self._writes = VisitWrites(parts, self, self._begin_write, self._failed)
        self._add_commands()
        self._lay_out()
        self.filters.chosen.connect(lambda _name: self._fill())
        self.list.current_changed.connect(self._show)
        self.list.opened.connect(lambda _visit: self._begin())
        self.form.edited.connect(self._edited)
        self.gates.answered.connect(self._edited)
        self.moving.wanted.connect(self._move)
        parts.tasks.changed.connect(self._changed)
        self._enable()

    def _add_commands(self) -> None:
        commands = self._parts.commands

        def add(name: str, text: str, run: Callable[[], object], *keys: str) -> None:
            commands.add(Command(f"infusions.{name}", text, run, keys[0], also=keys[1:]), self)

        add("record", tr("Record infusion"), self.record, "Ctrl+Return", "Ctrl+Enter", "Ctrl+S")
        add("missed", tr("Did not come"), self.missed, "Ctrl+M")
        add("move", tr("Another day"), self.ask_day, "Ctrl+E")
        add("patient", tr("Open patient"), self.open_patient, "Ctrl+O")
        add("retry", tr("Try again"), self.refresh, "F5")
        add("list", tr("Back to the list of visits"), self.back_to_list, "Esc")

    def _lay_out(self) -> None:
        out = list_button(self._parts, "infusions")
        side = filtered_list(tr("Infusions"), self._day, self.filters, self.list, tool=out)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._detail())
        self._waiting = QWidget()
        self._stack.addWidget(self._waiting)
        again = KeyButton.for_action(self._parts.commands.action("infusions.retry"), "primary")
        self._unread = EmptyPage("infusions", "", "", again)
        self._stack.addWidget(self._unread)
        self._stack.setCurrentWidget(self._waiting)
        self._panes = ListDetail(side, self._stack)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._writes.conflict)
        outer.addWidget(self._panes)

    def _detail(self) -> QWidget:
        detail = QWidget()
        right = QVBoxLayout(detail)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        plan = QVBoxLayout()
        plan.setSpacing(theme.px(3))
        plan.addWidget(self.dose_line)
        plan.addWidget(self.plan_line)
        self._scroll = Scroll()
        content = self._scroll.content
        content.addLayout(plan)
        content.addWidget(self.moving)
        for title, block in ((tr("Before it starts"), self.gates), (tr("What was really given"), self.form)):
            inside = QVBoxLayout()
            inside.setSpacing(theme.px(8))
            inside.addWidget(block_heading(title))
            inside.addWidget(block)
            content.addLayout(inside)
        content.addWidget(self.although)
        content.addStretch(1)
        commands = self._parts.commands
        for name in ("record", "missed", "move", "patient"):
            action = commands.action(f"infusions.{name}")
            kind: Kind = "primary" if name == "record" else "quiet" if name == "patient" else "soft"
            button = KeyButton.for_action(action, kind, height=BAR_HEIGHT)
            self.bar.add(button, right=name != "record")
        right.addWidget(self.banner)
        right.addWidget(self._scroll, 1)
        right.addWidget(self.bar)
        return detail

    def first_focus(self) -> QWidget:
        """The list."""
        return self.list

    def refresh(self) -> None:
        """Ask for the visits again."""
        today = self._parts.clock().today
        self._parts.tasks.read(
            load_visits, today, then=self._take, failed=self._not_read, owner=self, key="visits"
        )

    def is_dirty(self) -> bool:
        """Whether something was typed at the chair, for any visit, that is not recorded."""
        return self.form.is_dirty() or self.form.has_drafts() or self.gates.has_answers()

    def open_visit(self, visit_id: int) -> None:
        """Show one visit and begin with its form."""
        self._wanted = visit_id
        self.refresh()

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS and self.isVisible():
            self.refresh()

    def _take(self, listed: Listed) -> None:
        self._listed, visits = listed, listed.visits
        self._day.setText(long_date(self._parts.clock().today))
        self._fill()
        asked = any(visit.visit_id == self._wanted for visit in visits)
        if asked and self._wanted not in self._visits:
            self.filters.show_all()
            self._fill()
        if asked:
            self.list.select(self._wanted)
            self._begin()
        self._wanted = None

    def _fill(self) -> None:
        """Show the visits the filter lets through; what is typed for one that it hides waits with it."""
        today = self._parts.clock().today
        visits, lines = self._listed.visits, self._listed.lines
        on = self.filters.count(filters(visits, today), len(visits))
        shown = matching(visits, on, today)
        self._visits = {visit.visit_id: visit for visit in shown}
        self.list.set_groups(groups(shown, today, lines))
        if not shown:
            self.empty.set(*empty_words(self.filters))
            self._stack.setCurrentWidget(self.empty)
        self._show(self.list.current_id())

    def _begin(self) -> None:
        """The keyboard to the first thing that only the chair knows, as soon as the chair is there."""
        self._panes.show_detail()
        current, self._beginning = self.list.current_id(), None
        if self._chair is None or self._chair.visit.visit_id != current:
            self._beginning = current
            return
        self.form.batch.setFocus()
        self._scroll.ensureWidgetVisible(self.form, 0, theme.px(20))

    def back_to_list(self) -> None:
        """Close the line for another day, or go back to the list; what is typed stays with its visit."""
        if self.moving.isVisible():
            self.moving.hide()
            self.form.batch.setFocus()
            return
        self._panes.show_list()
        self.list.setFocus()

    def _show(self, visit_id: object) -> None:
        """Ask for the chair of the visit that is current; until it is there nothing can be recorded."""
        visit = self._visits.get(visit_id) if isinstance(visit_id, int) else None
        if self._chair is None or visit is None or self._chair.visit.visit_id != visit.visit_id:
            self._leave_chair()
            if visit is not None or self._visits:
                self._stack.setCurrentWidget(self._waiting)
        if visit is not None:
            self._asked = self.form.day_of(visit)
            self._parts.tasks.read(
                load_chair, visit, self._parts.clock().today, self._asked, self._parts.protocol,
                then=self._take_chair, failed=self._not_read, owner=self, key="chair",
            )  # fmt: skip

    def _leave_chair(self) -> None:
        """Nobody is at the chair; what was typed waits with its visit."""
        self._hold_focus()
        self.moving.hide()
        self.form.leave()
        self._chair, self._refused = None, ""
        self._enable()

    def _hold_focus(self) -> QWidget | None:
        """Take the keyboard out of the chair before it goes; gives the field that had it."""
        held = QApplication.focusWidget()
        if held is None or not self._stack.isAncestorOf(held):
            return None
        (self.list if self.list.isVisible() else self).setFocus()
        return held

    def _not_read(self, error: KnownError) -> None:
        """Say in place of the chair why it is not shown; one that is shown already stays."""
        sentence = error_words(error)
        if self._chair is None:
            self._unread.set(tr("The visit could not be read"), sentence)
            self._stack.setCurrentWidget(self._unread)
        self._parts.navigation.say.emit(sentence, None)

    def _take_chair(self, chair: Chair) -> None:
        if chair.visit.visit_id != self.list.current_id() or chair.visit.visit_id not in self._visits:
            return
        if self._chair is None:
            self.although.edit.clear()
        self._chair = chair
        self.banner.set(banner_facts(chair.banner, self._parts.clock().today))
        note_look(self._parts, chair.banner.patient_id)
        self.dose_line.setText(dose_words(chair.visit))
        self.plan_line.setText(plan_words(chair))
        self.gates.show_chair(chair)
        self.although.show_for(self.gates.blocked())
        self.form.set_visit(chair.visit, chair.min_minutes, chair.watch_minutes)
        self._stack.setCurrentIndex(1)
        self._enable()
        if self._beginning == chair.visit.visit_id:
            self._begin()
        self._beginning = None

    def _edited(self) -> None:
        """Another day is held against the gates anew; a yes that is in the way wants a reason."""
        self._refused = ""
        self.although.show_for(self.gates.blocked())
        self._enable()
        if self._chair is not None and self.form.day_of(self._chair.visit) != self._asked:
            self._show(self._chair.visit.visit_id)

    def _enable(self) -> None:
        """Recording stays open when a gate blocks, since the nurse records what was done; it is said in red."""
        for name in ("record", "missed", "move", "patient"):
            reason = self.tr("Choose a planned infusion first.")
            self._parts.commands.set_enabled(f"infusions.{name}", self._free() is not None, reason)
        self._scroll.setEnabled(self._free() is not None)
        words = ""
        if self._chair is not None:
            asked, blocked = self.gates.open_questions(), self.gates.blocked()
            words = held_words(self._chair.visit, asked, blocked, self._parts.clock().today)
        self.bar.set_reason(self._refused or words)

    def _free(self) -> Chair | None:
        """The chair that is shown, unless its visit is just being written."""
        chair = self._chair
        return chair if chair is not None and chair.visit.visit_id not in self._saving else None

    def record(self) -> None:
        """Record what was typed; the repeat blood tests are booked with it."""
        chair = self._free()
        if chair is None:
            return
        if not self.form.check():
            wrong = self.form.first_wrong()
            if wrong is not None:
                wrong.setFocus()
                self._scroll.ensureWidgetVisible(wrong)
            return
        for held in (self.gates, self.although):
            if not held.check():
                self._scroll.ensureWidgetVisible(held)
                return
        why, answers = self.although.reason(), self.gates.answers()
        new = replace(self.form.infusion(chair.visit), override_reason=why, gate_answers=answers)
        then, seen = partial(self._recorded, chair=chair), chair.visit.version
        self._writes.write(chair, typed_infusion(new), then, record_infusion, new, seen_version=seen)

    def _recorded(self, changes: Changes, chair: Chair) -> None:
        self._done(
            tr("{name}: infusion recorded, repeat bloods booked."), chair, undo_recorded(self._parts, changes)
        )

    def missed(self) -> None:
        """The patient did not come; the visit is closed and the course's next step says so."""
        chair = self._free()
        if chair is None:
            return
        visit, words = chair.visit, tr("{name}: noted as not come.")
        self._writes.write(
            chair, [(tr("State"), tr("did not come"))],
            lambda _changes: self._done(words, chair, undo_missed(self._parts, visit)),
            cancel_visit, visit.visit_id, "did not come", seen_version=visit.version, did_not_attend=True,
        )  # fmt: skip

    def ask_day(self) -> None:
        """Ask for another day for this visit."""
        if self._chair is not None:
            self.moving.ask(self._chair.visit.on)
            self._scroll.ensureWidgetVisible(self.moving)

    def _move(self, on: date, reason: str) -> None:
        chair = self._free()
        if chair is None:
            return
        words = tr("{name}: visit moved to {day}.").replace("{day}", long_date(on))
        visit = chair.visit
        self._writes.write(
            chair, [(tr("Planned for"), on), (tr("Why"), reason)],
            lambda _changes: self._done(words, chair, undo_moved(self._parts, visit)),
            move_visit, visit.visit_id, on, reason, seen_version=visit.version,
        )  # fmt: skip

    def _begin_write(self, chair: Chair) -> None:
        """Until the answer comes nothing of this chair's visit can be changed."""
        self._saving.add(chair.visit.visit_id)
        self._refused = ""
        self._typing_in = self._hold_focus()
        self._enable()

    def _done(self, words: str, chair: Chair, undo: Callable[[], None] | None) -> None:
        """Say it, forget what was typed for this visit, and go on with the list."""
        visit = chair.visit
        self._saving.discard(visit.visit_id)
        self.form.forget(visit.visit_id)
        self.gates.forget(visit.visit_id)
        if self._chair is not None and self._chair.visit.visit_id == visit.visit_id:
            self._leave_chair()
            self._stack.setCurrentWidget(self._waiting)
            self.list.setFocus()
        self._parts.navigation.say.emit(words.replace("{name}", f"{visit.surname}, {visit.given}"), undo)
        self.refresh()

    def open_patient(self) -> None:
        """Go to the patient's page."""
        if self._chair is not None:
            self._parts.navigation.open_patient.emit(self._chair.visit.patient_id)

    def _failed(self, chair: Chair, error: KnownError) -> None:
        """Say why it was not saved; everything that was typed stays, here or with its visit."""
        sentence, visit = error_words(error), chair.visit
        self._saving.discard(visit.visit_id)
        here = self._chair is not None and self._chair.visit.visit_id == visit.visit_id
        self._refused = sentence if here else self._refused
        self._enable()
        if not here:
            self._parts.navigation.say.emit(f"{visit.surname}, {visit.given}: {sentence}", None)
        elif self.list.hasFocus() or self.hasFocus():
            focus_again(self._typing_in)
        if isinstance(error, StaleScreen):
            self.refresh()
        announce(self, sentence, urgent=True)
