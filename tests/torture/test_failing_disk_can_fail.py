"""The failing disk finds a program that takes a failed write for a good one, and one that has no words for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from torture_failing import prove, run

pytestmark = pytest.mark.usefixtures("watched")
FEW = 16
"""Only every sixteenth failure."""


def test_a_swallowed_failure_is_found(prepared: Path, place: Path) -> None:
    points = run(prepared, place, 3, "swallow", parts=FEW)
    assert sum(bool(one["wrong"]) for one in points) > len(points) // 3


def test_an_error_without_words_is_found(prepared: Path, place: Path) -> None:
    points = run(prepared, place, 3, "speechless", parts=FEW)
    with pytest.raises(AssertionError):
        prove(points)
    assert sum(bool(one["unknown"]) for one in points) > len(points) // 3
