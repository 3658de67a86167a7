"""Makes and opens a clinic: vault, file and migration together.

A new clinic is made under another name and takes its own only when file and vault are both whole. A cut in
between leaves either nothing of that name, or a file that the next opening finishes.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from db import audit, backup, engine, vault
from db.backup.making import copy_pages, remove, sync_file
from db.backup.proof import holds
from db.engine import SCHEMA_NUMBER, Database
from db.errors import (
    AlreadyExists,
    Damaged,
    DatabaseBusy,
    DiskError,
    DiskFull,
    MissingFile,
    MissingFolder,
    ReadOnly,
    Refused,
    WrongKey,
)
from db.models import User
from db.place import Place as ClinicPlace
from db.place import ServerAddress
from db.replace_file import known_error, sync_folder
from db.stamp import Stamp
from db.vault import Attempts, Place

log = logging.getLogger("replete")


@dataclass(frozen=True, slots=True)
class UserRow:
    """Who has logged in."""

    id: int
    name: str
    initials: str
    role: str
    login: str


def create_clinic_file(place: ClinicPlace, user: str, password: str) -> tuple[Database, str]:
    """Make an empty encrypted clinic with its first password; returns it open, and the recovery key to print.

    The clinic's details and the first user's row are then made by `set_up_clinic`. On a server it is made in an
    empty database. Raises AlreadyExists, MissingFolder, ReadOnly, DiskFull,
    Refused("empty-password" | "empty-user-name").
    """
    if isinstance(place, ServerAddress):
        from db import server_opening  # the server's driver is loaded only where it is needed

        return server_opening.create(place, user, password)
    return _create_file(place, user, password)


def _create_file(path: Path, user: str, password: str) -> tuple[Database, str]:
    """Make vault and file under another name, then give them theirs."""
    if not path.parent.is_dir():
        raise MissingFolder(folder=str(path.parent))
    for taken in (path, vault.vault_path(path)):
        if taken.exists():
            raise AlreadyExists(path=str(taken))
    set_aside_leftovers(path)
    making = _making(path)
    remove(making)
    vault.vault_path(making).unlink(missing_ok=True)
    key, recovery = vault.create(making, user, password)
    try:
        Database.create(making, key).close()
        vault.vault_path(making).replace(vault.vault_path(path))
        sync_folder(path.parent)
        making.replace(path)
        sync_folder(path.parent)
        return Database.open(path, key), recovery
    except BaseException:
        remove(making)
        vault.vault_path(making).unlink(missing_ok=True)
        if not path.exists():
            vault.vault_path(path).unlink(missing_ok=True)
        raise


def open_clinic(
    place: ClinicPlace, user: str, password: str, at: datetime | None = None, *, alone: bool = True
) -> tuple[Database, UserRow | None]:
    """Open a clinic for a user at the instant `at` (now), migrating an older file after a verified copy of it.

    The tables of a server are not migrated here: `server_opening.upgrade` does that, for an owner with a backup.

    `alone` says that no other program has the file: only then a restore is ended, a creation finished or an older
    file migrated; otherwise such a file is DatabaseBusy.

    The row is None while the clinic has no users yet (its setting up was cut short). Wrong passwords are
    counted and slow the next try down; the log-in that succeeds writes them into the audit.
    Raises Refused("wait-after-failures" | "user-not-active" | "user-unknown"), WrongKey, MissingFile,
    NotADatabase, NewerDatabase, MissingFolder, ReadOnly, DatabaseBusy, Damaged; of a server ServerUnreachable,
    ServerRefused, OlderDatabase.
    """
    if isinstance(place, Path):
        _make_ready(place, alone=alone)
    at = at or datetime.now(UTC)
    unlocked = vault.try_unlock(place, user, password, at)
    if isinstance(place, Path) and alone:
        try:
            _finish_creation(place)
        except OSError as error:
            raise known_error(error, place) from error
    try:
        database = open_with_key(place, unlocked.key, alone=alone)
    except WrongKey:  # the vault vouches for the key: it is the file, or its vault, that is not the right one
        raise Damaged(path=str(place)) from None
    try:
        found = _user(database, user)
        if found is not None and unlocked.failed is not None:
            note_failures(database, place, found, unlocked.failed, at)
        return database, found
    except BaseException:
        database.close()
        raise


def _make_ready(path: Path, *, alone: bool) -> None:
    """Finish a restore that was cut short, and refuse a place where there is no clinic file."""
    try:
        if not path.parent.is_dir():
            raise MissingFolder(folder=str(path.parent))
        if alone:
            backup.finish_restore(path)
        if not path.is_file() and not _making(path).is_file():
            raise MissingFile(path=str(path))
    except OSError as error:
        raise known_error(error, path) from error


def note_failures(database: Database, place: Place, user: UserRow, failed: Attempts, at: datetime) -> None:
    """Write wrong tries into the audit under the user they were made as, then begin counting anew.

    While the file cannot be written they stay counted: the next log-in says them.
    """
    stamp = Stamp(user.id, at, at.date())
    detail = {"failed": failed.failed, "since": failed.first_at.isoformat()}
    try:
        with database.write() as session:
            audit.record(session, stamp, "log-in-after-failures", "user_account", user.id, None, detail)
        vault.forget_attempts(place, user.login)
    except (DiskFull, DiskError, ReadOnly, DatabaseBusy) as error:
        log.warning("wrong tries stay counted: %s", error.code)


def open_with_key(place: ClinicPlace, key: bytes, *, alone: bool = True) -> Database:
    """Open with the file key itself (after recovery, or in an unattended job), migrating an older file.

    Raises DatabaseBusy for an older file that another program has open (not `alone`).
    """
    if isinstance(place, Path):
        if engine.inspect(place, key) < SCHEMA_NUMBER:
            if not alone:
                raise DatabaseBusy(path=str(place))
            migrate(place, key)
        if alone:
            backup.note_restore(place, key)
    return Database.open(place, key)


def migrate(path: Path, key: bytes, versions: Path | None = None) -> None:
    """Back the file up, then bring it to the newest schema, whole or not at all.

    A file whose vault is elsewhere is no whole clinic: it gets a verified copy under its own name instead.
    """
    from db import migrations

    places = versions or migrations.VERSIONS
    known = migrations.revisions(places)
    with engine.maintenance(path, key) as connection:
        number = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        connection.rollback()
        if number >= len(known):
            return
        if vault.vault_path(path).is_file():
            backup.make(path, key, backup.folder_of(path), datetime.now(UTC))
        else:
            verified_copy(path, key, path.with_name(f"{path.name}.before-{known[number]}"))
        migrations.upgrade(connection, places)


def verified_copy(path: Path, key: bytes, target: Path) -> None:
    """Copy the file, encrypted to encrypted, page by page, and prove the copy before it gets its name.

    Raises Damaged when a page, a row count or a reference of the copy is not right; `target` is then not
    made. Raises DiskFull, ReadOnly, DiskError when the disk fails.
    """
    beside = target.with_name(target.name + ".new")
    try:
        remove(beside)
        _, counts = copy_pages(path, key, beside, None)
        if not holds(beside, key, counts):
            raise Damaged(path=str(beside))
        sync_file(beside)
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise known_error(error, target) from error
    finally:
        with contextlib.suppress(OSError):  # what is left is removed before the next copy
            remove(beside)


def _making(path: Path) -> Path:
    """The name a clinic file has until it is whole."""
    return path.with_name(path.name + ".making")


def _finish_creation(path: Path) -> None:
    """Give a file its name whose making was cut after its vault was in place."""
    if not path.exists() and _making(path).is_file():
        _making(path).replace(path)
        sync_folder(path.parent)


def remove_clinic(path: Path) -> None:
    """Delete a clinic file that was just made and not finished, with its vault. Never for one with patients."""
    remove(path)
    vault.vault_path(path).unlink(missing_ok=True)


def set_aside_leftovers(path: Path) -> None:
    """Rename what another file of this name left beside it: a stale journal would be played into a new file."""
    for ending in ("-wal", "-shm", "-journal"):
        left = path.with_name(path.name + ending)
        if left.exists():
            left.replace(left.with_name(left.name + ".left-over"))


def _user(database: Database, login: str) -> UserRow | None:
    """The active user of that name; None while there are no users at all."""
    with database.read() as session:
        users = session.execute(
            select(User.id, User.name, User.initials, User.role, User.login, User.active)
        ).all()
    if not users:
        return None
    wanted = vault.login_name(login)
    for found in users:
        if vault.login_name(found.login) == wanted:
            if not found.active:
                raise Refused("user-not-active")
            return UserRow(found.id, found.name, found.initials, found.role, found.login)
    raise Refused("user-unknown")
