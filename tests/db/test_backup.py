"""Backups: proved before they have a name, gone without a trace when anything stops them."""

from __future__ import annotations

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
from backed_clinic import AT, Place, damage, placed
from conftest import KEY, Rows

from clinical.assessment import RULES
from db import backup, errors, opening, vault
from db.engine import Database
from db.operations.backups import set_second_backup_folder
from db.stamp import Stamp


@pytest.fixture
def place(path: Path, rows: Rows) -> Place:
    """A closed clinic with one patient and its vault."""
    return placed(path, rows)


def test_backup_is_named_proved_and_opens_with_the_password(place: Place) -> None:
    made = backup.make(place.path, KEY, place.backups, AT)
    assert made.backup.path.name == f"clinic-20260302T103000Z-{made.proof.head[:12]}.backup"
    assert made.proof.ok
    assert os.name != "posix" or made.backup.path.stat().st_mode & 0o077 == 0
    assert made.proof.counts["patient"] == 1
    assert len(made.proof.invariants) == 18
    assert [p.name for p in sorted(place.backups.iterdir())] == [
        made.backup.path.name,
        made.backup.path.name + ".vault",
    ]
    database, user = opening.open_clinic(made.backup.path, "ada", "secret")
    database.close()
    assert user is not None


def test_copy_is_of_one_instant_while_others_write(place: Place) -> None:
    """A patient registered in the middle of the copy is not in it, and the counts of the copy still agree."""
    written: list[int] = []

    def meanwhile(done: int, of: int) -> None:
        if not written:
            written.append(done)
            place.register()

    from db.backup import making

    pages, making.PAGES_AT_ONCE = making.PAGES_AT_ONCE, 8
    try:
        made = backup.make(place.path, KEY, place.backups, AT, progress=meanwhile)
    finally:
        making.PAGES_AT_ONCE = pages
    assert written
    assert made.proof.counts["patient"] == 1
    assert place.patients() == 2


def test_cancel_leaves_nothing(place: Place) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, of: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        backup.make(place.path, KEY, place.backups, AT, progress=stop)
    assert list(place.backups.iterdir()) == []


def test_a_damaged_page_makes_no_backup_and_thins_nothing(place: Place) -> None:
    old = [
        backup.make(place.path, KEY, place.backups, AT - timedelta(days=400 * n)).backup for n in (1, 2, 3)
    ]
    place.register()
    place.damage(place.root_of("patient"))
    before = sorted(place.backups.iterdir())
    with pytest.raises(errors.Damaged):
        backup.round_of(place.path, KEY, AT)
    assert sorted(place.backups.iterdir()) == before
    assert len(old) == 3


def test_a_broken_promise_makes_no_backup_of_its_own_accord_but_one_on_request(place: Place) -> None:
    connection = place.bare()
    connection.execute("DROP TRIGGER audit_never_changed")
    connection.execute("UPDATE audit SET action = 'nothing' WHERE id = 1")
    connection.close()
    with pytest.raises(errors.Refused, match="record-in-doubt") as refused:
        backup.make(place.path, KEY, place.backups, AT)
    assert "invariant:18" in refused.value.values["problems"]  # type: ignore[operator]
    assert list(place.backups.iterdir()) == []
    asked = backup.make_as(place.path, KEY, place.path.with_name("by-hand.backup"), AT)
    assert not asked.proof.ok
    assert asked.proof.authentic


def test_an_answer_of_another_program_version_does_not_stop_backups(place: Place) -> None:
    """Rules change with the program; a clinic whose stored answers come out otherwise today is still backed up."""
    connection = place.bare()
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(
        "INSERT INTO protocol_version (label, text, sha256, state, recorded_at, recorded_by_id)"
        " VALUES ('old 1', 'x', 'y', 'live', '2026-01-01 00:00:00.000000', 1)"
    )
    connection.execute(
        "INSERT INTO assessment (course_id, patient_id, protocol_version_id, as_of, made_at, made_by_id, facts,"
        " assessment, outcome, response, profile, urgency, state, version) VALUES (1, 1, 1,"
        " '2026-01-01', '2026-01-01 00:00:00.000000', 1, '{}', ?, 'indeterminate', 'none', 'general',"
        " 'routine', 'superseded', 1)",
        (f'{{"rules": {RULES}}}',),
    )
    connection.close()
    made = backup.make(place.path, KEY, place.backups, AT)
    assert 14 in {one.id for one in made.proof.invariants if not one.ok}
    assert made.proof.sound
    assert not made.proof.ok


