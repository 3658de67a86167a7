"""The protocols of a clinic: the versions on record, and which of them its assessments rest on now.

A version that a clinician signed and made live is the clinic's own: it is used instead of the one that comes with
the program until another is signed. The program's own is used where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from clinical.protocol import Protocol, ProtocolError, load_protocol, protocol_from_text
from db import models as m
from db.errors import NotFound

PLACE: Final = "protocol"
"""How the text of a version is named in what is wrong with it."""


@dataclass(frozen=True, slots=True)
class ProtocolRow:
    """A version on record. `signed_by` is empty for one that only came with the program or a command."""

    id: int
    label: str
    sha256: str
    state: str
    drafted_by_id: int
    drafted_by: str
    drafted_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    live_from: datetime | None
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnProtocol:
    """The version a clinician made live here. `protocol` is None where this program cannot use it: `problem` says
    why, naming the place."""

    id: int
    label: str
    sha256: str
    protocol: Protocol | None
    problem: str


def versions(session: Session) -> tuple[ProtocolRow, ...]:
    """Every version, the newest first; the texts are left where they are."""
    row, drafter, signer = m.ProtocolVersion, aliased(m.User), aliased(m.User)
    found = session.execute(
        select(
            row.id, row.label, row.sha256, row.state, row.recorded_by_id, drafter.name, row.recorded_at,
            signer.name, row.signed_at, row.live_from, row.retired_at,
        )
        .join(drafter, drafter.id == row.recorded_by_id)
        .outerjoin(signer, signer.id == row.signed_by_id)
        .order_by(row.id.desc())
    )  # fmt: skip
    return tuple(ProtocolRow(*one) for one in found)


def text_of(session: Session, version_id: int) -> str:
    """The whole text of a version. `NotFound` for an unknown id."""
    row = m.ProtocolVersion
    text = session.scalars(select(row.text).where(row.id == version_id)).one_or_none()
    if text is None:
        raise NotFound("protocol-version-not-found", id=version_id)
    return text


def own(session: Session) -> OwnProtocol | None:
    """The clinic's own live protocol; None where the one of the program is used."""
    row = m.ProtocolVersion
    found = session.execute(
        select(row.id, row.label, row.sha256).where(row.state == "live", row.signed_by_id.is_not(None))
    ).one_or_none()
    if found is None:
        return None
    protocol, problem = _KNOWN.get(found.sha256) or _read(found.sha256, text_of(session, found.id))
    return OwnProtocol(found.id, found.label, found.sha256, protocol, problem)


def in_force(session: Session) -> Protocol:
    """The protocol the clinic works by: its own, or the one that comes with the program."""
    mine = own(session)
    return load_protocol() if mine is None or mine.protocol is None else mine.protocol


def signed(session: Session) -> tuple[Protocol, ...]:
    """Every own protocol the clinic works by, or has worked by, that this program can use."""
    row = m.ProtocolVersion
    known = session.execute(select(row.id, row.sha256).where(row.signed_by_id.is_not(None))).all()
    read = [_KNOWN.get(one.sha256) or _read(one.sha256, text_of(session, one.id)) for one in known]
    return tuple(protocol for protocol, _problem in read if protocol is not None)


def of_version(session: Session, version_id: int) -> Protocol | None:
    """The protocol of a version on record; None where this program cannot use it. `NotFound` for an unknown id."""
    row = m.ProtocolVersion
    sha256 = session.scalars(select(row.sha256).where(row.id == version_id)).one_or_none()
    known = _KNOWN.get(sha256) if sha256 is not None else None
    return (known or _read(sha256 or "", text_of(session, version_id)))[0]


@lru_cache(maxsize=8)
def parsed(text: str) -> Protocol:
    """A protocol from its text. Raises `ProtocolError` naming the place."""
    bundled = load_protocol()
    if text == bundled.text:
        return bundled
    try:
        return protocol_from_text(text, PLACE)
    except RecursionError:
        raise ProtocolError(f"{PLACE}: is nested too deeply") from None


_KNOWN: dict[str, tuple[Protocol | None, str]] = {}
"""What became of the texts of own protocols that were read, by their hash: asked with every page, and never changed."""


def _read(sha256: str, text: str) -> tuple[Protocol | None, str]:
    try:
        found: tuple[Protocol | None, str] = (parsed(text), "")
    except ProtocolError as error:
        found = (None, str(error))
    _KNOWN[sha256] = found
    return found
