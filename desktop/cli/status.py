"""Exit statuses, and the one exception that ends a command with a sentence instead of a traceback."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """What the calling shell or nightly job can tell apart."""

    DONE = 0
    LOOK = 1
    """Done, with something refused or held that a person must look at."""
    UNREADABLE = 2
    """Wrong usage, or input that cannot be read (a file that is no database among them)."""
    WRONG_KEY = 3
    NEWER_DATABASE = 4
    MISSING_FOLDER = 5
    NO_SCREEN = 6
    IN_USE = 7
    """Another Replete has this database open."""
    CANNOT_WRITE = 8
    """Disk full, read-only, or the drive is gone."""
    FAULT = 9
    """The program itself went wrong; where is said on standard error, without any value."""


class Stop(Exception):  # noqa: N818  (it is an ending, not always an error)
    """End the command: `message` goes to standard error as it stands, `status` to the shell."""

    def __init__(self, message: str, status: Status = Status.UNREADABLE) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
