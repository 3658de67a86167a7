"""Files taken in one after another: found, read apart, stored, and accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db.engine import Database
from db.imports.apart import Reader
from db.imports.given import Given
from db.imports.reading import walk
from db.imports.records import FileRead
from db.imports.report import FileBalance, Row, problems
from db.imports.storing import Progress, StoredFile, store_file
from db.imports.tables import ColumnMapping, MappingError
from db.imports.told import column_mappings, known_codes
from db.stamp import Stamp

MANY: Final = 100
"""Messages of a file before which a backup is made: what a day brings is less, and can be undone as an import."""


def take_in(
    database: Database,
    paths: Iterable[str | Path],
    stamp: Callable[[], Stamp],
    protocol: Protocol,
    reader: Reader,
    progress: Progress | None = None,
    mapping: ColumnMapping | None = None,
    before_many: Callable[[], object] | None = None,
) -> Iterator[StoredFile]:
    """Read and store the files behind some paths, one after another; tables by `mapping` where it is given. After one
    that was stopped no other is begun. `before_many` is called once, before a file of many messages is stored.
    """
    with database.read() as session:
        given = given_by(session, mapping)
    for found in walk(paths):
        read = found if isinstance(found, FileRead) else reader.read(found, given)
        if before_many is not None and len(read.messages) >= MANY:
            before_many()
            before_many = None
        done = store_file(database, read, stamp, protocol, progress)
        yield done
        if done.why is not None:
            return


def given_by(session: Session, mapping: ColumnMapping | None = None) -> Given:
    """What a clinic tells the readers: its laboratories' codes and columns, and a mapping for the very file."""
    mappings = tuple(_mappings(column_mappings(session).values()))
    return Given(known_codes(session), mapping=mapping, mappings=mappings, accept_guess=True)


def balance(done: StoredFile) -> FileBalance:
    """The balance sheet of a file that was stored; it refuses to be one that does not add up."""
    rows = tuple(
        Row(one.observation, one.state, (one.reason,) if one.reason is not None else ())
        for one in done.outcomes
    )
    told = problems(done.read)
    if done.why is not None:
        told = (*told, ("", done.why))
    form = done.read.format.value if done.read.format is not None else None
    return FileBalance(done.read.path, form, len(done.read.messages), len(done.read.observations), rows, told)


def _mappings(kept: Iterable[object]) -> Iterator[ColumnMapping]:
    for one in kept:
        try:
            yield ColumnMapping.from_json(one)
        except MappingError:
            continue  # kept by another version of the program: the columns are asked for again
