"""P2: no more iron of any kind. What stops one product only is a block and lets the other rules go on."""

from __future__ import annotations

from clinical.dosing import label_of
from clinical.facts import HYPERSENSITIVITY_PREFIX
from clinical.gates import any_product_left
from clinical.gestation import second_trimester_from, trimester
from clinical.outcome import Because, Outcome, Profile, Urgency
from clinical.rules.evidence import NOTHING, Hits, fact, figure, hit, shown
from clinical.rules.signs import ANY_CASE, CONDITION, FERRITIN, PREGNANCY, SATURATION, Rule
from clinical.situation import Situation

STOP = Outcome.SAFETY_STOP

FERRITIN_SOFT = "ferritin-soft-stop"

SOFT_STOP_FOR_HAEMATOLOGY = "ferritin-soft-stop-haematology"
"""Beside a soft stop: nothing recorded explains the ferritin, so haematology is asked before any override."""


def ferritin_stop(s: Situation) -> Hits:
    """Ferritin over 800 ug/L; over 700 in kidney disease. The strictest of all conditions held applies."""
    name = "stop.ferritin_hard_ckd" if s.kidney else "stop.ferritin_hard"
    ferritin, limit = s.status_ferritin, s.number[name]
    if ferritin is None or not ferritin.above(limit):
        return NOTHING
    return hit("ferritin-hard-stop", STOP, lambda: (figure(ferritin, ">", limit),), source=s.source[name])


def saturation_stop(s: Situation) -> Hits:
    """Saturation over 50 %; 40 % and over in kidney disease."""
    tsat = s.status_tsat
    test, name = (">=", "stop.tsat_hard_ckd") if s.kidney else (">", "stop.tsat_hard")
    limit = s.number[name]
    if tsat is None or not tsat.meets(test, limit):
        return NOTHING
    return hit("tsat-hard-stop", STOP, lambda: (figure(tsat, test, limit),), source=s.source[name])


def conditions(s: Situation) -> Hits:
    """Bacteria in the blood, and decompensated cirrhosis."""
    found: Hits = NOTHING
    for condition, urgency in (("bacteraemia", Urgency.URGENT), ("decompensated-cirrhosis", Urgency.SOON)):
        if s.has(condition):
            found += hit(
                condition, STOP, shown(fact("condition", condition)), source="Product labels", urgency=urgency
            )
    return found


def first_trimester(s: Situation) -> Hits:
    """Pregnant before 13+0 weeks on the day of the assessment."""
    pregnancy = s.patient.pregnancy
    if pregnancy is None or trimester(pregnancy, s.as_of, s.protocol) != 1:
        return NOTHING
    until = second_trimester_from(pregnancy, s.protocol)
    return hit(
        "first-trimester",
        STOP,
        lambda: (Because("earliest", until.isoformat()),),
        source=s.source["pregnancy.second_trimester"],
    )


def every_product_blocked(s: Situation) -> Hits:
    """Allergies and reactions leave no product at all."""
    if s.course is None or s.child:
        return NOTHING
    held = [c for c in s.conditions if c.startswith(HYPERSENSITIVITY_PREFIX)]
    if not held and not s.times.reacted(s.protocol.dose_tables.values["reaction.asks_grade"]):
        return NOTHING
    label, phosphate = label_of(s.course, s.protocol), s.newest_phosphate_result
    if any_product_left(s.facts, label, s.as_of, s.protocol, phosphate):
        return NOTHING
    return hit(
        "every-product-blocked",
        STOP,
        lambda: tuple([fact("condition", name) for name in sorted(held)]),
        source="Product labels",
    )


def soft_stop(s: Situation) -> Hits:
    """Ferritin over 500, or over 300 with a filled saturation where nothing else explains it: no repeat
    without a reason.
    """
    ferritin, tsat = s.status_ferritin, s.status_tsat
    assert ferritin is not None
    limit = s.number["stop.ferritin_soft"]
    if ferritin.above(limit):
        source = s.source["stop.ferritin_soft"]
        found = hit(FERRITIN_SOFT, None, lambda: (figure(ferritin, ">", limit),), source=source)
        calm = s.number["inflammation.raised"]
        if s.profile is Profile.GENERAL and s.crp is not None and s.crp.below(calm):
            found += hit(SOFT_STOP_FOR_HAEMATOLOGY, None, lambda: (figure(s.crp, "<", calm),), source=source)
        return found
    limit, filled = s.number["stop.ferritin_soft_with_tsat"], s.number["stop.soft_tsat"]
    if s.profile is not Profile.GENERAL or not ferritin.above(limit):
        return NOTHING
    if tsat is None or not tsat.at_least(filled):
        return NOTHING
    return hit(
        FERRITIN_SOFT,
        None,
        lambda: (figure(ferritin, ">", limit), figure(tsat, ">=", filled)),
        source=s.source["stop.ferritin_soft_with_tsat"],
    )


RULES: tuple[tuple[int, Rule], ...] = (
    (FERRITIN, ferritin_stop),
    (SATURATION, saturation_stop),
    (CONDITION, conditions),
    (PREGNANCY, first_trimester),
    (ANY_CASE, every_product_blocked),
    (FERRITIN, soft_stop),
)
