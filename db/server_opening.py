"""Makes and opens a clinic on a server: tables and vault together, what `db.opening` does for a file."""

from __future__ import annotations

from db import server, server_errors, vault
from db.engine import SCHEMA_NUMBER, Database
from db.errors import AlreadyExists, MissingFile, OlderDatabase
from db.place import ServerAddress
from db.server_vault import ServerStore


def is_empty(address: ServerAddress) -> bool:
    """Whether a clinic may be made there: no tables yet, or those of one whose setting up was cut short.

    Raises what `server.inspect` raises.
    """
    number = server.inspect(address)
    if number is None:
        return True
    if number < SCHEMA_NUMBER:
        raise OlderDatabase("server-migration", path=str(address), file=number, program=SCHEMA_NUMBER)
    with server_errors.known(address), server.connect(address) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT 1 FROM user_account) OR EXISTS (SELECT 1 FROM vault_entry)"
        ).fetchone()
    return row is not None and not row[0]


def create(address: ServerAddress, user: str, password: str) -> tuple[Database, str]:
    """Make a clinic with its first password in an empty database; returns it open, and the recovery key.

    Raises AlreadyExists("server-not-empty"), and what `server.make_tables` and `vault.create` raise.
    """
    if not is_empty(address):
        raise AlreadyExists("server-not-empty", path=str(address), place=str(address))
    if server.inspect(address) is None:
        server.make_tables(address)
    key, recovery = vault.create(ServerStore(address), user, password)
    return Database.open(address, key), recovery


def remove_unfinished(address: ServerAddress) -> None:
    """Take the vault away where nobody was set up, so that the clinic can be set up anew."""
    with server_errors.known(address), server.connect(address) as connection:
        row = connection.execute("SELECT count(*) FROM user_account").fetchone()
    if row is not None and row[0] == 0:
        ServerStore(address).remove()


def upgrade(address: ServerAddress) -> int:
    """Bring the tables to this program's schema, whole or not at all; returns its number.

    Whoever asks for it has made a backup with the server's own tools: nothing here can copy a server. The address
    is that of the role that owns the tables. Raises DatabaseBusy while somebody has the clinic open, MissingFile
    for a database without one, NewerDatabase.
    """
    from db import migrations

    if server.inspect(address) is None:
        raise MissingFile("server-empty", path=str(address))
    with server.maintenance(address) as connection:
        return migrations.upgrade(connection)
