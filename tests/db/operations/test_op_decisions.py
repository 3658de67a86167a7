"""Decisions: what was seen is what is decided on, and the work follows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from running_clinic import PROTOCOL, RunningClinic, day, panel, result

from db import models as m
from db import operations as ops
from db import queries


def test_accepting_a_small_dose_drafts_a_course_with_the_dose_owed(work: RunningClinic) -> None:
    made = work.reviewed()
    view = work.ask(queries.explain, made.course_id)
    assert view.assessment.outcome == "inadequate-dose"
    changes = work.decide(made.course_id, 51)
    old, new = work.page(made.patient_id, 51).courses
    assert (old.status, old.end_reason, old.ended_on) == ("ended", "repeat-course", day(51))
    assert (new.course_id, new.status, new.product) == (changes.course_id, "referred", None)
    assert new.drafted_mg == view.assessment.dose.owed_mg
    step = work.step(made.patient_id, 51)
    assert (step.action, step.course_id) == ("plan-course", new.course_id)
    assert step.due == view.assessment.next_steps[0].due
    assert step.detail["owed_mg"] == new.drafted_mg
    assert work.ask(queries.explain, new.course_id).assessment_id == view.assessment_id
    facts = work.ask(queries.for_course, new.course_id, day(51))
    assert [one.product for one in facts.previous_courses] == ["ferric-carboxymaltose"]


def test_the_drafted_course_can_be_planned_and_given(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.decide(made.course_id, 51)
    work.plan(changes.course_id, 52, (64, 600))
    work.give(changes.course_id, 64, 600)
    step = work.step(made.patient_id, 64)
    assert (step.action, step.due) == ("repeat-labs", day(99))


def test_a_work_up_opens_checklists_and_referrals(work: RunningClinic) -> None:
    made = work.reviewed()
    steps = (
        ops.DecidedStep("work-up", day(60), 3, {"causes": ["base", "gi-bleeding"]}),
        ops.DecidedStep("refer", day(58), 3, {"to": "haematology", "urgency": "urgent"}),
        ops.DecidedStep("measure-phosphate", day(57), 3),
    )
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", steps, "bleeding suspected"))
    items = work.page(made.patient_id, 51).work_up
    wanted = {item.code for cause in ("base", "gi-bleeding") for item in PROTOCOL.work_up[cause].items}
    assert {item.code for item in items} == wanted | {"haematology"}
    assert len(items) == len({item.code for item in items})
    referral = next(item for item in items if item.code == "haematology")
    assert (referral.kind, referral.refer_to, referral.due, referral.urgency) == (
        "referral", "haematology", day(58), "urgent",
    )  # fmt: skip
    assert all(item.owner_id == 3 for item in items)
    step = work.step(made.patient_id, 51)
    assert (step.action, step.course_status, step.owner_id) == ("work-up", "work-up", 3)
    [order] = work.all(m.LabOrder, m.LabOrder.state == "open")
    assert (order.kind, order.panel) == ("phosphate", ["phosphate"])


def test_what_a_course_before_left_open_is_asked_once(work: RunningClinic) -> None:
    made = work.reviewed()
    checklist = ops.DecidedStep("work-up", day(60), 3, {"causes": ["base"]})
    referral = ops.DecidedStep("refer", day(58), 3, {"to": "urology"})
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", (checklist, referral), "why again?"))
    begun = next(item for item in work.page(made.patient_id, 51).work_up if item.code == "urinalysis")
    given = (begun.item_id, "ordered", None, begun.due, 3, begun.version)
    work.do(ops.update_item, *given, on=52, protocol=PROTOCOL)
    work.store(made.patient_id, 54, *panel(54, "92", ferritin="30", tsat="15"))
    again = (ops.DecidedStep("repeat-infusion", day(62), 3), checklist)
    after = work.decide(made.course_id, 54, ops.NewDecision("choose-another", again, "more iron, and why"))
    assert after.course_id != made.course_id
    items = work.page(made.patient_id, 54).work_up
    codes = [item.code for item in items]
    assert sorted(codes) == sorted(set(codes)), "nothing stands twice on one patient's checklist"
    moved = next(item for item in items if item.code == "urinalysis")
    assert (moved.item_id, moved.state, moved.course_id) == (begun.item_id, "ordered", after.course_id)
    states = {(row.course_id, row.cause): row.state for row in work.all(m.WorkUp)}
    assert states[made.course_id, "base"] == "finished"
    assert states[made.course_id, "referral"] == "open", "a referral stays where its letter is"


def test_a_checklist_that_is_done_lets_the_course_go_on(work: RunningClinic) -> None:
    made = work.reviewed()
    steps = (ops.DecidedStep("refer", day(58), 3, {"to": "urology"}),)
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", steps, "haematuria"))
    [item] = work.page(made.patient_id, 51).work_up
    given = (item.item_id, "ordered", None, day(65), 3, item.version)
    work.do(ops.update_item, *given, on=52, protocol=PROTOCOL)
    assert work.step(made.patient_id, 52).action == "work-up"
    assert work.refused(ops.update_item, *given, on=52, protocol=PROTOCOL).code == "changed-meanwhile"
    [item] = work.page(made.patient_id, 52).work_up
    missing = (item.item_id, "not-appropriate", " ", day(65), 3, item.version)
    assert work.refused(ops.update_item, *missing, on=53, protocol=PROTOCOL).code == "missing-field"
    done = (item.item_id, "resulted", "stone found", day(65), 3, item.version)
    work.do(ops.update_item, *done, on=60, protocol=PROTOCOL)
    step = work.step(made.patient_id, 60)
    assert (step.action, step.course_status) == ("follow-up", "follow-up")
    assert work.all(m.WorkUp)[0].state == "finished"


def test_what_a_course_left_open_may_still_be_done(work: RunningClinic) -> None:
    made = work.reviewed()
    steps = (ops.DecidedStep("refer", day(58), 3, {"to": "urology"}),)
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", steps, "haematuria"))
    work.do(ops.start_repeat_course, made.course_id, Decimal(500), on=52, protocol=PROTOCOL)
    [item] = work.ask(queries.open_work_ups, day(52))
    given = (item.item_id, "resulted", "stone found", day(65), 3, item.version)
    work.do(ops.update_item, *given, on=60, protocol=PROTOCOL)
    assert not work.ask(queries.open_work_ups, day(60))
    assert work.step(made.patient_id, 60).action == "plan-course"


def test_a_dismissed_assessment_comes_back(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(made.course_id, 51, ops.NewDecision("not-appropriate", (), "palliative care"))
    step = work.step(made.patient_id, 51)
    assert (step.action, step.due) == ("review-results", day(51 + 42)), "no later than soon may be put off"
    view = work.ask(queries.explain, made.course_id)
    assert (view.state, view.decided_by, view.decision_reason) == ("dismissed", "Bo Ray", "palliative care")
    work.store(made.patient_id, 60, result(60, "haemoglobin", "70", "g/L"))
    assert work.step(made.patient_id, 60).due < day(70)


def test_steps_decided_beside_the_first_wait_their_turn(work: RunningClinic) -> None:
    made = work.reviewed()
    steps = (
        ops.DecidedStep("same-day-review", day(51), 2),
        ops.DecidedStep("discuss-transfusion", day(52), 2),
        ops.DecidedStep("repeat-labs", day(58), 3),
    )
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", steps, "unwell"))
    first = work.step(made.patient_id, 51)
    assert first.action == "same-day-review"
    work.do(ops.complete, first.step_id, "seen", first.version, on=51, protocol=PROTOCOL)
    second = work.step(made.patient_id, 51)
    assert (second.action, second.due) == ("discuss-transfusion", day(52))
    work.do(ops.complete, second.step_id, None, second.version, on=52, protocol=PROTOCOL)
    third = work.step(made.patient_id, 52)
    assert (third.action, third.due) == ("repeat-labs", day(58))
    error = work.refused(ops.complete, third.step_id, None, third.version, on=52, protocol=PROTOCOL)
    assert error.code == "done-by-itself"
    assert work.refused(ops.complete, first.step_id, None, 2, on=52, protocol=PROTOCOL).code == "step-closed"


def test_a_repeat_dose_can_wait_behind_an_urgent_step(work: RunningClinic) -> None:
    made = work.reviewed()
    steps = (ops.DecidedStep("same-day-review", day(51)), ops.DecidedStep("repeat-infusion", day(60)))
    changes = work.decide(made.course_id, 51, ops.NewDecision("choose-another", steps, "unwell"))
    first = work.step(made.patient_id, 51)
    assert (first.action, first.course_id) == ("same-day-review", changes.course_id)
    work.do(ops.complete, first.step_id, None, first.version, on=51, protocol=PROTOCOL)
    assert (work.step(made.patient_id, 51).action, work.step(made.patient_id, 51).due) == (
        "plan-course",
        day(60),
    )


def test_the_planned_part_goes_back_to_the_next_visit(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500), (21, 500))
    work.give(made.course_id, 7)
    work.store(made.patient_id, 10, result(10, "haemoglobin", "86", "g/L"))
    steps = (ops.DecidedStep("repeat-infusion", day(21), None, {"planned_part": True}),)
    work.decide(made.course_id, 10, ops.NewDecision("choose-another", steps, "as planned"))
    step = work.step(made.patient_id, 10)
    assert (step.action, step.due, step.course_status) == ("give-infusion", day(21), "in-treatment")


def test_a_discharge_needs_the_cause_and_ends_the_course(work: RunningClinic) -> None:
    made = work.reviewed()
    view = work.ask(queries.explain, made.course_id)
    given = (view.assessment_id, view.version)
    without = ops.NewDecision("choose-another", (ops.DecidedStep("discharge", day(60)),), "well")
    assert (
        work.refused(ops.record_decision, *given, without, on=51, protocol=PROTOCOL).code == "cause-missing"
    )
    step = ops.DecidedStep("discharge", day(60), None, {"cause": "investigated"})
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", (step,), "well"))
    [course] = work.page(made.patient_id, 51).courses
    assert (course.status, course.end_reason) == ("ended", "discharged")
    assert work.page(made.patient_id, 51).open_step is None


@pytest.mark.parametrize(
    "other",
    [
        ops.DecidedStep("refer", day(58), 3, {"to": "urology"}),
        ops.DecidedStep("work-up", day(58), 3, {"causes": ["base"]}),
        ops.DecidedStep("follow-up", day(90)),
    ],
)
def test_nothing_goes_with_a_discharge(work: RunningClinic, other: ops.DecidedStep) -> None:
    made = work.reviewed()
    view = work.ask(queries.explain, made.course_id)
    end = ops.DecidedStep("discharge", day(60), None, {"cause": "investigated"})
    for steps in ((end, other), (other, end)):
        mixed = ops.NewDecision("choose-another", steps, "well")
        given = (view.assessment_id, view.version, mixed)
        error = work.refused(ops.record_decision, *given, on=51, protocol=PROTOCOL)
        assert error.code == "discharge-with-other-steps"


@pytest.mark.parametrize(
    ("decision", "code", "field"),
    [
        (
            ops.NewDecision("choose-another", (ops.DecidedStep("follow-up", day(60)),)),
            "missing-field",
            "reason",
        ),
        (ops.NewDecision("choose-another", (), "because"), "missing-field", "steps"),
        (ops.NewDecision("defer", (), "because"), "missing-field", "defer_until"),
        (ops.NewDecision("defer", (), "because", day(51)), "in-the-past", "defer_until"),
        (ops.NewDecision("not-appropriate"), "missing-field", "reason"),
        (ops.NewDecision("accept", (ops.DecidedStep("discharge", day(60)),)), "not-proposed", "steps"),
        (
            ops.NewDecision("accept", (ops.DecidedStep("repeat-infusion", day(50)),)),
            "in-the-past",
            "repeat-infusion",
        ),
        (ops.NewDecision("perhaps"), "unknown-code", "kind"),
        (
            ops.NewDecision("choose-another", (ops.DecidedStep("dance", day(60)),), "x"),
            "unknown-code",
            "action",
        ),
        (
            ops.NewDecision(
                "choose-another", (ops.DecidedStep("refer", day(60), None, {"to": "mars"}),), "x"
            ),
            "unknown-code",
            "to",
        ),
        (
            ops.NewDecision(
                "choose-another", (ops.DecidedStep("work-up", day(60), None, {"causes": ["x"]}),), "x"
            ),
            "unknown-code",
            "causes",
        ),
    ],
)
def test_an_incomplete_decision_is_refused(
    work: RunningClinic, decision: ops.NewDecision, code: str, field: str
) -> None:
    made = work.reviewed()
    view = work.ask(queries.explain, made.course_id)
    error = work.refused(
        ops.record_decision, view.assessment_id, view.version, decision, on=51, protocol=PROTOCOL
    )
    assert (error.code, error.values["field"]) == (code, field)


def test_what_was_seen_must_be_what_is_there(work: RunningClinic) -> None:
    made = work.reviewed()
    seen = work.ask(queries.explain, made.course_id)
    work.store(made.patient_id, 51, result(51, "vitamin-b12", "90", "pmol/L"))
    given = (ops.record_decision, seen.assessment_id, seen.version, ops.NewDecision("accept"))
    assert work.refused(*given, on=51, protocol=PROTOCOL).code in ("changed-meanwhile", "assessment-changed")
    work.decide(made.course_id, 51)
    again = work.ask(queries.explain, made.course_id)
    twice = (ops.record_decision, again.assessment_id, again.version, ops.NewDecision("accept"))
    assert work.refused(*twice, on=51, protocol=PROTOCOL).code == "assessment-changed"


def test_a_decision_is_kept_word_for_word(work: RunningClinic) -> None:
    made = work.reviewed()
    step = ops.DecidedStep("follow-up", day(90), 3, {"note": "by phone"})
    work.decide(
        made.course_id, 51, ops.NewDecision("choose-another", (step,), "  patient\u202e asks to wait ")
    )
    decision = work.all(m.Decision)[-1]
    assert (decision.kind, decision.reason, decision.decided_by_id) == (
        "choose-another", "patient asks to wait", 2,
    )  # fmt: skip
    assert decision.steps == [
        {"action": "follow-up", "due": day(90).isoformat(), "owner_id": 3, "detail": {"note": "by phone"}}
    ]


def test_planning_is_the_look_at_the_baseline(work: RunningClinic) -> None:
    made = work.register()
    assert work.ask(queries.explain, made.course_id).state == "open"
    work.plan(made.course_id, 0, (7, 500))
    assert work.ask(queries.explain, made.course_id).state == "accepted"


def test_a_repeat_course_can_be_started_without_assessment(work: RunningClinic) -> None:
    made = work.treated()
    work.do(ops.start_repeat_course, made.course_id, Decimal(500), on=60, protocol=PROTOCOL)
    assert work.page(made.patient_id, 60).courses[-1].drafted_mg == Decimal(500)
