"""P5: another deficiency, another anaemia, or marrow trouble. Cell counts and haemolysis outrank a good
response.
"""

from __future__ import annotations

from clinical.facts import Sex
from clinical.outcome import Outcome, Response, Urgency
from clinical.readings import Reading
from clinical.rules.evidence import NOTHING, Hits, fact, figure, hit, shown, two_unit_figure
from clinical.rules.signs import (
    ANAEMIA,
    ANY_CASE,
    B12,
    CELL_COUNTS,
    FOLATE,
    FOLLOW_UP,
    MCV,
    POOR_RESPONSE,
    RED_CELLS,
    RETICULOCYTES,
    Rule,
)
from clinical.situation import Situation
from clinical.two_units import TwoUnitLimit, b12_limit, folate_limit

OTHER = Outcome.OTHER_CAUSE

MARROW_CODES = frozenset({"neutrophils-low", "platelets-low", "haemolysis", "tsat-high-with-anaemia"})
"""Findings that outrank a response and keep more iron from being given."""

NOT_DEFICIENT = "not-iron-deficient-at-baseline"
"""Keeps a first course from being given: no label allows iron for another anaemia."""


def low_cells(s: Situation) -> Hits:
    """Neutrophils under 1.5 or platelets under 100, in the newest count."""
    found: Hits = NOTHING
    for analyte in ("neutrophils", "platelets"):
        name = f"other_cause.{analyte}_low"
        reading, limit = s.readings.newest(analyte), s.number[name]
        if reading is not None and reading.below(limit):
            found += hit(
                f"{analyte}-low",
                OTHER,
                shown(figure(reading, "<", limit)),
                source=s.source[name],
                urgency=Urgency.URGENT,
            )
    return found


def haemolysis(s: Situation) -> Hits:
    """Many reticulocytes with a high LDH or bilirubin, from day 28 on."""
    retics = s.index("reticulocytes")
    limit = s.number["other_cause.reticulocytes_high"]
    if retics is None or not retics.above(limit) or not _from_day_28(s, retics):
        return NOTHING
    for analyte, name in (("ldh", "other_cause.ldh_high"), ("bilirubin", "other_cause.bilirubin_high")):
        marker = s.index(analyte)
        if marker is not None and marker.above(s.number[name]):
            return hit(
                "haemolysis",
                OTHER,
                shown(figure(retics, ">", limit), figure(marker, ">", s.number[name])),
                source=s.source["other_cause.reticulocytes_high"],
                urgency=Urgency.URGENT,
            )
    return NOTHING


def _from_day_28(s: Situation, reading: Reading) -> bool:
    day = s.times.day(reading.collected)
    return day is not None and day >= s.number["other_cause.haemolysis_from_day"]


def high_saturation(s: Situation) -> Hits:
    """Saturation of 45 or more while haemoglobin is low: iron is there and is not used."""
    limit = s.number["tsat.high_with_low_hb"]
    if s.tsat is None or not s.tsat.at_least(limit):
        return NOTHING
    return hit(
        "tsat-high-with-anaemia",
        OTHER,
        lambda: (figure(s.tsat, ">=", limit), figure(s.hb, "<", s.cut_off.anaemic_below)),
        source=s.source["tsat.high_with_low_hb"],
    )


def large_cells(s: Situation) -> Hits:
    """MCV over 100: of the follow-up; where there is none, the newest from the baseline on."""
    oldest = (s.times.first or s.as_of) - s.span["baseline.other_days"]
    mcv = s.index("mcv") or s.readings.latest("mcv", oldest, s.as_of)
    limit = s.number["other_cause.mcv_high"]
    if mcv is None or not mcv.above(limit):
        return NOTHING
    return hit("mcv-high", OTHER, lambda: (figure(mcv, ">", limit),), source=s.source["other_cause.mcv_high"])


def low_b12(s: Situation) -> Hits:
    """Vitamin B12 under 148 pmol/L, or under 200 where it was reported in pg/mL."""
    b12 = s.recent_vitamin("vitamin-b12")
    return NOTHING if b12 is None else _low("b12-low", b12, b12_limit(b12, s.protocol))


def low_folate(s: Situation) -> Hits:
    """Folate under 7 nmol/L, or under 3 where it was reported in ng/mL."""
    folate = s.recent_vitamin("folate")
    return NOTHING if folate is None else _low("folate-low", folate, folate_limit(folate, s.protocol))


