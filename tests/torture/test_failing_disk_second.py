"""A disk that fails is reported, never swallowed, and nothing is lost: the second half of the failures."""

from __future__ import annotations

from pathlib import Path

import pytest
from torture_failing import PARTS, POINTS, prove, run

pytestmark = pytest.mark.usefixtures("watched")


def test_every_failure_is_said_and_nothing_is_lost(prepared: Path, place: Path) -> None:
    points = run(prepared, place, 1)
    assert len(points) >= POINTS // PARTS
    prove(points)
