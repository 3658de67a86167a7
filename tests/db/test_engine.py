# ruff: noqa: PT012  (the error comes when the session ends, so the whole session is in the block)
"""The encrypted file: who may open it, what a session may do, and how trouble is told."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlcipher3 import dbapi2

from db import audit, engine, errors
from db.engine import Database, UnauditedWrite
from db.models import ClosedDay, ContactAttempt, Patient
from db.stamp import Stamp

OTHER_KEY = b"\x55" * 32


def file_bytes(path: Path) -> dict[str, bytes]:
    """Every file beside the clinic file, with its content."""
    return {entry.name: entry.read_bytes() for entry in sorted(path.parent.iterdir()) if entry.is_file()}


@pytest.mark.file_only
def test_pragmas_are_those_promised(database: Database) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": engine.BUSY_MS,
        "secure_delete": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "temp_store": 2,
        "recursive_triggers": 1,
        "mmap_size": 0,
        "cache_size": -16384,
        "application_id": engine.APPLICATION_ID,
        "user_version": engine.SCHEMA_NUMBER,
    }
    with database.read() as session:
        found = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in expected}
    assert found == expected


def test_library_is_new_enough_and_an_old_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    engine.assert_library()
    monkeypatch.setattr(dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(RuntimeError):
        engine.assert_library()


def test_write_is_kept_and_a_failed_one_leaves_nothing(
    clinic: Database, path: Path, key: bytes, stamp: Stamp
) -> None:
    with pytest.raises(RuntimeError, match="stop"), clinic.write() as session:
        session.get_one(Patient, 1).language = "fr"
        audit.record(session, stamp, "change-details", "patient", 1, 1)
        raise RuntimeError("stop")
    with clinic.write() as session:
        session.get_one(Patient, 1).email = "ines@example.org"
        audit.record(session, stamp, "change-details", "patient", 1, 1)
    clinic.close()
    again = Database.open(path, key)
    with again.read() as session:
        patient = session.get_one(Patient, 1)
        assert (patient.language, patient.email, patient.version) == ("en", "ines@example.org", 2)
        assert audit.verify(session).rows == 2
    again.close()


def test_write_without_audit_row_is_undone(clinic: Database) -> None:
    with pytest.raises(UnauditedWrite), clinic.write() as session:
        session.get_one(Patient, 1).language = "fr"
    with clinic.read() as session:
        assert session.get_one(Patient, 1).language == "en"


def test_read_session_cannot_write(clinic: Database) -> None:
    with pytest.raises(errors.ReadOnly), clinic.read() as session:
        session.execute(text("UPDATE patient SET language = 'fr'"))


def test_reader_sees_one_state_while_another_writes(clinic: Database, stamp: Stamp) -> None:
    with clinic.read() as reader:
        assert reader.execute(text("SELECT language FROM patient")).scalar() == "en"
        with clinic.write() as session:
            session.get_one(Patient, 1).language = "fr"
            audit.record(session, stamp, "change-details", "patient", 1, 1)
        assert reader.execute(text("SELECT language FROM patient")).scalar() == "en"
    with clinic.read() as reader:
        assert reader.execute(text("SELECT language FROM patient")).scalar() == "fr"


def test_worker_thread_may_use_it(clinic: Database, stamp: Stamp) -> None:
    def work() -> None:
        with clinic.write() as session:
            session.get_one(Patient, 1).language = "fr"
            audit.record(session, stamp, "change-details", "patient", 1, 1)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    with clinic.read() as session:
        assert session.get_one(Patient, 1).language == "fr"


def test_two_changes_of_one_row_are_a_stale_screen(clinic: Database, stamp: Stamp) -> None:
    with pytest.raises(errors.StaleScreen), clinic.write() as session:
        patient = session.get_one(Patient, 1)
        session.execute(text("UPDATE patient SET version = 2 WHERE id = 1"))
        patient.language = "fr"
        audit.record(session, stamp, "change-details", "patient", 1, 1)


@pytest.mark.file_only
@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE patient",
        "DROP TRIGGER audit_never_changed",
        "DROP INDEX ix_next_step_one_open",
        "ALTER TABLE patient ADD COLUMN more TEXT",
        "CREATE TRIGGER t AFTER INSERT ON patient BEGIN SELECT 1; END",
        "ATTACH DATABASE ':memory:' AS other",
        "UPDATE audit SET action = 'x'",
        "DELETE FROM audit",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA ignore_check_constraints = ON",
        "PRAGMA rekey = 'x'",
    ],
)
def test_normal_connection_may_not(clinic: Database, statement: str) -> None:
    with pytest.raises(DatabaseError) as caught, clinic.write() as session:
        session.execute(text(statement))
    assert caught.value.orig.sqlite_errorcode == dbapi2.SQLITE_AUTH  # type: ignore[union-attr]


@pytest.mark.file_only
def test_replace_cannot_slip_past_the_delete_triggers(clinic: Database) -> None:
    with pytest.raises(IntegrityError, match="never-removed"), clinic.write() as session:
        session.execute(text("INSERT OR REPLACE INTO patient SELECT * FROM patient"))


def test_wrong_key_is_told_and_writes_nothing(clinic: Database, path: Path) -> None:
    clinic.close()
    before = file_bytes(path)
    with pytest.raises(errors.WrongKey):
        Database.open(path, OTHER_KEY)
    assert file_bytes(path) == before


def write_text(path: Path) -> None:
    path.write_text("only notes\n" * 2000)


def write_plain_database(path: Path) -> None:
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE patient (id INTEGER PRIMARY KEY)")
    plain.commit()
    plain.close()


def write_empty(path: Path) -> None:
    path.touch()


def write_other_program(path: Path) -> None:
    other = dbapi2.connect(str(path), isolation_level=None)
    engine.unlock(other, bytes(range(32)))
    other.execute("CREATE TABLE patient (id INTEGER PRIMARY KEY)")
    other.close()


@pytest.mark.parametrize("write", [write_text, write_plain_database, write_empty, write_other_program])
def test_file_that_is_no_clinic_is_told_and_left_alone(
    tmp_path: Path, key: bytes, write: Callable[[Path], None]
) -> None:
    path = tmp_path / "notes.db"
    write(path)
    before = file_bytes(path)
    with pytest.raises(errors.NotADatabase):
        Database.open(path, key)
    assert file_bytes(path) == before


def test_newer_file_is_refused_before_its_tables_are_read(path: Path, key: bytes, raw: Any) -> None:
    raw.execute(f"PRAGMA user_version = {engine.SCHEMA_NUMBER + 1}")
    raw.execute("DROP TABLE patient")
    raw.close()
    before = file_bytes(path)
    with pytest.raises(errors.NewerDatabase) as caught:
        Database.open(path, key)
    assert caught.value.values["file"] == engine.SCHEMA_NUMBER + 1
    assert file_bytes(path) == before


def test_older_file_is_told(path: Path, key: bytes, raw: Any) -> None:
    raw.execute("PRAGMA user_version = 0")
    with pytest.raises(errors.OlderDatabase):
        Database.open(path, key)


def test_missing_folder_and_missing_file_are_told(tmp_path: Path, key: bytes) -> None:
    with pytest.raises(errors.MissingFolder):
        Database.open(tmp_path / "gone" / "clinic.db", key)
    with pytest.raises(errors.MissingFolder):
        Database.create(tmp_path / "gone" / "clinic.db", key)
    with pytest.raises(errors.MissingFile):
        Database.open(tmp_path / "clinic.db", key)
    assert list(tmp_path.iterdir()) == []


def test_file_moved_while_open_is_told_and_no_empty_one_is_begun(
    clinic: Database, path: Path, key: bytes, stamp: Stamp
) -> None:
    def close_a_day(day: int) -> None:
        with clinic.write() as session:
            session.add(ClosedDay(day=date(2026, 12, day)))
            audit.record(session, stamp, "close-days", "closed_day")

    close_a_day(24)
    moved = path.with_name("moved.db")
    path.rename(moved)
    with pytest.raises(errors.FileGone), clinic.read():
        pass
    with pytest.raises(errors.FileGone):
        close_a_day(25)
    assert not path.exists()
    shutil.copyfile(moved, path)  # the same name, another file
    with pytest.raises(errors.FileGone):
        close_a_day(25)
    path.unlink()
    moved.rename(path)
    close_a_day(25)
    clinic.close()
    again = Database.open(path, key)
    with again.read() as session:
        assert {row.day.day for row in session.query(ClosedDay)} >= {24, 25}
    again.close()


def test_new_file_never_overwrites(path: Path, key: bytes) -> None:
    before = path.read_bytes()
    with pytest.raises(errors.AlreadyExists):
        Database.create(path, key)
    assert path.read_bytes() == before


def test_file_name_may_hold_any_sign(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "Zoë's clinic? 100% #1.db"
    Database.create(path, key).close()
    Database.open(path, key).close()
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_busy_file_is_told(clinic: Database, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 20)
    other = Database.open(path, key)
    with clinic.write(), pytest.raises(errors.DatabaseBusy), other.write():
        pytest.fail("two writers at once")
    other.close()


@pytest.mark.file_only
def test_full_disk_is_told_and_loses_nothing(clinic: Database, stamp: Stamp) -> None:
    with pytest.raises(errors.DiskFull), clinic.write() as session:
        session.execute(text("PRAGMA max_page_count = 1"))
        session.execute(text("INSERT INTO setting VALUES ('k', '1', '2026-03-02', 1, 1)"))
        session.execute(text("UPDATE setting SET value = hex(zeroblob(2000000))"))
        audit.record(session, stamp, "change-settings", "setting")
    with clinic.read() as session:
        assert session.execute(text("SELECT count(*) FROM setting")).scalar() == 0
        assert audit.verify(session).ok


def test_read_only_folder_is_told(empty_file: Path, key: bytes) -> None:
    """The system's permissions do not bind its administrator, so the file is opened as another user then."""
    folder = Path(tempfile.mkdtemp(prefix="replete-read-only-"))
    path = folder / "clinic.db"
    shutil.copy(empty_file, path)
    path.chmod(0o444)
    folder.chmod(0o555)
    code = (
        "import os, sys; from pathlib import Path\n"
        "from db.engine import Database; from db.errors import KnownError\n"
        # everything is loaded before the rights go: the other user may not read the environment
        "Database.open(Path(sys.argv[3]), bytes.fromhex(sys.argv[2])).close()\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: Database.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
        "except KnownError as error: print(error.code)"
    )
    try:
        child = subprocess.run(
            [sys.executable, "-c", code, str(path), key.hex(), str(empty_file)],
            capture_output=True,
            text=True,
            cwd=Path(engine.__file__).parents[1],
            check=False,
        )
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
    assert (child.stdout.strip(), child.stderr) == ("read-only", "")


