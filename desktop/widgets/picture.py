"""What changes targets and gates: weight, height, pregnancy, conditions, symptoms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinical.facts import CONDITIONS, HYPERSENSITIVITY_PREFIX, SYMPTOMS, Patient, Pregnancy, Product
from clinical.gestation import gestation_weeks
from clinical.protocol import Protocol
from clinical.quantities import Level, body_plausibility
from db.operations.patients import ClinicalPicture
from desktop import theme
from desktop.widgets.check_group import CheckGroup
from desktop.widgets.fields import FormField
from desktop.widgets.flow import FlowRow
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.wording import condition_name, number, product_name, symptom_name
from desktop.wording.plain import tr

USUAL_CONDITIONS = (
    "heavy-menstrual-bleeding",
    "gi-bleeding",
    "ckd-non-dialysis",
    "heart-failure",
    "ibd-active",
    "bariatric-surgery",
    "active-infection",
    "severe-asthma-or-atopy",
)
USUAL_SYMPTOMS = ("fatigue", "weakness", "bone-pain", "chest-pain", "dyspnoea-at-rest", "tachycardia")
"""Asked about in every referral; the rest stand behind "More"."""

MEASURES = ("weight", "height", "weeks", "before")


@dataclass(frozen=True, slots=True)
class Draft:
    """Measures as typed, in the order of MEASURES, and the codes that are ticked."""

    measures: tuple[str, ...]
    conditions: tuple[str, ...]
    symptoms: tuple[str, ...]


class PictureForm(QWidget):
    """Conditions and symptoms; `fields` (weight, height, weeks, weight before) stand where the page puts them."""

    changed = Signal()

    def __init__(self, protocol: Protocol, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._protocol, self._today = protocol, today
        self._known: Pregnancy | None = None
        self._shown: Draft | None = None
        self.weight = QuantityEdit([("kg", "kg")], width=84)
        self.height_field = QuantityEdit([("cm", "cm")], width=84)
        self.weeks = QuantityEdit([("wk", tr("weeks"))], width=92)
        self.before = QuantityEdit([("kg", "kg")], width=92)
        self.fields = {
            "weight": FormField(tr("Weight"), self.weight),
            "height": FormField(tr("Height"), self.height_field),
            "weeks": FormField(tr("Pregnant for"), self.weeks),
            "before": FormField(tr("Weight before"), self.before),
        }
        self.conditions = CheckGroup(tr("Conditions"), _conditions(), USUAL_CONDITIONS)
        self.symptoms = CheckGroup(tr("Symptoms"), _symptoms(), USUAL_SYMPTOMS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        self.row = FlowRow(theme.px(12))
        column.addWidget(self.row)
        column.addWidget(self.conditions)
        column.addWidget(self.symptoms)
        for name in MEASURES:
            self._edit(name).changed.connect(self._measured)
            self._edit(name).value_field.editingFinished.connect(lambda name=name: self._examine(name))
        self.conditions.changed.connect(self.changed)
        self.symptoms.changed.connect(self.changed)
        self.set_may_be_pregnant(False)

    def stand_in(self, row: FlowRow) -> None:
        """Put weight, height and pregnancy into a row: behind the name of somebody new, or the form's own."""
        for frame in self.fields.values():
            row.add(frame)
        self.row.setVisible(row is self.row)
        self.set_may_be_pregnant(self._asks_weeks)

    def _edit(self, name: str) -> QuantityEdit:
        field = self.fields[name].field
        assert isinstance(field, QuantityEdit)
        return field

    def set_may_be_pregnant(self, on: bool) -> None:
        """Ask for weeks of pregnancy, or not; what was typed there stays and counts only while it is asked."""
        self._asks_weeks = on
        self.fields["weeks"].setVisible(on)
        self.fields["before"].setVisible(on and not self.weeks.is_empty())

    def _measured(self) -> None:
        self.fields["before"].setVisible(self._asks_weeks and not self.weeks.is_empty())
        self.changed.emit()

    def _examine(self, name: str) -> bool:
        """Say beside the field what cannot be; an unusual weight or height is asked about once."""
        edit, problem = self._edit(name), self._edit(name).problem()
        typed = edit.typed()
        measure = {"weight": "weight", "before": "weight", "height": "height"}.get(name)
        if typed is not None and not problem:
            if typed.comparator or typed.value <= 0:
                problem = tr("A number above 0.")
            elif measure is not None:
                held = body_plausibility(measure, typed.value, self._protocol)
                limits = held.hard if held.level is Level.REJECT else held.soft
                low, high = (number(limit) for limit in limits)
                if held.level is Level.REJECT:
                    problem = tr("Cannot be: outside {low} to {high}.").format(low=low, high=high)
                elif held.level is Level.CONFIRM and not edit.is_confirmed():
                    said = tr("Unusual: outside {low} to {high}. Is it right?")
                    edit.ask(said.format(low=low, high=high))
                    self.fields[name].set_problem("")
                    return False
        self.fields[name].set_problem(problem)
        return not problem

    def check(self) -> bool:
        """Check every measure; True when all can be kept."""
        asked = [name for name in MEASURES if self._asks_weeks or name not in ("weeks", "before")]
        examined = [self._examine(name) for name in asked]
        return all(examined)

    def first_wrong(self) -> QWidget | None:
        """The first field with a problem or an open question."""
        for name in MEASURES:
            if self.fields[name].problem() or self._edit(name).question():
                return self._edit(name).value_field
        return None

    def picture(self) -> ClinicalPicture:
        """What was typed, as the operation takes it."""
        weeks = _value(self.weeks) if self._asks_weeks else None
        stated = self._shown is not None and self.draft().measures[2:] == self._shown.measures[2:]
        if stated:
            # what was stated once counts from its own day, not from today
            pregnancy = self._known
        else:
            pregnancy = Pregnancy(weeks, self._today(), _value(self.before)) if weeks is not None else None
        return ClinicalPicture(
            weight_kg=_value(self.weight),
            height_cm=_value(self.height_field),
            conditions=self.conditions.ticked(),
            symptoms=self.symptoms.ticked(),
            pregnancy=pregnancy,
        )

    def show_known(self, patient: Patient) -> None:
        """Show what is on record of somebody; weeks of pregnancy as they are today."""
        self.clear()
        self.weight.set_value(patient.weight_kg)
        self.height_field.set_value(patient.height_cm)
        if patient.pregnancy is not None:
            self.weeks.set_value(gestation_weeks(patient.pregnancy, self._today()).quantize(Decimal("0.1")))
            self.before.set_value(patient.pregnancy.pre_pregnancy_weight_kg)
        self.conditions.set_ticked(patient.conditions)
        self.symptoms.set_ticked(patient.symptoms)
        self._known, self._shown = patient.pregnancy, self.draft()

    def differs(self) -> bool:
        """Whether something was changed since it was shown."""
        return self._shown is not None and self.draft() != self._shown

    def draft(self) -> Draft:
        """Everything as it is typed and ticked now."""
        texts = tuple(self._edit(name).value_field.text() for name in MEASURES)
        return Draft(texts, self.conditions.ticked(), self.symptoms.ticked())

    def restore(self, draft: Draft) -> None:
        """Everything as it was."""
        for name, text in zip(MEASURES, draft.measures, strict=True):
            self._edit(name).value_field.setText(text)
        self.conditions.set_ticked(draft.conditions)
        self.symptoms.set_ticked(draft.symptoms)
        self._measured()

    def is_empty(self) -> bool:
        """Whether nothing was typed or ticked."""
        typed = any(not self._edit(name).is_empty() for name in MEASURES)
        return not (typed or self.conditions.ticked() or self.symptoms.ticked())

    def clear(self) -> None:
        """Back to an empty form."""
        self._known, self._shown = None, None
        for name in MEASURES:
            self._edit(name).set_value(None)
            self.fields[name].set_problem("")
        self.conditions.set_ticked(())
        self.symptoms.set_ticked(())


def _conditions() -> list[tuple[str, str]]:
    rest = sorted(CONDITIONS - set(USUAL_CONDITIONS), key=condition_name)
    known = [(code, condition_name(code)) for code in (*USUAL_CONDITIONS, *rest)]
    reacted = tr("Reacted to {product}")
    return known + [
        (f"{HYPERSENSITIVITY_PREFIX}{product}", reacted.format(product=product_name(product)))
        for product in Product
    ]


def _symptoms() -> list[tuple[str, str]]:
    rest = sorted(SYMPTOMS - set(USUAL_SYMPTOMS), key=symptom_name)
    return [(code, symptom_name(code)) for code in (*USUAL_SYMPTOMS, *rest)]


def _value(field: QuantityEdit) -> Decimal | None:
    typed = field.typed()
    return typed.value if typed is not None and not typed.comparator and typed.value > 0 else None
