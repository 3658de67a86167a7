"""What holds across processes: the same bytes everywhere, and nothing heavy loaded before a page is wanted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RENDER = (
    "import letter_examples as e; from reports import render; "
    "print(render('patient-results', e.FACTS).sha256, render('referral', e.REFERRAL).sha256)"
)
IMPORT = "import sys, reports, reports.facts; print(sorted({'reportlab', 'pikepdf', 'uharfbuzz'} & set(sys.modules)))"


def _run(code: str, seed: str) -> str:
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{Path(__file__).parent}",
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return done.stdout.strip()


def test_every_process_makes_the_same_bytes() -> None:
    first = _run(RENDER, "1")
    assert len(first) == 129
    assert _run(RENDER, "2") == first


def test_naming_facts_loads_nothing_heavy() -> None:
    assert _run(IMPORT, "0") == "[]"
