"""The promises of the record, asked of the record itself.

Most are constraints or triggers as well; here they are checked again from the outside, so that a file
that was changed behind the program's back, or by a faulty program, is found out. A check names broken rows by
table and id, never by anything of a patient.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Date, Integer, bindparam, select, text
from sqlalchemy.orm import Session

from db import anchor, audit, invariant_time
from db.invariant_queries import NAMES, QUERIES, QUICK, UNFINISHED_BATCHES
from db.invariant_replay import changed_answers
from db.models import Letter, LetterFile, NextStep
from db.queries.not_reached import fewest_tries
from db.queries.worklist import step_select

Progress = Callable[[int, int, str], object]
"""`progress(done, of, name)`: how many promises were checked, and the one that is; may raise to stop."""

_SHOWN: Final = 20
_QUICK_AUDIT: Final = 200
"""Rows at the end of the audit that are followed when a clinic is opened."""


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """One promise: whether it holds, how many rows break it, and which (the first twenty).

    `detail` may also name what a person should know although nothing is broken: a clock that was turned back, or
    assessments that rules of another release made.
    """

    id: int
    name: str
    ok: bool
    count: int
    detail: str


def check(session: Session, today: date, progress: Progress | None = None) -> tuple[InvariantResult, ...]:
    """Every promise, in the order of their numbers; `today` is the clinic's day.

    Reads the whole record: minutes for a large clinic. `progress` is told how far it is and may raise to stop.
    """
    tell = progress or _quietly
    found = []
    for number in sorted(NAMES):
        tell(number - 1, len(NAMES), NAMES[number])
        rows, notes = _broken(session, number, today, partial(_tell_part, tell, number))
        found.append(_result(number, rows, notes))
    tell(len(NAMES), len(NAMES), "done")
    return tuple(found)


def quick(session: Session, now: datetime) -> tuple[InvariantResult, ...]:
    """The promises that can be asked in milliseconds each time a clinic is opened, at `now` (UTC).

    Counts and indexed rows, the end of the audit with the heads kept outside, and whether the clock stands before
    the newest entry: then invariant 10 is not `ok`, since what is overdue would be counted from a wrong day.
    """
    broken: dict[int, list[str]] = {}
    for number, table, query in QUICK:
        broken.setdefault(number, []).extend(_asked(session, table, query, now.date()))
    broken[10] = ["clock behind the newest entry"] if invariant_time.behind(session, now) else []
    broken[18] = list(_audit_rows(audit.verify(session, last=_QUICK_AUDIT))) + _cut(session)
    return tuple(_result(number, rows) for number, rows in sorted(broken.items()))


def _result(number: int, rows: Iterable[str], notes: Iterable[str] = ()) -> InvariantResult:
    found = list(rows)
    told = [*found[:_SHOWN], *list(notes)[:_SHOWN]]
    return InvariantResult(number, NAMES[number], not found, len(found), ", ".join(told))


def _broken(
    session: Session, number: int, today: date, part: Callable[[int, int], object]
) -> tuple[list[str], list[str]]:
    """The rows that break a promise, and what should be known besides."""
    rows: list[str] = []
    for of, table, query in QUERIES:
        if of == number:
            rows += _asked(session, table, query, today)
    if number == 10:
        rows += invariant_time.wrong_times(session)
    elif number == 11:
        rows += _steps_on_no_list(session)
    elif number == 14:
        changed, older = changed_answers(session, part)
        return rows + changed, [f"{older} by other rules, not replayed"] if older else []
    elif number == 15:
        rows += _changed_letters(session) + _asked(session, "letter_batch", UNFINISHED_BATCHES, today)
    elif number == 18:
        verdict = audit.verify(session, lambda done: part(done, 0))
        notes = [f"audit {row_id} clock turned back" for row_id in verdict.turned_back]
        return [*_audit_rows(verdict), *_cut(session)], notes
    return rows, []


def _asked(session: Session, table: str, query: str, today: date) -> list[str]:
    """The rows that a query finds broken."""
    statement = text(query)
    if ":today" in query:
        statement = statement.bindparams(bindparam("today", today, Date))
    if ":tries" in query:
        statement = statement.bindparams(bindparam("tries", fewest_tries(session), Integer))
    return [f"{table} {row_id}" for row_id in session.execute(statement).scalars()]


def _steps_on_no_list(session: Session) -> Iterator[str]:
    """Open steps that the worklist does not show: the list of everybody, and so the sum over all owners."""
    listed = step_select().with_only_columns(NextStep.id, maintain_column_froms=True)
    missing = select(NextStep.id).where(NextStep.is_open.is_(True), NextStep.id.not_in(listed))
    for step_id in session.execute(missing.order_by(NextStep.id)).scalars():
        yield f"next_step {step_id}"


def _audit_rows(verdict: audit.Verdict) -> Iterator[str]:
    if not verdict.ok:
        yield f"audit {verdict.broken_id}"


def _cut(session: Session) -> list[str]:
    """Heads of the audit that were kept outside and are not in it any more: its end was cut off."""
    file: Path | None = session.info.get("file")
    if file is None:
        return []
    return [f"audit end missing, known from {one.where}" for one in anchor.lost(session, file)]


def _changed_letters(session: Session) -> list[str]:
    """Letters whose stored bytes are missing or do not give their hash."""
    query = select(Letter.id, Letter.sha256, LetterFile.pdf)
    query = query.outerjoin(LetterFile, LetterFile.letter_id == Letter.id).order_by(Letter.id)
    rows: Any = session.execute(query.execution_options(yield_per=100))
    return [
        f"letter {letter_id}"
        for letter_id, sha256, pdf in rows
        if pdf is None or hashlib.sha256(pdf).hexdigest() != sha256
    ]


def _quietly(_done: int, _of: int, _what: str) -> None:
    """Nobody wants to know how far it is."""


def _tell_part(tell: Progress, number: int, done: int, of: int) -> None:
    """How far the promise being checked is, so that a long one can be stopped as well."""
    said = f"{NAMES[number]} {done}" + (f"/{of}" if of else "")
    tell(number - 1, len(NAMES), said)
