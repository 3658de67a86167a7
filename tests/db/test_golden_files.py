"""Files that earlier programs wrote, brought to today's schema.

`schema-1.db` to `schema-4.db` are encrypted clinics of sixteen invented patients, written by the programs of the
first four schemas.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from db import audit, engine, errors, invariants, migrations, opening, queries
from db.engine import Database
from db.models import Course, Decision

GOLDEN = Path(__file__).parent / "golden"
DAY = date(2026, 11, 2)
"""The day the golden clinics stand at."""


ADDED = {
    1: {"emergency_access", "vault_entry", "patient_merge", "merged_row", "not_the_same"},
    2: {"patient_merge", "merged_row", "not_the_same"},
    3: set(),
    4: set(),
}
"""The tables that came after each schema."""


@pytest.fixture(params=[1, 2, 3, 4])
def schema(request: pytest.FixtureRequest) -> int:
    """Each schema there was before today's."""
    return int(request.param)


@pytest.fixture
def old(schema: int, tmp_path: Path) -> Path:
    """A clinic of that schema, for this test alone."""
    return Path(shutil.copy(GOLDEN / f"schema-{schema}.db", tmp_path / "old.db"))


def contents(connection: Connection, table: str, columns: str) -> list[tuple[object, ...]]:
    """Every row of a table, raw."""
    found = connection.exec_driver_sql(f'SELECT {columns} FROM "{table}" ORDER BY 1, 2')
    return [tuple(row) for row in found]


def test_every_schema_before_has_a_golden_file() -> None:
    assert sorted(ADDED) == list(range(1, engine.SCHEMA_NUMBER))
    assert sorted(file.name for file in GOLDEN.glob("*.db")) == [f"schema-{one}.db" for one in sorted(ADDED)]


def test_schema_is_one_the_program_migrates(old: Path, schema: int, key: bytes) -> None:
    assert engine.inspect(old, key) == schema
    with pytest.raises(errors.OlderDatabase):
        Database.open(old, key)


def test_every_row_and_value_is_kept(old: Path, schema: int, key: bytes) -> None:
    with engine.maintenance(old, key) as connection:
        rows = migrations.row_counts(connection)
        names = {
            table: ", ".join(
                f'"{column[1]}"' for column in connection.exec_driver_sql(f"PRAGMA table_info({table})")
            )
            for table in rows
            if table != "alembic_version"
        }
        before = {table: contents(connection, table, columns) for table, columns in names.items()}
    opening.open_with_key(old, key).close()
    with engine.maintenance(old, key) as connection:
        after = migrations.row_counts(connection)
        assert {table: after[table] for table in rows} == rows
        assert set(after) - set(rows) == ADDED[schema]
        for table, columns in names.items():
            assert contents(connection, table, columns) == before[table], table


def test_migrated_file_has_the_schema_of_a_new_one(old: Path, path: Path, key: bytes) -> None:
    opening.open_with_key(old, key).close()
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
    with engine.maintenance(old, key) as migrated, engine.maintenance(path, key) as new:
        assert migrated.exec_driver_sql(query).all() == new.exec_driver_sql(query).all()


def test_migrated_clinic_keeps_every_promise_and_works_on(old: Path, key: bytes) -> None:
    database = opening.open_with_key(old, key)
    with database.read() as session:
        assert [one.name for one in invariants.check(session, DAY) if not one.ok] == []
        assert audit.verify(session).ok
        assert len(queries.open_steps(session, DAY)) == 16 - session.scalar(
            text("SELECT count(*) FROM course WHERE status = 'ended'")
        )
    database.close()


@pytest.mark.parametrize("schema", [1], indirect=True)
def test_what_was_planned_and_decided_before_asks_for_no_signature(old: Path, key: bytes) -> None:
    database = opening.open_with_key(old, key)
    with database.read() as session:
        for table in (Course, Decision):
            rows = session.query(table).all()
            assert rows
            assert {(row.to_sign, row.signed_at, row.signed_by_id) for row in rows} == {(False, None, None)}
    database.close()


def test_copy_before_the_migration_is_the_old_file(old: Path, schema: int, key: bytes) -> None:
    opening.open_with_key(old, key).close()
    assert engine.inspect(old.with_name(f"old.db.before-{schema + 1:04d}"), key) == schema


