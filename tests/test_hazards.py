"""Every hazard names its cause, its control, and tests that are really there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \| (.+) \|$")
HAZARDS = [found for line in (ROOT / "HAZARDS.md").read_text().splitlines() if (found := ROW.match(line))]


@cache
def named_in(file: str) -> frozenset[str]:
    """The names of the tests a file holds."""
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_hazards_are_numbered_and_whole() -> None:
    assert [int(found[1]) for found in HAZARDS] == list(range(1, len(HAZARDS) + 1))
    assert len(HAZARDS) >= 30
    assert len({found[2] for found in HAZARDS}) == len(HAZARDS)
    for found in HAZARDS:
        assert all(part.strip() for part in found.groups())


@pytest.mark.parametrize("number", range(len(HAZARDS)))
def test_every_test_named_is_there(number: int) -> None:
    named = re.findall(r"`([^`]+)`", HAZARDS[number][5])
    assert named
    for one in named:
        file, _, name = one.partition("::")
        assert (ROOT / file).is_file(), one
        assert name.startswith("test_"), one
        assert name in named_in(file), one
