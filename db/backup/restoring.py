"""Puts a backup into the place of a clinic file, proved before anything is touched, and removes nothing.

The copy is made and proved beside the file. What stands there now is kept under a dated name, its log with it: a log
of another file, played into the restored one, would destroy it. A note is written once all is ready; from then on a
cut leaves work that the next opening ends (`finish_restore`), before it a cut leaves the file as it was.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import anchor, audit, engine, sqlite_errors, vault
from db.backup.making import copy_file, remove, sync_file
from db.backup.naming import HEAD_LENGTH, read_name
from db.backup.proof import NO_HEAD, Progress, Proof, problems, prove, reading
from db.engine import Database
from db.errors import Damaged, KnownError, Refused, WrongKey
from db.models import User
from db.replace_file import known_error, replace_file, sync_folder
from db.stamp import Stamp

PREPARED: Final = ".restoring"
NOTE: Final = ".restoring.ready"
DONE: Final = ".restored"
"""The note once all is in place and until the restored record says so itself."""
LOGS: Final = ("-wal", "-shm", "-journal")
ACTION: Final = "restore"
OPERATION: Final = "restore_backup"
"""The line of the role table."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place: from where, what was found in it, and under which names the former files are kept."""

    source: Path
    proof: Proof
    kept: tuple[Path, ...]


def restore(
    backup: Path,
    target: Path,
    key: bytes,
    at: datetime,
    *,
    login: str | None = None,
    take_vault: bool = True,
    accept_doubt: bool = False,
    progress: Progress | None = None,
) -> Restored:
    """Prove a backup and put it in the place of `target`; nobody may have `target` open.

    `take_vault` says that the backup's own vault is used from now on; the one there now is kept under a dated name.
    `login` is who did it, for the audit. An older backup is brought to the present schema on the way.
    Raises WrongKey, NotADatabase, NewerDatabase, MissingFile, MissingFolder, Damaged("backup-damaged"),
    Refused("record-in-doubt" | "backup-misnamed" | "not-your-role" | "user-unknown"), DiskFull, ReadOnly, DiskError;
    nothing was then touched.
    """
    prepared = target.with_name(target.name + PREPARED)
    try:
        if take_vault:
            vault.user_names(backup)
        vault.vault_path(prepared).unlink(
            missing_ok=True
        )  # one left by a restore that was cut is of another backup
        prepare(backup, prepared, key, at, accept_doubt=accept_doubt, progress=progress)
        if login is not None:
            refuse_others((target, prepared), key, login)
        if take_vault:
            replace_file(vault.vault_path(prepared), vault.vault_path(backup).read_bytes())
    except Damaged as error:  # the backup, or a copy of it: the clinic is not even read here
        forget(prepared)
        raise Damaged("backup-damaged", path=str(backup)) from error
    except OSError as error:
        forget(prepared)
        raise known_error(error, prepared) from error
    except BaseException:
        forget(prepared)
        raise
    return put_in_place(target, key, at, source=backup, login=login)


def prepare(
    backup: Path,
    copy: Path,
    key: bytes,
    at: datetime,
    *,
    accept_doubt: bool = False,
    progress: Progress | None = None,
) -> Proof:
    """Copy a backup to `copy`, bring it to the present schema and prove it. Raises as `restore` does."""
    schema = engine.inspect(backup, key)
    remove(copy)
    copy_file(backup, copy, progress)
    if schema < engine.SCHEMA_NUMBER:
        from db import migrations

        with engine.maintenance(copy, key) as connection:
            migrations.upgrade(connection)
    try:
        proof = prove(copy, key, at)
    except WrongKey:
        raise Damaged(path=str(backup)) from None
    if not proof.authentic:
        raise Damaged(path=str(backup))
    told = read_name(backup)
    if told is not None and schema == engine.SCHEMA_NUMBER and proof.head[:HEAD_LENGTH] != told[2]:
        raise Refused("backup-misnamed", path=str(backup))
    if not proof.sound and not accept_doubt:
        raise Refused("record-in-doubt", problems=problems(proof))
    with sqlite_errors.known(copy):
        sync_file(copy)
    return proof


def put_in_place(
    target: Path, key: bytes, at: datetime, *, source: Path, login: str | None = None
) -> Restored:
    """Let a prepared and proved copy (`<target>.restoring`) become the clinic file, and note it in its audit."""
    aside = _free(target, at)
    try:
        _keep_aside(target, aside)
        instant = at.astimezone(UTC).isoformat()
        note = {"aside": aside.name, "source": source.name, "at": instant, "login": login}
        replace_file(target.with_name(target.name + NOTE), json.dumps(note).encode())
        finish_restore(target)
    except OSError as error:
        raise known_error(error, target) from error
    note_restore(target, key)
    kept = sorted(target.parent.glob(f"{aside.name}*"))
    return Restored(source, prove(target, key, at), tuple(kept))


