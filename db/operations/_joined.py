"""Rows of people as they are, and what a merge does to them: told before and after, moved, counted anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Date, DateTime, Table, func, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from db import models as m
from db.models.base import Base

Columns = dict[str, Any]
Key = tuple[str, int]
"""Name of a table and the id of a row in it."""
Rows = dict[Key, Columns]

NOT_MOVED: Final = frozenset({"audit", "emergency_access", "patient_search_key"})
"""What was written about a record stays under it; search keys are made anew."""

MOVED: Final[tuple[Table, ...]] = tuple(
    sorted(
        (
            table
            for table in Base.metadata.tables.values()
            if "patient_id" in table.c and "id" in table.c and table.name not in NOT_MOVED
        ),
        key=lambda table: (table.name == "course", table.name),
    )
)
"""The tables whose rows belong to one patient; courses last, since no row may be left behind by its course."""

_OF_MADE: Final = ("patient_id", "course_id", "state", "is_open")
"""What is kept of a row that the merge made."""

APART: Final = 10_000
"""Added to the ordinal of a course while courses are counted anew, so that no two have the same meanwhile."""


def rows_of(session: Session, patient_ids: Iterable[int]) -> Rows:
    """Every row of these people, as values JSON can hold; those merged into them count as theirs."""
    session.flush()
    ids = tuple(patient_ids)
    found: Rows = {}
    people = Base.metadata.tables["patient"]
    query = select(people).where(or_(people.c.id.in_(ids), people.c.merged_into_id.in_(ids)))
    _take(session, people, query, found)
    for table in MOVED:
        _take(session, table, select(table).where(table.c.patient_id.in_(ids)), found)
    return found


def rows_now(session: Session, keys: Iterable[Key]) -> Rows:
    """The rows of these keys as they are now."""
    wanted: dict[str, list[int]] = {}
    for name, row_id in keys:
        wanted.setdefault(name, []).append(row_id)
    found: Rows = {}
    session.flush()
    for name, ids in wanted.items():
        table = Base.metadata.tables[name]
        for first in range(0, len(ids), 500):
            _take(session, table, select(table).where(table.c.id.in_(ids[first : first + 500])), found)
    return found


def differences(before: Rows, after: Rows) -> list[tuple[Key, Columns | None, Columns]]:
    """Rows that changed, with the changed columns as they were and as they are; versions apart.

    A row that was not there before has no "before", and as "after" only what tells whether it was acted on.
    """
    found: list[tuple[Key, Columns | None, Columns]] = []
    for key in sorted(after):
        now, was = after[key], before.get(key)
        if was is None:
            found.append((key, None, {name: now[name] for name in _OF_MADE if name in now}))
            continue
        changed = [name for name in now if name != "version" and now[name] != was[name]]
        if changed:
            found.append((key, {one: was[one] for one in changed}, {one: now[one] for one in changed}))
    return found


def write_rows(session: Session, merge_id: int, found: list[tuple[Key, Columns | None, Columns]]) -> None:
    """Keep what a merge touched."""
    rows = [
        {"merge_id": merge_id, "position": place, "table_name": name, "row_id": row_id, "before": was, "after": now}
        for place, ((name, row_id), was, now) in enumerate(found, start=1)
    ]  # fmt: skip
    if rows:
        session.execute(insert(m.MergedRow), rows)


def newest_ids(session: Session) -> dict[str, int]:
    """The newest id of each table: whatever is newer later was written after."""
    return {
        table.name: int(session.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one())
        for table in MOVED
    }


def move_all(session: Session, from_id: int, to_id: int) -> None:
    """Let every row of one person belong to another; courses wait for their place in the count."""
    session.flush()
    for table in MOVED:
        values: dict[str, Any] = {"patient_id": to_id}
        if table.name == "course":
            values["ordinal"] = table.c.ordinal + APART
        _update(session, table, table.c.patient_id == from_id, values)
    session.expire_all()


def set_row(session: Session, key: Key, values: Columns) -> None:
    """Write columns of one row, given as `rows_of` told them."""
    table = Base.metadata.tables[key[0]]
    typed = {name: _read(table, name, value) for name, value in values.items()}
    _update(session, table, table.c.id == key[1], typed)


def count_courses(session: Session, patient_id: int) -> None:
    """Number the courses of a person by the day each began, the one under follow-up last."""
    course = m.Course.__table__
    began = dict(
        session.execute(
            select(m.Infusion.course_id, func.min(m.Infusion.given_on))
            .where(m.Infusion.patient_id == patient_id, m.Infusion.state == "given")
            .group_by(m.Infusion.course_id)
        ).all()
    )
    rows = session.execute(
        select(course.c.id, course.c.status, course.c.recorded_at).where(course.c.patient_id == patient_id)
    ).all()
    ordered = sorted(
        rows, key=lambda one: (one.status != "ended", began.get(one.id) or one.recorded_at.date(), one.id)
    )
    number_courses(session, {row.id: place for place, row in enumerate(ordered, start=1)})


def number_courses(session: Session, places: Mapping[int, int]) -> None:
    """Give courses their ordinals; all of them step aside first, since no two may have one at any time."""
    course = Base.metadata.tables["course"]
    rows = session.execute(select(course.c.id, course.c.ordinal).where(course.c.id.in_(list(places)))).all()
    changed = [row.id for row in rows if row.ordinal != places[row.id]]
    for aside in (2 * APART, 0):
        for course_id in changed:
            _update(session, course, course.c.id == course_id, {"ordinal": places[course_id] + aside})
    session.expire_all()


def _take(session: Session, table: Table, query: Any, found: Rows) -> None:
    for row in session.execute(query).mappings():
        found[(table.name, row["id"])] = {name: _plain(row[name]) for name in row if name in table.c}


def _update(session: Session, table: Table, where: Any, values: Columns) -> None:
    """A change past the objects of the session, so that rows that never change otherwise can be moved."""
    if "version" in table.c:
        values = {**values, "version": table.c.version + 1}
    session.execute(update(table).where(where).values(**values))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(table: Table, name: str, value: Any) -> Any:
    """What `_plain` wrote, as the column takes it."""
    kind = table.c[name].type
    if value is None:
        return None
    inner = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if isinstance(inner, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(inner, Date) else value
