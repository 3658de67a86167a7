"""A clinic moved from a file to a server and back: every row, the audit chain, and who may log in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from running_clinic import ADMINISTRATOR, COORDINATOR, RunningClinic, day, panel, set_up, stamp
from sqlalchemy import text

from db import audit, errors, invariants, migrations, move, opening, server, vault
from db import operations as ops
from db.engine import Database
from db.place import ServerAddress

PASSWORD = "correct horse"


@pytest.fixture
def clinic(tmp_path: Path) -> Any:
    """A clinic file with somebody under follow-up, somebody who died, a letter and a decision, and its password."""
    database, recovery = opening.create_clinic_file(tmp_path / "clinic.replete", "ann", PASSWORD)
    set_up(database)
    work = RunningClinic(database)
    first = work.reviewed()
    work.decide(first.course_id or 0, 50)
    second = work.register(surname="O\u2019Brien-Łukasz", given="Zoë")
    work.do(ops.end_follow_up, second.patient_id, "deceased", day(51), "a note\nof two lines", on=51)
    yield database, recovery
    database.close()


def moved_in(database: Database, today: int) -> None:
    """Every promise holds, and work goes on."""
    work = RunningClinic(database)
    work.check(today)
    made = work.register(on=today, surname="Newcomer")
    work.store(made.patient_id or 0, today, *panel(today, "101"))


def test_there_and_back_again(clinic: Any, empty: ServerAddress, tmp_path: Path) -> None:
    database, recovery = clinic
    told: list[tuple[str, int]] = []
    there = move.move(
        database, empty, stamp(60, ADMINISTRATOR), lambda table, rows: told.append((table, rows))
    )
    assert dict(told) == there.rows
    assert there.rows["patient"] == 2
    assert there.rows["audit"] == there.head.rows
    with database.read() as session:
        assert audit.head(session) == there.head

    on_server, user = opening.open_clinic(empty, "ann", PASSWORD)
    assert user is not None
    assert vault.unlock_with_recovery(empty, recovery) == database.key
    with on_server.read() as session:
        assert audit.head(session) == there.head
        assert all(one.ok for one in invariants.check(session, day(60)))
    moved_in(on_server, 61)

    target = tmp_path / "back.replete"
    back = move.move(on_server, target, stamp(62, ADMINISTRATOR))
    on_server.close()
    again, user = opening.open_clinic(target, "ann", PASSWORD)
    assert user is not None
    with again.read() as session:
        assert audit.head(session) == back.head
        assert audit.verify(session).ok
        names = session.execute(text("SELECT surname FROM patient ORDER BY id")).scalars().all()
    assert names == ["Marsh", "O\u2019Brien-Łukasz", "Newcomer"]
    moved_in(again, 63)
    again.close()


def test_guards_stand_again_after_the_move(clinic: Any, empty: ServerAddress) -> None:
    move.move(clinic[0], empty, stamp(60, ADMINISTRATOR))
    with server.maintenance(empty) as connection:
        disabled = connection.execute(
            text("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        ).scalar_one()
        assert disabled == 0
        assert "audit_never_changed" in migrations.triggers(connection)


def test_only_an_administrator_moves_a_clinic(clinic: Any, empty: ServerAddress) -> None:
    with pytest.raises(errors.Refused, match="not-your-role"):
        move.move(clinic[0], empty, stamp(60, COORDINATOR))


def test_a_place_that_is_not_empty_is_refused(clinic: Any, empty: ServerAddress, tmp_path: Path) -> None:
    move.move(clinic[0], empty, stamp(60, ADMINISTRATOR))
    with pytest.raises(errors.AlreadyExists):
        move.move(clinic[0], empty, stamp(60, ADMINISTRATOR))
    taken = tmp_path / "taken.replete"
    taken.write_text("mine")
    with pytest.raises(errors.AlreadyExists):
        move.move(clinic[0], taken, stamp(60, ADMINISTRATOR))
    assert taken.read_text() == "mine"


def test_a_copy_that_differs_is_taken_back(
    clinic: Any, empty: ServerAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that is read from the old place is written otherwise into the new one: found, and undone."""
    whole = move._copy_table

    def spoilt(session: Any, connection: Any, table: Any) -> tuple[int, str]:
        found = whole(session, connection, table)
        if table.name == "patient":
            connection.execute(text("UPDATE patient SET given = 'Eve' WHERE id = 1"))
        return found

    monkeypatch.setattr(move, "_copy_table", spoilt)
    for target in (empty, tmp_path / "copy.replete"):
        with pytest.raises(errors.Refused, match="moved-differs") as caught:
            move.move(clinic[0], target, stamp(60, ADMINISTRATOR))
        assert caught.value.values["table"] == "patient"
    assert not list(tmp_path.glob("copy*"))
    monkeypatch.undo()
    assert move.move(clinic[0], empty, stamp(60, ADMINISTRATOR)).rows["patient"] == 2


def test_a_broken_chain_is_not_moved(
    clinic: Any, empty: ServerAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = audit.verify
    monkeypatch.setattr(audit, "verify", lambda session: replace(verify(session), ok=False))
    with pytest.raises(errors.Damaged, match="audit-broken"):
        move.move(clinic[0], empty, stamp(60, ADMINISTRATOR))
