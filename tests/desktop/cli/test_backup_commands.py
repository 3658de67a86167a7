"""`replete backup`, `restore` and `check` as a nightly job meets them: statuses, JSON, sentences, never a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_clinic import Made

from db import vault
from desktop.cli.status import Status
from desktop.one_instance import lock

Run = Callable[..., tuple[int, str, str]]
PAGE = 4096


@pytest.fixture
def own(clinic: Made, tmp_path: Path) -> Made:
    """A copy of the clinic for one test, opened by its administrator."""
    folder = tmp_path / "own"
    folder.mkdir()
    path = folder / clinic.path.name
    shutil.copy(clinic.path, path)
    shutil.copy(vault.vault_path(clinic.path), vault.vault_path(path))
    password = folder / "password.txt"
    password.write_text("sample-ines\n")
    return Made(path, password, clinic.said)


def damage(path: Path, page: int) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE + 700)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 4]))


def test_backup_check_and_restore(replete: Run, own: Made, tmp_path: Path) -> None:
    options = own.options("ines")
    target = tmp_path / "mine.backup"
    status, out, _ = replete("backup", target, "--json", *options)
    said = json.loads(out)
    assert status == 0
    assert said["ok"]
    assert Path(said["backup"]) == target
    assert Path(said["vault"]).is_file()
    status, out, _ = replete("check", "--json", *options)
    checked = json.loads(out)
    assert status == 0
    assert checked["ok"] is True
    assert [one["id"] for one in checked["invariants"]] == list(range(1, 19))
    assert all(set(one) >= {"id", "ok", "count", "detail"} for one in checked["invariants"])
    assert checked["audit"]["ok"]
    assert checked["audit"]["rows"] == said["audit"]["rows"]
    former = own.path.read_bytes()
    status, out, err = replete("restore", target, "--json", *options)
    restored = json.loads(out)
    assert status == 0, err
    assert restored["ok"]
    assert Path(restored["kept"][0]).read_bytes() == former
    assert replete("worklist", "today", *options)[0] == 0
    assert replete("check", *options)[0] == 0


def test_check_reports_a_damaged_page_as_what_it_is(replete: Run, own: Made) -> None:
    pages = own.path.stat().st_size // PAGE
    damage(own.path, pages // 2)
    status, out, err = replete("check", "--json", *own.options("ines"))
    said = json.loads(out)
    assert status == Status.LOOK
    assert said["ok"] is False
    assert said["file"]["pages"] == [pages // 2]
    assert [one["id"] for one in said["invariants"]] == list(range(1, 19))
    assert "Traceback" not in err
    status, out, err = replete("check", *own.options("ines"))
    assert status == Status.LOOK
    assert "Pages of the file that were damaged or changed from outside: 1." in out


def test_what_cannot_be_asked_of_a_damaged_file_is_said_once(replete: Run, own: Made) -> None:
    """One sentence and what to do now for people; every promise by its number for programs."""
    damage(own.path, own.path.stat().st_size // PAGE // 2)
    status, out, _ = replete("check", *own.options("ines"))
    assert status == Status.LOOK
    assert "cannot be read)" not in out
    assert out.count("`replete restore --ladder`") == 1
    status, out, _ = replete("check", "--json", *own.options("ines"))
    said = json.loads(out)
    assert (status, said["ok"], said["audit"]["ok"]) == (1, False, False)
    assert [one["id"] for one in said["invariants"]] == list(range(1, 19))


def test_a_backup_into_a_folder_that_is_not_there_writes_nothing(
    replete: Run, own: Made, tmp_path: Path
) -> None:
    """The folder of a stick that is not plugged in: made, it would be on the computer's own disk."""
    for wanted in (f"{tmp_path}/stick/x.backup", f"{tmp_path}/stick/"):
        status, out, err = replete("backup", wanted, *own.options("ines"))
        assert (status, out) == (Status.MISSING_FOLDER, "")
        assert "There is no folder" in err
        assert not (tmp_path / "stick").exists()


