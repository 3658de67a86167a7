"""Thinning: which instants stay, at the edges of every span."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from db.backup.thinning import ALL_OF, DAYS, MONTHS, WEEKS, kept

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
SECOND = timedelta(seconds=1)


def test_all_of_the_last_two_days() -> None:
    half_hours = [NOW - HALF_HOUR * n for n in range(96)]
    assert kept(half_hours, NOW) == frozenset(half_hours)


def test_two_days_ago_to_the_second() -> None:
    edge = NOW - ALL_OF
    of_that_day = [edge + SECOND, edge, edge - SECOND, edge - 2 * SECOND]
    # at the edge all stay; beyond it only the newest of the day
    assert kept(of_that_day, NOW) == frozenset(of_that_day[:3])


def test_twelve_days_the_newest_of_each() -> None:
    days = [NOW - timedelta(days=3 + n) for n in range(DAYS)]
    twice = days + [day - HALF_HOUR for day in days]
    assert kept(twice, NOW) == frozenset(days)


def test_a_thirteenth_day_begins_the_weeks() -> None:
    daily = [NOW - timedelta(days=3 + n) for n in range(60)]
    stay = sorted(kept(daily, NOW), reverse=True)
    assert stay[:DAYS] == daily[:DAYS]
    weeks = [at.isocalendar()[:2] for at in stay[DAYS:]]
    assert len(weeks) == len(set(weeks)) >= 6


def test_daily_for_years_leaves_days_weeks_and_months() -> None:
    daily = [NOW - timedelta(days=n) for n in range(1200)]
    stay = sorted(kept(daily, NOW), reverse=True)
    assert len(stay) == 3 + DAYS + WEEKS + MONTHS
    monthly = stay[-MONTHS:]
    assert len({(at.year, at.month) for at in monthly}) == MONTHS
    assert NOW - monthly[-1] > timedelta(days=300)


def test_year_end_is_one_week_and_two_months() -> None:
    """29 December 2025 and 1 January 2026 lie in the same ISO week."""
    at = [datetime(2026, 1, 1, 9, tzinfo=UTC), datetime(2025, 12, 29, 9, tzinfo=UTC)]
    filler = [NOW - timedelta(days=3 + n) for n in range(DAYS)]
    assert kept([*filler, *at], NOW) == frozenset([*filler, at[0]])


def test_a_closed_clinic_keeps_its_last_days() -> None:
    long_ago = [NOW - timedelta(days=400 + n) for n in range(DAYS)]
    assert kept(long_ago, NOW) == frozenset(long_ago)


def test_nothing_and_one() -> None:
    assert kept([], NOW) == frozenset()
    old = NOW - timedelta(days=5000)
    assert kept([old], NOW) == {old}


def test_a_clock_put_back_loses_nothing() -> None:
    ahead = [NOW + timedelta(days=n) for n in range(1, 40)]
    assert kept(ahead, NOW) == frozenset(ahead)


@given(st.lists(st.integers(0, 900 * 24 * 60), max_size=60), st.integers(0, 400))
@settings(deadline=None, max_examples=100)
def test_never_more_than_the_rule_and_never_without_the_newest(minutes: list[int], days: int) -> None:
    instants = [NOW - timedelta(minutes=m) for m in minutes]
    stay = kept(instants, NOW)
    assert stay <= set(instants)
    assert not instants or max(instants) in stay
    older = [at for at in stay if at < NOW - ALL_OF]
    assert len(older) <= DAYS + WEEKS + MONTHS
    assert {at for at in instants if at >= NOW - ALL_OF} <= stay
    # thinned again at the same time nothing more goes: the rule does not eat its own answer
    assert kept(stay, NOW) == stay
