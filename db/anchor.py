"""Keeps the end of the audit chain outside the database, so that a missing end is noticed.

The chain alone cannot see that its last rows are gone. After every commit that added a row, the number of rows and
the last hash are written into a small file beside the database (`<database>.head`); the names of backups and the
feet of printed lists hold the first twelve digits as well. The chain must still contain each of these heads.

What this cannot do: whoever has the key and may write to the folder can cut the chain and write the file anew. The
backups in another folder and the lists on paper still tell then. The file is written without waiting for the disk:
after a power cut it may be a few rows behind, which is no fault, or unreadable, which is told and mended by the next
commit. It holds nothing about a patient.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, StaticPool, func, select
from sqlalchemy.orm import Session

from db import audit
from db.audit import Head
from db.models import AuditRow

ENDING: Final = ".head"
BACKUPS: Final = "backups"
"""The folder of backups beside the database."""

_LINE: Final = re.compile(r"(\d{1,15}) ([0-9a-f]{64})\n?")
_BACKUP: Final = re.compile(r"-(?P<stamp>[^-]*\d[^-]*)-(?P<head>[0-9a-f]{12})\.backup")
_STAMP: Final = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class Lost:
    """A head kept outside that the chain does not contain any more: where it was kept, and how many rows it told of.

    `rows` is None for a backup, whose name holds no number.
    """

    where: str
    rows: int | None


def head_path(path: Path) -> Path:
    """Where the head of a database is kept."""
    return path.with_name(path.name + ENDING)


def keep(path: Path, head: Head) -> None:
    """Write the head down. A folder that cannot be written is no reason to fail what is saved already."""
    place = head_path(path)
    beside = place.with_name(place.name + ".new")
    with contextlib.suppress(OSError):
        beside.write_bytes(f"{head.rows} {head.hash}\n".encode())
        beside.replace(place)


def read(path: Path) -> Head | None:
    """The head that was kept, or None when there is none that can be read."""
    try:
        found = _LINE.fullmatch(head_path(path).read_bytes().decode("ascii", "replace"))
    except OSError:
        return None
    return None if found is None else Head(int(found[1]), found[2])


def renew(path: Path, session: Session) -> None:
    """Take the chain as it is for the truth: after a restore of an older file, which leaves its own audit row."""
    keep(path, audit.head(session))


def lost(session: Session, path: Path) -> tuple[Lost, ...]:
    """The heads kept beside the database and in the names of its backups that the chain does not contain.

    A session that has read before sees the chain as it was then, and others may have written since: what is missing
    there is looked for once more in the chain as it is now. A backup made before the newest restore belongs to a
    history that was given up, and counts no more.
    """
    found, bind = _lost(session, path), session.get_bind()
    if not found or not isinstance(bind, Engine) or isinstance(bind.pool, StaticPool):
        return found  # on the one connection there is, nothing newer can be seen
    with Session(bind) as now:
        return _lost(now, path)


def _lost(session: Session, path: Path) -> tuple[Lost, ...]:
    """All heads are read before the chain: a chain that is read for the first time is as new as any of them."""
    kept, backups = read(path), tuple(_backups(path))
    found = []
    if kept is not None and kept.rows and not _contains(session, kept):
        found.append(Lost(head_path(path).name, kept.rows))
    since = _last_restore(session)
    for name, made, short in backups:
        if (since is None or made > since) and not _has(session, short):
            found.append(Lost(name, None))
    return tuple(found)


def _contains(session: Session, kept: Head) -> bool:
    """Whether the row of that number still has that hash."""
    return session.scalars(select(AuditRow.hash).where(AuditRow.id == kept.rows)).first() == kept.hash


def _has(session: Session, short: str) -> bool:
    """Whether any row's hash begins so; an empty chain has the empty head."""
    if set(short) == {"0"}:
        return True
    beyond = short[:-1] + chr(ord(short[-1]) + 1)
    query = select(AuditRow.id).where(AuditRow.hash >= short, AuditRow.hash < beyond).limit(1)
    return session.scalars(query).first() is not None


def _last_restore(session: Session) -> datetime | None:
    """When an older file was last put in the place of this one."""
    return session.scalars(select(func.max(AuditRow.at)).where(AuditRow.action == "restore")).one()


def _backups(path: Path) -> Iterator[tuple[str, datetime, str]]:
    """Backups of this database beside it: file name, instant in the name, head in the name."""
    folder = path.parent / BACKUPS
    if not folder.is_dir():
        return
    for file in sorted(folder.glob("*.backup")):
        found = _BACKUP.search(file.name)
        digits = re.sub(r"\D", "", found["stamp"])[:14] if found else ""
        if found and len(digits) == 14 and file.name.startswith((path.stem, path.name)):
            yield file.name, datetime.strptime(digits, _STAMP).replace(tzinfo=UTC), found["head"]
