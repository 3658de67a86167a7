"""Foreign files are read in a process of their own, with limits of time and memory.

Whatever a file does to its reader (a bomb, a library that crashes, an endless loop) ends with that process: the file
is refused with a reason, the next one gets a fresh reader, and the clinic's record is never open in it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from db.imports.given import NOTHING_GIVEN, Given
from db.imports.records import FileRead, Reason
from db.imports.tables.preview import TablePreview
from db.imports.unhurried import collecting_seldom

MEMORY_BYTES: Final = 2_000_000_000
"""Address space of the reader; the largest file that is taken needs a tenth of it."""
SECONDS: Final = 120
"""For one file: ten times what the largest one takes."""
START_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a file may take to be read, and how much memory its reader may have."""

    seconds: float = SECONDS
    memory: int = MEMORY_BYTES


class Reader:
    """Reads files one after another in another process; use it as a context, so that the process ends with it."""

    def __init__(self, protocol_text: str, limits: Limits | None = None) -> None:
        self._text = protocol_text
        self._limits = limits or Limits()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()

    def read(self, path: Path, given: Given = NOTHING_GIVEN) -> FileRead:
        """The file as read. One that takes too long, needs too much memory or breaks its reader is refused so."""
        answer = self._ask(path, given)
        return answer if isinstance(answer, FileRead) else _refused(path, "reading-broke")

    def look(self, path: Path) -> TablePreview | FileRead:
        """The first rows of a table and a guess at its columns; else the file with the reason it has none."""
        return self._ask(path, None)

    @collecting_seldom()
    def _ask(self, path: Path, given: Given | None) -> TablePreview | FileRead:
        pipe = self._ready()
        if pipe is None:
            return _refused(path, "reading-not-possible")
        try:
            pipe.send((path, given))
            if not pipe.poll(self._limits.seconds):
                self.close()
                return _refused(path, "reading-too-long")
            answer = pipe.recv()
        except (EOFError, OSError):
            self.close()
            return _refused(path, "reading-broke")
        if isinstance(answer, FileRead | TablePreview):
            return answer
        return _refused(path, str(answer))

    def close(self) -> None:
        """End the process now, whatever it is doing."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None

    def _ready(self) -> Connection | None:
        """The pipe to a living reader; None where none can be started."""
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self.close()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, self._text, self._limits.memory), daemon=True, name="reader"
        )
        try:
            process.start()
        except OSError:
            return None
        theirs.close()
        self._process, self._pipe = process, ours
        try:
            if ours.poll(START_SECONDS) and ours.recv() == "ready":
                return ours
        except (EOFError, OSError):
            pass
        self.close()
        return None


def _serve(pipe: Connection, protocol_text: str, memory: int) -> None:
    """The reader's life, in its own process: files in, what was read of them out, until the pipe is closed."""
    from clinical.protocol import protocol_from_text
    from db.imports.reading import look_path, read_path

    _limit(memory)
    protocol = protocol_from_text(protocol_text, "protocol")
    pipe.send("ready")
    for path, given in _asked(pipe):
        try:
            answer: Any = look_path(path, protocol) if given is None else read_path(path, protocol, given)
        except MemoryError:
            answer = "reading-too-large"
        except (
            Exception
        ):  # whatever a hostile file does to a reader, it is that file's reason and the next is read
            answer = "reading-broke"
        try:
            pipe.send(answer)
        except MemoryError:  # the answer itself needs room on its way
            answer = None
            pipe.send("reading-too-large")


def _asked(pipe: Connection) -> Iterator[tuple[Path, Given | None]]:
    while True:
        try:
            yield pipe.recv()
        except (EOFError, OSError):
            return


def _limit(memory: int) -> None:
    """Keep this process from taking more memory, where the system can do that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _refused(path: Path, code: str) -> FileRead:
    return FileRead(str(path), None, reasons=(Reason(code),))
