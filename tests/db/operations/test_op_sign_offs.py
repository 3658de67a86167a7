"""What a coordinator begins, a clinician signs: plans and decisions, as they were seen."""

from __future__ import annotations

from decimal import Decimal

from running_clinic import CLINICIAN, COORDINATOR, FCM, NURSE, PROTOCOL, RunningClinic, day

from db import models as m
from db import operations as ops
from db import queries
from db.operations import CoursePlan, NewInfusion


def waiting(work: RunningClinic, on: int) -> tuple[queries.ToSign, ...]:
    """What is to be signed on a day."""
    found: tuple[queries.ToSign, ...] = work.ask(queries.to_sign, day(on))
    return found


def planned(work: RunningClinic, on: int = 0, user: int = COORDINATOR, mg: int = 500) -> int:
    """A course that somebody planned; its id."""
    made = work.register(on)
    assert made.course_id is not None
    plan(work, made.course_id, on, user, mg)
    return made.course_id


def plan(work: RunningClinic, course_id: int, on: int, user: int, mg: int = 500) -> None:
    """Plan one visit a week ahead."""
    dose = Decimal(mg)
    made = CoursePlan(FCM, "eu", "ganzoni", Decimal(1609), dose, ((day(on + 7), dose),))
    version = work.all(m.Course, m.Course.id == course_id)[0].version
    work.do(ops.plan_course, course_id, made, version, on=on, user=user, protocol=PROTOCOL)


def test_a_coordinators_plan_stands_until_it_is_signed(work: RunningClinic) -> None:
    course_id = planned(work)
    [one] = waiting(work, 3)
    assert (one.kind, one.id, one.by_name, one.days) == ("plan", course_id, "Cy Fox", 3)
    assert (one.what["product"], one.what["planned_mg"], one.what["visits"]) == (FCM, Decimal(500), 1)
    assert work.page(1, 3).courses[0].to_sign
    work.do(ops.sign_plan, course_id, one.version, on=3)
    assert waiting(work, 3) == ()
    row = work.page(1, 3).courses[0]
    assert (row.to_sign, row.signed_by) == (False, "Bo Ray")
    assert work.refused(ops.sign_plan, course_id, row.version, on=3).code == "nothing-to-sign"


def test_what_a_clinician_does_is_signed_by_doing_it(work: RunningClinic) -> None:
    course_id = planned(work, user=CLINICIAN)
    assert waiting(work, 0) == ()
    [row] = work.all(m.Course)
    assert (row.signed_by_id, row.planned_by_id, row.to_sign) == (CLINICIAN, CLINICIAN, False)
    assert work.refused(ops.sign_plan, course_id, row.version, on=0).code == "nothing-to-sign"


def test_planning_anew_takes_the_signature_away(work: RunningClinic) -> None:
    course_id = planned(work, user=CLINICIAN)
    plan(work, course_id, 0, COORDINATOR, 400)
    [one] = waiting(work, 0)
    assert one.what["planned_mg"] == Decimal(400)
    assert work.all(m.Course)[0].signed_by_id is None


def test_a_plan_changed_since_it_was_seen_is_not_signed(work: RunningClinic) -> None:
    course_id = planned(work)
    [seen] = waiting(work, 0)
    plan(work, course_id, 0, COORDINATOR, 600)
    error = work.refused(ops.sign_plan, course_id, seen.version, on=0)
    assert error.code == "changed-meanwhile"
    assert error.values["by"] == "Cy Fox"
    assert error.values["current"]["planned_mg"] == Decimal(600)