def test_damaged_page_is_told(clinic: Database, path: Path, key: bytes) -> None:
    clinic.close()
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    for page in range(1, pages):
        content[page * 4096 + 100] ^= 1
    path.write_bytes(content)
    with pytest.raises((errors.Damaged, errors.DiskError)):
        opened = Database.open(path, key)
        with opened.read() as session:
            session.execute(text("SELECT * FROM patient")).all()


def test_no_value_of_a_patient_is_in_an_error(clinic: Database) -> None:
    with pytest.raises(IntegrityError) as caught, clinic.write() as session:
        session.add(
            ContactAttempt(
                patient_id=1,
                tried_on=date(2026, 3, 2),
                channel="pigeon",
                outcome="agreed",
                note="MARKER",
                recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
                recorded_by_id=1,
            )
        )
        session.flush()
    assert "MARKER" not in str(caught.value)
    assert "MARKER" not in repr(caught.value.__cause__)


def test_nothing_is_readable_without_the_key(clinic: Database, path: Path, key: bytes) -> None:
    during = b"".join(file_bytes(path).values())
    clinic.close()
    after = b"".join(file_bytes(path).values())
    for content in (during, after):
        for marker in (b"Marsh", b"Ines", b"CREATE TABLE", b"register-referral", key, key.hex().encode()):
            assert marker not in content
    assert key.hex() not in repr(clinic._engine.url)


def test_failed_creation_leaves_no_file(tmp_path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    from db.migrations.baseline import triggers

    monkeypatch.setattr(triggers, "STATEMENTS", (*triggers.STATEMENTS, "CREATE NONSENSE"))
    with pytest.raises(DatabaseError):
        Database.create(tmp_path / "clinic.db", key)
    assert list(tmp_path.iterdir()) == []
