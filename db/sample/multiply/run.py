"""Copies a small clinic into a new file as often as patients are wanted, in one transaction, streaming."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from db import anchor, engine
from db.audit import Head
from db.sample.clinic import Names, Progress
from db.sample.multiply import chain
from db.sample.multiply.ahead import Ahead, Rows
from db.sample.multiply.people import Person, Row, copied, place_of, read_people
from db.sample.multiply.tables import (
    BY_HAND,
    Own,
    copy_statement,
    json_columns,
    own_tables,
    pointed_in_json,
    shared_tables,
)

ROUNDS_AT_ONCE: Final = 20
"""So many copies of the small clinic are written by one statement; between two of them it can be stopped."""
ROWS_AT_ONCE: Final = 20_000
PARTS_AHEAD: Final = 4
"""Parts of the audit that wait to be written at most: each is some 20 MB."""
CACHE_KIB: Final = 256 * 1024
"""Pages of the new file that are kept in memory, at the least."""
CACHE_KIB_A_PATIENT: Final = 4
"""The audit's hashes come in no order, so their two indexes are written all over: of 2.7 KiB a patient, which have to
stay in memory whole. In a clinic of a million, 256 MiB had each page written five times."""

_LEFT: Final = "UPDATE main.patient SET status = ?, status_on = ? WHERE id = ?"


class BrokenCopy(RuntimeError):  # noqa: N818
    """A copied row points nowhere: a fault in the program. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The end of the audit, and the places by clinic number of the small clinic, in the order they are copied in."""

    audit: Head
    places: tuple[int, ...]


def multiply(
    target: Path,
    key: bytes,
    base: Path,
    patients: int,
    seed: int,
    names: Names,
    progress: Progress | None = None,
) -> Copied:
    """Fill the new, empty clinic file `target` with `patients` people copied from the clinic `base` of the same key.

    Both are closed files. The same base, number and seed give the same rows.
    `progress` hears rows written and rows in all, and may raise to stop: nothing is then kept.
    Raises what opening a file raises, DiskFull, DiskError.
    """
    with engine.maintenance(target, key) as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        with _transaction(driver, base, key, max(CACHE_KIB, CACHE_KIB_A_PATIENT * patients)):
            copy = _Copy(driver, patients, names, random.Random(seed), progress)
            head = copy.write()
    anchor.keep(target, head)
    return Copied(head, tuple(place_of(one.patient["number"]) for one in copy.people))


@contextmanager
def _transaction(driver: Any, base: Path, key: bytes, cache_kib: int) -> Iterator[None]:
    """One transaction with a rollback journal: rows added to an empty file need none, a log would hold them twice."""
    driver.execute("PRAGMA query_only = OFF")
    driver.execute("PRAGMA journal_mode = DELETE")
    driver.execute(f"PRAGMA cache_size = -{cache_kib}")
    driver.execute(f"ATTACH ? AS base KEY \"x'{key.hex()}'\"", (str(base),))
    driver.execute("BEGIN IMMEDIATE")
    try:
        yield
        driver.execute("COMMIT")
    except BaseException:
        driver.execute("ROLLBACK")
        raise
    finally:
        driver.execute("DETACH base")
    driver.execute("PRAGMA journal_mode = WAL")


class _Copy:
    """One copying: the connection, the rounds, and how far it is."""

    def __init__(
        self, driver: Any, patients: int, names: Names, rng: random.Random, progress: Progress | None
    ) -> None:
        self.driver, self.names, self.rng, self.progress = driver, names, rng, progress
        self.own = own_tables()
        self.people: list[Person] = read_people(driver)
        self.patients = patients
        self.rounds = _rounds([one.patient["id"] for one in self.people], patients)
        self.spans = {name: self._highest(one) for name, one in self.own.items()}
        self.tables = [name for name in self.own if name not in BY_HAND]
        self.done, self.of = 0, 0
        self.end = Head(0, "")

    def write(self) -> Head:
        """Everything, then proof that every reference leads somewhere. The audit is chained beside the copying."""
        chained = chain.chained(chain.kept(self.driver), self.rounds, self.own, self.spans)
        ahead = Ahead(chained, ROWS_AT_ONCE, PARTS_AHEAD)
        try:
            self._write_all(ahead)
        finally:
            ahead.close()
        if self.driver.execute("PRAGMA main.foreign_key_check").fetchone() is not None:
            raise BrokenCopy
        self._tell(self.of)
        return self.end

    def _write_all(self, ahead: Ahead) -> None:
        self.driver.execute("CREATE TEMP TABLE rounds (round INTEGER PRIMARY KEY, upto INTEGER NOT NULL)")
        self.driver.executemany("INSERT INTO temp.rounds VALUES (?, ?)", self.rounds)
        self.of = self._about_all()
        for table in shared_tables(self.own):
            self.driver.execute(f"INSERT INTO main.{table.name} SELECT * FROM base.{table.name}")  # noqa: S608
        self._people()
        for name in self.tables:
            statement = copy_statement(self.own, name, self.spans, self._keys(name))
            for first, last in self._stretches():
                self._wrote(self.driver.execute(statement, (first, last)).rowcount)
                self._audit(ahead.ready())
        self._who_left()
        self._audit(ahead.rest())

    def _people(self) -> None:
        """The patients with all that says who they are."""
        for turn, upto in self.rounds:
            rows: dict[str, list[Row]] = defaultdict(list)
            for person in self.people:
                if person.patient["id"] <= upto:
                    told = copied(person, turn, len(self.people), self.names, self.spans, self.rng)
                    for table, found in told.items():
                        rows[table] += found
            for table, found in rows.items():
                if found:
                    self._insert(table, tuple(found[0]), [tuple(row.values()) for row in found])

    def _who_left(self) -> None:
        """Put down those who left, now that their steps are there and closed."""
        for one in (person.patient for person in self.people):
            if one["status"] != "active":
                turns = [turn for turn, upto in self.rounds if one["id"] <= upto]
                ids = (one["id"] + turn * self.spans["patient"] for turn in turns)
                self.driver.executemany(
                    _LEFT, [(one["status"], one["status_on"], copy_id) for copy_id in ids]
                )

    def _audit(self, parts: Iterable[Rows]) -> None:
        for rows in parts:
            self._insert("audit", chain.COLUMNS, rows)
            self.end = Head(int(str(rows[-1][0])), str(rows[-1][-1]))

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            places = ", ".join("?" * len(columns))
            into = f"INSERT INTO main.{table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
            self.driver.executemany(into, rows)
            self._wrote(len(rows))

    def _stretches(self) -> list[tuple[int, int]]:
        """First and last round of each statement."""
        last = len(self.rounds) - 1
        return [
            (first, min(first + ROUNDS_AT_ONCE - 1, last))
            for first in range(0, len(self.rounds), ROUNDS_AT_ONCE)
        ]

    def _keys(self, name: str) -> dict[str, tuple[str, ...]]:
        """Keys that hold ids in the JSON columns of a table of the small clinic: to look for others takes longest."""
        found = {}
        for column in json_columns(self.own[name]):
            told = self.driver.execute(
                f"SELECT DISTINCT e.key FROM base.{name} b, json_each(b.{column}) e WHERE e.key LIKE '%_id'"  # noqa: S608
            )
            keys = tuple(sorted(key for (key,) in told if pointed_in_json(key, self.own) is not None))
            if keys:
                found[column] = keys
        return found

    def _highest(self, one: Own) -> int:
        """How far ids of a table are moved on in each round: its highest in the small clinic."""
        if "id" not in one.table.c:
            return 0
        found = self.driver.execute(f"SELECT coalesce(max(id), 0) FROM base.{one.table.name}")  # noqa: S608
        return int(found.fetchone()[0])

    def _about_all(self) -> int:
        """About how many rows will be written: as many for each patient as in the small clinic."""
        counts = (f"SELECT count(*) FROM base.{name}" for name in self.own)  # noqa: S608  (our own schema)
        kept = sum(self.driver.execute(count).fetchone()[0] for count in counts)
        return int(kept * self.patients // len(self.people)) + 1

    def _wrote(self, rows: int) -> None:
        self.done += rows
        self._tell(min(self.done, self.of - 1))

    def _tell(self, done: int) -> None:
        if self.progress is not None:
            self.progress(done, self.of)


def _rounds(ids: Sequence[int], patients: int) -> list[tuple[int, int]]:
    """Rounds 0, 1, …, each with the last patient it copies; only the last may be a part of the small clinic."""
    full, rest = divmod(patients, len(ids))
    rounds = [(turn, ids[-1]) for turn in range(full)]
    return rounds + ([(full, ids[rest - 1])] if rest else [])
