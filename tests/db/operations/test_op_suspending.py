"""A course that rests until a day: it asks for nothing until then, and wakes by itself."""

from __future__ import annotations

import pytest
from running_clinic import COORDINATOR, PROTOCOL, RunningClinic, day, panel

from db import models as m
from db import operations as ops
from db import queries
from db.queries.suspended import suspension


def test_it_rests_until_its_day_and_then_is_due_by_itself(work: RunningClinic) -> None:
    made = work.treated()
    step = work.step(made.patient_id, 20)
    before = (step.action, step.due, step.owner_id)
    assert step.due < day(60)
    work.do(ops.suspend, step.step_id, day(60), "abroad until March", step.version, on=20, user=COORDINATOR)
    resting = work.step(made.patient_id, 21)
    assert (resting.action, resting.due, resting.owner_id) == (before[0], day(60), before[2])
    held = suspension(resting.detail, day(21))
    assert held is not None
    assert (held.until, held.since, held.reason) == (day(60), day(20), "abroad until March")
    assert resting.why == {"code": "suspended", "until": day(60).isoformat(), "reason": "abroad until March"}
    for on in (20, 35, 59):
        assert not list(work.ask(queries.overdue, day(on), PROTOCOL))
        assert not list(work.ask(queries.letters_due, day(on)))
    assert suspension(resting.detail, day(60)) is None, "awake on its day, and nobody had to do anything"
    assert work.step(made.patient_id, 60).days_late == 0
    assert {one.course_id for one in work.ask(queries.letters_due, day(61))} == {made.course_id}
    assert [one.course_id for one in work.ask(queries.overdue, day(61), PROTOCOL)] == [made.course_id]


def test_woken_on_the_same_day_everything_is_as_it_was(work: RunningClinic) -> None:
    made = work.treated()
    step, order = work.step(made.patient_id, 20), work.all(m.LabOrder, m.LabOrder.state == "open")[0]
    done = work.do(ops.suspend, step.step_id, day(60), "abroad", step.version, on=20)
    assert work.all(m.LabOrder, m.LabOrder.id == order.id)[0].booked_for == day(60)
    resting = work.step(made.patient_id, 20)
    assert resting.step_id == done.created_id
    work.do(ops.wake, resting.step_id, resting.version, on=20)
    awake = work.step(made.patient_id, 20)
    assert (awake.action, awake.due, awake.why, awake.detail) == (
        step.action,
        step.due,
        step.why,
        step.detail,
    )
    assert work.all(m.LabOrder, m.LabOrder.id == order.id)[0].booked_for == order.booked_for


def test_woken_later_nothing_lies_before_today(work: RunningClinic) -> None:
    made = work.treated()
    step = work.step(made.patient_id, 20)
    work.do(ops.suspend, step.step_id, day(90), "abroad", step.version, on=20)
    resting = work.step(made.patient_id, 80)
    work.do(ops.wake, resting.step_id, resting.version, on=80)
    assert work.step(made.patient_id, 80).due == day(80)
    assert work.all(m.LabOrder, m.LabOrder.state == "open")[0].booked_for == day(80)
    awake = work.step(made.patient_id, 80)
    assert work.refused(ops.wake, awake.step_id, awake.version, on=80).code == "not-suspended"


def test_planned_visits_move_together_and_never_come_closer(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id or 0, 0, (7, 500), (14, 500))
    step = work.step(made.patient_id, 1)
    work.do(ops.suspend, step.step_id, day(40), "expecting visitors", step.version, on=1)
    planned = [one.planned_on for one in work.all(m.Visit, m.Visit.state == "planned")]
    assert planned[0] >= day(40)
    assert (planned[1] - planned[0]).days >= 7
    assert all(one.weekday() < 5 for one in planned), "on open days"
    resting = work.step(made.patient_id, 1)
    work.do(ops.wake, resting.step_id, resting.version, on=1)
    assert [one.planned_on for one in work.all(m.Visit, m.Visit.state == "planned")] == [day(7), day(14)]


def test_a_result_that_comes_in_wakes_it(work: RunningClinic) -> None:
    made = work.treated()
    step = work.step(made.patient_id, 20)
    work.do(ops.suspend, step.step_id, day(60), "abroad", step.version, on=20)
    work.store(made.patient_id or 0, 51, *panel(50, "101"))
    found = work.step(made.patient_id, 51)
    assert found.action == "review-results"
    assert suspension(found.detail, day(51)) is None
    refused = work.refused(ops.suspend, found.step_id, day(70), "abroad", found.version, on=51)
    assert refused.code == "cannot-be-suspended", "somebody has to look at a result"


def test_another_day_ends_the_suspension_and_a_second_one_extends_it(work: RunningClinic) -> None:
    made = work.treated()
    step = work.step(made.patient_id, 20)
    work.do(ops.suspend, step.step_id, day(60), "abroad", step.version, on=20)
    longer = work.step(made.patient_id, 30)
    work.do(ops.suspend, longer.step_id, day(80), "still abroad", longer.version, on=30)
    found = work.step(made.patient_id, 30)
    held = suspension(found.detail, day(30))
    assert held is not None
    assert (held.until, held.reason) == (day(80), "still abroad")
    work.do(ops.change_due, found.step_id, day(33), "is back", found.version, on=31)
    assert suspension(work.step(made.patient_id, 31).detail, day(31)) is None


@pytest.mark.parametrize(
    ("until", "why", "code"),
    [(60, " ", "missing-field"), (20, "abroad", "in-the-past"), (20 + 400, "abroad", "too-far-ahead")],
)
def test_what_is_refused(work: RunningClinic, until: int, why: str, code: str) -> None:
    made = work.treated()
    step = work.step(made.patient_id, 20)
    assert work.refused(ops.suspend, step.step_id, day(until), why, step.version, on=20).code == code


def test_nobody_rests_who_is_not_followed_up_and_no_stale_screen_counts(work: RunningClinic) -> None:
    made = work.treated()
    step = work.step(made.patient_id, 20)
    error = work.refused(ops.suspend, step.step_id, day(60), "abroad", step.version + 1, on=20)
    assert error.code == "changed-meanwhile"
    work.do(ops.suspend, step.step_id, day(60), "abroad", step.version, on=20)
    patient = work.all(m.Patient)[0]
    work.do(ops.end_follow_up, patient.id, "declined", day(21), None, on=21, seen_version=patient.version)
    assert work.all(m.NextStep, m.NextStep.is_open.is_(True)) == []
