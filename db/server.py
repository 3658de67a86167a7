"""A clinic's database on a PostgreSQL server: connecting, what it must be like, making its tables, its rights.

Why it is done this way
- Every program that has the clinic open holds a shared lock on it; whoever changes the schema needs the lock
  alone. So nobody works while the tables change, and a program that connects afterwards reads the schema's number
  first and refuses a newer one.
- Texts are compared by their code points, as in a clinic file, so that lists and searches are the same on both:
  the database must have been made with `LOCALE 'C'`.
- What a role is not given it cannot do: workstations log in as members of `replete_app`, which may neither change
  the schema nor touch a row of the audit again; only the owner, who makes and upgrades the tables, could.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event, text

from db import server_errors
from db.errors import AlreadyExists, DatabaseBusy, NewerDatabase, NotADatabase, OlderDatabase, Refused
from db.place import ServerAddress

LOCKS: Final = 0x52504C54
"""First half of the numbers of our locks ("RPLT")."""
PRESENT, WRITING = 1, 2
"""Second halves: somebody has the clinic open; somebody is writing."""
OLDEST: Final = 150000
"""PostgreSQL 15."""
APP_ROLE: Final = "replete_app"
LOCK_MS: Final = 5000
STATEMENT_MS: Final = 60_000
IDLE_MS: Final = 120_000
_COLLATIONS: Final = frozenset({"C", "POSIX", "C.UTF-8", "C.utf8"})
_REMOVABLE: Final = ("closed_day", "patient_search_key", "setting", "vault_entry")
"""Tables whose rows may go: everything else keeps them."""
_OWNERS_ONLY: Final = ("alembic_version", "replete_schema")
MARK: Final = """
    CREATE TABLE IF NOT EXISTS replete_schema (
        one boolean PRIMARY KEY DEFAULT TRUE CHECK (one), number integer NOT NULL
    )
"""
"""Marks the database as ours and keeps the number of its schema."""

NEXT_ID: Final = """
    CREATE OR REPLACE FUNCTION replete_next_id(of_table text) RETURNS integer LANGUAGE plpgsql AS $$
    DECLARE free integer;
    BEGIN EXECUTE format('SELECT coalesce(max(id), 0) + 1 FROM %%I', of_table) INTO free; RETURN free; END $$
"""
"""The id after the highest, as in a clinic file: safe under the one write lock, and without holes after an undo."""


def parameters(address: ServerAddress) -> dict[str, Any]:
    """What libpq is told. Without a password here it looks into PGPASSWORD, PGPASSFILE or ~/.pgpass."""
    settings = {
        "statement_timeout": STATEMENT_MS,
        "lock_timeout": LOCK_MS,
        "idle_in_transaction_session_timeout": IDLE_MS,
        "timezone": "UTC",
        "search_path": "public",
        "jit": "off",  # questions here are many and short: compiling one takes longer than answering it
        "synchronous_commit": "on",  # what was said to be saved is saved, whatever the role's own setting
    }
    told: dict[str, Any] = {
        "host": address.host,
        "port": address.port,
        "dbname": address.database,
        "user": address.user,
        "sslmode": address.sslmode,
        "application_name": "replete",
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "client_encoding": "utf8",
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        **address.certificates,
    }
    if address.sslmode == "verify-full" and "sslrootcert" not in told:
        told["sslrootcert"] = "system"
    if address.password is not None:
        told["password"] = address.password
    return told


def connect(address: ServerAddress) -> psycopg.Connection[Any]:
    """A bare connection of the driver, closed again when it went in clear to another computer."""
    connection = psycopg.connect(**parameters(address))
    server_errors.refuse_in_clear(connection, address)
    return connection


def make_engine(address: ServerAddress, *, maintenance: bool = False) -> Engine:
    """An engine on the server. A normal connection first shows that it is there and reads the schema's number."""
    pool: dict[str, Any] = (
        {"poolclass": NullPool}
        if maintenance
        else {"poolclass": QueuePool, "pool_size": 2, "max_overflow": 4, "pool_timeout": 10}
    )
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect(address),
        pool_pre_ping=True,
        hide_parameters=True,
        **pool,
    )
    server_errors.keep_quiet(engine)
    if not maintenance:
        event.listen(engine, "connect", lambda connection, _record: _enter(connection, address))
    return engine


def _enter(connection: psycopg.Connection[Any], address: ServerAddress) -> None:
    """Hold the clinic open for this connection's life, then make sure that its schema is ours."""
    connection.autocommit = True
    connection.execute("SELECT pg_advisory_lock_shared(%s, %s)", (LOCKS, PRESENT))
    check_number(schema_number(connection), address)
    connection.autocommit = False


def schema_number(connection: psycopg.Connection[Any]) -> int | None:
    """The number of the schema; None where no clinic was made."""
    marked = connection.execute("SELECT to_regclass('public.replete_schema')").fetchone()
    if marked is None or marked[0] is None:
        return None
    row = connection.execute("SELECT number FROM replete_schema").fetchone()
    return None if row is None else int(row[0])


