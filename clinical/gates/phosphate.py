"""Whether phosphate stands in the way of a product that lowers it: graded in the unit the laboratory used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from clinical.facts import Facts, LabResult
from clinical.gates.kinds import Asked, Gate, GateState
from clinical.outcome import Because
from clinical.protocol.products import ProductFacts
from clinical.quick import quick

if TYPE_CHECKING:
    from clinical.protocol import Protocol

MG_DL = "mg/dL"


class PhosphateState(StrEnum):
    """Nothing in the way; low; must be measured first; would be better measured first."""

    FINE = "fine"
    LOW = "low"
    NEEDED = "needed"
    ADVISED = "advised"


@quick
@dataclass(frozen=True, slots=True)
class PhosphateAnswer:
    """The state with the figures it rests on."""

    state: PhosphateState
    because: tuple[Because, ...] = ()


def gate(asked: Asked) -> Gate:
    """Low phosphate before a product that lowers it further, or none measured when one must be."""
    answer = phosphate_state(
        asked.facts, asked.product, asked.phosphate, asked.protocol, planned_part=asked.planned_part
    )
    source = asked.protocol.sources["phosphate.repeat_within_days"]
    if answer.state is PhosphateState.LOW:
        return Gate("phosphate-low", GateState.BLOCK, True, answer.because, source)
    if answer.state is PhosphateState.NEEDED:
        return Gate("phosphate-unknown", GateState.BLOCK, False, answer.because, source)
    if answer.state is PhosphateState.ADVISED:
        return Gate("phosphate-unknown", GateState.ASK, False, answer.because, source)
    return Gate("phosphate", GateState.PASS, True, answer.because, source)


def is_low(phosphate: LabResult, protocol: Protocol) -> bool | None:
    """Whether a phosphate is under 0.80 mmol/L, or 2.5 mg/dL where the laboratory reports that. None:
    cannot tell.

    Converting first would turn 2.49 mg/dL into a normal value, so the limit is taken in the unit reported.
    """
    found = _in_reported_unit(phosphate, protocol)
    if found is None:
        return None
    value, limit = found
    if phosphate.comparator == "<":
        return True if value <= limit else None
    if phosphate.comparator == ">":
        return False if value >= limit else None
    return value < limit


def phosphate_state(
    facts: Facts,
    product: ProductFacts,
    phosphate: LabResult | None,
    protocol: Protocol,
    *,
    planned_part: bool = False,
) -> PhosphateAnswer:
    """What `phosphate`, the newest as reported, means for a dose of `product` on `facts.as_of`.

    A repeat needs one that is not low, collected after the last infusion of a phosphate-lowering product
    and at most 28 days old, if that infusion was at most 92 days ago or was not the only one, or with a
    risk factor or symptom. The later part of a running course needs it only with a risk factor or symptom.
    """
    if not product.lowers_phosphate:
        return PhosphateAnswer(PhosphateState.FINE)
    low = is_low(phosphate, protocol) if phosphate is not None else None
    if phosphate is not None and low:
        return PhosphateAnswer(PhosphateState.LOW, _because(phosphate, protocol))
    days = _lowering_infusions(facts, protocol)
    reasons = _risks(facts, product)
    if not days:
        known = phosphate is not None and low is False and _recent(phosphate.collected, facts.as_of, protocol)
        state = PhosphateState.ADVISED if reasons and not known else PhosphateState.FINE
        return PhosphateAnswer(state, reasons if state is PhosphateState.ADVISED else ())
    if not planned_part:
        reasons += _repeat_reasons(days, facts.as_of, protocol)
    if not reasons:
        return PhosphateAnswer(PhosphateState.FINE)
    if phosphate is not None and low is False and phosphate.collected > days[-1]:
        fresh = _recent(phosphate.collected, facts.as_of, protocol)
    else:
        fresh = False
    if phosphate is not None and fresh:
        return PhosphateAnswer(PhosphateState.FINE, _because(phosphate, protocol))
    return PhosphateAnswer(PhosphateState.NEEDED, reasons)


def _in_reported_unit(phosphate: LabResult, protocol: Protocol) -> tuple[Decimal, Decimal] | None:
    """The value and the limit in one unit; None for a unit nobody knows."""
    known = protocol.conversions["phosphate", phosphate.unit]
    if known is None:
        return None
    if known.written_unit == MG_DL:
        return phosphate.value, protocol.values["phosphate.mild_mg_dl"]
    return known.convert(phosphate.value), protocol.values["phosphate.mild"]


def _because(phosphate: LabResult, protocol: Protocol) -> tuple[Because, ...]:
    """Value and limit in mmol/L, the limit converted from the unit reported: the printed test is true."""
    found = _in_reported_unit(phosphate, protocol)
    assert found is not None, "only a phosphate in a known unit is low or normal"
    value, limit = found
    known = protocol.conversions["phosphate", phosphate.unit]
    if known is not None and known.written_unit == MG_DL:
        value, limit = known.convert(value), known.convert(limit)
    test = "<" if is_low(phosphate, protocol) else ">="
    return (Because("phosphate", value, "mmol/L", phosphate.collected, test, limit),)


def _recent(collected: date, as_of: date, protocol: Protocol) -> bool:
    return 0 <= (as_of - collected).days <= protocol.wholes["phosphate.valid_days"]


def _lowering_infusions(facts: Facts, protocol: Protocol) -> list[date]:
    """Days of infusions ever given of products that lower phosphate, in order."""
    courses = (*facts.previous_courses, facts.course) if facts.course else facts.previous_courses
    days = [
        infusion.date
        for course in courses
        if protocol.products[course.product].lowers_phosphate
        for infusion in course.infusions
        if infusion.date <= facts.as_of and infusion.dose_mg > 0
    ]
    days.sort()
    return days


def _risks(facts: Facts, product: ProductFacts) -> tuple[Because, ...]:
    """Recorded risk factors for a low phosphate, and symptoms that may come from one."""
    conditions = product.phosphate_conditions.codes if product.phosphate_conditions else ()
    symptoms = product.phosphate_symptoms.codes if product.phosphate_symptoms else ()
    held = [Because("condition", code) for code in conditions if code in facts.patient.conditions]
    felt = [Because("symptom", code) for code in symptoms if code in facts.patient.symptoms]
    return (*held, *felt)


def _repeat_reasons(days: list[date], as_of: date, protocol: Protocol) -> tuple[Because, ...]:
    """A last infusion not long ago, or several of them."""
    reasons = []
    since, within = (as_of - days[-1]).days, protocol.values["phosphate.repeat_within_days"]
    if since <= within:
        reasons.append(Because("days-since-infusion", Decimal(since), "day", days[-1], "<=", within))
    many = protocol.values["phosphate.many_infusions"]
    if len(days) >= many:
        reasons.append(Because("infusions", Decimal(len(days)), "infusion", days[-1], ">=", many))
    return tuple(reasons)
