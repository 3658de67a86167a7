"""What a backup is called and where it lies: its name says of which clinic, when, and at which audit row.

`clinic-20260302T103000Z-0123456789ab.backup`, with its vault beside it. The vault belongs to the backup: without
it no password opens the copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from db import vault

ENDING: Final = ".backup"
UNFINISHED: Final = ".part"
FOLDER: Final = "backups"
HEAD_LENGTH: Final = 12
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"(?P<stem>.+)-(?P<at>\d{8}T\d{6}Z)-(?P<head>[0-9a-f]{12})\.backup")


@dataclass(frozen=True, slots=True)
class Backup:
    """One verified copy: where, of which instant (UTC), the first twelve characters of its audit head, bytes."""

    path: Path
    at: datetime
    head: str
    size: int


def folder_of(database: Path) -> Path:
    """Where the backups of a clinic file lie."""
    return database.parent / FOLDER


def name_of(stem: str, at: datetime, head: str) -> str:
    """The file name of a backup made at an instant in UTC."""
    return f"{stem}-{at.astimezone(UTC):{_STAMP}}-{head[:HEAD_LENGTH]}{ENDING}"


def read_name(path: Path) -> tuple[str, datetime, str] | None:
    """Stem, instant and audit head that a backup's name tells; None for any other name."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        at = datetime.strptime(found["at"], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found["stem"], at, found["head"]


def listed(folder: Path, stem: str) -> tuple[Backup, ...]:
    """The backups of one clinic in a folder, newest first; a copy without its vault is none.

    A folder that is not there, or may not be read, holds none.
    """
    found = []
    try:
        names = sorted(folder.glob(f"*{ENDING}"))
    except OSError:
        return ()
    for path in names:
        told = read_name(path)
        if told is None or told[0] != stem or not vault.vault_path(path).is_file():
            continue
        found.append(Backup(path, told[1], told[2], path.stat().st_size))
    return tuple(sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True))
