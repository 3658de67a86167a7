"""Letters: the exact bytes kept, what became of each recorded."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.operations._letters import WAYS, NewLetter, file_letter, note_way
from db.operations._rows import check_seen, get, one_of, wanted
from db.operations.roles import guarded
from db.stamp import Stamp

__all__ = [
    "AS_ISSUED",
    "LETTERS_CHANGED",
    "WAYS",
    "NewLetter",
    "check_unchanged",
    "issue",
    "mark_printed",
    "void",
]

LETTERS_CHANGED = frozenset({"letters"})

AS_ISSUED: Final = 1
"""The version of a letter that was issued a moment ago, by whoever goes on with it."""


@guarded()
def issue(session: Session, letter: NewLetter, stamp: Stamp) -> Changes:
    """Approve a letter and keep its exact bytes; it is not printed yet.

    Raises `Refused`: patient-not-active, unknown-code, hash-mismatch, empty-letter, letter-id-in-use,
    other-patient, assessment-changed (it tells of an assessment that a newer one has overtaken).
    """
    letter_id = file_letter(session, letter, stamp)
    detail = {"kind": letter.kind, "reference": letter.letter_id, "sha256": letter.sha256}
    audit.record(session, stamp, "issue-letter", "letter", letter_id, letter.patient_id, detail)
    return Changes(LETTERS_CHANGED, letter.patient_id, letter.course_id, letter_id)


@guarded()
def mark_printed(session: Session, letter_id: int, how: str, stamp: Stamp, seen_version: int) -> Changes:
    """Record what became of a letter: printed, written to a file, handed over, posted, or returned.

    Handed and posted say that it was printed. Raises `Refused`: letter-void, not-sent (returned before it was
    sent), letter-out-of-date (the record moved on before it was sent), patient-not-active, unknown-code.
    """
    one_of(how, WAYS, "how")
    letter = get(session, m.Letter, letter_id)
    check_seen(letter, seen_version)
    note_way(session, letter, how, stamp)
    audit.record(session, stamp, "mark-letter", "letter", letter_id, letter.patient_id, {"how": how})
    return Changes(LETTERS_CHANGED, letter.patient_id, letter.course_id, letter_id)


@guarded()
def void(session: Session, letter_id: int, reason: str, stamp: Stamp, seen_version: int) -> Changes:
    """Take a letter back; its bytes stay in the archive. Raises `Refused`: missing-field, letter-void."""
    why = wanted(reason, "reason")
    letter = get(session, m.Letter, letter_id)
    check_seen(letter, seen_version)
    if letter.state == "void":
        raise Refused("letter-void", reason=letter.void_reason)
    letter.state = "void"
    letter.void_reason = why
    audit.record(session, stamp, "void-letter", "letter", letter_id, letter.patient_id, {"reason": why})
    return Changes(LETTERS_CHANGED, letter.patient_id, letter.course_id, letter_id)


def check_unchanged(session: Session, letter_id: int, seen_version: int) -> None:
    """Raise `StaleScreen` when a letter is not any more what was seen; asked before something cannot be undone."""
    check_seen(get(session, m.Letter, letter_id), seen_version)
