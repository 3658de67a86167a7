# ruff: noqa: PT012  (a migration fails inside its connection)
"""Migrations: the right schema, whole or not at all, with nothing lost on the way."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, event, text

from db import engine, errors, invariants, migrations, opening
from db.engine import Database
from db.models import Base
from db.stamp import Stamp

GOLDEN = Path(__file__).parent / "golden" / "schema.sql"

NEXT = '''"""A next schema for tests."""
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("chair", sa.String(), nullable=True))
    op.create_index("ix_visit_by_chair", "visit", ["chair"])
    guards = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'patient'"
    triggers = op.get_bind().exec_driver_sql(guards).scalars().all()
    with op.batch_alter_table("patient", recreate="always") as batch:
        batch.add_column(sa.Column("title", sa.String(), nullable=False, server_default=""))
    for statement in triggers:
        op.execute(statement)
    {more}
'''


def statements(connection: Connection | Any) -> list[str]:
    """Everything in the schema, as text with even blanks, in a fixed order."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    found = connection.exec_driver_sql(query + " ORDER BY type, name").all()
    return [re.sub(r"\s+", " ", sql).strip() for _, _, sql in found]


def parts(statement: str) -> list[str]:
    """What a statement declares, sorted: the order of columns and constraints in its text means nothing.

    A reference or check that came with an added column reads as one of the table.
    """
    if not statement.startswith("CREATE TABLE"):
        return [statement]
    head, _, body = statement.replace('"', "").partition("(")
    said = [head.strip()]
    for part in re.split(r",(?![^(]*\))", body.removesuffix(")")):
        inline = re.match(r" ?((\w+) .*?) CONSTRAINT (\w+) (REFERENCES .*)", part)
        checked = re.match(r" ?(\w+ \w+) (CONSTRAINT \w+ CHECK .*)", part)
        if checked:
            said += [checked[1], checked[2].strip()]
        elif inline:
            said.append(inline[1])
            said.append(f"CONSTRAINT {inline[3]} FOREIGN KEY({inline[2]}) {inline[4]}".strip())
        else:
            said.append(part.strip())
    return sorted(said)


@pytest.fixture
def versions(tmp_path: Path) -> Callable[[str], Path]:
    """A folder of revisions with a next one that also does what is given."""

    def make(more: str = "pass") -> Path:
        folder = tmp_path / "versions"
        shutil.copytree(migrations.VERSIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "0006_next.py").write_text(NEXT.replace("{more}", more))
        return folder

    return make


def test_models_and_migrated_tables_are_the_same(path: Path, key: bytes) -> None:
    def but_references(_object: object, _name: str, kind: str, *_: object) -> bool:
        return kind != "foreign_key_constraint"  # not read back when added in place; compared as text below

    with engine.maintenance(path, key) as connection:
        context = MigrationContext.configure(connection, opts={"include_object": but_references})
        assert compare_metadata(context, Base.metadata) == []
        migrated = [parts(sql) for sql in statements(connection) if not sql.startswith("CREATE TRIGGER")]
    plain = create_engine("sqlite://")
    with plain.begin() as connection:
        Base.metadata.create_all(connection)
        assert migrated == [parts(sql) for sql in statements(connection)]
    plain.dispose()


