"""P11: everything is at target and the patient is still tired."""

from __future__ import annotations

from clinical.outcome import Outcome, Response
from clinical.rules.evidence import NOTHING, Hits, fact, figure, hit, two_unit_figure
from clinical.situation import Situation
from clinical.two_units import phosphate_below, phosphate_limit

TIRED = ("fatigue", "weakness")


def stores_replete(s: Situation) -> Hits:
    """Class complete, fatigue or weakness, and phosphate normal or no reason for it to be low."""
    symptom = next((name for name in TIRED if s.symptom(name)), None)
    if s.response is not Response.COMPLETE or symptom is None:
        return NOTHING
    reading = s.phosphate
    low = phosphate_below(reading, "mild", s.protocol)
    at_risk = s.fcm_within(s.whole["phosphate.symptoms_within_days"])
    if low or (low is None and at_risk):
        return NOTHING
    checked = None
    if reading is not None and low is False:
        checked = two_unit_figure(reading, phosphate_limit(reading, "mild", s.protocol), ">=")
    return hit(
        "replete-and-symptomatic",
        Outcome.STORES_REPLETE_SYMPTOMATIC,
        fact("symptom", symptom),
        figure(s.ferritin, ">=", s.targets.ferritin),
        figure(s.tsat, ">=", s.targets.tsat),
        checked,
        source=s.source["phosphate.symptoms_within_days"],
    )
