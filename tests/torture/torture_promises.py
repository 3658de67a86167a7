"""The promises of the record asked quickly enough to be asked after every step of a long walk.

Every query of `db.invariant_queries` is asked each time, by the driver alone; assessments are replayed and the audit
followed from where the last look ended. `invariants.check` asks everything from the beginning, and is asked besides.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from db import audit, invariants
from db.engine import Database
from db.invariant_queries import QUERIES, UNFINISHED_BATCHES
from db.invariant_replay import changed_answers
from db.queries.not_reached import tries_wanted

ASKED: Final = (*QUERIES, (15, "letter_batch", UNFINISHED_BATCHES))


class Promises:
    """Looks at one clinic again and again."""

    def __init__(self, database: Database) -> None:
        """Nothing was looked at yet."""
        self.database = database
        self.assessments = 0
        self.rows = 0

    def broken(self, today: date) -> list[str]:
        """What does not hold on this day: every query, and what is new of answers and audit."""
        with self.database.read() as session:
            found = list(queries(session, today))
            answers, rows = session.execute(
                text(
                    "SELECT (SELECT coalesce(max(id), 0) FROM assessment), (SELECT coalesce(max(id), 0) FROM audit)"
                )
            ).one()
            if answers > self.assessments:
                found += changed_answers(session, last=answers - self.assessments)[0]
            if rows > self.rows:
                verdict = audit.verify(session, last=rows - self.rows + 1)
                found += [] if verdict.ok else [f"audit {verdict.broken_id}"]
        self.assessments, self.rows = answers, rows
        return found

    def all_broken(self, today: date) -> list[invariants.InvariantResult]:
        """Every promise from the first row on."""
        with self.database.read() as session:
            return [one for one in invariants.check(session, today) if not one.ok]


def queries(session: Session, today: date) -> Any:
    """The rows that each query of the promises finds broken."""
    driver = session.connection().connection.dbapi_connection
    assert driver is not None
    given = {"today": today.isoformat(), "tries": tries_wanted()}
    for number, table, query in ASKED:
        for (row_id,) in driver.execute(query, given):
            yield f"promise {number}: {table} {row_id}"
