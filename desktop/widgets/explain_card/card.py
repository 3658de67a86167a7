"""The explain card: why this outcome, and the decision on it, all in the page.

It reads the newest assessment of a course, shows every figure it rests on, lets the proposed steps be edited
and records one decision. When the record has moved on meanwhile, both states are shown and nothing typed is
lost. A decided assessment is shown without actions, with who decided and why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError, StaleScreen
from db.operations.decisions import record_decision
from db.operations.limits import DEFER_DAYS
from db.queries.assessments import ExplainView
from db.queries.people import Owner
from desktop import theme
from desktop.commands import Command
from desktop.parts import Parts
from desktop.signing import with_signature
from desktop.widgets.accessibility import announce
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.buttons import KeyButton, Kind
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.explain_card.body import CardBody, heading_row
from desktop.widgets.explain_card.drafts import KINDS, Draft, StepDraft
from desktop.widgets.explain_card.loading import Loaded, load, may_be_decided
from desktop.widgets.explain_card.notice import Notice
from desktop.widgets.explain_card.panel import DecisionPanel
from desktop.widgets.explain_card.put_by import PutBy, put_by
from desktop.widgets.explain_card.taking_back import undo_of_decision
from desktop.widgets.explain_card.values import CardValues, card_values
from desktop.widgets.marks import Status
from desktop.widgets.next_steps import NextStepLine
from desktop.widgets.surface import Scroll
from desktop.wording import error_words


class ExplainCard(QWidget):
    """The card for one course. `scope` is the page whose keys it answers to, `name` makes its commands unique."""

    decided = Signal(int)
    """Course id, after a decision was saved."""
    shown = Signal(object)
    """The `ExplainView` on show, or None where the course has no assessment."""

    def __init__(self, parts: Parts, scope: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts, self._name = parts, name
        self._course_id: int | None = None
        self._view: ExplainView | None = None
        self._values: CardValues | None = None
        self._owners: tuple[Owner, ...] = ()
        self._lines: list[NextStepLine] = []
        self._every_line: list[NextStepLine] = []
        """Lines made so far: those that this assessment does not fill are hidden."""
        self._saving = False
        self._reason = ""
        self._stale: tuple[str, Draft] | None = None
        self._kept: dict[int, PutBy] = {}
        self._body, self.notice, self.conflict = CardBody(), Notice(), ChangedMeanwhile()
        self._overtaken: KnownError | None = None
        self._steps_head = heading_row(
            self.tr("Proposed next steps"), self.tr("one dated step for the patient, the rest are tasks")
        )
        self._steps = QVBoxLayout()
        self._steps.setSpacing(theme.px(4))
        self.panel = DecisionPanel(lambda: parts.clock().today)
        self.panel.saved.connect(self._save)
        self.panel.left.connect(self._panel_closed)
        self._bar = ActionBar()
        self._add_commands(scope)
        self._build()

    def _build(self) -> None:
        self._scroll = Scroll(margins=(28, 16, 20, 20), spacing=18)
        for widget in (self.notice, self.conflict, self._body, self._steps_head):
            self._scroll.content.addWidget(widget)
        self._scroll.content.addLayout(self._steps)
        self._scroll.content.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.panel)
        column.addWidget(self._bar)

    def _add_commands(self, scope: QWidget) -> None:
        """Accept, choose another, defer, not appropriate: the same four everywhere the card stands."""
        commands = self._parts.commands
        another, defer, reject = (partial(self._open_panel, kind) for kind in KINDS[1:])
        actions: tuple[tuple[str, str, str, Callable[[], object], Kind], ...] = (
            ("accept", self.tr("Accept"), "Ctrl+Return", self.accept, "primary"),
            ("another", self.tr("Choose another"), "O", another, "soft"),
            ("defer", self.tr("Defer"), "D", defer, "soft"),
            ("reject", self.tr("Not clinically appropriate"), "X", reject, "quiet"),
        )
        for verb, text, key, run, kind in actions:
            action = commands.add(Command(self._id(verb), text, run, key), scope=scope)
            self._bar.add(KeyButton.for_action(action, kind, height=34))
        commands.add(
            Command(self._id("leave"), self.tr("Back to the proposal"), self.panel.leave, "Escape"),
            scope=self.panel,
        )

    def _id(self, verb: str) -> str:
        return f"{self._name}.{verb}"

    # -- showing

    def show_course(self, course_id: int) -> None:
        """Show the newest assessment of a course. What is half typed for another waits until that is shown again."""
        if course_id != self._course_id:
            self._put_by()
            self.panel.forget()
            self.notice.clear()
            self.conflict.clear()
            self._stale = self._overtaken = None
        self._course_id = course_id
        self.refresh()

    def refresh(self) -> None:
        """Ask again; edits of the same assessment stay."""
        if self._course_id is not None:
            self._parts.tasks.read(
                load, self._course_id, self._parts.protocol, then=self._loaded, owner=self, key="explain"
            )

    def clear(self) -> None:
        """Show nothing. What is half typed waits until its course is shown again."""
        self._put_by()
        self.panel.forget()
        self._course_id, self._view, self._values = None, None, None
        self._allow(None)

    def keeps(self) -> int:
        """For how many courses that are not on show something is half typed."""
        return len(self._kept)

    def _put_by(self) -> None:
        """Keep what is typed on the card that is shown; what is being saved is not half typed."""
        if self._view is None or self._values is None or self._saving:
            return
        edited = self._drafts() if self._edited() else ()
        kept = put_by(self._view, self._values.sentence, edited, self.panel)
        if kept is not None:
            self._kept[self._view.course_id] = kept

    def lines(self) -> tuple[NextStepLine, ...]:
        """The proposed steps as editable lines."""
        return tuple(self._lines)

    def reason(self) -> str:
        """What is said to stand in the way of accepting."""
        return self._reason

    def first_focus(self) -> QWidget:
        """The findings: reading begins there, and the keys of the card work from there."""
        return self._body.findings

    def view(self) -> ExplainView | None:
        """The assessment on show."""
        return self._view

    def values(self) -> CardValues | None:
        """What the card says."""
        return self._values

    def _loaded(self, loaded: Loaded) -> None:
        view, self._owners = loaded.view, loaded.owners
        same = (
            view is not None
            and self._view is not None
            and ((view.assessment_id, view.version) == (self._view.assessment_id, self._view.version))
        )
        if same and not self._saving:
            return
        if self._stale is None and self._edited() and not self._saving and view is not None:
            self._stale = (self._values.sentence if self._values else "", Draft("accept", self._drafts()))
        kept = self._drafts() if self._stale is not None else ()
        before = self._kept.pop(view.course_id, None) if view is not None else None
        if before is not None and view is not None:
            kept = before.steps
            self._stale = None if before.still_about(view) else (before.sentence, before.draft)
        self._saving = False
        self._view = view
        self._values = (
            card_values(view, self._parts.clock().today, loaded.changes) if view is not None else None
        )
        if view is not None and self._values is not None:
            self._body.show_values(self._values)
            self._show_steps(self._values, view, kept)
            self.panel.set_owners(self._owners, self._values.steps[0].owner_id if self._values.steps else 0)
            if before is not None and before.typed is not None and self._stale is None:
                self.panel.bring_back(before.typed)
            self._scroll.verticalScrollBar().setValue(0)
        self._show_notice()
        self._allow(view)
        self.shown.emit(view)

    def _show_steps(self, values: CardValues, view: ExplainView, kept: tuple[StepDraft, ...]) -> None:
        """The proposed steps as editable lines; edits made before the record changed are put back."""
        edits = {step.action: step for step in kept}
        people = [(owner.id, owner.name) for owner in self._owners]
        for place, step in enumerate(values.steps):
            edit = edits.get(step.action)
            said = (
                Status.DUE if place == 0 else Status.PLANNED,
                step.words,
                step.note,
                edit.due if edit else step.due,
                edit.owner_id if edit else step.owner_id,
                people,
            )
            if place < len(self._every_line):
                self._every_line[place].set(*said)
            else:
                self._add_line(NextStepLine(*said, today=self._today, first=place == 0))
            self._every_line[place].setEnabled(self._may_be_decided(view))
        self._lines = self._every_line[: len(values.steps)]
        for line in self._every_line:
            line.setHidden(line not in self._lines)
        self._steps_head.setVisible(bool(values.steps))

    def _add_line(self, line: NextStepLine) -> None:
        self._steps.addWidget(line)
        self._every_line.append(line)

    def _today(self) -> date:
        return self._parts.clock().today

    def _show_notice(self) -> None:
        """Say that it is decided, or that the record changed while it was read."""
        if self._stale is not None:
            seen, draft = self._stale
            self.notice.show_stale(seen, draft)
            self._show_conflict(draft)
            self._stale = self._overtaken = None
        elif self._values is not None and self._values.back:
            self.notice.show_back(self._values.back, self._values.before)
        elif self._values is not None and self._values.decided:
            self.notice.show_decided(self._values.decided, self._values.decided_reason)
        else:
            self.notice.clear()

    def _show_conflict(self, draft: Draft) -> None:
        """Who was first with a decision that was refused; it can be made once more while there is one to make."""
        if self._overtaken is None:
            return
        mine = partial(self._save, draft) if self._may_be_decided(self._view) else None
        typed = [(self.tr("Next step"), step.words) for step in draft.steps]
        if draft.reason:
            typed.append((self.tr("Reason"), draft.reason))
        self.conflict.ask(self._overtaken, typed, mine, self._let_go)

    def _let_go(self) -> None:
        """Forget what was typed, and show what is on record alone."""
        self.panel.forget()
        self.notice.clear()
        self._view = self._values = None
        self.refresh()

    def _may_be_decided(self, view: ExplainView | None) -> bool:
        return view is not None and may_be_decided(view, self._parts.clock().today)

    def _allow(self, view: ExplainView | None) -> None:
        """Actions only while there is something open to decide."""
        open_now = self._may_be_decided(view)
        self._bar.setVisible(open_now and not self.panel.kind())
        reason = "" if open_now else self.tr("This is decided already.")
        for verb in ("accept", "another", "defer", "reject"):
            self._parts.commands.set_enabled(self._id(verb), open_now, reason)
        count = len(self._lines) if open_now else 0
        text = (
            self.tr("Accept {count} steps").format(count=count) if count > 1 else self.tr("Accept this step")
        )
        self._parts.commands.set_text(self._id("accept"), text if count else self.tr("Accept"))

    def _edited(self) -> bool:
        """Whether a day or an owner of this course's proposed steps was changed and not saved."""
        if self._values is None or self._view is None or self._view.course_id != self._course_id:
            return False
        return any(
            (step.due, step.owner_id) != (line.due(), line.owner_id())
            for step, line in zip(self._values.steps, self._lines, strict=True)
        )

    # -- deciding

    def _drafts(self) -> tuple[StepDraft, ...]:
        """The proposed steps as edited."""
        if self._values is None:
            return ()
        return tuple(
            StepDraft(
                step.action,
                step.words,
                line.due(),
                line.owner_id() or step.owner_id,
                tuple(step.detail.items()),
            )
            for step, line in zip(self._values.steps, self._lines, strict=True)
        )

    def accept(self) -> None:
        """Accept the steps as they stand, or save the form that is open."""
        if self.panel.kind():
            self.panel.submit()
            return
        draft = Draft("accept", self._drafts())
        if draft.missing():
            self._say_reason(self.tr("Every step needs a day, such as 26 Feb or +14."))
            return
        self._say_reason("")
        self._save(draft)

    def _say_reason(self, words: str) -> None:
        """Say beside the buttons what stands in the way, or nothing."""
        self._reason = words
        self._bar.set_reason(words)
        if words:
            announce(self, words)

    def _open_panel(self, kind: str) -> None:
        self._bar.hide()
        if self._view is not None:
            self.panel.longest = DEFER_DAYS[self._view.assessment.urgency]
        self.panel.open(kind)

    def _panel_closed(self) -> None:
        self._allow(self._view)
        self._bar.setFocus()

    def _save(self, draft: Draft) -> None:
        """Record the decision on the version that was on show."""
        view = self._view
        if view is None or self._saving:
            return
        self._saving = True
        self.conflict.clear()
        stamp = self._parts.clock()
        self._parts.tasks.write(
            record_decision,
            view.assessment_id,
            view.version,
            draft.decision(),
            stamp,
            self._parts.protocol,
            then=partial(self._saved, view, draft),
            failed=partial(self._refused, view, self._values.sentence if self._values else "", draft),
            owner=self,
        )

    def _saved(self, view: ExplainView, draft: Draft, saved: Changes) -> None:
        """Tell it with the way back, and let the page go on."""
        if self._course_id in {None, view.course_id}:
            self.panel.forget()
        name = f"{view.banner.given[:1]}. {view.banner.surname}"
        said = {
            "accept": self.tr("Steps for {name} accepted"),
            "choose-another": self.tr("Another step chosen for {name}"),
            "defer": self.tr("Decision for {name} deferred"),
            "not-appropriate": self.tr("Judged not appropriate for {name}"),
        }[draft.kind].format(name=name)
        said = with_signature(said, self._parts.user.role, f"record_decision:{draft.kind}")
        self._parts.navigation.say.emit(said, undo_of_decision(self._parts, view, name, saved))
        announce(self, said)
        self.decided.emit(view.course_id)
        self.refresh()

    def _refused(self, view: ExplainView, seen: str, draft: Draft, error: KnownError) -> None:
        """Nothing was saved. A screen that was out of date is read again; both states are then shown. Of another
        course than the one on show it is said in the foot, and what was typed waits there."""
        if view.course_id != self._course_id:
            self._saving = False
            about = (view.assessment_id, 0)  # no version: how it stands by then is shown beside it
            self._kept[view.course_id] = PutBy(about, seen, draft.steps, None, draft)
            self._parts.navigation.say.emit(error_words(error), None)
            return
        if isinstance(error, StaleScreen) and self._values is not None:
            self._stale, self._overtaken = (self._values.sentence, draft), error
            self.refresh()
            return
        self._saving = False
        words = error_words(error)
        self.notice.show_problem(words)
        announce(self, words, urgent=True)
