# ruff: noqa: N818  (the names say what happened, in the words the program uses)
"""Errors the program knows and can explain. They carry codes and values, never sentences or patient data.

Anything else that is raised is a fault in the program. `str()` of a known error is its code, so that a log
line or a crash report made from it holds nothing about a patient.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class KnownError(Exception):
    """Something that went wrong outside the program; `code` names it, `values` fill the sentence about it."""

    code: str = "unknown"

    def __init__(self, code: str | None = None, **values: object) -> None:
        """Take the code of the class unless a finer one is given; `values` never reach `str()`."""
        super().__init__(code or type(self).code)
        self.code = code or type(self).code
        self.values: Mapping[str, object] = MappingProxyType(dict(values))


class WrongKey(KnownError):
    """The password, recovery key or file key does not open this file."""

    code = "wrong-key"


class NotADatabase(KnownError):
    """The file is no clinic file of this program, or its vault is not one."""

    code = "not-a-database"


class Damaged(KnownError):
    """The file is a clinic file (or a vault) and part of it cannot be read."""

    code = "damaged"


class NewerDatabase(KnownError):
    """A later version of the program wrote the file; nothing was read from its tables or written."""

    code = "newer-database"


class OlderDatabase(KnownError):
    """The file must be migrated before it can be used; `db.opening` does that."""

    code = "older-database"


class MissingFolder(KnownError):
    """The folder that should hold the file is not there."""

    code = "missing-folder"


class MissingFile(KnownError):
    """There is no file at this place, or the vault beside it is missing."""

    code = "missing-file"


class FileGone(KnownError):
    """The file of the open clinic was moved, removed or replaced by another; nothing was read or saved."""

    code = "file-gone"


class AlreadyExists(KnownError):
    """A new file would overwrite something."""

    code = "already-exists"


class DatabaseBusy(KnownError):
    """Another program holds the file; nothing was saved."""

    code = "database-busy"


class DiskFull(KnownError):
    """There is no room left; nothing was saved."""

    code = "disk-full"


class DiskError(KnownError):
    """The disk or the connection to it failed; nothing was saved."""

    code = "disk-error"


class ReadOnly(KnownError):
    """The file or its folder may not be written."""

    code = "read-only"


class ServerUnreachable(KnownError):
    """The database server does not answer, or went away in the middle of the work; nothing was saved."""

    code = "server-unreachable"


class ServerRefused(KnownError):
    """The database server is there and does not let this role in: its name, password or rights are not right."""

    code = "server-refused"


class OutcomeUnknown(KnownError):
    """The connection was lost while saving and the server cannot be asked yet whether it saved."""

    code = "outcome-unknown"


class StaleScreen(KnownError):
    """What the user saw has been changed by someone else since; nothing was saved."""

    code = "stale-screen"


class Refused(KnownError):
    """An operation that is not allowed now; the code says why (bad state, missing reason …)."""

    code = "refused"


class NotFound(KnownError):
    """There is no such row."""

    code = "not-found"
