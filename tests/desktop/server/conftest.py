"""The clinic of the screens' tests on a server of its own, which a test may stop and start, or cut off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cut_line import Line
from one_clinic import KEY, TODAY, Clinic, _fill, at
from server_cluster import Cluster, need_programs

from clinical.protocol import load_protocol
from db.engine import Database
from db.place import ServerAddress
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


@pytest.fixture(scope="session")
def filled(cluster: Cluster) -> str:
    """The name of a database with the clinic, to be copied."""
    name = cluster.make()
    database = Database.create(cluster.address(name), KEY)
    _fill(database, load_protocol())
    database.close()
    return name


@contextmanager
def opened(address: ServerAddress, folder: Path) -> Iterator[Clinic]:
    """The clinic at an address, open, with its tasks."""
    database, protocol = Database.open(address, KEY), load_protocol()
    tasks = DatabaseTasks(database)
    with database.read() as session:
        user, row = owner(session, 1), clinic_row(session)
    navigation = Navigation()
    parts = Parts(
        tasks, protocol, Commands(), user, row, lambda: at(TODAY), Settings(folder / "settings.ini"),
        navigation,
    )  # fmt: skip
    made = Clinic(database, tasks, parts, protocol, 1, 1)
    navigation.say.connect(lambda text, _undo: made.said.append(text))
    bugs: list[BaseException] = []
    tasks.bug.connect(bugs.append)
    yield made
    tasks.wait_idle()
    tasks.close(database.close)
    assert not bugs, bugs


@pytest.fixture
def server_clinic(cluster: Cluster, filled: str, tmp_path: Path, themed: object) -> Iterator[Clinic]:
    """An open clinic on the server with its tasks."""
    name = cluster.make(filled)
    with opened(cluster.address(name), tmp_path) as clinic:
        yield clinic
    cluster.drop(name)


@pytest.fixture
def line(cluster: Cluster) -> Iterator[Line]:
    """The line to the server of `far_clinic`, for cutting."""
    one = Line(cluster.folder)
    yield one
    one.close()


@pytest.fixture
def far_clinic(cluster: Cluster, filled: str, line: Line, tmp_path: Path, themed: object) -> Iterator[Clinic]:
    """An open clinic at the other end of a line that can be cut."""
    name = cluster.make(filled)
    with opened(ServerAddress(str(line.folder), name, "postgres"), tmp_path) as clinic:
        yield clinic
    cluster.drop(name)
