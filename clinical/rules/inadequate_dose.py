"""P6: too little iron was given, and stores are still low."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from clinical.dosing import GANZONI, LABEL_TABLE
from clinical.outcome import Because, Outcome
from clinical.rules.evidence import NOTHING, Hits, fact, figure, hit, shown
from clinical.situation import Situation

DOSE_CODES = frozenset({"dose-too-small", "course-stopped-early", "dose-too-small-unweighed"})


def inadequate_dose(s: Situation) -> Hits:
    """Given under 0.80 of the need, or the course was stopped early, with ferritin or saturation below
    target.
    """
    if not s.valid or not (s.ferritin_below_target or s.tsat_below_target):
        return NOTHING
    low = s.number["dose.ratio_adequate"]
    if s.dose.ratio is not None and s.dose.ratio < low:
        return _too_small(
            s,
            "dose-too-small",
            lambda: fact("dose-ratio", s.dose.ratio, "ratio", "<", low),
            source=s.source["dose.ratio_adequate"],
        )
    if stopped_early(s):
        planned = s.course.planned_mg if s.course is not None else None
        return _too_small(
            s,
            "course-stopped-early",
            lambda: fact("planned", planned, "mg"),
            source=s.source["dose.smallest_mg"],
        )
    return _unweighed(s) if s.dose.ratio is None else NOTHING


def _too_small(s: Situation, code: str, first: Callable[[], Because], source: str) -> Hits:
    return hit(
        code,
        Outcome.INADEQUATE_DOSE,
        lambda: (
            first(),
            fact("given", s.dose.given_mg, "mg"),
            fact("need", s.dose.need_mg, "mg"),
            figure(s.ferritin, "<", s.targets.ferritin) if s.ferritin_below_target else None,
            figure(s.tsat, "<", s.targets.tsat) if s.tsat_below_target else None,
        ),
        source=source,
    )


def _unweighed(s: Situation) -> Hits:
    """No weight, so no need: under 1000 mg at a haemoglobin under 100 g/L was too little for anyone."""
    hb0, severe = s.baseline_hb, s.number["dose.severe_haemoglobin"]
    enough = s.number["dose.unknown_need_given_mg"]
    if s.dose.needs.weight is not None or hb0 is None or not hb0.below(severe) or s.dose.given_mg >= enough:
        return NOTHING
    source = s.source["dose.unknown_need_given_mg"]
    return _too_small(
        s, "dose-too-small-unweighed", lambda: fact("given", s.dose.given_mg, "mg", "<", enough), source
    )


def stopped_early(s: Situation) -> bool:
    """At least 100 mg of the plan and of the need left, four weeks or more after the last infusion."""
    remaining, anchor = not_given_mg(s), s.times.anchor
    if anchor is None or s.dose.owed_mg is None:
        return False
    smallest = s.number["dose.smallest_mg"]
    over = s.as_of >= anchor + s.span["windows.valid_from_day"]
    return over and remaining >= smallest and s.dose.owed_mg >= smallest


def planned_part_mg(s: Situation) -> Decimal:
    """mg of the plan still to be given while the course is in progress; 0 when none or when it was stopped."""
    anchor, remaining = s.times.anchor, not_given_mg(s)
    if remaining < s.number["dose.smallest_mg"]:
        return Decimal(0)
    if anchor is not None and s.as_of >= anchor + s.span["windows.valid_from_day"]:
        return Decimal(0)
    return remaining


def not_given_mg(s: Situation) -> Decimal:
    """Planned and not given, mg."""
    planned = s.course.planned_mg if s.course is not None else None
    return Decimal(0) if planned is None else max(Decimal(0), planned - s.times.given_mg())


def methods_disagree(s: Situation) -> Hits:
    """Ganzoni and the label table fall on different sides of 0.80: both are shown, Ganzoni decides.

    Before a first dose: one of them asks for more than twice what the other does.
    """
    one, other = s.dose.methods.get(GANZONI), s.dose.methods.get(LABEL_TABLE)
    if one is None or other is None or one.need_mg <= 0 or other.need_mg <= 0:
        return NOTHING
    if s.times.anchor is None:
        return _far_apart(s, one.need_mg, other.need_mg)
    low = s.number["dose.ratio_adequate"]
    ratios = [s.dose.given_mg / method.need_mg for method in (one, other)]
    if (ratios[0] < low) == (ratios[1] < low):
        return NOTHING
    return hit(
        "dose-methods-disagree",
        None,
        lambda: (
            fact("dose-ratio", ratios[0], "ratio", "<" if ratios[0] < low else ">=", low),
            fact("dose-ratio-label-table", ratios[1], "ratio", "<" if ratios[1] < low else ">=", low),
        ),
        source=s.source["dose.ratio_adequate"],
    )


def _far_apart(s: Situation, ganzoni_mg: Decimal, table_mg: Decimal) -> Hits:
    times = s.protocol.dose_tables.values["guard.warn_table_times"]
    if ganzoni_mg > times * table_mg:
        because = fact("need", ganzoni_mg, "mg", ">", times * table_mg)
    elif ganzoni_mg * times < table_mg:
        because = fact("need", ganzoni_mg, "mg", "<", table_mg / times)
    else:
        return NOTHING
    source = s.protocol.dose_tables.source("guard.warn_table_times")
    return hit("dose-methods-disagree", None, shown(because), source=source)
