"""P8: iron is there, inflammation or another illness keeps it from being used."""

from __future__ import annotations

from clinical.outcome import Outcome
from clinical.profile import SEVERITY_FLAGS
from clinical.rules.evidence import NOTHING, Hits, fact, figure, hit
from clinical.rules.signs import POOR
from clinical.situation import Situation


def functional(s: Situation) -> Hits:
    """Poor response to enough iron, saturation low, ferritin filled, with CRP raised or an illness
    recorded.
    """
    if s.dose_was_enough is False:
        return NOTHING
    full_name = "functional.ferritin_hd" if s.haemodialysis else "functional.ferritin"
    full, low = s.number[full_name], s.number["tsat.deficient"]
    raised = s.number["inflammation.raised"]
    if s.tsat is None or not s.tsat.below(low) or s.ferritin is None or not s.ferritin.at_least(full):
        return _mixed(s)
    flag = next((name for name in sorted(SEVERITY_FLAGS) if s.has(name)), None)
    flag = flag or ("egfr" if s.kidney else None)
    inflamed = s.crp.at_least(raised) if s.crp is not None else None
    if flag is None and inflamed is False:
        return NOTHING
    return hit(
        "iron-not-used",
        Outcome.FUNCTIONAL,
        lambda: (
            figure(s.tsat, "<", low),
            figure(s.ferritin, ">=", full),
            figure(s.crp, ">=", raised) if inflamed else figure(s.crp),
            fact("condition", flag) if flag is not None else None,
        ),
        source=s.source["functional.ferritin"],
        primary=s.dose_was_enough is True,
        possible=flag is None and inflamed is None,
    )


def held_back_unexplained(s: Situation) -> bool:
    """The pattern of iron that is not used, with CRP not raised and no illness recorded: another anaemia,
    perhaps inherited, is looked for.
    """
    if not s.valid or s.response not in POOR or s.dose_was_enough is not True:
        return False
    if s.tsat is None or s.ferritin is None or s.crp is None or s.kidney or s.has(*SEVERITY_FLAGS):
        return False
    low = s.tsat.below(s.number["tsat.deficient"])
    full = s.ferritin.at_least(s.number["functional.ferritin"])
    return bool(low and full and s.crp.below(s.number["inflammation.raised"]))


def _mixed(s: Situation) -> Hits:
    """Ferritin 30 to 99 with a strongly raised CRP: deficiency and inflammation together."""
    full, some, strong = (
        s.number[n] for n in ("functional.ferritin", "functional.mixed_ferritin", "inflammation.strong")
    )
    if s.ferritin is None or s.tsat is None or not s.tsat.below(s.number["tsat.deficient"]):
        return NOTHING
    if s.crp is None or not s.crp.at_least(strong):
        return NOTHING
    if not (s.ferritin.at_least(some) and s.ferritin.below(full)):
        return NOTHING
    return hit(
        "mixed-deficiency",
        Outcome.FUNCTIONAL,
        lambda: (figure(s.ferritin, "<", full), figure(s.crp, ">=", strong), figure(s.tsat)),
        source=s.source["functional.mixed_ferritin"],
        primary=False,
    )
