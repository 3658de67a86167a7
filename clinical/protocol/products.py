"""The typed form of the product tables: what each label allows, asks for and warns of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from clinical.facts import Label, Product
from clinical.protocol.lists import Codes, Series, Steps, codes, series, steps
from clinical.protocol.tables import Number, Table


class PhosphateRisk(StrEnum):
    """How often a product lowers phosphate."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class DoseLimits:
    """Caps of one label. None means that the label sets no such cap.

    `cap_*` are for one dose, `period_*` for any `period_days` in a row, `interval_days` from one dose to
    the next, `doses_max` for one course. `sequence_mg` is a prescribed order of doses; the last one
    repeats.
    """

    cap_mg: Number | None = None
    cap_mg_per_kg: Number | None = None
    period_days: Number | None = None
    period_cap_mg: Number | None = None
    period_cap_mg_per_kg: Number | None = None
    interval_days: Number | None = None
    doses_max: Number | None = None
    sequence_mg: Series | None = None


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Caps that replace those of adults under an age in completed years."""

    below_years: Number
    limits: DoseLimits


@dataclass(frozen=True, slots=True)
class FixedCourse:
    """A whole course by the label: `doses` × `dose_mg`, or mg per kg where the weight is below a limit."""

    doses: Number
    dose_mg: Number
    light_below_kg: Number | None
    light_mg_per_kg: Number | None

    def is_light(self, weight_kg: Decimal) -> bool:
        """Whether mg per kg holds at this weight."""
        return self.light_below_kg is not None and weight_kg < self.light_below_kg.value

    def total_mg(self, weight_kg: Decimal) -> Decimal:
        """mg of the whole course at this weight."""
        return self.doses.value * self.each_mg(weight_kg)

    def each_mg(self, weight_kg: Decimal) -> Decimal:
        """mg of one dose of it at this weight."""
        if self.is_light(weight_kg) and self.light_mg_per_kg is not None:
            return self.light_mg_per_kg.value * weight_kg
        return self.dose_mg.value


@dataclass(frozen=True, slots=True)
class FixedDose:
    """One fixed amount and then a fresh look, allowed from a weight on."""

    mg: Number
    from_kg: Number


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Later single doses of `mg`, weeks after the first infusion, while iron deficiency is still found."""

    mg: Number
    weeks: Series


@dataclass(frozen=True, slots=True)
class TestDose:
    """A first small dose in mg, and the minutes to wait or to take over it."""

    mg: Number
    minutes: Number


@dataclass(frozen=True, slots=True)
class BoxedWarning:
    """The coded subject of a boxed warning."""

    code: str
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class ProductLabel:
    """What one label says of one product."""

    label: Label
    limits: DoseLimits
    variants: Mapping[str, DoseLimits]
    children: ChildLimits | None
    minutes: Steps | None
    dilution_max_ml: Steps | None
    dilution_min_mg_per_ml: Number | None
    dilution_max_mg_per_ml: Number | None
    observation_minutes: Number
    test_dose: TestDose | None
    boxed_warning: BoxedWarning | None
    age_min_years: Number | None
    table: str | None
    fixed_course: FixedCourse | None
    fixed_dose: FixedDose | None
    maintenance: Maintenance | None
    longest_wait_days: int = field(init=False)

    def __post_init__(self) -> None:
        """After so many days without iron no interval and no cap of a period holds a dose back."""
        every = [self.limits, *self.variants.values(), *((self.children.limits,) if self.children else ())]
        waits = [int(n.value) for one in every for n in (one.interval_days, one.period_days) if n is not None]
        object.__setattr__(self, "longest_wait_days", max([1, *waits]))

    def limits_for(self, conditions: frozenset[str], years: int | None = None) -> DoseLimits:
        """The caps that hold for a patient with these conditions, of this age in completed years.

        A variant replaces what it names, and so do the caps for children; an unknown age is an adult's here.
        """
        limits = self.limits
        if conditions:
            for condition, variant in self.variants.items():
                if condition in conditions:
                    limits = _replaced(limits, variant)
        child = self.children
        if child is not None and years is not None and years < child.below_years.value:
            limits = _replaced(limits, child.limits)
        return limits


def _replaced(limits: DoseLimits, by: DoseLimits) -> DoseLimits:
    """The limits with every number that `by` names."""
    given = {name: getattr(by, name) for name in DoseLimits.__slots__ if getattr(by, name) is not None}
    return replace(limits, **given)


@dataclass(frozen=True, slots=True)
class PregnancyCap:
    """Most of a product in one pregnancy in mg: less from a haemoglobin on."""

    mg: Number
    less_from_hb: Number
    less_mg: Number


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """One product. A reaction of `any_iron_reaction_grade` to any intravenous iron blocks this one; with
    `lowers_phosphate` a low phosphate keeps it from being given.
    """

    product: Product
    mg_per_ml: Number
    phosphate_risk: PhosphateRisk
    phosphate_source: str
    default_label: Label
    labels: Mapping[Label, ProductLabel]
    contraindications: Codes
    cautions: Codes
    phosphate_conditions: Codes | None
    phosphate_symptoms: Codes | None
    pregnancy_cap: PregnancyCap | None
    any_iron_reaction_grade: Number | None
    lowers_phosphate: bool = field(init=False)

    def __post_init__(self) -> None:
        """A low phosphate keeps a product from being given that lowers it more than seldom."""
        object.__setattr__(self, "lowers_phosphate", self.phosphate_risk is not PhosphateRisk.LOW)


