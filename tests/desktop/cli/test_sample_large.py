"""A sample clinic larger than what lives through the operations: everybody can open it, and a stop leaves nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from clinical.protocol import load_protocol
from db import invariants, queries
from db.opening import open_clinic
from desktop.cli.sample import PASSWORD, make

TODAY = date(2026, 2, 12)


def test_its_users_open_it_and_find_everybody(tmp_path: Path) -> None:
    path = tmp_path / "large.replete"
    made = make(path, 11, 2, TODAY, load_protocol(), lived=4)
    assert sum(made.stories.values()) == 11
    for name, login, _ in made.users:
        database, user = open_clinic(path, login, PASSWORD.format(login=login))
        assert user is not None
        assert user.name == name
        with database.read() as session:
            assert len(queries.search(session, "r-0040", 50)) == 11
            now = datetime(2026, 2, 12, 20, tzinfo=UTC)
            assert all(result.ok for result in invariants.quick(session, now))
        database.close()
    assert sorted(file.name for file in tmp_path.iterdir() if ".small" in file.name) == []


def test_stopped_while_copying_it_leaves_no_file(tmp_path: Path) -> None:
    lived, told = 4, []

    def stop(done: int, of: int) -> None:
        told.append(of)
        if of != told[0]:  # the events are played, rows are being copied
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "large.replete", 40, 2, TODAY, load_protocol(), stop, lived)
    assert list(tmp_path.iterdir()) == []
