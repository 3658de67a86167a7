"""Beside the trends: the answer in a sentence, the next step, what happened, letters, a contact to log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinical.outcome import Urgency
from db.queries.assessments import ExplainView
from db.queries.patients import CourseRow
from db.queries.suspended import suspension
from desktop import theme
from desktop.patient.event_words import event_when, event_words, is_look
from desktop.patient.loading import PatientView, is_overtaken
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.chips import Chip
from desktop.widgets.contact_log import ContactButtons
from desktop.widgets.explain_card.sentences import sentence as outcome_sentence
from desktop.widgets.explain_card.sentences import supporting
from desktop.widgets.flow import FlowLayout, FlowRow
from desktop.widgets.labels import Label, section_heading, small
from desktop.widgets.marks import Mark, Status
from desktop.widgets.surface import Surface
from desktop.wording import (
    action_words,
    course_state_name,
    due_words,
    ending_name,
    letter_kind_name,
    letter_state_name,
    milligrams,
    outcome_name,
    plain_date,
    short_date,
    urgency_name,
)

_EVENTS = 5
_LETTERS = 4
_LOOKS = 4


def urgency_mark(urgency: str) -> Status | None:
    """Diamond for today's, disc for soon, none for routine."""
    if urgency in {Urgency.EMERGENCY, Urgency.URGENT}:
        return Status.URGENT
    return Status.DUE if urgency == Urgency.SOON else None


