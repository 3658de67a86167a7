"""Restoring: proved before anything is touched, nothing removed, and no log of another file played into it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from backed_clinic import AT, PAGE, Place, bare, damage, placed
from conftest import KEY, Rows
from sqlalchemy import select

from db import backup, errors, opening, regain, vault
from db.backup import restoring
from db.engine import Database
from db.models import AuditRow


@pytest.fixture
def place(path: Path, rows: Rows) -> Place:
    """A closed clinic with one patient and its vault."""
    return placed(path, rows)


@pytest.fixture
def made(place: Place) -> Path:
    """A backup with one patient; a second one was registered since."""
    path = backup.make(place.path, KEY, place.backups, AT).backup.path
    place.register()
    return path


def state(place: Place) -> dict[str, bytes]:
    """Everything in the clinic's folder but the backups."""
    return {p.name: p.read_bytes() for p in place.path.parent.iterdir() if p.is_file()}


def test_restored_is_what_was_backed_up_and_the_former_file_is_kept(place: Place, made: Path) -> None:
    former = place.path.read_bytes()
    done = backup.restore(made, place.path, KEY, AT + timedelta(hours=1), login="ADA")
    assert place.patients() == 1
    assert done.proof.ok
    kept = {path.name: path for path in done.kept}
    assert sorted(kept) == [
        "clinic.db.replaced-20260302T113000Z",
        "clinic.db.replaced-20260302T113000Z.vault",
    ]
    assert kept["clinic.db.replaced-20260302T113000Z"].read_bytes() == former
    database, user = opening.open_clinic(place.path, "ada", "secret")
    assert user is not None
    with database.read() as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
        assert row is not None
        assert (row.action, row.user_id, row.detail["from"]) == ("restore", 1, made.name)
    database.close()


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_stale_log_is_not_played_into_the_restored_file(place: Place, made: Path, ending: str) -> None:
    """The log of the later state lies beside the file, as after a crash; restored over it, it would destroy."""
    if ending == "-wal":
        leave_log(place)
    else:
        place.path.with_name(place.path.name + ending).write_bytes(b"\x00" * PAGE)
    assert place.path.with_name(place.path.name + ending).stat().st_size > 0
    done = backup.restore(made, place.path, KEY, AT)
    assert not place.path.with_name(place.path.name + ending).exists()
    assert any(path.name.endswith(ending) for path in done.kept)
    assert backup.prove(place.path, KEY, AT, outside=True).ok
    assert place.patients() == 1