def test_failure_at_any_statement_leaves_the_file_as_it_was(old: Path, key: bytes) -> None:
    before, number = old.read_bytes(), 0
    while True:
        number += 1
        try:
            with engine.maintenance(old, key) as connection:
                _fail_at(connection, number)
                migrations.upgrade(connection)
            break
        except RuntimeError:
            assert old.read_bytes() == before, f"changed by a failure at statement {number}"
    assert number > 40
    Database.open(old, key).close()


def _fail_at(connection: Connection, number: int) -> None:
    """Let the statement of that number fail."""
    count = 0

    def before(*_: object) -> None:
        nonlocal count
        count += 1
        if count == number:
            raise RuntimeError("failing on purpose")

    event.listen(connection, "before_cursor_execute", before)


SIGN = "UPDATE {} SET signed_at = '2026-11-02 10:00:00', signed_by_id = 1 WHERE id = 1"


@pytest.mark.parametrize("schema", [1], indirect=True)
@pytest.mark.parametrize(
    ("prepare", "change", "code"),
    [
        (SIGN.format("course"), "UPDATE course SET signed_by_id = 2 WHERE id = 1", "already-signed"),
        (SIGN.format("course"), "UPDATE course SET signed_at = NULL WHERE id = 1", "already-signed"),
        (SIGN.format("decision"), "UPDATE decision SET signed_by_id = NULL WHERE id = 1", "already-signed"),
        ("SELECT 1", "UPDATE decision SET to_sign = 1 WHERE id = 1", "never-changed"),
    ],
)
def test_a_signature_stays(old: Path, key: bytes, prepare: str, change: str, code: str) -> None:
    opening.open_with_key(old, key).close()
    with engine.maintenance(old, key) as connection:
        connection.exec_driver_sql(prepare)
        with pytest.raises(IntegrityError, match=code):
            connection.exec_driver_sql(change)


@pytest.mark.parametrize("schema", [1], indirect=True)
def test_a_signature_falls_with_the_plan_it_was_given_for(old: Path, key: bytes) -> None:
    opening.open_with_key(old, key).close()
    with engine.maintenance(old, key) as connection:
        connection.exec_driver_sql(SIGN.format("course"))
        connection.exec_driver_sql(
            "UPDATE course SET planned_at = '2026-11-02 11:00:00', signed_at = NULL, signed_by_id = NULL "
            "WHERE id = 1"
        )
        signed = connection.exec_driver_sql("SELECT signed_at FROM course WHERE id = 1").scalar()
        assert signed is None


EMERGENCY = (
    "INSERT INTO emergency_access (at, user_id, operation, reason, review_note, version) "
    "VALUES ('2026-11-02 10:00:00', 1, 'record_decision', 'nobody else here', '', 1)"
)
REVIEW = "UPDATE emergency_access SET reviewed_at = '2026-11-03 09:00:00', reviewed_by_id = 1"


@pytest.mark.parametrize("schema", [1], indirect=True)
@pytest.mark.parametrize(
    ("prepare", "change", "code"),
    [
        ("SELECT 1", "DELETE FROM emergency_access", "never-removed"),
        ("SELECT 1", "UPDATE emergency_access SET reason = 'another'", "never-changed"),
        (REVIEW, "UPDATE emergency_access SET review_note = 'later'", "already-reviewed"),
    ],
)
def test_use_of_the_emergency_door_stays_on_record(
    old: Path, key: bytes, prepare: str, change: str, code: str
) -> None:
    opening.open_with_key(old, key).close()
    with engine.maintenance(old, key) as connection:
        connection.exec_driver_sql(EMERGENCY)
        connection.exec_driver_sql(prepare)
        with pytest.raises(IntegrityError, match=code):
            connection.exec_driver_sql(change)


def test_guards_are_spelt_for_a_server_too() -> None:
    from db.migrations.guards import changed, refuse

    function, trigger = refuse("postgresql", "a_fixed", "UPDATE", "a", changed(("b",)), "never-changed")
    assert "IF NEW.b IS DISTINCT FROM OLD.b THEN RAISE EXCEPTION 'never-changed'" in function
    assert "RETURN NEW" in function
    assert trigger.endswith("BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION a_fixed()")
    assert "RETURN OLD" in refuse("postgresql", "a_kept", "DELETE", "a", "", "never-removed")[0]