def test_schema_is_the_golden_one_triggers_included(path: Path, key: bytes) -> None:
    """`REPLETE_WRITE_GOLDEN=1` writes the file anew, after a revision was added."""
    with engine.maintenance(path, key) as connection:
        found = ";\n".join(statements(connection)) + ";\n"
    if os.environ.get("REPLETE_WRITE_GOLDEN"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")
    assert found.count("CREATE TRIGGER") > 60


def test_program_knows_how_many_revisions_there_are() -> None:
    assert len(migrations.revisions()) == engine.SCHEMA_NUMBER
    assert migrations.revisions()[0] == "0001"


def fail_at(connection: Connection, number: int) -> list[int]:
    """Let the statement of that number fail, as a full disk or a fault would; returns the count so far."""
    count = [0]

    def before(*_: object) -> None:
        count[0] += 1
        if count[0] == number:
            raise RuntimeError("failing on purpose")

    event.listen(connection, "before_cursor_execute", before)
    return count


def content(path: Path) -> bytes:
    """The clinic file itself, everything folded in."""
    assert not path.with_name(path.name + "-wal").exists()
    return path.read_bytes()


@pytest.mark.parametrize("number", [3, 4, 9, 40, 120, 200, 232])
def test_new_file_is_whole_or_not_there(tmp_path: Path, key: bytes, number: int) -> None:
    place = tmp_path / "clinic.db"
    with pytest.raises(RuntimeError, match="on purpose"), engine.maintenance(place, key) as connection:
        fail_at(connection, number)
        migrations.upgrade(connection)
    with engine.maintenance(place, key) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
        assert connection.exec_driver_sql("PRAGMA user_version").scalar() == 0
        connection.rollback()
        assert migrations.upgrade(connection) == engine.SCHEMA_NUMBER
    Database.open(place, key).close()


def test_upgrade_failing_at_any_statement_leaves_the_file_as_it_was(
    clinic: Database, path: Path, key: bytes, versions: Callable[[str], Path], stamp: Stamp
) -> None:
    clinic.close()
    folder = versions("pass")
    before, number = content(path), 0
    while True:
        number += 1
        try:
            with engine.maintenance(path, key) as connection:
                count = fail_at(connection, number)
                migrations.upgrade(connection, folder)
            break
        except RuntimeError:
            assert content(path) == before, f"changed by a failure at statement {number}"
    assert number == count[0] + 1 > 30
    assert content(path) != before


def test_upgrade_keeps_rows_references_and_triggers(
    clinic: Database, path: Path, key: bytes, versions: Callable[[str], Path], stamp: Stamp
) -> None:
    clinic.close()
    folder = versions("pass")
    with engine.maintenance(path, key) as connection:
        rows, guards = migrations.row_counts(connection), migrations.triggers(connection)
    opening.migrate(path, key, folder)
    with engine.maintenance(path, key) as connection:
        assert migrations.row_counts(connection) == rows
        assert migrations.triggers(connection) == guards
        assert connection.execute(text("SELECT title FROM patient")).scalar() == ""
        assert connection.exec_driver_sql("PRAGMA user_version").scalar() == engine.SCHEMA_NUMBER + 1


def test_copy_is_made_before_and_opens_with_the_program_of_that_day(
    clinic: Database, path: Path, key: bytes, versions: Callable[[str], Path], stamp: Stamp
) -> None:
    clinic.close()
    opening.migrate(path, key, versions("pass"))
    with pytest.raises(errors.NewerDatabase):
        Database.open(path, key)
    copy = Database.open(path.with_name("clinic.db.before-0006"), key)
    with copy.read() as session:
        assert all(result.ok for result in invariants.check(session, stamp.today))
        assert session.execute(text("SELECT count(*) FROM patient")).scalar() == 1
    copy.close()


def test_file_of_the_newest_schema_is_not_copied(path: Path, key: bytes) -> None:
    opening.migrate(path, key)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (
            'op.execute("DROP TRIGGER next_step_never_removed"); op.execute("DELETE FROM next_step")',
            "rows were lost",
        ),
        ('op.execute("DROP TRIGGER audit_never_changed")', "triggers were lost"),
        (
            'op.execute("DROP TRIGGER course_fixed"); op.execute("UPDATE course SET patient_id = 99")',
            "triggers",
        ),
        (
            'op.execute("UPDATE patient SET gp_id = 99")',
            "points to nothing",
        ),
    ],
)
def test_upgrade_that_would_lose_something_is_undone(
    clinic: Database, path: Path, key: bytes, versions: Callable[[str], Path], more: str, complaint: str
) -> None:
    clinic.close()
    folder, before = versions(more), content(path)
    with engine.maintenance(path, key) as connection:
        connection.exec_driver_sql("SELECT 1")
        connection.rollback()
        with pytest.raises(migrations.BrokenMigration, match=complaint):
            migrations.upgrade(connection, folder)
    assert content(path) == before


def test_upgrade_refuses_a_connection_with_foreign_keys_on(path: Path, key: bytes) -> None:
    with engine.maintenance(path, key) as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(migrations.BrokenMigration):
            migrations.upgrade(connection)


def test_no_revision_can_be_undone_by_a_downgrade() -> None:
    source = "".join(file.read_text() for file in migrations.VERSIONS.glob("*.py"))
    assert source.count("def downgrade") == source.count("raise NotImplementedError")
