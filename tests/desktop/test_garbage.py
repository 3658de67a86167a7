"""Cyclic garbage is collected on the GUI thread, never on the database's worker."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytestqt.qtbot import QtBot

from desktop.garbage import LONGEST, QUIET_S, GuiGarbage, collect_due
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


def _due(times: int = 1) -> None:
    """Make the oldest generation due: it counts how often the one before it was collected."""
    gc.collect()
    for _ in range(times * gc.get_threshold()[2] + 1):
        gc.collect(1)


def test_what_stood_before_is_looked_through_only_when_the_hand_is_off(
    tasks: DatabaseTasks, qtbot: QtBot
) -> None:
    now = [0.0]
    garbage = GuiGarbage(now=lambda: now[0])
    garbage._timer.stop()
    Cycle.taken = []
    Cycle()
    gc.freeze()
    _due()
    garbage.look()
    assert Cycle.taken == [], "somebody worked a moment ago"
    now[0] += QUIET_S
    garbage.look()
    assert Cycle.taken == [threading.main_thread().name]
    assert gc.get_freeze_count() > 0, "what is left is set aside again"
    garbage.stop()


def test_who_never_rests_has_the_new_garbage_taken_all_the_same(tasks: DatabaseTasks) -> None:
    gc.collect()
    gc.freeze()
    Cycle.taken = []
    Cycle()
    _due(LONGEST)
    Cycle()
    before = gc.get_freeze_count()
    collect_due(quiet=False)
    assert len(Cycle.taken) == 2
    assert gc.get_freeze_count() == before


def test_the_end_of_the_last_worker_sets_nothing_aside_any_more(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GuiGarbage, "_living", 0)  # what another test left open is not counted
    by_itself = gc.isenabled()
    one = DatabaseTasks(Nothing())
    assert gc.get_freeze_count() > 0
    one.close()
    assert gc.get_freeze_count() == 0
    assert gc.isenabled()
    if not by_itself:
        gc.disable()
