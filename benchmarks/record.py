"""The rows about the record itself, each beside what its library costs alone on the same file."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import select
from sqlcipher3 import dbapi2

from benchmarks.clinic import Clinic
from benchmarks.measure import Figure, compare, once
from db import backup, engine, invariants
from db.models import User
from db.opening import open_clinic
from desktop.cli.sample import PASSWORD

ARGON2_MEMORY_KIB = 64 * 1024
ARGON2_ITERATIONS = 3
LARGE_CLINIC = 10_000
"""From so many patients on, work that reads the whole record is measured a single time."""


def log_in(clinic: Clinic) -> Figure:
    """Row 11: file and user from a password; the floor is one Argon2id of the same cost and a bare first query."""
    path = Path(clinic.database.path)
    with clinic.database.read() as session:
        login = session.scalars(select(User.login).where(User.id == clinic.user_id)).one()
    password, key = PASSWORD.format(login=login), _key(clinic)

    def ours() -> None:
        open_clinic(path, login, password)[0].close()

    def floor() -> None:
        salt = b"s" * 16
        Argon2id(
            salt=salt, length=32, iterations=ARGON2_ITERATIONS, lanes=1, memory_cost=ARGON2_MEMORY_KIB
        ).derive(password.encode())
        _bare_look(path, key)

    return compare(11, "open a clinic and log in", ours, floor)


def check(clinic: Clinic) -> Figure:
    """Row 12: every promise asked from the first row; the floor reads every row once and hashes the audit."""
    tables = clinic.bare.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()

    def ours() -> None:
        with clinic.database.read() as session:
            invariants.check(session, clinic.today)

    def floor() -> None:
        for (name,) in tables:
            for row in clinic.bare.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  (a name of our own schema)
                if name == "audit":
                    hashlib.sha256(repr(row).encode()).hexdigest()

    work = "check every promise of the record"
    if clinic.patients() >= LARGE_CLINIC:
        return once(12, work, ours, floor)
    return compare(12, work, ours, floor, 3)


def back_up(clinic: Clinic) -> Figure:
    """Row 13: a backup made and proved; the floor is the library's online copy of the same file."""
    path, key = Path(clinic.database.path), _key(clinic)
    folder, times = path.parent / "benchmark-backups", itertools.count()
    folder.mkdir(exist_ok=True)

    def ours() -> None:
        at = datetime.now(UTC) + timedelta(seconds=next(times))
        backup.make(path, key, folder, at)

    def floor() -> None:
        copy = path.with_name("floor.copy")
        copy.unlink(missing_ok=True)
        source, target = _bare(path, key), _bare(copy, key)
        source.backup(target)
        target.close()
        source.close()

    try:
        return compare(13, "make a backup and prove it", ours, floor, 3)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _key(clinic: Clinic) -> bytes:
    """The key of the clinic's file."""
    key = clinic.database.key
    assert key is not None
    return key


def _bare(path: Path, key: bytes) -> dbapi2.Connection:
    """A driver connection with the key and nothing else."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    engine.unlock(connection, key)
    return connection


def _bare_look(path: Path, key: bytes) -> None:
    """Open, read one row, close."""
    connection = _bare(path, key)
    connection.execute("SELECT count(*) FROM user_account").fetchone()
    connection.close()
