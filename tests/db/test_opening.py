"""Making and opening a clinic: vault, file and user together."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from db import audit, engine, errors, opening, vault
from db.engine import Database
from db.models import User
from db.stamp import Stamp


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], str]:
    """A new clinic's files and its recovery key, made once."""
    folder = tmp_path_factory.mktemp("made")
    database, recovery = opening.create_clinic_file(folder / "clinic.db", "Ada", "secret")
    database.close()
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}, recovery


@pytest.fixture
def place(tmp_path: Path, made: tuple[dict[str, bytes], str]) -> Path:
    """The new clinic, in the folder of this test."""
    for name, content in made[0].items():
        (tmp_path / name).write_bytes(content)
    return tmp_path / "clinic.db"


def add_user(database: Database, stamp: Stamp, *, active: bool = True) -> None:
    """Put Ada into the clinic."""
    with database.write() as session:
        session.add(
            User(
                id=1,
                name="Ada Byron",
                login="Ada",
                initials="AB",
                role="administrator",
                active=active,
                created_at=stamp.at,
            )
        )
        audit.record(session, stamp, "add-user", "user_account", 1)


def test_new_clinic_is_two_files(made: tuple[dict[str, bytes], str]) -> None:
    assert sorted(made[0]) == ["clinic.db", "clinic.db.vault"]


def test_opens_before_and_after_the_first_user(place: Path, stamp: Stamp) -> None:
    database, user = opening.open_clinic(place, "ada", "secret")
    assert user is None
    add_user(database, stamp)
    database.close()
    database, user = opening.open_clinic(place, "ADA", "secret")
    assert user == opening.UserRow(id=1, name="Ada Byron", initials="AB", role="administrator", login="Ada")
    database.close()


def test_user_who_is_not_active_or_not_known_is_refused(place: Path, stamp: Stamp) -> None:
    database, _ = opening.open_clinic(place, "ada", "secret")
    add_user(database, stamp, active=False)
    database.close()
    with pytest.raises(errors.Refused, match="user-not-active"):
        opening.open_clinic(place, "ada", "secret")
    vault.add_user(place, vault.unlock(place, "ada", "secret"), "eve", "x")
    with pytest.raises(errors.Refused, match="user-unknown"):
        opening.open_clinic(place, "eve", "x")


def test_recovery_key_opens_the_file(place: Path, made: tuple[dict[str, bytes], str]) -> None:
    opening.open_with_key(place, vault.unlock_with_recovery(place, made[1])).close()


def test_wrong_password_missing_file_and_missing_vault_are_told(place: Path) -> None:
    with pytest.raises(errors.WrongKey):
        opening.open_clinic(place, "ada", "wrong")
    with pytest.raises(errors.MissingFile):
        opening.open_clinic(place.with_name("other.db"), "ada", "secret")
    with pytest.raises(errors.MissingFolder):
        opening.open_clinic(place.parent / "gone" / "clinic.db", "ada", "secret")
    vault.vault_path(place).unlink()
    with pytest.raises(errors.MissingFile):
        opening.open_clinic(place, "ada", "secret")


def test_right_password_on_a_file_that_does_not_open_means_damage(place: Path) -> None:
    content = bytearray(place.read_bytes())
    content[200] ^= 1
    place.write_bytes(content)
    with pytest.raises(errors.Damaged):
        opening.open_clinic(place, "ada", "secret")


def test_nothing_is_overwritten(place: Path) -> None:
    with pytest.raises(errors.AlreadyExists):
        opening.create_clinic_file(place, "eve", "x")
    place.unlink()
    with pytest.raises(errors.AlreadyExists):
        opening.create_clinic_file(place, "eve", "x")
    opening_files = sorted(entry.name for entry in place.parent.iterdir())
    assert opening_files == ["clinic.db.vault"]


def test_making_that_was_cut_before_its_last_rename_is_finished(place: Path) -> None:
    place.rename(place.with_name("clinic.db.making"))
    database, user = opening.open_clinic(place, "ada", "secret")
    database.close()
    assert (place.is_file(), user) == (True, None)


def test_leftovers_of_a_making_that_was_cut_early_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "clinic.db.making").write_bytes(b"half")
    (tmp_path / "clinic.db.making.vault").write_bytes(b"half")
    opening.create_clinic_file(tmp_path / "clinic.db", "ada", "secret")[0].close()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["clinic.db", "clinic.db.vault"]


def test_making_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(RuntimeError):
        opening.create_clinic_file(tmp_path / "clinic.db", "ada", "secret")
    assert list(tmp_path.iterdir()) == []


def test_verified_copy_is_the_same_clinic(clinic: Database, path: Path, key: bytes) -> None:
    target = path.with_name("copy.db")
    opening.verified_copy(path, key, target)
    copy = Database.open(target, key)
    with copy.read() as session:
        assert audit.verify(session).rows == 1
    copy.close()


def test_copy_of_a_damaged_file_is_not_made(clinic: Database, path: Path, key: bytes) -> None:
    clinic.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises((errors.Damaged, errors.DiskError)):
        opening.verified_copy(path, key, path.with_name("copy.db"))
    assert sorted(entry.name for entry in path.parent.iterdir() if "copy" in entry.name) == []


def test_a_stale_journal_is_not_played_into_a_new_clinic(tmp_path: Path) -> None:
    path = tmp_path / "clinic.replete"
    for ending in ("-wal", "-shm", "-journal"):
        (tmp_path / f"clinic.replete{ending}").write_bytes(b"left by another file" * 100)
    database, _recovery = opening.create_clinic_file(path, "nora", "a long enough one")
    database.close()
    assert (tmp_path / "clinic.replete-wal.left-over").read_bytes().startswith(b"left by")
    again, _user = opening.open_clinic(path, "nora", "a long enough one")
    again.close()


def test_a_place_that_cannot_be_looked_at_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "clinic.db"
    opening.create_clinic_file(path, "ada", "secret")[0].close()

    def gone(_path: Path) -> bool:
        raise OSError(errno.EIO, "the drive was pulled out")

    monkeypatch.setattr(opening.backup, "finish_restore", gone)
    with pytest.raises(errors.DiskError):
        opening.open_clinic(path, "ada", "secret")


def test_a_file_that_another_program_has_is_neither_migrated_nor_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "clinic.db"
    opening.create_clinic_file(path, "ada", "secret")[0].close()
    opening.open_clinic(path, "ada", "secret", alone=False)[0].close()
    monkeypatch.setattr(opening, "SCHEMA_NUMBER", opening.SCHEMA_NUMBER + 1)
    with pytest.raises(errors.DatabaseBusy):
        opening.open_clinic(path, "ada", "secret", alone=False)


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX systems")
def test_a_new_clinic_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    database, _ = opening.create_clinic_file(path, "ada", "secret")
    modes = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()}
    database.close()
    assert set(modes.values()) == {0}, modes