def test_a_coordinators_decision_is_carried_out_and_stands_until_it_is_signed(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(made.course_id, 51, user=COORDINATOR)
    [one] = waiting(work, 53)
    assert (one.kind, one.what["kind"], one.days) == ("decision", "accept", 2)
    assert one.what["actions"]
    view = work.ask(queries.explain, made.course_id)
    assert view.decision_to_sign
    work.do(ops.sign_decision, one.id, one.version, on=53)
    assert waiting(work, 53) == ()
    decision = work.all(m.Decision)[-1]
    assert (decision.decided_by_id, decision.signed_by_id) == (COORDINATOR, CLINICIAN)
    assert not work.ask(queries.explain, made.course_id).decision_to_sign


def test_a_decision_on_values_that_were_corrected_is_decided_anew_not_signed(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(made.course_id, 51, ops.NewDecision("accept"), user=COORDINATOR)
    [seen] = waiting(work, 51)
    [hb] = [
        row for row in work.all(m.LabResult) if row.analyte == "haemoglobin" and row.collected_on == day(50)
    ]
    work.do(ops.withdraw_result, hb.id, "another patient's tube", on=52, protocol=PROTOCOL)
    assert waiting(work, 52) == ()
    assert work.refused(ops.sign_decision, seen.id, seen.version, on=52).code == "changed-meanwhile"


def test_an_infusion_through_a_gate_is_recorded_and_the_plan_signed_again(work: RunningClinic) -> None:
    course_id = planned(work, user=CLINICIAN)
    new = NewInfusion(course_id, day(7), Decimal(500), override_reason="a slight cold")
    work.do(ops.record_infusion, new, on=7, user=NURSE, protocol=PROTOCOL)
    [one] = waiting(work, 7)
    assert (one.kind, one.by_name) == ("plan", "Fay Orr")
    work.do(ops.sign_plan, course_id, one.version, on=8)


def test_signing_waits_for_nothing_and_changes_no_step(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(made.course_id, 51, user=COORDINATOR)
    before = work.all(m.NextStep)
    [one] = waiting(work, 51)
    work.do(ops.sign_decision, one.id, one.version, on=51)
    assert [(s.id, s.version, s.is_open) for s in work.all(m.NextStep)] == [
        (s.id, s.version, s.is_open) for s in before
    ]


def test_the_count_of_review_holds_what_is_to_sign_for_who_may_sign(work: RunningClinic) -> None:
    course_id = planned(work)
    assert work.ask(queries.counts, day(0)).count["review"] == 0
    found = work.ask(queries.counts, day(0), True)
    assert (found.count["review"], found.worst["review"]) == (1, "due")
    work.do(ops.sign_plan, course_id, waiting(work, 0)[0].version, on=0)
    found = work.ask(queries.counts, day(0), True)
    assert (found.count["review"], found.worst["review"]) == (0, None)


def test_the_count_leaves_out_a_decision_that_stands_in_review_again(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(made.course_id, 51, ops.NewDecision("accept"), user=COORDINATOR)
    before = work.ask(queries.counts, day(52)).count["review"]
    assert work.ask(queries.counts, day(52), True).count["review"] == before + 1
    hb = [row for row in work.all(m.LabResult) if row.analyte == "haemoglobin"][-1]
    work.do(ops.withdraw_result, hb.id, "another patient's tube", on=52, protocol=PROTOCOL)
    seen, signed = (work.ask(queries.counts, day(52), sign).count["review"] for sign in (True, False))
    assert seen - signed == len(waiting(work, 52)) == 0


def test_a_plan_to_sign_says_its_visits_and_how_its_gates_stood(work: RunningClinic) -> None:
    made = work.register(0)
    for mg, answers in (
        (400, {"bacteraemia": "unknown"}),
        (500, {"active-infection": "no", "planned-mri": "unknown"}),
    ):
        dose = Decimal(mg)
        wanted = CoursePlan(
            FCM, "eu", "ganzoni", Decimal(1609), dose, ((day(7), dose),), gate_answers=answers
        )
        version = work.all(m.Course)[0].version
        on = 0 if mg == 400 else 1
        work.do(ops.plan_course, made.course_id, wanted, version, on=on, user=COORDINATOR, protocol=PROTOCOL)
    [one] = waiting(work, 1)
    assert one.what["days"] == ((day(7), Decimal(500)),)
    assert one.what["gates"] == (("active-infection", "no", None), ("planned-mri", "unknown", None))
    assert one.what["label"] == "eu"
