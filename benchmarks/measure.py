"""Measuring: the same work many times, ours and the floor in turns, so that a noisy machine disturbs both alike."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 11


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: medians in `unit`, their ratio, the 95th percentile of ours, how many rounds.

    Work measured a single time also says what it cost in processor time, over all its processes, which others on the
    machine disturb less than the clock (`processor` and `floor_processor`, in `unit`), and the most memory that one
    process of it had (`memory`, in MB).
    """

    row: int
    work: str
    ours: float
    floor: float
    unit: str
    ratio: float
    p95: float
    n: int
    processor: float = 0.0
    floor_processor: float = 0.0
    memory: float = 0.0


def compare(
    row: int, work: str, ours: Callable[[], object], floor: Callable[[], object], n: int = ROUNDS
) -> Figure:
    """Run both `n` times in turns after one round that is not counted; milliseconds."""
    ours()
    floor()
    mine: list[float] = []
    bare: list[float] = []
    for _ in range(n):
        mine.append(_milliseconds(ours))
        bare.append(_milliseconds(floor))
    median, low = statistics.median(mine), statistics.median(bare)
    p95 = statistics.quantiles(mine, n=20)[-1]
    return Figure(row, work, round(median, 4), round(low, 4), "ms", round(median / low, 2), round(p95, 4), n)


def once(row: int, work: str, ours: Callable[[], object], floor: Callable[[], object]) -> Figure:
    """Each a single time, the floor first: for work of minutes, which no warm cache changes; milliseconds."""
    before = _processor()
    low = _milliseconds(floor)
    between = _processor()
    mine = _milliseconds(ours)
    after = _processor()
    return Figure(
        row,
        work,
        round(mine, 4),
        round(low, 4),
        "ms",
        round(mine / low, 2),
        round(mine, 4),
        1,
        round(after - between),
        round(between - before),
        peak_memory(),
    )


def _processor() -> float:
    """Milliseconds of processor that this process and those it ended have used."""
    used = os.times()
    return (used.user + used.system + used.children_user + used.children_system) * 1000


def peak_memory() -> float:
    """The most memory that this process or one it ended has had, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return round(max(resource.getrusage(which).ru_maxrss for which in both) / 1024, 1)


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
