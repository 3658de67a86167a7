"""`python -m benchmarks [--patients N] [--rows 2,3] [--json]`: make a clinic, measure each row beside its floor."""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from benchmarks.clinic import Clinic
from benchmarks.measure import Figure
from benchmarks.rows import ROWS


def main() -> int:
    """Measure the rows asked for on a fresh invented clinic."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--patients", type=int, default=1000, metavar="N")
    parser.add_argument("--rows", default=",".join(str(row) for row in ROWS), metavar="1,2,…")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wanted = [int(part) for part in options.rows.split(",") if part.strip()]
    unknown = [row for row in wanted if row not in ROWS]
    if unknown:
        parser.error(f"not measured yet: {unknown}; there are {sorted(ROWS)}")
    today = datetime.now().astimezone().date()
    with tempfile.TemporaryDirectory(prefix="replete-benchmarks-") as folder:
        clinic = Clinic.make(Path(folder), options.patients, today)
        try:
            figures = [measure(clinic) for row in wanted for measure in ROWS[row]]
        finally:
            clinic.close()
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=1))
    else:
        _table(figures, options.patients)
    return 0


def _table(figures: list[Figure], patients: int) -> None:
    print(f"{patients} patients, encrypted, audit on")
    print(f"{'row':>3}  {'work':<52}{'ours':>10}{'floor':>10}{'ratio':>8}{'p95':>10}  unit")
    for f in figures:
        print(
            f"{f.row:>3}  {f.work:<52}{f.ours:>10.3f}{f.floor:>10.3f}{f.ratio:>8.2f}{f.p95:>10.3f}  {f.unit}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
