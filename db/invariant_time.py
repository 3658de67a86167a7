"""Days and instants: what is overdue must not depend on a zone, on daylight saving or on somebody's clock.

Due dates are plain calendar days, so no zone can move them. Instants are written by the program in UTC and each
belongs to a write that stands in the audit, so none can lie after the newest row of it. A clock that was turned back
breaks nothing, since the audit is ordered by number, but it is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Date, Text, cast, func, select
from sqlalchemy.orm import Session

from db import audit
from db.models import AuditRow, Base
from db.types import UTCDateTime

FROM_OUTSIDE: Final = frozenset(
    {("infusion", "started_at"), ("infusion", "ended_at"), ("lab_result", "reported_at")}
)
"""Instants that people or laboratories state; all others are written by the program when it saves."""


def days_with_a_time(session: Session) -> Iterator[str]:
    """Rows whose day is anything but year, month and day."""
    for table in Base.metadata.sorted_tables:
        days = [column for column in table.c if isinstance(column.type, Date)]
        key = next(iter(table.primary_key.columns))
        for column in days:
            text = cast(column, Text)
            query = select(cast(key, Text)).where(column.is_not(None), text.not_like("____-__-__"))
            for row_id in session.execute(query).scalars():
                yield f"{table.name} {row_id}"


def instants_after_the_audit(session: Session) -> Iterator[str]:
    """Rows with an instant later than every write the audit knows of."""
    latest = session.scalars(select(func.max(AuditRow.at))).one()
    if latest is None:
        return
    for table in Base.metadata.sorted_tables:
        key = next(iter(table.primary_key.columns))
        for column in table.c:
            if not isinstance(column.type, UTCDateTime) or (table.name, column.name) in FROM_OUTSIDE:
                continue
            for row_id in session.execute(select(key).where(column > latest)).scalars():
                yield f"{table.name} {row_id}"


def behind(session: Session, now: datetime) -> datetime | None:
    """The instant of the newest row of the audit, when the clock stands before it by more than a small step."""
    last = session.scalars(select(AuditRow.at).order_by(AuditRow.id.desc()).limit(1)).first()
    return last if last is not None and now < last - audit.CLOCK_STEP else None
