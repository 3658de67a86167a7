"""A clinic file with its vault, for tests of backups, restores and recovery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from conftest import KEY, Rows
from sqlcipher3 import dbapi2

from db import audit, engine, vault
from db.engine import Database
from db.stamp import Stamp

AT = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
PAGE = 4096


@dataclass
class Place:
    """Where the clinic is."""

    path: Path
    rows: Rows

    @property
    def backups(self) -> Path:
        """Where its backups go."""
        return self.path.parent / "backups"

    def names(self) -> list[str]:
        """Everything in the clinic's folder and below."""
        return sorted(
            str(p.relative_to(self.path.parent)) for p in self.path.parent.rglob("*") if p.is_file()
        )

    def register(self, at: datetime = AT) -> None:
        """One more patient, as an operation would do it."""
        database = Database.open(self.path, KEY)
        try:
            with database.write() as session:
                patient = self.rows.patient(session)
                self.rows.course(session, patient)
                stamp = Stamp(1, at, at.date())
                audit.record(session, stamp, "register-referral", "patient", patient.id, patient.id)
        finally:
            database.close()

    def patients(self) -> int:
        """How many patients the file holds."""
        connection = self.bare()
        try:
            return int(connection.execute("SELECT count(*) FROM patient").fetchone()[0])
        finally:
            connection.close()

    def bare(self) -> dbapi2.Connection:
        """A connection that nothing holds back."""
        return bare(self.path)

    def damage(self, page: int) -> None:
        """Flip one bit in a page."""
        damage(self.path, page)

    def root_of(self, name: str) -> int:
        """The first page of a table or index."""
        connection = self.bare()
        try:
            query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
            return int(connection.execute(query, (name,)).fetchone()[0])
        finally:
            connection.close()


def bare(path: Path) -> dbapi2.Connection:
    """A connection that nothing holds back."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    engine.unlock(connection, KEY)
    return connection


def damage(path: Path, page: int) -> None:
    """Flip one bit in a page of a file."""
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE + 500)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))


_VAULT: list[bytes] = []


def give_vault(path: Path) -> None:
    """A vault whose user `ada` opens the file of the tests' key with `secret`; made once, for it takes a second."""
    if not _VAULT:
        vault.create(path, "somebody", "else")
        vault.add_user(path, KEY, "ada", "secret")
        _VAULT.append(vault.vault_path(path).read_bytes())
    vault.vault_path(path).write_bytes(_VAULT[0])


def placed(path: Path, rows: Rows) -> Place:
    """A closed clinic with one user, one patient and its vault."""
    place = Place(path, rows)
    database = Database.open(path, KEY)
    with database.write() as session:
        rows.user(session, role="administrator")
        rows.course(session, rows.patient(session))
        audit.record(session, Stamp(1, AT, AT.date()), "register-referral", "patient", 1, 1, {"course": 1})
    database.close()
    give_vault(path)
    return place
