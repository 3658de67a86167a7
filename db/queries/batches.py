"""Batches of letters: what is in doubt, what one holds, and which of its letters may not go out any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session

from db import models as m
from db.errors import NotFound

TO_PATIENT = (
    "patient-results",
    "patient-appointment",
    "reminder-1",
    "reminder-2",
    "repeat-infusion",
    "not-reached",
    "phosphate-check",
    "discharge",
)
"""Letters that somebody who wants no letters does not get."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch: when and by whom it was made, where it went, how many letters, how many not answered for."""

    batch_id: int
    at: datetime
    by: str
    how: str
    size: int
    pending: int


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One letter of a batch in post order. `stopped` is why it may not go out any more, if so."""

    position: int
    letter_id: int
    version: int
    reference: str
    kind: str
    patient_id: int
    number: str
    recipient: str
    pages: int
    sha256: str
    outcome: str
    reason: str
    stopped: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with its letters in post order."""

    row: BatchRow
    items: tuple[BatchItem, ...]

    @property
    def pending(self) -> tuple[BatchItem, ...]:
        """What nobody has answered for."""
        return tuple(item for item in self.items if item.outcome == "pending")


@dataclass(frozen=True, slots=True)
class Unprinted:
    """A letter that is filed and approved, never came out, and is in no batch that is in doubt."""

    letter_id: int
    version: int
    reference: str
    kind: str
    patient_id: int
    course_id: int | None
    surname: str
    given: str
    pages: int
    stopped: str


def open_batches(session: Session) -> tuple[BatchRow, ...]:
    """Batches with a letter nobody has answered for, oldest first: after a crash, those in doubt."""
    wanted = _batch_select().where(m.LetterBatch.finished_at.is_(None)).order_by(m.LetterBatch.id)
    return tuple(_batch_row(row) for row in session.execute(wanted))


def batch(session: Session, batch_id: int) -> BatchView:
    """One batch. `NotFound` for an unknown one."""
    row = session.execute(_batch_select().where(m.LetterBatch.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound("letter-batch-not-found", id=batch_id)
    i, letter, p = m.LetterBatchItem, m.Letter, m.Patient
    rows = session.execute(
        select(
            i.position, i.letter_id, letter.version, letter.reference, letter.kind, letter.patient_id, p.number,
            letter.recipient, letter.pages, letter.sha256, i.outcome, i.reason,
        )
        .join(letter, letter.id == i.letter_id)
        .join(p, p.id == letter.patient_id)
        .where(i.batch_id == batch_id)
        .order_by(i.position)
    ).all()  # fmt: skip
    why = stopped(session, [one.letter_id for one in rows])
    items = (
        BatchItem(
            one.position, one.letter_id, one.version, one.reference, one.kind, one.patient_id, one.number,
            str((one.recipient or {}).get("name", "")), one.pages, one.sha256, one.outcome, one.reason,
            why.get(one.letter_id, ""),
        )
        for one in rows
    )  # fmt: skip
    return BatchView(_batch_row(row), tuple(items))


def letter_files(session: Session, letter_ids: Sequence[int]) -> dict[int, bytes]:
    """The exact bytes of letters, by id."""
    table = m.LetterFile
    rows = session.execute(select(table.letter_id, table.pdf).where(table.letter_id.in_(letter_ids)))
    return {row.letter_id: row.pdf for row in rows}


def unprinted(session: Session) -> tuple[Unprinted, ...]:
    """Letters that were filed and never came out, of people under follow-up; oldest first."""
    letter, p, i = m.Letter, m.Patient, m.LetterBatchItem
    waiting = exists().where(i.letter_id == letter.id, i.outcome == "pending")
    rows = session.execute(
        select(
            letter.id, letter.version, letter.reference, letter.kind, letter.patient_id, letter.course_id,
            p.surname, p.given, letter.pages,
        )
        .join(p, p.id == letter.patient_id)
        .where(letter.state == "approved", ~waiting)
        .order_by(letter.id)
    ).all()  # fmt: skip
    why = stopped(session, [row.id for row in rows])
    return tuple(Unprinted(*row, stopped=why.get(row.id, "")) for row in rows)


def stopped(session: Session, letter_ids: Sequence[int]) -> dict[int, str]:
    """Why letters may not go out any more, by id; those that may are left out.

    patient-not-active (they died, declined, moved on), no-letters (they asked for none, and it is to them),
    letter-void, letter-out-of-date (the record moved on, and it was not sent).
    """
    letter, p, n, a = m.Letter, m.Patient, m.PatientNeed, m.AssessmentRow
    refused = exists().where(n.patient_id == letter.patient_id, n.code == "no-letters", n.until.is_(None))
    old = letter.out_of_date_at.is_not(None) | (a.state == "superseded")
    reason = case(
        (letter.state == "void", "letter-void"),
        (p.status != "active", "patient-not-active"),
        (letter.kind.in_(TO_PATIENT) & refused, "no-letters"),
        (old & letter.sent_at.is_(None), "letter-out-of-date"),
        else_="",
    )
    rows = session.execute(
        select(letter.id, reason.label("reason"))
        .join(p, p.id == letter.patient_id)
        .outerjoin(a, a.id == letter.assessment_id)
        .where(letter.id.in_(letter_ids))
        .order_by(letter.id)
    )
    return {row.id: row.reason for row in rows if row.reason}


def _batch_select() -> Select[Any]:
    b, i = m.LetterBatch, m.LetterBatchItem
    left = select(func.count()).where(i.batch_id == b.id, i.outcome == "pending").scalar_subquery()
    return select(b.id, b.recorded_at, m.User.name, b.note, b.size, left.label("pending")).join(
        m.User, m.User.id == b.recorded_by_id
    )


def _batch_row(row: Any) -> BatchRow:
    return BatchRow(row.id, row.recorded_at, row.name, row.note, row.size, row.pending)
