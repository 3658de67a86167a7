"""Row 10: what the same work costs in a clinic ten times as large; the floor is the smaller clinic."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.clinic import Clinic, new_values
from benchmarks.measure import Figure, compare
from db import queries
from db.operations import NewResult, store_results

TIMES = 10
FEWEST = 24
PREFIXES = ("s", "sm", "wa", "wal", "wals", "o'b", "mü", "r-0040")


def growth(clinic: Clinic) -> tuple[Figure, ...]:
    """Search, opening a patient and recording a result, here and in a clinic of a tenth of the patients."""
    with tempfile.TemporaryDirectory(prefix="replete-growth-") as folder:
        small = Clinic.make(Path(folder), max(FEWEST, clinic.patients() // TIMES), clinic.today)
        try:
            told = f"{clinic.patients()} patients for {small.patients()}"
            works = (
                ("search, 8 keystrokes", _search),
                ("open a patient", _open),
                ("record a result", _record),
            )
            found = [compare(10, work, make(clinic), make(small), 21) for work, make in works]
        finally:
            small.close()
    return tuple(replace(one, work=f"growth, {one.work}: {told}") for one in found)


def _search(clinic: Clinic) -> Callable[[], object]:
    def work() -> None:
        for text in PREFIXES:
            with clinic.database.read() as session:
                queries.search(session, text, 50)

    return work


def _open(clinic: Clinic) -> Callable[[], object]:
    ids = itertools.cycle(sorted({patient_id for _, patient_id in clinic.courses()}))

    def work() -> None:
        with clinic.database.read() as session:
            queries.patient_page(session, next(ids), clinic.today)

    return work


def _record(clinic: Clinic) -> Callable[[], object]:
    ids, values = itertools.cycle([patient_id for _, patient_id in clinic.courses()]), new_values()

    def work() -> None:
        new = NewResult(clinic.today, "haemoglobin", next(values), "g/L", confirmed=True)
        with clinic.database.write() as session:
            store_results(session, next(ids), (new,), clinic.stamp(), clinic.protocol)

    return work
