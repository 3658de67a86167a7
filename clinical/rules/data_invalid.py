"""P0: values, dates and doses that cannot be right. Only what the verdict stands on becomes the outcome."""

from __future__ import annotations

from decimal import Decimal

from clinical.facts import LabResult
from clinical.outcome import Because, Outcome, Urgency
from clinical.quantities import (
    Level,
    UnknownUnitError,
    body_plausibility,
    canonical,
    possible_canonical_values,
)
from clinical.readings import Doubt
from clinical.rules.evidence import NOTHING, Hits, fact, figure, hit, shown
from clinical.rules.signs import ANY_CASE, CONTRADICTION, DOUBT, INVALID_INFUSION, Rule
from clinical.rules.urgent import BONE, HEART, LOW_PHOSPHATE_SYMPTOMS
from clinical.situation import Situation

HIDDEN_RED_FLAG = "may-hide-red-flag"

INVALID_CODES = frozenset(
    {
        "unknown-unit",
        "implausible",
        "same-day-conflict",
        "collected-after-assessment",
        "collected-before-birth",
        "infusion-invalid",
        "pregnancy-in-male",
        "label-unknown",
        "weight-implausible",
        "height-implausible",
        "tsat-conflict",
        HIDDEN_RED_FLAG,
    }
)
"""Findings that ask for a correction of the record."""

WRONG_DAY = frozenset({"collected-after-assessment", "collected-before-birth"})
"""Doubts about the day and not about the number."""

JUST_OVER = Decimal("0.001")
"""A fall counts from its limit on."""

SOURCE = "Plausibility limits of the protocol"


def doubtful_results(s: Situation) -> Hits:
    """One finding per result that is not believed; the outcome when the verdict stands on it."""
    found: Hits = NOTHING
    for doubt in s.readings.doubts:
        if not doubt.rejected:
            continue
        decides = _removes_index(s, doubt) or _removes_baseline(s, doubt)
        outcome = Outcome.DATA_INVALID if decides else None
        hidden = _may_hide_red_flag(s, doubt)
        urgency = Urgency.URGENT if hidden else None
        found += hit(doubt.why, outcome, shown(_as_written(doubt.result)), source=SOURCE, urgency=urgency)
        if hidden:
            found += hit(
                HIDDEN_RED_FLAG,
                None,
                shown(_as_written(doubt.result)),
                source=SOURCE,
                urgency=Urgency.URGENT,
            )
    return found


def _as_written(result: LabResult) -> Because:
    value: Decimal | str = result.value
    if result.comparator is not None:
        value = f"{result.comparator}{result.value}"
    return Because(result.analyte, value, result.unit, result.collected)


def _removes_index(s: Situation, doubt: Doubt) -> bool:
    """Whether this haemoglobin would have been the follow-up one."""
    result, anchor = doubt.result, s.times.anchor
    if result.analyte != "haemoglobin" or anchor is None or not anchor < result.collected <= s.as_of:
        return False
    if s.hb is None:
        return True
    counts = (result.collected - anchor).days >= s.number["windows.valid_from_day"]
    if s.valid:
        return counts and result.collected > s.hb.collected
    return counts or result.collected > s.hb.collected


def _removes_baseline(s: Situation, doubt: Doubt) -> bool:
    """Whether this is the only haemoglobin before the first infusion, and a follow-up exists."""
    first, result = s.times.first, doubt.result
    if result.analyte != "haemoglobin" or first is None or s.hb is None or s.baseline_hb is not None:
        return False
    return first - s.span["baseline.haemoglobin_days"] <= result.collected <= first


def _may_hide_red_flag(s: Situation, doubt: Doubt) -> bool:
    """Whether the number, set aside, would be a red flag: in its own unit when only its day is wrong, else in
    any unit it may have been meant in.
    """
    result = doubt.result
    if doubt.conflict or result.analyte not in ("haemoglobin", "phosphate"):
        return False
    limit = _haemoglobin_limit(s, result) if result.analyte == "haemoglobin" else _phosphate_limit(s)
    if doubt.why in WRONG_DAY:
        try:
            values = [canonical(result.analyte, result.value, result.unit, s.protocol)]
        except UnknownUnitError:
            values = _in_any_unit(s, result)
    else:
        values = _in_any_unit(s, result)
    return any(value < limit for value in values)


def _in_any_unit(s: Situation, result: LabResult) -> list[Decimal]:
    return [value for _, value in possible_canonical_values(result.analyte, result.value, s.protocol)]


def _haemoglobin_limit(s: Situation, result: LabResult) -> Decimal:
    """The haemoglobin under which this result would be a red flag for this patient: a number, or a fall."""
    names = ["red_flags.haemoglobin"]
    if s.late_pregnancy:
        names.append("red_flags.haemoglobin_late_pregnancy")
    if "tachycardia" in s.symptoms:
        names.append("red_flags.haemoglobin_tachycardia")
    if not s.conditions.isdisjoint(HEART) or "rectal-bleeding" in s.symptoms:
        names.append("red_flags.haemoglobin_heart")
    limits = [s.number[name] for name in names]
    since = result.collected - s.span["red_flags.fall_within_days"]
    for day in s.readings.of("haemoglobin"):
        if since <= day.collected < result.collected <= s.as_of:
            limits.append(day.dangerous.value - s.number["red_flags.fall"] + JUST_OVER)
    return max(limits)


