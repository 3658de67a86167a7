"""One program a clinic file: a lock beside it, taken before anything opens it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from PySide6.QtCore import QLockFile


class InUseError(Exception):
    """Another Replete has this clinic open."""


def lock(path: Path) -> QLockFile:
    """Take the clinic for this program. Raises InUseError when another one has it."""
    held = QLockFile(str(path) + ".lock")
    held.setStaleLockTime(0)
    if not held.tryLock(100):
        if held.error() is QLockFile.LockError.LockFailedError:
            raise InUseError(path)
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path.parent))
    return held
