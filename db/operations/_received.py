"""What a laboratory sent for somebody who was not followed up: filed when they are again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import models as m
from db.imports.payload import observation_of
from db.operations._incoming import DUPLICATE, HELD, Filed, Origin, file_for, reported_at
from db.stamp import Stamp


def file_received(session: Session, patient: m.Patient, stamp: Stamp, protocol: Protocol) -> Filed:
    """File values of messages that were held because somebody had left; what is refused now stays held, and why."""
    h, filed = m.HeldResult, Filed()
    rows = session.scalars(
        select(h)
        .where(h.patient_id == patient.id, h.state == "held", h.reason.like("patient-%"))
        .order_by(h.id)
    ).all()
    for row in rows:
        found = observation_of(row.payload)
        if found is None or row.raw_message_id is None:
            continue
        sent = reported_at(session, row.payload.get("reported_at"))
        origin = Origin(row.raw_message_id, row.payload["source"], sent)
        one = file_for(session, patient, [found], _Gives(origin), stamp, protocol)
        [outcome] = one.outcomes
        if outcome.state == HELD:
            row.reason = outcome.reason.code if outcome.reason is not None else row.reason
            continue
        row.closed_at = stamp.at
        if outcome.state == DUPLICATE:
            row.state, row.closed_reason = "rejected", "on-record-already"
        else:
            row.state, row.result_id = "filed", outcome.result_id
        filed.stored += one.stored
        filed.replaced += one.replaced
        filed.to_look = filed.to_look or one.to_look
        session.flush()
    return filed


class _Gives:
    """Gives the origin that is known already."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin

    def __call__(self) -> Origin:
        """Where the observation came from."""
        return self._origin
