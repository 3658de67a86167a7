"""A clinic for the torture tests: one prepared file, the work done on it, and what it holds, as one number.

`REPLETE_TORTURE=10` makes every test of this folder do ten times as much.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from running_clinic import RunningClinic, day, panel, set_up
from sqlalchemy import text
from sqlcipher3 import dbapi2

from db import engine, invariants
from db.engine import Database

KEY = bytes(range(32))
SCALE = max(1, int(os.environ.get("REPLETE_TORTURE", "1")))
NEXT_DAY = 51
"""The first day after everything that stands in the prepared file."""


def times(count: int) -> int:
    """How often to do something that is done `count` times in a run of CI."""
    return count * SCALE


@contextmanager
def quick_folder(megabytes: int = 0) -> Iterator[Path]:
    """A folder in memory where there is one with so much room, so that thousands of files cost no disk."""
    memory = Path("/dev/shm")
    fits = memory.is_dir() and os.access(memory, os.W_OK) and _free(memory) >= megabytes
    with tempfile.TemporaryDirectory(prefix="torture-", dir=memory if fits else None) as folder:
        yield Path(folder)


def _free(folder: Path) -> float:
    """Room in MB."""
    return shutil.disk_usage(folder).free / 1_000_000


class Unchecked(RunningClinic):
    """Makes a clinic without proving it after every write."""

    def check(self, on: int) -> None:
        """Proved once, when all is there."""


def prepare(path: Path) -> None:
    """A clinic with two treated patients, two awaiting a decision, two planned and half given, one referred."""
    database = Database.create(path, KEY)
    set_up(database)
    work = Unchecked(database)
    for surname in ("Abbott", "Brook", "Carr", "Dale"):
        course_id = work.register(surname=surname).course_id or 0
        work.plan(course_id, 0, (7, 300), (14, 300))
        work.give(course_id, 7, 300)
        if surname not in ("Carr", "Dale"):
            work.give(course_id, 14, 300)
    for surname in ("Ely", "Finch"):
        made = work.register(surname=surname)
        work.plan(made.course_id or 0, 0, (7, 300), (14, 300))
        work.give(made.course_id or 0, 7, 300)
        work.give(made.course_id or 0, 14, 300)
        work.store(made.patient_id or 0, 50, *panel(50, "94", ferritin="40", tsat="18"))
    work.register(surname="Gale")
    RunningClinic(database).check(NEXT_DAY)
    database.close()


def copy_of(source: Path, target: Path) -> Path:
    """The prepared file under another name, and nothing else beside it."""
    for ending in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    return Path(shutil.copyfile(source, target))


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: the last audit row, its hash, and one hash over every row of every table."""

    rows: int
    head: str
    digest: str


def bare(path: Path, *, looking_only: bool = False) -> Any:
    """A driver connection with the key and nothing else; one that only looks never folds the log into the file."""
    address = f"file:{path}?mode=ro" if looking_only else str(path)
    connection = dbapi2.connect(address, uri=looking_only, isolation_level=None)
    engine.unlock(connection, KEY)
    return connection


def content(connection: Any) -> Content:
    """Read all that is in a file through a driver connection."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    connection.execute("BEGIN")
    tables = [(name, connection.execute(f'SELECT * FROM "{name}"').fetchall()) for (name,) in names]
    found = connection.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone() or (0, "")
    connection.execute("COMMIT")
    digest = hashlib.sha256(marshal.dumps(tables, 2)).hexdigest()
    return Content(int(found[0]), str(found[1]), digest)


def content_of(path: Path, *, structure: bool = True, looking_only: bool = False) -> Content:
    """Read all that is in a file, and have its structure checked."""
    connection = bare(path, looking_only=looking_only)
    try:
        found = content(connection)
        if structure:
            answer = connection.execute("PRAGMA integrity_check").fetchall()
            assert answer == [("ok",)], answer
        return found
    finally:
        connection.close()


def head(database: Database) -> tuple[int, str]:
    """The last audit row and its hash."""
    with database.read() as session:
        found = session.execute(text("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")).one()
        return int(found[0]), str(found[1])


def broken(database: Database, on: int) -> list[invariants.InvariantResult]:
    """Promises that do not hold."""
    with database.read() as session:
        return [one for one in invariants.check(session, day(on)) if not one.ok]


def whole(path: Path, on: int) -> tuple[int, str]:
    """Open a file as the program does; structure, references and every promise hold. The head of its audit."""
    database = Database.open(path, KEY)
    try:
        with database.read() as session:
            pages = session.execute(text("PRAGMA cipher_integrity_check")).all()
            structure = session.execute(text("PRAGMA integrity_check")).scalars().all()
            references = session.execute(text("PRAGMA foreign_key_check")).all()
        assert (pages, structure, references) == ([], ["ok"], [])
        assert broken(database, on) == []
        return head(database)
    finally:
        database.close()


Step = Callable[["Site"], None]
"""One piece of work of a workload: at most one write."""


@dataclass
class Site:
    """Where a workload works: the file, open, and the day it is."""

    path: Path
    chance: random.Random
    today: int = NEXT_DAY
    opened: Database | None = None
    prepare: Callable[[Database], None] | None = None
    """What to do to a fresh `Database`; how a test weakens it."""
    vault: bytes = b""
    """What was last written as the vault."""

    @property
    def database(self) -> Database:
        """The open file; opened when it is not."""
        if self.opened is None:
            self.opened = Database.open(self.path, KEY)
            if self.prepare is not None:
                self.prepare(self.opened)
        return self.opened

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self.opened is not None:
            opened, self.opened = self.opened, None
            opened.close()

    def rows(self, query: str, **given: object) -> list[Any]:
        """Ask the file."""
        with self.database.read() as session:
            return list(session.execute(text(query), given).all())

    def first(self, query: str, **given: object) -> Any:
        """The first row of an answer, or None."""
        found = self.rows(query, **given)
        return found[0] if found else None