def parse_products(table: Table) -> Mapping[Product, ProductFacts]:
    """Read the table `products`. A product that is missing or unknown is a `ProtocolError`."""
    for key in table.keys():  # noqa: SIM118 - a Table is no mapping
        if key not in {str(product) for product in Product}:
            raise table.error(key, "is not a known product")
    products = {product: _product(product, table.table(product)) for product in Product}
    table.done()
    return products


def _product(product: Product, entry: Table) -> ProductFacts:
    labels_table = entry.table("labels")
    labels: dict[Label, ProductLabel] = {}
    for key, child in labels_table.children():
        if key not in {str(label) for label in Label}:
            raise labels_table.error(key, "is not a known label")
        labels[Label(key)] = _label(Label(key), child)
    default = entry.text("default_label")
    if default not in labels:
        raise entry.error("default_label", "is not a label of this product")
    risk = entry.table("phosphate_risk")
    level = risk.text("value")
    if level not in {str(known) for known in PhosphateRisk}:
        raise risk.error("value", "must be high, moderate or low")
    cap = entry.table("pregnancy_cap") if "pregnancy_cap" in entry else None
    facts = ProductFacts(
        product=product,
        mg_per_ml=entry.number("mg_per_ml"),
        phosphate_risk=PhosphateRisk(level),
        phosphate_source=risk.text("source"),
        default_label=Label(default),
        labels=labels,
        contraindications=codes(entry, "contraindications"),
        cautions=codes(entry, "cautions"),
        phosphate_conditions=_codes(entry, "phosphate_conditions"),
        phosphate_symptoms=_codes(entry, "phosphate_symptoms"),
        pregnancy_cap=_pregnancy_cap(cap) if cap else None,
        any_iron_reaction_grade=_maybe(entry, "any_iron_reaction_grade"),
    )
    risk.day("valid_from")
    risk.done()
    entry.done()
    return facts


def _label(label: Label, entry: Table) -> ProductLabel:
    variants = entry.table("variants") if "variants" in entry else None
    found = ProductLabel(
        label=label,
        limits=_limits(entry),
        variants={key: _variant(child) for key, child in variants.children()} if variants else {},
        children=_children(entry.table("children")) if "children" in entry else None,
        minutes=_steps(entry, "minutes"),
        dilution_max_ml=_steps(entry, "dilution_max_ml"),
        dilution_min_mg_per_ml=_maybe(entry, "dilution_min_mg_per_ml"),
        dilution_max_mg_per_ml=_maybe(entry, "dilution_max_mg_per_ml"),
        observation_minutes=entry.number("observation_minutes"),
        test_dose=_test_dose(entry.table("test_dose")) if "test_dose" in entry else None,
        boxed_warning=_boxed(entry.table("boxed_warning")) if "boxed_warning" in entry else None,
        age_min_years=_maybe(entry, "age_min_years"),
        table=entry.text("table") if "table" in entry else None,
        fixed_course=_fixed_course(entry.table("fixed_course")) if "fixed_course" in entry else None,
        fixed_dose=_fixed_dose(entry.table("fixed_dose")) if "fixed_dose" in entry else None,
        maintenance=_maintenance(entry.table("maintenance")) if "maintenance" in entry else None,
    )
    entry.done()
    return found


def _variant(entry: Table) -> DoseLimits:
    limits = _limits(entry)
    entry.done()
    return limits


def _children(entry: Table) -> ChildLimits:
    below = entry.number("below_years")
    return ChildLimits(below, _variant(entry))


def _limits(entry: Table) -> DoseLimits:
    return DoseLimits(
        cap_mg=_maybe(entry, "cap_mg"),
        cap_mg_per_kg=_maybe(entry, "cap_mg_per_kg"),
        period_days=_maybe(entry, "period_days"),
        period_cap_mg=_maybe(entry, "period_cap_mg"),
        period_cap_mg_per_kg=_maybe(entry, "period_cap_mg_per_kg"),
        interval_days=_maybe(entry, "interval_days"),
        doses_max=_maybe(entry, "doses_max"),
        sequence_mg=series(entry, "sequence_mg") if "sequence_mg" in entry else None,
    )


def _maybe(entry: Table, key: str) -> Number | None:
    return entry.number(key) if key in entry else None


def _codes(entry: Table, key: str) -> Codes | None:
    return codes(entry, key) if key in entry else None


def _steps(entry: Table, key: str) -> Steps | None:
    return steps(entry, key) if key in entry else None


def _test_dose(entry: Table) -> TestDose:
    found = TestDose(entry.number("mg"), entry.number("minutes"))
    entry.done()
    return found


def _boxed(entry: Table) -> BoxedWarning:
    found = BoxedWarning(entry.text("code"), entry.text("source"), entry.day("valid_from"))
    entry.done()
    return found


def _fixed_course(entry: Table) -> FixedCourse:
    found = FixedCourse(
        entry.number("doses"),
        entry.number("dose_mg"),
        _maybe(entry, "light_below_kg"),
        _maybe(entry, "light_mg_per_kg"),
    )
    entry.done()
    return found


def _fixed_dose(entry: Table) -> FixedDose:
    found = FixedDose(entry.number("mg"), entry.number("from_kg"))
    entry.done()
    return found


def _maintenance(entry: Table) -> Maintenance:
    found = Maintenance(entry.number("mg"), series(entry, "weeks"))
    entry.done()
    return found


def _pregnancy_cap(entry: Table) -> PregnancyCap:
    found = PregnancyCap(entry.number("mg"), entry.number("less_from_hb"), entry.number("less_mg"))
    entry.done()
    return found
