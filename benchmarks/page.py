"""The page of the figures, `docs/performance.md`: every run puts its rows in the place of those measured before."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.measure import Figure

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
GOALS = {
    1: "≤ 2.0 ×", 2: "≤ 1.5 ×", 3: "≤ 2 ×, p95 of a key < 16 ms", 4: "p95 < 50 ms", 5: "≤ 4 ×", 6: "≤ 10 ×",
    7: "≤ 1.5 ×", 8: "≤ 5 ×, p95 < 30 ms", 9: "≤ 2 ×", 10: "≤ 1.5 ×",
    14: "≤ 5 ms",
}  # fmt: skip
HEAD = """# How fast

Written by `python -m benchmarks --write`. A figure counts only beside its floor: what the same work costs in the same
run with nothing but the library underneath. Every clinic is invented, encrypted, with audit on. Medians; the 95th
percentile is of ours. Rows are measured on different days and sizes; each says which, and
how much else the machine had to do: with a load far above its cores only the ratio tells anything.

"""
BESIDE = "## Beside other programs"
"""From here on the page is written by hand, with the figures of `benchmarks/peers`."""
COLUMNS = "| row | work | ours | floor | ratio | p95 | goal | patients | measured |\n"
RULE = "| --: | --- | --: | --: | --: | --: | --- | --: | --- |\n"
_ROW = re.compile(r"^\| (\d+) \| ")


def written(figures: Sequence[Figure], patients: int, on: date, before: str) -> str:
    """The page with these figures; rows of the page before that were not measured now stay as they are."""
    now = {figure.row for figure in figures}
    kept = [line for line in before.splitlines() if (row := _ROW.match(line)) and int(row[1]) not in now]
    lines = [*kept, *(_line(figure, patients, on) for figure in figures)]
    lines.sort(key=lambda line: int(line.split("|")[1]))
    beside = before[before.index(BESIDE) :] if BESIDE in before else ""
    return HEAD + COLUMNS + RULE + "\n".join(lines) + "\n" + (f"\n{beside}" if beside else "")


def write(figures: Sequence[Figure], patients: int, on: date) -> None:
    """Write the page anew."""
    before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    PAGE.write_text(written(figures, patients, on, before), encoding="utf-8", newline="\n")


def _line(figure: Figure, patients: int, on: date) -> str:
    unit = figure.unit
    cells = (
        str(figure.row), figure.work, f"{figure.ours:.2f} {unit}", f"{figure.floor:.2f} {unit}",
        f"{figure.ratio:.2f}", f"{figure.p95:.2f} {unit}", GOALS.get(figure.row, ""), f"{patients:,}",
        f"{on.isoformat()}, {machine()}",
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def machine() -> str:
    """The machine in a few words: cores and how many were wanted at the time, kind, system, Python."""
    load = f" (load {os.getloadavg()[1]:.0f})" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores{load} {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
