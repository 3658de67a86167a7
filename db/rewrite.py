"""Writes a clinic file anew, row by row, asking none of its indexes: the way out when a page of an index is gone.

`REINDEX` and `VACUUM` both read the pages of the old indexes. Here the tables are made in a new file by their own
statements, filled in the order of their rows, and the indexes and triggers are made over what is then there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from db.backup.making import connect, remove

_NUMBERS: Final = ("user_version", "application_id")


def write_anew(copy: Path, key: bytes) -> None:
    """Replace a file by one with the same rows, in which every index was made from them.

    Raises the driver's errors when a row itself cannot be read; the file is then as it was.
    """
    fresh = copy.with_name(copy.name + "-anew")
    remove(fresh)
    connection = connect(fresh, key)
    try:
        connection.execute(f"ATTACH DATABASE ? AS old KEY \"x'{key.hex()}'\"", (str(copy),))
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("BEGIN")
        for table, statement in _made(connection, "table"):
            connection.execute(statement)
            # the condition keeps the library from copying the pages of old indexes along with the rows
            connection.execute(f'INSERT INTO main."{table}" SELECT * FROM old."{table}" NOT INDEXED WHERE 1')  # noqa: S608
        for kind in ("index", "view", "trigger"):
            for _, statement in _made(connection, kind):
                connection.execute(statement)
        connection.execute("COMMIT")
        for number in _NUMBERS:
            value = int(connection.execute(f"PRAGMA old.{number}").fetchone()[0])
            connection.execute(f"PRAGMA main.{number} = {value}")
    finally:
        connection.close()
    remove(copy)
    fresh.replace(copy)


def _made(connection: Any, kind: str) -> list[tuple[str, str]]:
    """Names and statements of everything of a kind that the old file was made of."""
    query = (
        "SELECT name, sql FROM old.sqlite_master WHERE type = ? AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        " ORDER BY rowid"
    )
    return [(str(name), str(sql)) for name, sql in connection.execute(query, (kind,)).fetchall()]
