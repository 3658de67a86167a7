"""One form in the page for whatever has to be said before something is done: what will happen, fields, who it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db.errors import KnownError, StaleScreen
from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.changed_meanwhile import ChangedMeanwhile, Difference
from desktop.widgets.fields import FormField
from desktop.widgets.flow import FlowLayout
from desktop.widgets.half_typed import held_by, take_up
from desktop.widgets.labels import Label, section_heading, small
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.widgets.surface import Surface, show_whole
from desktop.widgets.year_of_birth import YearOfBirth
from desktop.wording import error_words
from desktop.wording.plain import tr

Problems = Mapping[str, str]
"""What is wrong with a field, by its name; empty when all is well."""


Held = Mapping[str, tuple[object, ...]]
"""What the fields of a question hold, by their names."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the panel asks.

    `key` names the row it is about: an answer that comes late finds its question by it. `what` are lines of what will
    happen. `problems` looks at the fields, `submit` saves with the version that was seen. `born` (birth date, number)
    makes the panel ask for the year of birth. `differs` tells, of a save that came too late, what is there now beside
    what is typed here. `more` are widgets under the fields.
    """

    key: object
    title: str
    fields: Mapping[str, FormField]
    save: str
    submit: Callable[[int], object]
    version: int
    what: tuple[str, ...] = ()
    problems: Callable[[], Problems] = dict
    born: tuple[date | None, str] | None = None
    differs: Callable[[Mapping[str, object]], Sequence[Difference]] = field(default=lambda _current: ())
    more: tuple[QWidget, ...] = ()


@dataclass(frozen=True, slots=True)
class _PutBy:
    """A question somebody turned away from, with its fields as they were left."""

    question: Question
    version: int
    holder: QWidget
    begun: Held


class AskPanel(Surface):
    """Hidden until `open`. Enter in a line saves, Esc leaves everything as it is. What is typed is never lost: a page
    that turns to somebody else puts the question by and brings it back with the one it is about; asked again, or after
    another question, it holds what was typed in it before."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", 10, parent=parent)
        self._question: Question | None = None
        self._version = 0
        self._kept: dict[object, _PutBy] = {}
        self._begun: Held = {}
        self._left: dict[tuple[object, str], tuple[Held, Held]] = {}
        """of a question in whose place another was asked: what its fields held at first, and then"""
        self._title = section_heading()
        self._title.setWordWrap(True)
        self._what = small("", "text")
        self._problem = Label(role="small", tone="overdue_word", wrap=True)
        self.year = YearOfBirth()
        self.year.edit.returnPressed.connect(self.submit)
        self.conflict = ChangedMeanwhile()
        self.conflict.mine.connect(self._keep_mine)
        self.conflict.theirs.connect(self.close_panel)
        self.save = KeyButton("", "primary", tr("Enter"))
        self.keep = KeyButton(tr("Leave as it is"), "soft", "Esc")
        self.save.clicked.connect(self.submit)
        self.keep.clicked.connect(self.close_panel)
        self._fields = QWidget()
        self._build()
        self._into_sight = QTimer(self, singleShot=True, interval=0)  # once it is laid out
        self._into_sight.timeout.connect(self._show_whole)
        self.hide()

    def _build(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(16) for _ in range(4)))
        column.setSpacing(theme.px(10))
        for widget in (self._title, self._what, self._fields, self.conflict, self._problem):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for button in (self.save, self.keep):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)

    def open(self, question: Question) -> None:
        """Ask in place of what was asked before. The keyboard is put into the first field."""
        self._leave()
        self._clear()
        self._question, self._version = question, question.version
        self._title.setText(question.title)
        self.set_what(question.what)
        self._connect(question)
        self._fill(question).deleteLater()
        self._begun = held_by(question.fields)
        take_up(question.fields, *self._left.pop((question.key, question.title), ({}, {})))
        self.say("")
        first = next(iter(question.fields.values()), self.year).field
        self.to_field(first)
        announce(self, " ".join((question.title, *question.what)))

    def _fill(self, question: Question) -> QWidget:
        """Lay the question out in place of what the panel held, which is given back."""
        before, self._fields = self._fields, self._lay_out(question)
        self._column.replaceWidget(before, self._fields)
        before.hide()  # it may stay alive for a moment, and would be painted under the new fields
        self.save.set_text(question.save)
        self.show()
        return before

    def _leave(self) -> None:
        """Another question is to be asked: what is half typed in this one waits until it is asked again."""
        question = self._question
        if question is not None and (held := held_by(question.fields)) != self._begun:
            self._left[question.key, question.title] = self._begun, held

    def _connect(self, question: Question) -> None:
        """Enter in a line saves; typing takes away what was said to be wrong."""
        for frame in question.fields.values():
            own = [frame.field] if isinstance(frame.field, QLineEdit) else []
            for line in (*own, *frame.field.findChildren(QLineEdit)):
                line.returnPressed.connect(self.submit)
                line.textEdited.connect(lambda _text, frame=frame: frame.set_problem(""))

    def _lay_out(self, question: Question) -> QWidget:
        """The fields in rows, the year of birth behind them, what else there is below."""
        holder, row = QWidget(), QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        flow = FlowLayout(row, spacing=theme.px(12))
        for frame in question.fields.values():
            flow.addWidget(frame)
        if question.born is not None:
            self.year.ask(*question.born)
            flow.addWidget(self.year)
            self.year.show()
        column.addWidget(row)
        for widget in question.more:
            column.addWidget(widget)
        return holder

    def to_field(self, wanted: QWidget) -> None:
        """Put the keyboard into a field and the whole panel into sight."""
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        target = wanted.value_field if isinstance(wanted, QuantityEdit) else wanted
        if isinstance(target, QLineEdit):
            target.selectAll()
        self._into_sight.start()

    def _show_whole(self) -> None:
        """Scroll so that all of the panel can be seen, the field with the keyboard in any case."""
        if self._question is not None:
            show_whole(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves everything as it is."""
        if event.key() == Qt.Key.Key_Escape and self.close_panel():
            return
        super().keyPressEvent(event)

    def set_what(self, lines: Sequence[str]) -> None:
        """Say what will happen, a line each."""
        self._what.setText("\n".join(lines))
        self._what.setVisible(bool(lines))

    def _clear(self) -> None:
        """Forget the question; the year of birth is kept for the next one, its text is not."""
        self.year.clear()
        self.year.setParent(self)
        self.year.hide()
        self.conflict.hide()
        self._question = None

    def put_by(self, subject: object) -> None:
        """The page turns to somebody else: keep what is asked and half typed for `subject`. Nothing is closed."""
        question = self._question
        if question is None:
            return
        self._clear()
        self.hide()
        self.forget(question.key)
        holder, self._fields = self._fields, QWidget()
        self._column.replaceWidget(holder, self._fields)
        holder.hide()
        self._kept[subject] = _PutBy(question, self._version, holder, self._begun)

    def bring_back(self, subject: object) -> bool:
        """Ask again what was put by for `subject`, as it was left; the keyboard stays where it is. The year of birth
        is asked anew: it says whose record is meant now. False when nothing was put by."""
        kept = self._kept.pop(subject, None)
        if kept is None:
            return False
        self._leave()
        self._question, self._version, self._begun = kept.question, kept.version, kept.begun
        self._title.setText(kept.question.title)
        self.set_what(kept.question.what)
        self._fill(kept.question).deleteLater()
        kept.holder.deleteLater()
        self.say("")
        return True

    def forget(self, key: object) -> None:
        """What was put by about this row is answered, or not wanted any more."""
        for subject in [one for one, kept in self._kept.items() if kept.question.key == key]:
            self._kept.pop(subject).holder.deleteLater()
        for about in [one for one in self._left if one[0] == key]:
            del self._left[about]

    def keeps(self) -> int:
        """How many questions were put by, half typed."""
        return len(self._kept) + len(self._left)

    def is_asking(self, key: object) -> bool:
        """Whether the question about this row is open."""
        return self._question is not None and self._question.key == key and not self.isHidden()

    def close_panel(self) -> bool:
        """Leave everything as it is; False when nothing was asked."""
        if self._question is None:
            return False
        self._clear()
        self.hide()
        self.closed.emit()
        return True

    def say(self, sentence: str) -> None:
        """What went wrong; the fields stay."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        if sentence:
            announce(self, sentence, urgent=True)

    def submit(self) -> None:
        """Look at every field, then save; what is missing or wrong is said beside it."""
        question = self._question
        if question is None:
            return
        self.say("")
        found = question.problems()
        for name, frame in question.fields.items():
            frame.set_problem(found.get(name, ""))
        wrong = next((frame.field for name, frame in question.fields.items() if found.get(name)), None)
        if question.born is not None and not self.year.is_right() and wrong is None:
            wrong = self.year.edit
        if wrong is not None:
            self.to_field(wrong)
            return
        if found:
            self.say(next(iter(found.values())))
            return
        question.submit(self._version)

    def refuse(self, error: KnownError) -> None:
        """Say beside what is typed why it was not saved; what somebody else saved meanwhile stands beside it."""
        question = self._question
        if question is None:
            return
        if isinstance(error, StaleScreen):
            current = error.values.get("current")
            differences = question.differs(current) if isinstance(current, Mapping) else ()
            now = error.values.get("now")
            self._version = now if isinstance(now, int) else self._version
            self.conflict.show_conflict(error, differences)
            return
        name = str(error.values.get("field", ""))
        if name in question.fields:
            question.fields[name].set_problem(error_words(error))
            self.to_field(question.fields[name].field)
            announce(self, error_words(error), urgent=True)
            return
        self.say(error_words(error))

    def _keep_mine(self) -> None:
        """Save what is typed over what somebody else saved, which was shown."""
        self.submit()
