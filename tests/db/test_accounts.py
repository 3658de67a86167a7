"""Users in record and vault: changed together, and whole after a cut at any place between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from clinical.protocol import load_protocol
from db import accounts, opening, queries, vault
from db import models as m
from db.engine import Database
from db.errors import Refused, StaleScreen, WrongKey
from db.operations import ClinicSettings, NewUser, set_up_clinic
from db.stamp import Stamp

DAY = date(2026, 3, 2)
FIRST = "correct horse battery"


def by(user_id: int = 1) -> Stamp:
    """A user at a fixed instant."""
    return Stamp(user_id, datetime(2026, 3, 2, 10, tzinfo=UTC), DAY)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the clinic lies."""
    return tmp_path / "clinic.replete"


@pytest.fixture
def clinic(path: Path) -> Iterator[Database]:
    """A clinic with vault and one administrator, Ann."""
    database, _ = opening.create_clinic_file(path, "ann", FIRST)
    with database.write() as session:
        new = NewUser("Ann Lee", "ann", "administrator")
        set_up_clinic(session, ClinicSettings("Fen Street"), new, by(0), load_protocol())
    yield database
    database.close()


def seen(clinic: Database, user_id: int) -> int:
    """The version of a user as a screen opened this moment shows it."""
    with clinic.read() as session:
        return session.get_one(m.User, user_id).version


def opens(path: Path, login: str, password: str) -> bool:
    """Whether the password opens the vault."""
    try:
        vault.unlock(path, login, password)
    except WrongKey:
        return False
    return True


def test_a_user_who_is_added_can_log_in(clinic: Database, path: Path) -> None:
    made = accounts.add_user(clinic, NewUser("Bo Ray", "bo", "clinician"), "a second password", by())
    database, user = opening.open_clinic(path, "Bo", "a second password")
    database.close()
    assert user is not None
    assert (user.id, user.role) == (made.created_id, "clinician")


def test_a_user_who_is_refused_leaves_no_password(clinic: Database, path: Path) -> None:
    before = vault.vault_path(path).read_bytes()
    for new in (NewUser("Ann Two", "ANN", "nurse"), NewUser("", "cy", "nurse"), NewUser("Cy", "cy", "king")):
        with pytest.raises(Refused):
            accounts.add_user(clinic, new, "whatever it is", by())
    with pytest.raises(Refused, match="empty-password"):
        accounts.add_user(clinic, NewUser("Cy", "cy", "nurse"), "", by())
    assert vault.vault_path(path).read_bytes() == before
    assert [entry.name for entry in path.parent.glob("*.next*")] == []


def test_only_an_administrator_adds_or_resets(clinic: Database, path: Path) -> None:
    made = accounts.add_user(clinic, NewUser("Bo Ray", "bo", "clinician"), "a second password", by())
    assert made.created_id is not None
    with pytest.raises(Refused, match="not-your-role"):
        accounts.reset_password(clinic, 1, "mine now", seen(clinic, 1), by(made.created_id))
    with pytest.raises(Refused, match="not-your-role"):
        accounts.add_user(clinic, NewUser("Cy", "cy", "nurse"), "pass word", by(made.created_id))
    assert opens(path, "ann", FIRST)


def test_own_password_wants_the_old_one(clinic: Database, path: Path) -> None:
    with pytest.raises(WrongKey):
        accounts.change_own_password(clinic, "not it", "another one here", by())
    assert opens(path, "ann", FIRST)
    accounts.change_own_password(clinic, FIRST, "another one here", by())
    assert opens(path, "ann", "another one here")
    assert not opens(path, "ann", FIRST)


def test_a_disabled_user_can_no_longer_open_anything_until_enabled(clinic: Database, path: Path) -> None:
    made = accounts.add_user(clinic, NewUser("Bo Ray", "bo", "clinician"), "a second password", by())
    assert made.created_id is not None
    with pytest.raises(StaleScreen):
        accounts.disable_user(clinic, made.created_id, 7, by())
    assert opens(path, "bo", "a second password")
    accounts.disable_user(clinic, made.created_id, 1, by())
    assert not opens(path, "bo", "a second password")
    accounts.enable_user(clinic, made.created_id, "a third password", 2, by())
    assert opens(path, "bo", "a third password")
    with clinic.read() as session:
        assert [(row.login, row.active) for row in queries.staff(session, DAY)] == [
            ("ann", True),
            ("bo", True),
        ]


class Cut(Exception):  # noqa: N818
    """The machine stops here."""


def stop(*_: object) -> None:
    raise Cut


def reopened(path: Path, login: str, password: str) -> None:
    """Log in as the window does."""
    database, _ = opening.open_clinic(path, login, password)
    accounts.settle(database)
    database.close()


def test_cut_before_the_record_is_saved_changes_nothing(
    clinic: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vault is written beside, the record is not: whoever logs in next drops it."""
    monkeypatch.setattr(accounts, "_drop_unless_named", stop)
    monkeypatch.setattr("db.operations.users.audit.record", stop)
    with pytest.raises(Cut):
        accounts.reset_password(clinic, 1, "never came to be", seen(clinic, 1), by())
    clinic.close()
    beside = vault.vault_path(path.with_name(path.name + ".next"))
    assert beside.is_file()
    monkeypatch.undo()
    reopened(path, "ann", FIRST)
    assert not beside.exists()
    assert opens(path, "ann", FIRST)
    assert not opens(path, "ann", "never came to be")


def test_cut_after_the_record_was_saved_changes_all(
    clinic: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record names the vault beside: whoever logs in next puts it in place."""
    accounts.add_user(clinic, NewUser("Bo Ray", "bo", "administrator"), "a second password", by())
    monkeypatch.setattr(accounts, "_take_place", stop)
    with pytest.raises(Cut):
        accounts.reset_password(clinic, 1, "came to be after all", seen(clinic, 1), by())
    clinic.close()
    assert opens(path, "ann", FIRST)
    monkeypatch.undo()
    reopened(path, "bo", "a second password")
    assert opens(path, "ann", "came to be after all")
    assert not opens(path, "ann", FIRST)
    assert [entry.name for entry in path.parent.glob("*.next*")] == []


def test_the_next_change_settles_what_was_cut(
    clinic: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.add_user(clinic, NewUser("Bo Ray", "bo", "administrator"), "a second password", by())
    with monkeypatch.context() as cut:
        cut.setattr(accounts, "_take_place", stop)
        with pytest.raises(Cut):
            accounts.reset_password(clinic, 2, "for Bo alone", seen(clinic, 2), by())
    accounts.add_user(clinic, NewUser("Cy Fox", "cy", "nurse"), "a third password", by())
    assert opens(path, "bo", "for Bo alone")
    assert opens(path, "cy", "a third password")


def test_guessing_the_old_password_is_slowed_down_and_put_on_record(clinic: Database) -> None:
    for _ in range(3):
        with pytest.raises(WrongKey):
            accounts.change_own_password(clinic, "guessed", "my own words", by())
    with pytest.raises(Refused, match="wait-after-failures"):
        accounts.change_own_password(clinic, FIRST, "my own words", by())
    later = by()
    later = Stamp(later.user_id, later.at + timedelta(minutes=2), later.today)
    accounts.change_own_password(clinic, FIRST, "my own words", later)
    with clinic.read() as session:
        told = session.scalars(select(m.AuditRow).where(m.AuditRow.action == "log-in-after-failures")).one()
        assert told.detail["failed"] == 3
