"""What was really given: the plan filled in, to be changed where it was otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from db.queries.patients import VisitRow
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.operations.infusions import NewInfusion
from desktop import theme
from desktop.infusions.words import advice, grades
from desktop.widgets.choices import CheckBox, ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, NoteEdit, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import Label
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.wording.numbers import milligrams
from desktop.wording.plain import tr


class InfusionForm(QWidget):
    """Day, dose, batch, expiry, times, stopped early, reaction. `infusion` gives what was typed."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._visit: VisitRow | None = None
        self.on = DateEdit(today=today, past=True)
        self.dose = QuantityEdit([("mg", "mg")], width=104)
        self.batch = TextEdit(width=130)
        self.expiry = DateEdit(today=today)
        self.started = TextEdit(width=76, placeholder="10:05")
        self.ended = TextEdit(width=76, placeholder="10:35")
        self.stopped = CheckBox(tr("Stopped early"))
        self.reaction = ComboBox(grades())
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
        self.advice = Label("", tone="overdue_word", weight=500, wrap=True)
        self._lay_out()
        self.reaction.currentIndexChanged.connect(lambda _place: self._show_advice())
        self._show_advice()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        for names in (("on", "dose", "batch", "expiry"), ("started", "ended")):
            line = FlowRow(12)
            for name in names:
                line.add(self.fields[name])
            column.addWidget(line)
        column.addWidget(self.stopped)
        column.addWidget(self.fields["reaction"])
        column.addWidget(self.advice)
        column.addWidget(self.fields["note"])

    def _grade(self) -> int:
        value = self.reaction.value()
        return value if isinstance(value, int) else 0

    def _show_advice(self) -> None:
        words = advice(self._grade())
        self.advice.setText(words)
        self.advice.setVisible(bool(words))
        self.fields["note"].setVisible(bool(self._grade()))

    def set_visit(self, visit: VisitRow) -> None:
        """Fill in the plan; what was typed for the same visit stays."""
        if self._visit is not None and self._visit.visit_id == visit.visit_id:
            self._visit = visit
            return
        self._visit = visit
        today = self._today()
        self.on.set_day(min(visit.on, today))
        self.dose.set_value(visit.dose_mg)
        self.fields["dose"].set_hint(tr("planned: {mg}").format(mg=milligrams(visit.dose_mg)))
        for field in (self.batch, self.started, self.ended):
            field.clear()
        self.expiry.set_day(None)
        self.stopped.setChecked(False)
        self.reaction.set_value(0)
        self.note.clear()
        for frame in self.fields.values():
            frame.set_problem("")

    def check(self) -> bool:
        """Say beside each field what is missing or wrong; True when the infusion can be recorded."""
        dose = self.dose.typed()
        problem = self.dose.problem()
        if not problem and (dose is None or dose.value <= 0 or dose.comparator):
            problem = tr("Needed: the milligrams that went in.")
        most = self._visit.dose_mg if self._visit is not None else None
        if (
            not problem
            and dose is not None
            and most is not None
            and dose.value > most
            and not self.dose.is_confirmed()
        ):
            self.dose.ask(tr("More than the {mg} planned. Is it right?").format(mg=milligrams(most)))
            return False
        self.fields["dose"].set_problem(problem)
        day = self.on.day()
        wrong_day = self.on.problem() or ("" if day else tr("Needed."))
        if day is not None and day > self._today():
            wrong_day = tr("This day has not come yet.")
        self.fields["on"].set_problem(wrong_day)
        expired = self.expiry.day()
        late = expired is not None and day is not None and expired < day
        self.fields["expiry"].set_problem(
            self.expiry.problem() or (tr("Expired before it was given.") if late else "")
        )
        for name, field in (("started", self.started), ("ended", self.ended)):
            typed = field.text().strip()
            self.fields[name].set_problem("" if not typed or clock(typed) else tr("A time such as 10:05."))
        start, end = clock(self.started.text().strip()), clock(self.ended.text().strip())
        if start and end and end < start:
            self.fields["ended"].set_problem(tr("Before it started."))
        self.fields["batch"].set_problem("" if self.batch.text().strip() else tr("Needed: from the vial."))
        return not any(frame.problem() for frame in self.fields.values())

    def first_wrong(self) -> QWidget | None:
        """The first field with a problem."""
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

    def forget(self) -> None:
        """The visit was recorded; the next one starts from its own plan."""
        self._visit = None


def clock(text: str) -> str | None:
    """`9:5`, `905`, `09.05` as `09:05`; None where it is no time of day."""
    digits = text.replace(".", ":").replace("h", ":")
    if ":" not in digits and digits.isdigit() and len(digits) in (3, 4):
        digits = f"{digits[:-2]}:{digits[-2:]}"
    hours, _, minutes = digits.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and hours.isascii() and minutes.isascii()):
        return None
    if int(hours) > 23 or int(minutes) > 59:
        return None
    return f"{int(hours):02d}:{int(minutes):02d}"
