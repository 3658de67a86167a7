"""Stored answers asked for again by several processes: the same findings, whoever ends one of them or stops it all."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from running_clinic import RunningClinic, panel, set_up
from sqlalchemy import text

from db import invariant_replay
from db.engine import Database
from db.invariant_replay import changed_answers
from db.replaying import Batch, Replayed, StoredAnswer, replay, replay_all

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A clinic with some stored assessments."""
    database = Database.create(tmp_path_factory.mktemp("replay") / "clinic.db", KEY)
    set_up(database)
    work = RunningClinic(database)
    work.check = lambda on: None  # type: ignore[method-assign]
    work.treated(300)
    for on in range(50, 54):
        work.store(1, on, *panel(on, str(80 + on), ferritin="40", tsat="18"))
    yield database
    database.close()


@pytest.fixture
def batch(stored: Database) -> Batch:
    """All of them, as they are handed to a process."""
    with stored.read() as session:
        rows = session.execute(
            text("SELECT id, protocol_version_id, facts, assessment FROM assessment ORDER BY id")
        )
        answers = tuple(StoredAnswer(*row) for row in rows)
        texts = {row.id: row.text for row in session.execute(text("SELECT id, text FROM protocol_version"))}
    assert len(answers) > 6
    return Batch(answers, {1: texts[1], 2: "x = 1"})


def spoilt(batch: Batch, number: int) -> Batch:
    """The batch with another row number for every answer, one answer changed, one of other rules, one unreadable, and
    one of a protocol nobody can read."""
    rows = [one._replace(id=number * 1000 + one.id) for one in batch.answers]
    rows[1] = rows[1]._replace(answer=rows[1].answer.replace("general", "ckd"))
    rows[2] = rows[2]._replace(answer=rows[2].answer.replace('"rules": ', '"rules": 9'))
    rows[3] = rows[3]._replace(answer="nothing")
    rows[4] = rows[4]._replace(protocol_version_id=2)
    rows[5] = rows[5]._replace(facts=rows[5].facts.replace("haemoglobin", "ferritin"))
    return replace(batch, answers=tuple(rows))


def expected(batch: Batch, number: int) -> Replayed:
    """What has to be found in it."""
    ids = [number * 1000 + one.id for one in batch.answers]
    return Replayed(len(ids), (ids[1], ids[3], ids[5]), frozenset({2}), 1)


def test_whole_answers_are_given_again(batch: Batch) -> None:
    assert replay(batch) == Replayed(len(batch.answers))


def test_processes_find_what_one_alone_finds_and_in_the_same_order(batch: Batch) -> None:
    many = [spoilt(batch, number) for number in range(30)]
    wanted = [expected(batch, number) for number in range(30)]
    assert list(replay_all(iter(many), 1)) == wanted
    assert list(replay_all(iter(many), 2)) == wanted


def test_where_processes_are_ended_from_outside_the_rest_is_asked_here(batch: Batch) -> None:
    many = [spoilt(batch, number) for number in range(40)]
    found = []
    for one in replay_all(iter(many), 2):
        if not found:
            children = multiprocessing.active_children()
            assert children
            for child in children:
                child.kill()
        found.append(one)
    assert found == [expected(batch, number) for number in range(40)]


def test_stopping_leaves_no_process_behind(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariant_replay, "_AT_ONCE", 2)

    class StoppedError(Exception):
        """The user has seen enough."""

    told: list[tuple[int, int]] = []

    def stop(done: int, of: int) -> None:
        told.append((done, of))
        raise StoppedError

    with stored.read() as session, pytest.raises(StoppedError):
        changed_answers(session, stop, processes=2)
    assert told[0][0] == 2
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("processes", [1, 2])
def test_the_record_is_asked_in_parts_or_only_its_end(
    stored: Database, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr(invariant_replay, "_AT_ONCE", 3)
    told: list[tuple[int, int]] = []
    with stored.read() as session:
        rows = session.execute(text("SELECT count(*) FROM assessment")).scalar_one()
        assert changed_answers(session, lambda *told_of: told.append(told_of), processes=processes) == ([], 0)
        assert told[-1] == (rows, rows)
        told.clear()
        assert changed_answers(
            session, lambda *told_of: told.append(told_of), last=4, processes=processes
        ) == ([], 0)
        assert told == [(3, 4), (4, 4)]
        told.clear()
        changed_answers(session, lambda *told_of: told.append(told_of), last=10_000)
        assert told[-1] == (rows, rows)


def test_a_value_has_one_text() -> None:
    from clinical.cases import dumps, loads

    written = '{"a": ["é\\"\\n", 8.4, 12, null, true, {}], "b": {"c": [], "d": "2026-03-02"}}'
    assert dumps(loads(written)) == written
    assert (
        dumps({"on": date(2026, 3, 2), 3: (1, False, None)}) == '{"on": "2026-03-02", "3": [1, false, null]}'
    )
