"""A password kept by the system's own keyring, for jobs that run at night without a person.

The keyring is an extra of the installation and not every system has one; without it a password file or a prompt
does the same. What the keyring says about its own troubles is never repeated: it may hold the password.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

from db.place import is_server, place_of
from desktop.cli.options import add_database_options
from desktop.cli.status import Status, Stop

SERVICE = "Replete"
NO_KEYRING = """This system has no keyring Replete can use, so nothing was kept.
Install the extra (pip install "replete[unattended]") and a keyring of the system, or give the job
--password-file FILE with a file that only its user may read."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "remember", help="keep a password in the system's keyring for jobs without a person"
    )
    parser.add_argument("--forget", action="store_true", help="take it out of the keyring again")
    add_database_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Keep the password once it has opened the clinic, or forget it."""
    from desktop.cli.opening import data_folder, opened, password_from

    name = account(options, data_folder())
    if options.forget:
        _forget(name)
        print("The keyring holds no password of this user any more.", file=sys.stderr)
        return Status.DONE
    if _keyring() is None:
        raise Stop(NO_KEYRING, Status.LOOK)
    options.kept = password_from(options, kept=False)
    with opened(options):
        pass
    _keep(name, options.kept)
    print("Kept. Commands of this user no longer ask for the password on this computer.", file=sys.stderr)
    return Status.DONE


def account(options: argparse.Namespace, folder: Path) -> str:
    """Under which name the keyring keeps it: the user and the clinic; a server's address has no password in it."""
    where = options.database or str(folder / "clinic.replete")
    place = str(place_of(where)) if is_server(where) else str(Path(where).expanduser().resolve())
    return f"{options.user}@{place}"


def kept_password(options: argparse.Namespace, folder: Path) -> str | None:
    """The password the keyring keeps for this user and clinic; None when there is none, or no keyring."""
    keyring = _keyring()
    if keyring is None or not options.user:
        return None
    try:
        found = keyring.get_password(SERVICE, account(options, folder))
    except Exception:  # any backend may fail in ways of its own: a locked keyring is as good as none
        return None
    return str(found) if found is not None else None


def _keyring() -> Any | None:
    """The keyring of the system, or None."""
    try:
        keyring: Any = importlib.import_module("keyring")
        backend = keyring.get_keyring()
    except Exception:  # not installed, or a backend that cannot even be asked
        return None
    return keyring if getattr(backend, "priority", 0) > 0 else None


def _keep(name: str, password: str) -> None:
    keyring = _keyring()
    try:
        if keyring is None:
            raise Stop(NO_KEYRING, Status.LOOK)
        keyring.set_password(SERVICE, name, password)
    except Stop:
        raise
    except Exception:
        raise Stop(NO_KEYRING, Status.LOOK) from None


def _forget(name: str) -> None:
    keyring = _keyring()
    try:
        if keyring is None:
            raise Stop(NO_KEYRING, Status.LOOK)
        if keyring.get_password(SERVICE, name) is not None:
            keyring.delete_password(SERVICE, name)
    except Stop:
        raise
    except Exception:
        raise Stop(NO_KEYRING, Status.LOOK) from None
