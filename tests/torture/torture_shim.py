"""Builds the library that stands between a program and its files, and starts a program behind it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
OPEN, WRITE, SYNC, TRUNCATE, UNLINK, RENAME = 1, 2, 4, 8, 16, 32
"""Kinds of calls that can be made to fail."""


def missing() -> str:
    """Why the library cannot be built here; empty when it can."""
    if not sys.platform.startswith("linux"):
        return "calls to the system are watched on Linux only"
    return "" if shutil.which("cc") else "there is no C compiler"


def build(folder: Path) -> Path:
    """Compile the library into `folder`."""
    library = folder / "shim.so"
    source = HERE / "shim.c"
    subprocess.run(
        [
            "cc",
            "-shared",
            "-fPIC",
            "-O2",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-o",
            library,
            source,
            "-ldl",
            "-lpthread",
        ],
        check=True,
    )
    return library


def start(library: Path, script: str, folder: Path, log: Path | None, *options: str) -> subprocess.Popen[str]:
    """Start a script of this folder behind the library; what it prints can be read."""
    return subprocess.Popen(
        [sys.executable, str(HERE / script), str(folder), *options],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env=os.environ
        | {
            "LD_PRELOAD": str(library),
            "TORTURE_FOLDER": str(folder),
            "PYTHONPATH": os.pathsep.join(str(one) for one in paths()),
            "PYTHONHASHSEED": "0",
        }
        | ({"TORTURE_LOG": str(log)} if log is not None else {}),
    )


def paths() -> tuple[Path, ...]:
    """Where a script of this folder finds the program and what the tests share."""
    return HERE, HERE.parent / "db", HERE.parents[1]


class Inside:
    """What a program behind the library says to it."""

    def __init__(self) -> None:
        """Find the library in this process."""
        self._library = ctypes.CDLL(None)

    def mark(self, text: str) -> None:
        """Leave a mark in the log."""
        self._library.torture_mark(text.encode())

    def fail(self, kinds: int, after: int, number: int, *, always: bool) -> None:
        """Let the call number `after` of these kinds fail with this errno, or all from it on."""
        self._library.torture_fail(kinds, ctypes.c_long(after), number, int(always))

    def heal(self) -> tuple[int, int]:
        """Let nothing fail any more; how many calls of the kinds there were, and how many failed."""
        names = ("torture_seen", "torture_failures")
        seen, failed = (int(ctypes.c_long.in_dll(self._library, name).value) for name in names)
        self.fail(0, 0, 0, always=False)
        return seen, failed
