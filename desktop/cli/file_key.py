"""The key of a clinic file or a backup for the commands that work on files: by password or by recovery key."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from db import vault
from db.backup import FoundKey, find_key, find_key_with_recovery
from db.place import is_server
from desktop.cli.opening import database_path, known_errors, password_from
from desktop.cli.options import add_database_options
from desktop.cli.status import Status, Stop

ON_A_SERVER = (
    "This clinic is in a database server, which makes its own copies (pg_dump). The README says how to "
    "back it up and restore it."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """How the file is named and opened."""
    add_database_options(parser)
    parser.add_argument(
        "--recovery-key-file",
        type=Path,
        metavar="FILE",
        help="open with the printed recovery key in FILE instead of a name and password",
    )


def clinic_file(options: argparse.Namespace) -> Path:
    """The clinic file that is meant; a clinic on a server has none."""
    if is_on_a_server(options):
        raise Stop(ON_A_SERVER)
    return database_path(options)


def is_on_a_server(options: argparse.Namespace) -> bool:
    """Whether the database named is no file."""
    return bool(options.database) and is_server(options.database)


def key_of(path: Path, options: argparse.Namespace) -> bytes:
    """The key from the clinic's own vault; wrong passwords count as at the log-in."""
    if options.recovery_key_file is not None:
        return key_from((path,), options).key
    password = _password(options)
    with known_errors():
        return vault.try_unlock(path, options.user, password, datetime.now(UTC)).key


def key_from(places: Sequence[Path], options: argparse.Namespace, opens: Path | None = None) -> FoundKey:
    """The key from the first vault of `places` that opens."""
    if options.recovery_key_file is not None:
        text = _recovery_key(options.recovery_key_file)
        with known_errors():
            return find_key_with_recovery(places, text, opens)
    password = _password(options)
    with known_errors():
        return find_key(places, options.user, password, opens)


def _password(options: argparse.Namespace) -> str:
    if not options.user:
        raise Stop("Say who opens the clinic: --user NAME, with --password-file FILE or a password typed.")
    return password_from(options)


def _recovery_key(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"The recovery key file {file} cannot be read.") from error


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Nobody else has the file open meanwhile. Stops when somebody has."""
    from desktop.one_instance import InUseError, lock

    try:
        held = lock(path)
    except InUseError as error:
        raise Stop(f"{path.name} is open in another Replete. Close it first.", Status.IN_USE) from error
    except OSError as error:
        raise Stop(f"{path.parent} cannot be written: {error.strerror}.", Status.CANNOT_WRITE) from error
    try:
        yield
    finally:
        held.unlock()


def is_free(path: Path) -> bool:
    """Whether no Replete has the file open now."""
    from desktop.one_instance import InUseError, lock

    try:
        lock(path).unlock()
    except InUseError:
        return False
    except OSError:
        return True
    return True


def counter(what: str) -> Callable[[int, int], None]:
    """Progress on standard error, only where somebody can see it."""

    def tell(done: int, of: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == of else ""
            print(f"\r{what} {done} of {of}", end=end, file=sys.stderr, flush=True)

    return tell
