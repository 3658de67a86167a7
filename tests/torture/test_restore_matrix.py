"""A restore is safe whatever lies there: leftovers of another file x the file in place x the backup, 72 cells."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2
from torture_clinic import KEY, bare, content_of, copy_of
from torture_damage import AT, PAGE

from db import backup, engine, vault
from db.errors import KnownError, NewerDatabase, WrongKey

LEFT = ("nothing", "stale log", "stale journal")
IN_PLACE = ("missing", "whole", "damaged", "running")
BACKUP: dict[str, type[Exception] | None] = {
    "good": None,
    "wrong key": WrongKey,
    "newer schema": NewerDatabase,
    "damaged": KnownError,
    "cut short": KnownError,
    "misnamed": KnownError,
}
CELLS = tuple(product(LEFT, IN_PLACE, BACKUP))


@pytest.fixture(scope="module")
def made(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic with its vault, one backup, and a log and a journal of another file."""
    folder = tmp_path_factory.mktemp("made")
    path = copy_of(prepared, folder / "clinic.db")
    vault.create(path, "Ada", "secret")
    backup.make(path, KEY, backup.folder_of(path), AT)
    other = bare(folder / "other.db")
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE junk AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 9000)"
                  " SELECT x, hex(randomblob(40)) FROM n")  # fmt: skip
    shutil.copyfile(folder / "other.db-wal", folder / "stale log")
    other.close()
    return folder


def lay_out(made: Path, folder: Path, left: str, in_place: str, of: str) -> tuple[Path, Path, bytes]:
    """The cell: the place of the clinic, the backup to restore, the key it is tried with."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    target = folder / "clinic.db"
    kept = backup.listed(backup.folder_of(target), "clinic")[0].path
    if in_place == "missing":
        target.unlink()
    elif in_place == "damaged":
        data = bytearray(target.read_bytes())
        data[3 * PAGE : 9 * PAGE] = bytes(6 * PAGE)
        target.write_bytes(bytes(data))
    log, journal = target.with_name("clinic.db-wal"), target.with_name("clinic.db-journal")
    if left == "stale log":
        shutil.copyfile(folder / "stale log", log)
    elif left == "stale journal":
        journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(PAGE))
    key = bytes(32) if of == "wrong key" else KEY
    _spoil(kept, of)
    if of == "misnamed":
        kept = kept.rename(kept.with_name(kept.name.replace(kept.name[-19:-7], "0" * 12)))
        shutil.copyfile(next(kept.parent.glob("*.vault")), vault.vault_path(kept))
    return target, kept, key


def _spoil(kept: Path, of: str) -> None:
    """What is wrong with the backup."""
    if of == "newer schema":
        connection = bare(kept)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA user_version = {engine.SCHEMA_NUMBER + 1}")
        connection.close()
    elif of in ("damaged", "cut short"):
        data = bytearray(kept.read_bytes())
        data[40 * PAGE + 77] ^= 4
        kept.write_bytes(bytes(data if of == "damaged" else data[: 50 * PAGE + 100]))


@contextmanager
def running(target: Path, in_place: str, how: str) -> Iterator[None]:
    """Somebody has the file open: reads in it, has writes of its own in the log, or holds the write lock."""
    if in_place != "running":
        yield
        return
    connection: Any = bare(target)
    connection.execute("PRAGMA journal_mode = WAL")
    if how == "stale log":
        connection.execute("CREATE TABLE of_the_running (x)")
    connection.execute("BEGIN IMMEDIATE" if how == "stale journal" else "BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    try:
        yield
    finally:
        connection.close()


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but the shared memory of whoever reads."""
    return {
        one.name: one.read_bytes()
        for one in folder.iterdir()
        if one.is_file() and not one.name.endswith("-shm")
    }


@pytest.mark.parametrize(("left", "in_place", "of"), CELLS)
def test_cell(made: Path, place: Path, left: str, in_place: str, of: str) -> None:
    beside = "nothing" if in_place == "running" else left  # what lies beside a running file is its own
    target, kept, key = lay_out(made, place, beside, in_place, of)
    expected = content_of(kept).rows if of == "good" else 0
    refused = BACKUP[of]
    with running(target, in_place, left):
        before = files(place)
        if refused is None:
            done = backup.restore(kept, target, key, AT)
            assert done.proof.ok
        else:
            with pytest.raises(refused) as told:
                backup.restore(kept, target, key, AT)
            assert isinstance(told.value, KnownError)
            assert files(place) == before
    if refused is None:
        assert content_of(target).rows == expected + 1
        assert not target.with_name("clinic.db-journal").exists()
        kept_aside = [one.name for one in place.iterdir() if ".replaced-" in one.name]
        assert kept_aside or in_place == "missing"


def test_there_are_seventy_two_cells() -> None:
    assert len(CELLS) == 72


def test_a_stale_log_destroys_a_file_that_is_merely_copied(made: Path, place: Path) -> None:
    """The cells can fail: a restore that only copies the bytes is destroyed by what the other file left."""
    target, kept, _ = lay_out(made, place, "nothing", "missing", "good")
    expected = content_of(kept)
    shutil.copyfile(kept, target)
    connection = bare(target)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE later (x)")
    shutil.copyfile(target.with_name("clinic.db-wal"), place / "its log")
    connection.close()
    shutil.copyfile(kept, target)
    shutil.copyfile(place / "its log", target.with_name("clinic.db-wal"))
    try:
        same = content_of(target) == expected
    except (dbapi2.Error, AssertionError):
        same = False
    assert not same
