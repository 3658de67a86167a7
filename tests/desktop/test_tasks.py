"""The worker: order, answers on the GUI thread, nothing for those who are gone, known errors and bugs apart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from db.changes import Changes
from db.errors import DiskFull, Refused
from desktop.tasks import DatabaseTasks


class Ledger:
    """A database in the small: a list on which a write is kept as a whole or not at all."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.threads: set[str] = set()

    @contextmanager
    def read(self) -> Iterator[list[str]]:
        """A copy to look at."""
        self.threads.add(threading.current_thread().name)
        yield list(self.kept)

    @contextmanager
    def write(self) -> Iterator[list[str]]:
        """A copy that replaces the list when all went well."""
        self.threads.add(threading.current_thread().name)
        work = list(self.kept)
        yield work
        self.kept = work


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def tasks(ledger: Ledger, qapp: object) -> Iterator[DatabaseTasks]:
    made = DatabaseTasks(ledger)
    yield made
    made.close()


def everything(session: list[str]) -> tuple[str, ...]:
    return tuple(session)


def append(session: list[str], line: str, *, kind: str = "steps") -> Changes:
    session.append(line)
    return Changes(frozenset({kind}), patient_id=7)


def test_a_read_is_answered_on_the_gui_thread_by_the_one_worker(tasks: DatabaseTasks, ledger: Ledger) -> None:
    got: list[tuple[tuple[str, ...], str]] = []
    ledger.kept = ["a", "b"]
    tasks.read(everything, then=lambda rows: got.append((rows, threading.current_thread().name)))
    assert got == []
    assert tasks.wait_idle()
    assert got == [(("a", "b"), "MainThread")]
    assert ledger.threads == {"database"}


def test_what_is_read_aside_does_not_wait_for_the_worker(
    tasks: DatabaseTasks, ledger: Ledger, qtbot: QtBot
) -> None:
    may_end, told = threading.Event(), []
    tasks.run(may_end.wait, 30, then=lambda _ended: told.append("worker"))
    tasks.read(everything, then=lambda _rows: told.append("aside"), aside=True)
    qtbot.waitUntil(lambda: told == ["aside"])
    may_end.set()
    assert tasks.wait_idle()
    assert told == ["aside", "worker"]
    assert ledger.threads == {"database aside"}


def test_nobody_waits_for_what_is_computed_beside(tasks: DatabaseTasks, qtbot: Any) -> None:
    told: list[str] = []
    hold = threading.Event()
    tasks.run(hold.wait, 30, then=lambda _done: told.append("beside"), beside=True)
    tasks.read(everything, then=lambda _rows: told.append("worker"))
    tasks.read(everything, then=lambda _rows: told.append("aside"), aside=True)
    qtbot.waitUntil(lambda: sorted(told) == ["aside", "worker"])
    hold.set()
    assert tasks.wait_idle()
    assert told[2:] == ["beside"]


def test_the_end_stops_what_is_computed_beside(ledger: Ledger, qapp: object) -> None:
    made = DatabaseTasks(ledger)
    begun, told = threading.Event(), []

    def without_end(progress: Callable[[int, int, str], None]) -> None:
        begun.set()
        while True:
            progress(0, 0, "")

    made.run(without_end, then=told.append, beside=True, progress=lambda *_: None)
    made.run(without_end, then=told.append, beside=True, progress=lambda *_: None)
    assert begun.wait(30)
    assert made.close() == ()
    assert told == []


def test_a_write_is_kept_then_told_to_the_caller_and_then_to_everyone(
    tasks: DatabaseTasks, ledger: Ledger
) -> None:
    told: list[object] = []
    tasks.changed.connect(lambda changes: told.append(("everyone", changes.kinds, list(ledger.kept))))
    tasks.write(append, "x", kind="letters", then=lambda changes: told.append(("caller", changes.patient_id)))
    assert tasks.wait_idle()
    assert told == [("caller", 7), ("everyone", frozenset({"letters"}), ["x"])]


def test_a_write_that_changed_nothing_is_told_to_nobody_but_the_caller(tasks: DatabaseTasks) -> None:
    """A look is noted so: were it told, the window would ask again for everything it shows."""
    told: list[object] = []
    tasks.changed.connect(told.append)
    tasks.write(lambda _session: Changes(frozenset()), then=lambda _changes: told.append("caller"))
    assert tasks.wait_idle()
    assert told == ["caller"]


def test_an_event_of_one_patient_alone_is_told(tasks: DatabaseTasks) -> None:
    told: list[object] = []
    tasks.changed.connect(told.append)
    tasks.write(lambda _session: Changes(frozenset(), patient_id=7))
    assert tasks.wait_idle()
    assert told == [Changes(frozenset(), patient_id=7)]


