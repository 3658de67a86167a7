"""Starts the program that kills programs, and reads what it found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from torture_shim import HERE, paths

ROUNDS = 300
PARTS = 2


def rounds(prepared: Path, folder: Path, many: int, seed: int, *options: str) -> list[dict[str, Any]]:
    """That many rounds."""
    child = subprocess.run(
        [
            sys.executable,
            str(HERE / "kill_child.py"),
            str(prepared),
            str(folder),
            str(many),
            str(seed),
            *options,
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(str(one) for one in paths())},
    )
    return [json.loads(line) for line in child.stdout.splitlines()]