def test_a_lost_row_is_noticed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of the copy are counted against those of the source at the same instant."""
    from db.backup import making

    real = making.row_counts
    monkeypatch.setattr(making, "row_counts", lambda c: {**real(c), "patient": 2})
    with pytest.raises(errors.Damaged):
        backup.make(place.path, KEY, place.backups, AT)
    assert list(place.backups.iterdir()) == []


def test_without_its_vault_there_is_no_backup(place: Place) -> None:
    vault.vault_path(place.path).unlink()
    with pytest.raises(errors.MissingFile, match="missing-vault"):
        backup.make(place.path, KEY, place.backups, AT)
    assert not place.backups.exists()


def test_a_backup_whose_vault_is_gone_is_not_listed(place: Place) -> None:
    made = backup.make(place.path, KEY, place.backups, AT).backup
    assert backup.listed(place.backups, "clinic") == (made,)
    vault.vault_path(made.path).unlink()
    assert backup.listed(place.backups, "clinic") == ()


def test_other_clinics_and_other_files_are_not_listed(place: Place) -> None:
    made = backup.make(place.path, KEY, place.backups, AT).backup
    for name in ("notes.txt", "clinic-20261399T103000Z-000000000000.backup", "clinic.backup"):
        (place.backups / name).write_bytes(b"")
        (place.backups / f"{name}.vault").write_bytes(b"")
    assert backup.listed(place.backups, "clinic") == (made,)
    assert backup.listed(place.backups, "other") == ()
    assert backup.listed(place.path.parent / "nowhere", "clinic") == ()


def test_by_hand_nothing_is_overwritten(place: Place) -> None:
    target = place.path.with_name("mine")
    target.write_text("precious")
    with pytest.raises(errors.AlreadyExists):
        backup.make_as(place.path, KEY, target, AT)
    assert target.read_text() == "precious"


def test_round_makes_one_only_when_the_record_changed(place: Place) -> None:
    first = backup.round_of(place.path, KEY, AT)
    again = backup.round_of(place.path, KEY, AT + timedelta(minutes=30))
    assert again.made is None
    assert again.newest == first.made
    place.register()
    changed = backup.round_of(place.path, KEY, AT + timedelta(minutes=60))
    assert changed.made is not None
    assert changed.made.head != first.made.head  # type: ignore[union-attr]
    forced = backup.round_of(place.path, KEY, AT + timedelta(minutes=90), only_if_changed=False)
    assert forced.made is not None


def test_round_thins_and_clears_up(place: Place) -> None:
    place.backups.mkdir()
    for day in range(200):
        made = place.backups / backup.name_of("clinic", AT - timedelta(days=day), "0" * 12)
        made.write_bytes(b"old")
        vault.vault_path(made).write_bytes(b"old")
    orphan = place.backups / (backup.name_of("clinic", AT, "1" * 12) + ".vault")
    orphan.write_bytes(b"")
    cut, under_way = place.backups / "clinic.0a1b2c3d.part", place.backups / "clinic.4e5f6a7b.part"
    for left in (cut, under_way):
        left.write_bytes(b"not whole")
    os.utime(cut, (time.time() - 3 * 24 * 3600,) * 2)
    (place.backups / "notes.txt").write_text("kept")
    done = backup.round_of(place.path, KEY, AT + timedelta(minutes=1))
    left = backup.listed(place.backups, "clinic")
    assert left[0] == done.made
    assert 25 <= len(left) <= 34
    assert sorted(p.name for p in place.backups.iterdir() if ".backup" not in p.name) == [
        under_way.name,
        "notes.txt",
    ]
    assert not orphan.exists()


def test_second_folder_gets_the_same_and_is_thinned(place: Place, tmp_path: Path) -> None:
    second = tmp_path / "stick"
    second.mkdir()
    done = backup.round_of(place.path, KEY, AT, second)
    assert done.second_failed is None
    assert done.made is not None
    copy = second / done.made.path.name
    assert copy.read_bytes() == done.made.path.read_bytes()
    assert vault.unlock(copy, "ada", "secret") == KEY
    again = backup.round_of(place.path, KEY, AT + timedelta(minutes=30), second)
    assert again.made is None
    assert len(backup.listed(second, "clinic")) == 1


def test_another_clinic_of_the_same_name_keeps_its_copies_in_a_shared_folder(
    place: Place, tmp_path: Path
) -> None:
    """Two clinics with the usual file name copy to one folder: neither thins the other's."""
    second = tmp_path / "share"
    second.mkdir()
    others = [
        second / backup.name_of("clinic", AT - timedelta(days=30, hours=hour), f"{hour:012x}")
        for hour in range(1, 4)
    ]
    for other in others:
        other.write_bytes(b"of another clinic")
        vault.vault_path(other).write_bytes(b"its vault")
    half = second / (backup.name_of("clinic", AT, "e" * 12) + ".part")
    half.write_bytes(b"being copied by the other")
    own = backup.make(place.path, KEY, second, AT - timedelta(days=30)).backup.path
    place.register()
    for day in (1, 0):
        assert backup.round_of(place.path, KEY, AT - timedelta(days=day), second).second_failed is None
        place.register()
    assert all(other.exists() and vault.vault_path(other).exists() for other in others)
    assert half.exists()
    assert own.exists(), "the only one of its day"


