"""Getting in again with the printed recovery key, and making another one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from db import accounts, backup, vault
from db import models as m
from db.engine import Database
from db.errors import Damaged, Refused, WrongKey
from db.opening import UserRow, open_with_key
from db.operations.recovery import note_new_recovery_key, note_recovery
from db.place import Place
from db.stamp import Stamp


def recover(
    place: Place, recovery_key: str, login: str, password: str, at: datetime
) -> tuple[Database, UserRow]:
    """Open the clinic with its recovery key and give an administrator a new password; both are audited.

    Raises WrongKey ("mistyped-recovery-key" | "wrong-recovery-key"), Refused("not-an-administrator", names=…:
    the administrators there are, since whoever holds the key may know), Refused("empty-password"), and what
    opening raises.
    """
    if isinstance(place, Path):
        backup.finish_restore(place)  # what is done here must not go with a restore that ends later
    key = vault.unlock_with_recovery(place, recovery_key)
    try:
        database = open_with_key(place, key)
    except WrongKey:
        raise Damaged(path=str(place)) from None
    try:
        accounts.settle(database)
        user = _administrator(database, login)
        stamp = Stamp(user.id, at, at.date())
        with database.write() as session:
            note_recovery(session, stamp)
            version = session.scalars(select(m.User.version).where(m.User.id == user.id)).one()
        accounts.reset_password(database, user.id, password, version, stamp)
    except BaseException:
        database.close()
        raise
    return database, user


def new_recovery_key(database: Database, stamp: Stamp) -> str:
    """Make another recovery key, to be printed at once; the one printed before opens nothing any more.

    Cut between the note and the vault, the note stands and the old key still opens: nobody is locked out.
    Raises Refused("not-your-role").
    """
    key = database.key
    if key is None:
        raise Refused("only-for-a-file")
    with database.write() as session:
        note_new_recovery_key(session, stamp)
    return vault.new_recovery_key(database.place, key)


def _administrator(database: Database, login: str) -> UserRow:
    """The active administrator of that log-in name."""
    with database.read() as session:
        rows = session.execute(
            select(m.User.id, m.User.name, m.User.initials, m.User.role, m.User.login)
            .where(m.User.active.is_(True), m.User.role == "administrator")
            .order_by(m.User.login)
        ).all()
    wanted = vault.login_name(login)
    for row in rows:
        if vault.login_name(row.login) == wanted:
            return UserRow(*row)
    raise Refused("not-an-administrator", names=tuple(row.login for row in rows))
