"""Wrong passwords slow the next one down, across restarts, never for good, and stand in the audit afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from clinical.protocol import load_protocol
from db import errors, vault
from db import models as m
from db.attempts import Attempts, seconds_to_wait
from db.opening import create_clinic_file, open_clinic
from db.operations.clinic import ClinicSettings, NewUser, set_up_clinic
from db.stamp import Stamp

PASSWORD = "correct horse 9"
NOON = datetime(2026, 2, 12, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A vault of one user."""
    path = tmp_path / "clinic.db"
    vault.create(path, "ada", PASSWORD)
    return path


@pytest.mark.parametrize(
    ("failed", "seconds"), [(1, 0), (2, 0), (3, 5), (4, 15), (5, 30), (6, 60), (7, 60), (500, 60)]
)
def test_the_wait_grows_and_stays_at_a_minute(failed: int, seconds: int) -> None:
    assert seconds_to_wait(Attempts(failed, NOON, NOON), NOON) == seconds
    assert seconds_to_wait(Attempts(failed, NOON, NOON), after(seconds)) == 0


def test_the_third_wrong_password_closes_the_fourth_try_even_with_the_right_one(place: Path) -> None:
    for number, wait in ((1, 0), (2, 0), (3, 5)):
        with pytest.raises(errors.WrongKey) as wrong:
            vault.try_unlock(place, "ada", f"wrong {number}", NOON)
        assert wrong.value.values["seconds"] == wait
    with pytest.raises(errors.Refused) as closed:
        vault.try_unlock(place, "ada", PASSWORD, after(4.5))
    assert closed.value.code == "wait-after-failures"
    assert closed.value.values["seconds"] == 1
    opened = vault.try_unlock(place, "Ada ", PASSWORD, after(5))
    assert opened.failed == Attempts(3, NOON, NOON)
    vault.forget_attempts(place, "ada")
    assert vault.try_unlock(place, "ada", PASSWORD, after(6)).failed is None


def test_each_user_is_counted_alone_and_a_new_password_begins_anew(place: Path) -> None:
    key = vault.unlock(place, "ada", PASSWORD)
    vault.add_user(place, key, "ben", "second one here")
    for _ in range(3):
        with pytest.raises(errors.WrongKey):
            vault.try_unlock(place, "ada", "wrong", NOON)
    assert vault.wait_for(place, "ada", NOON) == 5
    assert vault.wait_for(place, "ben", NOON) == 0
    assert vault.try_unlock(place, "ben", "second one here", NOON).key == key
    vault.add_user(place, key, "ada", "reset for her")
    assert vault.try_unlock(place, "ada", "reset for her", NOON).failed is None


def test_a_name_that_nobody_has_is_slowed_down_as_well(place: Path) -> None:
    for name in ("eve", "eva", "evi"):
        with pytest.raises(errors.WrongKey):
            vault.try_unlock(place, name, "guess", NOON)
    with pytest.raises(errors.Refused):
        vault.try_unlock(place, "evo", "guess", NOON)
    assert vault.try_unlock(place, "ada", PASSWORD, NOON).failed is None


def test_a_clock_turned_back_makes_nobody_wait_for_years(place: Path) -> None:
    for _ in range(3):
        with pytest.raises(errors.WrongKey):
            vault.try_unlock(place, "ada", "wrong", after(86_400 * 365))
    with pytest.raises(errors.Refused) as closed:
        vault.try_unlock(place, "ada", PASSWORD, NOON)
    assert closed.value.values["seconds"] == 5
    assert vault.try_unlock(place, "ada", PASSWORD, after(5)).failed is not None


@pytest.mark.parametrize("spoilt", ['{"failed": 0}', '{"failed": 2, "first_at": "x", "last_at": "y"}', "3"])
def test_spoilt_counts_are_damage_and_not_a_way_round(place: Path, spoilt: str) -> None:
    file = vault.vault_path(place)
    file.write_text(file.read_text().replace('"entries"', f'"attempts": {{"user:ada": {spoilt}}}, "entries"'))
    with pytest.raises(errors.Damaged):
        vault.try_unlock(place, "ada", PASSWORD, NOON)


def test_the_log_in_that_succeeds_writes_the_wrong_tries_into_the_audit(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    database, _key = create_clinic_file(path, "ada", PASSWORD)
    with database.write() as session:
        new = NewUser("Ada Vale", "ada", "administrator")
        set_up_clinic(session, ClinicSettings("Hillcrest"), new, Stamp(0, NOON, NOON.date()), load_protocol())
    database.close()
    for number in range(3):
        with pytest.raises(errors.WrongKey):
            open_clinic(path, "ada", "wrong", after(number))
    with pytest.raises(errors.Refused):
        open_clinic(path, "ada", PASSWORD, after(3))
    for at in (after(60), after(120)):
        database, _user = open_clinic(path, "ada", PASSWORD, at)
        with database.read() as session:
            rows = session.scalars(
                select(m.AuditRow).where(m.AuditRow.action == "log-in-after-failures")
            ).all()
            assert [row.detail for row in rows] == [{"failed": 3, "since": NOON.isoformat()}]
        database.close()
