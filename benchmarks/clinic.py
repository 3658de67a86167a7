"""The clinic that is measured: invented, encrypted, with audit; and a bare connection to the same file."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from clinical.protocol import Protocol, load_protocol
from db import queries, vault
from db.engine import Database
from db.opening import open_clinic
from db.stamp import Stamp
from desktop.cli.sample import PASSWORD, make


@dataclass(frozen=True, slots=True)
class Clinic:
    """Ours (`database`) and the floor (`bare`) on one file."""

    database: Database
    bare: Any
    protocol: Protocol
    today: date
    user_id: int

    @classmethod
    def make(cls, folder: Path, patients: int, today: date) -> Clinic:
        """Make the clinic in `folder` and open it both ways."""
        path = folder / "bench.replete"
        protocol = load_protocol()
        login = make(path, patients, 1, today, protocol).users[0][1]
        return cls.of_file(path, login, today)

    @classmethod
    def of_file(cls, path: Path, login: str, today: date) -> Clinic:
        """Open a clinic that `replete sample` made, both ways. Raises what opening a clinic raises."""
        password = PASSWORD.format(login=login)
        database, user = open_clinic(path, login, password)
        bare = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        bare.execute(f"PRAGMA key = \"x'{vault.unlock(path, login, password).hex()}'\"")
        bare.execute("PRAGMA synchronous = FULL")
        assert user is not None
        return cls(database, bare, load_protocol(), today, user.id)

    def patients(self) -> int:
        """How many patients it has."""
        return int(self.bare.execute("SELECT count(*) FROM patient").fetchone()[0])

    def stamp(self) -> Stamp:
        """Now, by the user who opened it."""
        return Stamp(user_id=self.user_id, at=datetime.now(UTC), today=self.today)

    def courses(self) -> list[tuple[int, int]]:
        """Course and patient ids of all open steps."""
        with self.database.read() as session:
            return [(row.course_id, row.patient_id) for row in queries.open_steps(session, self.today)]

    def close(self) -> None:
        """Close both connections."""
        self.bare.close()
        self.database.close()


def new_values() -> Iterator[Decimal]:
    """Haemoglobins that no earlier run is likely to have typed: a value that is known already costs next to nothing."""
    first = time.time_ns() // 1_000_000
    return (Decimal(90) + Decimal((first + number * 7) % 30_000) / 1000 for number in itertools.count())