def _low(code: str, reading: Reading, limit: TwoUnitLimit) -> Hits:
    if not limit.below:
        return NOTHING
    return hit(code, OTHER, lambda: (two_unit_figure(reading, limit, "<"),), source=limit.source)


def mentzer(s: Situation) -> Hits:
    """Small cells in great number with iron in store: thalassaemia trait is likelier than iron deficiency."""
    mcv, rbc, limit = s.index("mcv"), s.index("rbc"), s.number["other_cause.mentzer"]
    female = s.patient.sex is Sex.FEMALE
    raised_name = "other_cause.rbc_raised_female" if female else "other_cause.rbc_raised_male"
    if mcv is None or rbc is None or not (mcv.exact and rbc.exact) or rbc.value == 0:
        return NOTHING
    stored = s.ferritin is not None and s.ferritin.at_least(s.number["other_cause.mentzer_ferritin"])
    index = mcv.value / rbc.value
    if not stored or not rbc.above(s.number[raised_name]) or index >= limit:
        return NOTHING
    return hit(
        "mentzer-low",
        OTHER,
        lambda: (
            fact("mentzer-index", index, "ratio", "<", limit),
            figure(mcv),
            figure(rbc, ">", s.number[raised_name]),
            figure(s.ferritin, ">=", s.number["other_cause.mentzer_ferritin"]),
        ),
        source=s.source["other_cause.mentzer"],
    )


def not_iron_deficient_before(s: Situation) -> Hits:
    """Ferritin, saturation and CRP before the first infusion all spoke against iron deficiency."""
    if s.kidney:
        return NOTHING
    ferritin, tsat, crp = (s.chosen.baseline.get(a) for a in ("ferritin", "transferrin-saturation", "crp"))
    if ferritin is None or tsat is None or crp is None:
        return NOTHING
    limits = [s.number[n] for n in ("other_cause.baseline_ferritin", "other_cause.baseline_tsat")]
    calm = s.number["inflammation.raised"]
    if not (ferritin.at_least(limits[0]) and tsat.at_least(limits[1]) and crp.below(calm)):
        return NOTHING
    return hit(
        NOT_DEFICIENT,
        OTHER,
        lambda: (figure(ferritin, ">=", limits[0]), figure(tsat, ">=", limits[1]), figure(crp, "<", calm)),
        source=s.source["other_cause.baseline_ferritin"],
    )


def irida(s: Situation) -> Hits:
    """No response to a full dose, always small cells, little iron in the blood though some in store, no
    CRP.
    """
    before, now = s.chosen.baseline.get("mcv"), s.index("mcv")
    small = s.number["other_cause.mcv_low"]
    if s.response is Response.PARTIAL or s.dose_was_enough is False:
        return NOTHING
    if s.day is None or s.day < s.number["other_cause.irida_from_day"] or before is None or now is None:
        return NOTHING
    severe, stored, calm = (
        s.number[n] for n in ("tsat.severe", "other_cause.irida_ferritin", "inflammation.raised")
    )
    blood = s.tsat is not None and s.tsat.below(severe)
    store = s.ferritin is not None and s.ferritin.at_least(stored)
    quiet = s.crp is not None and s.crp.below(calm)
    if not (before.below(small) and now.below(small) and blood and store and quiet):
        return NOTHING
    return hit(
        "refractory-microcytosis",
        OTHER,
        lambda: (
            figure(now, "<", small),
            figure(before, "<", small, what="mcv-baseline"),
            figure(s.tsat, "<", severe),
            figure(s.ferritin, ">=", stored),
            figure(s.crp, "<", calm),
        ),
        source=s.source["other_cause.irida_from_day"],
        primary=s.dose_was_enough is True,
    )


MARROW: tuple[tuple[int, Rule], ...] = (
    (CELL_COUNTS, low_cells),
    (RETICULOCYTES | FOLLOW_UP, haemolysis),
    (ANAEMIA, high_saturation),
)
REST: tuple[tuple[int, Rule], ...] = (
    (MCV, large_cells),
    (B12, low_b12),
    (FOLATE, low_folate),
    (RED_CELLS | MCV | FOLLOW_UP, mentzer),
    (ANY_CASE, not_iron_deficient_before),
    (POOR_RESPONSE | MCV, irida),
)
