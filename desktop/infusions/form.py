"""What was really given: the plan filled in, to be changed where it was otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.operations.infusions import NewInfusion
from db.queries.patients import VisitRow
from desktop import theme
from desktop.infusions.times import clock, later, minutes_of
from desktop.infusions.words import advice, grades, watch_words
from desktop.widgets.accessibility import announce
from desktop.widgets.choices import CheckBox, ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, NoteEdit, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import Label
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.wording.numbers import milligrams
from desktop.wording.plain import tr

WATCH_MS = 10_000
"""How often the minutes of watching are counted again."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Every field of the form as it was left, as text."""

    on: str
    dose: str
    batch: str
    expiry: str
    started: str
    ended: str
    stopped: bool
    grade: int
    note: str


class InfusionForm(QWidget):
    """Day, dose, batch, expiry, times, stopped early, reaction. `infusion` gives what was typed.

    What was typed for a visit stays while others are looked at, until it is recorded or `forget` is called.
    """

    edited = Signal()

    def __init__(
        self,
        today: Callable[[], date],
        now: Callable[[], datetime] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`now` is the time where the chair stands; without it the minutes of watching are not counted."""
        super().__init__(parent)
        self._today, self._now = today, now
        self._minute = QTimer(self, interval=WATCH_MS)
        self._minute.timeout.connect(self._minute_gone)
        self._visit: VisitRow | None = None
        self._least: int | None = None
        self._watch: int | None = None
        self._drafts: dict[int, Typed] = {}
        self._fresh: Typed | None = None
        self.on = DateEdit(today=today, past=True)
        self.on.setFixedWidth(theme.px(148))
        self.dose = QuantityEdit([("mg", "mg")], width=104)
        self.batch = TextEdit(width=130)
        self.expiry = DateEdit(today=today)
        self.expiry.setFixedWidth(theme.px(148))
        self.started = TextEdit(width=72, placeholder="10:05")
        self.ended = TextEdit(width=72, placeholder="10:35")
        self.stopped = CheckBox(tr("Stopped early"))
        self.reaction = ComboBox(grades())
        self.reaction.setFixedWidth(min(max(theme.px(300), self.reaction.sizeHint().width()), theme.px(352)))
        self.note = NoteEdit(tr("What happened, what was done"), 2)
        self.fields = {
            "on": FormField(tr("Given on"), self.on),
            "dose": FormField(tr("Dose really given"), self.dose),
            "batch": FormField(tr("Batch"), self.batch),
            "expiry": FormField(tr("Expiry"), self.expiry),
            "started": FormField(tr("Started"), self.started),
            "ended": FormField(tr("Ended"), self.ended),
            "reaction": FormField(tr("Reaction"), self.reaction),
            "note": FormField(tr("Note on the reaction"), self.note),
        }
        self.watch = Label("", role="small", tone="text2", weight=500, wrap=True)
        self.advice = Label("", tone="overdue_word", weight=500, wrap=True)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        for names in (("on", "dose", "batch", "expiry"), ("started", "ended", "reaction")):
            line = FlowRow(theme.px(12))
            for name in names:
                line.add(self.fields[name])
            column.addWidget(line)
        column.addWidget(self.watch)
        column.addWidget(self.advice)
        column.addWidget(self.fields["note"])
        column.addWidget(self.stopped)

    def _listen(self) -> None:
        self.reaction.currentIndexChanged.connect(lambda _place: self._changed("reaction"))
        self.dose.changed.connect(lambda: self._changed("dose"))
        self.stopped.toggled.connect(lambda _on: self.edited.emit())
        self.note.textChanged.connect(lambda: self._changed("note"))
        for name in ("on", "batch", "expiry", "started", "ended"):
            field = self.fields[name].field
            assert isinstance(field, TextEdit)
            field.textEdited.connect(lambda _text, name=name: self._changed(name))
        for field in (self.started, self.ended):
            field.editingFinished.connect(lambda field=field: _write_out(field))
        self._say()

    def _changed(self, name: str) -> None:
        """What is typed anew is not wrong any more, until it is looked at again."""
        self.fields[name].set_problem("")
        self._say()
        self.edited.emit()

    def _grade(self) -> int:
        value = self.reaction.value()
        return value if isinstance(value, int) else 0

    def _say(self) -> None:
        """The advice for the reaction, and what follows from the times."""
        words = advice(self._grade())
        self.advice.setText(words)
        self.advice.setVisible(bool(words))
        self.fields["note"].setVisible(bool(self._grade()) or self.stopped.isChecked())
        self._say_times()
        if clock(self.ended.text().strip()) and self._watch is not None and self._time_of_day():
            self._minute.start()
        else:
            self._minute.stop()

    def _say_times(self) -> None:
        """What follows from the times, as the minutes go by."""
        said = self._times()
        self.watch.setText(said)
        self.watch.setVisible(bool(said))

    def _minute_gone(self) -> None:
        """Count the minutes of watching; once they are over it is said aloud, and nothing is counted any more."""
        self._say_times()
        ended, now = clock(self.ended.text().strip()), self._time_of_day()
        if ended and now and self._watch is not None and minutes_of(now) - minutes_of(ended) >= self._watch:
            self._minute.stop()
            announce(self, self.watch.text())

    def _time_of_day(self) -> str | None:
        """Now, where what was given was given today; else None."""
        if self._now is None or self.on.day() != self._today():
            return None
        return f"{self._now():%H:%M}"

    def _times(self) -> str:
        start, end = clock(self.started.text().strip()), clock(self.ended.text().strip())
        said = []
        if start and not end and self._least is not None:
            said.append(tr("Not over before {time}.").format(time=later(start, self._least)))
        if (
            start
            and end
            and self._least is not None
            and 0 <= minutes_of(end) - minutes_of(start) < self._least
        ):
            said.append(tr("Shorter than the label's {count} minutes.").format(count=self._least))
        if end and self._watch is not None:
            said.append(watch_words(end, self._watch, self._time_of_day()))
        return " ".join(said)

    def set_visit(self, visit: VisitRow, least: int | None = None, watch: int | None = None) -> None:
        """Fill in the plan, or what was typed for this visit before; `least` and `watch` are label minutes."""
        self._least, self._watch = least, watch
        if self._visit is not None and self._visit.visit_id == visit.visit_id:
            self._visit = visit
            self._offer_today(visit)
            self._say()
            return
        self._keep()
        self._visit = visit
        self.fields["dose"].set_hint(tr("planned: {mg}").format(mg=milligrams(visit.dose_mg)))
        self._fill_plan(visit)
        self._fresh = self._typed()
        draft = self._drafts.pop(visit.visit_id, None)
        if draft is not None:
            self._fill(draft)
        for frame in self.fields.values():
            frame.set_problem("")
        self._say()

    def _offer_today(self, visit: VisitRow) -> None:
        """Left open overnight, the form offers another day; a day that was set by hand stays."""
        day = min(visit.on, self._today())
        fresh = self._fresh
        if fresh is not None and self.on.text() == fresh.on and self.on.day() != day:
            self.on.set_day(day)
            self._fresh = replace(fresh, on=self.on.text())

    def _fill_plan(self, visit: VisitRow) -> None:
        self.on.set_day(min(visit.on, self._today()))
        self.dose.set_value(visit.dose_mg)
        for field in (self.batch, self.started, self.ended):
            field.clear()
        self.expiry.set_day(None)
        self.stopped.setChecked(False)
        self.reaction.set_value(0)
        self.note.clear()

    def _typed(self) -> Typed:
        return Typed(
            self.on.text(),
            self.dose.value_field.text(),
            self.batch.text(),
            self.expiry.text(),
            self.started.text(),
            self.ended.text(),
            self.stopped.isChecked(),
            self._grade(),
            self.note.toPlainText(),
        )

    def _fill(self, typed: Typed) -> None:
        self.on.setText(typed.on)
        self.dose.value_field.setText(typed.dose)
        self.batch.setText(typed.batch)
        self.expiry.setText(typed.expiry)
        self.started.setText(typed.started)
        self.ended.setText(typed.ended)
        self.stopped.setChecked(typed.stopped)
        self.reaction.set_value(typed.grade)
        self.note.setPlainText(typed.note)

    def is_dirty(self) -> bool:
        """Whether something differs from the plan that was filled in."""
        return self._visit is not None and self._typed() != self._fresh

    def _keep(self) -> None:
        if self._visit is not None and self.is_dirty():
            self._drafts[self._visit.visit_id] = self._typed()

    def check(self) -> bool:
        """Say beside each field what is missing or wrong; True when the infusion can be recorded."""
        fine = self._check_dose()
        day = self.on.day()
        self._problem("on", self.on.problem() or ("" if day else tr("Needed.")))
        expired = self.expiry.day()
        late = expired is not None and day is not None and expired < day
        self._problem("expiry", self.expiry.problem() or (tr("Expired before it was given.") if late else ""))
        for name, field in (("started", self.started), ("ended", self.ended)):
            typed = field.text().strip()
            self._problem(name, "" if not typed or clock(typed) else tr("A time such as 10:05."))
        start, end = clock(self.started.text().strip()), clock(self.ended.text().strip())
        if start and end and end < start:
            self._problem("ended", tr("Before it started."))
        self._problem("batch", "" if self.batch.text().strip() else tr("Needed: from the vial."))
        severe = self._grade() > 1 and not self.note.toPlainText().strip()
        self._problem("note", tr("Needed: what happened.") if severe else "")
        return fine and not any(frame.problem() for frame in self.fields.values())

    def day_of(self, visit: VisitRow) -> date:
        """The day typed for this visit, or the day that is offered for it."""
        shown = self._visit is not None and self._visit.visit_id == visit.visit_id
        typed = self.on.day() if shown else None
        return typed or min(visit.on, self._today())

    def _check_dose(self) -> bool:
        """The dose is a number above nought; more than planned is asked about once."""
        dose, most = self.dose.typed(), self._visit.dose_mg if self._visit is not None else None
        problem = self.dose.problem()
        if not problem and (dose is None or dose.value <= 0 or dose.comparator):
            problem = tr("Needed: the milligrams that went in.")
        self._problem("dose", problem)
        if problem or dose is None or most is None or dose.value <= most or self.dose.is_confirmed():
            return not problem
        self.dose.ask(tr("More than the {mg} planned. Is it right?").format(mg=milligrams(most)))
        return False

    def _problem(self, name: str, words: str) -> None:
        self.fields[name].set_problem(words)

    def first_wrong(self) -> QWidget | None:
        """The first field with a problem or an open question."""
        if self.dose.question():
            return self.dose.value_field
        return next((frame.field for frame in self.fields.values() if frame.problem()), None)

    def infusion(self, visit: VisitRow) -> NewInfusion:
        """What was typed, as the operation takes it."""
        dose, day = self.dose.typed(), self.on.day()
        return NewInfusion(
            course_id=visit.course_id,
            on=day or visit.on,
            dose_mg=dose.value if dose is not None else Decimal(0),
            visit_id=visit.visit_id,
            batch=self.batch.text().strip() or None,
            expiry=self.expiry.day(),
            started=clock(self.started.text().strip()),
            ended=clock(self.ended.text().strip()),
            stopped_early=self.stopped.isChecked(),
            reaction_grade=self._grade(),
            reaction_note=self.note.toPlainText().strip() or None,
        )

    def has_drafts(self) -> bool:
        """Whether something typed waits for a visit that is not shown."""
        return bool(self._drafts)

    def leave(self) -> None:
        """Nobody is shown; what was typed waits for its visit."""
        self._keep()
        self._visit = None

    def forget(self, visit_id: int) -> None:
        """This visit was recorded or closed: what was typed for it goes. Another one that is shown stays."""
        self._drafts.pop(visit_id, None)
        if self._visit is not None and self._visit.visit_id == visit_id:
            self._visit = None


def _write_out(field: TextEdit) -> None:
    """A time as it was understood."""
    time = clock(field.text().strip())
    if time is not None:
        field.setText(time)
