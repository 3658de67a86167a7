"""Ids taken before a row is written, for rows that point at each other."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.models import Base


def reserve(session: Session, table: str) -> int:
    """The next id of `table`, kept for this write. Safe because a write holds the one write lock."""
    session.flush()
    highest = int(session.connection().execute(_highest(table)).scalar_one())
    taken: dict[str, int] = session.info.setdefault("reserved_ids", {})
    taken[table] = max(highest, taken.get(table, 0)) + 1
    return taken[table]


@cache
def _highest(table: str) -> Select[int]:
    """The question for the highest id; made once, because making it costs more than asking."""
    return select(func.coalesce(func.max(Base.metadata.tables[table].c.id), 0))


class Numbers:
    """Ids for many rows of one write: the first of a table is asked for, the others follow it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._begun: set[str] = set()

    def next(self, table: str) -> int:
        """The next id of `table`. Between two calls nobody else may have added rows to it by hand."""
        if table not in self._begun:
            self._begun.add(table)
            return reserve(self._session, table)
        taken: dict[str, int] = self._session.info["reserved_ids"]
        taken[table] += 1
        return taken[table]