class Answer(QWidget):
    """The outcome in a sentence with the page's main buttons, the contact to log, and the one next step."""

    def __init__(
        self, today: Callable[[], date], buttons: list[KeyButton], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.contact = ContactButtons(today)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(20))
        self._card = Surface("page", 10)
        self._card_column = QVBoxLayout(self._card)
        self._card_column.setContentsMargins(*(theme.px(18) for _ in range(4)))
        self._card_column.setSpacing(theme.px(9))
        self._outcome, self._step = QWidget(), QWidget()
        self._card_column.addWidget(self._outcome)
        row = FlowRow(theme.px(8))
        for button in buttons:
            row.add(button)
        self._card_column.addWidget(row)
        self._step_keys = FlowRow(theme.px(4))
        below = QVBoxLayout()
        below.setSpacing(theme.px(4))
        below.addWidget(self._step)
        below.addWidget(self._step_keys)
        self._below = below
        for widget in (self._card, self.contact):
            self._column.addWidget(widget)
        self._column.addLayout(below)
        self.contact.hide()

    def set_step_buttons(self, buttons: list[KeyButton]) -> None:
        """What can be done with the next step, under it."""
        for button in buttons:
            self._step_keys.add(button)

    def set_narrow(self, narrow: bool) -> None:
        """On the page itself the card needs a ground of its own."""
        self._card.set_role("panel" if narrow else "page")

    def set_view(self, view: PatientView) -> None:
        """Show another state of the patient; a note half typed for them before stands there again."""
        banner = view.page.banner
        course = view.course.course_id if view.course is not None else None
        if self.contact.turn_to(course, banner.birth_date, banner.number):
            self.contact.show()
        self._outcome = _swap(self._card_column, self._outcome, self._build_outcome(view))
        self._step = _swap(self._below, self._step, self._build_step(view))
        self._step_keys.setVisible(view.page.open_step is not None)

    def _build_outcome(self, view: PatientView) -> QWidget:
        holder, column = _column(9)
        explain = view.explain
        if explain is None:
            column.addWidget(Label(self.tr("Not assessed yet."), role="h2", wrap=True))
            column.addWidget(small(self.tr("The first results bring the first assessment.")))
            return holder
        if is_overtaken(view) and view.course is not None:
            return self._build_waiting(view, view.course, explain)
        chips = QWidget()
        flow = FlowLayout(chips, spacing=theme.px(8))
        flow.addWidget(Chip(outcome_name(explain.assessment.outcome), chosen=True))
        flow.addWidget(Chip(self._urgency(view), urgency_mark(explain.assessment.urgency)))
        for outcome in explain.assessment.contributing[:3]:
            flow.addWidget(Chip(outcome_name(outcome)))
        column.addWidget(chips)
        sex = view.page.banner.sex
        column.addWidget(Label(outcome_sentence(explain.assessment, sex), role="h2", wrap=True))
        more = supporting(explain.assessment, view.course.product if view.course is not None else None)
        if more:
            column.addWidget(Label(more, tone="text2", wrap=True))
        column.addWidget(small(self._source(explain), "text3"))
        return holder

    def _build_waiting(self, view: PatientView, course: CourseRow, explain: ExplainView) -> QWidget:
        """Iron was given since the last assessment: what was given, and when the bloods are wanted."""
        holder, column = _column(9)
        chips = QWidget()
        flow = FlowLayout(chips, spacing=theme.px(8))
        flow.addWidget(Chip(capital(course_state_name(course.status)), chosen=True))
        column.addWidget(chips)
        column.addWidget(Label(waiting_words(course, view.today), role="h2", wrap=True))
        fresh = course.status in {"referred", "planned"}
        said = self.tr("Last assessed {day}, before the iron given since.")
        if fresh:
            said = self.tr("Last assessed {day}, for the course before.")
        column.addWidget(small(said.format(day=plain_date(explain.assessment.as_of)), "text3"))
        return holder

    def _urgency(self, view: PatientView) -> str:
        said = urgency_name(view.explain.assessment.urgency) if view.explain is not None else ""
        step = view.page.open_step
        if step is None:
            return said
        when = due_words(step.due, view.today)
        if step.days_late:
            return f"{said}, {when}"
        return self.tr("{urgency}, due {day}").format(urgency=said, day=when)

    def _source(self, explain: ExplainView) -> str:
        signed = "" if explain.protocol_signed else self.tr(" (draft)")
        said = self.tr("Assessed {day}, protocol {label}")
        return said.format(day=plain_date(explain.assessment.as_of), label=explain.protocol_label) + signed

    def _build_step(self, view: PatientView) -> QWidget:
        holder, column = _column(6)
        column.addWidget(section_heading(self.tr("Next step")))
        step = view.page.open_step
        if step is None:
            status = view.page.banner.status
            column.addWidget(small(self.tr("None: {why}.").format(why=ending_name(status))))
            return holder
        status = Status.OVERDUE if step.days_late else urgency_mark(step.urgency) or Status.DUE
        when = due_words(step.due, view.today)
        said = self.tr("due {day}, {owner}").format(day=when, owner=step.owner_name)
        if step.days_late:
            said = f"{when}, {step.owner_name}"
        resting = suspension(step.detail, view.today)
        if resting is not None:
            said = self.tr("suspended until {day}, {owner}: {reason}").format(
                day=plain_date(resting.until), owner=step.owner_name, reason=resting.reason
            )
            status = Status.PLANNED
        column.addWidget(_entry(status, action_words(step.action, step.detail), said, strong=True))
        return holder


