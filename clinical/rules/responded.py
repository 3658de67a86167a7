"""P4: the iron worked, and nothing speaks of a relapse."""

from __future__ import annotations

from clinical.outcome import Outcome, Response
from clinical.rules.evidence import Hits, change_of, fact, figure, hit
from clinical.rules.ongoing_loss import Loss
from clinical.situation import Situation


def has_responded(s: Situation, loss: Loss) -> bool:
    """Class complete or adequate, no sign of loss; after day 84 haemoglobin near its best and ferritin at
    30 or more.
    """
    if not s.valid or s.response not in (Response.COMPLETE, Response.ADEQUATE):
        return False
    if loss.speaks_against_response:
        return False
    return not (_is_late(s) and _ferritin_low(s))


def _is_late(s: Situation) -> bool:
    return s.day is not None and s.day > s.number["windows.late_response_after_day"]


def _ferritin_low(s: Situation) -> bool:
    return s.ferritin is not None and s.ferritin.below(s.number["response.ferritin_adequate"]) is not False


def responded(s: Situation) -> Hits:
    """The response with the figures it rests on, where it has been found."""
    return hit(
        f"response-{s.response.value}",
        Outcome.RESPONDED,
        lambda: (
            figure(s.hb, ">=", s.cut_off.recovered_from) if _recovered(s) else figure(s.hb),
            figure(s.ferritin, ">=", s.targets.ferritin) if s.stores_full else figure(s.ferritin),
            fact("response", s.response.value),
            change_of(s.hb, s.baseline_hb),
        ),
        source=s.source["response.adequate_rise"],
    )


def _recovered(s: Situation) -> bool:
    return s.hb is not None and s.hb.at_least(s.cut_off.recovered_from) is True
