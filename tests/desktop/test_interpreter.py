"""None survives any number of Qt calls."""

from __future__ import annotations

import subprocess
import sys

MANY = """
from PySide6.QtCore import QObject
from desktop.interpreter import keep_none_alive
keep_none_alive()
keep_none_alive()
thing = QObject()
for _ in range(200_000):
    thing.setObjectName("x")
print("alive")
"""


def test_none_outlives_two_hundred_thousand_calls() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MANY], check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "alive", "")
