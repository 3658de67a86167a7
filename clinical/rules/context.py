"""What else was looked at: figures that belong on the page though no reason rests on them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from clinical.facts import Sex
from clinical.outcome import Because, Finding, Outcome, Response, Urgency
from clinical.readings import DayValue
from clinical.rules.bleeding import bleeding_named
from clinical.rules.courses import cause_gate
from clinical.rules.evidence import NOTHING, Hits, change_of, fact, figure, hit, shown, two_unit_figure
from clinical.rules.signs import (
    ANY_CASE,
    BALANCE,
    BEFORE_FIRST_DOSE,
    CONDITION,
    EGFR,
    FERRITIN,
    MAY_BE_PREGNANT,
    SATURATION,
    Rule,
)
from clinical.situation import Situation
from clinical.two_units import phosphate_limit

JUDGED = frozenset(
    {
        Outcome.RESPONDED,
        Outcome.OTHER_CAUSE,
        Outcome.INADEQUATE_DOSE,
        Outcome.ONGOING_LOSS,
        Outcome.FUNCTIONAL,
        Outcome.CKD_EPO_DEFICIT,
        Outcome.HYPOPHOSPHATAEMIA,
        Outcome.STORES_REPLETE_SYMPTOMATIC,
        Outcome.INDETERMINATE,
    }
)
"""Outcomes that rest on how haemoglobin answered."""


OVERLOAD_FEMALE = ("overload.tsat_female", "overload.ferritin_female")
OVERLOAD_MALE = ("overload.tsat_male", "overload.ferritin_male")


def kidney_failure(s: Situation) -> Hits:
    """eGFR under 15: nephrology soon, whatever the iron does."""
    limit = s.number["red_flags.egfr_urgent"]
    if s.egfr is None or not s.egfr.below(limit) or s.has("ckd-haemodialysis", "ckd-peritoneal-dialysis"):
        return NOTHING
    return hit(
        "egfr-very-low",
        None,
        lambda: (figure(s.egfr, "<", limit),),
        source=s.source["red_flags.egfr_urgent"],
        urgency=Urgency.URGENT,
    )


def bleeding_by_age(s: Situation) -> Hits:
    """Visible blood in urine from 45, and menstrual bleeding from 55 years on, go to the specialist
    urgently.
    """
    years, found = s.age, NOTHING
    if years is None:
        return found
    for condition, name in (
        ("haematuria", "ages.haematuria_urgent"),
        ("heavy-menstrual-bleeding", "ages.menstrual_bleeding_urgent"),
    ):
        if condition in s.conditions and years >= s.number[name]:
            found += hit(
                f"{condition}-at-age",
                None,
                shown(
                    fact("condition", condition), fact("age", Decimal(years), "year", ">=", s.number[name])
                ),
                source=s.source[name],
                urgency=Urgency.URGENT,
            )
    return found


def pregnancy_to_confirm(s: Situation) -> Hits:
    """A woman of childbearing age about whom nothing is recorded: confirm that she is not pregnant."""
    return hit("pregnancy-to-confirm", None, source=s.source["ages.may_be_pregnant_to"])


def no_iron_status(s: Situation) -> Hits:
    """A first course is planned and neither ferritin nor saturation is known from the last 84 days."""
    if s.course is None:
        return NOTHING
    valid = s.number["status.valid_days"]
    for analyte in ("ferritin", "transferrin-saturation"):
        reading = s.status_reading(analyte)
        if reading is not None and (s.as_of - reading.collected).days <= valid:
            return NOTHING
    return hit("no-iron-status", None, source=s.source["status.valid_days"])


def iron_found(s: Situation) -> Hits:
    """More iron is found again than was given: iron or blood not recorded, inflammation, or a wrong weight."""
    excess = s.number["loss.excess_mg"]
    unexplained = s.balance.unexplained_mg if s.balance is not None else None
    if unexplained is None or unexplained >= -excess:
        return NOTHING
    return hit(
        "more-iron-than-given",
        None,
        lambda: (fact("unexplained", unexplained, "mg", "<", -excess),),
        source=s.source["loss.excess_mg"],
    )


def haemochromatosis(s: Situation) -> Hits:
    """Saturation and ferritin both high for the sex: think of haemochromatosis. Unknown sex counts as male."""
    tsat, ferritin = s.status_tsat, s.status_ferritin
    full_name, stored_name = OVERLOAD_FEMALE if s.patient.sex is Sex.FEMALE else OVERLOAD_MALE
    full, stored = s.number[full_name], s.number[stored_name]
    if tsat is None or ferritin is None or not (tsat.above(full) and ferritin.above(stored)):
        return NOTHING
    source = s.source[full_name]
    return hit(
        "haemochromatosis-to-exclude",
        None,
        lambda: (figure(tsat, ">", full), figure(ferritin, ">", stored)),
        source=source,
    )


def liver_iron(s: Situation) -> Hits:
    """Ferritin over 1000 twice, or saturation of 50 or more: measure liver iron before speaking of overload."""
    limit, full = s.number["overload.ferritin_mri"], s.number["overload.tsat_mri"]
    tsat, ferritin = s.status_tsat, s.status_ferritin
    source = s.source["overload.ferritin_mri"]
    if ferritin is not None and ferritin.above(limit):
        days = s.readings.of("ferritin")
        high = [day.dangerous for day in days if _counts(s, day) and day.dangerous.above(limit)]
        if len(high) >= s.number["overload.ferritin_mri_times"]:
            return hit(
                "liver-iron-to-measure",
                None,
                lambda: tuple([figure(one, ">", limit) for one in high[-2:]]),
                source=source,
            )
    if tsat is not None and tsat.at_least(full):
        return hit("liver-iron-to-measure", None, lambda: (figure(tsat, ">=", full),), source=source)
    return NOTHING


def _counts(s: Situation, day: DayValue) -> bool:
    """Whether a value is far enough from the iron given before it."""
    iron = s.times.last_iron_before(day.collected)
    return iron is None or (day.collected - iron.date).days >= s.status_day(iron)


def lifetime_iron(s: Situation) -> Hits:
    """Much iron in all, by vein and with blood, and no loss recorded that would carry it away."""
    if bleeding_named(s) is not None or s.haemodialysis:
        return NOTHING
    total = Decimal(0)
    for transfusion in s.times.transfusions:
        total += transfusion.units * s.number["iron_model.rbc_unit_mg"]
    for iron in s.times.iron:
        total += iron.dose_mg
    limit = s.number["overload.lifetime_mg"]
    if total < limit:
        return NOTHING
    return hit(
        "lifetime-iron-high",
        None,
        lambda: (fact("lifetime-iron", total, "mg", ">=", limit),),
        source=s.source["overload.lifetime_mg"],
    )


def answer_of_haemoglobin(s: Situation, outcome: Outcome) -> Hits:
    """How haemoglobin answered; it speaks for the outcome where that rests on it."""
    if s.hb is None or not s.valid:
        return NOTHING
    return hit(
        "haemoglobin-response",
        outcome if outcome in JUDGED else None,
        lambda: (
            _against_cut_off(s),
            fact("response", s.response.value),
            figure(s.baseline_hb, what="haemoglobin-baseline"),
            change_of(s.hb, s.baseline_hb),
        ),
        source=s.cut_off.source,
        urgency=Urgency.SOON if s.response is Response.WORSE else Urgency.ROUTINE,
    )


def _against_cut_off(s: Situation) -> Because | None:
    """The follow-up haemoglobin with the limit it meets; alone between the two limits of an unknown sex."""
    hb, limits = s.hb, s.cut_off
    assert hb is not None
    if hb.at_least(limits.recovered_from):
        return figure(hb, ">=", limits.recovered_from)
    return figure(hb, "<", limits.anaemic_below) if hb.below(limits.anaemic_below) else figure(hb)


def checked(s: Situation, used: tuple[Finding, ...]) -> Hits:
    """Follow-up values no reason rests on, each with the limit it was held against."""
    if not s.valid:
        return NOTHING
    speaking = [finding.because for finding in used if finding.outcome is not None]
    named = {one.what for because in speaking for one in because}
    found = NOTHING
    for what, check in CHECKS:
        if what not in named:
            found += check(s)
    return found


def _dose(s: Situation) -> Hits:
    ratio, enough = s.dose.ratio, s.number["dose.ratio_adequate"]
    if ratio is None:
        return NOTHING
    full = ratio >= enough
    code = "dose-was-enough" if full else "dose-below-need"
    return hit(
        code,
        None,
        lambda: (
            fact("dose-ratio", ratio, "ratio", ">=" if full else "<", enough),
            fact("given", s.dose.given_mg, "mg"),
            fact("need", s.dose.need_mg, "mg"),
        ),
        source=s.source["dose.ratio_adequate"],
    )


def _ferritin(s: Situation) -> Hits:
    return _target(s, "ferritin")


def _saturation(s: Situation) -> Hits:
    return _target(s, "transferrin-saturation")


def _target(s: Situation, analyte: str) -> Hits:
    reading = s.index(analyte)
    target = s.targets.ferritin if analyte == "ferritin" else s.targets.tsat
    if reading is None:
        return NOTHING
    full = reading.at_least(target)
    test = ">=" if full else "<"
    row = s.protocol.profiles[s.profile]
    number = row.target_ferritin if analyte == "ferritin" else row.target_tsat
    short = "ferritin" if analyte == "ferritin" else "tsat"
    code = f"{short}-at-target" if full else f"{short}-below-target"
    because = figure(reading, None if full is None else test, None if full is None else target)
    change: Because | None = change_of(reading, s.chosen.baseline.get(analyte))
    return hit(code, None, lambda: (because, change), source=number.source)


def _crp(s: Situation) -> Hits:
    if s.crp is None:
        return NOTHING
    limit = s.number["inflammation.raised"]
    raised = s.crp.at_least(limit)
    if raised is None:
        return hit(
            "inflammation-unclear", None, lambda: (figure(s.crp),), source=s.source["inflammation.raised"]
        )
    code, test = ("inflammation-present", ">=") if raised else ("inflammation-excluded", "<")
    return hit(code, None, lambda: (figure(s.crp, test, limit),), source=s.source["inflammation.raised"])


def _phosphate(s: Situation) -> Hits:
    reading = s.phosphate
    if reading is None:
        return NOTHING
    limit = phosphate_limit(reading, "mild", s.protocol)
    if limit.below is not False:
        return NOTHING
    return hit(
        "phosphate-normal", None, lambda: (two_unit_figure(reading, limit, ">="),), source=limit.source
    )


def _no_bleeding(s: Situation) -> Hits:
    if bleeding_named(s) is not None:
        return NOTHING
    return hit("no-bleeding-recorded", None, source=s.source["loss.ferritin_low_again"])


ALWAYS: tuple[tuple[int, Rule], ...] = (
    (EGFR, kidney_failure),
    (CONDITION, bleeding_by_age),
    (MAY_BE_PREGNANT, pregnancy_to_confirm),
    (ANY_CASE, cause_gate),
    (BEFORE_FIRST_DOSE, no_iron_status),
    (BALANCE, iron_found),
    (FERRITIN | SATURATION, haemochromatosis),
    (ANY_CASE, liver_iron),
    (ANY_CASE, lifetime_iron),
)
"""Findings that do not depend on the verdict but raise its urgency or ask for something."""

CHECKS: tuple[tuple[str, Callable[[Situation], Hits]], ...] = (
    ("dose-ratio", _dose),
    ("ferritin", _ferritin),
    ("transferrin-saturation", _saturation),
    ("crp", _crp),
    ("phosphate", _phosphate),
    ("condition", _no_bleeding),
)
"""What is checked, by the figure that makes the check needless when a reason already shows it."""
