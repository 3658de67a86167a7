"""A kept message read once more, with what the clinic has told about its laboratory by now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db.imports.records import Observation


def observations(session: Session, raw: bytes, name: str, protocol: Protocol) -> tuple[Observation, ...]:
    """Every observation of a message as it was kept; none where it cannot be read alone, as a row of a table."""
    from db.imports.given import Given
    from db.imports.reading import read_bytes
    from db.imports.told import known_codes

    return read_bytes(raw, name, protocol, Given(known_codes(session))).observations


def together(
    session: Session, raws: Sequence[bytes], source: str, protocol: Protocol
) -> Iterator[Observation]:
    """The observations of many kept messages of one format; none of the rows of tables."""
    from db.imports.given import Given
    from db.imports.reading import read_bytes
    from db.imports.told import known_codes

    if source not in ("hl7v2", "fhir-r4") or not raws:
        return
    given = Given(known_codes(session))
    for raw in [b"\r".join(raws)] if source == "hl7v2" else raws:
        yield from read_bytes(raw, "kept", protocol, given).observations
