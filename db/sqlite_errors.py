"""Turns the driver's error codes into errors the program knows.

Only where the driver gives no code, in its online copy, the library's own fixed words for the code are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import W_OK as WRITABLE
from os import access
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from sqlcipher3 import dbapi2

from db.errors import (
    Damaged,
    DatabaseBusy,
    DiskError,
    DiskFull,
    KnownError,
    MissingFolder,
    NotADatabase,
    ReadOnly,
    StaleScreen,
    WrongKey,
)

_PLAIN_CODE: Final = 0xFF
_KINDS: Final[dict[int, type[KnownError]]] = {
    dbapi2.SQLITE_BUSY: DatabaseBusy,
    dbapi2.SQLITE_LOCKED: DatabaseBusy,
    dbapi2.SQLITE_FULL: DiskFull,
    dbapi2.SQLITE_READONLY: ReadOnly,
    dbapi2.SQLITE_PERM: ReadOnly,
    dbapi2.SQLITE_CORRUPT: Damaged,
    dbapi2.SQLITE_IOERR: DiskError,
}
_WORDS: Final[dict[str, int]] = {
    "database is locked": dbapi2.SQLITE_BUSY,
    "database table is locked": dbapi2.SQLITE_LOCKED,
    "database or disk is full": dbapi2.SQLITE_FULL,
    "attempt to write a readonly database": dbapi2.SQLITE_READONLY,
    "access permission denied": dbapi2.SQLITE_PERM,
    "database disk image is malformed": dbapi2.SQLITE_CORRUPT,
    "disk I/O error": dbapi2.SQLITE_IOERR,
    "file is not a database": dbapi2.SQLITE_NOTADB,
    "unable to open database file": dbapi2.SQLITE_CANTOPEN,
}
"""What the library calls its codes, for errors of the online copy: the driver raises those without their code."""
_PAGE: Final = 4096
_NOISE: Final = 240
"""Different byte values among the 4096 of an encrypted page.

All 256 are expected, 240 is far below chance.
"""


@contextmanager
def known(path: Path) -> Iterator[None]:
    """Let driver errors that a user can understand leave as known errors; all others leave as they are."""
    try:
        yield
    except StaleDataError as error:
        raise StaleScreen from error
    except DBAPIError as error:
        raise_known(error.orig, path)
        raise
    except dbapi2.Error as error:
        raise_known(error, path)
        raise


def raise_known(error: BaseException | None, path: Path) -> None:
    """Raise the known error for a driver error, if there is one."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None and isinstance(error, dbapi2.Error):
        code = _WORDS.get(str(error))
    if code is None:
        return
    plain = int(code) & _PLAIN_CODE
    if plain == dbapi2.SQLITE_NOTADB:
        kind: type[KnownError] = WrongKey if looks_encrypted(path) else NotADatabase
    elif plain == dbapi2.SQLITE_CANTOPEN:
        kind = _cannot_open(path)
    elif plain in _KINDS:
        kind = _KINDS[plain]
    else:
        return
    raise kind(path=str(path)) from error


def _cannot_open(path: Path) -> type[KnownError]:
    """Why a file could not be opened or made."""
    if not path.parent.is_dir():
        return MissingFolder
    if not access(path.parent, WRITABLE) or (path.exists() and not access(path, WRITABLE)):
        return ReadOnly
    return DiskError


def looks_encrypted(path: Path) -> bool:
    """Whether the file may be an encrypted one: whole pages, the first of them noise."""
    try:
        with path.open("rb") as file:
            first = file.read(_PAGE)
        size = path.stat().st_size
    except OSError:
        return False
    return size % _PAGE == 0 and len(first) == _PAGE and len(set(first)) >= _NOISE
