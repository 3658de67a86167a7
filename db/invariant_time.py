"""Days and instants: what is overdue must not depend on a zone, on daylight saving or on somebody's clock.

Due dates are plain calendar days, so no zone can move them. Instants are written by the program in UTC and each
belongs to a write that stands in the audit, so none can lie after the newest row of it. A clock that was turned back
breaks nothing, since the audit is ordered by number, but it is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import Date, Table, bindparam, func, select, text
from sqlalchemy.orm import Session

from db import audit
from db.models import AuditRow, Base
from db.types import UTCDateTime

FROM_OUTSIDE: Final = frozenset(
    {("infusion", "started_at"), ("infusion", "ended_at"), ("lab_result", "reported_at")}
)
"""Instants that people or laboratories state; all others are written by the program when it saves."""


def wrong_times(session: Session) -> Iterator[str]:
    """Rows whose day is anything but year, month and day, or with an instant later than every write of the audit.

    Both are asked in one pass, since every row of every table with a time has to be read for it.
    """
    latest = session.scalars(select(func.max(AuditRow.at))).one()
    query = text(_query(instants=latest is not None))
    if latest is not None:
        query = query.bindparams(bindparam("latest", latest, UTCDateTime))
    yield from session.execute(query).scalars()


@cache
def _query(*, instants: bool) -> str:
    """One question over every table that has days or instants."""

    def faults(table: Table) -> list[str]:
        days = [
            f"({column.name} IS NOT NULL AND CAST({column.name} AS TEXT) NOT LIKE '____-__-__')"
            for column in table.c
            if isinstance(column.type, Date)
        ]
        late = [
            f"{column.name} > :latest"
            for column in table.c
            if isinstance(column.type, UTCDateTime) and (table.name, column.name) not in FROM_OUTSIDE
        ]
        return days + late if instants else days

    return _over_all_tables(faults)


def _over_all_tables(faults: Callable[[Table], list[str]]) -> str:
    """The rows of every table with at least one fault, as table and key. All names are of our own schema."""
    parts = []
    for table in Base.metadata.sorted_tables:
        wrong = faults(table)
        if wrong:
            key = next(iter(table.primary_key.columns)).name
            told = f"SELECT '{table.name} ' || CAST({key} AS TEXT) FROM {table.name}"  # noqa: S608
            parts.append(f"{told} WHERE {' OR '.join(wrong)}")
    return " UNION ALL ".join(parts)


def behind(session: Session, now: datetime) -> datetime | None:
    """The instant of the newest row of the audit, when the clock stands before it by more than a small step."""
    last = session.scalars(select(AuditRow.at).order_by(AuditRow.id.desc()).limit(1)).first()
    return last if last is not None and now < last - audit.CLOCK_STEP else None
