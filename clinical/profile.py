"""Which target row applies: the first profile that holds at the follow-up values."""

from __future__ import annotations

from clinical.facts import Facts
from clinical.gestation import is_pregnant
from clinical.outcome import Profile
from clinical.person import pregnancy_is_over
from clinical.protocol import Protocol
from clinical.readings import Reading, Readings
from clinical.selection import Selection

KIDNEY = frozenset({"ckd-non-dialysis", "ckd-haemodialysis", "ckd-peritoneal-dialysis"})
INFLAMMATORY = frozenset({"ibd-active", "cancer", "autoimmune-inflammatory"})
SEVERITY_FLAGS = KIDNEY | {
    "heart-failure",
    "ibd-active",
    "ibd-quiescent",
    "cancer",
    "autoimmune-inflammatory",
}
"""Conditions that may keep iron from being used even when CRP says nothing."""


def low_egfr(egfr: Reading | None, protocol: Protocol) -> bool:
    """eGFR under 30: kidney disease without a diagnosis written down."""
    return egfr is not None and egfr.below(protocol.values["kidney.egfr_strong"]) is True


def choose_profile(
    facts: Facts, readings: Readings, chosen: Selection, egfr: Reading | None, protocol: Protocol
) -> Profile:
    """The first profile that holds, at the follow-up values; before them at the baseline."""
    held = facts.patient.conditions
    day = chosen.index_hb.collected if chosen.index_hb is not None else facts.as_of
    if is_pregnant(facts.patient.pregnancy, day, protocol) and not pregnancy_is_over(facts, protocol):
        return Profile.PREGNANT
    if "ckd-haemodialysis" in held:
        return Profile.CKD_HD
    if held & KIDNEY or low_egfr(egfr, protocol):
        return Profile.CKD_ND
    if "heart-failure" in held:
        return Profile.HEART_FAILURE
    if held & INFLAMMATORY or _crp_raised(readings, chosen, protocol):
        return Profile.INFLAMED
    return Profile.IBD if "ibd-quiescent" in held else Profile.GENERAL


def _crp_raised(readings: Readings, chosen: Selection, protocol: Protocol) -> bool:
    """CRP at 5 or more within a week of the follow-up ferritin; without a valid follow-up, at the baseline."""
    crp = chosen.baseline.get("crp")
    if chosen.valid and chosen.index_hb is not None:
        ferritin = chosen.index.get("ferritin")
        day = ferritin.collected if ferritin is not None else chosen.index_hb.collected
        crp = readings.nearest("crp", day, protocol.wholes["inflammation.near_ferritin_days"])
    return crp is not None and crp.at_least(protocol.values["inflammation.raised"]) is True
