"""Every decision of the protocol is held by rows of the case tables or by tests, and each of them exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from case_tables import read_tables

HERE = Path(__file__).parent
DECISIONS = tomllib.loads((HERE / "decisions.toml").read_text(encoding="utf-8"))["decision"]


def test_every_decision_is_held_by_something_that_exists() -> None:
    rows = {case.name for case in read_tables()}
    source = "\n".join(path.read_text(encoding="utf-8") for path in HERE.rglob("test_*.py"))
    known = rows | set(re.findall(r"^def (test_\w+)", source, re.MULTILINE))
    assert [int(number) for number in DECISIONS] == list(range(1, 68))
    for number, decision in DECISIONS.items():
        assert decision["held_by"], number
        assert set(decision["held_by"]) <= known, (number, set(decision["held_by"]) - known)


def test_no_two_rows_have_one_name() -> None:
    names = [case.name for case in read_tables()]
    assert len(names) == len(set(names))
