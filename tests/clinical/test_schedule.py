"""The laboratory window, clinic days and the long-term series, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical import gestation, schedule
from clinical.facts import Pregnancy
from clinical.protocol import load_protocol
from clinical.schedule import DayLabel

PROTOCOL = load_protocol()
ANCHOR = date(2026, 1, 12)
WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
NEVER: frozenset[date] = frozenset()


def test_the_window_counts_from_the_last_given_infusion() -> None:
    found = schedule.window(ANCHOR, PROTOCOL)
    assert (found.opens, found.target, found.closes) == (
        date(2026, 2, 9),
        date(2026, 2, 16),
        date(2026, 2, 23),
    )
    assert (found.reminder_from, found.overdue_from, found.lost_from) == (
        date(2026, 2, 24),
        date(2026, 3, 10),
        date(2026, 4, 7),
    )
    assert found.anchor == ANCHOR


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        (0, 6, DayLabel.INVALID),
        (7, 13, DayLabel.SAFETY),
        (14, 27, DayLabel.EARLY),
        (28, 42, DayLabel.PRIMARY),
        (43, 84, DayLabel.VALID_LATE),
        (85, 120, DayLabel.VALID_K_MID),
        (121, 500, DayLabel.FOLLOW_UP),
    ],
)
def test_both_ends_of_each_label(first: int, last: int, label: DayLabel) -> None:
    assert schedule.day_label(first, PROTOCOL) is label
    assert schedule.day_label(last, PROTOCOL) is label
    before = schedule.day_label(first - 1, PROTOCOL)
    assert before is not label
    assert (before is None) is (first == 0)


def test_the_day_of_the_infusion_is_day_nought() -> None:
    assert schedule.day_of(ANCHOR, ANCHOR) == 0
    assert schedule.day_of(ANCHOR, ANCHOR - timedelta(days=1)) == -1
    assert schedule.day_of(date(2026, 3, 28), date(2026, 3, 30)) == 2  # over the change of the clocks


MONDAY = date(2026, 2, 16)


@pytest.mark.parametrize(
    ("open_weekdays", "closed", "expected"),
    [
        (WEEKDAYS, [], MONDAY),
        (WEEKDAYS, [MONDAY], date(2026, 2, 17)),  # the day after is nearest
        ({1, 3, 4}, [], date(2026, 2, 17)),
        ({4}, [], date(2026, 2, 13)),  # Friday before is nearer than Friday after
        ({3}, [], date(2026, 2, 19)),
        ({0}, [MONDAY], date(2026, 2, 23)),  # equally far: the later
        ({0}, [MONDAY, date(2026, 2, 23)], date(2026, 2, 9)),
    ],
)
def test_the_nearest_open_day(open_weekdays: set[int], closed: list[date], expected: date) -> None:
    window = schedule.window(ANCHOR, PROTOCOL)
    assert schedule.lab_day(window, frozenset(open_weekdays), frozenset(closed)) == expected


def test_a_clinic_closed_for_the_whole_window_gets_the_target_itself() -> None:
    window = schedule.window(ANCHOR, PROTOCOL)
    every = frozenset(window.opens + timedelta(days=n) for n in range(15))
    assert schedule.lab_day(window, WEEKDAYS, every) == window.target
    assert schedule.lab_day(window, frozenset(), NEVER) == window.target


def test_a_wanted_day_outside_the_limits_is_moved_inside_first() -> None:
    earliest, latest = date(2026, 2, 10), date(2026, 2, 12)
    assert schedule.clinic_day(date(2026, 2, 1), EVERY_DAY, NEVER, earliest, latest) == earliest
    assert schedule.clinic_day(date(2026, 3, 1), EVERY_DAY, NEVER, earliest, latest) == latest


@settings(deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.integers(0, 14), max_size=10),
)
def test_a_clinic_day_is_open_inside_the_window_and_none_is_nearer(
    anchor: date, open_weekdays: frozenset[int], closed_days: frozenset[int]
) -> None:
    window = schedule.window(anchor, PROTOCOL)
    days = [window.opens + timedelta(days=n) for n in range(15)]
    closed = frozenset(days[n] for n in closed_days)
    found = schedule.lab_day(window, open_weekdays, closed)
    assert window.opens <= found <= window.closes
    usable = [day for day in days if schedule.is_open(day, open_weekdays, closed)]
    if usable:
        assert found in usable
        assert abs((found - window.target).days) == min(abs((day - window.target).days) for day in usable)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 12), 12, date(2027, 1, 12)),
        (date(2026, 10, 5), 3, date(2027, 1, 5)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
    ],
)
def test_calendar_months(day: date, months: int, expected: date) -> None:
    assert schedule.add_months(day, months) == expected


def test_the_usual_series() -> None:
    assert schedule.follow_up_dates(ANCHOR, [3, 6, 9, 12, 24]) == (
        date(2026, 4, 12),
        date(2026, 7, 12),
        date(2026, 10, 12),
        date(2027, 1, 12),
        date(2028, 1, 12),
    )


@pytest.mark.parametrize(
    ("as_of", "usual", "ongoing"),
    [
        (date(2026, 2, 18), date(2026, 4, 12), date(2026, 4, 12)),
        (date(2026, 4, 11), date(2026, 4, 12), date(2026, 4, 12)),
        (date(2026, 4, 12), date(2026, 7, 12), date(2026, 7, 12)),
        (date(2027, 1, 12), date(2028, 1, 12), date(2027, 4, 12)),
        (date(2028, 1, 11), date(2028, 1, 12), date(2028, 1, 12)),
        (date(2028, 1, 12), None, date(2028, 4, 12)),
        (date(2036, 1, 13), None, date(2036, 4, 12)),
    ],
)
def test_the_next_follow_up_is_after_today(as_of: date, usual: date | None, ongoing: date) -> None:
    assert schedule.next_follow_up(ANCHOR, as_of, PROTOCOL, three_monthly=False) == usual
    assert schedule.next_follow_up(ANCHOR, as_of, PROTOCOL, three_monthly=True) == ongoing


# Gestation on any day, from weeks stated on one


@pytest.mark.parametrize(
    ("days_later", "trimester"),
    [(-71, None), (-70, 1), (0, 1), (20, 1), (21, 2), (125, 2), (126, 3), (224, 3), (225, None)],
)
def test_trimesters_by_day(days_later: int, trimester: int | None) -> None:
    pregnancy = Pregnancy(Decimal(10), ANCHOR)
    on = ANCHOR + timedelta(days=days_later)
    assert gestation.trimester(pregnancy, on, PROTOCOL) == trimester
    assert gestation.is_pregnant(pregnancy, on, PROTOCOL) is (trimester is not None)


def test_no_pregnancy_has_no_trimester() -> None:
    assert gestation.trimester(None, ANCHOR, PROTOCOL) is None
    assert not gestation.is_pregnant(None, ANCHOR, PROTOCOL)


@pytest.mark.parametrize(
    ("weeks", "days"),
    [("10", 21), ("12.857142857142857", 1), ("12.99", 1), ("13", 0), ("20", -49)],
)
def test_first_day_of_the_second_trimester(weeks: str, days: int) -> None:
    pregnancy = Pregnancy(Decimal(weeks), ANCHOR)
    found = gestation.second_trimester_from(pregnancy, PROTOCOL)
    assert found == ANCHOR + timedelta(days=days)
    assert gestation.trimester(pregnancy, found, PROTOCOL) == 2
    assert gestation.trimester(pregnancy, found - timedelta(days=1), PROTOCOL) == 1


def test_weeks_on_another_day() -> None:
    pregnancy = Pregnancy(Decimal(24), ANCHOR)
    assert gestation.gestation_weeks(pregnancy, ANCHOR + timedelta(days=14)) == 26
    assert gestation.gestation_weeks(pregnancy, ANCHOR - timedelta(days=7)) == 23
