"""P11: everything is at target and the patient is still tired."""

from __future__ import annotations

from clinical.outcome import Because, Outcome, Response
from clinical.rules.evidence import NOTHING, Hits, fact, figure, hit, two_unit_figure
from clinical.situation import Situation
from clinical.two_units import phosphate_limit

TIRED = ("fatigue", "weakness")


def stores_replete(s: Situation) -> Hits:
    """Class complete, fatigue or weakness, and phosphate normal or no reason for it to be low."""
    symptom = next((name for name in TIRED if s.symptom(name)), None)
    if s.response is not Response.COMPLETE or symptom is None:
        return NOTHING
    low = s.phosphate_low
    at_risk = s.fcm_within(s.whole["phosphate.symptoms_within_days"])
    if low or (low is None and at_risk):
        return NOTHING
    return hit(
        "replete-and-symptomatic",
        Outcome.STORES_REPLETE_SYMPTOMATIC,
        lambda: (
            fact("symptom", symptom),
            figure(s.ferritin, ">=", s.targets.ferritin),
            figure(s.tsat, ">=", s.targets.tsat),
            None if low is None else _normal(s),
        ),
        source=s.source["phosphate.symptoms_within_days"],
    )


def _normal(s: Situation) -> Because | None:
    """The phosphate that is not low."""
    reading = s.phosphate
    assert reading is not None
    return two_unit_figure(reading, phosphate_limit(reading, "mild", s.protocol), ">=")
