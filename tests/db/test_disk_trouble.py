"""A full disk, a folder that may not be written, a drive that is gone: told as that, nothing half done, all kept."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from backed_clinic import AT, Place, give_vault, placed
from conftest import KEY, Rows

from db import audit, backup, errors, recovery, vault
from db.engine import Database
from db.models import ClosedDay
from db.stamp import Stamp

ROOT = sys.platform == "linux" and os.geteuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="mounts a small file system of its own")


@pytest.fixture
def place(path: Path, rows: Rows) -> Place:
    """A closed clinic with one patient and its vault."""
    return placed(path, rows)


@pytest.fixture
def small(tmp_path: Path, place: Place) -> Iterator[Path]:
    """A disk of its own with room for the clinic and half of it again, the clinic on it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = place.path.stat().st_size * 3 // 2
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "replete", str(disk)], check=False)
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        shutil.copy(place.path, disk / "clinic.db")
        give_vault(disk / "clinic.db")
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> None:
    """Take up all the room that is left."""
    with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)


def close_days(database: Database, first: int, count: int) -> None:
    """Write some rows with their audit, as an operation does."""
    with database.write() as session:
        for number in range(first, first + count):
            day = AT.date().replace(
                year=2030 + number // 300, month=1 + number % 12, day=1 + number // 12 % 25
            )
            session.add(ClosedDay(day=day, reason="x" * 2000))
        audit.record(session, Stamp(1, AT, AT.date()), "close-days", "closed_day")


@needs_root
def test_a_full_disk_loses_nothing_that_was_saved(small: Path) -> None:
    """Saving fails as "disk full", what was saved before stays, and once there is room saving goes on."""
    database = Database.open(small / "clinic.db", KEY)
    close_days(database, 0, 1)
    fill(small)

    def go_on() -> None:
        for number in range(1, 2000, 20):
            close_days(database, number, 20)

    with pytest.raises(errors.DiskFull):
        go_on()
    with database.read() as session:
        saved = session.query(ClosedDay).count()
    assert saved >= 1
    (small / "filler").unlink(missing_ok=True)
    close_days(database, 6000, 1)
    with database.read() as session:
        assert session.query(ClosedDay).count() == saved + 1
    database.close()
    assert backup.prove(small / "clinic.db", KEY, AT).ok


@needs_root
def test_a_backup_on_a_full_disk_leaves_nothing_and_thins_nothing(small: Path, tmp_path: Path) -> None:
    before = sorted(p.name for p in small.iterdir())
    with pytest.raises(errors.DiskFull):
        backup.round_of(small / "clinic.db", KEY, AT)
    assert sorted(p.name for p in small.iterdir() if p.name != "backups") == before
    assert list((small / "backups").iterdir()) == []


@needs_root
def test_a_second_folder_that_is_full_is_told(small: Path, place: Place) -> None:
    fill(small)
    done = backup.round_of(place.path, KEY, AT, small)
    assert done.made is not None
    assert done.second_failed == "disk-full"
    assert backup.listed(small, "clinic") == ()


@needs_root
def test_a_restore_and_a_ladder_without_room_leave_the_file_as_it_was(small: Path, place: Place) -> None:
    made = backup.make(place.path, KEY, place.backups, AT).backup
    before = (small / "clinic.db").read_bytes()
    with pytest.raises(errors.DiskFull):
        backup.restore(made.path, small / "clinic.db", KEY, AT)
    with pytest.raises(errors.DiskFull):
        recovery.climb(small / "clinic.db", KEY, AT)
    assert (small / "clinic.db").read_bytes() == before
    assert sorted(p.name for p in small.iterdir()) == ["clinic.db", "clinic.db.vault"]


@needs_root
def test_a_drive_that_is_gone_is_said_and_comes_back(small: Path, tmp_path: Path) -> None:
    """The drive is pulled while the clinic is open: saving says so, and nothing is written into the empty folder."""
    database = Database.open(small / "clinic.db", KEY)
    close_days(database, 0, 1)
    database.close()
    aside = tmp_path / "pulled"
    aside.mkdir()
    subprocess.run(["mount", "--move", str(small), str(aside)], check=False)
    if (small / "clinic.db").exists():
        subprocess.run(["mount", "--bind", str(small), str(aside)], check=True)
        subprocess.run(["umount", "-l", str(small)], check=True)
    try:
        with pytest.raises(errors.MissingFile):
            Database.open(small / "clinic.db", KEY)
        with pytest.raises((errors.MissingFile, errors.MissingFolder)):
            backup.round_of(small / "clinic.db", KEY, AT)
        assert list(small.iterdir()) == []
        assert backup.prove(aside / "clinic.db", KEY, AT).ok
    finally:
        subprocess.run(["mount", "--bind", str(aside), str(small)], check=True)
        subprocess.run(["umount", "-l", str(aside)], check=True)


@needs_root
def test_a_drive_made_read_only_is_said(small: Path) -> None:
    """A damaged disk is put to read-only by the system while the clinic is open."""
    database = Database.open(small / "clinic.db", KEY)
    close_days(database, 0, 1)
    database.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)

    def go_on() -> None:
        again = Database.open(small / "clinic.db", KEY)
        try:
            close_days(again, 1, 1)
        finally:
            again.close()

    with pytest.raises((errors.ReadOnly, errors.DiskError)):
        go_on()
    with pytest.raises((errors.ReadOnly, errors.DiskError)):
        backup.make(small / "clinic.db", KEY, small / "backups", AT)
    assert backup.prove(small / "clinic.db", KEY, AT).ok


AS_NOBODY = """
    import os, sys
    sys.path[:0] = {path!r}
    from pathlib import Path
    from datetime import datetime
    from db import backup, errors
    # as root once, so that everything is loaded: the interpreter itself may lie where others may not read
    backup.prove(Path({place!r}), bytes(range(32)), datetime.fromisoformat({at!r}))
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
    place, at = Path({place!r}), datetime.fromisoformat({at!r})
    for folder in (place.parent / "backups", place.parent):
        try:
            backup.make(place, bytes(range(32)), folder, at)
        except errors.ReadOnly:
            print("read-only")
    try:
        backup.restore(Path({made!r}), place, bytes(range(32)), at)
    except errors.ReadOnly:
        print("read-only")
"""


@needs_root
def test_a_folder_of_somebody_else_is_said(place: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As a user who may read everything here and write nothing."""
    folder = Path("/var/tmp") / f"replete-{os.getpid()}"
    folder.mkdir(mode=0o755)
    try:
        clinic = folder / "clinic.db"
        shutil.copy(place.path, clinic)
        give_vault(clinic)
        (folder / "stick").mkdir()
        made = backup.make(clinic, KEY, folder / "stick", AT).backup.path
        for path in folder.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        script = AS_NOBODY.format(path=sys.path, place=str(clinic), at=AT.isoformat(), made=str(made))
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False
        )
        assert done.stdout.split() == ["read-only"] * 3, done.stderr
        assert vault.unlock(clinic, "ada", "secret") == KEY
    finally:
        shutil.rmtree(folder)
