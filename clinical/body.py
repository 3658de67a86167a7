"""Which body weight a dose is counted on: actual, pre-pregnancy or ideal; and age in completed years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from clinical.facts import Patient, Sex
from clinical.gestation import is_pregnant, pregnancy_of
from clinical.quick import quick

if TYPE_CHECKING:
    from clinical.protocol import Protocol

CM_PER_M = 100
MONTHS_PER_YEAR = 12


class WeightKind(StrEnum):
    """Where a weight comes from."""

    ACTUAL = "actual"
    PRE_PREGNANCY = "pre-pregnancy"
    IDEAL = "ideal"


@quick
@dataclass(frozen=True, slots=True)
class Weight:
    """A weight in kg with its kind, and what was missing to choose it better."""

    kg: Decimal
    kind: WeightKind
    missing: tuple[str, ...] = ()


def age_years(patient: Patient, on: date) -> int | None:
    """Completed years on a day; the birth date wins over a stated age. None when neither is known."""
    if patient.birth_date is None:
        return patient.age_years
    born = patient.birth_date
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_months(patient: Patient, on: date) -> int | None:
    """Completed months on a day; from a stated age, twelve for each year."""
    if patient.birth_date is None:
        return None if patient.age_years is None else patient.age_years * MONTHS_PER_YEAR
    born = patient.birth_date
    return (on.year - born.year) * MONTHS_PER_YEAR + on.month - born.month - (on.day < born.day)


def bmi(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """kg divided by metres squared."""
    return weight_kg * CM_PER_M * CM_PER_M / (height_cm * height_cm)


def label_weight(patient: Patient, on: date, protocol: Protocol) -> Weight | None:
    """The weight of label tables and caps: before pregnancy while pregnant, else actual; None if unknown."""
    pregnancy = pregnancy_of(patient)
    if pregnancy is not None and is_pregnant(pregnancy, on, protocol):
        before = pregnancy.pre_pregnancy_weight_kg
        if before is not None:
            return Weight(before, WeightKind.PRE_PREGNANCY)
        if patient.weight_kg is not None:
            return Weight(patient.weight_kg, WeightKind.ACTUAL, ("pre-pregnancy-weight",))
    return None if patient.weight_kg is None else Weight(patient.weight_kg, WeightKind.ACTUAL)


def need_weight(patient: Patient, on: date, protocol: Protocol) -> Weight | None:
    """The weight of the Ganzoni formula: ideal from a BMI of 30 on, never above the label weight.

    In pregnancy the BMI is that of the weight before it; when that is unknown, the actual weight is used as
    it is. Without a height the weight is used as it is and `height` is missing.
    """
    weight = label_weight(patient, on, protocol)
    if weight is None or weight.missing:
        return weight
    height = believed_height(patient, protocol)
    if height is None:
        return Weight(weight.kg, weight.kind, ("height",))
    if bmi(weight.kg, height) < protocol.values["iron_model.obese_bmi"]:
        return weight
    ideal = ideal_weight(patient.sex, height, protocol)
    missing = ("sex",) if patient.sex is Sex.UNKNOWN else ()
    return Weight(min(ideal, weight.kg), WeightKind.IDEAL, missing)


def believed_height(patient: Patient, protocol: Protocol) -> Decimal | None:
    """The height in cm; None where it is unknown or no person's (metres for centimetres)."""
    if patient.height_cm is None:
        return None
    low, high = protocol.analytes.body["height"].hard
    return patient.height_cm if low <= patient.height_cm <= high else None


def ideal_weight(sex: Sex, height_cm: Decimal, protocol: Protocol) -> Decimal:
    """Ideal weight in kg by Devine; for the short, at a BMI of 22. Unknown sex takes the lower constant."""
    rules = protocol.dose_tables
    if height_cm < rules.values["ideal_weight.short_below_cm"]:
        return rules.values["ideal_weight.short_bmi"] * height_cm * height_cm / (CM_PER_M * CM_PER_M)
    return _devine(sex, height_cm, protocol)


def lean_weight(sex: Sex, weight_kg: Decimal, height_cm: Decimal | None, protocol: Protocol) -> Weight:
    """The weight of the iron-dextran formula: Devine, or the actual one if lower or without a height."""
    if height_cm is None:
        return Weight(weight_kg, WeightKind.ACTUAL, ("height",))
    missing = ("sex",) if sex is Sex.UNKNOWN else ()
    ideal = _devine(sex, height_cm, protocol)
    if ideal >= weight_kg:
        return Weight(weight_kg, WeightKind.ACTUAL, missing)
    return Weight(ideal, WeightKind.IDEAL, missing)


def _devine(sex: Sex, height_cm: Decimal, protocol: Protocol) -> Decimal:
    rules = protocol.dose_tables
    base = rules.values["ideal_weight.male_kg" if sex is Sex.MALE else "ideal_weight.female_kg"]
    inches = height_cm / rules.values["ideal_weight.cm_per_inch"] - rules.values["ideal_weight.from_inches"]
    return base + rules.values["ideal_weight.kg_per_inch"] * max(Decimal(0), inches)
