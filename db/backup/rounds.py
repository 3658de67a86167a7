"""One round of automatic backups: make one if the record changed, thin, and carry it to the second folder.

A round never ends in half: a record that is not whole is neither backed up nor are older copies thinned, and a
second folder that cannot be written is told, not an error.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import sqlite_errors, vault
from db.backup.making import CHUNK, connect, copy_file, forget_unfinished, make, remove
from db.backup.naming import HEAD_LENGTH, UNFINISHED, Backup, folder_of, listed, read_name
from db.backup.proof import Progress, audit_head
from db.backup.thinning import kept
from db.engine import Database
from db.errors import Damaged, KnownError, MissingFolder
from db.replace_file import known_error, replace_file, sync_folder

_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did: the backup made (None when nothing had changed), the newest there is, and the code of what
    kept it from the second folder."""

    made: Backup | None
    newest: Backup | None
    second_failed: str | None = None


def round_of(
    database: Path,
    key: bytes,
    at: datetime,
    second: Path | None = None,
    *,
    progress: Progress | None = None,
    only_if_changed: bool = True,
) -> Round:
    """Back up, thin, copy to the second folder. Raises what `make` raises; then nothing was thinned or copied.

    Rounds that are asked for at once, by the clock and before an import, come one after another.
    """
    with _ONE_AT_A_TIME:
        return _round(database, key, at, second, progress, only_if_changed)


def before_import(database: Database, at: datetime) -> str | None:
    """A verified backup of what is on record before many messages are stored; the code of what kept it from being made.

    Nothing is done where nothing changed since the newest one, or where a server keeps the clinic: it backs up itself.
    """
    if database.is_server or database.key is None:
        return None
    try:
        round_of(Path(database.path), database.key, at)
    except KnownError as error:
        return error.code
    return None


def _round(
    database: Path,
    key: bytes,
    at: datetime,
    second: Path | None,
    progress: Progress | None,
    only_if_changed: bool,
) -> Round:
    folder = folder_of(database)
    before = listed(folder, database.stem)
    made: Backup | None = None
    if not (only_if_changed and before and before[0].head == head_of(database, key)):
        # every promise once a day, those that cost milliseconds every time: replaying all answers takes minutes
        quick = bool(before) and before[0].at.date() == at.date()
        made = make(database, key, folder, at, quick=quick, progress=progress).backup
        thin(folder, database.stem, at, (made,))
    newest = made or (before[0] if before else None)
    failed: str | None = None
    if second is not None and newest is not None:
        try:
            carried = Backup(carry(newest, second, progress), newest.at, newest.head, newest.size)
            heads = own_heads(database, key, listed(second, database.stem))
            thin(second, database.stem, at, (carried,), heads)
        except KnownError as error:
            failed = error.code
    return Round(made, newest, failed)


def head_of(database: Path, key: bytes) -> str:
    """The first characters of the audit head of the file as it is now."""
    with sqlite_errors.known(database):
        connection = connect(database, key)
        try:
            return audit_head(connection)[0][:HEAD_LENGTH]
        finally:
            connection.close()


def own_heads(database: Path, key: bytes, there: Iterable[Backup]) -> frozenset[str]:
    """The heads of those backups that the audit of this clinic holds: the others may be another clinic's."""
    found = set()
    with sqlite_errors.known(database):
        connection = connect(database, key)
        try:
            for head in {backup.head for backup in there}:
                asked = connection.execute(
                    "SELECT 1 FROM audit WHERE hash >= ? AND hash < ? LIMIT 1", (head, head + "g")
                )
                if asked.fetchone() is not None:
                    found.add(head)
        finally:
            connection.close()
    return frozenset(found)


def thin(
    folder: Path,
    stem: str,
    now: datetime,
    never: Iterable[Backup] = (),
    heads: frozenset[str] | None = None,
) -> tuple[Path, ...]:
    """Remove the backups that the rule does not keep; those in `never` and the newest stay. Gives what went.

    Called only after a new backup was proved: it is the one that lets an older one go. With `heads` only backups of
    those heads are counted and removed: clinics whose files have the same name may share a folder.
    """
    there = [one for one in listed(folder, stem) if heads is None or one.head in heads]
    spared = {backup.path for backup in (*never, *there[:1])}
    stay = kept((backup.at for backup in there), now)
    gone = tuple(b.path for b in there if b.at not in stay and b.path not in spared)
    for path in gone:
        with contextlib.suppress(OSError):  # one that cannot go today goes next time
            path.unlink()
            vault.vault_path(path).unlink(missing_ok=True)
    _remove_orphans(folder, stem, heads)
    return gone


def carry(backup: Backup, folder: Path, progress: Progress | None = None) -> Path:
    """Copy a backup and its vault to another folder, read them back, and give the copy's place.

    Raises MissingFolder, DiskFull, ReadOnly, DiskError, Damaged (what was read back is something else).
    """
    target = folder / backup.path.name
    if not folder.is_dir():
        raise MissingFolder(folder=str(folder))
    if target.is_file() and vault.vault_path(target).is_file() and target.stat().st_size == backup.size:
        return target
    part = folder / f"{target.name}{UNFINISHED}"
    try:
        copy_file(backup.path, part, progress)
        if not same_bytes(backup.path, part):
            raise Damaged(path=str(part))
        replace_file(vault.vault_path(target), vault.vault_path(backup.path).read_bytes())
        part.replace(target)
        sync_folder(folder)
    except OSError as error:
        raise known_error(error, target) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def same_bytes(first: Path, second: Path) -> bool:
    """Whether two files hold the same."""
    if first.stat().st_size != second.stat().st_size:
        return False
    with first.open("rb") as one, second.open("rb") as other:
        while chunk := one.read(CHUNK):
            if chunk != other.read(CHUNK):
                return False
    return True


def _remove_orphans(folder: Path, stem: str, heads: frozenset[str] | None) -> None:
    """Remove vaults whose backup is gone, and copies that were cut short."""
    left = []
    if heads is None:
        forget_unfinished(folder, stem)
    for path in folder.iterdir():
        told = read_name(path.with_suffix(""))
        if told is not None and heads is not None and told[2] not in heads:
            continue
        orphan = path.suffix == ".vault" and not path.with_suffix("").exists()
        if told is not None and told[0] == stem and (orphan or path.suffix == UNFINISHED):
            left.append(path)
    for path in left:
        with contextlib.suppress(OSError):
            remove(path)
