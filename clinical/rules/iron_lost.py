"""Iron that cannot be found again: the balance from the baseline on, and between two later follow-ups."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clinical.iron_balance import not_convertible, pregnant_between, usable_ferritin
from clinical.outcome import Outcome
from clinical.readings import DayValue, Reading
from clinical.rules.evidence import NOTHING, Hits, fact, figure, hit
from clinical.situation import Situation

LOSS = Outcome.ONGOING_LOSS


def _pregnant_in_span(s: Situation) -> bool:
    first = s.times.first
    return (
        first is not None
        and s.hb is not None
        and pregnant_between(s.facts, first, s.hb.collected, s.protocol)
    )


def unexplained_iron(s: Situation) -> tuple[Hits, Decimal | None]:
    """(a) Unexplained iron above the noise of the day; from two later values, or from the baseline on."""
    two = _two_values(s)
    if two:
        return two
    balance = s.balance
    if (
        balance is None
        or balance.unexplained_mg is None
        or balance.loss_mg_per_month is None
        or s.day is None
    ):
        return NOTHING, None
    late = s.day >= s.number["loss.late_from_day"]
    floor_name = "loss.floor_late_mg" if late else "loss.floor_early_mg"
    floor, rate = s.number[floor_name], balance.loss_mg_per_month
    if balance.unexplained_mg < floor:
        return NOTHING, None
    if late and rate < s.number["loss.rate_late_mg_per_month"]:
        return NOTHING, None
    if not late and not _low_iron(s):
        return NOTHING, None
    hb0 = s.baseline_hb
    blood = hb0 is not None and s.hb is not None and s.times.units_between(hb0.collected, s.hb.collected) > 0
    found = hit(
        "iron-unexplained",
        LOSS,
        lambda: (
            fact("unexplained", balance.unexplained_mg, "mg", ">=", floor),
            fact("loss-rate", rate, "mg/month", ">=", s.number["loss.rate_late_mg_per_month"])
            if late
            else None,
            fact("oral-iron", _oral(s)),
            fact("transfusions", "recorded" if blood else "none-recorded"),
            figure(s.crp) or fact("crp", None),
        ),
        source=s.source[floor_name],
        primary=not blood,
    )
    return found, rate


def _low_iron(s: Situation) -> bool:
    """Ferritin under 50 or saturation under 20: before day 120 the balance alone proves nothing."""
    ferritin = s.ferritin is not None and s.ferritin.below(s.number["loss.early_ferritin_below"])
    return bool(ferritin) or bool(s.tsat is not None and s.tsat.below(s.number["loss.early_tsat_below"]))


def _oral(s: Situation) -> str:
    """Whether oral iron overlaps the span: then the true loss is larger still."""
    first, hb = s.times.first, s.hb
    assert first is not None
    assert hb is not None
    for oral in s.facts.oral_iron:
        if oral.since <= hb.collected and (oral.until is None or oral.until >= first):
            return "recorded-loss-is-at-least"
    return "none-recorded"


def _two_values(s: Situation) -> tuple[Hits, Decimal] | None:
    """Loss between two follow-ups, both from day 85 on, no iron between."""
    earlier, weight = _earlier_pair(s), s.dose.needs.weight
    if earlier is None or weight is None or s.hb is None or s.ferritin is None or not s.hb.exact:
        return None
    hb1, ferritin1 = earlier
    reason = not_convertible(s.facts, (ferritin1, s.ferritin), s.crp, s.egfr, s.protocol)
    before, after = usable_ferritin(ferritin1, s.protocol), usable_ferritin(s.ferritin, s.protocol)
    if reason is not None or before is None or after is None or _pregnant_in_span(s):
        return None
    day1, day2 = s.times.day(hb1.collected), s.times.day(s.hb.collected)
    assert day1 is not None
    assert day2 is not None
    late = min(day1, day2) >= s.number["iron_model.factor_late_from_day"]
    factor = s.number["iron_model.ferritin_factor_late" if late else "iron_model.ferritin_factor_middle"]
    blood = s.times.units_between(hb1.collected, s.hb.collected)
    per_gl = s.number["iron_model.mg_per_kg_per_gl"] * weight.kg
    lost = per_gl * (hb1.value - s.hb.value) + factor * (before - after)
    lost += blood * s.number["iron_model.rbc_unit_mg"]
    rate = lost / (Decimal(day2 - day1) / s.number["iron_model.days_per_month"])
    floor, slow = s.number["loss.floor_late_mg"], s.number["loss.rate_late_mg_per_month"]
    if lost < floor or rate < slow:
        return None
    found = hit(
        "iron-lost-between-labs",
        LOSS,
        lambda: (
            fact("unexplained", lost, "mg", ">=", floor),
            fact("loss-rate", rate, "mg/month", ">=", slow),
            figure(hb1),
            figure(s.hb),
            figure(ferritin1),
            figure(s.ferritin),
        ),
        source=s.source["loss.floor_late_mg"],
        primary=not blood,
    )
    return found, rate


def _earlier_pair(s: Situation) -> tuple[Reading, Reading] | None:
    """The earliest haemoglobin and ferritin of one day from day 85 on, before the follow-up."""
    anchor = s.times.anchor
    assert anchor is not None
    assert s.hb is not None
    first = anchor + s.span["loss.two_labs_from_day"]
    quiet = s.whole["red_flags.after_transfusion_days"]
    for day in s.readings.days["haemoglobin"]:
        if not first <= day.collected < s.hb.collected or day.usable is None or not day.usable.exact:
            continue
        if s.times.soon_after_transfusion(day.collected, quiet):
            continue
        ferritin = _of_day(s.readings.of("ferritin"), day.collected)
        if ferritin is not None:
            return day.usable, ferritin
    return None


def _of_day(days: tuple[DayValue, ...], on: date) -> Reading | None:
    """The usable value of a day."""
    return next((day.usable for day in days if day.collected == on), None)
