"""Killing finds a program that says "saved" before it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from torture_killing import rounds

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def test_a_program_that_speaks_too_early_is_caught(prepared: Path, place: Path) -> None:
    found = rounds(prepared, place, 20, 500, "early")
    assert sum(bool(one["wrong"]) for one in found) >= 5
