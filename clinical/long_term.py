"""After the verdict: the follow-up series, and when a patient may be discharged from it."""

from __future__ import annotations

from datetime import date

from clinical.outcome import Outcome, Response
from clinical.profile import KIDNEY
from clinical.rules import Verdict
from clinical.rules.bleeding import bleeding_named
from clinical.rules.phosphate import is_primary
from clinical.schedule import add_months, next_follow_up
from clinical.situation import Situation

ENDLESS = (
    "ibd-active",
    "ibd-quiescent",
    "hereditary-haemorrhagic-telangiectasia",
    "bariatric-surgery",
    *KIDNEY,
)
"""Conditions with which iron will be needed again: follow-up every three months without end."""


def only_mild_phosphate(s: Situation, verdict: Verdict) -> bool:
    """A response with a mildly low phosphate and nothing else: looked at again in four weeks."""
    others = [o for o in verdict.contributing if o is not Outcome.HYPOPHOSPHATAEMIA]
    mild = verdict.outcome is Outcome.RESPONDED and "phosphate-low-mild" in verdict.codes
    return mild and not others and not is_primary(s)


def next_day(s: Situation) -> date:
    """The next day of the follow-up series; after its end, three months from the assessment."""
    anchor = s.times.anchor
    assert anchor is not None
    endless = not s.conditions.isdisjoint(ENDLESS) or bleeding_named(s) is not None
    day = next_follow_up(anchor, s.as_of, s.protocol, three_monthly=endless)
    return day or add_months(s.as_of, s.whole["follow_up.ongoing_interval"])


def may_discharge(s: Situation, verdict: Verdict) -> bool:
    """Complete response a year on, haemoglobin and ferritin stable, nothing contributing and no lasting
    cause.
    """
    if (
        verdict.outcome is not Outcome.RESPONDED
        or verdict.contributing
        or s.response is not Response.COMPLETE
    ):
        return False
    if s.day is None or s.day < s.number["follow_up.discharge_from_day"]:
        return False
    pregnant = s.pregnant
    lasting = s.has(*ENDLESS, "heart-failure") or s.kidney or bleeding_named(s) is not None
    return not (pregnant or lasting)
