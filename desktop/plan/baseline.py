"""Baseline blood tests on the page: one day, a few values, each questioned where it is unusual."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.facts import LabResult
from clinical.protocol import Protocol
from clinical.quantities import Level, units
from db.operations.results import NewResult
from desktop import theme
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.widgets.result_checks import check, question
from desktop.wording import analyte_name, unit_text
from desktop.wording.plain import tr

ANALYTES = ("haemoglobin", "ferritin", "transferrin-saturation", "crp", "phosphate", "mcv")


class BaselineForm(QWidget):
    """The day of collection, the laboratory, and a value for each baseline test; `changed` on any edit."""

    changed = Signal()

    def __init__(
        self,
        protocol: Protocol,
        today: Callable[[], date],
        first_units: dict[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._protocol = protocol
        self.collected = DateEdit(today=today, past=True)
        self.laboratory = TextEdit(width=180)
        self.values = {
            analyte: QuantityEdit(
                [(unit, unit_text(unit)) for unit in units(analyte, protocol)], first_units.get(analyte), 88
            )
            for analyte in ANALYTES
        }
        self.fields = {
            analyte: FormField(analyte_name(analyte), edit) for analyte, edit in self.values.items()
        }
        self.day_field = FormField(tr("Collected"), self.collected)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        head = FlowRow(12)
        head.add(self.day_field)
        head.add(FormField(tr("Laboratory"), self.laboratory))
        tests = FlowRow(12)
        for frame in self.fields.values():
            tests.add(frame)
        column.addWidget(head)
        column.addWidget(tests)
        self.collected.date_changed.connect(lambda _day: self.changed.emit())
        for analyte, edit in self.values.items():
            edit.changed.connect(self.changed)
            edit.confirmed.connect(self.changed)
            edit.value_field.editingFinished.connect(lambda name=analyte: self._examine(name))

    def _examine(self, analyte: str) -> bool:
        """Check one value and say what is wrong beside it; True when it can be kept as it is."""
        edit, frame = self.values[analyte], self.fields[analyte]
        frame.set_problem(edit.problem())
        typed = edit.typed()
        if typed is None:
            return edit.is_empty()
        verdict = check(analyte, typed, self._protocol)
        believed = verdict.level is Level.CONFIRM and edit.is_confirmed()
        if verdict.level is Level.OK or believed:
            edit.clear_question()
            return True
        meant = verdict.suggestion
        edit.ask(
            question(verdict, typed),
            meant.value if meant else None,
            meant.unit if meant else None,
            may_keep=verdict.level is Level.CONFIRM,
        )
        return False

    def check(self) -> bool:
        """Check every value and the day they were collected; True when all can be kept."""
        # every value is examined, not only up to the first that is wrong
        examined = [self._examine(analyte) for analyte in ANALYTES]
        fine = all(examined)
        problem = self.collected.problem()
        if not problem and self.any_value() and self.collected.day() is None:
            problem = tr("Needed: the day the blood was taken.")
        self.day_field.set_problem(problem)
        return fine and not problem

    def first_wrong(self) -> QWidget | None:
        """The first field with a problem or an open question."""
        if self.day_field.problem():
            return self.collected
        for analyte, edit in self.values.items():
            if self.fields[analyte].problem() or edit.question():
                return edit.value_field
        return None

    def any_value(self) -> bool:
        """Whether a value was typed."""
        return any(not edit.is_empty() for edit in self.values.values())

    def results(self) -> tuple[NewResult, ...]:
        """What was typed, as the operation takes it; nothing while the day is missing."""
        day = self.collected.day()
        if day is None:
            return ()
        laboratory = self.laboratory.text().strip() or None
        return tuple(
            NewResult(
                day, analyte, typed.value, typed.unit, typed.comparator, laboratory, edit.is_confirmed()
            )
            for analyte, edit in self.values.items()
            if (typed := edit.typed()) is not None
        )

    def lab_results(self) -> tuple[LabResult, ...]:
        """The same as the rules see it, for the plan that is worked out while typing."""
        return tuple(LabResult(r.collected, r.analyte, r.value, r.unit, r.comparator) for r in self.results())

    def clear(self) -> None:
        """Back to an empty form; the laboratory stays, the next patient's blood often comes from there too."""
        self.collected.set_day(None)
        for edit in self.values.values():
            edit.set_value(None)
        for frame in (*self.fields.values(), self.day_field):
            frame.set_problem("")
