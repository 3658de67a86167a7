"""The only maker of sessions: opens the encrypted file, sets its pragmas, owns its transactions.

Why it is done this way
- The driver's own transaction handling starts and ends transactions by guessing from the statement; here
  the driver is in autocommit and every transaction is begun by name: `BEGIN IMMEDIATE` for writes, so that
  two writers queue instead of failing half way, and `BEGIN` on a `query_only` connection for reads.
- The key is given by a raw `PRAGMA key` on connecting. A key in a URL ends up in a log.
- The normal connection may not change the schema, attach a file, or change the audit; migrations use a short
  connection of their own (`maintenance`).
- A place that is a server's address gives a `db.server_sessions.ServerDatabase` with the same two sessions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from db import anchor, sqlite_errors
from db.changes import Changes
from db.errors import (
    AlreadyExists,
    FileGone,
    MissingFile,
    MissingFolder,
    NewerDatabase,
    NotADatabase,
    OlderDatabase,
)
from db.place import Place, ServerAddress
from db.replace_file import known_error

APPLICATION_ID: Final = 0x52504C54
"""Marks the file as ours ("RPLT")."""
SCHEMA_NUMBER: Final = 5
"""How many migrations the tables of this program have seen; the file keeps its own in `user_version`."""
OLDEST_SQLITE: Final = (3, 51, 3)
"""Older ones can corrupt a file in write-ahead mode when the log is reset."""
KEY_BYTES: Final = 32
BUSY_MS: Final = 5000
CACHE_KB: Final = 16 * 1024
"""Pages a connection keeps, twice what the library would: each one read again is deciphered and proved again."""

_PRAGMAS: Final = (
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "temp_store = MEMORY",
    "recursive_triggers = ON",
    "mmap_size = 0",
    f"cache_size = -{CACHE_KB}",
)
_DENIED: Final = frozenset(
    getattr(dbapi2, f"SQLITE_{name}")
    for name in (
        "ALTER_TABLE", "ATTACH", "DETACH",
        "DROP_TABLE", "DROP_INDEX", "DROP_TRIGGER", "DROP_VIEW", "DROP_VTABLE",
        "CREATE_TABLE", "CREATE_INDEX", "CREATE_TRIGGER", "CREATE_VIEW", "CREATE_VTABLE",
    )
)  # fmt: skip
_DENIED_PRAGMAS: Final = frozenset({"writable_schema", "rekey", "key", "ignore_check_constraints"})


def _authorise(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """What the normal connection may do: read and write rows, but not the schema and not the past."""
    if action in _DENIED:
        return int(dbapi2.SQLITE_DENY)
    if action in (dbapi2.SQLITE_UPDATE, dbapi2.SQLITE_DELETE) and first == "audit":
        return int(dbapi2.SQLITE_DENY)
    if action == dbapi2.SQLITE_PRAGMA and first:
        changes = first.lower() == "foreign_keys" and second is not None
        if first.lower() in _DENIED_PRAGMAS or changes:
            return int(dbapi2.SQLITE_DENY)
    return int(dbapi2.SQLITE_OK)


def unlock(connection: Any, key: bytes) -> None:
    """Give a fresh driver connection its key; library messages about pages stay off standard error."""
    if len(key) != KEY_BYTES:
        raise ValueError("a file key has 32 bytes")
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


def _prepare(connection: Any, key: bytes, *, maintenance: bool) -> None:
    """Set key, pragmas and permissions of a fresh connection."""
    unlock(connection, key)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode == "wal":
        connection.execute("PRAGMA synchronous = FULL")
    else:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = EXTRA")
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    if maintenance:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA legacy_alter_table = ON")  # a rebuilt table may be named in triggers
    else:
        connection.set_authorizer(_authorise)


def _sqlite_engine(path: Path, key: bytes, *, maintenance: bool = False) -> Engine:
    """An engine on the encrypted file whose transactions begin as its execution options say."""
    pool: dict[str, Any] = (
        {"poolclass": NullPool}
        if maintenance
        else {"poolclass": QueuePool, "pool_size": 2, "max_overflow": 4}
    )
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=dbapi2,
        connect_args={"isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
        **pool,
    )

    def connected(connection: Any, _record: object) -> None:
        _prepare(connection, key, maintenance=maintenance)

    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", True)
        # said again, it would forget every prepared statement
        if connection.info.get("writing") is not writing:
            connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writing else 'ON'}")
            connection.info["writing"] = writing
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "connect", connected, insert=True)
    event.listen(engine, "begin", begin)
    return engine


def assert_library() -> None:
    """Refuse to start on a SQLite that may corrupt files."""
    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise RuntimeError(f"SQLite {dbapi2.sqlite_version} is too old")


def looking_only(path: Path) -> str:
    """A URI that writes nothing: without a log beside the file not even the log's empty files are made."""
    log = path.with_name(path.name + "-wal")
    alone = not log.exists() or log.stat().st_size == 0
    return f"file:{quote(str(path.absolute()))}?" + ("immutable=1" if alone else "mode=ro")


