"""The right side of Today: who, then either the explain card or the step's own pane, and the actions."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError
from db.operations.contacts import NewContact, record_contact
from db.queries.worklist_rows import StepRow
from desktop.commands import Command
from desktop.looked import note_look
from desktop.parts import Parts
from desktop.today.loading import Chosen, load_chosen, next_visit
from desktop.today.step_pane import StepPane
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.ask_panel import AskPanel
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.call_undo import undo_of_call
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.contact_log import LoggedCall, typed_call
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.explain_card import ExplainCard
from desktop.widgets.stack import StackLayout
from desktop.widgets.step_acts import StepActs
from desktop.widgets.surface import Surface
from desktop.wording import contact_outcome_name, error_words

REVIEW = "review-results"
"""The step that is done by deciding on the newest assessment."""


class TodayDetail(Surface):
    """Shows the chosen step. While another one is on its way nothing of the last can be acted on."""

    def __init__(self, parts: Parts, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts, self._page = parts, page
        self._wanted: int | None = None
        self._chosen: Chosen | None = None
        self.banner, self.conflict = PatientBanner(), ChangedMeanwhile()
        self.card = ExplainCard(parts, page, "today")
        self.pane = StepPane(parts)
        self.pane.calls.logged.connect(self._log_call)
        self.pane.calls.add_commands(parts.commands, page, "today")
        self._empty = EmptyPage("today", "", "")
        self._bar = ActionBar()
        self._buttons = self._add_actions()
        self.ask = AskPanel()
        self.steps = StepActs(parts, "today", page, self.ask, self.patient_id)
        for button in self.steps.buttons():
            self._bar.add(button, right=True)
        self._build()
        self.hold()

    def _build(self) -> None:
        stepped = QWidget()
        lower = QVBoxLayout(stepped)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(0)
        lower.addWidget(self.pane, 1)
        lower.addWidget(self._bar)
        self._stepped = stepped
        inside = QWidget()
        self._stack = StackLayout(inside)
        for widget in (QWidget(), self._empty, self.card, stepped):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.conflict)
        column.addWidget(self.ask)
        column.addWidget(inside, 1)

    def _add_actions(self) -> dict[str, KeyButton]:
        """The step's own actions, each with its key; only those that make sense are shown."""
        buttons = {}
        for verb, text, key, icon, run in (
            ("plan", self.tr("Plan the course"), "P", "infusions", self._plan),
            ("infusion", self.tr("Record the infusion"), "I", "infusions", self._infusion),
            ("results", self.tr("Type the results"), "R", "results", self._results),
            ("letters", self.tr("Letters"), "L", "letters", self._letters),
            ("why", self.tr("Read why"), "W", "review", self._why),
        ):
            action = self._parts.commands.add(
                Command(f"today.{verb}", text, run, key, icon=icon), scope=self._page
            )
            buttons[verb] = KeyButton.for_action(action, "soft", height=34)
            self._bar.add(buttons[verb])
        return buttons

    # -- showing

    def hold(self) -> None:
        """Another patient is on the way: nothing shown may be acted on until it is here. What was half typed waits."""
        if self._chosen is not None:
            self.ask.put_by(self._chosen.step.course_id)
        self._chosen = None
        self.conflict.clear()
        self.steps.set_enabled(False, self.tr("No step is shown."))
        self.card.clear()
        self._allow(())
        self._stack.setCurrentIndex(0)
        self.banner.setVisible(False)

    def patient_id(self) -> int | None:
        """Whose step is on show, None while it is on its way."""
        return self._chosen.step.patient_id if self._chosen else None

    def course_id(self) -> int | None:
        """The course on show, None while it is on its way."""
        return self._chosen.step.course_id if self._chosen else None

    def show_step(self, step: StepRow | None, hidden: int = 0) -> None:
        """Show a step, or what an empty list means."""
        self._wanted = step.course_id if step else None
        if step is None:
            self.hold()
            self._show_empty(hidden)
            return
        if self._chosen is None or self._chosen.step.course_id != step.course_id:
            self.hold()
        today = self._parts.clock().today
        self._parts.tasks.read(
            load_chosen, step, today, self._parts.protocol, then=self._show, owner=self, key="chosen"
        )

    def _show_empty(self, hidden: int) -> None:
        text = self.tr("{count} steps are hidden by the filter; choose All to see them.").format(count=hidden)
        if hidden:
            self._empty.set(self.tr("Nothing here of yours"), text)
        else:
            self._empty.set(
                self.tr("Nothing is open"),
                self.tr(
                    "Each patient under follow-up has one next step; it appears here with its day and its owner. "
                    "Ctrl+N begins with a referral."
                ),
            )
        self._stack.setCurrentWidget(self._empty)

    def _show(self, chosen: Chosen) -> None:
        if chosen.step.course_id != self._wanted:
            return
        turned = self._chosen is None
        self._chosen = chosen
        if turned:
            self.ask.bring_back(chosen.step.course_id)
        self.banner.set(banner_facts(chosen.page.banner, self._parts.clock().today))
        note_look(self._parts, chosen.page.banner.patient_id)
        self.banner.setVisible(True)
        self.steps.set_enabled(True)
        self.steps.set_resting(self.steps.rests(chosen.step.detail))
        explain = chosen.explain
        if explain is not None and explain.state == "open" and chosen.step.action == REVIEW:
            self._allow(())
            self._stack.setCurrentWidget(self.card)
            self.card.show_course(chosen.step.course_id)
            return
        self.card.clear()
        view = self.pane.show_step(chosen)
        self._allow(view.verbs)
        self._stack.setCurrentWidget(self._stepped)

    def _allow(self, verbs: tuple[str, ...]) -> None:
        """Show and enable only the actions that make sense; the first is the primary one."""
        for verb, button in self._buttons.items():
            reason = self.tr("The step on show asks for something else.")
            self._parts.commands.set_enabled(f"today.{verb}", verb in verbs, reason)
            self._bar.set_shown(button, verb in verbs)
            button.set_kind("primary" if verbs and verb == verbs[0] else "soft")
        self._bar.setVisible(bool(verbs))

    # -- acting

    def _plan(self) -> None:
        if self._chosen is not None:
            self._parts.navigation.open_plan.emit(self._chosen.step.course_id)

    def _infusion(self) -> None:
        if self._chosen is not None:
            visit = next_visit(self._chosen.page, self._chosen.step.course_id)
            if visit is not None:
                self._parts.navigation.open_visit.emit(visit.visit_id)

    def _results(self) -> None:
        if self._chosen is not None:
            self._parts.navigation.open_results.emit(self._chosen.step.patient_id)

    def _letters(self) -> None:
        if self._chosen is not None:
            self._parts.navigation.open_letters.emit(self._chosen.step.course_id, "")

    def _why(self) -> None:
        if self._chosen is not None:
            self._parts.navigation.open_why.emit(self._chosen.step.course_id)

    def _log_call(self, call: LoggedCall) -> None:
        """Record a contact attempt; the record decides what becomes of the step."""
        if self._chosen is not None:
            step = self._chosen.step
            self._record(self._chosen, call, (step.step_id, step.version))

    def _record(self, chosen: Chosen, call: LoggedCall, seen_step: tuple[int, int]) -> None:
        """Record a call on the step that was seen; who was first is shown beside what was typed."""
        self.conflict.clear()

        def refused(error: KnownError) -> None:
            now: Any = (error.values.get("id"), error.values.get("version"))
            here = self._chosen is not None and self._chosen.step.course_id == chosen.step.course_id
            self._parts.navigation.say.emit(error_words(error), None)
            if here:
                self.conflict.took(error, typed_call(call), partial(self._record, chosen, call, now))

        name = f"{chosen.step.given[:1]}. {chosen.step.surname}"
        said = self.tr("Call with {name} logged: {outcome}").format(
            name=name, outcome=contact_outcome_name(call.outcome)
        )
        self._parts.tasks.write(
            record_contact,
            chosen.step.course_id,
            NewContact(call.outcome, "phone", call.note or None, call.call_back_on),
            self._parts.clock(),
            self._parts.protocol,
            seen_step,
            then=partial(self._logged, chosen, call, said),
            failed=refused,
            owner=self,
        )

    def _logged(self, chosen: Chosen, call: LoggedCall, said: str, changes: Changes) -> None:
        """The call is on record: what was typed about it goes."""
        self.pane.calls.logged_for(chosen.step.course_id)
        self._parts.navigation.say.emit(said, undo_of_call(self._parts, self, call.outcome, changes))
