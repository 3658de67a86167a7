"""Runs a workload on a disk that fails, and reads what came of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from torture_clinic import times
from torture_shim import build, start

POINTS = 400
PARTS = 2
WORDS = frozenset({"disk-full", "disk-error", "read-only", "missing-folder", "damaged", "database-busy"})
"""What a person may be told of a disk that fails."""


def run(prepared: Path, folder: Path, part: int, *options: str, parts: int = PARTS) -> list[dict[str, Any]]:
    """One part of the points."""
    place = folder / "place"
    place.mkdir()
    given = (str(prepared), str(times(POINTS)), str(part), str(parts), *options)
    child = start(build(folder), "disk_child.py", place, None, *given)
    said = child.communicate(timeout=900)[0]
    assert child.returncode == 0, said
    return [json.loads(line) for line in said.splitlines()]


def prove(points: list[dict[str, Any]]) -> None:
    """Every failure was said in words, nothing said to be saved is missing, nothing unsaid is there."""
    unknown = [one for one in points if one["unknown"]]
    assert not unknown, unknown[:3]
    wrong = [one for one in points if one["wrong"]]
    assert not wrong, wrong[:3]
    assert {code for one in points for code in one["said"]} <= WORDS
    assert all(one["failures"] or one["finished"] for one in points)
    assert any(one["finished"] and not one["said"] for one in points)
    assert sum(bool(one["said"]) for one in points) > len(points) // 2
