"""`python -m benchmarks.peers.late_people FOLDER [--patients N]`: people and their late laboratory requests, as JSON.

Writes `people.json` into the folder for another program to be filled with, and prints how long Replete took for its
overdue list, whole, and for the search of a patient, a key at a time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.clinic import Clinic
from db import models as m
from db import queries

TODAY = date(2026, 3, 12)
NAMES, LONGEST, ROUNDS = 40, 8, 5


def main() -> int:
    """Make the clinic, write down who is in it, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--patients", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clinic = Clinic.make(Path(folder), options.patients, TODAY)
        told = _written(clinic)
        typed: list[str] = told["typed"]
        lists = [_seconds(lambda: _overdue(clinic)) for _ in range(ROUNDS)]
        keys = [_seconds(lambda text=text: _found(clinic, text)) for text in typed]  # type: ignore[misc]
        clinic.close()
    (options.folder / "people.json").write_text(json.dumps(told), encoding="utf-8")
    print(json.dumps(summary(len(told["people"]), len(told["late"]), lists, keys)))
    return 0


def summary(people: int, late: int, lists: Iterable[float], keys: Iterable[float]) -> dict[str, object]:
    """The figures of one program: medians, and the 95th percentile of a key, in milliseconds."""
    of_key = sorted(keys)
    return {
        "patients": people,
        "overdue": late,
        "overdue_ms": round(statistics.median(lists) * 1000, 1),
        "key_ms": round(statistics.median(of_key) * 1000, 1),
        "key_p95_ms": round(of_key[int(len(of_key) * 0.95)] * 1000, 1),
    }


def _written(clinic: Clinic) -> dict[str, Any]:
    """Everybody, whose results are late since when, and what is typed to find people."""
    p = m.Patient
    with clinic.database.read() as session:
        rows = session.execute(
            select(p.id, p.number, p.surname, p.given, p.birth_date, p.sex).order_by(p.id)
        ).all()
        late = queries.overdue(session, clinic.today, clinic.protocol)
    surnames = sorted({row.surname for row in rows})[:NAMES]
    return {
        "people": [
            [row.id, row.number, row.surname, row.given, str(row.birth_date or ""), row.sex] for row in rows
        ],
        "late": [[one.patient_id, (TODAY - timedelta(one.days_late)).isoformat()] for one in late],
        "typed": [name[:size] for name in surnames for size in range(1, min(len(name), LONGEST) + 1)],
    }


def _overdue(clinic: Clinic) -> object:
    with clinic.database.read() as session:
        return queries.overdue(session, clinic.today, clinic.protocol)


def _found(clinic: Clinic, text: str) -> object:
    with clinic.database.read() as session:
        return queries.search(session, text, 50, parts=False)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main())
