"""Measuring: the same work many times, ours and the floor in turns, so that a noisy machine disturbs both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 11


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: medians in `unit`, their ratio, the 95th percentile of ours, how many rounds."""

    row: int
    work: str
    ours: float
    floor: float
    unit: str
    ratio: float
    p95: float
    n: int


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
    low, mine = _milliseconds(floor), _milliseconds(ours)
    return Figure(row, work, round(mine, 4), round(low, 4), "ms", round(mine / low, 2), round(mine, 4), 1)


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
