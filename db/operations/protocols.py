"""The clinic's own protocol: a draft is taken in, and a clinician who did not draft it signs it and makes it live.

The version that was live before becomes retired; none is ever deleted, as assessments point to the text they were
made with. A draft that is withdrawn is retired without ever having been live.
"""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol, ProtocolError, load_protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import NotFound, Refused, StaleScreen
from db.operations._rows import add
from db.operations.roles import guarded
from db.queries.protocols import parsed
from db.stamp import Stamp

LONGEST: Final = 2_000_000
"""Characters of one version: some ten times the protocol that comes with the program."""

CHANGED: Final = Changes(frozenset({"settings"}))


@guarded()
def draft_protocol(session: Session, text: str, stamp: Stamp) -> Changes:
    """Keep the whole text of a protocol as a draft; nothing is assessed by it yet.

    Raises `Refused`: missing-field, protocol-too-long, protocol-unusable (problem: what is wrong, and where),
    protocol-label-known (label: id and version, which are to be new).
    """
    if not text.strip():
        raise Refused("missing-field", field="text")
    if len(text) > LONGEST:
        raise Refused("protocol-too-long")
    label = usable(text).label
    known = session.scalars(select(m.ProtocolVersion.id).where(m.ProtocolVersion.label == label)).first()
    if known is not None or label == load_protocol().label:
        raise Refused("protocol-label-known", label=label)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    made = add(
        session, m.ProtocolVersion, stamp, label=label, text=text, sha256=sha256, state="draft"
    )  # fmt: skip
    detail = {"label": label, "sha256": sha256}
    audit.record(session, stamp, "draft-protocol", "protocol_version", made, None, detail)
    return Changes(CHANGED.kinds, created_id=made)


@guarded()
def withdraw_protocol_draft(session: Session, version_id: int, stamp: Stamp) -> Changes:
    """Take a draft away from those that may be signed; its text stays on record.

    Raises `NotFound`, and `StaleScreen("changed-meanwhile")` for one that is no draft any more.
    """
    draft = _draft(session, version_id)
    draft.state = "retired"
    draft.retired_at = stamp.at
    session.flush()
    audit.record(
        session, stamp, "withdraw-protocol-draft", "protocol_version", draft.id, None, {"label": draft.label}
    )
    return CHANGED


@guarded()
def make_protocol_live(session: Session, version_id: int, seen_live_id: int | None, stamp: Stamp) -> Changes:
    """Sign a draft and let every assessment from now on be made by it; the one before is retired.

    `seen_live_id` is the version that was live on the screen, which the dry run was compared with. Raises
    `NotFound`, `StaleScreen("changed-meanwhile")`, and `Refused`: protocol-own-draft (whoever drafted it does not
    sign it), protocol-unusable (problem).
    """
    draft = _draft(session, version_id)
    if draft.recorded_by_id == stamp.user_id:
        raise Refused("protocol-own-draft")
    usable(draft.text)
    version = m.ProtocolVersion
    before = session.scalars(select(version).where(version.state == "live")).one_or_none()
    live_id = None if before is None else before.id
    if live_id != seen_live_id:
        raise StaleScreen("changed-meanwhile", seen=seen_live_id, now=live_id)
    if before is not None:
        before.state = "retired"
        before.retired_at = stamp.at
        session.flush()  # one version is live at a time
    draft.state = "live"
    draft.signed_by_id, draft.signed_at, draft.live_from = stamp.user_id, stamp.at, stamp.at
    session.flush()
    detail = {
        "label": draft.label,
        "sha256": draft.sha256,
        "before": None if before is None else before.label,
    }
    audit.record(session, stamp, "make-protocol-live", "protocol_version", draft.id, None, detail)
    return CHANGED


def usable(text: str) -> Protocol:
    """The protocol of a text. Raises `Refused("protocol-unusable")` with the `problem`, which names the place."""
    try:
        return parsed(text)
    except ProtocolError as error:
        raise Refused("protocol-unusable", problem=str(error)) from None


def _draft(session: Session, version_id: int) -> m.ProtocolVersion:
    row = session.get(m.ProtocolVersion, version_id, with_for_update=True)
    if row is None:
        raise NotFound("protocol-version-not-found", id=version_id)
    if row.state != "draft":
        raise StaleScreen("changed-meanwhile", state=row.state)
    return row
