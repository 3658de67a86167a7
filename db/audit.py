"""The chain of who did what: one row per write, view, print and export, each with the hash of the row before.

A row is never changed or removed: triggers refuse it, the normal connection may not even ask. Whoever gets
round both breaks the chain from that row on. Rows are added under the one write lock, so two writers cannot
both follow the same row. What the chain cannot see by itself is that its end is missing: its head is therefore
kept outside as well (`db.anchor`, the names of backups, the feet of printed lists).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Select, Table, Text, insert, select, type_coerce
from sqlalchemy.orm import Session

from db.models import AuditRow
from db.stamp import Stamp
from db.types import canonical_json

FIRST: Final = "0" * 64
"""What stands as "hash before" in the first row."""

CLOCK_STEP: Final = timedelta(minutes=5)
"""How far a row may lie before the one it follows: workstations differ by that much, and clocks are put right."""

SHORT: Final = 12
_TELL_EVERY: Final = 2000

_TABLE: Final = cast(Table, AuditRow.__table__)
_LAST: Final = select(_TABLE.c.id, _TABLE.c.hash).order_by(_TABLE.c.id.desc()).limit(1)
_ADD: Final = insert(_TABLE)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many rows it has and the hash of the last one."""

    rows: int
    hash: str

    @property
    def short(self) -> str:
        """The first twelve digits: what stands on lists and in the names of backups."""
        return self.hash[:SHORT]


@dataclass(frozen=True, slots=True)
class Entry:
    """What an audit row tells of one write. `detail` holds codes and values that say what changed."""

    action: str
    entity: str
    entity_id: int | None = None
    patient_id: int | None = None
    detail: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain holds; if not, the id of the first row where it breaks. `head` is the last hash.

    `turned_back` names rows whose instant lies before that of the row they follow by more than `CLOCK_STEP`: a
    clock was put back. That breaks nothing, since rows are ordered by number, but it must be known.
    """

    ok: bool
    rows: int
    head: str
    broken_id: int | None = None
    turned_back: tuple[int, ...] = ()


def record(
    session: Session,
    stamp: Stamp,
    action: str,
    entity: str,
    entity_id: int | None = None,
    patient_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add the audit row of a write. `detail` holds codes and values that say what changed."""
    record_many(session, stamp, [Entry(action, entity, entity_id, patient_id, detail)])


def record_many(session: Session, stamp: Stamp, entries: Sequence[Entry]) -> None:
    """Add the audit rows of several writes in their order, each with the hash of the one before."""
    if not entries:
        return
    session.flush()
    last = head(session)
    rows: list[dict[str, Any]] = []
    for entry in entries:
        rows.append(_row(entry, last, stamp))
        last = Head(last.rows + 1, rows[-1]["hash"])
    session.execute(_ADD, rows)
    session.info["audited"] = True
    session.info["audit_head"] = last


def _row(entry: Entry, before: Head, stamp: Stamp) -> dict[str, Any]:
    """The columns of a row that follows `before`."""
    told = dict(entry.detail or {})
    if stamp.emergency is not None:
        told["emergency"] = stamp.emergency
    row: dict[str, Any] = {
        "id": before.rows + 1,
        "at": stamp.at,
        "user_id": stamp.user_id,
        "action": entry.action,
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "patient_id": entry.patient_id,
        "detail": told,
        "prev_hash": before.hash,
    }
    row["hash"] = row_hash(row | {"detail": canonical_json(told)})
    return row


def head(session: Session) -> Head:
    """The end of the chain now."""
    last = session.execute(_LAST).first()
    return Head(0, FIRST) if last is None else Head(last.id, last.hash)


def verify(session: Session, progress: Callable[[int], object] | None = None, last: int = 0) -> Verdict:
    """Follow the chain from the first row: ids without gaps, each hash that of its content and of the row before.

    With `last` only so many rows at the end are followed, from whatever the row before them says. `progress` hears
    the number of rows followed now and then, and may raise to stop.
    """
    start, before = _start(session, last)
    rows, at = start, None
    back: list[int] = []
    found = iter(session.execute(_all_rows(start)).mappings())
    while True:
        try:
            row = next(found, None)
        except ValueError:  # a value that cannot even be read
            return Verdict(False, rows, before, rows + 1, tuple(back))
        if row is None:
            return Verdict(True, rows, before, None, tuple(back))
        content = {name: row[name] for name in row if name != "hash"}
        whole = row["id"] == rows + 1 and row["prev_hash"] == before
        if not whole or row["hash"] != row_hash(content):
            return Verdict(False, rows, before, int(row["id"]), tuple(back))
        if at is not None and row["at"] < at - CLOCK_STEP:
            back.append(int(row["id"]))
        before, rows, at = str(row["hash"]), rows + 1, cast(datetime, row["at"])
        if progress is not None and rows % _TELL_EVERY == 0:
            progress(rows)


def _start(session: Session, last: int) -> tuple[int, str]:
    """The row to begin after, and its hash: the very beginning unless only the `last` rows are wanted."""
    rows = head(session).rows
    if not last or rows <= last:
        return 0, FIRST
    first = rows - last
    known = session.execute(select(_TABLE.c.hash).where(_TABLE.c.id == first)).scalar()
    return first, FIRST if known is None else str(known)


def _all_rows(start: int) -> Select[*tuple[Any, ...]]:
    """The rows after `start` as they are stored, the detail as its text."""
    columns = [column for column in _TABLE.c if column.name not in ("detail", "hash")]
    query = select(*columns, type_coerce(_TABLE.c.detail, Text).label("detail"), _TABLE.c.hash)
    return query.where(_TABLE.c.id > start).order_by(_TABLE.c.id).execution_options(yield_per=1000)


def row_hash(content: Mapping[str, object]) -> str:
    """SHA-256 of the one JSON spelling of a row without its hash, its detail as the text that is stored."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
