"""A worklist as a file: its PDF, its CSV with what that is about, its workbook. No widget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from clinical.protocol import Protocol
from db.queries.people import Clinic
from db.replace_file import replace_file
from desktop.jobs import Progress, Sessions
from desktop.list_paper import ListOrigin, about_file, about_list, list_origin, render_worklist, taken_by
from desktop.lists import Rows, Worklist, cells, worklists
from desktop.wording.paper_errors import paper_words
from reports.errors import PaperError


@dataclass(frozen=True, slots=True)
class Taken:
    """The rows of a worklist (`name` as on the command line) as of `day`, narrowed to what `filters` says in words."""

    name: str
    day: date
    rows: Rows
    filters: str = ""

    @property
    def worklist(self) -> Worklist:
        """Its title and columns, in the language spoken now."""
        return worklists()[self.name]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list is taken from: whose clinic, by whom, at which local time, and how fresh the record is."""

    clinic: Clinic
    who: str
    at: datetime
    origin: ListOrigin


def take(sessions: Sessions, name: str, day: date, protocol: Protocol) -> tuple[Taken, ListOrigin]:
    """Read a whole list and where it comes from."""
    with sessions.read() as session:
        return Taken(name, day, worklists()[name].ask(session, day, protocol)), list_origin(session)


def draw(taken: Taken, source: Source, progress: Progress) -> bytes | str:
    """The PDF of the list, or why it cannot be made as a sentence. `progress` counts cells set and drawn."""
    worklist = taken.worklist
    wide = len(worklist.columns)
    steps, done = 2 * wide * max(1, len(taken.rows)), 0

    def tick() -> None:
        nonlocal done
        done += 1
        if done % wide == 0:
            progress(min(done, steps), steps, "")

    try:
        return render_worklist(
            worklist, cells(worklist, taken.rows), source.clinic, source.at, taken.day, taken.filters,
            source.who, source.origin, tick,
        )  # fmt: skip
    except PaperError as error:
        return paper_words(error)


def csv_of(taken: Taken) -> bytes:
    """Heads and rows."""
    from reports.exports import csv_bytes

    return csv_bytes(_heads(taken), cells(taken.worklist, taken.rows))


def write_about(path: Path, taken: Taken, source: Source) -> None:
    """Write what the CSV at `path` is about beside it. KnownError when that cannot be."""
    replace_file(*about_file(path, taken.worklist.title, _heads(taken), _origin(taken, source)))


def xlsx_of(taken: Taken, source: Source) -> bytes:
    """The workbook, with a second sheet that says where the rows come from."""
    from reports.exports import xlsx_bytes

    said = taken_by(source.clinic, source.who, source.origin.audit_head)
    table = cells(taken.worklist, taken.rows)
    return xlsx_bytes(taken.worklist.title, _heads(taken), table, said, _origin(taken, source))


def _heads(taken: Taken) -> tuple[str, ...]:
    return tuple(column.head for column in taken.worklist.columns)


def _origin(taken: Taken, source: Source) -> tuple[tuple[str, str], ...]:
    many = len(taken.rows)
    return about_list(source.clinic, source.at, taken.day, many, source.who, source.origin, taken.filters)


OWNED = frozenset({"today", "overdue", "review", "workups", "lost"})
"""The lists whose rows belong to somebody."""


def owners_of(rows: Rows) -> tuple[tuple[int, str], ...]:
    """Whose rows these are, by name."""
    found: dict[int, str] = {row.owner_id: row.owner_name for row in rows}
    return tuple(sorted(found.items(), key=lambda one: (one[1], one[0])))


def of_owner(rows: Rows, owner_id: int) -> Rows:
    """The rows of one owner."""
    return tuple(row for row in rows if row.owner_id == owner_id)
