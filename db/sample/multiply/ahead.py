"""Rows made on a thread of their own while the database writes others: its library lets Python go on meanwhile."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from itertools import islice
from typing import Final

Rows = list[tuple[object, ...]]

_END: Final[Rows] = []
_WAIT_S: Final = 0.05


class Ahead:
    """Takes `rows` in parts of `at_once`, so many of them ahead of whoever asks as memory allows (`most` parts).

    What goes wrong in making them is raised where they are asked for. `close` ends the thread.
    """

    def __init__(self, rows: Iterator[tuple[object, ...]], at_once: int, most: int) -> None:
        self._rows, self._at_once = rows, at_once
        self._made: queue.Queue[Rows | BaseException] = queue.Queue(most)
        self._closed = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._make, name="rows ahead", daemon=True)
        self._thread.start()

    def ready(self) -> Iterator[Rows]:
        """The parts that are made by now, without waiting for more."""
        while not self._ended:
            try:
                part = self._made.get_nowait()
            except queue.Empty:
                return
            yield from self._given(part)

    def rest(self) -> Iterator[Rows]:
        """All the other parts."""
        while not self._ended:
            yield from self._given(self._made.get())

    def close(self) -> None:
        """Make no more; the thread has ended when this returns."""
        self._closed.set()
        self._thread.join()

    def _given(self, part: Rows | BaseException) -> Iterator[Rows]:
        if isinstance(part, BaseException):
            self._ended = True
            raise part
        if part:
            yield part
        else:
            self._ended = True

    def _make(self) -> None:
        try:
            while not self._closed.is_set() and (part := list(islice(self._rows, self._at_once))):
                self._put(part)
            self._put(_END)
        except Exception as error:
            self._put(error)

    def _put(self, part: Rows | BaseException) -> None:
        while not self._closed.is_set():
            try:
                self._made.put(part, timeout=_WAIT_S)
            except queue.Full:
                continue
            return
