"""Many letters drawn by several processes at once: facts in, finished letters out in the order they were asked for.

Drawing is most of the work of a pile and no letter needs another to be drawn, so every core draws some of them. The
bytes are those that one process alone would make. Nothing but facts goes to the other processes, and the record is
never open in them.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING

from reports.errors import PaperError
from reports.facts import LetterFacts, RenderedLetter

if TYPE_CHECKING:
    from reports.wording import Wording

FEWEST = 100
"""Letters for which starting processes is worth its second."""
MOST_PROCESSES = 4
"""More would only wait for the one that files the letters."""
_AHEAD = 4
"""Letters handed to each process before the first is fetched, so that none waits for work."""


@dataclass(frozen=True, slots=True)
class Job:
    """One letter to be drawn; `wording` as `render` takes it."""

    kind: str
    facts: LetterFacts
    wording: Wording | None = None


def processes_for(letters: int) -> int:
    """How many processes to draw so many letters with; 1 is this one alone."""
    if letters < FEWEST:
        return 1
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(free, MOST_PROCESSES)


class Press:
    """Draws letters with so many processes; use it as a context, so that they end with it.

    Where no process can be started, or one is ended from outside, this one draws what is left.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Press:
        if self._processes > 1:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, mp_context=context)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes; what was asked for and not fetched is not drawn."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def draw(self, jobs: Iterable[Job | PaperError]) -> Generator[RenderedLetter | PaperError]:
        """The letter of each job in their order, or why it cannot be made; a reason in place of a job is passed on.

        Whoever stops listening gets no more; what is under way then is let go of.
        """
        left = iter(jobs)
        waiting = [self._handed(job) for job in islice(left, _AHEAD * self._processes)]
        try:
            while waiting:
                job, future = waiting.pop(0)
                yield _fetched(job, future)
                waiting += [self._handed(more) for more in islice(left, 1)]
        finally:
            for _job, future in waiting:
                if future is not None:
                    future.cancel()

    def _handed(self, job: Job | PaperError) -> tuple[Job | PaperError, _Drawn | None]:
        """The job with what will be its letter; None where this process draws it."""
        if self._pool is None or isinstance(job, PaperError):
            return job, None
        try:
            return job, self._pool.submit(made, job)
        except (BrokenProcessPool, OSError):
            return job, None


def made(job: Job) -> RenderedLetter | str:
    """The letter of a job, or why it cannot be made as the sentence for the user."""
    from reports.letters import render

    try:
        return render(job.kind, job.facts, job.wording)
    except PaperError as error:
        return str(error)


def _fetched(job: Job | PaperError, future: _Drawn | None) -> RenderedLetter | PaperError:
    """What the other process made of a job; what it does not give is drawn here."""
    if isinstance(job, PaperError):
        return job
    found: RenderedLetter | str | None = None
    if future is not None:
        with contextlib.suppress(BrokenProcessPool, OSError):
            found = future.result()
    if found is None:
        found = made(job)
    return PaperError(found) if isinstance(found, str) else found


_Drawn = Future[RenderedLetter | str]