def inspect(path: Path, key: bytes) -> int:
    """The schema number of the file, read from its header through a read-only connection that writes nothing.

    Raises MissingFolder, MissingFile, NotADatabase, WrongKey, NewerDatabase, ReadOnly, Damaged, DatabaseBusy.
    """
    assert_library()
    if not path.parent.is_dir():
        raise MissingFolder(folder=str(path.parent))
    if not path.is_file():
        raise MissingFile(path=str(path))
    with sqlite_errors.known(path):
        connection = dbapi2.connect(looking_only(path), uri=True, isolation_level=None)
        try:
            unlock(connection, key)
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            number = int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()
    if application != APPLICATION_ID:
        raise NotADatabase(path=str(path))
    if number > SCHEMA_NUMBER:
        raise NewerDatabase(path=str(path), file=number, program=SCHEMA_NUMBER)
    return number


@contextmanager
def maintenance(path: Path, key: bytes) -> Iterator[Connection]:
    """A short connection that may change the schema.

    Foreign keys off, no transaction begun, closed at the end.
    """
    assert_library()
    engine = _sqlite_engine(path, key, maintenance=True)
    try:
        with sqlite_errors.known(path), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


class Database:
    """An open clinic: a file, or by its subclass a server. May be used from another thread than it was opened on."""

    is_server = False

    def __init__(self, path: Path, engine: Engine, key: bytes | None = None) -> None:
        """Use `create` or `open`. `key` is the file's own key, for backups and the vault."""
        self._path = path
        self.place: Place = path
        self.key = key
        self._engine = engine
        self._writing = engine.execution_options(writing=True)
        self._reading = engine.execution_options(writing=False)
        self._file = _identity(path)

    @property
    def path(self) -> Path:
        """The clinic file. Raises Refused("only-for-a-file") for a clinic on a server."""
        return self._path

    @classmethod
    def create(cls, place: Place, key: bytes) -> Database:
        """Make a new encrypted file with all tables and open it; or the tables in an empty database of a server.

        Raises AlreadyExists, MissingFolder, ReadOnly, DiskFull; a file half made is removed.
        """
        if isinstance(place, ServerAddress):
            from db.server_sessions import (
                ServerDatabase,
            )  # the server's driver is loaded only where it is needed

            return ServerDatabase.create_on(place, key)
        return cls._create_file(place, key)

    @classmethod
    def _create_file(cls, path: Path, key: bytes) -> Database:
        """Make a new encrypted file with all tables and open it; a file half made is removed."""
        from db import migrations  # Alembic is loaded only when a schema has to be made or changed

        if not path.parent.is_dir():
            raise MissingFolder(folder=str(path.parent))
        if path.exists():
            raise AlreadyExists(path=str(path))
        try:
            # for its owner alone from the first byte on; SQLite gives its log the same mode
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise known_error(error, path) from error
        try:
            with maintenance(path, key) as connection:
                migrations.upgrade(connection)
        except BaseException:
            for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                leftover.unlink(missing_ok=True)
            raise
        return cls.open(path, key)

    @classmethod
    def open(cls, place: Place, key: bytes) -> Database:
        """Open a clinic of this program's schema; `db.opening.open_clinic` also migrates older files.

        Raises what `inspect` raises, and OlderDatabase; on a server what `ServerDatabase.open_on` raises.
        """
        if isinstance(place, ServerAddress):
            from db.server_sessions import ServerDatabase

            return ServerDatabase.open_on(place, key)
        path = place
        number = inspect(path, key)
        if number < SCHEMA_NUMBER:
            raise OlderDatabase(path=str(path), file=number, program=SCHEMA_NUMBER)
        engine = _sqlite_engine(path, key)
        try:
            with sqlite_errors.known(path), engine.connect():
                pass
        except BaseException:
            engine.dispose()
            raise
        return cls(path, engine, key)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one unchanging state of the file and cannot write. Raises what `write` raises."""
        self._find_file()
        with sqlite_errors.known(self.path), Session(self._reading) as session, session.begin():
            session.info["file"] = self.path
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session holding the one write lock; saved durably when the block ends, undone whole on any error.

        A write that leaves no audit row is a fault in the program and is undone (`UnauditedWrite`).
        Raises StaleScreen, DatabaseBusy, DiskFull, ReadOnly, DiskError, Damaged, FileGone; nothing is then saved.
        """
        self._find_file()
        with (
            sqlite_errors.known(self.path),
            Session(self._writing, expire_on_commit=False) as session,
            session.begin(),
        ):
            session.info["file"] = self.path
            before = _changed_rows(session)
            yield session
            session.flush()
            if _changed_rows(session) != before and not session.info.get("audited"):
                raise UnauditedWrite
        if "audit_head" in session.info:  # committed: what is kept beside the file may know of it now
            anchor.keep(self.path, session.info["audit_head"])

    def _find_file(self) -> None:
        """Refuse to go on when another file lies at the place of this one, or none.

        A connection made then would begin an empty file there, and one made before would write into a file that has
        its log no longer beside it.
        """
        if self._file is not None and _identity(self.path) != self._file:
            raise FileGone(path=str(self.path))

    def listen(self, heard: Callable[[Changes], object]) -> None:
        """Hear what other workstations change. Nobody else has a file open, so there is nothing to hear here."""

    def close(self) -> None:
        """Close every connection; the log is folded into the file."""
        self._engine.dispose()


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells this file from every other, wherever it lies; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class UnauditedWrite(RuntimeError):  # noqa: N818
    """Rows were changed and no audit row says so: a fault in the program, never the user's."""


def _changed_rows(session: Session) -> int:
    """Rows this connection has changed so far."""
    driver = session.connection().connection.dbapi_connection
    return int(driver.total_changes) if driver is not None else 0