def refuse_others(places: Iterable[Path], key: bytes, login: str) -> None:
    """Let only those restore whom the role table names, by the first of `places` that can be read and knows them.

    The clinic comes before the backup: a role that was taken away since is not given back by an old copy.
    Raises Refused: not-your-role, user-unknown (none of the places knows the log-in name).
    """
    from db.operations.roles import may, roles_for

    for place in places:
        role = _role(place, key, login) if place.is_file() else None
        if role is None:
            continue
        if may(role, OPERATION) is None:
            raise Refused("not-your-role", operation=OPERATION, role=role, may=roles_for(OPERATION))
        return
    raise Refused("user-unknown")


def _role(place: Path, key: bytes, login: str) -> str | None:
    """The role of somebody who works there; None where the file cannot be read or does not know them."""
    wanted = vault.login_name(login)
    try:
        with reading(place, key) as session:
            users = session.execute(select(User.login, User.role).where(User.active)).all()
    except KnownError:
        return None
    return next((user.role for user in users if vault.login_name(user.login) == wanted), None)


def finish_restore(target: Path) -> bool:
    """End a restore that was cut after all was ready; True when there was one. Safe to repeat.

    `note_restore` puts it on record once there is a key.
    """
    note = target.with_name(target.name + NOTE)
    if not note.is_file():
        return False
    try:
        aside = target.with_name(str(json.loads(note.read_bytes())["aside"]))
    except (ValueError, KeyError, TypeError):
        raise Damaged(path=str(note)) from None
    for ending in LOGS:
        log = target.with_name(target.name + ending)
        if log.exists():
            log.replace(aside.with_name(aside.name + ending))
    prepared = target.with_name(target.name + PREPARED)
    if prepared.is_file():
        keys = vault.vault_path(prepared)
        if keys.is_file():
            keys.replace(vault.vault_path(target))
        prepared.replace(target)
        sync_folder(target.parent)
    note.replace(target.with_name(target.name + DONE))
    sync_folder(target.parent)
    return True


def note_restore(target: Path, key: bytes) -> None:
    """Put a finished restore on record, unless it is already. The file must be of this program's schema."""
    done = target.with_name(target.name + DONE)
    try:
        note = json.loads(done.read_bytes())
        at, source, aside = datetime.fromisoformat(note["at"]), str(note["source"]), str(note["aside"])
    except OSError:
        return
    except (ValueError, KeyError, TypeError):
        at, source, aside, note = datetime.now(UTC), "unknown", "unknown", {}
    _note_in_audit(target, key, at, source, aside, note.get("login"))
    with contextlib.suppress(OSError):
        done.unlink()


def forget(prepared: Path) -> None:
    """Remove a prepared copy that will not be used."""
    with contextlib.suppress(OSError):
        remove(prepared)
        vault.vault_path(prepared).unlink(missing_ok=True)


def _free(target: Path, at: datetime) -> Path:
    """A dated name beside the file that nothing has yet."""
    stem = f"{target.name}.replaced-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (target.with_name(stem + (f"-{count}" if count else "")) for count in range(1000))
    return next(name for name in names if not any(target.parent.glob(f"{name.name}*")))


def _keep_aside(target: Path, aside: Path) -> None:
    """Give what stands there a second name, so that the first is never without a file; a copy where links fail."""
    for here, there in ((target, aside), (vault.vault_path(target), vault.vault_path(aside))):
        if not here.is_file():
            continue
        try:
            os.link(here, there)
        except OSError:
            shutil.copy2(here, there)
            sync_file(there)
    sync_folder(target.parent)


def _note_in_audit(
    target: Path, key: bytes, at: datetime, source: str, aside: str, login: str | None
) -> None:
    """The restored record says that it was restored, from what, and what it replaced; its head is kept anew."""
    database = Database.open(target, key)
    try:
        with database.write() as session:
            user_id, known = who_did(session, login)
            if user_id is not None:
                _record(session, source, aside, Stamp(user_id, at, at.date()), known=known)
        with database.read() as session:
            anchor.renew(target, session)
    finally:
        database.close()


def _record(session: Session, source: str, aside: str, stamp: Stamp, *, known: bool) -> None:
    """The row itself. The restored record may know an administrator of today in another role: it is told so."""
    from db.operations.backups import restore_backup

    detail: dict[str, object] = {"from": source, "kept": aside, "login-known": known}
    if known:
        try:
            restore_backup(session, source, aside, stamp)
        except Refused as error:
            detail["role-then"] = error.code
        else:
            return
    audit.record(session, stamp, ACTION, "database", None, None, detail)


def who_did(session: Session, login: str | None) -> tuple[int | None, bool]:
    """The user of that log-in name, else the first administrator of the restored record."""
    users = session.execute(select(User.id, User.login, User.role).order_by(User.id)).all()
    for user in users:
        if login is not None and vault.login_name(user.login) == vault.login_name(login):
            return user.id, True
    first = next((user.id for user in users if user.role == "administrator"), None)
    return (first if first is not None else (users[0].id if users else None)), False


def head_of_proof(proof: Proof) -> str:
    """The first characters of a proof's audit head, as a backup's name has them."""
    return (proof.head or NO_HEAD)[:HEAD_LENGTH]
