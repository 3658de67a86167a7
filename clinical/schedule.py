"""Dates after the last infusion: the laboratory window, clinic days, and the long-term series."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from clinical.outcome import Window

if TYPE_CHECKING:
    from clinical.protocol import Protocol

MONTHS_PER_YEAR = 12


class DayLabel(StrEnum):
    """What laboratory values of a day may be used for."""

    INVALID = "invalid"
    SAFETY = "safety"
    EARLY = "early"
    PRIMARY = "primary"
    VALID_LATE = "valid-late"
    VALID_K_MID = "valid-k-mid"
    FOLLOW_UP = "follow-up"


def window(anchor: date, protocol: Protocol) -> Window:
    """The dates counted from the last given infusion (day 0), not moved to a clinic day."""

    after = protocol.spans
    return Window(
        anchor=anchor,
        opens=anchor + after["schedule.opens_day"],
        target=anchor + after["schedule.target_day"],
        closes=anchor + after["schedule.closes_day"],
        reminder_from=anchor + after["schedule.reminder_day"],
        overdue_from=anchor + after["schedule.overdue_day"],
        lost_from=anchor + after["schedule.lost_day"],
    )


def day_of(anchor: date, on: date) -> int:
    """Days from the last given infusion; that day itself is 0, a day before it is negative."""
    return (on - anchor).days


def day_label(day: int, protocol: Protocol) -> DayLabel | None:
    """What values of this day after the last infusion may be used for; None before it."""
    if day < 0:
        return None
    begins = (
        (DayLabel.FOLLOW_UP, protocol.wholes["windows.late_first_lab_after_day"] + 1),
        (DayLabel.VALID_K_MID, protocol.wholes["windows.relapse_from_day"]),
        (DayLabel.VALID_LATE, protocol.wholes["schedule.closes_day"] + 1),
        (DayLabel.PRIMARY, protocol.wholes["windows.valid_from_day"]),
        (DayLabel.EARLY, protocol.wholes["windows.early_from_day"]),
        (DayLabel.SAFETY, protocol.wholes["windows.safety_from_day"]),
    )
    return next((label for label, first in begins if day >= first), DayLabel.INVALID)


def is_open(day: date, open_weekdays: frozenset[int], closed: frozenset[date]) -> bool:
    """Whether the clinic is open: one of its weekdays (Monday is 0) and not a closed day."""
    return day.weekday() in open_weekdays and day not in closed


def clinic_day(
    day: date, open_weekdays: frozenset[int], closed: frozenset[date], earliest: date, latest: date
) -> date:
    """The open day nearest to `day` from `earliest` to `latest`, both included: itself, else later, else
    earlier.

    At equal distance the later day wins. When the clinic is closed on every day between, the day itself,
    moved inside the limits, is given back: a person has to settle it.
    """
    inside = min(max(day, earliest), latest)
    for distance in range((latest - earliest).days + 1):
        for candidate in (inside + timedelta(days=distance), inside - timedelta(days=distance)):
            if earliest <= candidate <= latest and is_open(candidate, open_weekdays, closed):
                return candidate
    return inside


def lab_day(given: Window, open_weekdays: frozenset[int], closed: frozenset[date]) -> date:
    """The clinic day for the repeat laboratory visit: near the target, never outside the window."""
    return clinic_day(given.target, open_weekdays, closed, given.opens, given.closes)


def add_months(day: date, months: int) -> date:
    """The same day of the month some calendar months later, or that month's last day where it has none."""
    year, month = divmod(day.year * MONTHS_PER_YEAR + day.month - 1 + months, MONTHS_PER_YEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def follow_up_dates(anchor: date, months: Sequence[int]) -> tuple[date, ...]:
    """The days these many calendar months after the last given infusion."""
    return tuple(add_months(anchor, count) for count in months)


def next_follow_up(anchor: date, as_of: date, protocol: Protocol, *, three_monthly: bool) -> date | None:
    """The first day of the follow-up series after `as_of`.

    The usual series ends (None after its last day). `three_monthly` has no end: kidney disease,
    inflammatory bowel disease, hereditary telangiectasia, bariatric surgery and bleeding that goes on.
    """
    if not three_monthly:
        names = ("first", "second", "third", "fourth", "last")
        months = [protocol.wholes[f"follow_up.{name}"] for name in names]
        return next((day for day in follow_up_dates(anchor, months) if day > as_of), None)
    step = protocol.wholes["follow_up.ongoing_interval"]
    count = 1
    while add_months(anchor, step * count) <= as_of:
        count += 1
    return add_months(anchor, step * count)
