"""A kept message read once more, with what the clinic has told about its laboratory by now."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db.imports.records import Observation


def observations(session: Session, raw: bytes, name: str, protocol: Protocol) -> tuple[Observation, ...]:
    """Every observation of a message as it was kept; none where it cannot be read alone, as a row of a table."""
    from db.imports.given import Given
    from db.imports.reading import read_bytes
    from db.imports.told import known_codes

    return read_bytes(raw, name, protocol, Given(known_codes(session))).observations
