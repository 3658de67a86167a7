"""The ladder out of a damaged clinic file: what each way back would give, tried on copies before anything is done.

1. The file without its log, which may belong to another state of it.
2. The file with its indexes made anew; where a page of an index cannot even be read, with all rows written anew.
3. The newest backup that proves whole.

Each rung is a copy in a folder of its own beside the file, looked through like any backup. The person chooses; the
damaged file and its log are kept under a dated name.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlcipher3 import dbapi2

from db import anchor, backup, vault
from db.backup.making import connect, remove, sync_file
from db.backup.naming import Backup, folder_of, listed
from db.backup.proof import Proof, prove
from db.backup.restoring import LOGS, PREPARED, Restored, put_in_place
from db.errors import KnownError, Refused
from db.replace_file import known_error, replace_file
from db.rewrite import write_anew

AS_IT_IS: Final = "as-it-is"
WITHOUT_LOG: Final = "without-log"
REINDEXED: Final = "reindexed"
FROM_BACKUP: Final = "backup"
FOLDER: Final = ".recovery"


@dataclass(frozen=True, slots=True)
class Rung:
    """One way back and what it would give. `failed` is the code of what keeps it from being possible.

    `lost` counts the audit rows (each is one thing somebody did) that the best copy knows of and this one lacks;
    None where that cannot be told.
    """

    kind: str
    copy: Path
    proof: Proof | None = None
    failed: str | None = None
    backup: Backup | None = None
    lost: int | None = None

    @property
    def usable(self) -> bool:
        """Whether the record can be opened and read whole from this copy."""
        return self.proof is not None and self.proof.authentic and self.proof.audit is not None

    @property
    def whole(self) -> bool:
        """Whether every promise of the record holds as well."""
        return self.usable and self.proof is not None and self.proof.sound


def climb(
    database: Path,
    key: bytes,
    at: datetime,
    *,
    folders: Sequence[Path] = (),
    progress: Callable[[int, int], object] | None = None,
) -> tuple[Rung, ...]:
    """Try every rung on copies and tell what each would give. `folders` are further places with backups.

    The first rung of the answer is the file as it is; nothing but the work folder beside it is written.
    Raises MissingFolder, DiskFull, ReadOnly, DiskError, and what `progress` raises; the work folder is then removed.
    """
    tell = progress or _quietly
    forget(database)
    room = work_folder(database)
    try:
        room.mkdir()
        rungs = []
        for number, try_it in enumerate((_as_it_is, _without_log, _reindexed)):
            tell(number, 4)
            if database.is_file():
                rungs.append(try_it(database, room, key, at))
        tell(3, 4)
        rungs.append(_from_backup(database, room, key, at, folders))
        tell(4, 4)
    except OSError as error:
        forget(database)
        raise known_error(error, room / "copy") from error
    except BaseException:
        forget(database)
        raise
    return _with_losses(database, tuple(rungs))


def best(rungs: Sequence[Rung]) -> Rung | None:
    """The rung to propose: whole ones before those in doubt, then the one that loses least; never the file as it is
    unless it turned out to be whole."""
    usable = [rung for rung in rungs if rung.whole or (rung.usable and rung.kind != AS_IT_IS)]
    return min(usable, key=lambda rung: (not rung.whole, rung.lost or 0), default=None)


def take(rung: Rung, database: Path, key: bytes, at: datetime, *, login: str | None = None) -> Restored:
    """Put a rung's copy in the place of the damaged file, which is kept under a dated name with its log.

    Raises Refused("rung-not-usable"), Damaged (the copy changed since it was shown), and errors of the disk.
    """
    if not rung.usable or rung.proof is None:
        raise Refused("rung-not-usable", kind=rung.kind)
    if prove(rung.copy, key, at).head != rung.proof.head:
        raise Refused("rung-not-usable", kind=rung.kind)
    prepared = database.with_name(database.name + PREPARED)
    try:
        vault.vault_path(prepared).unlink(missing_ok=True)  # one left by a restore that was cut
        if rung.backup is not None and not vault_readable(database):
            replace_file(vault.vault_path(prepared), vault.vault_path(rung.backup.path).read_bytes())
        remove(prepared)
        sync_file(rung.copy)  # the damaged file gives way to what is on the disk, not on its way there
        rung.copy.replace(prepared)
    except OSError as error:
        raise known_error(error, prepared) from error
    restored = put_in_place(
        database, key, at, source=rung.backup.path if rung.backup else database, login=login
    )
    forget(database)
    return restored


def forget(database: Path) -> None:
    """Remove the copies that were made to look at."""
    shutil.rmtree(work_folder(database), ignore_errors=True)


def work_folder(database: Path) -> Path:
    """Where the copies lie while a person chooses."""
    return database.with_name(database.name + FOLDER)


def readable_vaults(database: Path) -> Iterator[Path]:
    """The clinic file and its backups, newest first, as far as the vault beside each can be read."""
    backups = (one.path for one in listed(folder_of(database), database.stem))
    for place in (database, *backups):
        if vault_readable(place):
            yield place


def vault_readable(database: Path) -> bool:
    """Whether the vault beside the file can be read."""
    try:
        vault.user_names(database)
    except KnownError:
        return False
    return True


def _quietly(_done: int, _of: int) -> None:
    """Progress that nobody wants."""


def _as_it_is(database: Path, room: Path, key: bytes, at: datetime) -> Rung:
    """The file with its log, as the program would open it."""
    copy = _copied(database, room / AS_IT_IS, logs=True)
    return _looked_at(AS_IT_IS, copy, key, at, _open_once)


def _without_log(database: Path, room: Path, key: bytes, at: datetime) -> Rung:
    """The file alone, as it was when its log was last folded in."""
    copy = room / WITHOUT_LOG
    if not any(_filled(database.with_name(database.name + ending)) for ending in LOGS):
        return Rung(WITHOUT_LOG, copy, failed="no-log")
    return _looked_at(WITHOUT_LOG, _copied(database, copy, logs=False), key, at, _open_once)


def _reindexed(database: Path, room: Path, key: bytes, at: datetime) -> Rung:
    """The file with its log, every index made anew."""
    copy = _copied(database, room / REINDEXED, logs=True)
    return _looked_at(REINDEXED, copy, key, at, _index_anew)


def _from_backup(database: Path, room: Path, key: bytes, at: datetime, folders: Sequence[Path]) -> Rung:
    """The newest backup that proves whole, wherever it lies; the newest of all when none does."""
    found = [b for folder in (folder_of(database), *folders) for b in listed(folder, database.stem)]
    found.sort(key=lambda one: one.at, reverse=True)
    copy = room / FROM_BACKUP
    first_failure: str | None = None
    for one in found:
        try:
            proof = backup.prepare(one.path, copy, key, at)
            return Rung(FROM_BACKUP, copy, proof, backup=one)
        except KnownError as error:
            if error.code in ("disk-full", "read-only"):
                raise
            first_failure = first_failure or error.code
    return Rung(FROM_BACKUP, copy, failed=first_failure or "no-backup", backup=found[0] if found else None)


def _looked_at(kind: str, copy: Path, key: bytes, at: datetime, mend: Callable[[Path, bytes], None]) -> Rung:
    """A copy after it was mended, and what a look through it finds."""
    try:
        mend(copy, key)
        return Rung(kind, copy, prove(copy, key, at))
    except KnownError as error:
        # the key is the file's own: a first page that it does not open is damage
        return Rung(kind, copy, failed="damaged" if error.code == "wrong-key" else error.code)
    except dbapi2.DatabaseError:
        return Rung(kind, copy, failed="damaged")


def _open_once(copy: Path, key: bytes) -> None:
    """Fold the log of a copy into it, as opening it does."""
    connection = connect(copy, key)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def _index_anew(copy: Path, key: bytes) -> None:
    """Make the indexes of a copy anew, in place where that works, else by writing every row into a new file."""
    _open_once(copy, key)
    connection = connect(copy, key)
    try:
        connection.execute("REINDEX")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        done = connection.execute("PRAGMA cipher_integrity_check").fetchone() is None
    except dbapi2.DatabaseError:
        done = False
    finally:
        connection.close()
    if not done:
        write_anew(copy, key)


def _copied(database: Path, copy: Path, *, logs: bool) -> Path:
    shutil.copyfile(database, copy)
    for ending in ("-wal", "-journal") if logs else ():
        log = database.with_name(database.name + ending)
        if log.is_file():
            shutil.copyfile(log, copy.with_name(copy.name + ending))
    return copy


def _filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _with_losses(database: Path, rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Count for every rung what it lacks of the most that any copy, or the head kept outside, knows of."""
    known = anchor.read(database)
    most = max((_audited(rung) or 0 for rung in rungs), default=0)
    most = max(most, known.rows if known is not None else 0)
    return tuple(
        rung if (rows := _audited(rung)) is None else replace(rung, lost=most - rows) for rung in rungs
    )


def _audited(rung: Rung) -> int | None:
    """Rows of the audit in a copy, or None when they cannot be counted."""
    return None if rung.proof is None else rung.proof.counts.get("audit")
