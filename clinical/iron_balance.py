"""Iron given minus iron found again in haemoglobin and in stores: what is left was lost, or cannot be
computed.

Ferritin overshoots after an infusion, so one ug/L stands for less iron early than late; in inflammation,
kidney or liver disease and at high ferritin it stands for no known amount, and the balance says so instead
of guessing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clinical.facts import Facts
from clinical.outcome import IronBalance
from clinical.protocol import Protocol
from clinical.readings import Reading
from clinical.selection import Selection
from clinical.timeline import Timeline

LIVER = frozenset({"chronic-liver-disease", "decompensated-cirrhosis"})
DIALYSIS = frozenset({"ckd-haemodialysis", "ckd-peritoneal-dialysis"})


def ferritin_factor(day: int, protocol: Protocol) -> Decimal:
    """mg of iron that one ug/L of ferritin stands for on a day after the last infusion."""
    if day >= protocol.values["iron_model.factor_late_from_day"]:
        return protocol.values["iron_model.ferritin_factor_late"]
    if day >= protocol.values["iron_model.factor_middle_from_day"]:
        return protocol.values["iron_model.ferritin_factor_middle"]
    return protocol.values["iron_model.ferritin_factor_early"]


def pregnant_between(facts: Facts, first: date, last: date, protocol: Protocol) -> bool:
    """Whether a pregnancy overlaps a span of days: the child takes iron that no balance can see."""
    pregnancy = facts.patient.pregnancy
    if pregnancy is None:
        return False
    over = protocol.values["pregnancy.over"] * 7
    at_first = pregnancy.weeks * 7 + (first - pregnancy.on).days
    at_last = pregnancy.weeks * 7 + (last - pregnancy.on).days
    return at_last >= 0 and at_first <= over


def not_convertible(
    facts: Facts,
    ferritins: tuple[Reading, ...],
    crp: Reading | None,
    egfr: Reading | None,
    protocol: Protocol,
) -> str | None:
    """Code of the reason why ferritin cannot be turned into mg, or None."""
    if crp is not None and crp.below(protocol.values["inflammation.strong"]) is not True:
        return "inflammation"
    if facts.patient.conditions & DIALYSIS:
        return "dialysis"
    if egfr is not None and egfr.below(protocol.values["iron_model.factor_not_with_egfr_below"]) is not False:
        return "kidney-disease"
    if facts.patient.conditions & LIVER:
        return "liver-disease"
    limit = protocol.values["iron_model.factor_not_with_ferritin_above"]
    if any(reading.above(limit) is not False for reading in ferritins):
        return "ferritin-too-high"
    return None


def usable_ferritin(reading: Reading, protocol: Protocol) -> Decimal | None:
    """The ferritin as a number: `<v` counts as v up to 15 ug/L, any other bound as unknown."""
    if reading.exact:
        return reading.value
    limit = protocol.values["iron_model.censored_ferritin_taken_as_value_to"]
    return reading.value if reading.comparator == "<" and reading.value <= limit else None


def iron_balance(
    facts: Facts,
    selection: Selection,
    times: Timeline,
    weight_kg: Decimal | None,
    egfr: Reading | None,
    protocol: Protocol,
) -> IronBalance | None:
    """The balance from baseline to follow-up; None without a valid follow-up.

    `weight_kg` is the weight the need was computed with. Red-cell units of the span count as iron given.
    """
    hb = selection.index_hb
    if hb is None or not selection.valid or times.first is None:
        return None
    given = times.given_mg(hb.collected)
    reason = _reason(facts, selection, weight_kg, egfr, times.first, protocol)
    if reason is not None:
        return IronBalance(given_mg=given, not_computable=reason)
    hb0, ferritin0 = selection.baseline_hb, selection.baseline["ferritin"]
    ferritin = selection.index["ferritin"]
    assert hb0 is not None
    assert weight_kg is not None
    before, after = usable_ferritin(ferritin0, protocol), usable_ferritin(ferritin, protocol)
    assert before is not None
    assert after is not None
    day = times.day(ferritin.collected)
    assert day is not None
    factor = ferritin_factor(day, protocol)
    in_hb = protocol.values["iron_model.mg_per_kg_per_gl"] * weight_kg * (hb.value - hb0.value)
    in_stores = factor * (after - before)
    blood = times.units_between(hb0.collected, hb.collected) * protocol.values["iron_model.rbc_unit_mg"]
    unexplained = given + blood - in_hb - in_stores
    months = Decimal((hb.collected - times.first).days) / protocol.values["iron_model.days_per_month"]
    rate = unexplained / months
    blood_ml = rate / (protocol.values["iron_model.iron_fraction_of_hb"] * hb.value) if hb.value > 0 else None
    return IronBalance(given, in_hb, in_stores, unexplained, rate, factor, blood_ml)


def _reason(
    facts: Facts,
    selection: Selection,
    weight_kg: Decimal | None,
    egfr: Reading | None,
    first: date,
    protocol: Protocol,
) -> str | None:
    hb, hb0 = selection.index_hb, selection.baseline_hb
    ferritin, ferritin0 = selection.index.get("ferritin"), selection.baseline.get("ferritin")
    if weight_kg is None:
        return "weight-unknown"
    if hb is None or hb0 is None or not hb.exact or not hb0.exact:
        return "haemoglobin-unknown"
    if ferritin0 is None:
        return "baseline-ferritin-unknown"
    if ferritin is None:
        return "ferritin-unknown"
    if usable_ferritin(ferritin, protocol) is None or usable_ferritin(ferritin0, protocol) is None:
        return "ferritin-only-a-bound"
    if pregnant_between(facts, first, hb.collected, protocol):
        return "pregnancy"
    return not_convertible(facts, (ferritin0, ferritin), selection.index.get("crp"), egfr, protocol)
