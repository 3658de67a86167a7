"""A file that was read, stored message by message; what became of every value of it.

Messages are stored in small groups: each message whole or not at all, each group durable before the next begins.
Somebody who cancels, a full disk or a fault leaves whole messages and an honest count of the rest. A file whose
messages are all on record is only read: nothing is written.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db.changes import Changes
from db.engine import Database
from db.errors import KnownError
from db.imports.records import FileRead, Message, Reason, State, broken_by
from db.imports.unhurried import collecting_seldom
from db.operations._arrivals import Batch, known_messages, message_hash, prepare
from db.operations.imports import (
    NewImport,
    Outcome,
    begin_import,
    finish_import,
    store_message,
    store_messages,
)
from db.stamp import Stamp

GROUP: Final = 400
"""Messages that are made durable together: less than a second of work."""

UNSETTLED: Final = frozenset({"mapping-not-confirmed"})
"""Reasons of a table that is not stored before somebody has said what its columns mean: none is half imported."""

STATES: Final = ("stored", "held", "duplicate", "rejected", "ignored")

Progress = Callable[[int, int, str], object]
"""`progress(messages done, messages in all, file name)`; may raise `Cancelled` to stop between two groups."""

log = logging.getLogger("replete.imports")


class Cancelled(Exception):  # noqa: N818
    """Raised by a progress when somebody wants the import to stop."""


@dataclass
class StoredFile:
    """What became of a file. `import_id` is None where nothing had to be written.

    `not_stored` are messages that were not reached, `why` says whether by a person's wish or an error's code.
    """

    read: FileRead
    import_id: int | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    changes: Changes = field(default_factory=lambda: Changes(frozenset()))
    not_stored: int = 0
    why: Reason | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The balance sheet: `read` is the sum of all the others."""
        found = Counter(one.state for one in self.outcomes)
        return {"read": len(self.outcomes), **{state: found[state] for state in STATES}}


@collecting_seldom()
def store_file(
    database: Database,
    read: FileRead,
    stamp: Callable[[], Stamp],
    protocol: Protocol,
    progress: Progress | None = None,
) -> StoredFile:
    """Store a file that was read. A known error that stops it (a full disk, a role that may not) is in `why`."""
    done = StoredFile(read)
    if any(reason.code in UNSETTLED for one in read.observations for reason in one.reasons):
        for message in read.messages:
            done.outcomes += _failed(message, Reason("mapping-not-confirmed"))
        return done
    held: set[str] | None = None
    at = 0
    for group in _groups(read.messages):
        try:
            if progress is not None:
                progress(at, len(read.messages), PurePath(read.path).name)
            held = _store_group(database, done, group, held, stamp(), protocol)
        except Cancelled:
            _left(done, read.messages[at:], Reason("import-cancelled"))
            break
        except KnownError as error:
            _left(done, read.messages[at:], Reason(error.code))
            break
        at += len(group)
    if done.import_id is not None:
        _finish(database, done, stamp())
    return done


def _store_group(
    database: Database,
    done: StoredFile,
    group: Sequence[Message],
    held: set[str] | None,
    stamp: Stamp,
    protocol: Protocol,
) -> set[str] | None:
    """Store some messages durably; only looked up, not written, when all of them are on record."""
    with database.read() as session:
        known = known_messages(session, group)
    quiet = [_nothing_new(message, known) for message in group]
    if all(outcomes is not None for outcomes in quiet):
        done.outcomes += [one for outcomes in quiet for one in outcomes or ()]
        return held
    made: list[Outcome] = []
    with database.write() as session:
        import_id = done.import_id
        if import_id is None:
            import_id = _begin(session, done.read, stamp)
        batch = prepare(session, group, held)
        quiet = [_nothing_new(message, batch.known) for message in group]
        waiting = [message for message, outcomes in zip(group, quiet, strict=True) if outcomes is None]
        together = store_messages(session, import_id, waiting, batch, stamp, protocol)
        changes = done.changes | together.changes if done.changes.kinds else together.changes
        at = -1
        for message, nothing in zip(group, quiet, strict=True):
            if nothing is not None:
                made += nothing
                continue
            at += 1
            if at in together.messages:
                made += together.messages[at].outcomes
                continue
            outcomes, changed = _store_one(session, import_id, message, batch, stamp, protocol)
            made += outcomes
            changes = changes | changed if changes.kinds else changed
    done.import_id, done.changes = import_id, changes
    done.outcomes += made
    return batch.held


def _store_one(
    session: Session, import_id: int, message: Message, batch: Batch, stamp: Stamp, protocol: Protocol
) -> tuple[tuple[Outcome, ...], Changes]:
    """One message, whole or not at all: a fault in it is reported as a failure and stops no other message."""
    before = set(batch.held)
    try:
        with session.begin_nested():
            stored = store_message(session, import_id, message, batch, stamp, protocol)
    except KnownError as error:
        batch.held = before
        if error.code == "not-your-role":
            raise
        return _failed(message, Reason(error.code)), Changes(frozenset())
    except Exception as error:
        batch.held = before
        log.error("a message could not be stored: %s", broken_by(error).values[0][1])
        return _failed(message, Reason("not-stored")), Changes(frozenset())
    return stored.outcomes, stored.changes


def _nothing_new(message: Message, known: Mapping[str, int]) -> tuple[Outcome, ...] | None:
    """The outcomes of a message that needs no write: it is on record, or nothing in it is a result. None otherwise."""
    if all(one.state is State.REJECTED for one in message.observations):
        return tuple(Outcome(one, "rejected", one.reason) for one in message.observations)
    if message_hash(message) not in known:
        return None
    if any(one.state is State.PARSED and one.analyte_from == "laboratory" for one in message.observations):
        return None
    settled = (State.IGNORED, State.REJECTED)
    return tuple(
        Outcome(one, one.state.value, one.reason)
        if one.state in settled
        else Outcome(one, "duplicate", Reason("message-on-record"))
        for one in message.observations
    )


def _begin(session: Session, read: FileRead, stamp: Stamp) -> int:
    if read.format is None:
        raise ValueError("a file without a format has no messages")
    new = NewImport(PurePath(read.path).name or "results", read.format.value, read.sha256)
    begun = begin_import(session, new, stamp)
    assert begun.created_id is not None
    return begun.created_id


def _finish(database: Database, done: StoredFile, stamp: Stamp) -> None:
    """Put the balance sheet on record; where even that fails, the run stays `running` and says so."""
    assert done.import_id is not None
    try:
        with database.write() as session:
            finish_import(session, done.import_id, _counts(done), done.why is not None, stamp)
    except KnownError as error:
        done.why = done.why or Reason(error.code)


def _counts(done: StoredFile) -> dict[str, int]:
    """What is kept of the balance sheet, with the messages that were not reached."""
    return {**done.counts, "messages": len(done.read.messages), "not_stored": done.not_stored}


def _left(done: StoredFile, messages: Sequence[Message], why: Reason) -> None:
    """Report what was not reached as such."""
    done.why, done.not_stored = why, len(messages)
    for message in messages:
        done.outcomes += _failed(message, why)


def _failed(message: Message, why: Reason) -> tuple[Outcome, ...]:
    return tuple(Outcome(one, "rejected", why) for one in message.observations)


def _groups(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    for start in range(0, len(messages), GROUP):
        yield messages[start : start + GROUP]
