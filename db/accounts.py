"""Users in the record and in the vault, changed together so that a cut in between leaves neither half.

The record says who works here, the vault whose password opens it; they are two files. A change goes in this order:

1. the vault as it will be is written beside the vault (`<clinic>.next.vault`);
2. the record is saved, its audit row holding the hash of that vault;
3. the vault written beside takes the place of the vault.

Cut before 2, the record knows nothing of the vault beside, and `settle` drops it: nothing has changed. Cut after 2,
the record names it, and `settle`, called after the next log-in, puts it in place: everything has changed. On a server
the entries are rows of the same database: the record goes first, and an entry without its user opens nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db import vault
from db.changes import Changes
from db.engine import Database
from db.errors import Refused
from db.opening import UserRow, note_failures
from db.operations import users
from db.operations.users import VAULT_MARK, NewUser
from db.replace_file import replace_file, sync_folder
from db.stamp import Stamp
from db.vault_store import vault_path

_LATEST: Final = 200
"""Audit rows looked through for the mark of a vault left beside; it can only be one of the last."""


def add_user(database: Database, new: NewUser, password: str, stamp: Stamp) -> Changes:
    """Add somebody with their first password. Raises what the operation raises; Refused("empty-password")."""
    key = _key(database)
    return _together(
        database,
        lambda session: users.add_user(session, new, stamp),
        lambda place: vault.add_user(place, key, new.login, password),
    )


def reset_password(
    database: Database, user_id: int, password: str, seen_version: int, stamp: Stamp
) -> Changes:
    """Give a user another password. Raises what the operation raises; Refused("empty-password")."""
    key, login = _key(database), _login(database, user_id)
    return _together(
        database,
        lambda session: users.reset_password(session, user_id, stamp, seen_version),
        lambda place: vault.add_user(place, key, login, password),
    )


def change_own_password(database: Database, old: str, new: str, stamp: Stamp) -> Changes:
    """Change one's own password. Wrong old ones count as at the log-in.

    Raises WrongKey when the old one is not right; Refused("wait-after-failures" | "empty-password").
    """
    login = _login(database, stamp.user_id)
    unlocked = vault.try_unlock(database.place, login, old, stamp.at)
    key = unlocked.key
    if unlocked.failed is not None:
        _note_failures(database, login, unlocked.failed, stamp)
    return _together(
        database,
        lambda session: users.change_own_password(session, stamp),
        lambda place: vault.add_user(place, key, login, new),
    )


def disable_user(database: Database, user_id: int, seen_version: int, stamp: Stamp) -> Changes:
    """Disable a user and take their password away. Raises what the operation raises."""
    login = _login(database, user_id)

    def without(place: vault.Place) -> None:
        if vault.login_name(login) in vault.user_names(place):
            vault.remove_user(place, login)

    return _together(
        database, lambda session: users.disable_user(session, user_id, seen_version, stamp), without
    )


def enable_user(database: Database, user_id: int, password: str, seen_version: int, stamp: Stamp) -> Changes:
    """Let a disabled user work here again, with a new password. Raises what the operation raises."""
    key, login = _key(database), _login(database, user_id)
    return _together(
        database,
        lambda session: users.enable_user(session, user_id, seen_version, stamp),
        lambda place: vault.add_user(place, key, login, password),
    )


def settle(database: Database) -> None:
    """After a log-in: put the vault in place that the record names, or drop one it does not know."""
    if database.is_server:
        return
    beside = vault_path(_beside(database.path))
    if not beside.is_file():
        return
    with database.read() as session:
        named = _named(session, _hash(beside))
    if named:
        _take_place(database.path)
    else:
        beside.unlink()
        sync_folder(beside.parent)


def _together(
    database: Database, record: Callable[[Session], Changes], change: Callable[[vault.Place], None]
) -> Changes:
    """Change vault and record as one; the module says in which order, and what a cut leaves."""
    if database.is_server:
        with database.write() as session:
            made = record(session)
        change(database.place)
        return made
    settle(database)
    path, beside = database.path, _beside(database.path)
    replace_file(vault_path(beside), vault_path(path).read_bytes())
    try:
        change(beside)
        with database.write() as session:
            session.info[VAULT_MARK] = _hash(vault_path(beside))
            made = record(session)
    except BaseException:
        _drop_unless_named(database, vault_path(beside))
        raise
    _take_place(path)
    return made


def _drop_unless_named(database: Database, beside: Path) -> None:
    """After a failure: a vault that the record does not name is dropped, the other is left to `settle`."""
    with database.read() as session:
        if _named(session, _hash(beside)):
            return
    beside.unlink(missing_ok=True)


def _take_place(path: Path) -> None:
    vault_path(_beside(path)).replace(vault_path(path))
    sync_folder(path.parent)


def _beside(path: Path) -> Path:
    """The name under which the vault of a change to come lies beside the vault."""
    return path.with_name(path.name + ".next")


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _named(session: Session, mark: str) -> bool:
    """Whether one of the latest audit rows names this vault."""
    rows = session.scalars(
        select(m.AuditRow.detail)
        .where(m.AuditRow.entity == "user_account")
        .order_by(m.AuditRow.id.desc())
        .limit(_LATEST)
    )
    return any(detail.get("vault") == mark for detail in rows)


def _note_failures(database: Database, login: str, failed: vault.Attempts, stamp: Stamp) -> None:
    """Wrong tries that were made before the right one stand in the audit, as those at the log-in do."""
    note_failures(database, database.place, UserRow(stamp.user_id, "", "", "", login), failed, stamp.at)


def _key(database: Database) -> bytes:
    if database.key is None:
        raise Refused("no-key")
    return database.key


def _login(database: Database, user_id: int) -> str:
    with database.read() as session:
        login = session.scalars(select(m.User.login).where(m.User.id == user_id)).one_or_none()
    if login is None:
        raise Refused("user-unknown")
    return login
