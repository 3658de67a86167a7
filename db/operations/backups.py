"""What the record itself says of its backups: where a second copy goes, and how the restore drills went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

from db import audit
from db import models as m
from db.changes import Changes
from db.errors import StaleScreen
from db.operations._rows import check_seen
from db.operations.roles import guarded
from db.stamp import Stamp

if TYPE_CHECKING:
    from db.backup import Drill
    from db.safe_place import UnsafePlace

SECOND_FOLDER: Final = "second-backup-folder"
NEVER_SET: Final = 0
"""The version of a setting that nobody has made yet."""
DRILL: Final = "restore-drill"


@guarded()
def set_second_backup_folder(session: Session, folder: str, stamp: Stamp, seen_version: int) -> Changes:
    """Say in which further folder every backup is copied too; an empty text says in none.

    The folder need not be there now: a disk may be plugged in later. The audit says that it changed, not where to.
    `seen_version` is that of the setting as `queries.backups.folder_setting` read it, 0 where there was none yet.
    """
    wanted = folder.strip()
    known = session.get(m.Setting, SECOND_FOLDER)
    if known is not None:
        check_seen(known, seen_version)
        known.value, known.changed_at, known.changed_by_id = wanted, stamp.at, stamp.user_id
    elif seen_version != NEVER_SET:
        raise StaleScreen("changed-meanwhile", seen=seen_version, now=NEVER_SET)
    else:
        session.add(
            m.Setting(key=SECOND_FOLDER, value=wanted, changed_at=stamp.at, changed_by_id=stamp.user_id)
        )
    audit.record(session, stamp, "set-second-backup-folder", "setting", None, None, {"set": bool(wanted)})
    return Changes(frozenset({"settings"}))


@guarded()
def record_drill(session: Session, drill: Drill, stamp: Stamp) -> Changes:
    """Put on record how a restore drill went: which backup, whether it could be restored, and what was wrong."""
    detail = {
        "backup": drill.backup.path.name,
        "ok": drill.ok,
        "rows": drill.rows,
        "milliseconds": round(drill.seconds * 1000),
        "problems": list(drill.problems),
    }
    audit.record(session, stamp, DRILL, "backup", None, None, detail)
    return Changes(frozenset({"settings"}))


@guarded()
def record_unsafe_place(session: Session, place: UnsafePlace, stamp: Stamp) -> Changes:
    """Note that somebody opened the clinic although its file lies where it is not safe. The folder is not named."""
    detail = {"kind": place.kind, "what": place.what}
    audit.record(session, stamp, "open-in-unsafe-place", "database", None, None, detail)
    return Changes(frozenset())


@guarded()
def export_backup(session: Session, stamp: Stamp) -> Changes:
    """Note that somebody takes a copy of the whole record away. Where to is not named."""
    audit.record(session, stamp, "export-backup", "database", None, None, {})
    return Changes(frozenset())


@guarded()
def restore_backup(session: Session, source: str, kept: str, stamp: Stamp) -> Changes:
    """Note that a backup of the name `source` took the place of the record, which is kept as `kept`."""
    detail = {"from": source, "kept": kept, "login-known": True}
    audit.record(session, stamp, "restore", "database", None, None, detail)
    return Changes(frozenset())


@guarded()
def move_clinic(session: Session, to: str, stamp: Stamp) -> Changes:
    """Note that the whole clinic is copied to another place, a `server` or a `file`."""
    audit.record(session, stamp, "move-clinic", "clinic", 1, None, {"to": to})
    return Changes(frozenset())
