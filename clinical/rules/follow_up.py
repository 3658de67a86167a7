"""No follow-up yet, and P3: tested before day 28."""

from __future__ import annotations

from datetime import timedelta

from clinical.outcome import Outcome, Urgency
from clinical.rules.evidence import NOTHING, Hits, day_figure, figure, hit, rise
from clinical.rules.signs import FOLLOW_UP, NO_FOLLOW_UP, Rule
from clinical.situation import Situation


def no_follow_up(s: Situation) -> Hits:
    """No believed haemoglobin after the last infusion."""
    if s.hb is not None:
        return NOTHING
    code = "no-infusion-yet" if s.times.anchor is None else "no-follow-up-haemoglobin"
    return hit(
        code,
        Outcome.NO_FOLLOW_UP_YET,
        lambda: (day_figure(s.times.day(s.as_of)),),
        source=s.source["schedule.target_day"],
    )


def too_early(s: Situation) -> Hits:
    """The only follow-up haemoglobin was taken before day 28."""
    if s.hb is None:
        return NOTHING
    opens = s.number["windows.valid_from_day"]
    name = "windows.valid_from_day"
    collected = s.hb.collected
    return hit(
        "tested-too-early",
        Outcome.TOO_EARLY,
        lambda: (day_figure(s.day, "<", opens, collected), figure(s.hb)),
        source=s.source[name],
    )


def overdue(s: Situation) -> Hits:
    """No valid follow-up, and the repeat visit is overdue or the patient lost."""
    day = s.times.day(s.as_of)
    if day is None or day < s.number["schedule.overdue_day"]:
        return NOTHING
    lost = day >= s.number["schedule.lost_day"]
    name = "schedule.lost_day" if lost else "schedule.overdue_day"
    code = "lost-to-follow-up" if lost else "follow-up-overdue"
    return hit(
        code,
        None,
        lambda: (day_figure(day, ">=", s.number[name]),),
        source=s.source[name],
        urgency=Urgency.SOON,
    )


def early_fall(s: Situation) -> Hits:
    """Haemoglobin 10 g/L or more under the baseline before day 28: losing, or worse."""
    fall = s.number["response.worse_fall"]
    if s.change.rise is None or s.change.rise > -fall:
        return NOTHING
    return hit(
        "early-fall",
        Outcome.ONGOING_LOSS,
        lambda: (figure(s.hb), figure(s.baseline_hb), rise(s.change.rise, "g/L")),
        source=s.source["response.worse_fall"],
        urgency=Urgency.URGENT,
    )


def early_signal(s: Situation) -> Hits:
    """From day 14 to 27 a rise of 10 g/L is a good sign, one under 5 is none; neither is a verdict."""
    if s.day is None or s.change.rise is None or s.day < s.number["windows.early_from_day"]:
        return NOTHING
    name = "response.early_signal_rise"
    if s.change.rise >= s.number[name]:
        return hit(
            "early-signal-positive",
            None,
            lambda: (figure(s.hb), rise(s.change.rise, "g/L")),
            source=s.source[name],
        )
    if s.change.rise < s.number["response.noise"]:
        return hit(
            "early-signal-absent",
            None,
            lambda: (figure(s.hb), rise(s.change.rise, "g/L")),
            source=s.source["response.noise"],
        )
    return NOTHING


def late_first_lab(s: Situation) -> Hits:
    """The first valid follow-up came after day 120: every rule runs, with the late ferritin factor."""
    limit, anchor = s.number["windows.late_first_lab_after_day"], s.times.anchor
    if s.hb is None or anchor is None or s.day is None or s.day <= limit:
        return NOTHING
    opens = anchor + s.span["windows.valid_from_day"]
    if s.readings.latest("haemoglobin", opens, s.hb.collected - timedelta(days=1)) is not None:
        return NOTHING
    return hit(
        "late-first-lab",
        None,
        lambda: (day_figure(s.day, ">", limit),),
        source=s.source["windows.late_first_lab_after_day"],
    )


RULES: tuple[tuple[int, Rule], ...] = (
    (NO_FOLLOW_UP, no_follow_up),
    (NO_FOLLOW_UP, too_early),
    (NO_FOLLOW_UP, overdue),
    (NO_FOLLOW_UP, early_fall),
    (NO_FOLLOW_UP, early_signal),
    (FOLLOW_UP, late_first_lab),
)
