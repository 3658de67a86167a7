"""Notes about the recovery key: that another was made, and that it was used. The key itself is never on record."""

from __future__ import annotations

from sqlalchemy.orm import Session

from db import audit
from db.changes import Changes
from db.operations.roles import guarded
from db.stamp import Stamp


@guarded()
def note_new_recovery_key(session: Session, stamp: Stamp) -> Changes:
    """Another recovery key takes the place of the one printed before. Raises `Refused`: not-your-role."""
    audit.record(session, stamp, "new-recovery-key", "clinic", 1)
    return Changes(frozenset({"settings"}))


@guarded()
def note_recovery(session: Session, stamp: Stamp) -> Changes:
    """An administrator got in with the recovery key. Raises `Refused`: not-your-role."""
    audit.record(session, stamp, "recovery-key-used", "user_account", stamp.user_id)
    return Changes(frozenset({"users"}))
