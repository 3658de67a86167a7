"""A laboratory's file on its way into the record: one run, its messages one by one, the end; or all of it undone.

Each message is stored whole or not at all, with one audit row. What cannot be filed with certainty is held with an
owner and a day. The same message again changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.imports.payload import claim_of, content_key
from db.imports.records import Message, Observation, PatientAsSent, Reason, State
from db.operations._arrivals import CHANGED, Batch, StoredMessage, Touched, message_hash
from db.operations._chunk import store_chunk
from db.operations._incoming import (
    DUPLICATE,
    HELD,
    IGNORED,
    Filed,
    Origin,
    Outcome,
    by_patient,
    file_for,
    hold,
    look,
    reported_at,
    settled,
)
from db.operations._placing import UNDONE
from db.operations._rows import add, get, wanted
from db.operations._undoing import take_out
from db.operations.roles import guarded
from db.stamp import Stamp

__all__ = [
    "NewImport",
    "Outcome",
    "StoredMessage",
    "StoredTogether",
    "begin_import",
    "finish_import",
    "store_message",
    "store_messages",
    "undo_import",
]


@dataclass(frozen=True, slots=True)
class NewImport:
    """A file that is about to be stored: its name, its format as the import report names it, and its SHA-256."""

    file_name: str
    format: str
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredTogether:
    """What became of messages stored together, by their place among those given, and what changed by all of them."""

    changes: Changes
    messages: Mapping[int, StoredMessage]


log = logging.getLogger("replete.imports")


@guarded()
def begin_import(session: Session, new: NewImport, stamp: Stamp) -> Changes:
    """Begin the run of one file; the id of the run is `created_id`."""
    run_id = add(
        session,
        m.ImportRun,
        stamp,
        file_name=wanted(new.file_name, "file"),
        format=new.format,
        sha256=new.sha256,
        state="running",
        counts={},
    )
    audit.record(session, stamp, "begin-import", "import_run", run_id, None, {"format": new.format})
    return Changes(frozenset({"results"}), created_id=run_id)


@guarded()
def store_message(
    session: Session, import_id: int, message: Message, batch: Batch, stamp: Stamp, protocol: Protocol
) -> StoredMessage:
    """Store one message: each value filed for its patient, held, or known already. Bad values never stop the others.

    The message is kept byte for byte with whatever of it is stored, held or not followed here. A message on record
    changes nothing, except that a value whose code has been explained since is filed now.
    """
    sha256 = message_hash(message)
    kept = _Kept(session, import_id, message, sha256, batch.known.get(sha256))
    outcomes: list[Outcome] = []
    touched = Touched()
    for patient, found in by_patient(message.observations).items():
        fresh, known = _fresh(found, kept.known_before)
        outcomes += known
        outcomes += _one_patient(session, patient, fresh, kept, batch, touched, stamp, protocol)
    if not kept.known_before and any(one.state == IGNORED for one in outcomes):
        kept()
    if kept.made is not None and not kept.known_before:
        batch.known[sha256] = kept.made.raw_message_id
    ordered = tuple(sorted(outcomes, key=lambda one: one.observation.ordinal))
    if kept.made is None or (kept.known_before and not (touched.stored or touched.held)):
        return StoredMessage(Changes(frozenset(), touched.patient_id), ordered)
    audit.record_many(session, stamp, [touched.entry(import_id, kept.made.raw_message_id)])
    return StoredMessage(touched.changes(), ordered)


@guarded()
def store_messages(
    session: Session,
    import_id: int,
    messages: Sequence[Message],
    batch: Batch,
    stamp: Stamp,
    protocol: Protocol,
) -> StoredTogether:
    """Store what is plain of some messages together, each with its audit row, each course assessed once.

    Any fault takes all of it back and nothing is stored: what is not in the answer is left for `store_message`.
    """
    before = set(batch.held), dict(batch.known), session.info.get("audit_head")
    try:
        with session.begin_nested():
            stored = store_chunk(session, import_id, messages, batch, stamp, protocol)
    except Exception as error:
        log.info("messages are stored one by one: %s", type(error).__name__)
        batch.held, batch.known = before[:2]
        session.info["audit_head"] = before[2]
        if before[2] is None:
            del session.info["audit_head"]
        return StoredTogether(Changes(frozenset()), {})
    changes = Changes(frozenset())
    for one in stored.values():
        changes = changes | one.changes if changes.kinds else one.changes
    return StoredTogether(changes, stored)


@guarded()
def finish_import(
    session: Session, import_id: int, counts: Mapping[str, int], failed: bool, stamp: Stamp
) -> Changes:
    """End a run with its balance sheet. `failed` says that not all of the file could be stored."""
    run = get(session, m.ImportRun, import_id)
    run.state, run.counts, run.finished_at = "failed" if failed else "done", dict(counts), stamp.at
    audit.record(session, stamp, "finish-import", "import_run", import_id, None, dict(counts))
    return Changes(frozenset({"results"}), created_id=import_id)


@guarded()
def undo_import(session: Session, import_id: int, reason: str, stamp: Stamp, protocol: Protocol) -> Changes:
    """Take back all that an import brought, while nobody has decided on any of it.

    Its results stay readable as entered in error, what they replaced stands again, what is held of it is closed.
    Raises `Refused`: missing-field, import-running, import-undone-already, decided-since (patients: how many).
    """
    why = wanted(reason, "reason")
    run = get(session, m.ImportRun, import_id)
    if run.undone_at is not None:
        raise Refused("import-undone-already")
    results = _standing_of(session, import_id)
    decided = _decided(session, import_id, [one.id for one in results])
    if decided:
        raise Refused("decided-since", patients=decided)
    people = take_out(session, results, UNDONE, stamp, protocol)
    for held in session.scalars(
        select(m.HeldResult)
        .join(m.RawMessage, m.RawMessage.id == m.HeldResult.raw_message_id)
        .where(m.RawMessage.import_id == import_id, m.HeldResult.state == "held")
    ):
        held.state, held.closed_reason, held.closed_at = "rejected", UNDONE, stamp.at
    run.undone_at, run.undone_by_id = stamp.at, stamp.user_id
    detail = {"reason": why, "results": [one.id for one in results]}
    patient_id = people[0] if len(people) == 1 else None
    audit.record(session, stamp, "undo-import", "import_run", import_id, patient_id, detail)
    return Changes(CHANGED, patient_id, created_id=import_id)


class _Kept:
    """The raw message, written the first time something of it is kept."""

    def __init__(
        self, session: Session, import_id: int, message: Message, sha256: str, known: int | None
    ) -> None:
        self._session, self._import_id, self._message, self._sha256 = session, import_id, message, sha256
        self.known_before = known is not None
        self._known = known
        self.made: Origin | None = None

    def __call__(self) -> Origin:
        """Where the observations of this message come from."""
        if self.made is None:
            session, message = self._session, self._message
            run = get(session, m.ImportRun, self._import_id)
            raw_id = self._known
            if raw_id is None:
                raw_id = add(
                    session,
                    m.RawMessage,
                    import_id=self._import_id,
                    ordinal=message.ordinal,
                    control_id=message.control_id or None,
                    sha256=self._sha256,
                    content=message.raw,
                )
            sent = message.sent.iso if message.sent is not None else None
            self.made = Origin(raw_id, run.format, reported_at(session, sent))
        return self.made


def _one_patient(
    session: Session,
    patient: PatientAsSent | None,
    found: Sequence[Observation],
    kept: _Kept,
    batch: Batch,
    touched: Touched,
    stamp: Stamp,
    protocol: Protocol,
) -> list[Outcome]:
    """Match and file what a message says of one person; the rest is held, or not followed here."""
    outcomes = [made for one in found if (made := settled(one)) is not None]
    to_file = [one for one in found if settled(one) is None]
    match = batch.people.match(claim_of(patient)) if found else None
    known = session.get_one(m.Patient, match.patient_id) if match and match.patient_id is not None else None
    filed = Filed()
    if to_file and (match is None or known is None):
        why = Reason(match.reason if match is not None else "no-name")
        outcomes += [Outcome(one, HELD, why) for one in to_file]
    elif to_file and known is not None and known.status != "active":
        outcomes += [Outcome(one, HELD, Reason(f"patient-{known.status}")) for one in to_file]
    elif to_file and known is not None:
        filed = file_for(session, known, to_file, kept, stamp, protocol)
        outcomes += filed.outcomes
        course_id = look(session, known.id, filed, stamp, protocol)
        touched.courses += [course_id] if course_id is not None else []
        touched.stored += filed.stored
        touched.replaced += [one.id for one in filed.replaced]
    patient_id = known.id if known is not None else None
    touched.people += [patient_id] if patient_id is not None else []
    return [_held(session, one, kept, patient_id, batch, touched, stamp, protocol) for one in outcomes]


def _held(
    session: Session,
    outcome: Outcome,
    kept: _Kept,
    patient_id: int | None,
    batch: Batch,
    touched: Touched,
    stamp: Stamp,
    protocol: Protocol,
) -> Outcome:
    """Put what is to be held on its list, once; any other outcome stays as it is."""
    if outcome.state != HELD:
        return outcome
    key = content_key(outcome.observation)
    if key in batch.held:
        return Outcome(outcome.observation, DUPLICATE, Reason("held-already"))
    batch.held.add(key)
    touched.held.append(hold(session, outcome, kept(), patient_id, stamp, protocol))
    return outcome


def _fresh(found: Sequence[Observation], known: bool) -> tuple[list[Observation], list[Outcome]]:
    """Of a message on record: what is still to be filed, since its code was explained meanwhile; and the rest."""
    if not known:
        return list(found), []
    fresh = [one for one in found if one.state is State.PARSED and one.analyte_from == "laboratory"]
    rest = [one for one in found if one not in fresh]
    settled = (State.IGNORED, State.REJECTED)
    outcomes = [
        Outcome(one, one.state.value, one.reason)
        if one.state in settled
        else Outcome(one, DUPLICATE, Reason("message-on-record"))
        for one in rest
    ]
    return fresh, outcomes


def _standing_of(session: Session, import_id: int) -> list[m.LabResult]:
    """Results that an import brought and that were not withdrawn since."""
    r, raw = m.LabResult, m.RawMessage
    return list(
        session.scalars(
            select(r)
            .join(raw, raw.id == r.raw_message_id)
            .where(raw.import_id == import_id, r.status != "entered-in-error")
            .order_by(r.id)
        )
    )


def _decided(session: Session, import_id: int, result_ids: Collection[int]) -> int:
    """How many patients somebody has decided about with a result of the import, or filed one by hand for."""
    seen, held, raw = m.AssessmentResult, m.HeldResult, m.RawMessage
    people: set[int] = set()
    ids = sorted(result_ids)
    for start in range(0, len(ids), 400):
        people.update(
            session.scalars(
                select(m.Decision.patient_id)
                .join(seen, seen.assessment_id == m.Decision.assessment_id)
                .where(seen.result_id.in_(ids[start : start + 400]), m.Decision.withdrawn_at.is_(None))
            )
        )
    by_hand = (
        select(m.LabResult.patient_id)
        .join(held, held.result_id == m.LabResult.id)
        .join(raw, raw.id == held.raw_message_id)
        .where(raw.import_id == import_id, held.state == "filed")
    )
    return len(people | set(session.scalars(by_hand)))
