"""A clinic that is open, with who opened it: what the start pages hand to the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db import vault
from db.engine import Database
from db.errors import KnownError
from db.opening import UserRow, open_clinic


@dataclass(frozen=True, slots=True)
class OpenedClinic:
    """The open database and its user."""

    database: Database
    user: UserRow


class SetUpUnfinishedError(KnownError):
    """The first set-up was cut short: the file holds no clinic and no user yet."""

    code = "set-up-unfinished"


def open_for(path: Path, login: str, password: str) -> OpenedClinic:
    """Open the clinic by name and password; raises SetUpUnfinishedError, and what `open_clinic` raises."""
    database, user = open_clinic(path, login, password)
    if user is None:
        database.close()
        raise SetUpUnfinishedError
    return OpenedClinic(database, user)


def put_aside(path: Path) -> None:
    """Give a file without a clinic another name, so that a set-up can begin anew; nothing is deleted."""
    for held in (path, vault.vault_path(path)):
        if held.exists():
            held.replace(held.with_name(held.name + ".unfinished"))
