"""Each promise is broken on purpose, behind the program's back, and found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from invariant_cases import (
    CASES,
    LATER,
    NOW,
    TODAY,
    held,
    letter,
    nothing,
)
from sqlalchemy.orm import Session

from db import audit, invariants
from db.engine import Database
from db.models import (
    Patient,
)
from db.stamp import Stamp


def checked(database: Database, today: date = TODAY) -> dict[int, invariants.InvariantResult]:
    """Every promise, by number."""
    with database.read() as session:
        return {result.id: result for result in invariants.check(session, today)}


@pytest.mark.parametrize(("number", "prepare", "damage", "count"), CASES)
def test_a_broken_promise_is_found(
    clinic: Database,
    stamp: Stamp,
    rows: Any,
    raw: Any,
    number: int,
    prepare: Callable[[Session, Any], None],
    damage: str,
    count: int,
) -> None:
    with clinic.write() as session:
        prepare(session, rows)
        audit.record(session, Stamp(1, LATER, TODAY), "prepare", "test")
    assert [found for found in checked(clinic).values() if not found.ok] == []
    for statement in damage.split(";"):
        raw.execute(statement)
    found = checked(clinic)[number]
    assert (found.ok, found.count) == (False, count)
    assert found.detail.split(" ")[0] in {
        "assessment", "audit", "course", "held_result", "lab_order", "lab_result", "letter", "letter_batch",
        "next_step", "patient", "patient_identifier", "patient_merge", "protocol_version", "visit",
    }  # fmt: skip


def test_every_promise_checked_is_broken_by_a_case() -> None:
    assert {number for number, *_ in CASES} == set(invariants.NAMES)


def test_every_table_of_a_promise_is_broken_by_a_case(clinic: Database) -> None:
    assert [found.id for found in checked(clinic).values()] == sorted(invariants.NAMES)
    assert all(found.ok and found.count == 0 and not found.detail for found in checked(clinic).values())


def test_an_empty_clinic_keeps_every_promise(database: Database) -> None:
    assert all(found.ok for found in checked(database).values())


def test_steps_of_somebody_away_are_fine_with_a_deputy_or_before_they_are_due(
    clinic: Database, stamp: Stamp, rows: Any, raw: Any
) -> None:
    raw.execute("UPDATE user_account SET away_from = '2026-03-01', away_until = '2026-03-09'")
    assert not checked(clinic)[9].ok
    assert checked(clinic, TODAY - timedelta(days=1))[9].ok
    assert checked(clinic, TODAY + timedelta(days=8))[9].ok
    with clinic.write() as session:
        rows.user(session, id=2, login="ben")
        audit.record(session, stamp, "add-user", "user_account", 2)
    raw.execute("UPDATE user_account SET deputy_id = 2 WHERE id = 1")
    assert checked(clinic)[9].ok


def test_reticulocytes_may_be_a_share_or_a_count(clinic: Database, stamp: Stamp, rows: Any, raw: Any) -> None:
    with clinic.write() as session:
        for unit in ("%", "10*9/L"):
            values = {"analyte": "reticulocytes", "unit": unit, "canonical_unit": unit}
            rows.result(session, session.get_one(Patient, 1), **values)
        audit.record(session, stamp, "test", "test")
    assert checked(clinic)[13].ok
    raw.execute("UPDATE lab_result SET canonical_unit = 'g/L' WHERE unit = '%'")
    assert checked(clinic)[13].count == 1


def test_only_the_first_twenty_rows_are_named(clinic: Database, stamp: Stamp, rows: Any, raw: Any) -> None:
    with clinic.write() as session:
        for _ in range(30):
            rows.result(session, session.get_one(Patient, 1))
        audit.record(session, stamp, "test", "test")
    raw.execute("UPDATE lab_result SET unit = ''")
    found = checked(clinic)[13]
    assert (found.count, len(found.detail.split(", "))) == (30, 20)


def test_a_clock_that_was_turned_back_is_told_and_breaks_nothing(clinic: Database, stamp: Stamp) -> None:
    with clinic.write() as session:
        audit.record(session, Stamp(1, NOW - timedelta(hours=1), TODAY), "prepare", "test")
    found = checked(clinic)[18]
    assert (found.ok, found.count, found.detail) == (True, 0, "audit 2 clock turned back")
    with clinic.write() as session:
        audit.record(session, Stamp(1, NOW - timedelta(hours=1, minutes=4), TODAY), "prepare", "test")
    assert checked(clinic)[18].detail == "audit 2 clock turned back"


def quickly(database: Database, now: datetime = NOW) -> dict[int, str]:
    """What the check at the start finds."""
    with database.read() as session:
        return {found.id: found.detail for found in invariants.quick(session, now) if not found.ok}


def test_the_start_hears_of_a_clock_behind_the_record(clinic: Database) -> None:
    assert quickly(clinic) == {}
    assert quickly(clinic, NOW - timedelta(minutes=4)) == {}
    assert quickly(clinic, NOW - timedelta(minutes=6)) == {10: "clock behind the newest entry"}


@pytest.mark.parametrize(
    ("number", "prepare", "damage"),
    [
        (1, nothing, "UPDATE next_step SET is_open = 0"),
        (3, held, "UPDATE held_result SET owner_id = 9"),
        (7, letter, "UPDATE letter SET state = 'approved';UPDATE patient SET status = 'deceased'"),
        (9, nothing, "UPDATE user_account SET active = 0"),
        (18, nothing, "UPDATE audit SET detail = '{}' WHERE id = 1"),
        (18, nothing, "DELETE FROM audit WHERE id = 2"),
    ],
)
def test_the_start_finds_what_it_can_ask_in_a_moment(
    clinic: Database,
    stamp: Stamp,
    rows: Any,
    raw: Any,
    number: int,
    prepare: Callable[[Session, Any], None],
    damage: str,
) -> None:
    with clinic.write() as session:
        prepare(session, rows)
        audit.record(session, stamp, "prepare", "test")
    assert quickly(clinic) == {}
    for statement in damage.split(";"):
        raw.execute(statement)
    assert list(quickly(clinic)) == [number]
