"""Letters printed in one go: filed together, put out together, and each recorded as what became of it.

A batch is opened in one transaction that files every letter of it, so a crash can never leave half of it in the
archive. Its letters are pending until somebody, or the file on the disk, says that they came out. A batch with a
pending letter is in doubt: it stays on a list until it is answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused, StaleScreen
from db.operations._letters import NewLetter, file_letter, note_way
from db.operations._rows import add, check_seen, get, one_of
from db.operations.letters import LETTERS_CHANGED
from db.operations.roles import guarded
from db.queries.batches import stopped
from db.stamp import Stamp

HOW = ("printer", "file")
"""Where a batch goes."""
CAME_OUT, FAILED, BLOCKED = "printed", "failed", "blocked"
ANSWERS = (CAME_OUT, FAILED)
"""What may be said of a letter of a batch: it came out, or it did not and waits to be printed again."""


@dataclass(frozen=True, slots=True)
class NewBatch:
    """Letters in post order. `letters` are new; `again` are filed ones, by id with the version that was seen.

    New letters come first. `left_out` counts what was not taken into the batch, by reason; it goes into the audit.
    """

    letters: tuple[NewLetter, ...]
    how: str
    again: tuple[tuple[int, int], ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


@guarded()
def open_batch(session: Session, batch: NewBatch, stamp: Stamp) -> Changes:
    """File every letter of a batch, pending; `created_id` is the batch. All of them or none.

    Raises what `issue` raises, and `Refused`: empty-batch, unknown-code, letter-void, letter-out-of-date,
    patient-not-active, no-letters, letter-in-batch (it is pending in another one); `StaleScreen` for a filed letter
    that has changed since it was seen.
    """
    one_of(batch.how, HOW, "how")
    size = len(batch.letters) + len(batch.again)
    if not size:
        raise Refused("empty-batch")
    ids = [file_letter(session, letter, stamp) for letter in batch.letters]
    ids += [_filed_again(session, letter_id, seen_version) for letter_id, seen_version in batch.again]
    reasons = stopped(session, ids)
    if reasons:
        letter_id, reason = next(iter(reasons.items()))
        raise Refused(reason, letter_id=letter_id)
    batch_id = add(session, m.LetterBatch, stamp, size=size, note=batch.how)
    rows = [{"batch_id": batch_id, "position": n, "letter_id": one} for n, one in enumerate(ids, start=1)]
    session.execute(insert(m.LetterBatchItem), rows)
    filed = [[letter.letter_id, letter.patient_id, letter.kind, letter.sha256] for letter in batch.letters]
    detail = {"size": size, "how": batch.how, "left_out": dict(batch.left_out), "filed": filed}
    audit.record(session, stamp, "open-batch", "letter_batch", batch_id, None, detail)
    return Changes(LETTERS_CHANGED, created_id=batch_id)


@guarded()
def settle_batch(
    session: Session,
    batch_id: int,
    outcomes: Mapping[int, str],
    seen_version: int,
    stamp: Stamp,
) -> Changes:
    """Record what became of pending letters, by their place; `seen_version` is how many were seen as pending.

    What came out is recorded as printed, save for somebody who must get no letter by now: that one is recorded as
    blocked, to be taken out of the pile. What did not come out is free to be printed again. The batch is finished
    when nothing of it is pending.
    Raises `NotFound`, `StaleScreen("batch-answered")` (somebody has answered meanwhile), `Refused`: unknown-code,
    missing-field.
    """
    batch = get(session, m.LetterBatch, batch_id)
    table = m.LetterBatchItem
    items = session.scalars(
        select(table).where(table.batch_id == batch_id, table.outcome == "pending").order_by(table.position)
    ).all()
    pending = {item.position: item for item in items}
    if len(pending) != seen_version or not set(outcomes) <= set(pending):
        raise StaleScreen("batch-answered", seen=seen_version, now=len(pending))
    if not outcomes:
        raise Refused("missing-field", field="outcomes")
    reasons = stopped(session, [item.letter_id for item in items])
    how = "file" if batch.note == "file" else "printed"
    for position, said in sorted(outcomes.items()):
        _settle(session, pending[position], one_of(said, ANSWERS, "outcome"), how, reasons, stamp)
    if not set(pending) - set(outcomes):
        batch.finished_at = stamp.at
    session.flush()
    counts = Counter(pending[position].outcome for position in outcomes)
    detail = {**counts, "finished": batch.finished_at is not None}
    audit.record(session, stamp, "settle-batch", "letter_batch", batch_id, None, detail)
    return Changes(LETTERS_CHANGED, created_id=batch_id)


def _settle(
    session: Session,
    item: m.LetterBatchItem,
    said: str,
    how: str,
    reasons: Mapping[int, str],
    stamp: Stamp,
) -> None:
    """One outcome; printed only where the letter may still go out."""
    reason = reasons.get(item.letter_id)
    if reason is not None:
        item.outcome, item.reason = BLOCKED, reason
    elif said == CAME_OUT:
        note_way(session, get(session, m.Letter, item.letter_id), how, stamp)
        item.outcome = CAME_OUT
    else:
        item.outcome = FAILED


def _filed_again(session: Session, letter_id: int, seen_version: int) -> int:
    """A filed letter that goes into another batch, as it was seen and in no other open batch."""
    letter = get(session, m.Letter, letter_id)
    check_seen(letter, seen_version)
    table = m.LetterBatchItem
    elsewhere = select(table.batch_id).where(table.letter_id == letter_id, table.outcome == "pending")
    found = session.scalars(elsewhere.limit(1)).first()
    if found is not None:
        raise Refused("letter-in-batch", batch_id=found)
    return letter_id
