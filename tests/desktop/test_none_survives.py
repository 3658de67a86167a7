"""Qt calls by the ten thousand do not end the interpreter (see `desktop/__init__.py`)."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import desktop
from PySide6.QtCore import QObject, Signal
class Thing(QObject):
    told = Signal(bool)
thing = Thing()
for _ in range(50_000):
    thing.setObjectName("x")
    thing.told.emit(True)
    thing.told.emit(False)
print("alive")
"""


def test_fifty_thousand_calls_that_return_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=300)
    assert done.stdout.strip() == "alive", done.stderr
    assert done.returncode == 0, done.stderr
