"""Moves a clinic from a file to a server, or from a server to a file: whole, proved, and the old one untouched.

Every row is copied as it is stored, under one transaction of the new place and from one state of the old one; then
each table is read back and its rows compared by their digests, and the audit chain is followed to its end. Only then
is it saved. Passwords and the recovery key move too: the vault's text goes along.

The triggers of the new place are taken off while rows are copied, because what was once allowed need not be allowed
today (a step of somebody who has died since), and put back before it is saved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from db import anchor, audit, engine, server, server_opening
from db.audit import Head
from db.engine import Database
from db.errors import AlreadyExists, Damaged, MissingFolder, Refused
from db.models import Base
from db.operations.backups import move_clinic
from db.place import Place, ServerAddress
from db.replace_file import sync_folder
from db.stamp import Stamp
from db.types import ExactDecimal, SortedJSON, canonical_json
from db.vault_store import FileStore, Store, store_of, vault_path

_BATCH: Final = 500
_LEFT_OUT: Final = "vault_entry"
"""The vault is moved as a whole, not as rows."""

Told = Callable[[str, int], object]
"""Hears the name of each table and how many rows of it were copied and compared."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: rows of each table, and the end of the audit chain, the same at both places."""

    rows: Mapping[str, int]
    head: Head


def move(source: Database, target: Place, stamp: Stamp, told: Told = lambda _table, _rows: None) -> Moved:
    """Copy an open clinic to an empty place; the audit of both says who did it.

    Raises Refused("not-your-role") for anybody but an administrator; AlreadyExists for a place that is not empty;
    Refused("moved-differs") when the copy is not the same, and is then taken back; what making a clinic raises.
    """
    key = source.key
    if key is None:
        raise Refused("moved-differs")
    _refuse_target(target)
    text = store_of(source.place).read()
    with source.write() as session:
        to = "server" if isinstance(target, ServerAddress) else "file"
        move_clinic(session, to, stamp)
    if isinstance(target, ServerAddress):
        return _to_server(source, target, text, told)
    return _to_file(source, target, key, text, told)


def _refuse_target(target: Place) -> None:
    """Refuse a place where something is already."""
    if isinstance(target, ServerAddress):
        if not server_opening.is_empty(target):
            raise AlreadyExists("server-not-empty", path=str(target), place=str(target))
        return
    if not target.parent.is_dir():
        raise MissingFolder(folder=str(target.parent))
    for taken in (target, vault_path(target)):
        if taken.exists():
            raise AlreadyExists(path=str(taken))


def _to_server(source: Database, target: ServerAddress, text: str, told: Told) -> Moved:
    """Into the empty tables of a server; nothing but those is left there when it fails."""
    if server.inspect(target) is None:
        server.make_tables(target)
    with server.maintenance(target) as connection, connection.begin():
        moved = _copy(source, connection, told)
    _keep_vault(store_of(target), text)
    return moved


def _to_file(source: Database, target: Path, key: bytes, text: str, told: Told) -> Moved:
    """Into a file that gets its name when it is whole; nothing is left when it fails."""
    making = target.with_name(target.name + ".moving")
    _remove(making)
    try:
        Database.create(making, key).close()
        with engine.maintenance(making, key) as connection, connection.begin():
            moved = _copy(source, connection, told)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise Refused("moved-differs", table="references")
        _keep_vault(FileStore(target), text)
        making.replace(target)
        sync_folder(target.parent)
    except BaseException:
        _remove(making)
        if not target.exists():
            vault_path(target).unlink(missing_ok=True)
        raise
    anchor.keep(target, moved.head)
    return moved


def _keep_vault(store: Store, text: str) -> None:
    """Write the vault where none may be yet."""

    def whole(before: str | None) -> str:
        if before is not None:
            raise AlreadyExists(path=store.name)
        return text

    store.change(whole)


def _remove(path: Path) -> None:
    """Remove an unfinished file and what lies beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _copy(source: Database, connection: Connection, told: Told) -> Moved:
    """Copy every table and prove it, inside the transaction of the connection."""
    rows: dict[str, int] = {}
    with source.read() as session, without_guards(connection):
        for name in sorted(set(Base.metadata.tables) - {_LEFT_OUT}):
            table = Base.metadata.tables[name]
            copied = _copy_table(session, connection, table)
            if copied != _digest(connection.execute(_stored(table)).partitions(_BATCH)):
                raise Refused("moved-differs", table=name)
            rows[name] = copied[0]
            told(name, copied[0])
        before = audit.verify(session)
    with Session(connection) as copy:
        after = audit.verify(copy)
    if not before.ok or before != after:
        raise Damaged("moved-differs") if before.ok else Damaged("audit-broken")
    return Moved(rows, Head(after.rows, after.head))


def _copy_table(session: Session, connection: Connection, table: sa.Table) -> tuple[int, str]:
    """Copy the rows of one table; how many, and the digest of all of them."""
    columns = [sa.column(column.name, _plain(column)) for column in table.c]
    into = sa.table(table.name, *columns).insert()

    def batches() -> Iterator[Any]:
        found = session.execute(_stored(table).execution_options(yield_per=_BATCH))
        for batch in found.partitions():
            connection.execute(into, [dict(row._mapping) for row in batch])
            yield batch

    return _digest(batches())


def _digest(batches: Any) -> tuple[int, str]:
    """How many rows, and a digest made of the digest of each."""
    whole, count = hashlib.sha256(), 0
    for batch in batches:
        for row in batch:
            whole.update(
                hashlib.sha256(canonical_json([_readable(value) for value in row]).encode()).digest()
            )
            count += 1
    return count, whole.hexdigest()


def _readable(value: object) -> object:
    """A stored value as something with one spelling."""
    return bytes(value).hex() if isinstance(value, bytes | bytearray | memoryview) else value


def _stored(table: sa.Table) -> sa.Select[Any]:
    """The rows as they are stored, in the order of their keys."""
    columns = [sa.type_coerce(column, _plain(column)).label(column.name) for column in table.c]
    return select(*columns).order_by(*table.primary_key.columns)


def _plain(column: sa.Column[Any]) -> Any:
    """The type of a column without reading what its text means: a text is copied as it stands."""
    return sa.Text() if isinstance(column.type, ExactDecimal | SortedJSON) else column.type


@contextmanager
def without_guards(connection: Connection) -> Iterator[None]:
    """Take the triggers off, inside a transaction, and put back the same ones."""
    if connection.dialect.name == "postgresql":
        tables = sorted(Base.metadata.tables)
        for table in tables:
            connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        return
    kept = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _sql in kept:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _name, sql in kept:
        connection.exec_driver_sql(sql)
