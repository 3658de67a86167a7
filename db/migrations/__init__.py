"""Changes of the schema, each whole or not at all, on a file and on a server alike.

One transaction, begun here, holds every step of an upgrade: a step that fails leaves the clinic as it was.
In a file foreign keys are off before it begins (rebuilding a table would otherwise touch its children); before
it is committed every reference is checked and no table may have lost a row. Alembic is handed the connection
and never opens one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from db.engine import APPLICATION_ID

FOLDER: Final = Path(__file__).parent
VERSIONS: Final = FOLDER / "versions"
REMOVED_TRIGGERS: Final[frozenset[str]] = frozenset()
"""Triggers that a revision takes away on purpose; any other one missing afterwards is a fault."""


class BrokenMigration(RuntimeError):  # noqa: N818
    """A migration would have lost rows or left a reference to nothing; it was undone."""


def _config(versions: Path) -> Config:
    """Alembic's settings, without a file of settings."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    return config


def revisions(versions: Path = VERSIONS) -> tuple[str, ...]:
    """Every revision, oldest first; the place of a revision, counted from 1, is its schema number."""
    script = ScriptDirectory.from_config(_config(versions))
    return tuple(step.revision for step in reversed(list(script.walk_revisions())))


def upgrade(connection: Connection, versions: Path = VERSIONS, to: str = "head") -> int:
    """Bring the clinic to revision `to` on a maintenance connection; returns its new schema number.

    Raises whatever a migration raises, or BrokenMigration; the clinic is then as it was.
    """
    on_server = connection.dialect.name == "postgresql"
    if not on_server and connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() != 0:
        raise BrokenMigration("foreign keys must be off before a migration begins")
    config = _config(versions)
    config.attributes["connection"] = connection
    connection.rollback()  # ends the read above; the pragma works only outside a transaction
    with connection.begin():
        before, guards = row_counts(connection), triggers(connection)
        command.upgrade(config, to)
        _check(connection, before, guards)
        known = revisions(versions)
        number = len(known) if to == "head" else known.index(to) + 1
        _mark(connection, number)
    return number


def _mark(connection: Connection, number: int) -> None:
    """Write down that the clinic is ours, and the number of its schema."""
    if connection.dialect.name == "postgresql":
        from db import server

        server.mark(connection, number)
        return
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def row_counts(connection: Connection) -> dict[str, int]:
    """Rows of every table, by name."""
    return {
        name: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())  # noqa: S608
        for name in sorted(inspect(connection).get_table_names())
    }


def triggers(connection: Connection) -> frozenset[str]:
    """Names of the triggers of the clinic. Rebuilding a table in a file silently drops those on it."""
    on_server = connection.dialect.name == "postgresql"
    asked = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if on_server
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    return frozenset(connection.execute(text(asked)).scalars())


def _check(connection: Connection, before: dict[str, int], guards: frozenset[str]) -> None:
    """Refuse a result that lost rows of a table it kept, lost a trigger, or points to nothing."""
    after = row_counts(connection)
    lost = {name for name, count in before.items() if name in after and after[name] < count}
    if lost - {"alembic_version"}:
        raise BrokenMigration(f"rows were lost in {sorted(lost)}")
    unguarded = guards - triggers(connection) - REMOVED_TRIGGERS
    if unguarded:
        raise BrokenMigration(f"triggers were lost: {sorted(unguarded)}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")  # says itself which reference is broken
    elif connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise BrokenMigration("a row points to nothing")
