"""The recovery ladder: what each rung would give is told before it is taken, and nothing is removed."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from backed_clinic import AT, PAGE, Place, damage, placed
from conftest import KEY, Rows

from db import backup, errors, recovery, vault
from db.recovery import Rung


@pytest.fixture
def place(path: Path, rows: Rows) -> Place:
    """A closed clinic with one patient and its vault."""
    return placed(path, rows)


def climbed(place: Place) -> dict[str, Rung]:
    return {rung.kind: rung for rung in recovery.climb(place.path, KEY, AT)}


def files(place: Place) -> dict[str, bytes]:
    """Everything in the clinic's folder."""
    return {p.name: p.read_bytes() for p in place.path.parent.iterdir() if p.is_file()}


def leave_log(place: Place) -> None:
    """Another program writes without folding its log in, and dies."""
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


def test_a_whole_file_is_its_own_best_way(place: Place) -> None:
    before = files(place)
    rungs = climbed(place)
    assert rungs["as-it-is"].whole
    assert rungs["as-it-is"].lost == 0
    assert rungs["without-log"].failed == "no-log"
    assert rungs["backup"].failed == "no-backup"
    found = recovery.best(tuple(rungs.values()))
    assert found is not None
    assert found.kind == "as-it-is"
    recovery.forget(place.path)
    assert files(place) == before


def test_a_copy_is_on_the_disk_before_it_takes_the_place(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_log(place)
    rung = climbed(place)["without-log"]
    synced: list[Path] = []
    with monkeypatch.context() as patch:
        patch.setattr(recovery, "sync_file", synced.append)
        recovery.take(rung, place.path, KEY, AT)
    assert synced == [rung.copy]
    assert not rung.copy.exists()


@pytest.mark.parametrize("index", ["ix_audit_by_patient", "sqlite_autoindex_audit_1"])
def test_a_damaged_index_is_made_anew_and_nothing_is_lost(place: Place, index: str) -> None:
    place.register()
    place.damage(place.root_of(index))
    before = files(place)
    rungs = climbed(place)
    assert not rungs["as-it-is"].whole
    assert rungs["reindexed"].whole
    assert rungs["reindexed"].lost == 0
    assert files(place) == before, "shown before it is done"
    best = recovery.best(tuple(rungs.values()))
    assert best is rungs["reindexed"]
    done = recovery.take(best, place.path, KEY, AT, login="ada")
    assert done.proof.ok
    assert place.patients() == 2
    assert done.kept[0].read_bytes() == before["clinic.db"]
    assert not recovery.work_folder(place.path).exists()
    assert vault.unlock(place.path, "ada", "secret") == KEY


def test_a_damaged_table_leads_to_the_newest_whole_backup_and_says_what_is_lost(place: Place) -> None:
    old = backup.make(place.path, KEY, place.backups, AT - timedelta(days=2)).backup
    place.register()
    newer = backup.make(place.path, KEY, place.backups, AT - timedelta(days=1)).backup
    for _ in range(3):
        place.register()
    place.damage(place.root_of("patient"))
    damage(newer.path, 40)
    rungs = climbed(place)
    assert not rungs["as-it-is"].usable
    assert not rungs["reindexed"].usable
    best = recovery.best(tuple(rungs.values()))
    assert best is rungs["backup"]
    assert best is not None
    assert best.backup == old, "a newer backup that is damaged itself is passed over"
    assert best.lost == 4
    assert best.proof is not None
    assert best.proof.counts["patient"] == 1
    assert best.proof.last_at == AT
    done = recovery.take(best, place.path, KEY, AT)
    assert done.proof.ok
    assert place.patients() == 1


def test_a_stale_log_is_left_out(place: Place) -> None:
    """The log of a later state beside an older file, as after copying a file over: without it the file is whole."""
    older = place.path.read_bytes()
    leave_log(place)
    log = place.path.with_name("clinic.db-wal")
    frames = bytearray(log.read_bytes())
    assert len(frames) > PAGE
    place.path.write_bytes(older)
    rungs = climbed(place)
    assert rungs["without-log"].whole
    done = recovery.take(rungs["without-log"], place.path, KEY, AT)
    assert done.proof.ok
    assert not log.exists()
    assert any(path.read_bytes() == bytes(frames) for path in done.kept if path.name.endswith("-wal"))


def test_a_file_that_is_gone_comes_back_from_another_folder(place: Place, tmp_path: Path) -> None:
    second = tmp_path / "stick"
    second.mkdir()
    made = backup.round_of(place.path, KEY, AT, second).made
    assert made is not None
    for path in (made.path, vault.vault_path(made.path), vault.vault_path(place.path), place.path):
        path.unlink()
    found = {r.kind: r for r in recovery.climb(place.path, KEY, AT, folders=(second,))}
    assert list(found) == ["backup"]
    done = recovery.take(found["backup"], place.path, KEY, AT)
    assert done.proof.ok
    assert vault.unlock(place.path, "ada", "secret") == KEY


def test_nothing_usable_is_told_and_cannot_be_taken(place: Place) -> None:
    for page in (1, 2, 3):
        place.damage(page)
    rungs = climbed(place)
    assert recovery.best(tuple(rungs.values())) is None
    for rung in rungs.values():
        assert not rung.usable
        with pytest.raises(errors.Refused, match="rung-not-usable"):
            recovery.take(rung, place.path, KEY, AT)


def test_a_copy_that_was_changed_since_is_not_taken(place: Place) -> None:
    rung = climbed(place)["as-it-is"]
    place.register()
    rung.copy.write_bytes(place.path.read_bytes())
    before = place.path.read_bytes()
    with pytest.raises(errors.Refused, match="rung-not-usable"):
        recovery.take(rung, place.path, KEY, AT)
    assert place.path.read_bytes() == before


def test_stopping_in_the_middle_leaves_no_copies(place: Place) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise StoppedError

    before = files(place)
    with pytest.raises(StoppedError):
        recovery.climb(place.path, KEY, AT, progress=stop)
    assert files(place) == before
    assert not recovery.work_folder(place.path).exists()
