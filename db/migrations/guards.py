"""Triggers that refuse a change, spelt for SQLite and for PostgreSQL.

A revision says what must not happen once; `refuse` writes it in the dialect of the connection. A condition uses
only what both know: `IS DISTINCT FROM` for "changed", `OLD` and `NEW` for the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

REFUSED: Final = "23000"
"""The state PostgreSQL reports with a code of ours: a broken promise, as a broken constraint is one."""


def refuse(dialect: str, name: str, event: str, table: str, when: str, code: str) -> tuple[str, ...]:
    """Statements that make trigger `name`: before `event` on `table`, where `when` holds, fail with `code`.

    `event` is INSERT, UPDATE, UPDATE OF columns, or DELETE; an empty `when` refuses always.
    """
    if dialect == "postgresql":
        row = "OLD" if event == "DELETE" else "NEW"
        condition = when or "TRUE"
        return (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF {condition} THEN RAISE EXCEPTION '{code}' USING ERRCODE = '{REFUSED}'; END IF; "
            f"RETURN {row}; END $$",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        )
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{code}'); END",
    )


def replace(dialect: str, name: str, event: str, table: str, when: str, code: str) -> tuple[str, ...]:
    """Statements that put a trigger as `refuse` makes it in the place of the one of that name."""
    new = refuse(dialect, name, event, table, when, code)
    if dialect == "postgresql":
        return (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()", *new)
    return (f"DROP TRIGGER {name}", *new)


def never_emptied(table: str) -> tuple[str, ...]:
    """Statements that keep a PostgreSQL table from being emptied at once, which no trigger on rows would see."""
    name = f"{table}_never_emptied"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION 'never-removed' USING ERRCODE = '{REFUSED}'; END $$",
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    )


def changed(columns: Sequence[str]) -> str:
    """A condition: at least one of the columns is not what it was."""
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
