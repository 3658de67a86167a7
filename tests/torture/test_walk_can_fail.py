"""The walks find what goes wrong: each of these is done behind the program's back, and the next step notices."""

from __future__ import annotations

from pathlib import Path

import pytest
from torture_parts import walk
from torture_walker import Walker

SPOILS = (
    "UPDATE next_step SET is_open = 0",
    "UPDATE next_step SET owner_id = 77 WHERE is_open",
    "UPDATE assessment SET assessment = replace(assessment, 'a', 'b')",
    "UPDATE audit SET action = 'nothing' WHERE id = (SELECT max(id) FROM audit)",
    "UPDATE course SET open_step_id = NULL",
    "DELETE FROM lab_order",
)


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_broken_promise_is_found(walked: Path, monkeypatch: pytest.MonkeyPatch, spoil: str) -> None:
    monkeypatch.setattr(Walker, "spoil", spoil)
    with pytest.raises(AssertionError):
        walk(walked, 3, 9, steps=6)
