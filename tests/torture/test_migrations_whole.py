"""A change of the schema is whole or not at all: every golden file, every revision, a failure at every statement."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from torture_clinic import KEY, bare, content
from torture_shim import HERE

from db import engine, migrations
from db.engine import Database

GOLDEN = tuple(sorted((HERE.parent / "db" / "golden").glob("schema-*.db")))
REVISIONS = migrations.revisions()
CASES = [
    (file, revision)
    for file in GOLDEN
    for number, revision in enumerate(REVISIONS, start=1)
    if number > int(file.stem.split("-")[1])
]


class CutError(Exception):
    """The statement that was made to fail."""


def everything(path: Path) -> tuple[Any, ...]:
    """Rows, schema (tables, indexes, triggers) and number of a file."""
    connection = bare(path)
    try:
        schema = connection.execute(
            "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        ).fetchall()
        number = connection.execute("PRAGMA user_version").fetchone()
        return content(connection), schema, number
    finally:
        connection.close()


def upgrade(path: Path, to: str, fail_at: int, *, careless: bool = False) -> int:
    """Upgrade, failing at that statement; how many statements were begun. `careless` commits after each one."""
    seen = 0

    def before(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == fail_at:
            raise CutError(statement)

    def after(_connection: Connection, cursor: Any, *_: object) -> None:
        if cursor.connection.in_transaction:
            cursor.connection.execute("COMMIT")
            cursor.connection.execute("BEGIN IMMEDIATE")

    with engine.maintenance(path, KEY) as connection:
        event.listen(connection, "before_cursor_execute", before)
        if careless:
            event.listen(connection, "after_cursor_execute", after)
        migrations.upgrade(connection, to=to)
    return seen


def test_there_is_a_golden_file_and_a_revision_for_it() -> None:
    assert GOLDEN
    assert CASES


@pytest.mark.parametrize(
    ("golden", "to"), CASES, ids=lambda one: one.stem if isinstance(one, Path) else str(one)[:24]
)
def test_a_failure_at_any_statement_leaves_the_file_as_it_was(golden: Path, to: str, place: Path) -> None:
    path = Path(shutil.copyfile(golden, place / "clinic.db"))
    with engine.maintenance(path, KEY):
        pass  # the file is in its journal mode before it is looked at
    before, failures = everything(path), 0
    for fail_at in count(1):
        try:
            upgrade(path, to, fail_at)
        except CutError:
            failures += 1
            assert everything(path) == before, fail_at
        else:
            break
    assert failures > 10
    after = everything(path)
    assert after != before
    assert after[2] == (REVISIONS.index(to) + 1,)
    lost = {row[:2] for row in before[1] if row[0] in ("index", "trigger")} - {row[:2] for row in after[1]}
    assert lost == set()
    if to == REVISIONS[-1]:
        Database.open(path, KEY).close()


def test_a_migration_that_commits_as_it_goes_is_found(place: Path) -> None:
    """The test above can fail: without one transaction around it all, a failure leaves half a schema."""
    golden, to = CASES[0]
    path = Path(shutil.copyfile(golden, place / "clinic.db"))
    many = upgrade(Path(shutil.copyfile(golden, place / "another.db")), to, 0)
    before = everything(path)
    with pytest.raises(CutError):
        upgrade(path, to, many * 2 // 3, careless=True)
    assert everything(path)[1] != before[1]
