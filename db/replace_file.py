"""Writes a small file so that a power cut leaves the old one or the new one, never a half."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from db.errors import DiskError, DiskFull, MissingFolder, ReadOnly


def replace_file(path: Path, content: bytes) -> None:
    """Write beside, sync, rename over, sync the folder. Only the owner may read the file.

    Raises MissingFolder, DiskFull, ReadOnly, DiskError; the old file is then untouched.
    """
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise known_error(error, path) from error


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def known_error(error: OSError, path: Path) -> MissingFolder | DiskFull | ReadOnly | DiskError:
    """The known error for what the system said about a file."""
    if error.errno == errno.ENOENT:
        return MissingFolder(folder=str(path.parent))
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(path=str(path))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ReadOnly(path=str(path))
    return DiskError(path=str(path))
