"""P9: stores are full and the kidneys make too little erythropoietin."""

from __future__ import annotations

from clinical.outcome import Outcome, Response, Urgency
from clinical.profile import KIDNEY
from clinical.protocol.conversions import RETICULOCYTES_ABSOLUTE
from clinical.rules.evidence import NOTHING, Hits, fact, figure, hit
from clinical.situation import Situation


def kidney(s: Situation) -> Hits:
    """Kidney disease, saturation and ferritin filled, haemoglobin low, class not complete."""
    recorded = next((name for name in sorted(KIDNEY) if s.has(name)), None)
    weak = s.egfr is not None and s.egfr.below(s.number["kidney.egfr"])
    if s.response is Response.COMPLETE or (recorded is None and not weak):
        return NOTHING
    full = s.number["kidney.ferritin_hd" if s.haemodialysis else "kidney.ferritin"]
    if s.tsat is None or not s.tsat.at_least(s.number["kidney.tsat"]):
        return NOTHING
    if s.ferritin is None or not s.ferritin.at_least(full):
        return NOTHING
    soon = s.number["red_flags.haemoglobin_soon"]
    return hit(
        "kidney-anaemia",
        Outcome.CKD_EPO_DEFICIT,
        lambda: (
            figure(s.hb, "<", s.cut_off.anaemic_below),
            figure(s.tsat, ">=", s.number["kidney.tsat"]),
            figure(s.ferritin, ">=", full),
            figure(s.egfr, "<", s.number["kidney.egfr"]) if weak else figure(s.egfr),
            fact("condition", recorded) if recorded is not None else None,
            figure(s.index("reticulocytes") or s.index(RETICULOCYTES_ABSOLUTE)),
        ),
        source=s.source["kidney.egfr"],
        urgency=Urgency.SOON if s.hb is not None and s.hb.below(soon) else Urgency.ROUTINE,
        primary=not (_enough_reticulocytes(s) or _on_esa_and_near(s) or _mild_and_inflamed(s)),
    )


def _enough_reticulocytes(s: Situation) -> bool:
    """The marrow answers: reticulocytes not low."""
    percent, absolute = s.index("reticulocytes"), s.index(RETICULOCYTES_ABSOLUTE)
    few = absolute is not None and absolute.below(s.number["kidney.reticulocytes_low_absolute"])
    if percent is not None:
        return not few and percent.at_least(s.number["kidney.reticulocytes_low"]) is True
    return absolute is not None and not few


def _on_esa_and_near(s: Situation) -> bool:
    """Already treated, and haemoglobin at 100 g/L or more."""
    return "on-esa" in s.conditions and s.hb is not None and s.hb.at_least(s.number["kidney.esa_hb"]) is True


def _mild_and_inflamed(s: Situation) -> bool:
    """eGFR 30 to 59 with CRP of 10 or more: inflammation explains as much."""
    if s.egfr is None or s.crp is None or s.has("ckd-haemodialysis", "ckd-peritoneal-dialysis"):
        return False
    mild = s.egfr.at_least(s.number["kidney.egfr_strong"]) and s.egfr.below(s.number["kidney.egfr"])
    return bool(mild) and s.crp.at_least(s.number["inflammation.strong"]) is True
