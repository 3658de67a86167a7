"""Rows made ahead: each once and in order, faults where they are asked for, and no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from db.sample.multiply.ahead import Ahead


def numbers(many: int) -> Iterator[tuple[object, ...]]:
    return ((number,) for number in range(many))


def test_every_part_comes_once_and_in_order() -> None:
    ahead = Ahead(numbers(25), 4, 2)
    found = [row for part in ahead.ready() for row in part]
    found += [row for part in ahead.rest() for row in part]
    assert found == list(numbers(25))
    assert list(ahead.rest()) == []
    ahead.close()


def test_nothing_is_waited_for_until_the_rest_is_wanted() -> None:
    go = threading.Event()

    def held() -> Iterator[tuple[object, ...]]:
        go.wait(30)
        yield (1,)

    ahead = Ahead(held(), 4, 2)
    assert list(ahead.ready()) == []
    go.set()
    assert list(ahead.rest()) == [[(1,)]]
    ahead.close()


def test_a_fault_is_raised_where_the_rows_are_asked_for() -> None:
    def broken() -> Iterator[tuple[object, ...]]:
        yield (1,)
        raise ValueError("no hash")

    ahead = Ahead(broken(), 1, 2)
    found: list[object] = []
    with pytest.raises(ValueError, match="no hash"):
        found.extend(ahead.rest())
    assert found == [[(1,)]]
    ahead.close()


def test_the_end_waits_for_nobody_who_takes_the_rows() -> None:
    ahead = Ahead(numbers(1000), 1, 2)
    ahead.close()
    assert not any(one.name == "rows ahead" for one in threading.enumerate())
