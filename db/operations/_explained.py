"""What waits for a laboratory's code, once somebody has said what it means: filed, still held, or put away."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import models as m
from db.imports.given import Given, KnownCode
from db.imports.matching import directory
from db.imports.meaning import Meaning
from db.imports.payload import claim_of, observation_of, payload_of
from db.imports.records import Observation, Reason, State
from db.operations._incoming import HELD, Filed, Outcome, file_for, look
from db.operations.held import origin_of, settle_row
from db.stamp import Stamp


@dataclass
class Settled:
    """What became of the values that waited: ids of held rows, of results made, and of the people they are of."""

    held: list[int] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)


def settle_waiting(
    session: Session, key: tuple[str, str, str], known: KnownCode, stamp: Stamp, protocol: Protocol
) -> Settled:
    """Go through what is held under (laboratory, code system, code) and file what is certain by now.

    A value that is not followed is put away; one that is still in question stays held, with its reason of now.
    """
    meaning, done = Meaning(protocol, Given({key: known})), Settled()
    filed: dict[int, Filed] = {}
    for row, found in _waiting(session, key):
        now = meaning.settle(found)
        done.held.append(row.id)
        if now.state is State.IGNORED:
            row.state, row.closed_reason, row.closed_at = "rejected", "not-followed", stamp.at
            continue
        _say(row, now, now.reason)
        if now.state is State.PARSED:
            _file(session, row, now, filed, stamp, protocol)
    for patient_id, one in filed.items():
        look(session, patient_id, one, stamp, protocol)
        done.stored += one.stored
        done.people.append(patient_id)
    return done


def _waiting(session: Session, key: tuple[str, str, str]) -> list[tuple[m.HeldResult, Observation]]:
    """Held values of messages with exactly this code of this laboratory."""
    rows = session.scalars(
        select(m.HeldResult)
        .where(m.HeldResult.state == "held", m.HeldResult.raw_message_id.is_not(None))
        .order_by(m.HeldResult.id)
    )
    seen = ((row, observation_of(row.payload)) for row in rows)
    return [
        (row, one)
        for row, one in seen
        if one is not None and (one.laboratory, one.code_system, one.code) == key
    ]


def _say(row: m.HeldResult, now: Observation, why: Reason | None) -> None:
    """Keep what the value means by now, and why it is held."""
    kept = payload_of(now, row.payload.get("reported_at"))
    values = dict(why.values) if why is not None else {}
    row.payload = {**row.payload, **kept, "values": values}
    row.reason = why.code if why is not None else row.reason


def _file(
    session: Session,
    row: m.HeldResult,
    now: Observation,
    filed: dict[int, Filed],
    stamp: Stamp,
    protocol: Protocol,
) -> None:
    """File a value whose patient is certain; else it stays held for that."""
    claim = claim_of(now.patient)
    match = directory(session, [claim]).match(claim)
    patient = session.get(m.Patient, match.patient_id) if match.patient_id is not None else None
    if patient is None or patient.status != "active":
        _say(row, now, Reason(match.reason if patient is None else f"patient-{patient.status}"))
        return
    origin = origin_of(session, row, confirmed=False)
    one = file_for(session, patient, [now], lambda: origin, stamp, protocol)
    outcome: Outcome = one.outcomes[0]
    if outcome.state == HELD:
        _say(row, now, outcome.reason)
    settle_row(row, outcome, patient.id, stamp)
    so_far = filed.setdefault(patient.id, Filed())
    so_far.stored += one.stored
    so_far.replaced += one.replaced
    so_far.to_look = so_far.to_look or one.to_look
