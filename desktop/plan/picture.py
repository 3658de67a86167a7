"""What changes targets and gates: weight, height, conditions, symptoms, pregnancy, allergies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.facts import CONDITIONS, HYPERSENSITIVITY_PREFIX, SYMPTOMS, Pregnancy, Product
from clinical.protocol import Protocol
from clinical.quantities import Level, body_plausibility
from db.operations.patients import ClinicalPicture
from desktop import theme
from desktop.widgets.choices import CheckBox
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import Label
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.wording import condition_name, number, product_name, symptom_name
from desktop.wording.plain import tr

SHOWN_FIRST = (
    "heavy-menstrual-bleeding",
    "gi-bleeding",
    "ckd-non-dialysis",
    "ckd-haemodialysis",
    "heart-failure",
    "ibd-active",
    "ibd-quiescent",
    "bariatric-surgery",
    "active-infection",
    "severe-asthma-or-atopy",
)
"""The conditions asked about in every referral; the rest stand under "More"."""


class PictureForm(QWidget):
    """Weight in kg, height in cm, check boxes for conditions and symptoms, weeks of a pregnancy."""

    changed = Signal()

    def __init__(self, protocol: Protocol, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._protocol, self._today = protocol, today
        self.weight = QuantityEdit([("kg", "kg")], width=84)
        self.height = QuantityEdit([("cm", "cm")], width=84)
        self.weeks = QuantityEdit([("wk", tr("weeks"))], width=96)
        self.allergies = TextEdit(width=220, placeholder=tr("none known"))
        self.fields = {
            "weight": FormField(tr("Weight"), self.weight),
            "height": FormField(tr("Height"), self.height),
            "weeks": FormField(tr("Pregnant since"), self.weeks),
            "allergies": FormField(tr("Allergies"), self.allergies),
        }
        self.conditions = {code: CheckBox(condition_name(code)) for code in _ordered_conditions()}
        self.hypersensitivity = {
            product: CheckBox(tr("Reacted to {product}").format(product=product_name(product)))
            for product in Product
        }
        self.symptoms = {code: CheckBox(symptom_name(code)) for code in sorted(SYMPTOMS, key=symptom_name)}
        self.more = CheckBox(tr("More conditions"))
        self._rest = FlowRow(16)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        measures = FlowRow(12)
        for frame in self.fields.values():
            measures.add(frame)
        column.addWidget(measures)
        column.addWidget(Label(tr("Conditions"), role="small", tone="text2", weight=500))
        first = FlowRow(16)
        for code, box in self.conditions.items():
            (first if code in SHOWN_FIRST else self._rest).add(box)
        for box in self.hypersensitivity.values():
            self._rest.add(box)
        first.add(self.more)
        column.addWidget(first)
        column.addWidget(self._rest)
        self._rest.hide()
        column.addWidget(Label(tr("Symptoms now"), role="small", tone="text2", weight=500))
        feelings = FlowRow(16)
        for box in self.symptoms.values():
            feelings.add(box)
        column.addWidget(feelings)
        self.more.toggled.connect(self._rest.setVisible)
        for field in (self.weight, self.height, self.weeks):
            field.changed.connect(self.changed)
        for box in (*self.conditions.values(), *self.hypersensitivity.values(), *self.symptoms.values()):
            box.toggled.connect(lambda _on: self.changed.emit())

    def check(self) -> bool:
        """Say beside the field what cannot be; an unusual weight or height is asked about once."""
        fine = True
        for measure, field in (("weight", self.weight), ("height", self.height)):
            problem = field.problem()
            typed = field.typed()
            if typed is not None and not problem:
                held = body_plausibility(measure, typed.value, self._protocol)
                low, high = (
                    number(limit) for limit in (held.hard if held.level is Level.REJECT else held.soft)
                )
                if held.level is Level.REJECT:
                    problem = tr("Cannot be: outside {low} to {high}.").format(low=low, high=high)
                elif held.level is Level.CONFIRM and not field.is_confirmed():
                    field.ask(tr("Unusual: outside {low} to {high}. Is it right?").format(low=low, high=high))
                    fine = False
            self.fields[measure].set_problem(problem)
            fine = fine and not problem
        self.fields["weeks"].set_problem(self.weeks.problem())
        return fine and not self.weeks.problem()

    def first_wrong(self) -> QWidget | None:
        """The first field with a problem or an open question."""
        for name in ("weight", "height", "weeks"):
            field = self.fields[name].field
            if self.fields[name].problem() or (isinstance(field, QuantityEdit) and field.question()):
                return field
        return None

    def picture(self) -> ClinicalPicture:
        """What was typed, as the operation takes it."""
        weeks = self.weeks.typed()
        held = [code for code, box in self.conditions.items() if box.isChecked()]
        held += [
            f"{HYPERSENSITIVITY_PREFIX}{p}" for p, box in self.hypersensitivity.items() if box.isChecked()
        ]
        return ClinicalPicture(
            weight_kg=_value(self.weight),
            height_cm=_value(self.height),
            conditions=tuple(held),
            symptoms=tuple(code for code, box in self.symptoms.items() if box.isChecked()),
            pregnancy=Pregnancy(weeks.value, self._today()) if weeks is not None else None,
        )

    def allergy_names(self) -> tuple[str, ...]:
        """Allergies as written, one by one."""
        return tuple(part.strip() for part in self.allergies.text().split(",") if part.strip())

    def clear(self) -> None:
        """Back to an empty form."""
        for field in (self.weight, self.height, self.weeks):
            field.set_value(None)
        self.allergies.clear()
        for box in (
            *self.conditions.values(),
            *self.hypersensitivity.values(),
            *self.symptoms.values(),
            self.more,
        ):
            box.setChecked(False)
        for frame in self.fields.values():
            frame.set_problem("")


def _ordered_conditions() -> tuple[str, ...]:
    return SHOWN_FIRST + tuple(sorted(CONDITIONS - set(SHOWN_FIRST), key=condition_name))


def _value(field: QuantityEdit) -> Decimal | None:
    typed = field.typed()
    return typed.value if typed is not None else None
