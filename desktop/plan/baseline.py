"""Baseline blood tests on the page: one day, a few values, each questioned where it is unusual."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.facts import LabResult
from clinical.protocol import Protocol
from clinical.quantities import Level, units
from db.operations.results import NewResult
from desktop import theme
from desktop.plan.widths import held
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowLayout, FlowRow
from desktop.widgets.labels import block_heading
from desktop.widgets.marks import Status, StatusWord
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.widgets.result_checks import check, question
from desktop.widgets.unit_memory import EntryMemory
from desktop.wording import ago, analyte_name, unit_text
from desktop.wording.plain import tr

WIDTHS = {
    "haemoglobin": 88,
    "ferritin": 84,
    "transferrin-saturation": 72,
    "crp": 84,
    "phosphate": 98,
    "mcv": 72,
}
"""The baseline tests in their order, each with its field's width in pixels at 100 %."""

ANALYTES = tuple(WIDTHS)


class BaselineForm(QWidget):
    """The day of collection, the laboratory, and a value for each baseline test; `changed` on any edit."""

    changed = Signal()

    def __init__(
        self,
        protocol: Protocol,
        today: Callable[[], date],
        memory: EntryMemory,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._protocol, self._today, self._memory = protocol, today, memory
        self._units_shown = False
        self._recent_days = protocol.whole("baseline.haemoglobin_days")
        self.collected = held(DateEdit(today=today, past=True), 142)
        self.laboratory = TextEdit(width=96)
        self.values = {
            analyte: QuantityEdit(
                [(unit, unit_text(unit)) for unit in units(analyte, protocol)],
                memory.unit(memory.last_laboratory(), analyte),
                WIDTHS[analyte],
            )
            for analyte in ANALYTES
        }
        self.units = KeyButton(tr("Other units"), "quiet", tr("Alt G"), height=LINE_HEIGHT)
        self.units.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes to the values; its key comes here
        self._remark = StatusWord(Status.DONE, "")
        self.fields = {
            analyte: FormField(analyte_name(analyte), edit) for analyte, edit in self.values.items()
        }
        self.day_field = FormField(tr("Collected"), self.collected)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        head = QWidget()
        line = FlowLayout(head, theme.px(12), theme.px(2))
        line.addWidget(block_heading(tr("Baseline blood tests")))
        line.addWidget(self._remark)
        line.set_trailing(self.units)
        tests = FlowRow(theme.px(12))
        for frame in (self.day_field, FormField(tr("Laboratory"), self.laboratory), *self.fields.values()):
            tests.add(frame)
        column.addWidget(head)
        column.addWidget(tests)
        self._show_units(False)
        self._show_remark()
        self.units.clicked.connect(lambda: self._show_units(not self._units_shown))
        self.collected.date_changed.connect(lambda _day: self._edited())
        self.laboratory.textEdited.connect(lambda _text: self.changed.emit())
        self.laboratory.editingFinished.connect(self._take_units)
        for analyte, edit in self.values.items():
            edit.changed.connect(lambda name=analyte: self._value_edited(name))
            edit.confirmed.connect(self.changed)
            edit.value_field.editingFinished.connect(lambda name=analyte: self._examine(name))

    def _take_units(self) -> None:
        """The units this laboratory used last, for the tests where nothing is typed yet."""
        for analyte, edit in self.values.items():
            if edit.is_empty() and self.laboratory.text().strip():
                edit.set_value(None, self._memory.unit(self.laboratory.text(), analyte))

    def keep_units(self) -> None:
        """Remember for this laboratory which units were used; call when the results were saved."""
        used = {name: edit.unit() for name, edit in self.values.items() if not edit.is_empty()}
        self._memory.keep(self.laboratory.text(), used)

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.any_value() and not self.collected.text().strip()

    def _edited(self) -> None:
        self.day_field.set_problem("")
        self._show_remark()
        self.changed.emit()

    def _value_edited(self, analyte: str) -> None:
        self._echo(analyte)
        self._show_remark()
        self.changed.emit()

    def _echo(self, analyte: str) -> None:
        """The unit in use stands inside the field while it cannot be chosen beside it."""
        edit = self.values[analyte]
        beside = edit.unit_field is not None and self._units_shown
        edit.value_field.set_echo("" if beside else unit_text(edit.unit()))

    def _show_units(self, shown: bool) -> None:
        """Let every unit be chosen, or only say it."""
        self._units_shown = shown
        self.units.set_text(tr("Fewer units") if shown else tr("Other units"))
        for analyte, edit in self.values.items():
            if edit.unit_field is not None:
                edit.unit_field.setVisible(shown)
            self._echo(analyte)

    def choose_units(self) -> None:
        """Offer the units, beginning with that of the first test."""
        self._show_units(True)
        first = next((edit.unit_field for edit in self.values.values() if edit.unit_field is not None), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_remark(self) -> None:
        """Whether the results are recent enough to plan by."""
        day = self.collected.day()
        shown = day is not None and self.any_value()
        if day is not None and shown:
            old = (self._today() - day).days > self._recent_days
            words = tr("{day}, too old to plan by") if old else tr("{day}, recent enough")
            self._remark.set_status(
                Status.NOTE if old else Status.DONE, words.format(day=ago(day, self._today()))
            )
        self._remark.setVisible(shown)

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
        self._show_units(False)
