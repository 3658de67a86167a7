"""The safety gates in front of a dose of one product: each one passed, blocked or to be asked, with its
reason.

Every gate is listed, the passed ones too, so that a person sees what was looked at. Stops by ferritin and
TSAT are not here: they stop every product and belong to the rules. A gate that is `hard` is not overridden
by a reason alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from clinical.facts import Facts, Label, LabResult, Product
from clinical.gates import dose, person
from clinical.gates import phosphate as phosphate_rules
from clinical.gates.kinds import QUESTIONS, STOPPED_BY_YES, Asked, Gate, GateState
from clinical.gates.phosphate import PhosphateAnswer, PhosphateState, is_low, phosphate_state
from clinical.plan import label_facts

if TYPE_CHECKING:
    from clinical.protocol import Protocol

__all__ = [
    "QUESTIONS",
    "STOPPED_BY_YES",
    "Gate",
    "GateState",
    "PhosphateAnswer",
    "PhosphateState",
    "any_product_left",
    "blocked_for_good",
    "blocking",
    "is_low",
    "phosphate_state",
    "product_gates",
    "products_that_pass",
    "stopping_gates",
]


def product_gates(
    facts: Facts,
    product: Product,
    label: Label,
    on: date,
    protocol: Protocol,
    *,
    phosphate: LabResult | None = None,
    hb: Decimal | None = None,
    planned_part: bool = False,
    dose_mg: Decimal | None = None,
) -> tuple[Gate, ...]:
    """Every gate for a dose of this product on a day, always in the same order.

    `phosphate` is the newest phosphate as the laboratory reported it, `hb` the newest haemoglobin in g/L
    (both None when unknown), `planned_part` says that the dose is a later part of the running course,
    `dose_mg` the dose meant (without it the smallest dose is held against the interval).
    `UnknownLabelError` for a label the product has not.
    """
    label_facts(product, label, protocol)
    asked = Asked(
        facts, protocol.products[product], label, on, protocol, phosphate, hb, planned_part, dose_mg
    )
    return tuple(_all(asked))


def stopping_gates(asked: Asked) -> tuple[Gate, ...]:
    """The gates in the way, without those that are passed or only ask; the same as `blocking(product_gates(…))`.

    A gate that cannot be in the way of this patient is not looked at.
    """
    patient, conditions = asked.facts.patient, asked.facts.patient.conditions
    reacted, last = _history(asked.facts)
    label = label_facts(asked.product.product, asked.label, asked.protocol)
    found = [person.hypersensitivity(asked)] if conditions else []
    if reacted:
        found.append(person.reaction(asked))
    if patient.pregnancy is not None:
        found.append(person.first_trimester(asked))
    if not conditions.isdisjoint(person.STOPPING_CONDITIONS):
        found.extend(person.conditions(asked))
    if not person.is_old_enough(asked, label):
        found.append(person.age(asked))
    if asked.hb is not None and person.in_heart_failure(asked):
        found.append(person.heart_failure(asked))
    if asked.product.lowers_phosphate:
        found.append(phosphate_rules.gate(asked))
    found.append(dose.weight(asked))
    if asked.dose_mg is not None:
        found.append(dose.dose(asked))
    if last is not None and (asked.on - last).days < label.longest_wait_days:
        found.append(dose.interval(asked))
    return tuple([gate for gate in found if gate.state is GateState.BLOCK])


def _history(facts: Facts) -> tuple[bool, date | None]:
    """Whether a reaction to any intravenous iron is recorded, and the last day iron was given."""
    reacted, last = False, None
    courses = (*facts.previous_courses, facts.course) if facts.course else facts.previous_courses
    for course in courses:
        for infusion in course.infusions:
            if infusion.reaction_grade:
                reacted = True
            if (
                infusion.date <= facts.as_of
                and infusion.dose_mg > 0
                and (last is None or infusion.date > last)
            ):
                last = infusion.date
    return reacted, last


def blocking(gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    """The gates in the way."""
    return tuple(gate for gate in gates if gate.state is GateState.BLOCK)


def blocked_for_good(gates: tuple[Gate, ...]) -> bool:
    """Whether a gate is in the way that no date will open."""
    return any(gate.until is None for gate in blocking(gates))


def products_that_pass(
    facts: Facts,
    label: Label,
    on: date,
    protocol: Protocol,
    *,
    phosphate: LabResult | None = None,
    hb: Decimal | None = None,
) -> tuple[Product, ...]:
    """Products of the same label's region that no lasting gate keeps out, for a change of product."""
    found = []
    for asked in _of_region(facts, label, on, protocol, phosphate, hb):
        if all(gate.until is not None for gate in stopping_gates(asked)):
            found.append(asked.product.product)
    return tuple(found)


def any_product_left(
    facts: Facts, label: Label, on: date, protocol: Protocol, phosphate: LabResult | None
) -> bool:
    """Whether allergies, reactions and a low phosphate leave one product of the label's region."""
    for asked in _of_region(facts, label, on, protocol, phosphate, None):
        if person.hypersensitivity(asked).state is GateState.BLOCK:
            continue
        if person.reaction(asked).state is GateState.BLOCK:
            continue
        if phosphate_rules.gate(asked).code != "phosphate-low":
            return True
    return False


def _of_region(
    facts: Facts,
    label: Label,
    on: date,
    protocol: Protocol,
    phosphate: LabResult | None,
    hb: Decimal | None,
) -> Iterator[Asked]:
    """The same question for every product that has a label of this region."""
    region = Label.US if label is Label.US_HEART_FAILURE else label
    for known in protocol.products.values():
        if region in known.labels:
            yield Asked(facts, known, region, on, protocol, phosphate, hb, False, None)


def _all(asked: Asked) -> Iterator[Gate]:
    yield person.hypersensitivity(asked)
    yield person.reaction(asked)
    yield person.first_trimester(asked)
    yield from person.conditions(asked)
    yield person.age(asked)
    yield person.heart_failure(asked)
    yield phosphate_rules.gate(asked)
    yield dose.weight(asked)
    yield dose.dose(asked)
    yield dose.interval(asked)
    yield from person.cautions(asked)
