"""The restore drill: the newest backup is restored beside itself, checked through, and taken away again."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from db import vault
from db.backup.making import FORGOTTEN_S
from db.backup.naming import Backup, folder_of, listed
from db.backup.proof import Progress, problems
from db.backup.restoring import prepare
from db.engine import Database
from db.errors import KnownError, MissingFile
from db.replace_file import known_error

ROOM: Final = "drill-"
"""How the folder of a drill begins; the rest of its name is its own, so that two drills never share one."""


@dataclass(frozen=True, slots=True)
class Drill:
    """What a drill found: whether the newest backup can be restored, how long it took, how much it holds.

    `problems` are codes: those of the proof, or the one error that ended the drill.
    """

    backup: Backup
    ok: bool
    seconds: float
    rows: int
    problems: tuple[str, ...] = ()


def drill(database: Path, key: bytes, at: datetime, *, progress: Progress | None = None) -> Drill:
    """Restore the newest backup of a clinic into a folder of its own, check it, open it, remove it.

    Raises MissingFile("no-backup") when there is none, DiskFull, ReadOnly, DiskError when the folder cannot be used,
    and what `progress` raises.
    """
    found = listed(folder_of(database), database.stem)
    if not found:
        raise MissingFile("no-backup", path=str(folder_of(database)))
    newest, began = found[0], time.monotonic()
    for left in folder_of(database).glob(f"{ROOM}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > FORGOTTEN_S:
                shutil.rmtree(left, ignore_errors=True)
    try:
        room = Path(tempfile.mkdtemp(prefix=ROOM, dir=folder_of(database)))
    except OSError as error:
        raise known_error(error, folder_of(database) / ROOM) from error
    try:
        copy = room / database.name
        vault.user_names(newest.path)
        proof = prepare(newest.path, copy, key, at, accept_doubt=True, progress=progress)
        Database.open(copy, key).close()
        return Drill(newest, proof.sound, time.monotonic() - began, proof.rows, problems(proof))
    except KnownError as error:
        if error.code in ("disk-full", "read-only", "disk-error"):
            raise
        return Drill(newest, ok=False, seconds=time.monotonic() - began, rows=0, problems=(error.code,))
    finally:
        shutil.rmtree(room, ignore_errors=True)