def test_what_is_read_aside_is_waited_for_by_nobody(tasks: DatabaseTasks) -> None:
    go_on = threading.Event()
    tasks.read(lambda _session: go_on.wait(30), aside=True)
    assert tasks.is_answered()
    assert not tasks.is_idle()
    tasks.read(everything)
    assert not tasks.is_answered()
    while not tasks.is_answered():
        tasks.wait_idle(10)
    assert not tasks.is_idle()
    go_on.set()
    assert tasks.wait_idle()
    assert tasks.is_answered()


def test_work_is_done_in_the_order_it_was_given(tasks: DatabaseTasks, ledger: Ledger) -> None:
    for line in "abcdefgh":
        tasks.write(append, line)
    seen: list[tuple[str, ...]] = []
    tasks.read(everything, then=seen.append)
    assert tasks.wait_idle()
    assert seen == [tuple("abcdefgh")]


def test_a_known_error_goes_to_the_caller_and_nothing_is_kept_or_told(
    tasks: DatabaseTasks, ledger: Ledger
) -> None:
    def refuse(session: list[str]) -> Changes:
        session.append("half")
        raise Refused("bad-state")

    told: list[object] = []
    tasks.changed.connect(told.append)
    tasks.refused.connect(told.append)
    tasks.write(refuse, failed=lambda error: told.append(error.code))
    assert tasks.wait_idle()
    assert told == ["bad-state"]
    assert ledger.kept == []


def test_a_known_error_nobody_takes_goes_to_the_foot(tasks: DatabaseTasks) -> None:
    def refuse(_session: list[str]) -> None:
        raise Refused("bad-state")

    told: list[str] = []
    tasks.refused.connect(lambda error: told.append(error.code))
    tasks.write(refuse)
    assert tasks.wait_idle()
    assert told == ["bad-state"]


def test_any_other_exception_is_a_bug_and_the_worker_lives_on(tasks: DatabaseTasks, ledger: Ledger) -> None:
    def broken(_session: list[str]) -> None:
        raise ZeroDivisionError

    bugs: list[type] = []
    calls: list[object] = []
    tasks.bug.connect(lambda error: bugs.append(type(error)))
    tasks.read(broken, then=calls.append, failed=calls.append)
    tasks.write(append, "after")
    assert tasks.wait_idle()
    assert bugs == [ZeroDivisionError]
    assert calls == []
    assert ledger.kept == ["after"]


def test_an_owner_that_is_gone_is_not_called(tasks: DatabaseTasks) -> None:
    owner, calls = QObject(), []
    hold = threading.Event()

    def slow(_session: list[str]) -> str:
        hold.wait(5)
        return "late"

    tasks.read(slow, then=calls.append, owner=owner)
    shiboken6.delete(owner)
    hold.set()
    assert tasks.wait_idle()
    assert calls == []


def test_a_newer_question_of_the_same_key_drops_the_older_answer(tasks: DatabaseTasks) -> None:
    owner, other, got = QObject(), QObject(), []
    hold = threading.Event()

    def search(_session: list[str], text: str) -> str:
        hold.wait(5)
        return text

    tasks.read(search, "Smi", then=got.append, owner=owner, key="search")
    tasks.read(search, "Smit", then=got.append, owner=owner, key="search")
    tasks.read(search, "Jones", then=got.append, owner=other, key="search")
    tasks.read(search, "Smith", then=got.append, owner=owner, key="search")
    hold.set()
    assert tasks.wait_idle()
    assert got == ["Jones", "Smith"]


def test_a_dropped_write_is_still_made(tasks: DatabaseTasks, ledger: Ledger) -> None:
    told: list[object] = []
    tasks.changed.connect(lambda changes: told.append(changes.kinds))
    tasks.write(append, "kept", then=told.append).cancel()
    assert tasks.wait_idle()
    assert ledger.kept == ["kept"]
    assert told == [frozenset({"steps"})]


def test_long_work_reports_and_stops_when_it_is_cancelled(tasks: DatabaseTasks, qtbot: Any) -> None:
    began, seen, done = threading.Event(), [], []

    def print_all(count: int, progress: Callable[[int, int, str], None]) -> int:
        for place in range(count):
            progress(place, count, "letters")
            began.set()
            threading.Event().wait(0.002)
        return count

    job = tasks.run(print_all, 100_000, then=done.append, progress=lambda *at: seen.append(at))
    assert began.wait(5)
    qtbot.waitUntil(lambda: bool(seen))
    job.cancel()
    assert tasks.wait_idle()
    assert done == []
    assert seen[0] == (0, 100_000, "letters")
    short: list[int] = []
    tasks.run(print_all, 3, then=short.append, progress=lambda *_: None)
    assert tasks.wait_idle()
    assert short == [3]


