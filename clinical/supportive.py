"""Figures shown beside an answer: how severe an anaemia is called, and what rise was to be expected.

Pure functions with their own data. No rule, dose or class of response asks for them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from clinical.body import age_months
from clinical.facts import Sex
from clinical.gestation import trimester as trimester_on
from clinical.outcome import AnaemiaLabel, ExpectedRise, Profile
from clinical.protocol.supportive import AnaemiaLabels, Obstetric

if TYPE_CHECKING:
    from clinical.protocol import Protocol
    from clinical.situation import Situation

ZERO = Decimal(0)
MONTHS_PER_YEAR = 12

NONE, MILD, MODERATE, SEVERE = "none", "mild", "moderate", "severe"

CHILDHOOD = ((24, "months_6_23"), (60, "months_24_59"), (144, "years_5_11"))
"""Rows of the anaemia table by the completed months below which they hold."""


def anaemia_label(
    hb: Decimal,
    protocol: Protocol,
    *,
    sex: Sex,
    months: int | None,
    trimester: int | None = None,
    postpartum: bool = False,
    altitude_m: Decimal | None = None,
    smokes: bool = False,
    cigarettes_per_day: Decimal | None = None,
) -> AnaemiaLabel | None:
    """none, mild, moderate or severe by WHO, from haemoglobin in g/L, sex, age in completed months,
    trimester, altitude and smoking. For the label only: nothing else is adjusted.

    What is not known is not adjusted for. None for infants below the table and without a table. With an
    unknown sex the label is None where women and men would be called differently. An altitude the table
    does not reach is a `ValueError`.
    """
    labels = protocol.anaemia_label
    if labels is None or (months is not None and months < labels.youngest_months.value):
        return None
    off = _adjustment(labels, altitude_m, smokes, cigarettes_per_day)
    rows = _rows(protocol, sex, months, trimester, postpartum)
    said = {_severity(hb - off, row, protocol, labels) for row in rows}
    return AnaemiaLabel(
        label=said.pop() if len(said) == 1 else None,
        group=rows[0] if len(rows) == 1 else None,
        cut_off=_cut_off(rows[0], protocol, labels),
        haemoglobin=hb,
        adjusted_by=off,
        version=labels.version,
    )


def _adjustment(
    labels: AnaemiaLabels, altitude_m: Decimal | None, smokes: bool, cigarettes: Decimal | None
) -> Decimal:
    """g/L taken off the measured haemoglobin."""
    rules, off = labels.in_force, ZERO
    if altitude_m is not None:
        if altitude_m >= rules.altitude_to_m.value:
            raise ValueError(f"no adjustment for {altitude_m} m")
        off += rules.altitude.at(altitude_m) or ZERO
    if cigarettes is not None and cigarettes > 0:
        return off + (rules.smoking.at(cigarettes) or ZERO)
    return off + (rules.smoking_unknown_amount.value if smokes else ZERO)


def _rows(
    protocol: Protocol, sex: Sex, months: int | None, trimester: int | None, postpartum: bool
) -> tuple[str, ...]:
    """The row of the table; both rows of adults where the sex is unknown."""
    if trimester is not None:
        return (f"trimester_{trimester}",)
    if postpartum and protocol.site.obstetric is Obstetric.BSH:
        return ("postpartum",)
    if months is not None and months < protocol.values["ages.adult_cut_offs"] * MONTHS_PER_YEAR:
        return (next((row for below, row in CHILDHOOD if months < below), "years_12_14"),)
    return ("female", "male") if sex is Sex.UNKNOWN else (sex.value,)


def _cut_off(row: str, protocol: Protocol, labels: AnaemiaLabels) -> Decimal:
    return labels.postpartum_bsh.value if row == "postpartum" else protocol.values[f"anaemia.{row}"]


def _severity(hb: Decimal, row: str, protocol: Protocol, labels: AnaemiaLabels) -> str:
    if hb >= _cut_off(row, protocol, labels):
        return NONE
    if hb < labels.severe_below[row].value:
        return SEVERE
    return MODERATE if hb < labels.moderate_below[row].value else MILD


def label_of_newest(s: Situation) -> AnaemiaLabel | None:
    """The label of the newest believed haemoglobin, adjusted for the altitude of the site alone."""
    hb = s.newest_hb
    if hb is None or not hb.exact:
        return None
    patient = s.facts.patient
    return anaemia_label(
        hb.value,
        s.protocol,
        sex=patient.sex,
        months=age_months(patient, hb.collected),
        trimester=trimester_on(patient.pregnancy, hb.collected, s.protocol),
        altitude_m=s.protocol.site.altitude_m,
    )


def expected_rise(
    protocol: Protocol,
    *,
    hb: Decimal,
    target_hb: Decimal,
    dose_mg: Decimal,
    weight_kg: Decimal,
    day: int,
    inflamed: bool = False,
    kidney_without_esa: bool = False,
) -> Decimal | None:
    """g/L by which haemoglobin may have risen on a day after the dose. None without a model.

    The smaller of target − haemoglobin (g/L) and share × dose (mg) / (0.24 × weight in kg), times the part
    reached by that day: a straight line between the days of the table.
    """
    model = protocol.expected_rise
    if model is None:
        return None
    per_gl = protocol.values["iron_model.mg_per_kg_per_gl"] * weight_kg
    most = max(ZERO, min(target_hb - hb, model.share_of_iron.value * dose_mg / per_gl))
    rise = most * model.reached.between(Decimal(day))
    if inflamed:
        rise *= model.when_inflamed.value
    return rise * model.kidney_without_esa.value if kidney_without_esa else rise


def rise_at_follow_up(s: Situation) -> ExpectedRise | None:
    """What the iron given could have done by the follow-up haemoglobin, beside what it did."""
    hb0, hb, weight, target = s.chosen.baseline_hb, s.hb, s.dose.needs.weight, s.dose.needs.target_hb
    if hb0 is None or hb is None or weight is None or target is None or s.day is None:
        return None
    if not (hb0.exact and hb.exact):
        return None
    rise = expected_rise(
        s.protocol,
        hb=hb0.value,
        target_hb=target,
        dose_mg=s.dose.given_mg,
        weight_kg=weight.kg,
        day=s.day,
        inflamed=s.profile is Profile.INFLAMED or s.has("cancer"),
        kidney_without_esa=s.kidney and not s.has("on-esa"),
    )
    return None if rise is None else ExpectedRise(day=s.day, expected=rise, measured=hb.value - hb0.value)
