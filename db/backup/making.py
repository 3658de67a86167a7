"""Makes a backup: a copy of one unchanging state, proved as a whole before it gets its name.

SQLite's online backup copies page by page from encrypted to encrypted while others go on working: one reading
transaction holds the state that is copied, so the rows counted in the source are those of the copy. The copy lies
under an unfinished name until every page is authentic and every promise holds; a record that breaks one gets no
backup, so a good older one is never pushed out by a broken one.
"""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2

from db import engine, sqlite_errors, vault
from db.backup.naming import HEAD_LENGTH, UNFINISHED, Backup, folder_of, name_of
from db.backup.proof import Progress, Proof, audit_head, problems, prove, row_counts
from db.errors import AlreadyExists, Damaged, MissingFile, MissingFolder, Refused, WrongKey
from db.replace_file import known_error, replace_file, sync_folder

PAGES_AT_ONCE: Final = 512
CHUNK: Final = 1 << 20
FORGOTTEN_S: Final = 2 * 24 * 3600
"""An unfinished copy this old (two days) is of a round that was cut short; a round takes minutes."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and what its proof found."""

    backup: Backup
    proof: Proof


def make(
    database: Path,
    key: bytes,
    folder: Path,
    at: datetime,
    *,
    quick: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Back a clinic file up into `folder` under the name its clinic, instant and audit head give.

    Every page and row is proved; `quick` asks only those promises of the record that cost milliseconds.

    Raises Damaged (the file is not whole), Refused("record-in-doubt") when a promise of the record or the audit chain
    is broken, MissingFile (also of the vault), MissingFolder, DiskFull, ReadOnly, DiskError, DatabaseBusy, and what
    `progress` raises; nothing is left of the attempt.
    """

    def target(head: str) -> Path:
        return folder / name_of(database.stem, at, head)

    return _make(database, key, folder, at, target, progress, quick=quick, strict=True)


def make_as(
    database: Path, key: bytes, target: Path, at: datetime, *, progress: Progress | None = None
) -> Made:
    """Back a clinic file up under a name of one's own.

    A record that breaks a promise is copied all the same, because somebody asked for it: look at the proof. Raises
    AlreadyExists, and what `make` raises except Refused.
    """
    for taken in (target, vault.vault_path(target)):
        if taken.exists():
            raise AlreadyExists(path=str(taken))
    return _make(database, key, target.parent, at, lambda _head: target, progress, quick=False, strict=False)


def _make(
    database: Path,
    key: bytes,
    folder: Path,
    at: datetime,
    target_for: Callable[[str], Path],
    progress: Progress | None,
    *,
    quick: bool,
    strict: bool,
) -> Made:
    """Copy, prove, sync, rename; the unfinished copy is removed whatever happens."""
    _need(database, folder)
    keys = vault.vault_path(database).read_bytes()
    # a name of its own: a round of the window and a backup by hand never write into one file
    part = folder / f"{database.stem}.{secrets.token_hex(4)}{UNFINISHED}"
    try:
        head, counts = copy_pages(database, key, part, progress)
        proof = _proved(part, key, at, counts, progress, quick=quick, strict=strict)
        part.chmod(0o600)
        sync_file(part)
        target = target_for(head)
        replace_file(vault.vault_path(target), keys)
        vault.user_names(target)  # a vault that cannot be read would make the copy worthless
        part.replace(target)
        sync_folder(folder)
    except OSError as error:
        raise known_error(error, folder / "backup") from error
    finally:
        remove(part)
    return Made(Backup(target, at, head[:HEAD_LENGTH], target.stat().st_size), proof)


def _need(database: Path, folder: Path) -> None:
    """The file, its vault and the folder must be there; only the program's own folder beside the clinic is made.

    Any other may be that of a disk that is not plugged in: made, it would hold the copy on the computer's own disk.
    """
    if not database.parent.is_dir():
        raise MissingFolder(folder=str(database.parent))
    if not database.is_file():
        raise MissingFile(path=str(database))
    vault.user_names(database)
    if folder != folder_of(database) and not folder.is_dir():
        raise MissingFolder(folder=str(folder))
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError as error:
        raise MissingFolder(folder=str(folder)) from error
    except OSError as error:
        raise known_error(error, folder / "backup") from error


def copy_pages(
    source: Path, key: bytes, target: Path, progress: Progress | None
) -> tuple[str, dict[str, int]]:
    """Copy a file page by page, encrypted to encrypted; its audit head and its rows at the instant of the copy."""
    with sqlite_errors.known(source):
        origin = connect(source, key)
        try:
            origin.execute("BEGIN")
            head, _ = audit_head(origin)
            counts = row_counts(origin)
            copy = connect(target, key)
            try:
                origin.backup(copy, pages=PAGES_AT_ONCE, progress=_told(progress))
            finally:
                copy.close()
            return head, counts
        finally:
            with contextlib.suppress(dbapi2.Error):
                origin.rollback()
            origin.close()


def connect(path: Path, key: bytes) -> Any:
    """A bare driver connection for copying."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    engine.unlock(connection, key)
    connection.execute(f"PRAGMA busy_timeout = {engine.BUSY_MS}")
    return connection


def _told(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    """What the library tells of the copy (pages remaining, of all) as "done of all"."""
    if progress is None:
        return None

    def tell(_status: int, remaining: int, of: int) -> None:
        progress(of - remaining, of)

    return tell


def _proved(
    part: Path,
    key: bytes,
    at: datetime,
    counts: dict[str, int],
    progress: Progress | None,
    *,
    quick: bool,
    strict: bool,
) -> Proof:
    """The proof of a copy, or the error that keeps it from getting its name."""

    def still_wanted(_done: int, _of: int, _what: str) -> None:
        if progress is not None:
            progress(1, 1)  # the copy is made; whoever waits may still want it to stop

    try:
        proof = prove(part, key, at, quick=quick, progress=still_wanted)
    except WrongKey:
        raise Damaged(path=str(part)) from None
    if not proof.authentic or dict(proof.counts) != counts:
        raise Damaged(path=str(part))
    if strict and not proof.sound:
        raise Refused("record-in-doubt", problems=problems(proof))
    return proof


def forget_unfinished(folder: Path, stem: str) -> None:
    """Remove copies of a clinic that were cut short days ago; younger ones may be another program's, under way."""
    for left in folder.glob(f"{glob.escape(stem)}.*{UNFINISHED}*"):
        with contextlib.suppress(OSError):  # one that cannot go today goes next time
            if time.time() - left.stat().st_mtime > FORGOTTEN_S:
                left.unlink()


def copy_file(source: Path, target: Path, progress: Progress | None) -> None:
    """Copy bytes with progress, for the owner's eyes alone, and make them durable.

    Raises MissingFile, MissingFolder, DiskFull, ReadOnly, DiskError, and what `progress` raises.
    """
    if not target.parent.is_dir():
        raise MissingFolder(folder=str(target.parent))
    try:
        size, done = source.stat().st_size, 0
        with source.open("rb") as origin, target.open("wb") as copy:
            target.chmod(0o600)
            while chunk := origin.read(CHUNK):
                copy.write(chunk)
                done += len(chunk)
                if progress is not None:
                    progress(done, size)
        sync_file(target)
    except FileNotFoundError as error:
        raise MissingFile(path=str(source)) from error
    except OSError as error:
        raise known_error(error, target) from error


def sync_file(path: Path) -> None:
    """Make what was written to a file durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def remove(path: Path) -> None:
    """Remove an unfinished copy and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
