"""Looks a clinic file through from the page to the promise, and says what it found instead of failing.

Page by page whether it is authentic, the structure of the file, references, the promises of the record and the
audit chain. What cannot be read any more is reported as that; only a file that cannot be opened at all raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import StaticPool, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from db import audit, engine, invariants, sqlite_errors
from db.errors import Damaged, WrongKey

Progress = Callable[[int, int], object]
"""`progress(done, of)`; raises to stop the work, and then nothing of it is left."""
NO_HEAD: Final = audit.FIRST
CLOCK: Final = 10
REPLAY: Final = 14
ABOUT_THE_PROGRAM: Final = frozenset({CLOCK, REPLAY})
CHAIN: Final = 18


@dataclass(frozen=True, slots=True)
class Proof:
    """What a look at a file found.

    `pages` are numbers of pages that are not authentic, `structure` codes of what is wrong with the file's order
    (`unreadable:TABLE`, `structure`), `references` the number of rows that point to nothing. `invariants` is
    empty for a file of an older schema, whose promises only its own program knows.
    """

    schema: int
    pages: tuple[int, ...] = ()
    structure: tuple[str, ...] = ()
    references: int = 0
    invariants: tuple[invariants.InvariantResult, ...] = ()
    audit: audit.Verdict | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    head: str = NO_HEAD
    last_at: datetime | None = None

    @property
    def authentic(self) -> bool:
        """Whether the file itself is whole: every page, its structure, its references."""
        return not self.pages and not self.structure and not self.references

    @property
    def ok(self) -> bool:
        """Whether nothing at all is wrong."""
        promises = all(result.ok for result in self.invariants)
        return self.authentic and promises and (self.audit is None or self.audit.ok)

    @property
    def sound(self) -> bool:
        """Whether the file is a good copy of a good record.

        Two promises say nothing about that: answers that come out otherwise under a newer program, and days when a
        clock was wrong. A clinic that breaks only those must go on being backed up.
        """
        promises = all(result.ok for result in self.invariants if result.id not in ABOUT_THE_PROGRAM)
        return self.authentic and promises and (self.audit is None or self.audit.ok)

    @property
    def rows(self) -> int:
        """Rows in all tables."""
        return sum(self.counts.values())


def prove(
    path: Path,
    key: bytes,
    at: datetime,
    *,
    quick: bool = False,
    shared: bool = False,
    outside: bool = False,
    progress: invariants.Progress | None = None,
) -> Proof:
    """Look a file through without writing to it; `at` is now, in UTC.

    `quick` asks only the promises that cost milliseconds. `shared` says that a program may be working in the file
    meanwhile. `outside` also asks whether the chain still holds the heads kept beside the file.

    Raises WrongKey, NotADatabase, NewerDatabase, MissingFile, MissingFolder, Damaged (not even the first page, or not
    the list of tables, can be read), DatabaseBusy.
    """
    schema = engine.inspect(path, key)
    with sqlite_errors.known(path):
        connection = _connect(path, key, shared=shared)
        try:
            pages = _pages(connection, shared=shared)
            structure = _structure(connection)
            references = _references(connection)
        finally:
            connection.close()
        counts, unreadable = _counts(path, key, shared=shared)
    problems = (*structure, *(f"unreadable:{table}" for table in unreadable))
    head, last_at = _head(path, key, shared=shared)

    def ask(session: Session) -> tuple[invariants.InvariantResult, ...]:
        if quick:
            # a clock that was put back makes the days wrong, not the file
            return tuple(one for one in invariants.quick(session, at) if one.id != CLOCK)
        return invariants.check(session, at.date(), progress)

    held: tuple[invariants.InvariantResult, ...] = ()
    verdict: audit.Verdict | None = None
    if schema == engine.SCHEMA_NUMBER:
        held, verdict = _promises(path, key, ask, shared=shared, outside=outside)
    return Proof(schema, pages, problems, references, held, verdict, counts, head, last_at)


@contextmanager
def reading(path: Path, key: bytes, *, shared: bool = False) -> Iterator[Session]:
    """A session on a file that is only looked at. Raises known errors."""
    with sqlite_errors.known(path):
        connection = _connect(path, key, shared=shared)
    looked_at = create_engine("sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool)
    try:
        with sqlite_errors.known(path), Session(looked_at) as session:
            connection.execute("BEGIN")
            yield session
    finally:
        looked_at.dispose()
        connection.close()


def holds(path: Path, key: bytes, counts: Mapping[str, int]) -> bool:
    """Whether every page of a copy is authentic, its order sound, and its rows as many as were counted."""
    with sqlite_errors.known(path):
        connection = _connect(path, key, shared=False)
    try:
        sound = not _damaged_pages(connection) and not _structure(connection)
        return sound and row_counts(connection) == dict(counts)
    except dbapi2.DatabaseError:
        return False
    finally:
        connection.close()


def row_counts(connection: Any) -> dict[str, int]:
    """Rows of every table, by name, on a driver connection."""
    return {name: _count(connection, name) for name in _tables(connection)}


def audit_head(connection: Any) -> tuple[str, datetime | None]:
    """Hash and instant of the newest audit row, on a driver connection."""
    found = connection.execute("SELECT hash, at FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    if found is None:
        return NO_HEAD, None
    return str(found[0]), _instant(found[1])


def _connect(path: Path, key: bytes, *, shared: bool) -> Any:
    """A driver connection that writes nothing."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro" if shared else engine.looking_only(path)
    connection = dbapi2.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    engine.unlock(connection, key)
    connection.execute(f"PRAGMA busy_timeout = {engine.BUSY_MS}")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _pages(connection: Any, *, shared: bool) -> tuple[int, ...]:
    """Numbers of the pages that were changed from outside; a file at work is read twice, for a page may be
    half written at the moment it is looked at."""
    found = _damaged_pages(connection)
    if found and shared:
        found &= _damaged_pages(connection)
    return tuple(sorted(found))


