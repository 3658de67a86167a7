"""Results of people who are no longer followed up: never refused, never lost, filed when they come back."""

from __future__ import annotations

from datetime import date

import pytest
from running_clinic import COORDINATOR, PROTOCOL, RunningClinic, day, panel, result, stamp

from db import audit, queries
from db import models as m
from db import operations as ops


@pytest.mark.parametrize("reason", ["declined", "transferred", "deceased"])
def test_a_result_for_somebody_who_left_is_held_with_owner_and_day(work: RunningClinic, reason: str) -> None:
    made = work.treated(300)
    work.do(ops.end_follow_up, made.patient_id, reason, day(40), None, on=40)
    stored = len(work.all(m.LabResult))
    work.store(made.patient_id, 50, *panel(50, "94"))
    held = work.all(m.HeldResult)
    assert len(held) == len(panel(50, "94"))
    assert {(row.state, row.reason, row.patient_id) for row in held} == {
        ("held", f"patient-{reason}", made.patient_id)
    }
    assert all(row.due > day(50) and row.owner_id for row in held)
    assert len(work.all(m.LabResult)) == stored
    assert not [row for row in work.all(m.NextStep) if row.is_open]
    [row, *_] = work.ask(queries.held_results)
    assert row.named == "Marsh, Ines"
    assert "haemoglobin 94 g/L" in row.text


def test_the_same_result_again_is_held_once(work: RunningClinic) -> None:
    made = work.treated(300)
    work.do(ops.end_follow_up, made.patient_id, "declined", day(40), None, on=40)
    work.store(made.patient_id, 50, *panel(50, "94"))
    again = work.do(
        ops.store_results, made.patient_id, panel(50, "94"), on=51, user=COORDINATOR, protocol=PROTOCOL
    )
    assert again.kinds == frozenset()
    assert len(work.all(m.HeldResult)) == len(panel(50, "94"))


def test_a_value_that_cannot_be_is_refused_for_them_too(work: RunningClinic) -> None:
    made = work.treated(300)
    work.do(ops.end_follow_up, made.patient_id, "declined", day(40), None, on=40)
    wrong = (result(50, "haemoglobin", "940", "g/L"),)
    error = work.refused(ops.store_results, made.patient_id, wrong, on=50, protocol=PROTOCOL)
    assert error.code == "impossible-value"


def test_follow_up_taken_up_again_files_and_assesses_what_was_held(work: RunningClinic) -> None:
    made = work.treated(300)
    work.do(ops.end_follow_up, made.patient_id, "declined", day(40), None, on=40)
    work.store(made.patient_id, 50, *panel(50, "94", ferritin="40", tsat="18"))
    work.do(ops.resume_follow_up, made.patient_id, "came back", on=55, protocol=PROTOCOL)
    held = work.all(m.HeldResult)
    assert {row.state for row in held} == {"filed"}
    filed = {row.id: row for row in work.all(m.LabResult)}
    assert {filed[row.result_id].collected_on for row in held} == {day(50)}
    assert work.ask(queries.held_results) == ()
    step = work.step(made.patient_id, 55)
    assert (step.action, step.outcome) == ("review-results", "inadequate-dose")


def test_a_held_value_that_is_refused_now_keeps_nobody_out(work: RunningClinic) -> None:
    made = work.treated(300)
    work.do(ops.end_follow_up, made.patient_id, "declined", day(40), None, on=40)
    work.store(made.patient_id, 50, *panel(50, "94", ferritin="40", tsat="18"))
    [first, *others] = work.all(m.HeldResult)
    with work.database.write() as session:
        row = session.get_one(m.HeldResult, first.id)
        row.payload = {**row.payload, "result": {**row.payload["result"], "unit": "furlong"}}
        audit.record(
            session, stamp(51, COORDINATOR), "hold-results", "held_result", first.id, made.patient_id, {}
        )
    work.do(ops.resume_follow_up, made.patient_id, "came back", on=55, protocol=PROTOCOL)
    [left] = work.all(m.HeldResult, m.HeldResult.state == "held")
    assert (left.id, left.reason, left.closed_at, left.result_id) == (first.id, "unknown-unit", None, None)
    assert len(work.all(m.HeldResult, m.HeldResult.state == "filed")) == len(others)
    assert work.step(made.patient_id, 55).action == "review-results"


def test_what_is_on_record_already_is_not_filed_twice(work: RunningClinic) -> None:
    made = work.treated(300)
    twice = panel(50, "94")
    work.do(ops.end_follow_up, made.patient_id, "declined", day(40), None, on=40)
    work.store(made.patient_id, 50, *twice)
    work.do(ops.resume_follow_up, made.patient_id, "came back", on=51, protocol=PROTOCOL)
    work.do(ops.end_follow_up, made.patient_id, "declined", day(52), None, on=52)
    nothing = work.do(ops.store_results, made.patient_id, twice, on=53, protocol=PROTOCOL)
    assert nothing.kinds == frozenset()


def test_somebody_can_say_that_a_held_result_goes_nowhere(work: RunningClinic) -> None:
    made = work.treated(300)
    work.do(ops.end_follow_up, made.patient_id, "deceased", day(40), None, on=40)
    work.store(made.patient_id, 50, result(50, "haemoglobin", "94", "g/L"))
    [held] = work.all(m.HeldResult)
    assert work.refused(ops.reject_held_result, held.id, "", held.version, on=51).code == "missing-field"
    assert work.refused(ops.reject_held_result, held.id, "seen", 9, on=51).code == "changed-meanwhile"
    work.do(ops.reject_held_result, held.id, "seen by the ward", held.version, on=51, user=COORDINATOR)
    again = work.refused(ops.reject_held_result, held.id, "seen", held.version + 1, on=51)
    assert again.code == "already-superseded"
    assert work.ask(queries.held_results) == ()


def test_an_owner_with_held_results_cannot_be_disabled(work: RunningClinic) -> None:
    made = work.treated(300)
    work.do(ops.end_follow_up, made.patient_id, "declined", date(2026, 2, 14), None, on=40)
    work.store(made.patient_id, 50, result(50, "haemoglobin", "94", "g/L"))
    [held] = work.all(m.HeldResult)
    user = work.all(m.User, m.User.id == held.owner_id)[0]
    error = work.refused(ops.disable_user, user.id, user.version, on=51)
    assert error.code == "user-has-open-work"
    assert error.values["held"] == 1
