"""How much iron is needed, by every method that applies, each with its working. No dose is rounded here.

The plan that splits a need into visits is in `clinical.plan` and offered from here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from clinical.body import Weight, WeightKind, believed_height, label_weight, lean_weight, need_weight
from clinical.facts import Course, Facts, Label, Product
from clinical.gestation import is_pregnant, pregnancy_of
from clinical.outcome import MethodNeed
from clinical.plan import UnknownLabelError, label_facts, plan, rounded, split_options
from clinical.protocol.products import FixedCourse
from clinical.quick import quick

if TYPE_CHECKING:
    from clinical.protocol import Protocol

__all__ = [
    "GANZONI",
    "LABEL_TABLE",
    "Needs",
    "UnknownLabelError",
    "assess_need",
    "blood_loss",
    "choose",
    "ganzoni",
    "label_facts",
    "label_of",
    "needs",
    "plan",
    "rounded",
    "split_options",
]

GANZONI = "ganzoni"
LABEL_TABLE = "label-table"
LABEL_FIXED = "label-fixed"
FIXED = "fixed"
IRON_DEXTRAN = "lmwid-formula"
BLOOD_LOSS = "blood-loss"

GL_PER_G_DL = 10


@quick
@dataclass(frozen=True, slots=True)
class Needs:
    """Every method's need and what stands in the way of the others.

    `missing` names facts that would give a better or another need; `not_computable` gives, by method, the
    code of the reason; `warnings` are codes for a person to look at. `target_hb` in g/L and the weight are
    Ganzoni's.
    """

    methods: Mapping[str, MethodNeed] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    not_computable: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    weight: Weight | None = None
    label_weight: Weight | None = None
    target_hb: Decimal | None = None
    depot_range_mg: tuple[Decimal, Decimal] | None = None


def label_of(course: Course, protocol: Protocol) -> Label:
    """The label a course follows; where none is stated, the product's usual one of the protocol."""
    return course.label or protocol.products[course.product].default_label


def needs(facts: Facts, baseline_hb: Decimal | None, on: date, protocol: Protocol) -> dict[str, MethodNeed]:
    """mg elemental iron by method, unrounded: see `assess_need`."""
    return dict(assess_need(facts, baseline_hb, on, protocol).methods)


def choose(methods: Mapping[str, MethodNeed]) -> tuple[str, MethodNeed] | tuple[None, None]:
    """The method that decides: Ganzoni, else the label table, else none.

    Fixed amounts never decide: they do not look at the haemoglobin, so nothing could be owed or short of
    them.
    """
    for method in (GANZONI, LABEL_TABLE):
        if method in methods:
            return method, methods[method]
    return None, None


def assess_need(facts: Facts, baseline_hb: Decimal | None, on: date, protocol: Protocol) -> Needs:
    """Iron need by every method that applies to the course's product and label.

    `baseline_hb` is the unrounded haemoglobin in g/L before the first infusion; `on` its day, which decides
    about pregnancy. Outside the guard limits for weight and haemoglobin no method gives an answer.
    """
    weight = need_weight(facts.patient, on, protocol)
    plain = label_weight(facts.patient, on, protocol)
    reason = _no_dose(plain, baseline_hb, protocol)
    if reason is not None or weight is None or plain is None:
        missing = ("weight",) if plain is None else ()
        return Needs(missing=missing, not_computable={"all": reason or "weight-unknown"})
    found = _Found(facts, protocol, baseline_hb, plain)
    target = target_haemoglobin(facts, weight, protocol, on)
    found.by_ganzoni(weight, target)
    if facts.course is not None:
        found.by_label(facts.course)
    rules = protocol.dose_tables.values
    return Needs(
        methods=found.methods,
        missing=_union(weight.missing, found.missing) if found.missing else weight.missing,
        not_computable=found.refused,
        warnings=_warnings(found.methods, weight, protocol),
        weight=weight,
        label_weight=plain,
        target_hb=target,
        depot_range_mg=(rules["depot.mg_per_kg_low"] * weight.kg, rules["depot.mg_per_kg_high"] * weight.kg),
    )


