"""What messages are stored against, read once for a group of them: whom they may be about, what is known already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.imports.matching import Directory, directory
from db.imports.payload import claim_of
from db.imports.records import Message


@dataclass
class Batch:
    """What some messages are stored against, read once for all of them in the session that stores them.

    `known` are messages on record by their SHA-256; `held` the keys of values that are held already, which grows as
    more are held.
    """

    people: Directory
    known: dict[str, int]
    held: set[str] = field(default_factory=set)


def prepare(session: Session, messages: Sequence[Message], held: set[str] | None = None) -> Batch:
    """Read whom the messages may be about and which of them are on record. `held` is carried from batch to batch."""
    people = {one.patient for message in messages for one in message.observations if one.patient is not None}
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
    claims = [claim_of(patient) for patient in people]
    return Batch(directory(session, claims), known, held_keys(session) if held is None else held)


def held_keys(session: Session) -> set[str]:
    """The keys of all values that are held now."""
    held = session.scalars(select(m.HeldResult.payload).where(m.HeldResult.state == "held"))
    return {payload["key"] for payload in held if "key" in payload}


def message_hash(message: Message) -> str:
    """What a message is known by: the hash of its bytes."""
    return hashlib.sha256(message.raw).hexdigest()
