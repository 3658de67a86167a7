"""Opening a clinic for a command: where its file is, who asks, with which password; each fault in plain words."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

from db import errors
from db.engine import Database
from db.errors import KnownError
from db.opening import open_clinic
from db.place import Place, ServerAddress, is_server, place_of
from db.safe_place import UnsafePlace
from db.stamp import Stamp
from desktop.cli.kept_password import kept_password
from desktop.cli.place_guard import guard_place
from desktop.cli.status import Status, Stop
from desktop.wording import error_words

DATABASE_NAME = "clinic.replete"
STATUS_OF: tuple[tuple[type[KnownError], Status], ...] = (
    (errors.WrongKey, Status.WRONG_KEY),
    (errors.NewerDatabase, Status.NEWER_DATABASE),
    (errors.MissingFolder, Status.MISSING_FOLDER),
    (errors.DatabaseBusy, Status.IN_USE),
    (errors.DiskFull, Status.CANNOT_WRITE),
    (errors.DiskError, Status.CANNOT_WRITE),
    (errors.ReadOnly, Status.CANNOT_WRITE),
    (errors.ServerUnreachable, Status.CANNOT_WRITE),
    (errors.OutcomeUnknown, Status.CANNOT_WRITE),
    (errors.ServerRefused, Status.WRONG_KEY),
)


def data_folder() -> Path:
    """Where this computer keeps the clinic when nobody names another place."""
    return user_data_path("Replete", appauthor=False)


def database_path(options: argparse.Namespace) -> Path:
    """The clinic file named on the command line, or the usual one; a server is refused."""
    with known_errors():
        if options.database and is_server(options.database):
            raise errors.Refused("only-for-a-file")
    return Path(options.database).expanduser() if options.database else data_folder() / DATABASE_NAME


def database_place(options: argparse.Namespace) -> Place:
    """The clinic named on the command line, a file or a server's address, or the usual file."""
    if not options.database or not is_server(options.database):
        return database_path(options)
    with known_errors():
        return reachable(options.database)


def reachable(text: str) -> Place:
    """The place a text names; a server's role is asked for its password where nothing else gives it.

    Raises what `place_of` raises, and ServerUnreachable, ServerRefused, NotADatabase, NewerDatabase.
    """
    place = place_of(text)
    if not isinstance(place, ServerAddress):
        return place
    from db import server

    try:
        server.inspect(place)
    except errors.ServerRefused:
        if place.password is not None or not sys.stdin.isatty():
            raise
        place = place.with_password(
            getpass.getpass(f"Password of the role {place.user}: ", stream=sys.stderr)
        )
        server.inspect(place)
    return place


def password_from(options: argparse.Namespace, *, kept: bool = True) -> str:
    """The password: first line of the file named, else the keyring's (`kept`), else asked for.

    Never taken from the command line.
    """
    given = getattr(options, "kept", None)
    if isinstance(given, str):
        return given
    if options.password_file is not None:
        try:
            lines = options.password_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Stop(f"The password file {options.password_file} cannot be read.") from error
        return str(lines[0]) if lines else ""
    found = kept_password(options, data_folder()) if kept else None
    if found is not None:
        return found
    if not sys.stdin.isatty():
        raise Stop(
            "A password is needed: give --password-file FILE, keep it once with `replete remember`, "
            "or run this at a terminal."
        )
    return getpass.getpass(f"Password of {options.user}: ", stream=sys.stderr)


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[tuple[Database, int]]:
    """The clinic, open, and the id of the user who opened it; closed again at the end."""
    place = database_place(options)
    if not options.user:
        raise Stop("Say who opens the clinic: --user NAME, with --password-file FILE or a password typed.")
    unsafe = guard_place(place, options)
    with known_errors(), _alone(place) as alone:
        database, user = open_clinic(place, options.user, password_from(options), alone=alone)
    try:
        if user is None:
            raise Stop(f"{place.name} has not been set up yet: open it once in the window.")
        with known_errors():
            if unsafe is not None:
                _note(database, unsafe, user.id)
            _warn(database, options)
            yield database, user.id
    finally:
        database.close()


@contextmanager
def _alone(place: Place) -> Iterator[bool]:
    """Whether no other Replete has the file while it is opened: only then may it be migrated or a restore ended."""
    if not isinstance(place, Path) or not place.parent.is_dir():
        yield True
        return
    from desktop.one_instance import InUseError, lock

    try:
        held = lock(place)
    except InUseError:
        yield False
        return
    except OSError:  # a folder that cannot be written: what needs writing says so itself
        yield True
        return
    try:
        yield True
    finally:
        held.unlock()


def _warn(database: Database, options: argparse.Namespace) -> None:
    """Say that the record breaks a promise, of those that cost milliseconds; the command goes on, and ends with 1."""
    from db import invariants
    from desktop.wording.backups import invariant_words

    now = datetime.now(UTC)
    try:
        with database.read() as session:
            broken = [one.id for one in invariants.quick(session, now) if not one.ok]
    except errors.Damaged:
        what = "Part of this clinic's file cannot be read"
    else:
        if not broken:
            return
        what = f"This clinic's record does not keep what it promises (“{invariant_words(broken[0])}”)"
    options.doubt = True
    print(f"{what}: run `replete check` and show a person what it says.", file=sys.stderr)


def _note(database: Database, unsafe: UnsafePlace, user_id: int) -> None:
    """Put on record that the clinic was opened in a place that is not safe for it."""
    from db.operations.backups import record_unsafe_place

    now = datetime.now(UTC)
    with database.write() as session:
        record_unsafe_place(session, unsafe, Stamp(user_id, now, now.astimezone().date()))


@contextmanager
def known_errors() -> Iterator[None]:
    """Turn what the database reports into a sentence and an exit status."""
    try:
        yield
    except KnownError as error:
        status = next((s for kind, s in STATUS_OF if isinstance(error, kind)), Status.UNREADABLE)
        raise Stop(error_words(error), status) from error
