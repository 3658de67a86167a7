"""Correcting an infusion, or marking it as entered in error: in the page, with a reason, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.operations.infusions import NewInfusion
from db.queries.patients import InfusionRow
from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Label, section_heading, small
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.widgets.surface import Surface
from desktop.wording import milligrams, plain_date


@dataclass(frozen=True, slots=True)
class _PutBy:
    """A change somebody turned away from: the infusion as it was read, and the texts of the fields as they stood."""

    course_id: int
    row: InfusionRow
    cancelling: bool
    typed: tuple[str, ...]


class InfusionEditor(Surface):
    """A panel under the table. `corrected` carries row, new values, reason; `cancelled` row and reason.

    What is half typed waits while another patient is shown, and stands there again with its own.
    """

    corrected = Signal(object, object, str)
    cancelled = Signal(object, str)
    closed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__("panel", 10, parent=parent)
        self._row: InfusionRow | None = None
        self._course_id = 0
        self._cancelling = False
        self._begun: tuple[str, ...] = ()
        self._kept: dict[object, _PutBy] = {}
        self._left: dict[tuple[int, bool], _PutBy] = {}
        """of a change in whose place another was asked for"""
        self._title = section_heading()
        self._what = small("", wrap=True)
        self.on = DateEdit(today=today, past=True)
        self.dose = QuantityEdit([("mg", "mg")])
        self.batch, self.expiry = TextEdit(width=120), DateEdit(today=today)
        self.reason = TextEdit("", self.tr("such as: wrong dose typed"), 320)
        self.fields = {
            "on": FormField(self.tr("Given on"), self.on),
            "dose_mg": FormField(self.tr("Dose, mg iron"), self.dose),
            "batch": FormField(self.tr("Batch"), self.batch),
            "expiry": FormField(self.tr("Expiry"), self.expiry),
            "reason": FormField(self.tr("Why"), self.reason),
        }
        self._problem = Label(role="small", tone="overdue_word", wrap=True)
        self.save = KeyButton(self.tr("Save correction"), "primary", self.tr("Enter"))
        self.keep = KeyButton(self.tr("Leave as it is"), "soft", "Esc")
        self._build()
        self.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(16) for _ in range(4)))
        column.setSpacing(theme.px(10))
        column.addWidget(self._title)
        column.addWidget(self._what)
        holder = QWidget()
        flow = FlowLayout(holder, spacing=theme.px(12))
        for field in self.fields.values():
            flow.addWidget(field)
        column.addWidget(holder)
        column.addWidget(self._problem)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for button in (self.save, self.keep):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.save.clicked.connect(self.submit)
        self.keep.clicked.connect(self.close_panel)
        for edit in self._lines():
            edit.returnPressed.connect(self.submit)

    def open(self, course_id: int, row: InfusionRow, *, cancelling: bool) -> None:
        """Ask for the change of an infusion; `cancelling` asks for the reason only.

        What is half typed is not lost by that: it stands there again when the same is asked for.
        """
        before = self._put_by()
        if before is not None:
            self._left[before.row.infusion_id, before.cancelling] = before
        self._lay_out(course_id, row, cancelling)
        typed = self._left.pop((row.infusion_id, cancelling), None)
        if typed is not None and typed.row == row:
            for line, text in zip(self._lines(), typed.typed, strict=True):
                line.setText(text)
        first = self.reason if cancelling else self.dose.value_field
        first.setFocus()
        if first is self.dose.value_field:
            self.dose.value_field.selectAll()

    def _lay_out(self, course_id: int, row: InfusionRow, cancelling: bool) -> None:
        """Show the infusion with the reason still to give; `cancelling` hides the other fields."""
        self._row, self._course_id, self._cancelling = row, course_id, cancelling
        said = f"{milligrams(row.dose_mg)}, {plain_date(row.on)}"
        title = self.tr("Entered in error: {what}") if cancelling else self.tr("Correct {what}")
        self._title.setText(title.format(what=said))
        struck = self.tr("It stays in the record, struck out. The repeat bloods follow the last one left.")
        changed = self.tr("The old entry stays in the record. The repeat bloods follow a changed date.")
        self._what.setText(struck if cancelling else changed)
        for name in ("on", "dose_mg", "batch", "expiry"):
            self.fields[name].setVisible(not cancelling)
        self.on.set_day(row.on)
        self.dose.set_value(row.dose_mg.normalize() + 0)
        self.batch.setText(row.batch or "")
        self.expiry.set_day(row.expiry)
        self.reason.setText("")
        self.save.set_text(self.tr("Mark as entered in error") if cancelling else self.tr("Save correction"))
        self.say("")
        for field in self.fields.values():
            field.set_problem("")
        self._begun = self._texts()
        self.show()

    def _lines(self) -> tuple[TextEdit, ...]:
        return self.on, self.dose.value_field, self.batch, self.expiry, self.reason

    def _texts(self) -> tuple[str, ...]:
        return tuple(line.text() for line in self._lines())

    def _put_by(self) -> _PutBy | None:
        """What is half typed, if anything is."""
        typed = self._texts()
        if self._row is None or self.isHidden() or typed == self._begun:
            return None
        return _PutBy(self._course_id, self._row, self._cancelling, typed)

    def put_by(self, whose: object) -> None:
        """Somebody else is to be shown: what was changed waits until this one is shown again."""
        now = self._put_by()
        if now is not None:
            self._kept[whose] = now
        self.hide()
        self._row = None

    def bring_back(self, whose: object) -> None:
        """Show again what was put by, as it was left; the keyboard stays where it is."""
        kept = self._kept.pop(whose, None)
        if kept is None:
            return
        self._lay_out(kept.course_id, kept.row, kept.cancelling)
        for line, text in zip(self._lines(), kept.typed, strict=True):
            line.setText(text)

    def forget(self, infusion_id: int) -> None:
        """The change was saved after all: nothing of it waits."""
        self._kept = {who: one for who, one in self._kept.items() if one.row.infusion_id != infusion_id}
        self._left = {what: one for what, one in self._left.items() if what[0] != infusion_id}

    def keeps(self) -> int:
        """How many changes were put by, half typed."""
        return len(self._kept) + len(self._left)

    def close_panel(self) -> None:
        """Leave the infusion as it is."""
        self.hide()
        self._row = None
        self.closed.emit()

    def is_open_for(self) -> int | None:
        """The infusion being changed, or None."""
        return self._row.infusion_id if self._row is not None and self.isVisible() else None

    def say(self, sentence: str) -> None:
        """What went wrong; the fields stay."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def submit(self) -> None:
        """Check the fields and hand the change on; what is missing is said beside its field."""
        if self._row is None:
            return
        problems = self._problems()
        for name, field in self.fields.items():
            field.set_problem(problems.get(name, ""))
        if problems:
            first = self.fields[next(iter(problems))].field
            first.setFocus()
            return
        reason = self.reason.text().strip()
        if self._cancelling:
            self.cancelled.emit(self._row, reason)
            return
        self.corrected.emit(self._row, self._new(self._row), reason)

    def _problems(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if not self._cancelling:
            if self.on.day() is None:
                found["on"] = self.on.problem() or self.tr("Type the day it was given.")
            typed = self.dose.typed()
            if typed is None or typed.comparator or typed.value <= 0:
                found["dose_mg"] = self.tr("Type the milligrams of iron really given.")
            if self.expiry.problem():
                found["expiry"] = self.expiry.problem()
        if not self.reason.text().strip():
            found["reason"] = self.tr("Say why, in a few words.")
        return found

    def _new(self, row: InfusionRow) -> NewInfusion:
        typed, on = self.dose.typed(), self.on.day()
        return NewInfusion(
            course_id=self._course_id,
            on=on or row.on,
            dose_mg=typed.value if typed is not None else row.dose_mg,
            batch=self.batch.text().strip() or None,
            expiry=self.expiry.day(),
            started=row.started,
            ended=row.ended,
            stopped_early=row.stopped_early,
            reaction_grade=row.reaction_grade,
            reaction_note=row.reaction_note,
        )
