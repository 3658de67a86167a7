"""The vault of a clinic on a server: one row of it, read and changed on a short connection of its own.

The key it wraps opens no file there; that a password unwraps it is the proof of the password. So whoever may log
in is decided in the clinic, as it is for a file, and beside the password of the database's role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from db import server, server_errors
from db.errors import MissingFile
from db.place import ServerAddress

_NAME: Final = "vault"


class ServerStore:
    """The text of a vault in the table `vault_entry`."""

    def __init__(self, address: ServerAddress) -> None:
        """For the clinic at this address."""
        self._address = address

    @property
    def name(self) -> str:
        """The address, without its password."""
        return str(self._address)

    def read(self) -> str:
        """The text. Raises MissingFile("missing-vault"), NotADatabase, NewerDatabase, ServerUnreachable …"""
        with self._connected() as connection:
            found = self._found(connection)
        if found is None:
            raise MissingFile("missing-vault", path=self.name)
        return found

    def change(self, change: Callable[[str | None], str]) -> None:
        """Read, change and write the text as one; other workstations wait their turn."""
        with self._connected() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (server.LOCKS, server.WRITING))
            text = change(self._found(connection))
            connection.execute(
                "INSERT INTO vault_entry (name, content) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET content = excluded.content",
                (_NAME, text),
            )

    def remove(self) -> None:
        """Take the vault of a clinic away whose setting up was cut short."""
        with self._connected() as connection:
            connection.execute("DELETE FROM vault_entry WHERE name = %s", (_NAME,))

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection to a clinic of this program's schema; committed at the end."""
        with server_errors.known(self._address), server.connect(self._address) as connection:
            server.check_number(server.schema_number(connection), self._address)
            connection.commit()
            yield connection

    @staticmethod
    def _found(connection: psycopg.Connection[Any]) -> str | None:
        row = connection.execute("SELECT content FROM vault_entry WHERE name = %s", (_NAME,)).fetchone()
        return None if row is None else str(row[0])