def ganzoni(
    weight: Weight, hb: Decimal, target_hb: Decimal, protocol: Protocol, *, with_depot: bool = True
) -> MethodNeed:
    """Weight × (target − haemoglobin) × 0.24 + stores, in mg; kg and g/L in.

    Up to 35 kg stores are 15 mg per kg, above it 500 mg. A haemoglobin at or over the target needs stores
    alone. `with_depot=False` leaves stores out, for a repeat dose when they are full. Source: product
    labels.
    """
    factor = protocol.values["iron_model.mg_per_kg_per_gl"]
    deficit = target_hb - hb if target_hb > hb else Decimal(0)
    depot = _depot(weight.kg, protocol) if with_depot else Decimal(0)
    need = weight.kg * deficit * factor + depot
    working = f"{_n(weight.kg)} kg × ({_n(target_hb)} − {_n(hb)} g/L) × {_n(factor)} + {_n(depot)} mg"
    return MethodNeed(need, working)


def target_haemoglobin(facts: Facts, weight: Weight, protocol: Protocol, on: date | None = None) -> Decimal:
    """The haemoglobin in g/L that Ganzoni aims at: 150, up to 35 kg 130, and never above 115 on an ESA.

    While pregnant on `on` (the day of the assessment when not given) it is never above the protocol's own
    target for pregnancy, which is the usual one until a clinic sets a lower.
    """
    light = weight.kg <= protocol.values["iron_model.child_weight_kg"]
    target = protocol.values["iron_model.target_hb_child" if light else "iron_model.target_hb"]
    if is_pregnant(pregnancy_of(facts.patient), on or facts.as_of, protocol):
        target = min(target, protocol.dose_tables.number("pregnancy.target_hb"))
    if "on-esa" in facts.patient.conditions:
        return min(target, protocol.values["iron_model.target_hb_on_esa"])
    return target


def blood_loss(lost_ml: Decimal, haematocrit: Decimal) -> MethodNeed:
    """mg of iron in lost blood: millilitres × haematocrit as a fraction."""
    return MethodNeed(lost_ml * haematocrit, f"{_n(lost_ml)} mL × {_n(haematocrit)}")


def _depot(kg: Decimal, protocol: Protocol) -> Decimal:
    if kg <= protocol.values["iron_model.child_weight_kg"]:
        return protocol.values["iron_model.depot_mg_per_kg_child"] * kg
    return protocol.values["iron_model.depot_mg"]


def _no_dose(weight: Weight | None, hb: Decimal | None, protocol: Protocol) -> str | None:
    """Code of the reason why no dose at all is computed, or None."""
    rules = protocol.dose_tables
    if weight is None:
        return "weight-unknown"
    if not rules.values["guard.weight_min_kg"] <= weight.kg <= rules.values["guard.weight_max_kg"]:
        return "weight-out-of-range"
    low, high = protocol.values["dose.haemoglobin_min"], protocol.values["dose.haemoglobin_max"]
    return "haemoglobin-out-of-range" if hb is not None and not low <= hb <= high else None


