"""The end of the audit is known outside the database: cutting it off is noticed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db import anchor, audit, invariants
from db.audit import Head
from db.engine import Database, UnauditedWrite
from db.models import Patient
from db.stamp import Stamp

pytestmark = pytest.mark.file_only


@pytest.fixture
def long_chain(clinic: Database, stamp: Stamp) -> Database:
    """A clinic with eleven audit rows, one after the other."""
    for number in range(10):
        with clinic.write() as session:
            session.get_one(Patient, 1).status_note = f"note {number}"
            later = Stamp(1, stamp.at + timedelta(minutes=number), stamp.today)
            audit.record(session, later, "change-details", "patient", 1, 1)
    return clinic


def undone(database: Database, stamp: Stamp) -> None:
    """A write that fails at its end."""
    with database.write() as session:
        audit.record(session, stamp, "change-details", "patient", 1, 1)
        session.info["audited"] = False


def head(database: Database) -> Head:
    """The end of the chain."""
    with database.read() as session:
        return audit.head(session)


def missing(database: Database) -> list[str]:
    """Where heads are kept that are gone."""
    with database.read() as session:
        return [one.where for one in anchor.lost(session, database.path)]


def backup(database: Database, at: datetime, short: str) -> Path:
    """A backup of that instant with that head in its name."""
    folder = database.path.parent / anchor.BACKUPS
    folder.mkdir(exist_ok=True)
    file = folder / f"{database.path.stem}-{at:%Y%m%dT%H%M%SZ}-{short}.backup"
    file.write_bytes(b"")
    return file


def test_every_commit_keeps_its_head_beside_the_file(long_chain: Database, stamp: Stamp) -> None:
    assert anchor.read(long_chain.path) == head(long_chain)
    assert head(long_chain).rows == 11
    with pytest.raises(UnauditedWrite):
        undone(long_chain, stamp)
    assert anchor.read(long_chain.path) == head(long_chain)
    assert head(long_chain).rows == 11
    assert missing(long_chain) == []


@pytest.mark.parametrize("cut", range(1, 11))
def test_a_tail_of_any_length_that_is_cut_off_is_noticed(long_chain: Database, raw: Any, cut: int) -> None:
    raw.execute("DELETE FROM audit WHERE id > ?", (11 - cut,))
    with long_chain.read() as session:
        assert audit.verify(session).ok  # the chain alone cannot see it
        found = {one.id: one for one in invariants.check(session, date(2026, 3, 2))}
        quick = {one.id: one for one in invariants.quick(session, datetime(2026, 3, 2, 11, tzinfo=UTC))}
    for result in (found[18], quick[18]):
        assert (result.ok, result.detail) == (
            False,
            f"audit end missing, known from {long_chain.path.name}.head",
        )


def test_rows_written_after_a_cut_do_not_hide_it(long_chain: Database, raw: Any, stamp: Stamp) -> None:
    made = backup(long_chain, stamp.at + timedelta(minutes=9), head(long_chain).short)
    raw.execute("DELETE FROM audit WHERE id > 5")
    assert missing(long_chain) == [f"{long_chain.path.name}.head", made.name]
    for _ in range(6):
        with long_chain.write() as session:
            audit.record(session, stamp, "change-details", "patient", 1, 1)
    assert missing(long_chain) == [made.name]


def test_backups_tell_of_a_cut_when_the_file_beside_was_written_anew(
    long_chain: Database, raw: Any, stamp: Stamp
) -> None:
    old = backup(long_chain, stamp.at + timedelta(minutes=1), head(long_chain).short)
    backup(long_chain, stamp.at, "0" * 12)  # made of an empty chain
    (old.parent / f"another-{stamp.at:%Y%m%dT%H%M%SZ}-{'1' * 12}.backup").write_bytes(b"")
    (old.parent / "notes.txt").write_text("x")
    assert missing(long_chain) == []
    raw.execute("DELETE FROM audit WHERE id > 5")
    with long_chain.read() as session:
        anchor.renew(long_chain.path, session)
    assert missing(long_chain) == [old.name]


def test_backups_of_a_history_that_a_restore_gave_up_count_no_more(
    long_chain: Database, raw: Any, stamp: Stamp
) -> None:
    backup(long_chain, stamp.at + timedelta(minutes=20), head(long_chain).short)
    raw.execute("DELETE FROM audit WHERE id > 5")
    restored = Stamp(1, stamp.at + timedelta(hours=1), stamp.today)
    with long_chain.write() as session:
        audit.record(session, restored, "restore", "clinic")
    assert missing(long_chain) == []
    after = backup(long_chain, stamp.at + timedelta(hours=2), "a" * 12)
    assert missing(long_chain) == [after.name]


def test_what_is_written_while_somebody_reads_is_not_taken_for_a_lost_end(
    long_chain: Database, stamp: Stamp
) -> None:
    with long_chain.read() as session:
        before = audit.head(session)  # from here on the session sees the record as it is now
        with long_chain.write() as other:
            audit.record(other, stamp, "change-details", "patient", 1, 1)
        backup(long_chain, stamp.at + timedelta(hours=1), head(long_chain).short)
        assert anchor.read(long_chain.path) != before
        assert anchor.lost(session, long_chain.path) == ()
        quick = {one.id: one for one in invariants.quick(session, datetime(2026, 3, 2, 11, tzinfo=UTC))}
    assert quick[18].ok, quick[18]


@pytest.mark.parametrize("content", [b"", b"5", b"5 abc", b"\xff\xfe", b"-1 " + b"a" * 64, b"5 " + b"g" * 64])
def test_a_head_that_cannot_be_read_is_none_and_mended_by_the_next_commit(
    clinic: Database, stamp: Stamp, content: bytes
) -> None:
    anchor.head_path(clinic.path).write_bytes(content)
    assert anchor.read(clinic.path) is None
    assert missing(clinic) == []
    with clinic.write() as session:
        audit.record(session, stamp, "change-details", "patient", 1, 1)
    assert anchor.read(clinic.path) == head(clinic)


def test_a_head_that_cannot_be_written_stops_nobody(clinic: Database, stamp: Stamp) -> None:
    anchor.head_path(clinic.path).unlink()
    anchor.head_path(clinic.path).mkdir()
    with clinic.write() as session:
        audit.record(session, stamp, "change-details", "patient", 1, 1)
    assert head(clinic).rows == 2
    assert anchor.read(clinic.path) is None


def test_the_head_tells_nothing_of_a_patient(long_chain: Database) -> None:
    text = anchor.head_path(long_chain.path).read_text()
    assert text == f"11 {head(long_chain).hash}\n"
