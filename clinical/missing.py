"""What is not known and could change the outcome or lift a block, the most telling first."""

from __future__ import annotations

from decimal import Decimal

from clinical.blocks import Wish, saturation_not_needed, valid_status
from clinical.facts import Sex
from clinical.outcome import Outcome, Profile, Response
from clinical.profile import SEVERITY_FLAGS
from clinical.protocol.conversions import RETICULOCYTES_ABSOLUTE
from clinical.readings import Reading
from clinical.rules import Verdict
from clinical.rules.signs import POOR
from clinical.situation import Situation

RANK = (
    "haemoglobin",
    "ferritin",
    "transferrin-saturation",
    "phosphate",
    "baseline-haemoglobin",
    "weight",
    "age",
    "crp",
    "vitamin-b12",
    "folate",
    "mcv",
    "egfr",
    "reticulocytes",
    "fit",
    "sex",
    "pregnancy",
    "height",
    "pre-pregnancy-weight",
)
"""Order in which missing facts are named."""

TESTS = frozenset(
    {
        "haemoglobin",
        "ferritin",
        "transferrin-saturation",
        "phosphate",
        "crp",
        "vitamin-b12",
        "folate",
        "mcv",
        "egfr",
        "reticulocytes",
        "fit",
    }
)
"""Those of them that a laboratory can still answer."""

UNSETTLED = frozenset(
    {
        Outcome.INADEQUATE_DOSE,
        Outcome.ONGOING_LOSS,
        Outcome.FUNCTIONAL,
        Outcome.CKD_EPO_DEFICIT,
        Outcome.INDETERMINATE,
        Outcome.OTHER_CAUSE,
    }
)
"""Outcomes that another deficiency could still replace or join."""


def missing(s: Situation, verdict: Verdict, wanted: Wish, stops: tuple[str, ...]) -> tuple[str, ...]:
    """Names of missing facts in rank order."""
    found = _about_person(s)
    found.update(s.dose.needs.missing)
    if s.valid:
        found |= _at_follow_up(s, verdict)
    elif _haemoglobin_due(s):
        found.add("haemoglobin")
    if "neurological-b12-unknown" in verdict.codes:
        found.add("vitamin-b12")
    found |= _for_dose(s, verdict, wanted, stops)
    return tuple(sorted(found, key=RANK.index))


def _about_person(s: Situation) -> set[str]:
    found = set()
    if s.child and s.patient.birth_date is None and s.patient.age_years is None:
        found.add("age")
    if s.patient.sex is Sex.UNKNOWN:
        found.add("sex")
    if s.may_be_pregnant or s.pregnancy_over:
        found.add("pregnancy")
    return found


def _haemoglobin_due(s: Situation) -> bool:
    """A haemoglobin could be taken now and would be the follow-up, or the baseline of a first course."""
    anchor = s.times.anchor
    if anchor is None:
        return s.baseline_hb is None
    day = s.times.day(s.as_of)
    assert day is not None
    if day >= s.number["windows.valid_from_day"]:
        return True
    others = any(
        one.collected > anchor
        for analyte in ("ferritin", "transferrin-saturation")
        for one in s.readings.of(analyte)
    )
    return s.hb is None and others


def _at_follow_up(s: Situation, verdict: Verdict) -> set[str]:
    found = set()
    if s.baseline_hb is None:
        found.add("baseline-haemoglobin")
    if _untold(s.ferritin, s.targets.ferritin):
        found.add("ferritin")
    if _untold(s.tsat, s.targets.tsat) and not saturation_not_needed(s):
        found.add("transferrin-saturation")
    if _untold(s.crp, s.number["inflammation.raised"]) and _crp_would_tell(s):
        found.add("crp")
    if verdict.outcome in UNSETTLED and s.response in (*POOR, Response.NOT_ASSESSABLE):
        found |= {name for name in ("vitamin-b12", "folate") if s.recent_vitamin(name) is None}
        if not s.readings.of("mcv"):
            found.add("mcv")
        found |= _kidney_tests(s, verdict)
    if not s.readings.of("fit") and _fit_would_tell(s, verdict):
        found.add("fit")
    return found


def _untold(reading: Reading | None, limit: Decimal) -> bool:
    """Not measured, or reported as a bound that leaves open on which side of the limit it lies."""
    return reading is None or reading.below(limit) is None


def _crp_would_tell(s: Situation) -> bool:
    """CRP decides between target rows, between functional and not, and whether the balance may be believed."""
    flagged = not s.conditions.isdisjoint(SEVERITY_FLAGS)
    if s.ferritin is None:
        return s.response in POOR and not flagged
    stored = s.ferritin.at_least(s.number["functional.ferritin"]) is not False
    between = s.ferritin.at_least(s.targets.ferritin) and not stored
    if s.profile in (Profile.GENERAL, Profile.IBD) and between:
        return True
    if s.response in POOR and s.tsat_below_target and not flagged:
        return True
    return (
        s.balance is not None and s.balance.unexplained_mg is not None and s.response is not Response.COMPLETE
    )


def _kidney_tests(s: Situation, verdict: Verdict) -> set[str]:
    if Outcome.CKD_EPO_DEFICIT in verdict.reasons:
        counted = s.index("reticulocytes") or s.index(RETICULOCYTES_ABSOLUTE)
        return set() if counted else {"reticulocytes"}
    full = s.ferritin is not None and s.ferritin.at_least(s.number["kidney.ferritin"])
    filled = s.tsat is not None and s.tsat.at_least(s.number["kidney.tsat"])
    return {"egfr"} if full and filled and s.egfr is None and not s.kidney else set()


def _fit_would_tell(s: Situation, verdict: Verdict) -> bool:
    """An adult who was iron-deficient and loses iron, or does not respond, and nobody knows why."""
    if s.child:
        return False
    poor = s.response in (Response.NONE, Response.WORSE)
    return Outcome.ONGOING_LOSS in verdict.reasons or poor or verdict.outcome is Outcome.INDETERMINATE


def _for_dose(s: Situation, verdict: Verdict, wanted: Wish, stops: tuple[str, ...]) -> set[str]:
    found = set()
    if "phosphate-unknown" in verdict.codes or "phosphate-unknown" in stops:
        found.add("phosphate")
    if wanted.first and not _any_recent_status(s):
        found |= {"ferritin", "transferrin-saturation"}
    if s.valid and s.response is not Response.COMPLETE and not valid_status(s):
        if s.status_ferritin is None or not _recent(s, "ferritin"):
            found.add("ferritin")
        if not saturation_not_needed(s) and not _recent(s, "transferrin-saturation"):
            found.add("transferrin-saturation")
    return found


def _any_recent_status(s: Situation) -> bool:
    return _recent(s, "ferritin") or _recent(s, "transferrin-saturation")


def _recent(s: Situation, analyte: str) -> bool:
    reading = s.status_reading(analyte)
    return reading is not None and (s.as_of - reading.collected).days <= s.number["status.valid_days"]
