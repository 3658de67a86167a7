"""Gates that look at the person: allergies, reactions, pregnancy, conditions, age, and cautions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from clinical.body import MONTHS_PER_YEAR, age_months, age_years
from clinical.facts import HYPERSENSITIVITY_PREFIX, Facts, Infusion, Label, Product, Sex
from clinical.gates.kinds import Asked, Gate, GateState
from clinical.gestation import gestation_weeks, is_pregnant, pregnancy_of, second_trimester_from, trimester
from clinical.outcome import Because
from clinical.plan import label_facts
from clinical.protocol.products import ProductLabel

STOPPING_CONDITIONS = {"bacteraemia": True, "active-infection": False, "decompensated-cirrhosis": True}
"""Conditions that stop a product, with whether the stop is hard."""


def hypersensitivity(asked: Asked) -> Gate:
    """Known hypersensitivity to this product, or to any iron where the label says so."""
    known = [c for c in asked.facts.patient.conditions if c.startswith(HYPERSENSITIVITY_PREFIX)]
    if known and "any-iron-allergy" not in asked.product.contraindications:
        known = [c for c in known if c == f"{HYPERSENSITIVITY_PREFIX}{asked.product.product}"]
    known.sort()
    because = tuple(Because("condition", code) for code in known)
    state = GateState.BLOCK if known else GateState.PASS
    return Gate("hypersensitivity", state, True, because, asked.product.contraindications.source)


def reaction(asked: Asked) -> Gate:
    """The worst recorded reaction: grade 3 blocks for good, grade 2 asks a specialist, grade 1 is a note."""
    rules = asked.protocol.dose_tables
    source = rules.sources["reaction.blocks_grade"]
    worst = _worst_reaction(asked.facts, asked.product.product)
    any_grade = asked.product.any_iron_reaction_grade
    if any_grade is not None:
        worst_any = _worst_reaction(asked.facts, None)
        if _grade(worst_any) >= any_grade.value:
            because = _graded(worst_any, any_grade.value)
            return Gate("reaction", GateState.BLOCK, True, because, any_grade.source)
    for name, hard in (("blocks_grade", True), ("asks_grade", False)):
        limit = rules.values[f"reaction.{name}"]
        if _grade(worst) >= limit:
            return Gate("reaction", GateState.BLOCK, hard, _graded(worst, limit), source)
    if _grade(worst) > 0:
        return Gate("reaction", GateState.ASK, False, _graded(worst, Decimal(1)), source)
    return Gate("reaction", GateState.PASS, True, (), source)


def _worst_reaction(facts: Facts, product: Product | None) -> Infusion | None:
    """The infusion with the worst reaction, the newest of equals; of any product when None."""
    courses = (*facts.previous_courses, *((facts.course,) if facts.course else ()))
    reactions = [
        infusion
        for course in courses
        if product is None or course.product is product
        for infusion in course.infusions
        if infusion.date <= facts.as_of and infusion.reaction_grade is not None
    ]
    return max(reactions, key=lambda i: (i.reaction_grade or 0, i.date), default=None)


def _grade(infusion: Infusion | None) -> int:
    return (infusion.reaction_grade or 0) if infusion else 0


def _graded(infusion: Infusion | None, limit: Decimal) -> tuple[Because, ...]:
    assert infusion is not None, "a grade at a limit comes from an infusion"
    return (Because("reaction-grade", Decimal(_grade(infusion)), "grade", infusion.date, ">=", limit),)


def first_trimester(asked: Asked) -> Gate:
    """No iron before 13+0 weeks. A woman who may be pregnant and of whom nothing is said is asked."""
    pregnancy, patient = asked.facts.patient.pregnancy, asked.facts.patient
    source = asked.product.contraindications.source
    if patient.sex is Sex.MALE:
        return Gate("first-trimester", GateState.PASS, True, (), source)
    if pregnancy is None:
        age = age_years(patient, asked.on)
        low = asked.protocol.values["ages.may_be_pregnant_from"]
        high = asked.protocol.values["ages.may_be_pregnant_to"]
        may_be = patient.sex is Sex.FEMALE and age is not None and low <= age <= high
        return Gate("first-trimester", GateState.ASK if may_be else GateState.PASS, not may_be, (), source)
    limit = asked.protocol.values["pregnancy.second_trimester"]
    weeks = gestation_weeks(pregnancy, asked.on).quantize(Decimal("0.1"))
    because = (Because("gestation", weeks, "week", asked.on, "<", limit),)
    if (
        trimester(pregnancy, asked.on, asked.protocol) == 1
        and "first-trimester" in asked.product.contraindications
    ):
        until = second_trimester_from(pregnancy, asked.protocol)
        return Gate("first-trimester", GateState.BLOCK, True, because, source, until)
    return Gate("first-trimester", GateState.PASS, True, (), source)


def conditions(asked: Asked) -> Iterator[Gate]:
    """Conditions that stop this product. Only an infection that is not in the blood may be overridden."""
    for code, hard in STOPPING_CONDITIONS.items():
        if code in asked.product.contraindications:
            held = code in asked.facts.patient.conditions
            because = (Because("condition", code),) if held else ()
            state = GateState.BLOCK if held else GateState.PASS
            yield Gate(code, state, hard, because, asked.product.contraindications.source)


def is_old_enough(asked: Asked, label: ProductLabel) -> bool:
    """Whether the completed years alone reach the youngest age of the label."""
    if label.age_min_years is None:
        return True
    years = age_years(asked.facts.patient, asked.on)
    return years is not None and years >= label.age_min_years.value


def age(asked: Asked) -> Gate:
    """The youngest age of the label, counted in completed months. No age known is a question."""
    youngest = label_facts(asked.product.product, asked.label, asked.protocol).age_min_years
    months = age_months(asked.facts.patient, asked.on)
    if youngest is None:
        return Gate("age-below-label", GateState.PASS, True)
    if months is None:
        return Gate("age-below-label", GateState.ASK, False, (Because("age", None),), youngest.source)
    if months >= youngest.value * MONTHS_PER_YEAR:
        return Gate("age-below-label", GateState.PASS, True, (), youngest.source)
    years = Decimal(age_years(asked.facts.patient, asked.on) or 0)
    because = (Because("age", years, "year", asked.on, "<", youngest.value),)
    return Gate("age-below-label", GateState.BLOCK, True, because, youngest.source)


def heart_failure(asked: Asked) -> Gate:
    """In heart failure there are no data from a haemoglobin of 150 g/L on."""
    limit = asked.protocol.values["stop.heart_failure_hb"]
    source = asked.protocol.sources["stop.heart_failure_hb"]
    if not in_heart_failure(asked):
        return Gate("heart-failure-haemoglobin", GateState.PASS, True, (), source)
    because = (Because("haemoglobin", asked.hb, "g/L", None, ">=", limit),)
    if asked.hb is None:
        return Gate("heart-failure-haemoglobin", GateState.ASK, False, because, source)
    if asked.hb >= limit:
        return Gate("heart-failure-haemoglobin", GateState.BLOCK, True, because, source)
    return Gate("heart-failure-haemoglobin", GateState.PASS, True, (), source)


def in_heart_failure(asked: Asked) -> bool:
    """Heart failure is recorded, or the label is the one for it."""
    return "heart-failure" in asked.facts.patient.conditions or asked.label is Label.US_HEART_FAILURE


def cautions(asked: Asked) -> Iterator[Gate]:
    """Cautions of the label: a recorded condition asks; a planned scan is not known here and always asks."""
    listed = asked.product.cautions
    for code in listed.codes:
        if code == "planned-mri":
            held = True
        elif code == "pregnancy-benzyl-alcohol":
            held = is_pregnant(pregnancy_of(asked.facts.patient), asked.on, asked.protocol)
        else:
            held = code in asked.facts.patient.conditions
        because = (Because("condition", code),) if held else ()
        yield Gate(code, GateState.ASK if held else GateState.PASS, False, because, listed.source)
