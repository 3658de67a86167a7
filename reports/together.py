"""Many letters drawn by several processes at once: facts in, finished letters out in the order they were asked for.

Drawing is most of the work of a pile and no letter needs another to be drawn, so every core draws some of them. The
bytes are those that one process alone would make. Nothing but facts goes to the other processes, and the record is
never open in them.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.process import BaseProcess
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
"""Finished letters kept for each process until their turn comes, so that none waits for work."""
PATIENCE_S = 10
"""How long a process may take to end the letter it is at."""

_Line = connection.Connection


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


@dataclass(slots=True, eq=False)
class _Task:
    """A letter under way, and what became of it; None while it is being drawn, or where its process was ended."""

    job: Job | PaperError
    found: RenderedLetter | PaperError | None = None


class Press:
    """Draws letters with so many processes; use it as a context, so that they end with it.

    Each process has a line of its own to this one and one letter at a time: a process that is ended from outside, even
    in the middle of an answer, ends its own line and holds up nobody. Where no process can be started, or one is
    ended, this one draws what is left.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._children: list[BaseProcess] = []
        self._idle: list[_Line] = []
        self._busy: dict[_Line, _Task] = {}

    def __enter__(self) -> Press:
        context = multiprocessing.get_context("spawn")
        for _ in range(self._processes if self._processes > 1 else 0):
            here, there = context.Pipe()
            child = context.Process(target=_work, args=(there,), daemon=True)
            try:
                child.start()
            except OSError:
                here.close()
            else:
                self._children.append(child)
                self._idle.append(here)
            finally:
                there.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes; what was asked for and not fetched is not drawn."""
        for line in (*self._idle, *self._busy):
            line.close()
        for child in self._children:
            child.join(PATIENCE_S)
            if child.is_alive():
                child.kill()
                child.join()
        self._children, self._idle, self._busy = [], [], {}

    def draw(self, jobs: Iterable[Job | PaperError]) -> Generator[RenderedLetter | PaperError]:
        """The letter of each job in their order, or why it cannot be made; a reason in place of a job is passed on.

        Whoever stops listening gets no more; what is under way then is let go of.
        """
        left = iter(jobs)
        order: deque[_Task] = deque()
        while True:
            self._hand_out(left, order)
            if not order:
                alone = next(left, None)
                if alone is None:
                    return
                order.append(_Task(alone))
            task = order.popleft()
            while task in self._busy.values():
                self._collect()
                self._hand_out(left, order)
            found = task.found
            if found is None:
                found = task.job if isinstance(task.job, PaperError) else made(task.job)
            yield found

    def _hand_out(self, left: Iterator[Job | PaperError], order: deque[_Task]) -> None:
        """Give every process that has nothing to do the next letter, as far ahead as is worth keeping."""
        while self._idle and len(order) < _AHEAD * self._processes:
            job = next(left, None)
            if job is None:
                return
            task = _Task(job)
            order.append(task)
            if isinstance(job, PaperError):
                continue
            line = self._idle.pop()
            try:
                line.send(job)
            except OSError:
                line.close()  # its process was ended: the letter is drawn here
            else:
                self._busy[line] = task

    def _collect(self) -> None:
        """Wait until a process has answered, or was ended, and take what it made."""
        ready = connection.wait(list(self._busy))
        for line in [one for one in self._busy if one in ready]:
            task = self._busy.pop(line)
            try:
                task.found = line.recv()
            except (EOFError, OSError):
                line.close()
            else:
                self._idle.append(line)


def _work(line: _Line) -> None:
    """What a process does: draw what comes, until the line is closed."""
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            line.send(made(line.recv()))


def made(job: Job) -> RenderedLetter | PaperError:
    """The letter of a job, or why it cannot be made."""
    from reports.letters import render

    try:
        return render(job.kind, job.facts, job.wording)
    except PaperError as error:
        return error
