"""Reading again beside programs of another time and beside what cannot be read: it ends, and nobody waits."""

from __future__ import annotations

import pytest
from running_clinic import (
    NURSE,
    PROTOCOL,
    RunningClinic,
    stamp,
)
from sqlcipher3 import dbapi2
from went_live import (
    LATER,
    TESTS_AGAIN,
    bring_newer,
    caught_up,
    decide,
    make_live,
    read_by,
    step,
    treated,
)

from db import engine
from db import models as m
from db.catching_up import CaughtUp, catch_up, is_left
from db.operations import reading_again
from db.queries import protocols as asked


@pytest.mark.file_only
def test_another_program_protocol_counts_as_a_change_too(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update of the program brings other numbers to a clinic without a protocol of its own."""
    patient_id, course_id = treated(work)
    decide(work, course_id)
    newer = bring_newer(monkeypatch)
    assert is_left(work.database)
    assert caught_up(work).back == 1
    assert step(work, patient_id).why["back"]["label"] == newer.label  # type: ignore[index]
    assert not is_left(work.database)


@pytest.mark.file_only
def test_an_older_program_beside_a_newer_reads_nothing_again(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    _patient_id, course_id = treated(work)
    decide(work, course_id)
    newer = bring_newer(monkeypatch)
    assert caught_up(work).back == 1
    monkeypatch.setattr(asked, "load_protocol", lambda: PROTOCOL)  # the other workstation
    assert not is_left(work.database)
    assert caught_up(work) == CaughtUp()
    refused = work.refused(reading_again.read_again, course_id, on=LATER, user=NURSE, protocol=PROTOCOL)
    assert (refused.code, refused.values["label"]) == ("protocol-retired", newer.label)
    again = work.refused(reading_again.finish_reading_again, 0, 0, on=LATER, user=NURSE, protocol=PROTOCOL)
    assert again.code == "protocol-retired"
    assert read_by(work, course_id) == (newer.label, "open")
    monkeypatch.setattr(asked, "load_protocol", lambda: newer)
    assert not is_left(work.database)


@pytest.mark.file_only
def test_a_program_that_cannot_use_the_clinics_protocol_reads_nothing_again(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    _patient_id, course_id = treated(work)
    decide(work, course_id)
    ours = make_live(work)
    assert caught_up(work).back == 1
    live = next(one for one in work.ask(asked.versions) if one.state == "live")
    monkeypatch.setitem(
        asked._KNOWN, live.sha256, (None, "protocol: has a number this program does not know")
    )
    for theirs in (PROTOCOL, bring_newer(monkeypatch)):
        monkeypatch.setattr(asked, "load_protocol", lambda own=theirs: own)
        assert not is_left(work.database)
        refused = work.refused(reading_again.read_again, course_id, on=LATER, user=NURSE, protocol=theirs)
        assert (refused.code, refused.values["label"]) == ("protocol-retired", ours.label)
    assert read_by(work, course_id) == (ours.label, "open")


def damage(work: RunningClinic, course_id: int, column: str) -> None:
    """Spoil what is stored of the answers of a course, behind the program's back."""
    connection = dbapi2.connect(str(work.database.path), isolation_level=None)
    engine.unlock(connection, bytes(range(32)))
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(f"UPDATE assessment SET {column} = '{{}}' WHERE course_id = ?", (course_id,))
    connection.close()


@pytest.mark.file_only
def test_an_answer_that_cannot_be_read_keeps_nobody_waiting(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    courses = [treated(work)[1] for _ in range(3)]
    for course_id in courses:
        decide(work, course_id)
    make_live(work)
    maker = next(one for one in work.ask(asked.versions) if one.label == PROTOCOL.label)
    monkeypatch.setitem(asked._KNOWN, maker.sha256, (None, "protocol: of a program of another time"))
    damage(work, courses[0], "facts")
    damage(work, courses[1], "assessment")
    found = catch_up(work.database, lambda: stamp(LATER, NURSE))
    assert (found.looked, found.back) == (3, 3)
    assert [read_by(work, one) for one in courses] == [("replete ours 1", "open")] * 3
    whys = [one.detail["why"]["back"]["code"] for one in work.all(m.NextStep, m.NextStep.is_open)]
    assert whys == ["protocol-changed"] * 3
    assert not is_left(work.database)


@pytest.mark.file_only
def test_nothing_is_written_where_the_answer_stands_meanwhile(
    work: RunningClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody decided after it was judged: the protocol is not on record yet, and need not be."""
    _patient_id, course_id = treated(work)
    decide(work, course_id, TESTS_AGAIN)
    newer = bring_newer(monkeypatch)
    rows = work.audit_rows()
    with work.database.write() as session:
        changes = reading_again.read_again(session, course_id, stamp(LATER, NURSE), newer)
    assert (changes.kinds, work.audit_rows()) == (frozenset(), rows)
