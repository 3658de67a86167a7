"""The gates at the chair, with the questions that only the patient can answer: yes or no, by button or key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from clinical.gates import QUESTIONS, STOPPED_BY_YES, Gate, GateState
from desktop.commands import Command, Commands
from desktop.infusions.loading import Chair
from desktop.widgets.buttons import KeyButton
from desktop.widgets.gate_list import GateList, gate_line
from desktop.widgets.gates import GateLine
from desktop.widgets.marks import Status
from desktop.wording import long_date
from desktop.wording.gates import gate_words
from desktop.wording.keys import key_words
from desktop.wording.plain import tr


class AskedGates(GateList):
    """Gates as lines; each question has a Yes and a No, and the answers stay with their visit until it is recorded.

    Alt+Y and Alt+N answer the first question that is open. `answered` when one was.
    """

    answered = Signal()

    def __init__(self, commands: Commands, scope: QWidget) -> None:
        super().__init__(scope)
        self._chair: Chair | None = None
        self._said: dict[int, dict[str, str]] = {}
        self._first: KeyButton | None = None
        self._actions = {
            answer: commands.add(
                Command(
                    f"infusions.ask-{answer}",
                    words,
                    partial(self._answer_first, answer),
                    key,
                    not_now=lambda: "" if self.open_questions() else tr("no safety check is open"),
                ),
                scope,
            )
            for answer, words, key in (
                ("yes", tr("Yes to the question"), "Alt+Y"),
                ("no", tr("No to the question"), "Alt+N"),
            )
        }

    def show_chair(self, chair: Chair) -> None:
        """Show the gates of a chair, with what was answered there; the same ones again are left as they stand."""
        old, self._chair = self._chair, chair
        told = (chair.visit.visit_id, chair.gates, chair.asked_before)
        if old is None or (old.visit.visit_id, old.gates, old.asked_before) != told:
            self.show_gates(chair.gates)

    def answers(self) -> Mapping[str, str]:
        """What was answered for the visit that is shown, for the questions that stand there."""
        said = self._of_visit()
        return {gate.code: said[gate.code] for gate in self._questions() if gate.code in said}

    def blocked(self) -> int:
        """How many are in the way, a yes that is in the way of the dose among them."""
        said = self.answers()
        return super().blocked() + sum(said.get(code) == "yes" for code in STOPPED_BY_YES)

    def open_questions(self) -> tuple[str, ...]:
        """The questions that nobody answered yet, in words."""
        said = self.answers()
        return tuple(gate_words(gate)[0] for gate in self._questions() if gate.code not in said)

    def check(self) -> bool:
        """Whether every question is answered; if not, the first one takes the keyboard."""
        if self._first is not None and self.open_questions():
            self._first.setFocus()
            return False
        return True

    def has_answers(self) -> bool:
        """Whether an answer waits for its visit to be recorded."""
        return any(self._said.values())

    def forget(self, visit_id: int) -> None:
        """This visit was recorded or closed: its answers go."""
        self._said.pop(visit_id, None)
        if self._chair is not None and self._chair.visit.visit_id == visit_id:
            self._chair = None

    def _questions(self) -> tuple[Gate, ...]:
        return tuple(gate for gate in self._gates if gate.state is GateState.ASK and gate.code in QUESTIONS)

    def _of_visit(self) -> dict[str, str]:
        return self._said.setdefault(self._chair.visit.visit_id, {}) if self._chair is not None else {}

    def _show(self, opened: bool) -> None:
        self._first = None
        super()._show(opened)

    def _line(self, gate: Gate) -> GateLine:
        """A question with its two answers, and what was said before."""
        if gate not in self._questions():
            return super()._line(gate)
        said = self._of_visit().get(gate.code)
        yes = Status.URGENT if gate.code in STOPPED_BY_YES else Status.NOTE
        status = {"yes": yes, "no": Status.DONE}.get(said or "", Status.NOTE)
        asked = {"yes": tr("Asked now: yes."), "no": tr("Asked now: no.")}.get(
            said or "", gate_words(gate)[1]
        )
        line = gate_line(gate, status, f"{asked} {self._before(gate.code)}".strip())
        first = said is None and self._first is None
        for answer, words in (("yes", tr("Yes")), ("no", tr("No"))):
            if answer != said:
                cap = key_words(self._actions[answer].shortcut()) if first else ""
                button = line.add_answer(words, cap)
                button.clicked.connect(partial(self._answer, gate.code, answer))
                self._first = self._first or (button if first else None)
        return line

    def _before(self, code: str) -> str:
        """The answer on record and its day."""
        found = self._chair.asked_before.get(code) if self._chair is not None else None
        if found is None:
            return ""
        words = tr("Yes on {day}.") if found[0] == "yes" else tr("No on {day}.")
        return words.format(day=long_date(found[1]))

    def _answer(self, code: str, answer: str, _checked: bool = False) -> None:
        if self._chair is None or not self.isEnabled():
            return
        self._of_visit()[code] = answer
        focused = QApplication.focusWidget()
        held = focused is not None and self.isAncestorOf(focused)
        self.show_gates(self._gates)
        if held:
            (self._first or self.more).setFocus()
        self.answered.emit()

    def _answer_first(self, answer: str) -> None:
        said = self.answers()
        waiting = next((gate.code for gate in self._questions() if gate.code not in said), None)
        if waiting is not None and self.isVisible():
            self._answer(waiting, answer)
