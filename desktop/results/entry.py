"""The form: collected on, laboratory, the panel in the protocol's order, and any other test on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from clinical.protocol import Protocol
from db.operations.results import NewResult
from desktop import theme
from desktop.results.loading import Entry
from desktop.results.order import others, panel
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.labels import Label, section_heading
from desktop.widgets.result_line import LineDraft, ResultLine
from desktop.widgets.unit_memory import EntryMemory
from desktop.wording import analyte_name, short_date
from desktop.wording.clinic_units import stored_value


@dataclass(frozen=True, slots=True)
class Draft:
    """A panel as typed so far: nothing of it is read or rounded."""

    collected: str = ""
    laboratory: str = ""
    lines: dict[str, LineDraft] = field(default_factory=dict)


class EntryForm(QWidget):
    """The fields of one panel for one patient.

    `complete` gives the results to store, or None after it has said beside the fields what is missing.
    """

    edited = Signal()

    def __init__(
        self,
        facts: Entry,
        memory: EntryMemory,
        protocol: Protocol,
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._facts, self._memory, self._protocol, self._today = facts, memory, protocol, today
        self.lines: dict[str, ResultLine] = {}
        self.collected = DateEdit(today=today, past=True)
        self.laboratory = TextEdit("", self.tr("as printed on the report"), 240)
        self._collected_field = FormField(self.tr("Collected on"), self.collected)
        self._laboratory_field = FormField(self.tr("Laboratory"), self.laboratory)
        self._more = ComboBox()
        self._more.set_placeholder(self.tr("Another test…"))
        self._more.setAccessibleName(self.tr("Add another test"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(8))
        self._build()
        self.laboratory.setText(memory.last_laboratory())
        for analyte in panel(protocol, facts.product):
            self._add_line(analyte)
        self._order_tabs()
        self._offer_others()
        self._connect()

    def _build(self) -> None:
        self.setMaximumWidth(theme.px(820))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        head = QHBoxLayout()
        head.setSpacing(theme.px(16))
        top = Qt.AlignmentFlag.AlignTop
        head.addWidget(self._collected_field, 0, top)
        head.addWidget(self._laboratory_field, 0, top)
        head.addStretch(1)
        column.addLayout(head)
        titles = QHBoxLayout()
        titles.addWidget(section_heading(self.tr("Values")))
        hint = Label(
            self.tr("Leave out what was not measured. < or > may stand before a value."),
            role="small", tone="text3", elide=True,
        )  # fmt: skip
        titles.addSpacing(theme.px(10))
        titles.addWidget(hint, 1)
        column.addLayout(titles)
        column.addLayout(self._rows)
        more = QHBoxLayout()
        more.addSpacing(theme.px(160))
        more.addWidget(self._more)
        more.addStretch(1)
        column.addLayout(more)

    def _connect(self) -> None:
        names = sorted({*self._memory.laboratories(), *self._facts.laboratories})
        completer = QCompleter(names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        self.laboratory.setCompleter(completer)
        self.laboratory.editingFinished.connect(self._offer_units)
        self.laboratory.textEdited.connect(self.edited)
        self.collected.textEdited.connect(self._collected_edited)
        self._more.activated.connect(lambda _index: self._add_chosen())

    def _collected_edited(self) -> None:
        self._collected_field.set_problem("")
        self.edited.emit()

    def _add_line(self, analyte: str) -> ResultLine:
        unit = self._memory.unit(self.laboratory.text(), analyte)
        line = ResultLine(analyte, unit, self._before(analyte), self._protocol, self)
        line.edited.connect(self.edited)
        line.leave.connect(lambda by, line=line: self._step(line, by))
        self.lines[analyte] = line
        self._rows.addWidget(line)
        line.show()
        return line

    def _before(self, analyte: str) -> str:
        """The last value before, in words; empty when there is none."""
        row = self._facts.newest.get(analyte)
        if row is None:
            return ""
        value = stored_value(row)
        return self.tr("last {value}, {day}").format(
            value=value, day=short_date(row.collected, self._today())
        )

    def _offer_others(self) -> None:
        choices = [(name, analyte_name(name)) for name in others(self._protocol, self.lines)]
        self._more.set_choices(sorted(choices, key=lambda choice: choice[1].casefold()))
        self._more.setCurrentIndex(-1)

    def _add_chosen(self) -> None:
        analyte = self._more.value()
        if isinstance(analyte, str) and analyte not in self.lines:
            line = self._add_line(analyte)
            self._order_tabs()
            self._offer_others()
            line.focus()

    def _order_tabs(self) -> None:
        """New lines come before the choice of another test, on the screen and for Tab."""
        last: QWidget = self.laboratory
        for line in self.lines.values():
            for widget in line.fields():
                QWidget.setTabOrder(last, widget)
                last = widget
        QWidget.setTabOrder(last, self._more)

    def _step(self, line: ResultLine, by: int) -> None:
        order = list(self.lines.values())
        place = order.index(line) + by
        if 0 <= place < len(order):
            order[place].focus()
        elif place < 0:
            self.laboratory.setFocus(Qt.FocusReason.BacktabFocusReason)
        else:
            self._more.setFocus(Qt.FocusReason.TabFocusReason)

    def _offer_units(self) -> None:
        for analyte, line in self.lines.items():
            line.set_unit(self._memory.unit(self.laboratory.text(), analyte))

    @property
    def patient_id(self) -> int:
        """Whose results are typed here; it never changes."""
        return self._facts.banner.patient_id

    @property
    def name(self) -> str:
        """Their name, for what is said when they are not shown any more."""
        return f"{self._facts.banner.surname}, {self._facts.banner.given}"

    def first_field(self) -> QWidget:
        """Where typing begins."""
        return self.collected

    def draft(self) -> Draft | None:
        """All that is typed, or None when no value and no day is."""
        lines = {name: typed for name, line in self.lines.items() if (typed := line.draft()) is not None}
        if not lines and not self.collected.text().strip():
            return None
        return Draft(self.collected.text(), self.laboratory.text(), lines)

    def restore(self, draft: Draft) -> None:
        """Put back a panel typed before."""
        self.collected.setText(draft.collected)
        self.laboratory.setText(draft.laboratory)
        for analyte, typed in draft.lines.items():
            (self.lines.get(analyte) or self._add_line(analyte)).restore(typed)
        self._order_tabs()
        self._offer_others()

    def values(self) -> int:
        """How many values are typed."""
        return sum(not line.is_empty() for line in self.lines.values())

    def troubles(self) -> int:
        """How many values wait for an answer or a correction."""
        return sum(bool(line.trouble()) for line in self.lines.values())

    def complete(self) -> tuple[NewResult, ...] | None:
        """The results to store; None when something must be settled first, with the keyboard put there."""
        bad: list[QWidget | ResultLine] = []
        if self.collected.day() is None:
            problem = self.collected.problem() or self.tr("Type the day the blood was taken.")
            self._collected_field.set_problem(problem)
            bad.append(self.collected)
        lines = [line for line in self.lines.values() if not line.is_empty()]
        bad += [line for line in lines if not line.examine()]
        if not lines and not bad:
            bad.append(next(iter(self.lines.values())))
        if bad:
            first = bad[0]
            first.focus() if isinstance(first, ResultLine) else self._to_day()
            return None
        return tuple(result for line in lines if (result := self._result(line)) is not None)

    def _to_day(self) -> None:
        """Back to the day, marked whole, so that typing replaces it."""
        self.collected.setFocus(Qt.FocusReason.OtherFocusReason)
        self.collected.selectAll()

    def _result(self, line: ResultLine) -> NewResult | None:
        typed, day = line.typed(), self.collected.day()
        if typed is None or day is None:
            return None
        return NewResult(
            collected=day,
            analyte=line.analyte,
            value=typed.value,
            unit=typed.unit,
            comparator=typed.comparator,
            laboratory=self.laboratory.text().strip() or None,
            confirmed=line.is_confirmed(),
        )

    def units(self) -> tuple[str, dict[str, str]]:
        """The laboratory and the units it used, to be remembered once the values are stored."""
        used = {name: line.quantity.unit() for name, line in self.lines.items() if not line.is_empty()}
        return self.laboratory.text(), used

    def refuse(self, analyte: object, sentence: str) -> bool:
        """Say beside a test why it was not stored; False when that test is not on the form."""
        line = self.lines.get(analyte) if isinstance(analyte, str) else None
        if line is None:
            return False
        line.refuse(sentence)
        line.focus()
        return True
