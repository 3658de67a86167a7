"""P12: none of the reasons fits, or no verdict may be given without a clinician."""

from __future__ import annotations

from decimal import Decimal

from clinical.outcome import Outcome, Urgency
from clinical.rules.evidence import Hits, fact, figure, hit
from clinical.situation import Situation


def _urgency(s: Situation) -> Urgency:
    """Sooner when haemoglobin is under 100 g/L."""
    low = s.hb is not None and s.hb.below(s.number["red_flags.haemoglobin_soon"])
    return Urgency.SOON if low else Urgency.ROUTINE


def child(s: Situation) -> Hits:
    """Under 18, or of unknown age: a clinician decides."""
    years = s.age
    code = "age-unknown" if years is None else "child"
    return hit(
        code,
        Outcome.INDETERMINATE,
        lambda: (fact("age", None if years is None else Decimal(years), "year"),),
        source=s.source["ages.adult"],
        urgency=_urgency(s),
    )


def nothing_fits(s: Situation) -> Hits:
    """No reason fits the figures there are."""
    code = "transfusion-hides-response" if s.change.undecided_by_transfusion else "no-reason-fits"
    return hit(
        code,
        Outcome.INDETERMINATE,
        lambda: (figure(s.hb), fact("response", s.response.value)),
        source="Order of the rules of the protocol",
        urgency=_urgency(s),
    )
