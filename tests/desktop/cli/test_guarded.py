"""The command line is no way around the guards of the window: wrong passwords, the lock of the file, private files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_clinic import ON, Made

from db import backup, vault
from db.errors import Refused, WrongKey
from desktop.cli.status import Status
from desktop.one_instance import lock

Run = Callable[..., tuple[int, str, str]]
GOLDEN = Path(__file__).parents[2] / "db" / "golden" / "schema-2.db"
GOLDEN_KEY = bytes(range(32))


@pytest.fixture
def own(clinic: Made, tmp_path: Path) -> Made:
    """A copy of the clinic for one test, opened by its administrator."""
    path = tmp_path / clinic.path.name
    shutil.copy(clinic.path, path)
    shutil.copy(vault.vault_path(clinic.path), vault.vault_path(path))
    password = tmp_path / "password.txt"
    password.write_text("sample-ines\n")
    return Made(path, password, clinic.said)


def test_wrong_passwords_close_every_command_even_to_the_right_one(
    replete: Run, own: Made, tmp_path: Path
) -> None:
    """They are counted in one place, whichever command was tried."""
    taken = tmp_path / "mine.backup"
    assert replete("backup", taken, *own.options("ines"))[0] == Status.DONE
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not it")
    guess = ("--database", own.path, "--user", "ines", "--password-file", wrong)
    commands: tuple[tuple[object, ...], ...] = (
        ("restore", taken), ("worklist", "today"), ("check",), ("backup", tmp_path / "more.backup"),
    )  # fmt: skip
    for command in commands[:3]:
        assert replete(*command, *guess)[0] == Status.WRONG_KEY, command
    before = own.path.read_bytes()
    for command in commands:
        status, out, err = replete(*command, *own.options("ines"))
        assert status not in (Status.DONE, Status.LOOK), command
        assert out == ""
        assert "Too many wrong passwords" in err, command
    assert own.path.read_bytes() == before
    assert not (tmp_path / "more.backup").exists()


def test_a_key_looked_for_in_backups_waits_longer_with_each_wrong_password(own: Made) -> None:
    at, waits = datetime.now(UTC), []
    for _ in range(6):
        for _ in range(3):
            with pytest.raises((WrongKey, Refused)):
                backup.find_key((own.path,), "ines", "not it", at=at)
        with pytest.raises(Refused) as closed:
            backup.find_key((own.path,), "ines", "sample-ines", at=at)
        assert closed.value.code == "wait-after-failures"
        waits.append(int(str(closed.value.values["seconds"])))
        at += timedelta(seconds=waits[-1])
    assert waits == [5, 15, 30, 60, 60, 60]
    assert backup.find_key((own.path,), "ines", "sample-ines", at=at).of == own.path


def test_an_older_file_that_is_open_elsewhere_is_left_as_it_is(replete: Run, tmp_path: Path) -> None:
    path, password = tmp_path / "clinic.replete", tmp_path / "password.txt"
    shutil.copy(GOLDEN, path)
    vault.create(path, "ines", "sample-ines")
    vault.add_user(path, GOLDEN_KEY, "ines", "sample-ines")
    password.write_text("sample-ines\n")
    options = ("--database", path, "--user", "ines", "--password-file", password)
    before = path.read_bytes()
    held = lock(path)
    try:
        status, out, err = replete("worklist", "today", *options)
        assert (status, out) == (Status.IN_USE, "")
        assert "Traceback" not in err
        assert path.read_bytes() == before
    finally:
        held.unlock()


def test_a_command_leaves_the_lock_to_whoever_has_it(replete: Run, own: Made) -> None:
    """A list is read beside the window; the window's lock is neither taken nor broken, and none is left behind."""
    held = lock(own.path)
    try:
        assert replete("worklist", "today", "--on", ON, *own.options("ines"))[0] == Status.DONE
        assert held.isLocked()
        assert Path(str(own.path) + ".lock").exists()
    finally:
        held.unlock()
    assert replete("worklist", "today", "--on", ON, *own.options("ines"))[0] == Status.DONE
    assert not Path(str(own.path) + ".lock").exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX systems")
@pytest.mark.parametrize("there_before", [False, True])
def test_a_list_in_a_file_is_for_its_owner_alone(
    replete: Run, clinic: Made, tmp_path: Path, there_before: bool
) -> None:
    before = os.umask(0)
    try:
        for form in ("csv", "xlsx", "pdf"):
            target = tmp_path / f"list.{form}"
            if there_before:
                target.write_text("an older list")
            replete("worklist", "overdue", "--on", ON, f"--{form}", target, *clinic.options())
            assert target.stat().st_mode & 0o777 == 0o600, form
        about = tmp_path / "list.csv-metadata.json"
        assert about.stat().st_mode & 0o777 == 0o600
        names = ["list.csv", about.name, "list.pdf", "list.xlsx"]
        assert sorted(file.name for file in tmp_path.iterdir()) == names
    finally:
        os.umask(before)