def check_number(number: int | None, address: ServerAddress) -> None:
    """Refuse a schema that is not this program's. Raises NotADatabase, NewerDatabase, OlderDatabase."""
    from db.engine import SCHEMA_NUMBER

    if number is None:
        raise NotADatabase("not-a-server-clinic", place=str(address))
    if number > SCHEMA_NUMBER:
        raise NewerDatabase(path=str(address), file=number, program=SCHEMA_NUMBER)
    if number < SCHEMA_NUMBER:
        raise OlderDatabase("server-migration", path=str(address), file=number, program=SCHEMA_NUMBER)


def inspect(address: ServerAddress) -> int | None:
    """The number of the clinic's schema; None for a database without any tables.

    Raises NotADatabase for one with other tables, NewerDatabase, ServerUnreachable, ServerRefused, MissingFile.
    """
    from db.engine import SCHEMA_NUMBER

    with server_errors.known(address), connect(address) as connection:
        number = schema_number(connection)
        if number is None and _tables(connection):
            raise NotADatabase("not-a-server-clinic", place=str(address))
    if number is not None and number > SCHEMA_NUMBER:
        raise NewerDatabase(path=str(address), file=number, program=SCHEMA_NUMBER)
    return number


def _tables(connection: psycopg.Connection[Any]) -> int:
    """How many tables there are."""
    row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return int(row[0]) if row else 0


@contextmanager
def maintenance(address: ServerAddress) -> Iterator[Connection]:
    """A short connection that may change the schema; nobody else has the clinic open meanwhile.

    Raises DatabaseBusy when somebody has.
    """
    engine = make_engine(address, maintenance=True)
    try:
        with server_errors.known(address), engine.connect() as connection:
            taken = connection.exec_driver_sql(
                f"SELECT pg_try_advisory_lock({LOCKS}, {PRESENT})"
            ).scalar_one()
            connection.commit()
            if not taken:
                raise DatabaseBusy("server-in-use", place=str(address))
            yield connection
    finally:
        engine.dispose()


def make_tables(address: ServerAddress) -> None:
    """Make all tables in an empty database, whole or not at all.

    Raises AlreadyExists when it holds a clinic, NotADatabase when it holds other tables, and
    Refused("server-too-old" | "server-collation") for a database that cannot take one.
    """
    from db import migrations

    if inspect(address) is not None:
        raise AlreadyExists("server-not-empty", path=str(address), place=str(address))
    with maintenance(address) as connection:
        _fit(connection)
        connection.rollback()
        migrations.upgrade(connection)


def _fit(connection: Connection) -> None:
    """Refuse a server or a database that a clinic cannot be kept in."""
    if int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) < OLDEST:
        raise Refused("server-too-old")
    made = connection.exec_driver_sql(
        "SELECT pg_encoding_to_char(encoding), datcollate, datlocprovider FROM pg_database "
        "WHERE datname = current_database()"
    ).one()
    if made[0] != "UTF8" or made[1] not in _COLLATIONS or made[2] != "c":
        raise Refused("server-collation", encoding=made[0], collation=made[1])


def mark(connection: Connection, number: int) -> None:
    """Write down the number of the schema, inside the transaction that made it, and give the workstations rights."""
    number_rows(connection)
    connection.exec_driver_sql(MARK)
    connection.exec_driver_sql(
        f"INSERT INTO replete_schema (number) VALUES ({int(number)}) "  # noqa: S608  (a number of ours)
        "ON CONFLICT (one) DO UPDATE SET number = excluded.number"
    )
    grant(connection)


def number_rows(connection: Connection) -> None:
    """Have rows written without an id numbered as a clinic file numbers them; sequences would leave holes."""
    connection.exec_driver_sql(NEXT_ID)
    columns = connection.exec_driver_sql(
        "SELECT table_name, pg_get_serial_sequence(quote_ident(table_name), 'id') FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name = 'id' AND data_type = 'integer' AND table_name <> 'clinic'"
    )
    for table, sequence in columns.all():
        connection.exec_driver_sql(
            f"ALTER TABLE \"{table}\" ALTER COLUMN id SET DEFAULT replete_next_id('{table}')"
        )
        if sequence is not None:
            connection.exec_driver_sql(f"DROP SEQUENCE {sequence}")


def grant(connection: Connection) -> None:
    """Give the role of the workstations, where there is one, what they need and no more."""
    known = connection.execute(
        text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": APP_ROLE}
    ).first()
    if known is None:
        return
    tables = connection.exec_driver_sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ).scalars()
    for table in tables.all():
        rights = "SELECT"
        if table not in _OWNERS_ONLY:
            rights += ", INSERT"
            rights += "" if table == "audit" else ", UPDATE"
            rights += ", DELETE" if table in _REMOVABLE else ""
        connection.exec_driver_sql(f'REVOKE ALL ON TABLE "{table}" FROM {APP_ROLE}')
        connection.exec_driver_sql(f'GRANT {rights} ON TABLE "{table}" TO {APP_ROLE}')
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