@dataclass(slots=True, eq=False)
class _Found:
    """Needs being gathered for one patient: `hb` is the baseline in g/L, `weight` the one of labels."""

    facts: Facts
    protocol: Protocol
    hb: Decimal | None
    weight: Weight
    methods: dict[str, MethodNeed] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def by_ganzoni(self, weight: Weight, target: Decimal) -> None:
        """The formula, unless its target is higher than anyone's should be."""
        if self.hb is None:
            self.refused[GANZONI] = "haemoglobin-unknown"
        elif target > self.protocol.dose_tables.values["guard.target_hb_max"]:
            self.refused[GANZONI] = "target-too-high"
        else:
            need = ganzoni(weight, self.hb, target, self.protocol)
            if weight.kind is not WeightKind.ACTUAL:
                need = MethodNeed(need.need_mg, f"{need.working} ({weight.kind})")
            self.methods[GANZONI] = need

    def by_label(self, course: Course) -> None:
        """What the label of the course prints: a table, a fixed course, a fixed dose, a formula."""
        label = label_facts(course.product, label_of(course, self.protocol), self.protocol)
        if label.table is not None:
            self._by_table(label.table)
        if label.fixed_course is not None:
            self.methods[LABEL_FIXED] = _fixed_course(label.fixed_course, self.weight)
        if label.fixed_dose is not None:
            if self.weight.kg >= label.fixed_dose.from_kg.value:
                mg = label.fixed_dose.mg.value
                working = f"{_n(mg)} mg, ≥ {_n(label.fixed_dose.from_kg.value)} kg"
                self.methods[FIXED] = MethodNeed(mg, working)
            else:
                self.refused[FIXED] = "weight-below-label"
        if course.product is Product.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN:
            self._by_iron_dextran()

    def _by_table(self, name: str) -> None:
        hb, kg = self.hb, self.weight.kg
        if hb is None:
            self.refused[LABEL_TABLE] = "haemoglobin-unknown"
            return
        visits = self.protocol.dose_tables.tables[name].visits(hb, kg)
        if visits is None:
            self.refused[LABEL_TABLE] = "haemoglobin-above-label"
            return
        total = sum(visits, Decimal(0))
        split = " + ".join([_n(mg) for mg in visits])
        self.methods[LABEL_TABLE] = MethodNeed(total, f"{_n(hb)} g/L, {_n(kg)} kg: {split} mg", table=name)

    def _by_iron_dextran(self) -> None:
        """mL = 0.0442 × deficit (g/dL) × lean weight + 0.26 × lean weight, times 50 mg/mL."""
        if self.hb is None:
            self.refused[IRON_DEXTRAN] = "haemoglobin-unknown"
            return
        rules, lean = self.protocol.dose_tables.values, self.weight
        child = lean.kg <= rules["iron_dextran.child_to_kg"]
        target = rules["iron_dextran.target_hb_child" if child else "iron_dextran.target_hb"]
        if not child:
            patient = self.facts.patient
            height = believed_height(patient, self.protocol)
            lean = lean_weight(patient.sex, lean.kg, height, self.protocol)
        deficit = max(Decimal(0), target - self.hb) / GL_PER_G_DL
        factor, store = rules["iron_dextran.ml_per_kg_per_g_dl"], rules["iron_dextran.store_ml_per_kg"]
        strength = rules["iron_dextran.mg_per_ml"]
        need = (factor * deficit * lean.kg + store * lean.kg) * strength
        formula = f"({_n(factor)} × {_n(deficit)} g/dL + {_n(store)}) mL/kg"
        self.methods[IRON_DEXTRAN] = MethodNeed(need, f"{formula} × {_n(lean.kg)} kg × {_n(strength)} mg/mL")
        self.missing = lean.missing


def _fixed_course(course: FixedCourse, weight: Weight) -> MethodNeed:
    doses, each = _n(course.doses.value), _n(course.dose_mg.value)
    working = f"{doses} × {each} mg"
    if course.is_light(weight.kg) and course.light_mg_per_kg is not None:
        working = f"{doses} × {_n(course.light_mg_per_kg.value)} mg/kg × {_n(weight.kg)} kg"
    return MethodNeed(course.total_mg(weight.kg), working)


def _warnings(methods: Mapping[str, MethodNeed], weight: Weight, protocol: Protocol) -> tuple[str, ...]:
    """Needs that a person should look at twice: very large, or far from the label table."""
    rules = protocol.dose_tables
    need, table = methods.get(GANZONI), methods.get(LABEL_TABLE)
    if need is None:
        return ()
    codes = []
    if need.need_mg > rules.values["guard.warn_need_mg"]:
        codes.append("need-large")
    if need.need_mg > rules.values["guard.warn_need_mg_per_kg"] * weight.kg:
        codes.append("need-large-per-kg")
    if table is not None:
        times = rules.values["guard.warn_table_times"]
        if need.need_mg > times * table.need_mg or table.need_mg > times * need.need_mg:
            codes.append("table-differs")
    return tuple(codes)


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return one + tuple(code for code in other if code not in one)


@lru_cache(maxsize=4096)
def _n(value: Decimal) -> str:
    """A number for the working: as it is up to four decimal places, else to one; never an exponent."""
    shown = value if value == value.quantize(Decimal("0.0001")) else value.quantize(Decimal("0.1"))
    text = f"{shown:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
