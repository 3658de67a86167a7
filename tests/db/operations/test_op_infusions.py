"""Infusions: recorded, corrected and cancelled; the repeat tests follow the last one given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from running_clinic import PROTOCOL, RunningClinic, day, panel

from db import models as m
from db import operations as ops
from db import queries
from db.operations.limits import DOSE_TOLERANCE, largest_dose


def booked(work: RunningClinic) -> list[m.LabOrder]:
    """Open orders for the repeat tests."""
    return work.all(m.LabOrder, m.LabOrder.state == "open", m.LabOrder.kind == "repeat-labs")


def test_each_infusion_moves_the_window(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500), (14, 500))
    assert work.step(made.patient_id).action == "give-infusion"
    work.give(made.course_id, 7)
    [order] = booked(work)
    assert (order.opens_on, order.target_on, order.closes_on) == (day(35), day(42), day(49))
    step = work.step(made.patient_id, 7)
    assert (step.action, step.due, step.course_status) == ("give-infusion", day(14), "in-treatment")
    work.give(made.course_id, 14)
    [moved] = booked(work)
    assert (moved.anchor_on, moved.target_on, moved.booked_for) == (day(14), day(49), day(49))
    old = work.all(m.LabOrder, m.LabOrder.id == order.id)[0]
    assert (old.state, old.replaced_by_id) == ("re-booked", moved.id)
    step = work.step(made.patient_id, 14)
    assert (step.action, step.due, step.course_status) == ("repeat-labs", day(49), "awaiting-labs")
    assert "phosphate" in moved.panel


def test_the_day_is_moved_to_one_the_clinic_is_open(work: RunningClinic) -> None:
    work.do(ops.close_days, {day(49): "training", day(50): "training"}, on=0)
    made = work.treated()
    [order] = booked(work)
    assert order.booked_for not in (day(49), day(50))
    assert order.booked_for.weekday() < 5
    assert order.opens_on <= order.booked_for <= order.closes_on
    assert work.step(made.patient_id, 14).due == order.booked_for


def test_a_public_holiday_is_no_clinic_day(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (53, 500))  # 35 days before Good Friday, 3 April 2026
    work.give(made.course_id, 53)
    [order] = booked(work)
    assert order.target_on == day(88)
    assert order.booked_for != day(88)


def test_a_cancelled_infusion_gives_the_window_back(work: RunningClinic) -> None:
    made = work.treated()
    last = work.all(m.Infusion)[-1]
    work.do(ops.cancel_infusion, last.id, "wrong patient", last.version, on=15, protocol=PROTOCOL)
    [order] = booked(work)
    assert order.anchor_on == day(7)
    step = work.step(made.patient_id, 15)
    assert (step.action, step.due) == ("give-infusion", day(14))
    first = work.all(m.Infusion)[0]
    work.do(ops.cancel_infusion, first.id, "wrong patient", first.version, on=15, protocol=PROTOCOL)
    assert booked(work) == []
    assert work.step(made.patient_id, 15).course_status == "planned"


def test_a_corrected_day_moves_the_window_and_keeps_the_first_record(work: RunningClinic) -> None:
    made = work.treated()
    old = work.all(m.Infusion)[-1]
    new = ops.NewInfusion(made.course_id, day(12), Decimal(400), batch="B2")
    changes = work.do(
        ops.correct_infusion, old.id, new, "day mistyped", old.version, on=16, protocol=PROTOCOL
    )
    [order] = booked(work)
    assert order.anchor_on == day(12)
    rows = {row.id: row for row in work.all(m.Infusion)}
    assert (rows[old.id].state, rows[old.id].dose_mg) == ("superseded", Decimal(500))
    assert rows[changes.created_id].visit_id == old.visit_id
    assert work.page(made.patient_id, 16).courses[0].given_mg == Decimal(900)


def test_a_corrected_batch_leaves_window_and_step_alone(work: RunningClinic) -> None:
    made = work.treated()
    before = work.step(made.patient_id, 14)
    old = work.all(m.Infusion)[-1]
    new = ops.NewInfusion(made.course_id, old.given_on, old.dose_mg, batch="B9")
    work.do(ops.correct_infusion, old.id, new, "batch misread", old.version, on=16, protocol=PROTOCOL)
    assert work.step(made.patient_id, 14) == before


def test_results_read_against_a_moved_window_are_assessed_again(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(
        made.course_id,
        51,
        ops.NewDecision("choose-another", (ops.DecidedStep("follow-up", day(90)),), "wait"),
    )
    old = work.all(m.Infusion)[-1]
    new = ops.NewInfusion(made.course_id, day(30), old.dose_mg, batch="B1")
    work.do(ops.correct_infusion, old.id, new, "month misread", old.version, on=52, protocol=PROTOCOL)
    step = work.step(made.patient_id, 52)
    assert (step.action, step.outcome) == ("review-results", "too-early")
    assert booked(work)[0].anchor_on == day(30)


def test_an_infusion_without_visit_can_be_added(work: RunningClinic) -> None:
    made = work.treated()
    work.give(made.course_id, 21, 200, planned=False)
    assert booked(work)[0].anchor_on == day(21)
    assert work.page(made.patient_id, 21).courses[0].given_mg == Decimal(1200)


def test_times_are_kept_in_the_clinics_zone(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (120, 500))
    work.give(made.course_id, 120, started="09:30", ended="10:05")
    [row] = work.page(made.patient_id, 120).courses[0].infusions
    assert (row.started, row.ended) == ("09:30", "10:05")
    assert work.all(m.Infusion)[0].started_at.hour == 8  # summer time


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"on": day(8)}, "in-the-future"),
        ({"dose_mg": Decimal(0)}, "impossible-dose"),
        ({"dose_mg": Decimal("NaN")}, "impossible-dose"),
        ({"dose_mg": Decimal(5000)}, "impossible-dose"),
        ({"on": date(1960, 4, 30)}, "before-birth"),
        ({"on": day(-732)}, "too-long-ago"),
        ({"expiry": day(6)}, "expired"),
        ({"reaction_grade": 5}, "unknown-grade"),
        ({"started": "half nine"}, "not-a-time"),
        ({"started": "10:00", "ended": "09:00"}, "times-not-in-order"),
        ({"visit_id": 99}, "visit-not-found"),
    ],
)
def test_an_infusion_that_cannot_be_is_refused(
    work: RunningClinic, change: dict[str, object], code: str
) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500))
    given: dict[str, object] = {"course_id": made.course_id, "on": day(7), "dose_mg": Decimal(500)}
    new = ops.NewInfusion(**(given | change))
    assert work.refused(ops.record_infusion, new, on=7, protocol=PROTOCOL).code == code


def test_nothing_is_given_without_a_plan_or_after_the_end(work: RunningClinic) -> None:
    made = work.register()
    new = ops.NewInfusion(made.course_id, day(1), Decimal(500))
    assert work.refused(ops.record_infusion, new, on=1, protocol=PROTOCOL).code == "not-planned"
    work.do(ops.end_follow_up, made.patient_id, "declined", day(1), None, on=1)
    assert work.refused(ops.record_infusion, new, on=1, protocol=PROTOCOL).code == "course-ended"


def test_a_change_based_on_an_old_screen_is_refused(work: RunningClinic) -> None:
    work.treated()
    last = work.all(m.Infusion)[-1]
    error = work.refused(ops.cancel_infusion, last.id, "slip", last.version + 1, on=15, protocol=PROTOCOL)
    assert error.code == "changed-meanwhile"
    work.do(ops.cancel_infusion, last.id, "slip", last.version, on=15, protocol=PROTOCOL)
    again = work.refused(ops.cancel_infusion, last.id, "slip", last.version + 1, on=15, protocol=PROTOCOL)
    assert again.code == "already-superseded"


def test_visits_are_moved_and_cancelled(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500), (14, 500))
    first, second = work.all(m.Visit)
    work.do(ops.move_visit, first.id, day(9), "chair taken", first.version, on=1, protocol=PROTOCOL)
    assert work.step(made.patient_id, 1).due == day(9)
    past = work.refused(ops.move_visit, second.id, day(0), "x", second.version, on=1, protocol=PROTOCOL)
    assert past.code == "in-the-past"
    work.give(made.course_id, 9)
    work.do(
        ops.cancel_visit,
        second.id,
        "did not come",
        second.version,
        on=14,
        protocol=PROTOCOL,
        did_not_attend=True,
    )
    step = work.step(made.patient_id, 14)
    assert (step.action, step.course_status) == ("repeat-labs", "awaiting-labs")
    again = work.all(m.Visit)[1]
    work.do(ops.move_visit, again.id, day(21), "called back", again.version, on=15, protocol=PROTOCOL)
    step = work.step(made.patient_id, 15)
    assert (step.action, step.due, step.course_status) == ("give-infusion", day(21), "in-treatment")


def test_no_visit_left_and_nothing_given_means_planning_again(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500))
    [visit] = work.all(m.Visit)
    work.do(ops.cancel_visit, visit.id, "fever", visit.version, on=7, protocol=PROTOCOL)
    step = work.step(made.patient_id, 7)
    assert (step.action, step.course_status) == ("plan-course", "referred")


def test_a_late_infusion_after_review_asks_for_another_look(work: RunningClinic) -> None:
    made = work.treated()
    work.store(made.patient_id, 50, *panel(50, "94"))
    work.give(made.course_id, 51, 500, planned=False)
    step = work.step(made.patient_id, 51)
    assert step.action == "review-results"
    assert booked(work)[0].anchor_on == day(51)


def test_the_newest_assessment_knows_what_was_given(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500), (14, 500))
    view = work.ask(queries.explain, made.course_id)
    assert view.facts.course is not None
    work.give(made.course_id, 7)
    view = work.ask(queries.explain, made.course_id)
    assert (view.assessment.outcome, view.assessment.dose.given_mg, view.state) == (
        "no-follow-up-yet", Decimal(500), "accepted",
    )  # fmt: skip
    assert work.step(made.patient_id, 7).action == "give-infusion"
    work.give(made.course_id, 14)
    view = work.ask(queries.explain, made.course_id)
    assert view.assessment.dose.given_mg == Decimal(1000)
    assert view.assessment.window.anchor == day(14)


def test_the_largest_dose_is_that_of_the_labels(work: RunningClinic) -> None:
    caps = [
        label.limits.cap_mg.value
        for product in PROTOCOL.products.values()
        for label in product.labels.values()
        if label.limits.cap_mg is not None
    ]
    assert largest_dose(PROTOCOL, None) == max(caps)
    assert largest_dose(PROTOCOL, Decimal(200)) == Decimal(4000)  # 20 mg per kg
    made = work.register()
    work.plan(made.course_id, 0, (7, 500))
    most = max(caps) * DOSE_TOLERANCE
    new = ops.NewInfusion(made.course_id or 0, day(7), most + 1, 1)
    error = work.refused(ops.record_infusion, new, on=7, protocol=PROTOCOL)
    assert (error.code, error.values["most"]) == ("impossible-dose", most)
    work.do(ops.record_infusion, replace(new, dose_mg=most), on=7, protocol=PROTOCOL)


def test_iron_of_a_course_that_another_followed_can_be_put_right(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.decide(made.course_id, 51)
    work.plan(changes.course_id, 51, (60, 500))
    first, last = work.all(m.Infusion)
    right = ops.NewInfusion(made.course_id or 0, day(14), Decimal(500), last.visit_id, batch="B1")
    given = (last.id, right, "slip", last.version)
    corrected = work.do(ops.correct_infusion, *given, on=52, protocol=PROTOCOL)
    assert corrected.course_id == made.course_id
    facts = work.ask(queries.for_course, changes.course_id, day(52))
    assert sum(one.dose_mg for one in facts.previous_courses[0].infusions) == Decimal(800)
    newest = work.ask(queries.explain, changes.course_id)
    assert newest.facts.previous_courses == facts.previous_courses
    assert work.step(made.patient_id, 52).action == "give-infusion"
    work.do(ops.cancel_infusion, first.id, "other patient", first.version, on=53, protocol=PROTOCOL)
    assert work.all(m.Visit, m.Visit.id == first.visit_id)[0].state == "cancelled"
    facts = work.ask(queries.for_course, changes.course_id, day(53))
    assert work.ask(queries.explain, changes.course_id).facts.previous_courses == facts.previous_courses


def test_iron_of_a_course_that_ended_otherwise_stays(work: RunningClinic) -> None:
    made = work.reviewed()
    step = ops.DecidedStep("discharge", day(60), None, {"cause": "known"})
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", (step,), "well"))
    one = work.all(m.Infusion)[-1]
    given = (ops.cancel_infusion, one.id, "slip", one.version)
    assert work.refused(*given, on=52, protocol=PROTOCOL).code == "course-ended"


def test_a_question_that_was_passed_over_is_kept_as_unknown(work: RunningClinic) -> None:
    made = work.register(birth_date=date(1985, 5, 1))
    work.plan(made.course_id, 0, (7, 500), (14, 500))
    before = len(work.all(m.GateAnswer))
    work.give(made.course_id, 7)
    work.give(made.course_id, 14, gate_answers={"first-trimester": "no"})
    kept = [(row.gate, row.answer) for row in work.all(m.GateAnswer)[before:]]
    assert kept == [("first-trimester", "unknown"), ("first-trimester", "no")]
    told = [row.detail for row in work.all(m.AuditRow) if row.action == "record-infusion"]
    assert ["not_asked" in one for one in told] == [True, False]