def leave_log(place: Place) -> None:
    """Let another program write and die without folding its log in."""
    script = f"""
        import os, sys
        sys.path[:0] = {sys.path!r}
        from pathlib import Path
        from backed_clinic import bare
        connection = bare(Path({str(place.path)!r}))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        for day in range(1, 29):
            connection.execute("INSERT INTO closed_day (day, reason) VALUES (?, 'x')", (f"2030-01-{{day:02}}",))
        os._exit(0)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)


def test_truncated_backups_are_refused_and_touch_nothing(place: Place, made: Path) -> None:
    before, whole = state(place), made.read_bytes()
    for size in (0, 100, PAGE, PAGE * 10, len(whole) - PAGE, len(whole) - 1):
        made.write_bytes(whole[:size])
        with pytest.raises((errors.Damaged, errors.NotADatabase, errors.WrongKey)):
            backup.restore(made, place.path, KEY, AT)
        assert state(place) == before


def test_a_damaged_backup_is_refused_and_touches_nothing(place: Place, made: Path) -> None:
    before = state(place)
    damage(made, 30)
    with pytest.raises(errors.Damaged):
        backup.restore(made, place.path, KEY, AT)
    assert state(place) == before


def test_wrong_key_newer_schema_and_missing_files_touch_nothing(place: Place, made: Path) -> None:
    before = state(place)
    with pytest.raises(errors.WrongKey):
        backup.restore(made, place.path, bytes(32), AT)
    with pytest.raises(errors.MissingFile):
        backup.restore(made.with_name("none.backup"), place.path, KEY, AT)
    keys = vault.vault_path(made)
    content = keys.read_bytes()
    keys.unlink()
    with pytest.raises(errors.MissingFile):
        backup.restore(made, place.path, KEY, AT)
    assert state(place) == before
    keys.write_bytes(content)
    connection = bare(made)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(errors.NewerDatabase):
        backup.restore(made, place.path, KEY, AT)
    assert state(place) == before


def test_a_backup_under_the_name_of_another_is_refused(place: Place, made: Path) -> None:
    other = made.with_name(backup.name_of("clinic", AT, "f" * 12))
    shutil.copy(made, other)
    shutil.copy(vault.vault_path(made), vault.vault_path(other))
    with pytest.raises(errors.Refused, match="backup-misnamed"):
        backup.restore(other, place.path, KEY, AT)
    free = made.with_name("any other name")
    made.rename(free)
    vault.vault_path(made).rename(vault.vault_path(free))
    assert backup.restore(free, place.path, KEY, AT).proof.ok


def test_a_record_in_doubt_is_restored_only_when_that_is_said(place: Place) -> None:
    connection = place.bare()
    connection.execute("DROP TRIGGER audit_never_changed")
    connection.execute("UPDATE audit SET action = 'nothing' WHERE id = 1")
    connection.close()
    made = backup.make_as(place.path, KEY, place.path.with_name("by-hand.backup"), AT).backup.path
    with pytest.raises(errors.Refused, match="record-in-doubt"):
        backup.restore(made, place.path, KEY, AT)
    done = backup.restore(made, place.path, KEY, AT, accept_doubt=True)
    assert not done.proof.ok


def restores(place: Place) -> int:
    """How often the audit says that the record was restored."""
    connection = place.bare()
    try:
        query = "SELECT count(*) FROM audit WHERE action = 'restore'"
        return int(connection.execute(query).fetchone()[0])
    finally:
        connection.close()


def test_the_vault_of_a_restore_that_was_cut_is_not_taken_for_todays(place: Place, made: Path) -> None:
    left = place.path.with_name(place.path.name + restoring.PREPARED)
    vault.vault_path(left).write_bytes(b"of another backup")
    backup.restore(made, place.path, KEY, AT, take_vault=False)
    assert vault.unlock(place.path, "ada", "secret") == KEY


def test_the_recovery_key_ends_a_restore_that_was_cut_before_it_opens_the_clinic(
    place: Place, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = vault.new_recovery_key(place.path, KEY)

    class CutError(BaseException):
        pass

    def cut(_target: Path) -> bool:
        raise CutError

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "finish_restore", cut)
        with pytest.raises(CutError):
            backup.restore(made, place.path, KEY, AT, take_vault=False)
    database, _ = regain.recover(place.path, key, login_of(place), "another", AT)
    database.close()
    assert place.patients() == 1
    database, _ = opening.open_clinic(place.path, login_of(place), "another")
    database.close()
    assert backup.prove(place.path, KEY, AT, outside=True).ok


def login_of(place: Place) -> str:
    """The log-in name of the only user."""
    connection = place.bare()
    try:
        return str(connection.execute("SELECT login FROM user_account").fetchone()[0])
    finally:
        connection.close()


def test_to_an_empty_place_and_with_the_vault_of_today(place: Place, made: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "new computer"
    elsewhere.mkdir()
    done = backup.restore(made, elsewhere / "clinic.db", KEY, AT)
    assert done.kept == ()
    assert vault.unlock(elsewhere / "clinic.db", "ada", "secret") == KEY
    vault.add_user(place.path, KEY, "ada", "changed since")
    backup.restore(made, place.path, KEY, AT, take_vault=False)
    assert vault.unlock(place.path, "ada", "changed since") == KEY


def test_missing_folder_and_full_disk_leave_everything(place: Place, made: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.MissingFolder):
        backup.restore(made, tmp_path / "nowhere" / "clinic.db", KEY, AT)


@pytest.mark.parametrize("cut", range(16))
def test_cut_anywhere_it_is_the_old_file_or_the_opening_ends_it(
    place: Place, made: Path, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes at every rename and removal of a restore over a file with a log: 1 patient or 2, never a mix."""
    leave_log(place)
    steps = [0]

    class CutError(BaseException):
        pass

    def counted(name: str) -> None:
        real = getattr(Path, name)

        def act(self: Path, *given: object, **named: object) -> object:
            if self.parent == place.path.parent or place.path.parent == self:
                if steps[0] == cut:
                    raise CutError
                steps[0] += 1
            return real(self, *given, **named)

        monkeypatch.setattr(Path, name, act)

    # whatever an exception handler would do does not happen when the power is gone
    monkeypatch.setattr(restoring, "forget", lambda prepared: None)
    counted("replace")
    counted("unlink")
    finished = False
    try:
        backup.restore(made, place.path, KEY, AT)
        finished = True
    except CutError:
        pass
    monkeypatch.undo()
    assert finished == (cut == 15), "every step is cut once, and the last time nothing is"
    ready = place.path.with_name(place.path.name + restoring.NOTE).exists()
    database, _ = opening.open_clinic(place.path, "ada", "secret")
    database.close()
    assert place.patients() == (1 if finished or ready else place.patients())
    assert place.patients() in (1, 2)
    assert backup.prove(place.path, KEY, AT, outside=True).ok, "the audit knows that it was restored"
    if place.patients() == 1:
        assert restores(place) in (1, 2), "cut after it was noted, it is noted once more"
        assert not place.path.with_name(place.path.name + restoring.DONE).exists()
    assert Database.open(place.path, KEY).close() is None
