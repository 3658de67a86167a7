"""Sessions on a clinic that a PostgreSQL server keeps: the same promises as those on a file.

- Writers queue for one lock that falls with their transaction, so the audit chain has one end. The lock is a
  statement of its own: what the operation then reads is what the writer before it left.
- Readers see one unchanging state and cannot write.
- A connection that is lost costs the work in hand and nothing else: nothing was saved, the next session makes a
  new connection. Only a connection lost while saving leaves a doubt; it is settled by looking for the audit row
  of that write, once the server has let go of the lock the write held. A doubt belongs to the thread that wrote:
  it asks with `settle` and tells the form; nobody else's write is stopped by it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db import listen, server, server_errors
from db.changes import Changes
from db.engine import Database, UnauditedWrite
from db.errors import DatabaseBusy, KnownError, OutcomeUnknown, Refused, ServerUnreachable
from db.place import ServerAddress

SETTLE_SECONDS: Final = 8.0
"""How long to ask the server whether it saved, before saying that this is not known."""
NOT_SAVED: Final = "server-lost-not-saved"
"""The server is back and says that the doubtful write was not saved."""
_HAS_WRITTEN: Final = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
"""A transaction gets its number with the first row it writes, and only then."""


class ServerDatabase(Database):
    """An open clinic on a server. May be used from several threads and several computers."""

    is_server = True

    def __init__(self, address: ServerAddress, engine: Engine, key: bytes | None) -> None:
        """Use `Database.create` or `Database.open`."""
        self.address = address
        self.place = address
        self.key = key
        self.origin = secrets.token_hex(8)
        self._engine = engine
        self._writing = engine.execution_options(writing=True, isolation_level="READ COMMITTED")
        self._reading = engine.execution_options(
            writing=False, isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._doubts = threading.local()
        self._listener: listen.Listener | None = None
        event.listen(engine, "begin", _begin)

    @property
    def path(self) -> Path:
        """A clinic on a server has no file."""
        raise Refused("only-for-a-file")

    @classmethod
    def create_on(cls, address: ServerAddress, key: bytes) -> ServerDatabase:
        """Make all tables in an empty database and open it; raises what `server.make_tables` raises."""
        server.make_tables(address)
        return cls.open_on(address, key)

    @classmethod
    def open_on(cls, address: ServerAddress, key: bytes | None) -> ServerDatabase:
        """Open a clinic of this program's schema.

        Raises ServerUnreachable, ServerRefused, NotADatabase, NewerDatabase, OlderDatabase("server-migration").
        """
        engine = server.make_engine(address)
        try:
            with server_errors.known(address), engine.connect():
                pass
        except BaseException:
            engine.dispose()
            raise
        return cls(address, engine, key)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one unchanging state of the clinic and cannot write."""
        with server_errors.known(self.address), Session(self._reading) as session, session.begin():
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session holding the one write lock; saved durably when the block ends, undone whole on any error.

        Raises what a write to a file raises, and ServerUnreachable (nothing was saved), OutcomeUnknown (nobody
        knows yet). After that this thread writes nothing (ServerUnreachable) until `settle` told what became of it.
        """
        if self._doubt is not None:
            raise ServerUnreachable(place=str(self.address))
        with (
            server_errors.known(self.address),
            Session(self._writing, expire_on_commit=False) as session,
        ):
            session.begin()
            yield session
            session.flush()
            if not session.info.get("audited") and session.execute(_HAS_WRITTEN).scalar_one():
                raise UnauditedWrite
            changes = session.info.get("changes")
            if isinstance(changes, Changes) and changes.kinds:
                listen.tell(session, self.origin, changes)
            self._commit(session)

    def listen(self, heard: Callable[[Changes], object]) -> None:
        """Call `heard`, on a thread of its own, with what other workstations change from now on.

        One hears for all: whoever listened before hears no more.
        """
        if self._listener is not None:
            self._listener.close()
        self._listener = listen.Listener(self.address, self.origin, heard)

    def close(self) -> None:
        """Close every connection."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._engine.dispose()

    def _commit(self, session: Session) -> None:
        """Save; where the connection is lost meanwhile, find out whether the server did."""
        head = session.info.get("audit_head")
        try:
            session.commit()
        except DBAPIError as error:
            if head is None or not server_errors.is_lost(error.orig):
                raise
            self._doubt = str(head.hash)
            saved = self._ask_until(time.monotonic() + SETTLE_SECONDS)
            if saved is None:
                raise OutcomeUnknown(place=str(self.address)) from error
            self._doubt = None
            if not saved:
                raise ServerUnreachable(NOT_SAVED, place=str(self.address)) from error

    def settle(self) -> bool | None:
        """Ask the server once whether this thread's doubtful write was saved; None without a doubt or an answer."""
        if self._doubt is None:
            return None
        saved = self._ask_until(time.monotonic())
        if saved is not None:
            self._doubt = None
        return saved

    @property
    def _doubt(self) -> str | None:
        """The audit hash of this thread's write of which nobody knows yet whether it was saved."""
        found: str | None = getattr(self._doubts, "audit_hash", None)
        return found

    @_doubt.setter
    def _doubt(self, audit_hash: str | None) -> None:
        self._doubts.audit_hash = audit_hash

    def _ask_until(self, end: float) -> bool | None:
        """Whether the doubtful write was saved; None when the server could not be asked by then."""
        pause = 0.1
        while True:
            try:
                return self._is_saved(self._doubt or "")
            except (ServerUnreachable, DatabaseBusy):
                if time.monotonic() >= end:
                    return None
            except KnownError:
                return None
            time.sleep(pause)
            pause = min(2 * pause, 1.0)

    def _is_saved(self, audit_hash: str) -> bool:
        """Whether the audit holds this row. The write lock first: it is free only once that write has ended."""
        found = text("SELECT 1 FROM audit WHERE hash = :hash")
        with server_errors.known(self.address), Session(self._writing) as session, session.begin():
            return session.execute(found, {"hash": audit_hash}).first() is not None


def _begin(connection: Connection) -> None:
    """Let a writer wait for its turn."""
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({server.LOCKS}, {server.WRITING})")
