"""Gates that look at the dose: weight, caps, and the time since the last one."""

from __future__ import annotations

from clinical.body import age_years, label_weight
from clinical.gates.kinds import Asked, Gate, GateState
from clinical.outcome import Because
from clinical.plan import dose_cap, earliest_dose, label_facts
from clinical.protocol.products import DoseLimits


def weight(asked: Asked) -> Gate:
    """No dose without a weight that caps can be counted on."""
    rules = asked.protocol.dose_tables
    known = label_weight(asked.facts.patient, asked.on, asked.protocol)
    low, high = rules.values["guard.weight_min_kg"], rules.values["guard.weight_max_kg"]
    source = rules.sources["guard.weight_min_kg"]
    if known is None:
        return Gate("weight", GateState.BLOCK, True, (Because("weight", None, "kg"),), source)
    if known.kg < low:
        because = Because("weight", known.kg, "kg", None, "<", low)
    elif known.kg > high:
        because = Because("weight", known.kg, "kg", None, ">", high)
    else:
        return Gate("weight", GateState.PASS, True, (), source)
    return Gate("weight", GateState.BLOCK, True, (because,), source)


def dose(asked: Asked) -> Gate:
    """The dose meant is within the label's cap for this patient."""
    limits = _limits(asked)
    number = limits.cap_mg_per_kg or limits.cap_mg
    source = number.source if number else ""
    cap = None
    if asked.dose_mg is not None:
        cap = dose_cap(asked.facts, asked.product.product, asked.label, asked.on, asked.protocol)
    if asked.dose_mg is None or cap is None:
        return Gate("dose-within-caps", GateState.PASS, True, (), source)
    over = asked.dose_mg > cap
    because = (Because("dose", asked.dose_mg, "mg", asked.on, ">" if over else "<=", cap),)
    return Gate("dose-within-caps", GateState.BLOCK if over else GateState.PASS, True, because, source)


def interval(asked: Asked) -> Gate:
    """The label's interval, and its most in a period, since the infusions already given."""
    smallest = asked.protocol.values["dose.smallest_mg"]
    meant = smallest if asked.dose_mg is None else asked.dose_mg
    product = asked.product.product
    first = earliest_dose(meant, asked.facts, product, asked.label, asked.on, asked.protocol)
    limits = _limits(asked)
    number = limits.interval_days or limits.period_days
    source = number.source if number else ""
    if first <= asked.on:
        return Gate("interval", GateState.PASS, True, (), source)
    because = (Because("earliest", first.isoformat(), None, None, ">", asked.on.isoformat()),)
    return Gate("interval", GateState.BLOCK, True, because, source, first)


def _limits(asked: Asked) -> DoseLimits:
    """The label's caps for this patient's conditions and age."""
    patient = asked.facts.patient
    label = label_facts(asked.product.product, asked.label, asked.protocol)
    return label.limits_for(patient.conditions, age_years(patient, asked.on))
