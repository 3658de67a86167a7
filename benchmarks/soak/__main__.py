"""`python -m benchmarks.soak [--patients N] [--days N] [--seed N] [--write]`: live through a clinic's year."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.soak.report import Month, document, month_of
from benchmarks.soak.year import DAYS, Year
from clinical.protocol import load_protocol

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "soak.md"


def main() -> int:
    """Live through it, say how it goes, and write the document where asked; 1 when alerts are over their budget."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--patients", type=int, default=1000, metavar="N")
    parser.add_argument("--days", type=int, default=DAYS, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--folder", type=Path, help="where the clinic lies meanwhile; one in memory is quickest"
    )
    parser.add_argument("--write", action="store_true", help="write the figures to docs/soak.md")
    options = parser.parse_args()
    begun = time.process_time()
    with tempfile.TemporaryDirectory(prefix="replete-soak-", dir=options.folder) as folder:
        year = Year.begun(Path(folder), load_protocol(), options.patients, options.days, options.seed)
        months = lived(year)
        year.office.database.close()
    text = document(year, months, time.process_time() - begun)
    print(text)
    if options.write:
        DOCUMENT.write_text(text, encoding="utf-8")
    over = year.office.alerts.over_budget()
    for one in over:
        print(f"over the budget: {one}")
    return 1 if over else 0


def lived(year: Year) -> list[Month]:
    """Every day of it; the figures at the end of each month."""
    months: list[Month] = []
    for _ in year.live():
        now = month_of(year)
        if months and months[-1].month == now.month:
            months[-1] = now
        else:
            if months:
                print(months[-1], flush=True)
            months.append(now)
    return months


if __name__ == "__main__":
    raise SystemExit(main())
