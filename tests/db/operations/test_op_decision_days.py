"""The days of what was decided: open ones, inside their window, no later than the urgency allows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from running_clinic import PROTOCOL, RunningClinic, day, panel, result

from db import models as m
from db import operations as ops
from db import queries


@pytest.mark.parametrize("on", [54, 55, 56])  # a Saturday, when the clinic is closed, a Sunday, a Monday
def test_blood_wanted_today_on_a_closed_day_is_booked_for_the_next_open_one(
    work: RunningClinic, on: int
) -> None:
    made = work.reviewed()
    steps = (ops.DecidedStep("measure-phosphate", day(on), 3),)
    work.decide(made.course_id, on, ops.NewDecision("choose-another", steps, "tired"))
    (order,) = work.all(m.LabOrder, m.LabOrder.kind == "phosphate")
    assert order.booked_for == day(56)
    assert order.opens_on <= order.target_on <= order.closes_on
    assert order.opens_on == (day(56) if on == 56 else day(on + 1))
    assert work.step(made.patient_id, on).due == day(56)


@pytest.mark.parametrize("days", range(58, 65))
def test_items_are_due_on_days_the_clinic_is_open(work: RunningClinic, days: int) -> None:
    made = work.reviewed()
    steps = (
        ops.DecidedStep("work-up", day(days), 3, {"causes": ["base"]}),
        ops.DecidedStep("refer", day(days), 3, {"to": "urology"}),
    )
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", steps, "why again?"))
    items = work.page(made.patient_id, 51).work_up
    assert {item.due.weekday() for item in items} <= {0, 1, 2, 3, 4}
    referral = next(item for item in items if item.code == "urology")
    assert day(days - 2) <= referral.due <= day(days)


@pytest.mark.parametrize(
    ("action", "kind", "status"),
    [
        ("repeat-labs", "repeat-labs", "awaiting-labs"),
        ("wait-and-repeat-labs", "repeat-labs", "awaiting-labs"),
        ("measure-phosphate", "phosphate", "waiting"),
        ("follow-up", "follow-up", "follow-up"),
    ],
)
def test_blood_that_is_wanted_is_booked_on_an_open_day(
    work: RunningClinic, action: str, kind: str, status: str
) -> None:
    made = work.reviewed()
    steps = (ops.DecidedStep(action, day(68)),)  # a Saturday
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", steps, "to be sure"))
    [order] = work.all(m.LabOrder, m.LabOrder.state == "open")
    assert (order.kind, order.booked_for) == (kind, day(67))
    step = work.step(made.patient_id, 51)
    assert (step.action, step.due, step.course_status) == (action, day(67), status)
    answer = "phosphate" if kind == "phosphate" else "haemoglobin"
    value = result(70, answer, "1.0", "mmol/L") if kind == "phosphate" else result(70, answer, "100", "g/L")
    work.store(made.patient_id, 70, value)
    assert work.all(m.LabOrder, m.LabOrder.id == order.id)[0].state == "resulted"
    assert work.step(made.patient_id, 70).action == "review-results"


def test_blood_taken_before_a_decision_does_not_answer_it(work: RunningClinic) -> None:
    made = work.reviewed()
    steps = (ops.DecidedStep("repeat-labs", day(80)),)
    work.decide(made.course_id, 50, ops.NewDecision("choose-another", steps, "to be sure"))
    work.store(made.patient_id, 51, result(50, "folate", "12", "nmol/L"))
    [order] = work.all(m.LabOrder, m.LabOrder.state == "open")
    assert order.booked_for == day(80)
    work.store(made.patient_id, 80, result(80, "haemoglobin", "118", "g/L"))
    assert not work.all(m.LabOrder, m.LabOrder.state == "open")


def test_blood_wanted_today_may_be_taken_today(work: RunningClinic) -> None:
    made = work.reviewed()
    steps = (ops.DecidedStep("repeat-labs", day(50)),)
    work.decide(made.course_id, 50, ops.NewDecision("choose-another", steps, "clotted"))
    work.store(made.patient_id, 51, result(50, "folate", "12", "nmol/L"))
    assert len(work.all(m.LabOrder, m.LabOrder.state == "open")) == 1
    work.store(made.patient_id, 51, result(50, "haemoglobin", "97", "g/L"))
    assert not work.all(m.LabOrder, m.LabOrder.state == "open")


def test_a_wait_inside_the_window_keeps_its_booking(work: RunningClinic) -> None:
    made = work.treated()
    work.store(made.patient_id, 30, *panel(30, "94"))
    view = work.ask(queries.explain, made.course_id)
    assert view.assessment.outcome == "too-early"
    work.decide(made.course_id, 31)
    [order] = work.all(m.LabOrder, m.LabOrder.state == "open")
    assert order.anchor_on == day(14)
    step = work.step(made.patient_id, 31)
    assert (step.action, step.due, step.course_status) == (
        "wait-and-repeat-labs",
        order.booked_for,
        "awaiting-labs",
    )


def test_a_deferred_decision_returns_on_its_day(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(made.course_id, 51, ops.NewDecision("defer", (), "call first", day(58)))
    step = work.step(made.patient_id, 51)
    assert (step.action, step.due, step.why["code"]) == ("review-results", day(58), "deferred")
    assert work.ask(queries.explain, made.course_id).state == "deferred"
    work.decide(made.course_id, 58)
    assert work.ask(queries.explain, made.course_id).state == "accepted"


@pytest.mark.parametrize(
    ("hb", "platelets", "urgency", "days"),
    [("94", "250", "soon", 42), ("94", "40", "urgent", 2), ("60", "250", "emergency", 0)],
)
def test_a_decision_waits_no_longer_than_its_urgency_allows(
    work: RunningClinic, hb: str, platelets: str, urgency: str, days: int
) -> None:
    made = work.treated(300)
    counted = result(50, "platelets", platelets, "10*9/L", confirmed=True)
    work.store(made.patient_id, 50, result(50, "haemoglobin", hb, "g/L"), counted)
    view = work.ask(queries.explain, made.course_id)
    assert view.assessment.urgency == urgency
    late = ops.NewDecision("defer", (), "call first", day(51 + days))
    given = (ops.record_decision, view.assessment_id, view.version, late)
    error = work.refused(*given, on=50, protocol=PROTOCOL)
    assert (error.code, error.values["latest"]) == ("too-far-ahead", day(50 + days))
    if days:
        work.decide(made.course_id, 50, replace(late, defer_until=day(50 + days)))


def test_a_proposed_day_that_has_passed_becomes_today(work: RunningClinic) -> None:
    made = work.reviewed()
    view = work.ask(queries.explain, made.course_id)
    late = 50 + (view.assessment.next_steps[0].due - day(50)).days + 10
    work.decide(made.course_id, late)
    assert work.step(made.patient_id, late).due == day(late)
