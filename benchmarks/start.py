"""Rows 1 and 9: from the start of a process to a filled Today list, and its memory then.

The floor is a process of its own too, which loads PySide6 and nothing of the program: a bare window with a
`QTableView` of as many rows and columns, filled. Ours includes the log-in: one Argon2id, the check of the file's
promises, and the window with Today. The other pages are made after that. Both are in `benchmarks/started.py`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from sqlalchemy import select

from benchmarks.clinic import Clinic
from benchmarks.measure import Figure
from db.models import User
from desktop.cli.sample import PASSWORD

ROUNDS = 10
SMALL, FEW = 1000, 2
COLUMNS = 6
PATIENCE_S = 120


def start(clinic: Clinic) -> tuple[Figure, ...]:
    """Time and memory of the started program beside those of the bare window, in turns."""
    with clinic.database.read() as session:
        login = session.scalars(select(User.login).where(User.id == clinic.user_id)).one()
    ours, bare = [], []
    with tempfile.TemporaryDirectory(prefix="replete-start-") as folder:
        for _ in range(ROUNDS if clinic.patients() >= SMALL else FEW):
            ours.append(_run(folder, "ours", str(clinic.database.path), login, PASSWORD.format(login=login)))
            bare.append(_run(folder, "bare", str(ours[-1]["rows"]), str(COLUMNS)))
    told = f"{ours[-1]['rows']} lines shown"
    return (
        _figure(1, f"start to a filled Today list, {told}", ours, bare, "ms"),
        _figure(9, f"memory of the open program, {told}", ours, bare, "MB"),
    )


def _figure(
    row: int, work: str, ours: list[dict[str, float]], bare: list[dict[str, float]], unit: str
) -> Figure:
    mine, low = [one[unit] for one in ours], statistics.median(one[unit] for one in bare)
    median, p95 = statistics.median(mine), statistics.quantiles(mine, n=20)[-1]
    return Figure(
        row, work, round(median, 1), round(low, 1), unit, round(median / low, 2), round(p95, 1), len(mine)
    )


def _run(folder: str, *what: str) -> dict[str, float]:
    """Start a process, wait until it says that it is filled, and give its time (ms) and memory (MB)."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": folder, "XDG_CONFIG_HOME": folder}
    begun = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.started", *what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:  # noqa: S603
        assert child.stdout is not None
        line = child.stdout.readline()
        ended = time.perf_counter()
        child.communicate(timeout=PATIENCE_S)
    told: dict[str, float] = json.loads(line)
    return {**told, "ms": (ended - begun) * 1000}
