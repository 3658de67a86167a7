"""`python -m benchmarks [--patients N | --clinic FILE] [--rows 2,3] [--json] [--write]`: each row beside its floor.

Measured on a clinic that is made for it and removed, or on a copy of one that `replete sample` made.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from benchmarks import page
from benchmarks.clinic import Clinic
from benchmarks.measure import Figure
from benchmarks.rows import ROWS


def main() -> int:
    """Measure the rows asked for on a fresh invented clinic."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--patients", type=int, default=1000, metavar="N")
    parser.add_argument(
        "--clinic", type=Path, metavar="FILE", help="a file of `replete sample`; it is written to"
    )
    parser.add_argument(
        "--login", default="mina", help="who opens that file, with the password of the sample"
    )
    parser.add_argument("--rows", default=",".join(str(row) for row in ROWS), metavar="1,2,…")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="write the rows into docs/performance.md")
    options = parser.parse_args()
    wanted = [int(part) for part in options.rows.split(",") if part.strip()]
    unknown = [row for row in wanted if row not in ROWS]
    if unknown:
        parser.error(f"not measured yet: {unknown}; there are {sorted(ROWS)}")
    today = datetime.now().astimezone().date()
    with tempfile.TemporaryDirectory(prefix="replete-benchmarks-") as folder:
        if options.clinic is None:
            clinic = Clinic.make(Path(folder), options.patients, today)
        else:
            clinic = Clinic.of_file(options.clinic, options.login, today)
        try:
            patients = clinic.patients()
            figures = [figure for row in wanted for measure in ROWS[row] for figure in _each(measure(clinic))]
        finally:
            clinic.close()
    if options.write:
        page.write(figures, patients, today)
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=1))
    else:
        _table(figures, patients)
    return 0


def _each(measured: Figure | tuple[Figure, ...]) -> tuple[Figure, ...]:
    return (measured,) if isinstance(measured, Figure) else measured


def _table(figures: list[Figure], patients: int) -> None:
    print(f"{patients} patients, encrypted, audit on")
    print(f"{'row':>3}  {'work':<52}{'ours':>10}{'floor':>10}{'ratio':>8}{'p95':>10}  unit")
    for f in figures:
        print(
            f"{f.row:>3}  {f.work:<52}{f.ours:>10.3f}{f.floor:>10.3f}{f.ratio:>8.2f}{f.p95:>10.3f}  {f.unit}"
        )
        if f.processor:
            told = f"processor {f.processor / 1000:.1f} s, floor {f.floor_processor / 1000:.1f} s"
            print(f"{'':>3}  a single time, {f.ours / 60_000:.1f} minutes; {told}; {f.memory:.0f} MB at most")


if __name__ == "__main__":
    raise SystemExit(main())
