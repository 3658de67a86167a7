"""Changes of the schema, each whole or not at all.

One transaction, begun here, holds every step of an upgrade: a step that fails leaves the file as it was.
Foreign keys are off before it begins (rebuilding a table would otherwise touch its children); before it is
committed every reference is checked and no table may have lost a row. Alembic is handed the connection and
never opens one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

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
    """Bring the file to revision `to` on a maintenance connection; returns its new schema number.

    Raises whatever a migration raises, or BrokenMigration; the file is then as it was.
    """
    if connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() != 0:
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
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")
    return number


def row_counts(connection: Connection) -> dict[str, int]:
    """Rows of every table, by name."""
    names = connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    ).scalars()
    return {
        name: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())  # noqa: S608
        for name in names
    }


def triggers(connection: Connection) -> frozenset[str]:
    """Names of the triggers in the file. Rebuilding a table silently drops those on it."""
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
    return frozenset(names)


def _check(connection: Connection, before: dict[str, int], guards: frozenset[str]) -> None:
    """Refuse a result that lost rows of a table it kept, lost a trigger, or points to nothing."""
    after = row_counts(connection)
    lost = {name for name, count in before.items() if name in after and after[name] < count}
    if lost - {"alembic_version"}:
        raise BrokenMigration(f"rows were lost in {sorted(lost)}")
    unguarded = guards - triggers(connection) - REMOVED_TRIGGERS
    if unguarded:
        raise BrokenMigration(f"triggers were lost: {sorted(unguarded)}")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise BrokenMigration("a row points to nothing")
