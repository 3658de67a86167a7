"""What messages are stored against, read once for a group of them: whom they may be about, what is known already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import audit
from db import models as m
from db.changes import Changes
from db.imports.matching import Directory, directory
from db.imports.payload import claim_of
from db.imports.records import Message
from db.operations._incoming import Outcome

CHANGED: Final = frozenset({"results", "assessments", "steps", "courses", "letters"})
"""What a value that was stored may change."""


@dataclass
class Batch:
    """What some messages are stored against, read once for all of them in the session that stores them.

    `known` are messages on record by their SHA-256; `held` the keys of values that are held already, which grows as
    more are held.
    """

    people: Directory
    known: dict[str, int]
    held: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """What became of each observation of a message, in the order sent, and what changed by it."""

    changes: Changes
    outcomes: tuple[Outcome, ...]


class Touched:
    """What one message did to the record."""

    def __init__(self) -> None:
        self.people: list[int] = []
        self.courses: list[int] = []
        self.stored: list[int] = []
        self.replaced: list[int] = []
        self.held: list[int] = []

    @property
    def patient_id(self) -> int | None:
        """The one record it was about; None for nobody or several."""
        return self.people[0] if len(set(self.people)) == 1 else None

    def entry(self, import_id: int, raw_message_id: int) -> audit.Entry:
        """What the audit tells of it."""
        detail: dict[str, object] = {"import_id": import_id}
        named = (("results", self.stored), ("replaced", self.replaced), ("held", self.held))
        detail |= {name: ids for name, ids in named if ids}
        return audit.Entry("import-message", "raw_message", raw_message_id, self.patient_id, detail)

    def changes(self) -> Changes:
        """What others have to look at again."""
        kinds = CHANGED if self.stored else frozenset({"results"})
        course_id = self.courses[0] if len(self.courses) == 1 else None
        return Changes(kinds, self.patient_id, course_id, self.stored[0] if self.stored else None)


def prepare(session: Session, messages: Sequence[Message], held: set[str] | None = None) -> Batch:
    """Read whom the messages may be about and which of them are on record. `held` is carried from batch to batch."""
    people = {one.patient for message in messages for one in message.observations if one.patient is not None}
    claims = [claim_of(patient) for patient in people]
    known = known_messages(session, messages)
    return Batch(directory(session, claims), known, held_keys(session) if held is None else held)


def known_messages(session: Session, messages: Sequence[Message]) -> dict[str, int]:
    """Which of some messages are on record: the id of each by its SHA-256."""
    hashes = [message_hash(message) for message in messages]
    raw, run = m.RawMessage, m.ImportRun
    known: dict[str, int] = {}
    for start in range(0, len(hashes), 400):
        rows = session.execute(
            select(raw.sha256, raw.id)
            .join(run, run.id == raw.import_id)
            .where(raw.sha256.in_(hashes[start : start + 400]), run.undone_at.is_(None))
        )
        known |= {row.sha256: row.id for row in rows}
    return known


def held_keys(session: Session) -> set[str]:
    """The keys of all values that are held now."""
    held = session.scalars(select(m.HeldResult.payload).where(m.HeldResult.state == "held"))
    return {payload["key"] for payload in held if "key" in payload}


def message_hash(message: Message) -> str:
    """What a message is known by: the hash of its bytes."""
    return hashlib.sha256(message.raw).hexdigest()
