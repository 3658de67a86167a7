"""Cyclic garbage is collected on the GUI thread, never on the database's worker."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytestqt.qtbot import QtBot

from desktop.tasks import DatabaseTasks


class Nothing:
    @contextmanager
    def read(self) -> Iterator[None]:
        yield None

    write = read


class Cycle:
    """Garbage that only the collector can take, and that notes the thread it was taken on."""

    taken: list[str] = []

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Cycle.taken.append(threading.current_thread().name)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[DatabaseTasks]:
    made = DatabaseTasks(Nothing())
    yield made
    made.close()


def test_the_worker_makes_garbage_and_the_gui_thread_takes_it(tasks: DatabaseTasks, qtbot: QtBot) -> None:
    Cycle.taken = []

    def litter() -> None:
        for _ in range(20_000):
            Cycle()

    tasks.run(litter)
    assert tasks.wait_idle()
    assert Cycle.taken == []
    qtbot.waitUntil(lambda: len(Cycle.taken) >= 19_000)
    assert set(Cycle.taken) == {threading.main_thread().name}


def test_the_last_one_gives_collection_back(qtbot: QtBot) -> None:
    before = gc.isenabled()
    one, two = DatabaseTasks(Nothing()), DatabaseTasks(Nothing())
    assert not gc.isenabled()
    one.close()
    assert not gc.isenabled()
    two.close()
    assert gc.isenabled() or not before
