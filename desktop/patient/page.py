"""The patient page: banner, trends and results, courses, work-up; beside them the answer and what is next.

It shows one patient at a time and asks again whenever something of that patient changed. Nothing is computed here;
what cannot be undone is not offered here. While somebody else is read the page is blank: keys act on what can be seen.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError, StaleScreen
from db.queries.patients import WorkUpItemRow
from desktop import theme
from desktop.commands import Command
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.patient.acts import PatientActs
from desktop.patient.filling import Filling
from desktop.patient.infusions_section import InfusionsSection
from desktop.patient.loading import PatientView, load
from desktop.patient.results_section import ResultsSection
from desktop.patient.side import Answer, Record
from desktop.patient.trends_section import TrendsSection
from desktop.patient.writes import PatientWrites
from desktop.widgets.accessibility import announce
from desktop.widgets.banner import PatientBanner
from desktop.widgets.buttons import KeyButton, Kind
from desktop.widgets.contact_log import OUTCOMES, LoggedCall
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.stack import Stack
from desktop.widgets.surface import Scroll, Surface
from desktop.widgets.work_up_list import WorkUpSection
from desktop.wording import error_words

_SIDE = 312
_SECTIONS = (
    "trend-table", "infusion-correct", "infusion-cancel",
    "item-ordered", "item-done", "item-resulted", "item-not-appropriate", "item-todo",
    *(f"call-{outcome}" for outcome in OUTCOMES),
)  # fmt: skip
"""Commands of the sections: they mean a row that can be seen."""


class PatientPage(Surface):
    """One patient. `open` shows somebody else; keys work anywhere on the page but in text fields."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts = parts
        self._patient: int | None = None
        self._view: PatientView | None = None
        self._filling = Filling(self, parts)
        self._wide: bool | None = None
        self._add_commands()
        self._build()
        self._connect()
        self._enable()

    def _add_commands(self) -> None:
        add, nav = self._parts.commands.add, self._parts.navigation
        add(Command("patient.results", self.tr("Add results"), self._add_results, "N", icon="plus"), self)
        add(Command("patient.why", self.tr("Read why"), self._why, "W"), self)
        add(Command("patient.plan", self.tr("Plan course"), self._plan, "P"), self)
        add(Command("patient.letters", self.tr("Letters"), self._letters, "Ctrl+P", icon="letters"), self)
        add(Command("patient.contact", self.tr("Record contact"), self._contact, "C", icon="call"), self)
        add(Command("patient.retry", self.tr("Try again"), self.refresh, "F5"), self)
        add(Command("patient.back", self.tr("Back"), self._back, "Esc"), self)
        self._navigation = nav

    def _build(self) -> None:
        commands = self._parts.commands
        self.banner = PatientBanner()
        self._quiet = [self._button(name, "quiet") for name in ("contact", "letters")]
        for button in (*self._quiet, self._button("results", "soft")):
            self.banner.add_action(button)
        self.trends = TrendsSection(commands, self)
        self.results = ResultsSection()
        self.infusions = InfusionsSection(commands, self._today)
        self.work_up = WorkUpSection(commands, "patient", self)
        self._plan_button = self._button("plan", "soft")
        self.acts = PatientActs(self._parts, self, self.results, self.view)
        self._more = [self._button(name, "soft") for name in ("contact", "letters")]
        buttons = [self._button("why", "primary"), self._plan_button, self.acts.resume_button, *self._more]
        self.answer = Answer(self._today, buttons)
        self.answer.set_step_buttons(self.acts.steps.buttons())
        self.answer.contact.add_commands(commands, self, "patient")
        self.record = Record(self.acts.record_buttons())
        self._main = Scroll((28, 14, 20, 24), 22)
        for section in (self.acts.panel, self.trends, self.work_up, self.results, self.infusions):
            self._main.content.addWidget(section)
        self._main.content.addStretch(1)
        self._pane = Surface("list", edges="left")
        self._pane.setFixedWidth(theme.px(_SIDE))
        pane = QVBoxLayout(self._pane)
        pane.setContentsMargins(1, 0, 0, 0)
        self._side = Scroll((18, 18, 14, 18), 22)
        self._side.content.addStretch(1)
        pane.addWidget(self._side)
        self._stack = Stack()
        self._stack.addWidget(self._whole())
        self._empty = EmptyPage(
            "patients",
            self.tr("No patient chosen"),
            self.tr("Find one with Ctrl+F, or open a line of a list."),
        )
        self._stack.addWidget(self._empty)
        self._waiting = QWidget()
        self._unread = EmptyPage("patients", "", "", self._button("retry", "primary"))
        for page in (self._waiting, self._unread):
            self._stack.addWidget(page)
        self._stack.setCurrentIndex(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _today(self) -> date:
        return self._parts.clock().today

    def _button(self, name: str, kind: Kind) -> KeyButton:
        return KeyButton.for_action(self._parts.commands.action(f"patient.{name}"), kind)

    def _whole(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._main, 1)
        row.addWidget(self._pane)
        column.addLayout(row, 1)
        return whole

    def _connect(self) -> None:
        self._parts.tasks.changed.connect(self._changed)
        writes = self._writes = PatientWrites(self._parts, self)
        self._main.content.insertWidget(0, writes.conflict)
        self.infusions.corrected.connect(writes.correct)
        self.infusions.cancelled.connect(writes.cancel)
        self.work_up.state_wanted.connect(writes.set_item)
        self.answer.contact.logged.connect(self._log)
        writes.logged.connect(self._logged)
        writes.corrected.connect(self._corrected)
        writes.not_corrected.connect(self._not_corrected)
        writes.item_set.connect(self._item_set)
        writes.failed.connect(self._failed)
        self.results.day_chosen.connect(self.trends.chart.read)
        self.acts.panel.closed.connect(self._to_first)

    def open(self, patient_id: int) -> None:
        """Show a patient. What was asked and half typed for the one before waits until they are shown again."""
        if patient_id != self._patient:
            shown = self._shown()
            if shown is not None:
                for keeper in (self.acts, self.work_up, self.infusions.editor):
                    keeper.put_by(shown)
            self._patient = patient_id
            self._blank()
        self.refresh()

    def _blank(self) -> None:
        """Take away whoever was shown; what is half typed for them was put by."""
        self._filling.stop()
        self._view = None
        self._writes.conflict.clear()
        self.acts.close()
        if not self.infusions.editor.isHidden():
            self.infusions.editor.close_panel()
        self.answer.contact.turn_to(None)
        self.answer.contact.hide()
        self.results.start_over()
        self._main.verticalScrollBar().setValue(0)
        held = QApplication.focusWidget()
        if held is not None and self.isAncestorOf(held):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._stack.setCurrentWidget(self._waiting)
        self._enable()

    def patient_id(self) -> int | None:
        """Who is shown, or None."""
        return self._patient

    def view(self) -> PatientView | None:
        """What is shown, once it was read."""
        return self._view

    def refresh(self) -> None:
        """Ask again for the patient shown."""
        if self._patient is not None:
            self._parts.tasks.read(
                load, self._patient, self._today(), then=partial(self._show, self._patient),
                failed=partial(self._not_read, self._patient), owner=self, key="view",
            )  # fmt: skip

    def _not_read(self, patient_id: int, error: KnownError) -> None:
        """Say in place of the record why it is not shown; one that is shown already stays."""
        if patient_id != self._patient or self._view is not None:
            self._navigation.say.emit(error_words(error), None)
            return
        sentence = error_words(error)
        self._unread.set(self.tr("The record could not be read"), sentence)
        self._stack.setCurrentWidget(self._unread)
        if self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, sentence, urgent=True)

    def first_focus(self) -> QWidget:
        """The chart: arrows read it, and the page's letters work from there. The page while it is blank."""
        if self._view is None:
            return self
        return self.trends.chart if self.trends.table is None else self.trends.table

    def _show(self, asked: int, view: PatientView) -> None:
        if asked == self._patient:
            end = partial(self._filled, asked, view)
            self._filling.fill(view, end, at_once=self._view is not None)

    def _filled(self, asked: int, view: PatientView) -> None:
        """All parts are there: from now on the patient can be seen, and acted on."""
        if asked != self._patient:
            return
        self._patient = view.page.banner.patient_id  # a record that was joined with another leads there
        first = self._view is None
        self._view = view
        self._stack.setCurrentIndex(0)
        self._enable()
        if first:
            for keeper in (self.acts, self.work_up, self.infusions.editor):
                keeper.bring_back(self._patient)
            note_look(self._parts, self._patient)
        if first and self.isVisible():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _enable(self) -> None:
        """Which commands make sense for this patient, and why the others do not."""
        view, commands = self._view, self._parts.commands
        there = view is not None
        active = view is not None and view.page.banner.status == "active"
        course = view.course if view is not None else None
        ended = self.tr("Follow-up of this patient has ended.")
        for name in ("results", *_SECTIONS):
            commands.set_enabled(f"patient.{name}", there, self.tr("No patient chosen"))
        commands.set_enabled("patient.letters", active and course is not None, ended)
        commands.set_enabled("patient.contact", active and course is not None, ended)
        commands.set_enabled(
            "patient.why", view is not None and view.explain is not None, self.tr("Not assessed yet.")
        )
        referred = active and course is not None and course.status == "referred"
        commands.set_enabled("patient.plan", referred, self.tr("The course is planned already."))
        self.acts.set_view(view)
        self._plan_button.setVisible(referred)
        self._plan_button.set_kind("soft" if view is not None and view.explain is not None else "primary")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The answer stands beside the trends, or above them where the window is narrow."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= theme.px(860)
        if wide == self._wide:
            return
        self._wide = wide
        self._pane.setVisible(wide)
        beside, main = self._side.content, self._main.content
        if wide:
            beside.insertWidget(0, self.answer)
            beside.insertWidget(1, self.record)
        else:
            main.insertWidget(0, self.answer)
            main.insertWidget(main.count() - 1, self.record)
        self.answer.set_narrow(not wide)
        for button in self._quiet:
            button.setVisible(wide)
        for button in self._more:
            button.setVisible(not wide)

    def _add_results(self) -> None:
        patient_id = self._shown()
        if patient_id is not None:
            self._navigation.open_results.emit(patient_id)

    def _shown(self) -> int | None:
        """Whose record can be seen, or None."""
        return self._view.page.banner.patient_id if self._view is not None else None

    def _course_id(self) -> int | None:
        course = self._view.course if self._view is not None else None
        return course.course_id if course is not None else None

    def _why(self) -> None:
        course_id = self._course_id()
        if course_id is not None:
            self._navigation.open_why.emit(course_id)

    def _plan(self) -> None:
        course_id = self._course_id()
        if course_id is not None:
            self._navigation.open_plan.emit(course_id)

    def _letters(self) -> None:
        course_id = self._course_id()
        if course_id is not None:
            self._navigation.open_letters.emit(course_id, "")

    def _to_first(self) -> None:
        """The keyboard where the page's keys work, after a question was answered."""
        if self.isVisible():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _contact(self) -> None:
        """Show the outcomes, or put them away."""
        if self._view is None:
            return
        shown = not self.answer.contact.isVisible()
        self.answer.contact.setVisible(shown)
        if shown:
            first = next(iter(self.answer.contact.buttons.values()))
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _back(self) -> None:
        """Close what is open on the page; else go back to where the user came from."""
        if self.work_up.close_reason() or self.acts.close():
            return
        if self.infusions.editor.isVisible():
            self.infusions.editor.close_panel()
        elif self.answer.contact.isVisible():
            self.answer.contact.hide()
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._navigation.back.emit()

    def _log(self, call: LoggedCall) -> None:
        course_id, seen_step = self._course_id(), self._seen_step()
        if course_id is not None and seen_step is not None:
            self._writes.log(course_id, call, seen_step)

    def _seen_step(self) -> tuple[int, int] | None:
        """Id and version of the open step on the page."""
        step = self._view.page.open_step if self._view is not None else None
        return None if step is None else (step.step_id, step.version)

    def _logged(self, course_id: int, said: str, undo: object) -> None:
        self.answer.contact.logged_for(course_id)
        if course_id == self._course_id():
            self.answer.contact.hide()
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        self._navigation.say.emit(said, undo)

    def _corrected(self, infusion_id: int, said: str, undo: object) -> None:
        self.infusions.editor.forget(infusion_id)
        if self.infusions.editor.is_open_for() == infusion_id:
            self.infusions.editor.close_panel()
        self._navigation.say.emit(said, undo)

    def _not_corrected(self, infusion_id: int, error: KnownError) -> None:
        """Say it beside what is typed, or in the foot when something else is shown by now."""
        sentence = error_words(error)
        if self.infusions.editor.is_open_for() == infusion_id:
            self.infusions.editor.say(sentence)
        else:
            self._navigation.say.emit(sentence, None)
        announce(self, sentence, urgent=True)

    def _item_set(self, said: str, before: WorkUpItemRow) -> None:
        """Say what was done and offer to take it back."""
        self._navigation.say.emit(said, lambda: self._take_back(before))

    def _take_back(self, before: WorkUpItemRow) -> None:
        rows = self._view.page.work_up if self._view is not None else ()
        now = next((row for row in rows if row.item_id == before.item_id), None)
        if now is not None:
            self._writes.take_back(now, before)

    def _failed(self, error: KnownError) -> None:
        """Say it in the foot, and read again: another screen may have changed what is shown."""
        self._navigation.say.emit(error_words(error), None)
        if isinstance(error, StaleScreen):
            self.refresh()

    def _changed(self, changes: Changes) -> None:
        """Something changed: read again when it may concern this patient."""
        if self._patient is not None and changes.patient_id in {None, self._patient} and self.isVisible():
            self.refresh()
