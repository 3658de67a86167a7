"""The clinic's staff and its file: every write is one public operation by one user at one moment of the day."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from benchmarks.soak.alerts import Alerts
from clinical.protocol import Protocol
from db import audit
from db import operations as ops
from db.changes import Changes
from db.engine import Database
from db.errors import Refused, StaleScreen
from db.stamp import Stamp

KEY: Final = bytes(range(32))
FIRST_DAY: Final = date(2026, 1, 5)
"""A Monday."""
OPENS: Final = time(8, 0)
STAFF: Final = (
    ("Ann Lee", "ann", "administrator"),
    ("Bo Ray", "bo", "clinician"),
    ("Dr Mia Holt", "mia", "clinician"),
    ("Cy Fox", "cy", "coordinator"),
    ("Lu Penn", "lu", "coordinator"),
    ("Fay Orr", "fay", "nurse"),
    ("Gus May", "gus", "manager"),
)
ADMINISTRATOR, CLINICIAN, OTHER_CLINICIAN, COORDINATOR, OTHER_COORDINATOR, NURSE, MANAGER = range(1, 8)


@dataclass
class Office:
    """The open file, the day, and what was counted of alerts and refusals."""

    path: Path
    protocol: Protocol
    alerts: Alerts = field(default_factory=Alerts)
    today: date = FIRST_DAY
    refused: Counter[str] = field(default_factory=Counter)
    """By operation and reason."""
    writes: int = 0
    crashes: int = 0
    away: dict[int, tuple[date, date, int]] = field(default_factory=dict)
    """Who is on leave: from, until, and who stands in."""
    _minutes: int = 0
    _head: audit.Head = field(default_factory=lambda: audit.Head(0, audit.FIRST))

    @classmethod
    def founded(cls, folder: Path, protocol: Protocol) -> Office:
        """A new clinic in a folder, with its staff."""
        office = cls(folder / "year-0.replete", protocol, today=FIRST_DAY - timedelta(days=3))
        office.database = Database.create(office.path, KEY)
        settings = ops.ClinicSettings(
            "Fen Street Iron Clinic", ("Fen Street", "Ely"), "020 7946 0000", country="GB"
        )
        office.do(0, ops.set_up_clinic, settings, ops.NewUser(*STAFF[0]), protocol=protocol)
        for person in STAFF[1:]:
            office.do(ADMINISTRATOR, ops.add_user, ops.NewUser(*person))
        gp = ops.NewClinician("Dr Iris Kemp", "General practitioner", "Mill Practice", "general-practice")
        office.do(ADMINISTRATOR, ops.add_clinician, gp)
        return office

    def __post_init__(self) -> None:
        """Nothing is open yet."""
        self.database: Database

    def new_day(self, today: date) -> None:
        """The doors open on another day."""
        self.today, self._minutes = today, 0

    def stamp(self, user: int) -> Stamp:
        """This user, a moment after the write before."""
        self._minutes += 1
        at = datetime.combine(self.today, OPENS, UTC) + timedelta(seconds=45 * self._minutes)
        return Stamp(user, at, self.today)

    def now(self) -> datetime:
        """The instant of the newest write, or of the doors opening."""
        return datetime.combine(self.today, OPENS, UTC) + timedelta(seconds=45 * self._minutes)

    def do(self, user: int, operation: Callable[..., Changes], *given: Any, **more: Any) -> Changes | None:
        """One operation in a transaction of its own; None where it was refused, which is counted."""
        try:
            return self.insist(user, operation, *given, **more)
        except Refused as error:
            self.refused[f"{operation.__name__} {error.code}"] += 1
        return None

    def insist(self, user: int, operation: Callable[..., Changes], *given: Any, **more: Any) -> Changes:
        """The same, and whoever asks hears of a refusal."""
        with self.database.write() as session:
            changes = operation(session, *given, stamp=self.stamp(user), **more)
            self._head = audit.head(session)
        self.writes += 1
        return changes

    def for_patient(
        self, user: int, patient_id: int, operation: Callable[..., Changes], *given: Any, **more: Any
    ) -> Changes | None:
        """Something done on a patient's page: it was opened for it, and a newer record met there interrupts."""
        self.alerts.opened(self.today, user, patient_id)
        try:
            return self.do(user, operation, *given, protocol=self.protocol, **more)
        except StaleScreen:
            self.alerts.interrupted(self.today, user, patient_id, "meanwhile")
        return None

    def ask(self, query: Callable[..., Any], *given: Any) -> Any:
        """A question in a session of its own."""
        with self.database.read() as session:
            return query(session, *given)

    def rows(self, statement: Any) -> list[Any]:
        """What a statement finds."""

        def found(session: Session) -> Iterable[Any]:
            return session.execute(statement).all()

        return list(self.ask(found))

    def on_duty(self, user: int) -> int:
        """The user, or who stands in for them today."""
        away = self.away.get(user)
        return away[2] if away is not None and away[0] <= self.today <= away[1] else user

    def crash(self) -> None:
        """The program dies where it stands: the file and its log as they lie are opened again, and hold it all."""
        self.crashes += 1
        fresh = self.path.with_name(f"year-{self.crashes}.replete")
        for ending in ("", "-wal"):
            if Path(f"{self.path}{ending}").exists():
                shutil.copyfile(f"{self.path}{ending}", f"{fresh}{ending}")
        dead, old = self.database, self.path
        self.path, self.database = fresh, Database.open(fresh, KEY)
        assert self.ask(audit.head) == self._head, "a write that was said to be saved is not there"
        dead.close()
        for one in old.parent.glob(f"{old.name}*"):
            one.unlink()

    def megabytes(self) -> float:
        """The size of the file and its log."""
        names = (self.path, Path(f"{self.path}-wal"))
        return sum(one.stat().st_size for one in names if one.exists()) / 1_000_000
