"""Whatever people do in whatever order, no follow-up is lost and every promise holds: part 1 of the walks."""

from __future__ import annotations

from pathlib import Path

from torture_parts import part


def test_no_follow_up_is_lost(walked: Path) -> None:
    part(walked, 1)
