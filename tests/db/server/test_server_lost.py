# ruff: noqa: PT012  (the connection is lost inside the session)
"""A server that goes away: nothing acknowledged is lost, nothing is saved twice, the next session works again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from running_clinic import RunningClinic, set_up, stamp
from server_cluster import Cluster
from sqlalchemy import text

from db import audit, errors, server_sessions
from db.changes import KINDS, Changes
from db.engine import Database
from db.server_sessions import ServerDatabase

KEY = bytes(range(32))


@pytest.fixture
def lone(own_cluster: Cluster) -> Iterator[RunningClinic]:
    """A clinic on a server that the test may stop."""
    database = Database.create(own_cluster.address(own_cluster.make()), KEY)
    set_up(database)
    yield RunningClinic(database)
    database.close()


def one_write(database: Database) -> None:
    """A write of one audit row."""
    with database.write() as session:
        audit.record(session, stamp(0), "test", "test")


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_stopped_and_started_costs_the_work_in_hand_only(
    lone: RunningClinic, own_cluster: Cluster, mode: str
) -> None:
    lone.register()
    saved = lone.audit_rows()
    with pytest.raises(errors.ServerUnreachable), lone.database.write() as session:
        audit.record(session, stamp(0), "test", "test")
        own_cluster.stop(mode)
        audit.record(session, stamp(0), "test", "test")
    with pytest.raises(errors.ServerUnreachable):
        lone.audit_rows()
    with pytest.raises(errors.ServerUnreachable):
        one_write(lone.database)
    own_cluster.start()
    assert lone.audit_rows() == saved
    lone.register(surname="Fen")
    assert lone.audit_rows() == saved + 1


def cut(work: RunningClinic, cluster: Cluster) -> None:
    """End every connection to the clinic, as a cut cable would."""
    cluster.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{work.database.place.name}' AND pid <> pg_backend_pid()"
    )


@pytest.mark.parametrize("saved", [True, False])
def test_a_connection_lost_while_saving_is_settled_by_the_audit(
    work: RunningClinic, cluster: Cluster, saved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cut comes right after the server saved, or right before; either way the answer is the truth."""
    whole = psycopg.Connection.commit

    def cut_short(connection: psycopg.Connection[object]) -> None:
        monkeypatch.undo()
        if saved:
            whole(connection)
        cut(work, cluster)
        whole(connection) if not saved else connection.execute("SELECT 1")

    before = work.audit_rows()
    monkeypatch.setattr(psycopg.Connection, "commit", cut_short)
    if saved:
        one_write(work.database)
    else:
        with pytest.raises(errors.ServerUnreachable):
            one_write(work.database)
    assert work.audit_rows() == before + (1 if saved else 0)
    one_write(work.database)


def test_a_doubt_that_cannot_be_settled_is_said_and_settled_later(
    lone: RunningClinic, own_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = psycopg.Connection.commit

    def cut_short(connection: psycopg.Connection[object]) -> None:
        monkeypatch.setattr(psycopg.Connection, "commit", whole)
        whole(connection)
        own_cluster.stop("immediate")
        connection.execute("SELECT 1")

    before = lone.audit_rows()
    monkeypatch.setattr(server_sessions, "SETTLE_SECONDS", 0.5)
    monkeypatch.setattr(psycopg.Connection, "commit", cut_short)
    with pytest.raises(errors.OutcomeUnknown):
        one_write(lone.database)
    database = lone.database
    assert isinstance(database, ServerDatabase)
    assert database.settle() is None, "nobody can know it yet"
    with pytest.raises(errors.ServerUnreachable):
        one_write(database)
    own_cluster.start()
    with pytest.raises(errors.ServerUnreachable):
        one_write(database)  # not before this thread has asked what became of its last one
    with ThreadPoolExecutor(1) as another:
        another.submit(one_write, database).result()  # nobody else is stopped by it
    assert database.settle() is True
    assert database.settle() is None, "there is no doubt any more"
    assert lone.audit_rows() == before + 2
    one_write(lone.database)
    assert lone.audit_rows() == before + 3


def test_nothing_acknowledged_is_lost_when_the_server_crashes(
    lone: RunningClinic, own_cluster: Cluster
) -> None:
    acknowledged: list[int] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            try:
                with lone.database.write() as session:
                    audit.record(session, stamp(0), "test", "test")
                    head = session.info["audit_head"]
                acknowledged.append(head.rows)
            except (errors.KnownError, AssertionError):
                time.sleep(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        time.sleep(0.4)
        own_cluster.stop("immediate")
        own_cluster.start()
    time.sleep(0.4)
    stop.set()
    writer.join()
    with lone.database.read() as session:
        verdict = audit.verify(session)
        known = set(session.execute(text("SELECT id FROM audit")).scalars())
    assert verdict.ok
    assert len(acknowledged) > 3
    assert set(acknowledged) <= known
    assert len(set(acknowledged)) == len(acknowledged)


def wait_for(happened: Callable[[], bool], seconds: float) -> bool:
    """Whether it happens in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.01)
    return False


def listening(database: Database, heard: list[Changes]) -> None:
    """Begin to listen, and wait until it does."""
    database.listen(heard.append)
    assert isinstance(database, ServerDatabase)
    assert database._listener is not None
    assert database._listener.ready.wait(20)


def test_what_one_workstation_saves_another_hears_within_two_seconds(work: RunningClinic) -> None:
    second = Database.open(work.database.place, KEY)
    heard: list[Changes] = []
    own: list[Changes] = []
    listening(second, heard)
    listening(work.database, own)
    made = work.register()
    assert wait_for(lambda: bool(heard), 2)
    assert heard[0] == made
    work.refused(lambda session, stamp: (_ for _ in ()).throw(errors.Refused("no")), on=0)
    assert not wait_for(lambda: len(heard) > 1 or bool(own), 0.7)
    first = second._listener  # type: ignore[attr-defined]
    listening(second, heard)
    assert not first._thread.is_alive(), "one hears for all, and none is left behind"
    second.close()


def test_whoever_lost_the_line_takes_everything_for_changed(work: RunningClinic, cluster: Cluster) -> None:
    heard: list[Changes] = []
    listening(work.database, heard)
    cut(work, cluster)
    assert wait_for(lambda: Changes(KINDS) in heard, 15)
