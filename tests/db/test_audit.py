"""The audit chain: one row per write, and every tampering is found."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db import audit
from db.engine import Database
from db.models import Patient
from db.stamp import Stamp


@pytest.fixture
def long_chain(clinic: Database, stamp: Stamp) -> Database:
    """A clinic with 25 audit rows."""
    for number in range(24):
        with clinic.write() as session:
            session.get_one(Patient, 1).status_note = f"note {number}"
            detail = {"number": number, "dose_mg": Decimal("1.50"), "when": stamp.at, "day": stamp.today}
            audit.record(session, stamp, "change-details", "patient", 1, 1, detail)
    return clinic


def verdict(database: Database) -> audit.Verdict:
    """What the chain says."""
    with database.read() as session:
        return audit.verify(session)


def test_chain_holds_and_each_row_follows_the_one_before(long_chain: Database) -> None:
    with long_chain.read() as session:
        rows = session.execute(text("SELECT prev_hash, hash FROM audit ORDER BY id")).all()
    assert [row.prev_hash for row in rows] == [audit.FIRST, *[row.hash for row in rows[:-1]]]
    assert verdict(long_chain) == audit.Verdict(ok=True, rows=25, head=rows[-1].hash)


def test_empty_chain_holds(database: Database) -> None:
    assert verdict(database) == audit.Verdict(ok=True, rows=0, head=audit.FIRST)


def test_head_is_the_same_for_the_same_writes(clinic: Database) -> None:
    assert verdict(clinic).head == "d1a2f88571e2f3af1d4fe4d682190714d371a7fcfb933ae6df2e731df696579e"


@pytest.mark.file_only
@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit"])
def test_triggers_refuse_even_without_the_authorizer(long_chain: Database, statement: str) -> None:
    driver: Any = long_chain._engine.raw_connection()
    driver.driver_connection.set_authorizer(None)
    with pytest.raises(Exception, match=r"never-(changed|removed)"):
        driver.execute(statement) if hasattr(driver, "execute") else driver.driver_connection.execute(
            statement
        )
    driver.invalidate()
    driver.close()
    assert verdict(long_chain).ok


COLUMNS = ("at", "user_id", "action", "entity", "entity_id", "patient_id", "detail", "prev_hash", "hash")


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_is_found_at_its_row(long_chain: Database, raw: Any, column: str) -> None:
    other = {
        "at": "'2026-03-02 10:30:00.000001'",
        "detail": """'{"number":99}'""",
        "user_id": 7,
        "entity_id": 7,
    }
    other |= {"patient_id": "NULL", "prev_hash": "hex(randomblob(32))", "hash": "hex(randomblob(32))"}
    raw.execute(f"UPDATE audit SET {column} = {other.get(column, repr('other'))} WHERE id = 12")
    found = verdict(long_chain)
    assert (found.ok, found.broken_id) == (False, 12)


def test_a_removed_row_is_found(long_chain: Database, raw: Any) -> None:
    raw.execute("DELETE FROM audit WHERE id = 12")
    found = verdict(long_chain)
    assert (found.ok, found.broken_id) == (False, 13)


def test_a_removed_row_is_found_even_when_ids_are_closed_up(long_chain: Database, raw: Any) -> None:
    raw.execute("DELETE FROM audit WHERE id = 12")
    raw.execute("UPDATE audit SET id = id - 1 WHERE id > 12")
    found = verdict(long_chain)
    assert (found.ok, found.broken_id) == (False, 12)


@pytest.mark.parametrize(
    ("column", "value"), [("at", "'no time'"), ("detail", "'{'"), ("detail", "detail || ' '")]
)
def test_a_row_that_cannot_be_read_is_found(long_chain: Database, raw: Any, column: str, value: str) -> None:
    raw.execute(f"UPDATE audit SET {column} = {value} WHERE id = 12")
    found = verdict(long_chain)
    assert (found.ok, found.broken_id) == (False, 12)


def test_two_rows_exchanged_are_found(long_chain: Database, raw: Any) -> None:
    raw.execute("UPDATE audit SET id = -1 WHERE id = 5")
    raw.execute("UPDATE audit SET id = 5 WHERE id = 6")
    raw.execute("UPDATE audit SET id = 6 WHERE id = -1")
    assert verdict(long_chain).broken_id == 5


def test_a_cut_tail_changes_the_head(long_chain: Database, raw: Any) -> None:
    """The chain itself cannot see a missing end; the head kept elsewhere can."""
    head = verdict(long_chain).head
    raw.execute("DELETE FROM audit WHERE id > 20")
    found = verdict(long_chain)
    assert found.ok
    assert found.head != head


def test_random_changes_of_the_text_are_all_found(long_chain: Database, raw: Any) -> None:
    chance = random.Random(20260302)
    for _ in range(100):
        row, column = chance.randint(1, 25), chance.choice(("action", "entity", "detail"))
        (old,) = raw.execute(f"SELECT {column} FROM audit WHERE id = ?", (row,)).fetchone()
        place = chance.randrange(len(old))
        new = old[:place] + chance.choice("abcdefghijk0123456789") + old[place + 1 :]
        raw.execute(f"UPDATE audit SET {column} = ? WHERE id = ?", (new, row))
        if new != old:
            found = verdict(long_chain)
            assert (found.ok, found.broken_id) == (False, row)
        raw.execute(f"UPDATE audit SET {column} = ? WHERE id = ?", (old, row))
    assert verdict(long_chain).ok


def test_second_row_cannot_follow_the_same_row(clinic: Database) -> None:
    with pytest.raises(IntegrityError), clinic.write() as session:
        session.execute(
            text(
                "INSERT INTO audit SELECT 2, at, user_id, action, entity, entity_id, patient_id, detail, prev_hash,"
                " 'other' FROM audit"
            )
        )
