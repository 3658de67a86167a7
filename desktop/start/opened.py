"""A clinic that is open, with who opened it: what the start pages hand to the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import queries, vault
from db.engine import Database
from db.errors import KnownError
from db.opening import UserRow, note_failures, open_clinic, set_aside_leftovers
from db.queries.people import Clinic, Owner


@dataclass(frozen=True, slots=True)
class OpenedClinic:
    """The open database, its user, and what the window needs to know of the clinic first."""

    database: Database
    user: UserRow
    details: Clinic
    owner: Owner
    place: vault.Place
    """where its log-in entries are kept"""


class SetUpUnfinishedError(KnownError):
    """The first set-up was cut short: the file holds no clinic and no user yet."""

    code = "set-up-unfinished"


def open_for(path: Path, login: str, password: str, at: datetime | None = None) -> OpenedClinic:
    """Open the clinic by name and password at the instant `at` (now), and read its details.

    Reading them here finds out a damaged file.

    Raises SetUpUnfinishedError, and what `open_clinic` and reading raise; the file is then closed again.
    """
    database, user = open_clinic(path, login, password, at)
    try:
        if user is None:
            raise SetUpUnfinishedError
        with database.read() as session:
            details, owner = queries.clinic(session), queries.owner(session, user.id)
        return OpenedClinic(database, user, details, owner, path)
    except BaseException:
        database.close()
        raise


def check_password(clinic: OpenedClinic, password: str, at: datetime) -> None:
    """Return when the password is that of the user who opened the clinic. Raises as logging in does."""
    unlocked = vault.try_unlock(clinic.place, clinic.user.login, password, at)
    if unlocked.failed is not None:
        note_failures(clinic.database, clinic.place, clinic.user, unlocked.failed, at)


def put_aside(path: Path) -> None:
    """Give a file without a clinic another name, so that a set-up can begin anew; nothing is deleted."""
    for held in (path, vault.vault_path(path)):
        if held.exists():
            held.replace(held.with_name(held.name + ".unfinished"))
    set_aside_leftovers(path)
