"""Automatic backups in the program: made without being asked, told at the foot, gone without a trace when cut short."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from one_clinic import KEY, TODAY, Clinic, at

from db import audit, backup, vault
from db.models import User
from db.operations import set_second_backup_folder
from desktop.backups import Backups
from desktop.live import Live
from desktop.main_window import MainWindow


@pytest.fixture
def backups(one_clinic: Clinic) -> Iterator[Backups]:
    """The backups of a real clinic, whose user is its administrator; nothing begins by itself within a test."""
    with one_clinic.database.write() as session:
        session.get_one(User, 1).role = "administrator"
        audit.record(session, at(TODAY), "change-role", "user_account", 1)
    vault.create(one_clinic.database.path, "somebody", "else")
    vault.add_user(one_clinic.database.path, KEY, "ada", "secret")
    made = Backups(one_clinic.database, one_clinic.tasks, one_clinic.parts.clock, soon_ms=10_000_000)
    yield made
    made.close()


def found(one_clinic: Clinic) -> tuple[backup.Backup, ...]:
    path = one_clinic.database.path
    return backup.listed(backup.folder_of(path), path.stem)


def test_a_backup_is_made_told_and_not_repeated(one_clinic: Clinic, backups: Backups) -> None:
    heard: list[bool] = []
    backups.changed.connect(lambda: heard.append(backups.state.running))
    assert backups.fact(at(TODAY).at) == "no backup yet"
    backups.look()
    assert backups.wait_idle()
    assert heard == [True, False]
    (made,) = found(one_clinic)
    assert backups.state.newest == made
    local = at(TODAY).at.astimezone()
    assert backups.fact(at(TODAY).at) == f"Last verified backup {local:%H:%M}"
    backups.look()
    assert backups.wait_idle()
    assert found(one_clinic) == (made,)


def test_old_and_failing_backups_are_said(one_clinic: Clinic, backups: Backups) -> None:
    backups.now()
    assert backups.wait_idle()
    later = at(TODAY).at + timedelta(hours=25)
    assert "more than a day old" in backups.fact(later)
    vault.vault_path(one_clinic.database.path).unlink()
    backups.now()
    assert backups.wait_idle()
    assert backups.state.error == "missing-vault"
    assert "Backup failed" in backups.fact(at(TODAY).at)
    assert ".vault" in backups.fact(at(TODAY).at)


def test_an_answer_that_comes_after_the_end_begins_nothing(backups: Backups, one_clinic: Clinic) -> None:
    before = len(_listed(one_clinic))
    backups.now()
    backups.close()
    assert one_clinic.tasks.wait_idle(20_000)
    assert len(_listed(one_clinic)) == before


def _listed(clinic: Clinic) -> list[object]:
    path = clinic.database.path
    return list(backup.listed(path.parent / "backups", path.stem))


def test_second_folder_of_the_record_is_used_and_its_absence_said(
    one_clinic: Clinic, backups: Backups, tmp_path: Path
) -> None:
    second = tmp_path / "stick"
    one_clinic.tasks.write(set_second_backup_folder, str(second), at(TODAY), 0)
    backups.look()
    assert backups.wait_idle()
    assert backups.state.second_failed == "missing-folder"
    assert "second backup folder" in backups.fact(at(TODAY).at)
    second.mkdir()
    backups.look()
    assert backups.wait_idle()
    assert backups.state.second_failed is None
    assert len(backup.listed(second, one_clinic.database.path.stem)) == 1


def test_closing_in_the_middle_leaves_nothing(one_clinic: Clinic, backups: Backups) -> None:
    backups.now()
    assert one_clinic.tasks.wait_idle()
    backups.close()
    folder = backup.folder_of(one_clinic.database.path)
    left = list(folder.iterdir()) if folder.exists() else []
    assert [path for path in left if path.suffix == ".part"] == []
    assert len(left) in (0, 2)
    backups.look()
    assert not backups.state.running or left is not None


def test_how_far_it_is_is_told_and_somebody_stops_it(one_clinic: Clinic, backups: Backups) -> None:
    told: list[tuple[int, int]] = []
    backups.progressed.connect(lambda done, of: told.append((done, of)))
    backups.now()
    assert backups.wait_idle()
    assert told
    assert all(0 <= done <= of for done, of in told)
    before = found(one_clinic)
    backups.now()
    assert one_clinic.tasks.wait_idle()
    assert backups.state.running
    backups.stop()
    assert not backups.state.running
    assert backups.wait_idle()
    assert not list(backup.folder_of(one_clinic.database.path).glob("*.part"))
    assert backups.state.newest == before[0], "what was stopped is not told as made"
    backups.now()
    assert backups.wait_idle()
    assert backups.state.error is None


def test_drill_goes_on_record(one_clinic: Clinic, backups: Backups) -> None:
    from db.queries.backups import last_drill

    told: list[backup.Drill] = []
    backups.now()
    assert backups.wait_idle()
    backups.drill(told.append)
    assert backups.wait_idle()
    assert one_clinic.tasks.wait_idle()
    assert [drill.ok for drill in told] == [True]
    with one_clinic.database.read() as session:
        last = last_drill(session)
    assert last is not None
    assert last.ok
    assert last.backup == told[0].backup.path.name


def test_the_foot_says_it(one_clinic: Clinic, backups: Backups) -> None:
    window = MainWindow(one_clinic.parts)
    live = Live(window, one_clinic.parts, backups.foot)
    backups.changed.connect(live.show_foot)
    backups.now()
    assert backups.wait_idle()
    assert any(fact.startswith("Last verified backup") for fact in window.foot._facts.facts())
    vault.vault_path(one_clinic.database.path).unlink()
    backups.now()
    assert backups.wait_idle()
    assert window.foot._facts.facts()[0].startswith("Backup failed")
    assert window.foot.said().startswith("Backup failed")
    window.deleteLater()


def test_only_files_of_real_clinics_are_backed_up_here(one_clinic: Clinic) -> None:
    """A server makes its own; the worker of backups opens files and nothing else."""

    class OnServer:
        is_server, key, path = True, KEY, one_clinic.database.path

    with pytest.raises(ValueError, match="server"):
        Backups(OnServer(), one_clinic.tasks, one_clinic.parts.clock)  # type: ignore[arg-type]


def test_a_fault_before_the_first_page_is_said_and_the_next_round_begins(
    one_clinic: Clinic, backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_session: object) -> str:
        raise ValueError("a fault of the program")

    with monkeypatch.context() as broken:
        broken.setattr("desktop.backups.second_folder", breaks)
        backups.now()
        assert backups.wait_idle()
    assert [type(one) for one in one_clinic.bugs] == [ValueError]
    one_clinic.bugs.clear()
    assert not backups.state.running
    assert backups.state.error == "disk-error"
    backups.now()
    assert backups.wait_idle()
    assert backups.state.error is None
    assert found(one_clinic)
