"""A program killed at any moment of its real work has lost nothing it said was saved: the second half of the deaths."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from torture_clinic import times
from torture_killing import PARTS, ROUNDS, rounds

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def test_nothing_said_to_be_saved_is_lost(prepared: Path, place: Path) -> None:
    found = rounds(prepared, place, times(ROUNDS) // PARTS, 1_000 * 1)
    assert [one for one in found if one["wrong"]] == []
    assert len(found) >= ROUNDS // PARTS
    assert sum(one["said"] for one in found) > len(found)
