"""A clinic that is open, with who opened it: what the start pages hand to the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import accounts, queries, vault
from db.engine import Database
from db.errors import KnownError
from db.opening import UserRow, note_failures, open_clinic, set_aside_leftovers
from db.place import Place
from db.queries import protocols
from db.queries.people import Clinic, Owner
from db.queries.protocols import OwnProtocol
from db.regain import recover


@dataclass(frozen=True, slots=True)
class OpenedClinic:
    """The open database, its user, and what the window needs to know of the clinic first."""

    database: Database
    user: UserRow
    details: Clinic
    owner: Owner
    fresh: bool = False
    """set up a moment ago, so that nobody but its administrator works there yet"""
    own: OwnProtocol | None = None
    """the protocol a clinician made live there; None where the one of the program is used"""


class SetUpUnfinishedError(KnownError):
    """The first set-up was cut short: the file holds no clinic and no user yet."""

    code = "set-up-unfinished"


def open_for(place: Place, login: str, password: str, at: datetime | None = None) -> OpenedClinic:
    """Open the clinic by name and password at the instant `at` (now), and read its details.

    Reading them here finds out a damaged file.

    Raises SetUpUnfinishedError, and what `open_clinic` and reading raise; the file is then closed again.
    """
    database, user = open_clinic(place, login, password, at)
    try:
        if user is None:
            raise SetUpUnfinishedError
        accounts.settle(database)
        return _opened(database, user)
    except BaseException:
        database.close()
        raise


def recover_for(place: Place, recovery_key: str, login: str, password: str, at: datetime) -> OpenedClinic:
    """Open the clinic with its recovery key, giving an administrator a new password. Raises as `recover` does."""
    database, user = recover(place, recovery_key, login, password, at)
    try:
        return _opened(database, user)
    except BaseException:
        database.close()
        raise


def _opened(database: Database, user: UserRow) -> OpenedClinic:
    """The clinic with its details and whoever opened it."""
    with database.read() as session:
        details, owner = queries.clinic(session), queries.owner(session, user.id)
        own = protocols.own(session)
    return OpenedClinic(database, user, details, owner, own=own)


def check_password(clinic: OpenedClinic, password: str, at: datetime) -> None:
    """Return when the password is that of the user who opened the clinic. Raises as logging in does."""
    unlocked = vault.try_unlock(clinic.database.place, clinic.user.login, password, at)
    if unlocked.failed is not None:
        note_failures(clinic.database, clinic.database.place, clinic.user, unlocked.failed, at)


def put_aside(path: Place) -> None:
    """Give a file without a clinic another name, so that a set-up can begin anew; nothing is deleted.

    On a server there is no other name: what the set-up had begun there, without any patient, is taken away.
    """
    if not isinstance(path, Path):
        from db.server_opening import (
            remove_unfinished,
        )  # the server's driver is loaded only where it is needed

        remove_unfinished(path)
        return
    for held in (path, vault.vault_path(path)):
        if held.exists():
            held.replace(held.with_name(held.name + ".unfinished"))
    set_aside_leftovers(path)