def test_a_damaged_backup_is_told_from_a_damaged_clinic(replete: Run, own: Made, tmp_path: Path) -> None:
    target = tmp_path / "mine.backup"
    assert replete("backup", target, *own.options("ines"))[0] == 0
    before, whole = own.path.read_bytes(), target.read_bytes()
    for page in (1, len(whole) // PAGE // 2):
        target.write_bytes(whole)
        damage(target, page)
        status, _, err = replete("restore", target, *own.options("ines"))
        assert status == 2
        assert "This backup is damaged. The clinic was not touched" in err, page
        assert "`replete restore --list`" in err
        assert own.path.read_bytes() == before


def test_a_list_of_a_record_that_is_not_right_says_so(replete: Run, own: Made) -> None:
    """The list is made all the same; the nightly job learns that a person must look."""
    from db.backup.making import connect

    key = vault.unlock(own.path, "ines", "sample-ines")
    assert replete("worklist", "today", "--json", *own.options("ines"))[0::2] == (0, "")
    driver = connect(own.path, key)
    asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
    for (name,) in driver.execute(asked).fetchall():
        driver.execute(f"DROP TRIGGER {name}")
    driver.execute("UPDATE audit SET detail = '{}' WHERE id = (SELECT max(id) FROM audit)")
    driver.close()
    status, out, err = replete("worklist", "today", "--json", *own.options("ines"))
    assert status == Status.LOOK
    assert isinstance(json.loads(out), list)
    assert len(err.strip().splitlines()) == 1
    assert "`replete check`" in err


def test_check_of_what_cannot_be_opened_is_two(replete: Run, own: Made) -> None:
    damage(own.path, 1)
    status, out, err = replete("check", "--json", *own.options("ines"))
    assert (status, out) == (2, "")
    assert "cannot be read" in err
    own.path.write_bytes(b"")
    assert replete("check", *own.options("ines"))[0] == 2
    own.path.unlink()
    assert replete("check", *own.options("ines"))[0] == 2


def test_every_page_damaged_in_turn_is_reported(replete: Run, own: Made) -> None:
    """A sample of the pages all over the file: found out each time, and never a traceback."""
    whole = own.path.read_bytes()
    pages = len(whole) // PAGE
    for page in (2, 3, pages // 3, 2 * pages // 3, pages):
        own.path.write_bytes(whole)
        damage(own.path, page)
        status, _, err = replete("check", *own.options("ines"))
        assert status in (1, 2), page
        assert "Traceback" not in err


def test_wrong_password_and_no_user(replete: Run, own: Made, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not it")
    options = ["--database", str(own.path), "--user", "ines", "--password-file", str(wrong)]
    for command in (("check",), ("backup", tmp_path / "b")):
        assert replete(*command, *options)[0] == Status.WRONG_KEY
    assert not (tmp_path / "b").exists()
    assert replete("check", "--database", own.path)[0] == 2


def test_restore_refuses_while_another_replete_is_open(replete: Run, own: Made, tmp_path: Path) -> None:
    target = tmp_path / "mine.backup"
    replete("backup", target, *own.options("ines"))
    before = own.path.read_bytes()
    held = lock(own.path)
    try:
        status, _, err = replete("restore", target, *own.options("ines"))
        assert status == Status.IN_USE
        assert "open in another Replete" in err
        assert own.path.read_bytes() == before
        # looking at it is possible meanwhile, and so is a backup
        assert replete("check", *own.options("ines"))[0] == 0
        assert replete("backup", tmp_path / "another.backup", *own.options("ines"))[0] == 0
    finally:
        held.unlock()


def test_a_clinic_that_is_open_is_not_moved(replete: Run, own: Made, tmp_path: Path) -> None:
    """What is saved in the window meanwhile would stay behind."""
    target = tmp_path / "moved.replete"
    given = ("move", "--from", own.path, "--to", target, *own.options("ines")[2:])
    held = lock(own.path)
    try:
        status, _, err = replete(*given)
        assert (status, target.exists()) == (Status.IN_USE, False)
        assert "open in another Replete" in err
    finally:
        held.unlock()
    assert replete(*given)[0] == 0
    assert target.exists()


def test_restore_of_rubbish_changes_nothing(replete: Run, own: Made, tmp_path: Path) -> None:
    target = tmp_path / "mine.backup"
    replete("backup", target, *own.options("ines"))
    before = own.path.read_bytes()
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(b"no backup at all")
    cut = tmp_path / "cut.backup"
    cut.write_bytes(target.read_bytes()[:-PAGE])
    shutil.copy(vault.vault_path(target), vault.vault_path(cut))
    for file in (rubbish, cut, tmp_path / "none"):
        status, out, err = replete("restore", file, *own.options("ines"))
        assert status == 2, err
        assert out == ""
        assert err
        assert own.path.read_bytes() == before
    assert replete("restore", *own.options("ines"))[0] == 2


def test_restored_to_another_computer_from_the_two_files_alone(
    replete: Run, own: Made, tmp_path: Path
) -> None:
    target = tmp_path / "stick" / "mine.backup"
    target.parent.mkdir()
    replete("backup", target, *own.options("ines"))
    new = tmp_path / "new computer"
    new.mkdir()
    options = ["--database", new / "clinic.replete", "--user", "ines", "--password-file", own.password]
    status, _, err = replete("restore", target, *options)
    assert status == 0, err
    assert replete("check", *options)[0] == 0
    assert replete("restore", target, "--database", tmp_path / "nowhere" / "c", *options[2:])[0] == 5


def test_ladder_shows_and_takes(replete: Run, own: Made, tmp_path: Path) -> None:
    folder = own.path.parent / "backups"
    folder.mkdir()
    assert replete("backup", folder, *own.options("ines"))[0] == 0
    damage(own.path, own.path.stat().st_size // PAGE // 2)
    damaged = own.path.read_bytes()
    status, out, err = replete("restore", "--ladder", "--json", *own.options("ines"))
    ways = {way["way"]: way for way in json.loads(out)}
    assert status == Status.LOOK
    assert list(ways) == ["as-it-is", "without-log", "reindexed", "backup"]
    assert ways["backup"]["whole"]
    assert ways["backup"]["patients"] == 40
    assert sum(way["proposed"] for way in ways.values()) == 1
    assert own.path.read_bytes() == damaged
    status, out, _ = replete("restore", "--ladder", *own.options("ines"))
    assert "The newest backup that is whole" in out
    assert replete("restore", "--take", "without-log", *own.options("ines"))[0] == 2
    status, out, err = replete("restore", "--take", "backup", "--json", *own.options("ines"))
    assert status == 0, err
    assert Path(json.loads(out)["kept"][0]).read_bytes() == damaged
    assert replete("check", *own.options("ines"))[0] == 0
    assert not [p for p in own.path.parent.iterdir() if p.name.endswith((".recovery", ".restoring"))]


def test_list_and_drill(replete: Run, own: Made) -> None:
    status, out, _ = replete("restore", "--list", *own.options("ines"))
    assert status == 0
    assert "No backups" in out
    status, out, _ = replete("check", "--drill", *own.options("ines"))
    assert status == Status.LOOK
    assert "right  18" in out, "the check itself is made"
    assert "WRONG  Restore drill: there is no backup to try" in out
    status, out, _ = replete("check", "--drill", "--json", *own.options("ines"))
    said = json.loads(out)
    assert (status, said["ok"], said["drill"]["problems"]) == (1, False, ["no-backup"])
    assert all(one["ok"] for one in said["invariants"])
    folder = own.path.parent / "backups"
    folder.mkdir()
    replete("backup", folder, *own.options("ines"))
    status, out, _ = replete("restore", "--list", "--json", *own.options("ines"))
    assert len(json.loads(out)) == 1
    status, out, err = replete("check", "--drill", "--json", *own.options("ines"))
    assert status == 0, err
    assert json.loads(out)["drill"]["ok"]
    # a nurse may look whether the record is whole, but drills are the administrator's
    own.password.write_text("sample-ana\n")
    assert replete("check", *own.options("ana"))[0] == 0


def test_synchronised_folders_are_refused_and_the_override_is_on_record(
    replete: Run, own: Made, tmp_path: Path
) -> None:
    folder = tmp_path / "Dropbox"
    shutil.copytree(own.path.parent, folder)
    options = ["--database", folder / own.path.name, "--user", "ines", "--password-file", own.password]
    status, out, err = replete("worklist", "today", *options)
    assert status == Status.CANNOT_WRITE
    assert out == ""
    assert "Dropbox" in err
    assert "--allow-synced-folder" in err
    assert replete("worklist", "today", "--allow-synced-folder", *options)[0] == 0
    from sqlalchemy import select

    from db.models import AuditRow
    from db.opening import open_clinic

    database, _ = open_clinic(folder / own.path.name, "ines", "sample-ines")
    with database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "open-in-unsafe-place")).all()
        assert [row.detail["what"] for row in rows] == ["Dropbox"]
    database.close()


def test_whoever_takes_a_copy_or_puts_one_back_stands_in_the_audit(
    replete: Run, clinic: Made, own: Made, tmp_path: Path
) -> None:
    """Anybody may, so that no clinic is without a copy or without help; the audit names them."""
    from db.engine import Database
    from db.queries.audit import AuditFilter, audit_page

    target = tmp_path / "mine.backup"
    told = next(user for user in clinic.said["users"] if user["role"] == "coordinator")
    own.password.write_text(told["password"] + "\n")
    assert replete("backup", target, *own.options(told["name"]))[0] == 0
    assert replete("restore", target, *own.options(told["name"]))[0] == 0
    database = Database.open(own.path, vault.unlock(own.path, told["name"], told["password"]))
    with database.read() as session:
        for action in ("export-backup", "restore"):
            [entry] = audit_page(session, AuditFilter(actions=(action,))).entries
            assert entry.user_name == told["full_name"]
    database.close()
