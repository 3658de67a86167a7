"""P10: low phosphate, which feels like failure, and phosphate nobody has measured."""

from __future__ import annotations

from clinical.outcome import Outcome, Urgency
from clinical.readings import Reading
from clinical.rules.evidence import NOTHING, Hits, fact, hit, two_unit_figure
from clinical.situation import Situation
from clinical.two_units import phosphate_below, phosphate_limit

PHOSPHATE_SYMPTOMS = ("fatigue", "weakness", "bone-pain", "fracture")
"""Symptoms a low phosphate gives."""

UNKNOWN = "phosphate-unknown"

GRADES = ("severe", "moderate", "mild")
"""Grades of a low phosphate, the worst first."""


def is_primary(s: Situation) -> bool:
    """Low enough, or low with a symptom, to be the answer after a good response."""
    if s.phosphate_moderate:
        return True
    return bool(s.phosphate_low) and not s.symptoms.isdisjoint(PHOSPHATE_SYMPTOMS)


def low_phosphate(s: Situation, after_response: bool) -> Hits:
    """Phosphate under 0.80 mmol/L (2.5 mg/dL). The outcome only after a good response."""
    reading = s.phosphate
    if reading is None or s.phosphate_low is None:
        return unknown_phosphate(s)
    if not s.phosphate_low:
        return NOTHING
    grade = next(name for name in GRADES if phosphate_limit(reading, name, s.protocol).below)
    limit = phosphate_limit(reading, grade, s.protocol)
    symptom = next((name for name in PHOSPHATE_SYMPTOMS if s.symptom(name)), None)
    return hit(
        f"phosphate-low-{grade}",
        Outcome.HYPOPHOSPHATAEMIA,
        lambda: (two_unit_figure(reading, limit, "<"), fact("symptom", symptom) if symptom else None),
        source=limit.source,
        primary=after_response and is_primary(s),
        urgency=_urgency(s, grade),
    )


def _urgency(s: Situation, grade: str) -> Urgency:
    if grade == "severe":
        return Urgency.EMERGENCY
    if grade == "moderate":
        return Urgency.URGENT if "fatigue" in s.symptoms else Urgency.SOON
    return Urgency.SOON if not s.symptoms.isdisjoint(PHOSPHATE_SYMPTOMS) else Urgency.ROUTINE


def unknown_phosphate(s: Situation) -> Hits:
    """A symptom within half a year of a product that lowers phosphate, and phosphate not known since."""
    if not s.symptoms:
        return NOTHING
    symptom = next((name for name in (*PHOSPHATE_SYMPTOMS, "neurological") if name in s.symptoms), None)
    name = "phosphate.symptoms_within_days"
    if symptom is None or not s.fcm_within(s.whole[name]):
        return NOTHING
    return hit(
        UNKNOWN,
        Outcome.HYPOPHOSPHATAEMIA,
        lambda: (fact("phosphate", None, "mmol/L"), fact("symptom", symptom)),
        source=s.source[name],
        possible=True,
        urgency=Urgency.SOON,
    )


def other_product(s: Situation) -> bool:
    """Phosphate is low though no product that lowers it was ever given."""
    return not s.times.phosphate_iron and bool(s.phosphate_low)


def long_low(s: Situation, reading: Reading) -> bool:
    """Phosphate under 0.65 for more than 56 days, every value between likewise."""
    first = None
    for day in s.readings.of("phosphate"):
        low = phosphate_below(day.dangerous, "moderate", s.protocol)
        first = (first or day.collected) if low else None
    return first is not None and (reading.collected - first).days > s.number["phosphate.persistent_days"]
