"""What can be done with the open next step wherever it is shown: another day, another owner, done, suspend, wake.

One command each, the same on Today, Patient and Work-ups, and one form for them in the page. The step is read when
the form opens, so what the form shows is what was seen when it is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from db.changes import Changes
from db.errors import Refused
from db.operations.steps import DONE_BY_HAND, change_due, complete, reassign
from db.operations.suspending import suspend, wake
from db.operations.visits import move_visit, take_back_move
from db.queries.patients import VisitRow, open_step_of, visits_of
from db.queries.people import Owner, owners
from db.queries.suspended import Suspension, suspension
from db.queries.worklist_rows import StepRow
from desktop.commands import Command
from desktop.parts import Parts
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.asking import Asking
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.changed_meanwhile import Difference
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording import action_words, due_words, error_words, long_date, role_name
from desktop.wording.plain import tr

VERBS = ("due", "owner", "done", "suspend")
KEYS = {"due": "M", "owner": "G", "done": "F", "suspend": "S"}
GIVE = "give-infusion"


@dataclass(frozen=True, slots=True)
class Held:
    """The open step as it was read, the people it can be given to, and the visit it is about."""

    step: StepRow
    people: tuple[Owner, ...]
    visit: VisitRow | None

    def rests(self, today: Any) -> Suspension | None:
        """The suspension that holds today."""
        return suspension(self.step.detail, today)


def read_step(session: Any, patient_id: int, today: Any) -> Held | None:
    """The open step of a patient with all a form about it needs; None where follow-up has ended."""
    step = open_step_of(session, patient_id, today)
    if step is None:
        return None
    wanted = step.detail.get("visit_id") if step.action == GIVE else None
    visit = next((one for one in visits_of(session, patient_id) if one.visit_id == wanted), None)
    return Held(step, owners(session), visit)


class StepActs(QObject):
    """Adds the commands `<page>.step-due`, `-owner`, `-done` and `-suspend` to a page and asks in its panel."""

    def __init__(
        self, parts: Parts, page: str, scope: QWidget, panel: AskPanel, patient: Callable[[], int | None]
    ) -> None:
        super().__init__(scope)
        self._parts, self._page, self._panel, self._patient = parts, page, panel, patient
        self._asking = Asking(parts, panel)
        texts = {
            "due": tr("Change the day"),
            "owner": tr("Give to a colleague"),
            "done": tr("Step is done"),
            "suspend": tr("Suspend until…"),
        }
        for verb, text in texts.items():
            words = tr("next step wake pause hold") if verb == "suspend" else tr("next step")
            command = Command(f"{page}.step-{verb}", text, partial(self.begin, verb), KEYS[verb], words=words)
            parts.commands.add(command, scope)

    def buttons(self) -> list[KeyButton]:
        """A quiet button for each command, for the page to put beside the step."""
        short = {
            "due": tr("Another day"), "owner": tr("Give to…"), "done": tr("Step done"), "suspend": "",
        }  # fmt: skip
        commands = self._parts.commands
        return [
            KeyButton.for_action(
                commands.action(f"{self._page}.step-{verb}"), "quiet", short[verb], LINE_HEIGHT
            )
            for verb in VERBS
        ]

    def set_enabled(self, there: bool, reason: str = "") -> None:
        """Whether there is an open step to act on."""
        for verb in VERBS:
            self._parts.commands.set_enabled(f"{self._page}.step-{verb}", there, reason)

    def rests(self, detail: Mapping[str, object]) -> bool:
        """Whether the step with this detail is suspended today."""
        return suspension(detail, self._parts.clock().today) is not None

    def set_resting(self, resting: bool) -> None:
        """The command suspends, or wakes what is suspended; its buttons say which."""
        words = tr("Wake now") if resting else tr("Suspend until…")
        self._parts.commands.set_text(f"{self._page}.step-suspend", words)

    def begin(self, verb: str) -> None:
        """Read the step of whoever is shown, then ask."""
        patient_id = self._patient()
        if patient_id is None:
            return
        self._parts.tasks.read(
            read_step, patient_id, self._parts.clock().today,
            then=partial(self._ask, verb, patient_id), owner=self, key="step",
        )  # fmt: skip

    def _ask(self, verb: str, patient_id: int, held: Held | None) -> None:
        """Ask about the step that was read, if its patient is still the one on show."""
        if patient_id != self._patient():
            return
        if held is None:
            self._say(tr("There is no open step: follow-up has ended."))
            return
        resting = held.rests(self._parts.clock().today)
        if verb == "suspend" and resting is not None:
            self._wake(held, resting)
        elif verb == "done" and held.step.action not in DONE_BY_HAND:
            self._say(error_words(Refused("done-by-itself", action=held.step.action)))
        else:
            ask = {"due": self._due, "owner": self._owner, "done": self._done, "suspend": self._suspend}[verb]
            self._panel.open(ask(held))

    def _say(self, text: str) -> None:
        self._parts.navigation.say.emit(text, None)

    def _what(self, held: Held) -> str:
        """`Repeat bloods, due in 3 days, Mina Okafor`."""
        step = held.step
        due = due_words(step.due, self._parts.clock().today)
        return tr("{action}, {due}, {owner}").format(
            action=action_words(step.action, step.detail), due=due, owner=step.owner_name
        )

    def _differs(self, held: Held, current: Mapping[str, object]) -> Sequence[Difference]:
        return (Difference(tr("Due"), current.get("due"), held.step.due),) if "due" in current else ()

    # -- another day

    def _due(self, held: Held) -> Question:
        day = DateEdit(held.step.due, today=lambda: self._parts.clock().today)
        why = TextEdit("", tr("such as: asked for a later day"), 320)
        fields = {"due": FormField(tr("New day"), day), "reason": FormField(tr("Why"), why)}

        def save(version: int) -> None:
            on, reason = day.day(), why.text().strip()
            if on is None:
                return
            said = tr("Moved to {day}").format(day=long_date(on))
            back = partial(self._move_back, held)
            stamp, about = self._parts.clock(), held.step.step_id
            if held.visit is not None:
                self._asking.write(
                    ("due", about), move_visit, held.visit.visit_id, on, reason, version, stamp,
                    self._parts.protocol, said=said, undo=back,
                )  # fmt: skip
                return
            self._asking.write(
                ("due", about), change_due, about, on, reason, version, stamp, said=said, undo=back
            )

        version = held.step.version if held.visit is None else held.visit.version
        return Question(
            ("due", held.step.step_id), tr("Another day: {step}").format(step=self._what(held)), fields,
            tr("Move it"), save, version, problems=lambda: _problems(fields, held.step.due),
            differs=partial(self._differs, held),
        )  # fmt: skip

    def _move_back(self, held: Held, changes: Changes) -> None:
        """The day it had before; a step's day that has passed cannot be given again, that of a visit can."""
        self._again(changes.patient_id, partial(self._moved_back, held))

    def _moved_back(self, held: Held, now: Held) -> None:
        reason, stamp = tr("taken back"), self._parts.clock()
        said = tr("Back on {day}").format(day=long_date(held.step.due))
        if held.visit is not None:  # the next visit may be another one by now
            seen = held.visit.version + 1
            self._asking.back(
                take_back_move, held.visit.visit_id, seen, stamp, self._parts.protocol, said=said
            )
            return
        self._asking.back(
            change_due, now.step.step_id, held.step.due, reason, now.step.version, stamp, said=said
        )

    # -- another owner

    def _owner(self, held: Held) -> Question:
        others = [one for one in held.people if one.id != held.step.owner_id]
        box = ComboBox([(one.id, f"{one.name}, {role_name(one.role)}") for one in others])
        box.set_placeholder(tr("choose"))
        box.set_value(None)
        box.setMinimumWidth(box.sizeHint().width())
        fields = {"owner": FormField(tr("Give it to"), box)}
        about = held.step.step_id

        def save(version: int) -> None:
            owner_id = box.value()
            said = tr("Given to {name}").format(name=box.currentText().partition(",")[0])
            self._asking.write(
                ("owner", about), reassign, about, owner_id, version, self._parts.clock(), said=said,
                undo=partial(self._give_back, held),
            )  # fmt: skip

        def problems() -> dict[str, str]:
            return {} if box.value() is not None else {"owner": tr("Choose a colleague.")}

        title = tr("Give to a colleague: {step}").format(step=self._what(held))
        return Question(
            ("owner", about), title, fields, tr("Give it"), save, held.step.version, problems=problems
        )

    def _give_back(self, held: Held, changes: Changes) -> None:
        said = tr("Back with {name}").format(name=held.step.owner_name)
        self._again(
            changes.patient_id,
            lambda now: self._asking.back(
                reassign,
                now.step.step_id,
                held.step.owner_id,
                now.step.version,
                self._parts.clock(),
                said=said,
            ),
        )

    # -- done

    def _done(self, held: Held) -> Question:
        note = TextEdit("", tr("such as: spoke to the ward"), 360)
        about = held.step.step_id

        def save(version: int) -> None:
            said = tr("Done: {step}").format(step=action_words(held.step.action, held.step.detail))
            self._asking.write(
                ("done", about), complete, about, note.text().strip() or None, version, self._parts.clock(),
                self._parts.protocol, said=said,
            )  # fmt: skip

        return Question(
            ("done", about), tr("Done: {step}").format(step=self._what(held)),
            {"note": FormField(tr("Note, if there is one"), note)}, tr("It is done"), save, held.step.version,
            (tr("The next decided step opens, or the one the record asks for."),),
        )  # fmt: skip

    # -- suspend and wake

    def _suspend(self, held: Held) -> Question:
        until = DateEdit(today=lambda: self._parts.clock().today)
        why = TextEdit("", tr("such as: abroad, on a ward elsewhere"), 320)
        fields = {"until": FormField(tr("Until"), until), "reason": FormField(tr("Why"), why)}
        about = held.step.step_id

        def save(version: int) -> None:
            on = until.day()
            if on is None:
                return
            self._asking.write(
                ("suspend", about), suspend, about, on, why.text().strip(), version, self._parts.clock(),
                said=tr("Suspended until {day}").format(day=long_date(on)), undo=self._wake_again,
            )  # fmt: skip

        lines = (
            tr("No reminder and no call until then. The step is due that day and wakes by itself."),
            tr("Blood tests and visits planned before move to it. A result that comes in wakes it at once."),
        )
        return Question(
            ("suspend", about), tr("Suspend: {step}").format(step=self._what(held)), fields, tr("Suspend"), save,
            held.step.version, lines, problems=lambda: _problems(fields, None), differs=partial(self._differs, held),
        )  # fmt: skip

    def _wake(self, held: Held, resting: Suspension) -> None:
        """Wake it now; the foot offers to suspend it again."""
        step = held.step
        self._asking.write(
            None, wake, step.step_id, step.version, self._parts.clock(), said=tr("Awake again"),
            undo=partial(self._rest_again, resting),
        )  # fmt: skip

    def _wake_again(self, changes: Changes) -> None:
        self._again(
            changes.patient_id,
            lambda now: self._asking.back(
                wake,
                now.step.step_id,
                now.step.version,
                self._parts.clock(),
                said=tr("Not suspended any more"),
            ),
        )

    def _rest_again(self, resting: Suspension, changes: Changes) -> None:
        said = tr("Suspended until {day}").format(day=long_date(resting.until))
        self._again(
            changes.patient_id,
            lambda now: self._asking.back(
                suspend, now.step.step_id, resting.until, resting.reason, now.step.version, self._parts.clock(),
                said=said,
            ),
        )  # fmt: skip

    def _again(self, patient_id: int | None, then: Callable[[Held], object]) -> None:
        """Read the step as it is now, to take back what was done to it."""

        def found(held: Held | None) -> None:
            if held is not None:
                then(held)

        self._parts.tasks.read(read_step, patient_id, self._parts.clock().today, then=found, owner=self)


def _problems(fields: Mapping[str, FormField], before: Any) -> dict[str, str]:
    """A day and a reason are wanted; the day is not the one it has."""
    found: dict[str, str] = {}
    for name, frame in fields.items():
        if isinstance(frame.field, DateEdit):
            day = frame.field.day()
            if day is None:
                found[name] = frame.field.problem() or tr("Type the day.")
            elif day == before:
                found[name] = tr("It is due on this day already.")
        elif isinstance(frame.field, TextEdit) and not frame.field.text().strip():
            found[name] = tr("Say why, in a few words.")
    return found
