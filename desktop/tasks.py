"""Work beside the window: one worker thread, answers on the GUI thread, one signal for what changed.

`read` and `write` run a plain function with a database session; `run` runs anything else that takes long, such
as drawing a letter. Jobs run one after another in the order they were given; what nobody waits for, such as the
numbers of the rail, is read `aside`, by a second thread, so that a page never queues behind it; what computes long and
writes nothing, such as a pile of letters, runs `beside` everything on a third. Nothing here ever makes the GUI thread
wait, except `close` at the end and `wait_idle` in tests.

A closed screen receives nothing: every job may name its `owner`, and when that object is gone by the time the
answer comes, nobody is called. A job with a `key` replaces older jobs of the same key and owner, so the answer
to "Smi" never overwrites the answer to "Smith".

A job whose saving was cut off by a lost server stays open: whoever gave it goes on waiting, as for any answer, and
keeps what was typed. The server is asked again and again, and before anything else is written; once it says whether
that was saved, the job gets the one answer it would have had. `in_doubt` and `settled` tell everybody else.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QObject, Qt, QTimer, Signal

from db.errors import KnownError, OutcomeUnknown, Refused, ServerUnreachable
from desktop.answers import hand_over
from desktop.garbage import GuiGarbage
from desktop.jobs import NOTHING, Barred, CancelledError, Job, Progress, Reporter, Sessions, as_emergency

__all__ = ["Barred", "CancelledError", "DatabaseTasks", "Job", "Progress", "Sessions"]

P = ParamSpec("P")
R = TypeVar("R")

SWITCH_S = 0.0005
"""How long another thread may go on computing while the GUI thread wants to; Python's own 5 ms would be felt, because
painting asks for its turn again after every call into Qt."""
ASK_AGAIN_MS = 2_000
"""How long after a vain try the server is asked again whether it saved."""


@dataclass(frozen=True)
class _Answer:
    job: Job
    value: object = None
    error: BaseException | None = None
    saved: bool | None = None
    """of a job that was in doubt: what became of it"""


class DatabaseTasks(QObject):
    """The worker and its answers. `bug` receives exceptions that are nobody's known error."""

    changed = Signal(object)
    """The `Changes` of every write that was committed, here or at another workstation, and that changed something."""
    busy = Signal(bool)
    """True while there is work, False when the last of it is done."""
    refused = Signal(object)
    """A known error that the caller did not take care of."""
    barred = Signal(object)
    """A write the user's role does not allow, as `Barred`, after the caller was told."""
    in_doubt = Signal(object)
    """The `OutcomeUnknown` of a job that waits until the server can say whether it was saved."""
    settled = Signal(bool)
    """Whether what was in doubt was saved; whoever gave that job is told next."""
    bug = Signal(object)
    """An exception that should not have happened."""
    _answered = Signal(object)
    _heard = Signal(object)

    def __init__(self, database: Sessions, parent: QObject | None = None, *, hears: bool = True) -> None:
        """`hears` tells what other workstations change; a worker beside another leaves that to it."""
        super().__init__(parent)
        self._database = database
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._aside: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._beside: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._under_way: set[Job] = set()
        self._newest: dict[tuple[int, str], Job] = {}
        self._open = 0
        self._waited_for = 0
        self._closed = False
        self._lost: list[BaseException] = []
        self._waiting = 0
        self._held: Job | None = None  # of the worker alone, as is the doubt itself
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        # what other workstations change is heard on a thread of its own and told on this one
        self._heard.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        listen = getattr(database, "listen", None) if hears else None
        if listen is not None:
            listen(self._heard.emit)
        self._garbage = GuiGarbage(self)
        sys.setswitchinterval(SWITCH_S)
        self._worker = threading.Thread(target=self._work, name="database", daemon=True)
        self._second = threading.Thread(
            target=self._serve, args=(self._aside,), name="database aside", daemon=True
        )
        self._third = threading.Thread(target=self._serve, args=(self._beside,), name="beside", daemon=True)
        for thread in (self._worker, self._second, self._third):
            thread.start()

    @property
    def sessions(self) -> Sessions:
        """The record this works on, for another worker beside it."""
        return self._database

    def read(
        self,
        fn: Callable[Concatenate[Any, P], R],
        *args: Any,
        then: Callable[[R], object] | None = None,
        failed: Callable[[KnownError], object] | None = None,
        owner: QObject | None = None,
        key: str | None = None,
        aside: bool = False,
        beside: bool = False,
        **named: Any,
    ) -> Job:
        """Run `fn(session, *args, **named)` on a reading session and give `then` its rows.

        `aside` reads beside everything else, for what nobody waits for; `beside` what takes many seconds in a large
        clinic, such as the figures of a year.
        """

        def work(_job: Job) -> R:
            with self._database.read() as session:
                return fn(session, *args, **named)

        lane = self._beside if beside else self._aside if aside else None
        return self._add(Job(work, then, failed, owner, key, reads=True), lane)

    def write(
        self,
        op: Callable[Concatenate[Any, P], R],
        *args: Any,
        then: Callable[[R], object] | None = None,
        failed: Callable[[KnownError], object] | None = None,
        owner: QObject | None = None,
        **named: Any,
    ) -> Job:
        """Run an operation in one transaction, give `then` its answer, tell everyone what changed."""

        def work(job: Job) -> R:
            with self._database.write() as session:
                made = op(session, *args, **named)
                job.made = made
            return made

        def again(reason: str) -> Job:
            meant = [as_emergency(value, reason) for value in args]
            others: Any = {name: as_emergency(value, reason) for name, value in named.items()}
            return self.write(op, *meant, then=then, failed=failed, owner=owner, **others)

        return self._add(Job(work, then, failed, owner, None, writes=True, again=again))

    def run(
        self,
        fn: Callable[..., R],
        *args: Any,
        then: Callable[[R], object] | None = None,
        failed: Callable[[KnownError], object] | None = None,
        owner: QObject | None = None,
        key: str | None = None,
        progress: Progress | None = None,
        beside: bool = False,
        **named: Any,
    ) -> Job:
        """Run `fn(*args, **named)` without a database; `beside` for what takes long and writes nothing, so that
        nobody who opens a patient meanwhile waits for it.

        With `progress` the function is also given `progress=`, a callable for the worker thread; what it
        reports is passed on to yours on the GUI thread, and it raises `CancelledError` after `Job.cancel`.
        """

        def work(_job: Job) -> R:
            if reporter is None:
                return fn(*args, **named)
            return fn(*args, progress=reporter, **named)

        made = Job(work, then, failed, owner, key, reads=beside)
        # made here, because a Qt object belongs to the thread that makes it
        reporter = None if progress is None else Reporter(made, progress)
        return self._add(made, self._beside if beside else None)

    def in_turns(self, parts: Sequence[Callable[[], object]], owner: QObject) -> Job:
        """Do these on the GUI thread, the first now, each other in a turn of its own: keys are answered between them.
        They count as work; `cancel` drops the rest, and so does the end of `owner`."""
        job = Job(lambda _: None, None, None, owner, None)
        self._begin(job)
        self._turn(job, list(parts))
        return job

    def _turn(self, job: Job, parts: list[Callable[[], object]]) -> None:
        """One part; the others wait their turn."""
        try:
            if parts and job.wanted() and not self._closed:
                parts.pop(0)()
        except BaseException:
            parts.clear()
            raise
        finally:
            if parts and job.wanted() and not self._closed:
                QTimer.singleShot(0, self, partial(self._turn, job, parts))
            else:
                self._open -= 1
                self._waited_for -= job.waited_for
                if self._open == 0:
                    self.busy.emit(False)

    def is_closed(self) -> bool:
        """Whether the end has begun: no work is taken any more."""
        return self._closed

    def is_idle(self) -> bool:
        """Whether every job has been answered."""
        return self._open == 0

    def is_answered(self) -> bool:
        """Whether all is answered that somebody waits for; the numbers of the rail may still be counted."""
        return self._waited_for == 0

    def has_doubt(self) -> bool:
        """Whether a job waits until the server says if it was saved; it counts as no work to wait for."""
        return self._waiting > 0

    def wait_idle(self, milliseconds: int = 60_000) -> bool:
        """Run the event loop until every job is answered; False when that took too long. For tests."""
        deadline = QDeadlineTimer(milliseconds)
        while not self.is_idle() and not deadline.hasExpired():
            loop = QEventLoop()
            self._answered.connect(loop.quit, Qt.ConnectionType.QueuedConnection)
            self.busy.connect(loop.quit)
            QTimer.singleShot(50, loop, loop.quit)
            loop.exec()
        return self.is_idle()

    def close(self, last: Callable[[], object] | None = None) -> tuple[BaseException, ...]:
        """Finish the writes, drop the reads, stop what computes, run `last` on the worker (closing the file), end.

        What went wrong with those writes is given back, because nobody else hears of it any more; a window
        that can still show it waits with `wait_idle` first.
        """
        if self._closed:
            return ()
        self._closed = True
        self._aside.put(None)
        self._beside.put(None)
        for job in tuple(self._under_way):
            job.cancel()
        self._second.join()
        self._third.join()
        if last is not None:
            self._jobs.put(Job(lambda _job: last(), None, None, None, None, writes=True))
        self._jobs.put(None)
        self._worker.join()
        self._garbage.stop()
        return tuple(self._lost)

    def _begin(self, job: Job) -> None:
        self._open += 1
        self._waited_for += job.waited_for
        if self._open == 1:
            self.busy.emit(True)

    def _add(self, job: Job, jobs: queue.SimpleQueue[Job | None] | None = None) -> Job:
        if self._closed:
            raise RuntimeError("work was given after the end")
        if job.key is not None:
            older = self._newest.get((id(job.owner), job.key))
            if older is not None:
                older.cancel()
            self._newest[(id(job.owner), job.key)] = job
        job.waited_for = jobs is None
        self._begin(job)
        (self._jobs if jobs is None else jobs).put(job)
        return job

    def _work(self) -> None:
        """The worker's life: one job after another until the end is asked for."""
        while (job := self._jobs.get()) is not None:
            if not job.writes and (self._closed or job.stopped):
                answer = _Answer(job)
                job.cancel()
            else:
                answer = self._do(job)
            if not self._closed:
                hand_over(self._answered.emit, self, answer)
            elif answer.error is not None and job.writes:
                self._lost.append(answer.error)
        if self._held is not None:
            self._lost.append(OutcomeUnknown())

    def _serve(self, jobs: queue.SimpleQueue[Job | None]) -> None:
        """The life of the other threads: what nobody wants any more is dropped; what is under way at the end is stopped
        at its next progress.
        """
        while (job := jobs.get()) is not None:
            self._under_way.add(job)
            answer = _Answer(job) if self._closed or job.stopped else self._do(job)
            self._under_way.discard(job)
            if not self._closed:
                hand_over(self._answered.emit, self, answer)

    def _do(self, job: Job) -> _Answer:
        """Run one job; whatever it raises is part of the answer. What is in doubt is asked about first."""
        if not job.reads:
            self._ask(job)
        try:
            return _Answer(job, value=job.work(job))
        except CancelledError:
            job.cancel()
            return _Answer(job)
        except OutcomeUnknown as error:
            self._held = job
            return _Answer(job, error=error)
        except Exception as error:
            return _Answer(job, error=error)

    def _ask(self, _job: Job) -> None:
        """On the worker: ask whether the job in doubt was saved; an answer goes to whoever gave it."""
        held = self._held
        if held is None:
            return
        saved = self._database.settle()  # type: ignore[attr-defined]
        if saved is None:
            return
        self._held = None
        answer = _Answer(held, value=held.made, saved=True)
        if not saved:
            answer = _Answer(held, error=ServerUnreachable("server-lost-not-saved"), saved=False)
        elif held.made is NOTHING:
            answer = _Answer(held, error=Refused("saved-after-all"), saved=True)
        if not self._closed:
            self._answered.emit(answer)
        elif not saved and answer.error is not None:
            self._lost.append(answer.error)

    def _deliver(self, answer: _Answer) -> None:
        """On the GUI thread: tell the caller, then everyone."""
        job = answer.job
        if answer.saved is not None:
            self._waiting -= 1
            self.settled.emit(answer.saved)
        else:
            self._open -= 1
            self._waited_for -= job.waited_for
        if job.key is not None and self._newest.get((id(job.owner), job.key)) is job:
            del self._newest[(id(job.owner), job.key)]
        try:
            if isinstance(answer.error, OutcomeUnknown):
                self._wait_for_server(answer.error)
            elif answer.error is not None:
                self._fail(job, answer.error)
            else:
                self._tell(job, answer.value)
        finally:
            if self._open == 0 and answer.saved is None:
                self.busy.emit(False)

    def _wait_for_server(self, error: OutcomeUnknown) -> None:
        """Keep the job open, and ask every little while until the server answers."""
        self._waiting += 1
        self.in_doubt.emit(error)
        self._ask_soon()

    def _ask_soon(self, _nothing: object = None) -> None:
        """Ask the server again a little later, as long as something is in doubt."""
        if self.has_doubt() and not self._closed:
            QTimer.singleShot(ASK_AGAIN_MS, self, self._ask_now)

    def _ask_now(self) -> None:
        if self.has_doubt() and not self._closed:
            self._add(Job(self._ask, self._ask_soon, None, None, None))

    def _tell(self, job: Job, value: object) -> None:
        """Tell the caller, and then everyone what was committed, even when the caller stumbles over it."""
        try:
            if job.then is not None and job.wanted():
                job.then(value)
        finally:
            changes = getattr(value, "changes", value)
            # that somebody looked changes nothing: told, each look would have the whole window asked again
            if job.writes and (getattr(changes, "kinds", None) or getattr(changes, "patient_id", None)):
                self.changed.emit(changes)

    def _fail(self, job: Job, error: BaseException) -> None:
        """A known error goes to whoever asked, or to the foot; anything else is a bug."""
        if not isinstance(error, KnownError):
            self.bug.emit(error)
        elif job.failed is not None and job.wanted():
            job.failed(error)
        elif job.writes or job.wanted():
            self.refused.emit(error)
        if isinstance(error, Refused) and error.code == "not-your-role" and job.again and job.wanted():
            self.barred.emit(Barred(error, job.again))
