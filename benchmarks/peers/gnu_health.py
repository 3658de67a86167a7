"""GNU Health with the same people and the same late requests: `gnu_health.py FOLDER`, by the Python that has it.

Reads `people.json` in the folder, fills the empty clinic that `trytond.conf` there names through GNU Health's own
models, and asks what its client asks: the list of laboratory requests not yet tested from before a day, with its
columns, and patients by a part of their name. Prints the medians as JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from trytond.config import config  # type: ignore[import-not-found, unused-ignore]

ROUNDS, SHOWN = 5, 50
LIST = (
    "request", "test_type.rec_name", "specimen_type", "date", "source_type", "source_name", "doctor_id.rec_name",
    "context.rec_name", "state", "urgent",
)  # fmt: skip
FOUND = ("party.rec_name", "gender", "age", "puid", "deceased")


def main() -> int:
    """Fill the clinic and measure."""
    folder = Path(sys.argv[1])
    told = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    config.update_etc(str(folder / "trytond.conf"))
    from trytond.pool import Pool  # type: ignore[import-not-found, unused-ignore]
    from trytond.transaction import Transaction  # type: ignore[import-not-found, unused-ignore]

    Pool.start()
    pool = Pool("health")
    pool.init()
    with Transaction().start("health", 1, context={"active_test": True}) as transaction:
        _fill(pool, told)
        transaction.commit()
    lists, keys = [], []
    for _ in range(ROUNDS):
        with Transaction().start("health", 1, readonly=True):
            seconds, rows = _late(pool)
        assert len(rows) == len(told["late"]), (len(rows), len(told["late"]))
        lists.append(seconds)
    for text in told["typed"]:
        with Transaction().start("health", 1, readonly=True):
            keys.append(_found(pool, text))
    keys.sort()
    print(
        json.dumps(
            {
                "patients": len(told["people"]),
                "overdue": len(told["late"]),
                "overdue_ms": round(statistics.median(lists) * 1000, 1),
                "key_ms": round(statistics.median(keys) * 1000, 1),
                "key_p95_ms": round(keys[int(len(keys) * 0.95)] * 1000, 1),
            }
        )
    )
    return 0


def _fill(pool: Any, told: dict[str, Any]) -> None:
    """Everybody, and a request for each late result, by the program's own models."""
    parties, patients = pool.get("party.party"), pool.get("gnuhealth.patient")
    by_id: dict[int, int] = {}
    for patient_id, number, surname, given, born, sex in told["people"]:
        # one at a time: its `create` makes everybody it is given once for each of them.
        # XXX is its own mark of an account without a country
        (made,) = parties.create(
            [
                {
                    "name": given, "lastname": surname, "ref": number, "is_person": True, "is_patient": True,
                    "code": number, "fed_country": None, "federation_account": f"XXX{number}",
                    "dob": datetime.fromisoformat(born).date() if born else None,
                    "gender": {"female": "f", "male": "m"}.get(sex, "u"),
                }
            ]
        )  # fmt: skip
        (patient,) = patients.create([{"party": made.id}])
        by_id[patient_id] = patient.id
    (test,) = pool.get("gnuhealth.lab.test_type").search([], limit=1)
    pool.get("gnuhealth.patient.lab.test").create(
        [
            {
                "test_type": test.id, "patient_id": by_id[patient], "source_type": "patient", "state": "draft",
                "date": datetime.fromisoformat(day), "request": number, "doctor_id": None,
            }
            for number, (patient, day) in enumerate(told["late"], 1)
        ]
    )  # fmt: skip


def _late(pool: Any) -> tuple[float, list[Any]]:
    """Seconds, and the rows of the list."""
    model = pool.get("gnuhealth.patient.lab.test")
    began = time.perf_counter()
    rows = model.search_read(
        [("state", "=", "draft"), ("date", "<", datetime(2026, 3, 12))],  # noqa: DTZ001  (as it keeps them)
        order=[("date", "ASC")],
        fields_names=list(LIST),
    )
    return time.perf_counter() - began, rows


def _found(pool: Any, text: str) -> float:
    """Seconds to find people as a field of the client does while somebody types."""
    model = pool.get("gnuhealth.patient")
    began = time.perf_counter()
    model.search_read([("rec_name", "ilike", f"%{text}%")], limit=SHOWN, fields_names=list(FOUND))
    return time.perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main())
