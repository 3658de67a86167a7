"""Who did what can be asked by user, patient, action, thing and day, a page at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from running_clinic import ADMINISTRATOR, CLINICIAN, COORDINATOR, RunningClinic, day, stamp
from sqlalchemy import text

from db import audit
from db import models as m
from db.operations import access
from db.queries.audit import LOOKING, AuditFilter, audit_actions, audit_count, audit_page, who_looked_at
from db.stamp import Stamp


@pytest.fixture
def busy(work: RunningClinic) -> RunningClinic:
    """Two patients; the coordinator looked at the first, the clinician printed and exported."""
    first, second = work.register(), work.register(on=3, surname="Fen")
    at = stamp(4, COORDINATOR)
    with work.database.write() as session:
        access.record_view(session, "patient", "patient", first.patient_id, first.patient_id, stamp=at)
    by = stamp(5, CLINICIAN)
    with work.database.write() as session:
        access.record_print(
            session, "letter", "letter", 7, first.patient_id, stamp=by, detail={"how": "again"}
        )
        access.record_export(session, "list", "list", None, None, stamp=by, detail={"rows": 3, "form": "csv"})
        access.record_view(session, "assessment", "assessment", 1, second.patient_id, stamp=by)
    return work


def ids(work: RunningClinic, **wanted: Any) -> list[int]:
    """The entries that fit, newest first."""
    return [one.id for one in work.ask(audit_page, AuditFilter(**wanted)).entries]


def test_the_newest_comes_first_and_pages_join_without_a_gap(busy: RunningClinic) -> None:
    every = ids(busy)
    assert every == sorted(every, reverse=True)
    assert len(every) == busy.audit_rows() == busy.ask(audit_count, AuditFilter())
    paged: list[int] = []
    before = None
    while True:
        page = busy.ask(audit_page, AuditFilter(), before, 2)
        assert len(page.entries) <= 2
        paged += [one.id for one in page.entries]
        before = page.before
        if before is None:
            break
    assert paged == every


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"user_id": COORDINATOR}, 1),
        ({"patient_id": 1}, 3),
        ({"patient_id": 2}, 2),
        ({"actions": ("view-patient", "view-assessment")}, 2),
        ({"actions": ("export-list",)}, 1),
        ({"entity": "letter", "entity_id": 7}, 1),
        ({"entity": "letter", "entity_id": 8}, 0),
        ({"first": day(4), "last": day(4)}, 1),
        ({"first": day(4)}, 4),
        ({"last": day(3), "actions": ("register-referral",)}, 2),
        ({"patient_id": 1, "user_id": CLINICIAN, "first": day(5)}, 1),
    ],
)
def test_each_question_finds_its_rows(busy: RunningClinic, wanted: dict[str, Any], count: int) -> None:
    assert len(ids(busy, **wanted)) == count
    assert busy.ask(audit_count, AuditFilter(**wanted)) == count


def test_an_entry_says_who_about_whom_and_what(busy: RunningClinic) -> None:
    entry = busy.ask(audit_page, AuditFilter(actions=("print-letter",))).entries[0]
    assert (entry.user_name, entry.surname, entry.number) == ("Bo Ray", "Marsh", "H 0001")
    assert (entry.entity, entry.entity_id, dict(entry.detail)) == ("letter", 7, {"how": "again"})
    assert entry.at == stamp(5).at
    assert len(entry.hash) == 64


def test_who_looked_at_a_patient_tells_looking_from_writing(busy: RunningClinic) -> None:
    found = busy.ask(who_looked_at, 1)
    assert [one.user_id for one in found] == [CLINICIAN, COORDINATOR]
    clinician, coordinator = found
    assert clinician.times == 2
    assert set(clinician.actions) == {"print-letter", "register-referral"}
    assert (clinician.first_at, clinician.last_at) == (stamp(0).at, stamp(5).at)
    assert coordinator.actions == ("view-patient",)
    assert set(coordinator.actions) <= set(LOOKING)
    assert busy.ask(who_looked_at, 1, day(4), day(4)) == (coordinator,)
    assert busy.ask(who_looked_at, 99) == ()


def test_days_are_those_of_the_clinic(busy: RunningClinic) -> None:
    """Half past eleven at night in Auckland is another day in Greenwich."""
    with busy.database.write() as session:
        session.execute(text("UPDATE clinic SET time_zone = 'Pacific/Auckland'"))
        late = Stamp(ADMINISTRATOR, datetime(2026, 2, 1, 11, 30, tzinfo=UTC), day(28))
        access.record_export(session, "audit", "audit", None, None, stamp=late)
    on = date(2026, 2, 2)
    assert ids(busy, first=on, last=on, actions=("export-audit",)) != []
    assert ids(busy, last=on - timedelta(days=1), actions=("export-audit",)) == []


def test_every_action_that_stands_in_the_audit_can_be_chosen(busy: RunningClinic) -> None:
    actions = busy.ask(audit_actions)
    assert {"register-referral", "view-patient", "export-list"} <= set(actions)
    assert list(actions) == sorted(actions)


@pytest.mark.parametrize(
    ("minutes", "rows"), [(0, 0), (1, 0), (14, 0), (15, 1), (16, 1), (-1, 1), (60 * 24, 1)]
)
def test_a_second_look_within_a_quarter_of_an_hour_is_the_same_look(
    busy: RunningClinic, minutes: int, rows: int
) -> None:
    before, first = busy.audit_rows(), stamp(4, COORDINATOR)
    again = Stamp(COORDINATOR, first.at + timedelta(minutes=minutes), first.today)
    with busy.database.write() as session:
        changes = access.record_view(session, "assessment", "assessment", 1, 1, stamp=again)
    assert busy.audit_rows() - before == rows
    assert changes.kinds == frozenset()


def test_another_user_or_patient_is_another_look(busy: RunningClinic) -> None:
    before = busy.audit_rows()
    at = stamp(4, COORDINATOR)
    with busy.database.write() as session:
        access.record_view(session, "patient", "patient", 2, 2, stamp=at)
        access.record_view(session, "patient", "patient", 1, 1, stamp=Stamp(CLINICIAN, at.at, at.today))
    assert busy.audit_rows() - before == 2
    with busy.database.read() as session:
        assert audit.verify(session).ok


def test_one_row_costs_one_question_and_one_insert(busy: RunningClinic) -> None:
    from sqlalchemy import event

    said: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    with busy.database.write() as session:
        bind = session.connection().engine
        event.listen(bind, "before_cursor_execute", listen)
        try:
            audit.record(session, stamp(6, CLINICIAN), "test", "test")
        finally:
            event.remove(bind, "before_cursor_execute", listen)
    told = [one.split()[0] for one in said if "audit" in one]
    assert told == ["SELECT", "INSERT"]


def test_a_merged_record_brings_its_history_along(busy: RunningClinic) -> None:
    with busy.database.write() as session:
        session.get_one(m.Patient, 2).merged_into_id = 1
        audit.record(session, stamp(6, CLINICIAN), "merge", "patient", 2, 2)
    assert {one.patient_id for one in busy.ask(audit_page, AuditFilter(patient_id=1)).entries} == {1, 2}