def test_own_copies_in_a_shared_folder_are_thinned(place: Place, tmp_path: Path) -> None:
    second = tmp_path / "share"
    second.mkdir()
    early = backup.make(place.path, KEY, second, AT - timedelta(days=30, hours=2)).backup.path
    place.register()
    late = backup.make(place.path, KEY, second, AT - timedelta(days=30)).backup.path
    place.register()
    backup.round_of(place.path, KEY, AT, second)
    assert late.exists()
    assert not early.exists()


def test_second_folder_gone_is_told_and_comes_back(place: Place, tmp_path: Path) -> None:
    second = tmp_path / "stick"
    done = backup.round_of(place.path, KEY, AT, second)
    assert done.made is not None
    assert done.second_failed == "missing-folder"
    second.mkdir()
    back = backup.round_of(place.path, KEY, AT + timedelta(minutes=30), second)
    assert back.second_failed is None
    assert len(backup.listed(second, "clinic")) == 1


def test_drill_restores_checks_and_leaves_nothing(place: Place) -> None:
    with pytest.raises(errors.MissingFile, match="no-backup"):
        backup.drill(place.path, KEY, AT)
    made = backup.make(place.path, KEY, place.backups, AT).backup
    before = place.names()
    found = backup.drill(place.path, KEY, AT)
    assert found.ok
    assert found.backup == made
    assert found.rows > 1
    assert place.names() == before
    damage(made.path, 20)
    again = backup.drill(place.path, KEY, AT)
    assert not again.ok
    assert again.problems == ("damaged",)
    assert place.names() == before


def test_any_audited_change_is_in_the_next_backup(place: Place) -> None:
    """Anything that leaves an audit row makes the next round back up: the head in the name is another."""
    first = backup.round_of(place.path, KEY, AT)
    database = Database.open(place.path, KEY)
    with database.write() as session:
        set_second_backup_folder(session, "/media/stick", Stamp(1, AT, AT.date()), 0)
    database.close()
    second = backup.round_of(place.path, KEY, AT + timedelta(minutes=30))
    assert second.made is not None
    assert first.made is not None
    assert second.made.head != first.made.head


def test_migration_backs_the_clinic_up_first(place: Place, tmp_path: Path) -> None:
    from db import migrations

    versions = tmp_path / "versions"
    shutil.copytree(migrations.VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    number = len(migrations.revisions()) + 1
    (versions / f"{number:04}_more.py").write_text(
        f'"""One more."""\nrevision = "{number:04}"\ndown_revision = "{number - 1:04}"\n'
        "branch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n    pass\n"
    )
    opening.migrate(place.path, KEY, versions)
    (made,) = backup.listed(place.backups, "clinic")
    assert backup.prove(made.path, KEY, AT).ok
    with pytest.raises(errors.NewerDatabase):
        Database.open(place.path, KEY)
    backup.restore(made.path, place.path, KEY, AT)
    Database.open(place.path, KEY).close()
