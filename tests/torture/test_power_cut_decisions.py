"""A power cut anywhere in this work loses nothing that was said to be saved: decisions."""

from __future__ import annotations

from pathlib import Path

import pytest
from torture_power import STATES, cut, record

pytestmark = pytest.mark.usefixtures("watched")


def test_a_power_cut_loses_nothing_said_to_be_saved(prepared: Path, place: Path) -> None:
    recording = record(prepared, place, "decisions")
    assert len(recording.said) > 10
    (place / "after").mkdir()
    verdict = cut(recording, place / "after")
    assert verdict.lost == []
    assert verdict.states >= STATES
    assert verdict.opened_whole >= STATES // 100