def _phosphate_limit(s: Situation) -> Decimal:
    """The highest phosphate that would be a red flag for this patient."""
    if not s.symptoms.isdisjoint(BONE):
        return s.number["phosphate.mild"]
    return s.number[
        "phosphate.moderate" if not s.symptoms.isdisjoint(LOW_PHOSPHATE_SYMPTOMS) else "phosphate.severe"
    ]


def invalid_infusions(s: Situation) -> Hits:
    """Infusions without a dose or before birth: the course itself cannot be read; of an earlier course, a
    finding.
    """
    found: Hits = NOTHING
    for infusions, outcome in ((s.times.invalid, Outcome.DATA_INVALID), (s.times.invalid_before, None)):
        for infusion in infusions:
            test, limit = _impossible_dose(s, infusion.dose_mg)
            dose = Because("infusion", infusion.dose_mg, "mg", infusion.date, test, limit)
            found += hit("infusion-invalid", outcome, shown(dose), source=SOURCE)
    return found


def _impossible_dose(s: Situation, dose_mg: Decimal) -> tuple[str | None, Decimal | None]:
    """The limit a dose breaks; none when its day is wrong."""
    most = s.number["dose.implausible_mg"]
    if dose_mg <= 0:
        return "<=", Decimal(0)
    return (">", most) if dose_mg > most else (None, None)


def contradictions(s: Situation) -> Hits:
    """A pregnancy recorded for a man; a label the product does not have."""
    found: Hits = NOTHING
    if s.pregnancy_impossible:
        found += hit("pregnancy-in-male", None, lambda: (fact("sex", s.patient.sex.value),), source=SOURCE)
    if s.label_unknown and s.course is not None:
        found += hit("label-unknown", None, shown(fact("product", s.course.product.value)), source=SOURCE)
    return found


def body_measures(s: Situation) -> Hits:
    """A weight or height nobody has, or one to ask about."""
    patient = s.patient
    found = _measure(s, "weight", patient.weight_kg, "kg")
    if patient.pregnancy is not None:
        found += _measure(s, "weight", patient.pregnancy.pre_pregnancy_weight_kg, "kg")
    return found + _measure(s, "height", patient.height_cm, "cm")


def _measure(s: Situation, measure: str, value: Decimal | None, unit: str) -> Hits:
    if value is None:
        return NOTHING
    soft_low, soft_high = s.protocol.analytes.body[measure].soft
    if soft_low <= value <= soft_high:
        return NOTHING
    rejected = body_plausibility(measure, value, s.protocol).level is Level.REJECT
    code = f"{measure}-implausible" if rejected else "confirm"
    return hit(code, None, lambda: (fact(measure, value, unit),), source=SOURCE)


def saturation_conflicts(s: Situation) -> Hits:
    """Measured and computed saturation of one day on two sides of a limit."""
    found: Hits = NOTHING
    for measured, computed in s.readings.tsat_conflicts:
        computed_figure = figure(computed, what="transferrin-saturation-computed")
        found += hit(
            "tsat-conflict",
            None,
            shown(figure(measured), computed_figure),
            source=s.source["tsat.conflict"],
        )
    return found


def to_confirm(s: Situation) -> Hits:
    """Values that are used and asked about, and states that should be confirmed."""
    found: Hits = NOTHING
    for doubt in s.readings.doubts:
        if not doubt.rejected:
            found += hit("confirm", None, shown(_as_written(doubt.result)), source=SOURCE)
    found += _ferritin_soon_after_iron(s)
    if s.pregnancy_over:
        found += hit("pregnancy-over", None, source=s.source["pregnancy.over"])
    return found


def _ferritin_soon_after_iron(s: Situation) -> Hits:
    """A ferritin within four weeks of iron that is high even for that, and not asked about already."""
    limit, days = s.number["status.ferritin_confirm_after_iron"], s.whole["status.from_day"]
    found: Hits = NOTHING
    for day in s.readings.of("ferritin"):
        if not day.dangerous.above(limit):
            continue
        iron = s.times.last_iron_before(day.collected)
        asked = {d.result.collected for d in s.readings.doubts if d.result.analyte == "ferritin"}
        if iron is None or (day.collected - iron.date).days >= days or day.collected in asked:
            continue
        source = s.source["status.ferritin_confirm_after_iron"]
        found += hit("confirm", None, shown(figure(day.dangerous, ">", limit)), source=source)
    return found


RULES: tuple[tuple[int, Rule], ...] = (
    (DOUBT, doubtful_results),
    (INVALID_INFUSION, invalid_infusions),
    (CONTRADICTION, contradictions),
    (ANY_CASE, body_measures),
    (ANY_CASE, saturation_conflicts),
    (ANY_CASE, to_confirm),
)
