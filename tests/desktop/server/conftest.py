"""The clinic of the screens' tests on a server of its own, which a test may stop and start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from one_clinic import KEY, TODAY, Clinic, _fill, at
from server_cluster import Cluster, need_programs

from clinical.protocol import load_protocol
from db.engine import Database
from db.queries.people import clinic as clinic_row
from db.queries.people import owner
from desktop.commands import Commands
from desktop.parts import Navigation, Parts
from desktop.settings import Settings
from desktop.tasks import DatabaseTasks


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A server; skips where PostgreSQL is not installed."""
    one = Cluster(need_programs())
    yield one
    one.remove()


@pytest.fixture
def server_clinic(cluster: Cluster, tmp_path: Path, themed: object) -> Iterator[Clinic]:
    """An open clinic on the server with its tasks."""
    name = cluster.make()
    database, protocol = Database.create(cluster.address(name), KEY), load_protocol()
    _fill(database, protocol)
    tasks = DatabaseTasks(database)
    with database.read() as session:
        user, row = owner(session, 1), clinic_row(session)
    navigation = Navigation()
    parts = Parts(
        tasks, protocol, Commands(), user, row, lambda: at(TODAY), Settings(tmp_path / "settings.ini"),
        navigation,
    )  # fmt: skip
    made = Clinic(database, tasks, parts, protocol, 1, 1)
    navigation.say.connect(lambda text, _undo: made.said.append(text))
    bugs: list[BaseException] = []
    tasks.bug.connect(bugs.append)
    yield made
    tasks.wait_idle()
    tasks.close(database.close)
    cluster.drop(name)
    assert not bugs, bugs