def test_closing_finishes_the_writes_and_drops_the_reads(ledger: Ledger, qapp: object) -> None:
    tasks, got, closed = DatabaseTasks(ledger), [], []
    hold = threading.Event()

    def slow(session: list[str]) -> Changes:
        hold.wait(5)
        return append(session, "first")

    tasks.write(slow)
    tasks.read(everything, then=got.append)
    tasks.write(append, "second")
    threading.Timer(0.05, hold.set).start()
    tasks.close(lambda: closed.append(threading.current_thread().name))
    assert ledger.kept == ["first", "second"]
    assert closed == ["database"]
    assert got == []
    with pytest.raises(RuntimeError):
        tasks.read(everything)


def test_busy_is_said_once_at_the_start_and_once_at_the_end(tasks: DatabaseTasks) -> None:
    said: list[bool] = []
    tasks.busy.connect(said.append)
    for line in "abc":
        tasks.write(append, line)
    assert tasks.wait_idle()
    assert said == [True, False]


def test_an_error_in_the_answer_does_not_leave_the_tasks_busy(tasks: DatabaseTasks, qtbot: Any) -> None:
    def trip(_rows: object) -> None:
        raise KeyError("answer")

    with qtbot.captureExceptions() as met:
        tasks.read(everything, then=trip)
        assert tasks.wait_idle()
    assert [kind for kind, *_ in met] == [KeyError]


def test_plain_work_needs_no_session(tasks: DatabaseTasks, tmp_path: Path) -> None:
    file, got = tmp_path / "letter.pdf", []
    tasks.run(file.write_bytes, b"%PDF", then=got.append)
    assert tasks.wait_idle()
    assert (got, file.read_bytes()) == ([4], b"%PDF")


def test_everyone_hears_of_a_write_even_when_its_caller_stumbles(
    tasks: DatabaseTasks, ledger: Ledger, qtbot: QtBot
) -> None:
    told: list[object] = []
    tasks.changed.connect(lambda changes: told.append(changes.kinds))

    def stumble(_changes: Changes) -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as met:
        tasks.write(append, "x", then=stumble)
        assert tasks.wait_idle()
    assert [kind for kind, _, _ in met] == [ZeroDivisionError]
    assert told == [frozenset({"steps"})]


def test_a_write_that_fails_at_the_very_end_is_not_swallowed(ledger: Ledger, qapp: object) -> None:
    ending = DatabaseTasks(ledger)
    hold = threading.Event()
    ending.run(hold.wait)

    def full(_session: list[str]) -> None:
        raise DiskFull

    ending.write(full)
    threading.Timer(0.2, hold.set).start()
    assert [type(error) for error in ending.close()] == [DiskFull]


def test_parts_are_done_one_a_turn_and_count_as_work(tasks: DatabaseTasks) -> None:
    done: list[str] = []
    told: list[bool] = []
    tasks.busy.connect(told.append)
    tasks.in_turns([partial(done.append, part) for part in "abc"], owner=tasks)
    assert done == ["a"]
    assert not tasks.is_idle()
    assert not tasks.is_answered()
    QTimer.singleShot(0, lambda: done.append("key"))
    assert tasks.wait_idle()
    assert [part for part in done if part != "key"] == ["a", "b", "c"]
    assert done.index("key") < done.index("c")
    assert told == [True, False]


def test_parts_nobody_wants_any_more_are_dropped(tasks: DatabaseTasks) -> None:
    done: list[str] = []
    job = tasks.in_turns([partial(done.append, part) for part in "abc"], owner=tasks)
    job.cancel()
    screen = QObject()
    tasks.in_turns([partial(done.append, part) for part in "xyz"], owner=screen)
    shiboken6.delete(screen)
    assert tasks.wait_idle()
    assert done == ["a", "x"]


def test_a_part_that_fails_ends_the_others_and_the_work(tasks: DatabaseTasks) -> None:
    done: list[str] = []

    def fails() -> None:
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        tasks.in_turns([fails, partial(done.append, "b")], owner=tasks)
    assert tasks.is_idle()
    assert tasks.wait_idle()
    assert done == []


def test_a_worker_whose_window_went_first_ends_without_a_fault(ledger: Ledger, qapp: object) -> None:
    tasks, begun, go_on = DatabaseTasks(ledger), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait()

    tasks.run(work)
    assert begun.wait(10)
    worker, queues = tasks._worker, (tasks._jobs, tasks._aside, tasks._beside)
    shiboken6.delete(tasks)
    go_on.set()
    for jobs in queues:
        jobs.put(None)
    worker.join(10)
    assert not worker.is_alive()
