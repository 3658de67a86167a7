"""A clinic at work on a server, for tests of the server itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from kinds import SERVER, Templates
from running_clinic import RunningClinic, set_up
from server_cluster import Cluster, need_programs

from db.place import ServerAddress


@pytest.fixture
def cluster(find_cluster: Callable[[], Cluster]) -> Cluster:
    """The tests' own server."""
    return find_cluster()


@pytest.fixture
def work(templates: Templates) -> Iterator[RunningClinic]:
    """A clinic of this test alone, on a server."""
    database = templates.copy(SERVER, "set-up", set_up)
    yield RunningClinic(database)
    templates.remove(database)


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[ServerAddress]:
    """A database without any tables."""
    name = cluster.make()
    yield cluster.address(name)
    cluster.drop(name)


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A server that a test may stop and start."""
    one = Cluster(need_programs())
    yield one
    one.remove()
