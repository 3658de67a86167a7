"""The promises of the record, asked of the record itself.

Most are constraints or triggers as well; here they are checked again from the outside, so that a file
that was changed behind the program's back, or by a faulty program, is found out. A check names broken rows by
table and id, never by anything of a patient.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Date, bindparam, select, text
from sqlalchemy.orm import Session

from db import audit
from db.invariant_queries import NAMES, QUERIES, UNFINISHED_BATCHES
from db.models import Letter, LetterFile

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """One promise: whether it holds, how many rows break it, and which (the first twenty)."""

    id: int
    name: str
    ok: bool
    count: int
    detail: str


def check(session: Session, today: date) -> tuple[InvariantResult, ...]:
    """Every promise that the record can show by itself, in the order of their numbers."""
    broken: dict[int, list[str]] = {number: [] for number in NAMES}
    for number, table, query in QUERIES:
        broken[number] += _asked(session, table, query, today)
    broken[15] += _changed_letters(session) + _asked(session, "letter_batch", UNFINISHED_BATCHES, today)
    verdict = audit.verify(session)
    if not verdict.ok:
        broken[18].append(f"audit {verdict.broken_id}")
    return tuple(
        InvariantResult(number, NAMES[number], not rows, len(rows), ", ".join(rows[:_SHOWN]))
        for number, rows in sorted(broken.items())
    )


def _asked(session: Session, table: str, query: str, today: date) -> list[str]:
    """The rows that a query finds broken."""
    statement = text(query)
    if ":today" in query:
        statement = statement.bindparams(bindparam("today", today, Date))
    return [f"{table} {row_id}" for row_id in session.execute(statement).scalars()]


def _changed_letters(session: Session) -> list[str]:
    """Letters whose stored bytes are missing or do not give their hash."""
    query = select(Letter.id, Letter.sha256, LetterFile.pdf)
    query = query.outerjoin(LetterFile, LetterFile.letter_id == Letter.id).order_by(Letter.id)
    rows = session.execute(query.execution_options(yield_per=100))
    return [
        f"letter {letter_id}"
        for letter_id, sha256, pdf in rows
        if pdf is None or hashlib.sha256(pdf).hexdigest() != sha256
    ]