class Record(QWidget):
    """What happened, newest first, the letters, and what can be done to the record as a whole."""

    def __init__(self, buttons: list[KeyButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all = False
        self._view: PatientView | None = None
        self._inside = [QWidget() for _ in range(3)]
        self._blocks = QVBoxLayout()
        self._blocks.setSpacing(theme.px(20))
        for block in self._inside:
            self._blocks.addWidget(block)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(16))
        self._column.addLayout(self._blocks)
        keys = FlowRow(theme.px(4))
        for button in buttons:
            keys.add(button)
        self._column.addWidget(keys)

    def set_view(self, view: PatientView) -> None:
        """Show another state of the patient, or another patient."""
        for part in self.parts(view):
            part()

    def parts(self, view: PatientView) -> tuple[Callable[[], None], ...]:
        """The same in three parts: what happened, the letters, who looked."""
        return tuple(partial(self._put, place, view) for place in range(len(self._inside)))

    def _put(self, place: int, view: PatientView) -> None:
        if self._view is not None and self._view.page.banner.patient_id != view.page.banner.patient_id:
            self._all = False
        self._view = view
        block = (self._events, self._letters, self._looks)[place](view)
        self._inside[place] = _swap(self._blocks, self._inside[place], block)

    def _events(self, view: PatientView) -> QWidget:
        holder, column = _column(8)
        column.addWidget(section_heading(self.tr("What happened")))
        events = [event for event in view.page.events if not is_look(event)]
        for event in events if self._all else events[:_EVENTS]:
            column.addWidget(_entry(Status.DONE, event_words(event), event_when(event, view.today)))
        if not events:
            column.addWidget(small(self.tr("Nothing yet.")))
        if len(events) > _EVENTS:
            words = (
                self.tr("Show fewer") if self._all else self.tr("Show all {count}").format(count=len(events))
            )
            button = KeyButton(words, "quiet", height=LINE_HEIGHT)
            button.clicked.connect(self._toggle_all)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return holder

    def _toggle_all(self) -> None:
        self._all = not self._all
        if self._view is not None:
            self.set_view(self._view)

    def _letters(self, view: PatientView) -> QWidget:
        holder, column = _column(8)
        column.addWidget(section_heading(self.tr("Letters")))
        for letter in view.page.letters[:_LETTERS]:
            state = letter_state_name(letter.state)
            if letter.out_of_date:
                state = self.tr("{state}, out of date: the record changed").format(state=state)
            done = letter.state in {"printed", "handed", "posted"}
            mark = Status.NOTE if letter.out_of_date else Status.DONE if done else Status.PLANNED
            said = self.tr("{day}, {state}").format(day=short_date(letter.made_on, view.today), state=state)
            column.addWidget(_entry(mark, letter_kind_name(letter.kind), said))
        if not view.page.letters:
            column.addWidget(small(self.tr("None yet.")))
        return holder

    def _looks(self, view: PatientView) -> QWidget:
        """Who looked at the record, each person once, newest first."""
        holder, column = _column(4)
        column.addWidget(section_heading(self.tr("Who looked")))
        last: dict[str, str] = {}
        for event in view.page.events:
            if is_look(event):
                last.setdefault(event.who, event_when(event, view.today))
        for words in list(last.values())[:_LOOKS]:
            column.addWidget(small(words))
        if len(last) > _LOOKS:
            column.addWidget(small(self.tr("and {count} others").format(count=len(last) - _LOOKS), "text3"))
        if not last:
            column.addWidget(small(self.tr("Nobody before you.")))
        return holder


def capital(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def waiting_words(course: CourseRow, today: date) -> str:
    """`1,500 mg given; repeat bloods open on 9 Sep.` in the state of the window on this day."""
    tr = QCoreApplication.translate
    given, window = milligrams(course.given_mg), course.window
    if course.status == "referred":
        return tr("Answer", "The next course waits to be planned; no iron was given in it yet.")
    if course.status == "planned":
        return tr("Answer", "The course is planned; no iron was given in it yet.")
    if window is None:
        return tr("Answer", "No iron stands on record in this course.")
    if today < window.opens:
        said = tr("Answer", "{given} given; repeat bloods open on {day}.")
        return said.format(given=given, day=short_date(window.opens, today))
    if today <= window.closes:
        said = tr("Answer", "{given} given; repeat bloods are wanted by {day}.")
        return said.format(given=given, day=short_date(window.closes, today))
    said = tr("Answer", "{given} given; the repeat bloods wanted by {day} have not come.")
    return said.format(given=given, day=short_date(window.closes, today))


def _swap(layout: QVBoxLayout, old: QWidget, new: QWidget) -> QWidget:
    """Put a widget in the place of another, which goes."""
    place = layout.indexOf(old)
    layout.removeWidget(old)
    old.hide()
    old.deleteLater()
    layout.insertWidget(place, new)
    new.show()
    return new


def _column(spacing: int) -> tuple[QWidget, QVBoxLayout]:
    """An empty column without margins."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(spacing))
    return holder, column


def _entry(mark: Status, title: str, under: str, *, strong: bool = False) -> QWidget:
    """A mark, a line in 500 (600 for the next step), and a second line."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(10))
    row.addWidget(Mark(mark), 0, Qt.AlignmentFlag.AlignTop)
    inside, column = _column(1)
    column.addWidget(Label(title, weight=600 if strong else 500, wrap=True))
    column.addWidget(small(under))
    row.addWidget(inside, 1)
    return holder