def _damaged_pages(connection: Any) -> set[int]:
    rows = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    numbers = (word for (line,) in rows for word in str(line).split()[-1:])
    # a finding without a page number (a file cut in the middle of a page) counts as the first page
    return {int(word) if word.isdigit() else 1 for word in numbers}


def _structure(connection: Any) -> tuple[str, ...]:
    """Whether the file's own order holds; the library's text names pages only, so it is not passed on."""
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchall()
    except dbapi2.DatabaseError:
        return ("structure",)
    return () if found == [("ok",)] else ("structure",)


def _references(connection: Any) -> int:
    """How many rows point to nothing; none are told of a file that cannot be read, which is said elsewhere."""
    try:
        return len(connection.execute("PRAGMA foreign_key_check").fetchall())
    except dbapi2.DatabaseError:
        return 0


def _tables(connection: Any) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [str(name) for (name,) in connection.execute(query).fetchall()]


def _count(connection: Any, table: str) -> int:
    # by the rows themselves, not by an index that may be whole while they are not
    query = f'SELECT count(*) FROM "{table}" NOT INDEXED'  # noqa: S608  (a name of our own schema)
    return int(connection.execute(query).fetchone()[0])


def _counts(path: Path, key: bytes, *, shared: bool) -> tuple[dict[str, int], list[str]]:
    """Rows of every table that can be read, and the names of those that cannot.

    After one page that is not authentic the library gives nothing more on that connection, hence one for each table.
    """
    connection = _connect(path, key, shared=shared)
    try:
        names = _tables(connection)
        try:
            return {name: _count(connection, name) for name in names}, []
        except dbapi2.DatabaseError:
            pass
    finally:
        connection.close()
    counts, unreadable = {}, []
    for name in names:
        connection = _connect(path, key, shared=shared)
        try:
            counts[name] = _count(connection, name)
        except dbapi2.DatabaseError:
            unreadable.append(name)
        finally:
            connection.close()
    return counts, unreadable


def _head(path: Path, key: bytes, *, shared: bool) -> tuple[str, datetime | None]:
    connection = _connect(path, key, shared=shared)
    try:
        return audit_head(connection)
    except dbapi2.DatabaseError:
        return NO_HEAD, None
    finally:
        connection.close()


def _promises(
    path: Path,
    key: bytes,
    ask: Callable[[Session], tuple[invariants.InvariantResult, ...]],
    *,
    shared: bool,
    outside: bool,
) -> tuple[tuple[invariants.InvariantResult, ...], audit.Verdict | None]:
    """The promises and the audit chain; nothing where the record cannot be read far enough to ask them."""
    try:
        with reading(path, key, shared=shared) as session:
            if outside:
                session.info["file"] = path
            held = ask(session)
            head = audit.head(session)
    except (Damaged, WrongKey, DBAPIError, ValueError):
        return (), audit.Verdict(ok=False, rows=0, head=NO_HEAD)
    chain = all(result.ok for result in held if result.id == CHAIN)
    return held, audit.Verdict(ok=chain, rows=head.rows, head=head.hash)


def _instant(text: object) -> datetime | None:
    """An instant as the file keeps it; None when it is not one."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def problems(proof: Proof) -> tuple[str, ...]:
    """What is wrong as codes: `pages:3`, `structure`, `unreadable:patient`, `references:2`, `invariant:9`, `audit`."""
    found = []
    if proof.pages:
        found.append(f"pages:{len(proof.pages)}")
    found += proof.structure
    if proof.references:
        found.append(f"references:{proof.references}")
    found += [f"invariant:{result.id}" for result in proof.invariants if not result.ok]
    if proof.audit is not None and not proof.audit.ok and not proof.invariants:
        found.append("audit")
    return tuple(found)
