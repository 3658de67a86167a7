"""Time cannot break it: the same clinic day gives the same lists and the same writes in every zone, on every clock."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from running_clinic import PROTOCOL, panel
from sqlalchemy.orm import Session
from torture_clinic import KEY, bare, content, copy_of, times

from db import operations, queries
from db.engine import Database
from db.stamp import Stamp

CASES = 200
ZONES: Final = ("UTC", "Pacific/Kiritimati", "America/St_Johns", "Europe/London", "Australia/Lord_Howe")
DAYS: Final = (
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 3, 30), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 25),
    date(2026, 11, 1), date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1),
)  # fmt: skip
"""Changes to and from summer time, turns of the year, a leap day."""

pytestmark = pytest.mark.skipif(
    not hasattr(time, "tzset"), reason="the zone of a running program cannot be set here"
)


@contextmanager
def zone(name: str) -> Iterator[None]:
    """This process lives in another zone for a while."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def instant(day: date, chance: random.Random) -> datetime:
    """An instant near that day: at night, at noon, or with a clock that is days before or behind."""
    hours = chance.choice((0, 1, 2, 3, 12, 23, 23.99, -30 * 24, 40 * 24))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours)


def lists(session: Session, day: date) -> tuple[Any, ...]:
    """What the clinic sees as due and late on a day."""
    late = queries.overdue(session, day, PROTOCOL)
    return late, queries.open_steps(session, day), queries.counts(session, day)


def case(prepared: Path, place: Path, day: date, at: datetime) -> tuple[Any, ...]:
    """Lists before and after a panel is typed on that day at that instant, and all that the file then holds."""
    path = copy_of(prepared, place / "clinic.db")
    database = Database.open(path, KEY)
    with database.read() as session:
        before = lists(session, day)
    collected = (day - date(2026, 1, 5)).days
    with database.write() as session:
        operations.store_results(session, 1, panel(collected, "101"), Stamp(2, at, day), PROTOCOL)
    with database.read() as session:
        after = lists(session, day)
    database.close()
    connection = bare(path)
    found = content(connection)
    due = connection.execute("SELECT due FROM next_step WHERE is_open ORDER BY id").fetchall()
    booked = connection.execute("SELECT booked_for FROM lab_order ORDER BY id").fetchall()
    connection.close()
    return before, after, found, due, booked


def test_the_same_day_gives_the_same_lists_and_rows_everywhere(prepared: Path, place: Path) -> None:
    chance, cases = random.Random(11), 0
    while cases < times(CASES):
        day = chance.choice(DAYS) + timedelta(days=chance.choice((0, 0, 0, 1, -1)))
        at = instant(day, chance)
        expected = case(prepared, place, day, at)
        for name in ZONES[1:]:
            with zone(name):
                assert case(prepared, place, day, at) == expected, (name, day, at)
        cases += len(ZONES)
    assert cases >= CASES


def test_a_clock_before_or_behind_moves_no_due_day(prepared: Path, place: Path) -> None:
    for day in DAYS:
        found = set()
        for hours in (-40 * 24, -1, 12, 24, 40 * 24):
            at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours)
            *_, due, booked = case(prepared, place, day, at)
            found.add((tuple(due), tuple(booked)))
        assert len(found) == 1, day


def test_a_day_taken_from_the_process_would_differ() -> None:
    """The first test can fail: in these zones a program that asks its own clock for the day gets different days."""
    at = datetime(2026, 3, 29, 12, tzinfo=UTC).timestamp()
    days = set()
    for name in ZONES:
        with zone(name):
            days.add(datetime.fromtimestamp(at).date())  # noqa: DTZ006  (the fault this test is about)
    assert len(days) == 2
