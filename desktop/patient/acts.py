"""Everything that can be done to a record from its page, each asked in the page and written by one operation."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from db.queries.patient_rows import Banner, ResultRow
from desktop.commands import Command
from desktop.parts import Parts
from desktop.patient.export_act import ExportAct
from desktop.patient.follow_up_acts import FollowUpActs
from desktop.patient.loading import PatientView
from desktop.patient.merge_acts import MergeActs
from desktop.patient.person_acts import PersonActs
from desktop.patient.result_acts import ResultActs
from desktop.patient.result_message import ResultMessage
from desktop.patient.results_section import ResultsSection
from desktop.widgets.ask_panel import AskPanel
from desktop.widgets.asking import Asking
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.step_acts import StepActs
from desktop.widgets.void_letter import may_be_voided, void_question
from desktop.wording.plain import tr

RESULT_COMMANDS = ("result-correct", "result-error", "result-another")


class PatientActs(QObject):
    """Two panels: `panel` at the head of the page, and the one under the results. `view` gives who is shown."""

    def __init__(
        self, parts: Parts, page: QWidget, results: ResultsSection, view: Callable[[], PatientView | None]
    ) -> None:
        super().__init__(page)
        self._parts, self._view, self._results = parts, view, results
        self.panel = AskPanel()
        self._asking = Asking(parts, self.panel)
        self.steps = StepActs(parts, "patient", page, self.panel, self._patient)
        self._follow_up = FollowUpActs(parts, page, self.panel, view)
        self._person = PersonActs(parts, page, self.panel, view)
        self._merges = MergeActs(parts, page, self.panel, view)
        self.export = ExportAct(parts, page, self._patient)
        self._result_acts = ResultActs(parts, results, results.ask, self._result, self._banner)
        self._message = ResultMessage(parts, results, self._result)
        results.set_buttons([*self._result_acts.buttons(), self._message.button()])
        results.set_message(self._message.field)
        words = tr("withdraw wrong letter")
        parts.commands.add(
            Command("patient.letter-void", tr("Take a letter back"), self._void, "V", words=words), page
        )
        self.resume_button = self._button("resume", tr("Take up again"), "primary")
        self._end_button = self._button("end", tr("End follow-up"), "quiet")
        self._void_button = self._button("letter-void", tr("Take a letter back"), "quiet")
        self._apart_button = self._button("unmerge", tr("Take joined records apart"), "quiet")

    def _button(self, name: str, text: str, kind: str) -> KeyButton:
        look = "primary" if kind == "primary" else "quiet"
        height = 32 if look == "primary" else LINE_HEIGHT
        action = self._parts.commands.action(f"patient.{name}")
        return KeyButton.for_action(action, "primary" if look == "primary" else "quiet", text, height)

    def record_buttons(self) -> list[KeyButton]:
        """What is done to the record as a whole, to stand below what happened."""
        return [
            self._button("details", tr("Change details"), "quiet"),
            self._button("conditions", tr("Weight, conditions"), "quiet"),
            self._button("export", tr("Save as FHIR"), "quiet"),
            self._void_button,
            self._apart_button,
            self._end_button,
        ]

    def set_view(self, view: PatientView | None) -> None:
        """Which of it makes sense for whoever is shown, or for nobody."""
        commands = self._parts.commands
        there = view is not None
        active = view is not None and view.page.banner.status == "active"
        ended = tr("Follow-up of this patient has ended.")
        self.steps.set_enabled(view is not None and view.page.open_step is not None, ended)
        self._follow_up.set_enabled(view)
        for name in ("details", "export", "result-message"):
            commands.set_enabled(f"patient.{name}", there, tr("No patient chosen"))
        joined = view is not None and view.joined
        commands.set_enabled("patient.unmerge", joined, tr("No other record was joined with this one."))
        self._apart_button.setVisible(joined)
        commands.set_enabled("patient.conditions", active, ended)
        for name in RESULT_COMMANDS:
            commands.set_enabled(f"patient.{name}", active, ended)
        letters = view is not None and any(may_be_voided(one) for one in view.page.letters)
        commands.set_enabled("patient.letter-void", letters, tr("There is no letter to take back."))
        self.resume_button.setVisible(there and not active)
        self._end_button.setVisible(active)
        self._void_button.setVisible(letters)
        if view is not None:
            self._word_suspend(view)

    def _word_suspend(self, view: PatientView) -> None:
        """The one command suspends, or wakes what is suspended."""
        step = view.page.open_step
        resting = step is not None and self.steps.rests(step.detail)
        self.steps.set_resting(resting)

    def put_by(self, patient_id: int) -> None:
        """Somebody else is to be shown: what is asked and half typed waits for this patient."""
        self._message.hide()
        for panel in (self.panel, self._results.ask):
            panel.put_by(patient_id)

    def bring_back(self, patient_id: int) -> None:
        """What was half typed for this patient stands on the page again."""
        for panel in (self.panel, self._results.ask):
            panel.bring_back(patient_id)

    def close(self) -> bool:
        """Put away what is asked; False when nothing was."""
        closed = self.panel.close_panel() or self._message.hide()
        return self._results.ask.close_panel() or closed

    def _patient(self) -> int | None:
        banner = self._banner()
        return None if banner is None else banner.patient_id

    def _banner(self) -> Banner | None:
        view = self._view()
        return None if view is None else view.page.banner

    def _result(self) -> ResultRow | None:
        """The result the table stands on; computed values are none."""
        view, current = self._view(), self._results.table.current_id()
        rows = view.page.results if view is not None else ()
        return next((row for row in rows if row.result_id == current), None)

    def _void(self) -> None:
        view = self._view()
        asked = None if view is None else void_question(self._asking, view.page.letters)
        if asked is not None:
            self.panel.open(asked)
