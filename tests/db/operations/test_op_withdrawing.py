"""A decision made by mistake is taken back: it stays on record, and everything stands as it stood."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import pytest
from running_clinic import CLINICIAN, COORDINATOR, PROTOCOL, RunningClinic, day, panel

from db import models as m
from db import operations as ops
from db import queries
from db.errors import StaleScreen
from db.queries.decided import decided
from db.queries.sign_offs import count_to_sign, to_sign

LEFT = ("version", "closed_at", "changed_at", "ended_at", "recorded_at")
"""Columns that say when or how often a row was written."""


def pictured(work: RunningClinic, patient_id: int) -> dict[str, Any]:
    """What stands for a patient: the step, courses, orders, visits, items and what is to review and to write."""
    page = work.page(patient_id, 51)
    step = page.open_step
    return {
        "step": None if step is None else (
            step.action, step.due, step.urgency, step.owner_id, step.detail, step.why
        ),
        "courses": [
            (c.course_id, c.status, c.end_reason, c.ended_on)
            for c in page.courses
            if c.end_reason != "entered-in-error"
        ],
        "orders": sorted((o.kind, o.booked_for) for o in work.all(m.LabOrder) if o.state == "open"),
        "visits": [(v.planned_on, v.state, v.reason) for v in work.all(m.Visit)],
        "items": sorted((one.code, one.state, one.owner_id) for one in page.work_up),
        "assessment": [(a.id, a.state, a.deferred_until) for a in work.all(m.AssessmentRow)],
        "letters": [(one.kind, one.assessment_id) for one in work.ask(queries.letters_due, day(51))],
        "review": [one.step_id for one in work.ask(queries.to_review, day(51))] != [],
        "to-sign": work.ask(count_to_sign),
        "cause": [c.cause for c in work.all(m.Course) if c.end_reason != "entered-in-error"],
    }  # fmt: skip


def take_back(work: RunningClinic, decision_id: int, on: int = 51, user: int = CLINICIAN, **more: Any) -> Any:
    seen = work.all(m.AssessmentRow)[-1].version
    return work.do(ops.withdraw_decision, decision_id, more.get("seen", seen), on=on, user=user)


REPEAT = ops.NewDecision("accept")
DECISIONS = {
    "repeat": REPEAT,
    "defer": ops.NewDecision("defer", reason="on holiday", defer_until=day(60)),
    "dismiss": ops.NewDecision("not-appropriate", reason="palliative"),
    "work-up": ops.NewDecision(
        "choose-another",
        (
            ops.DecidedStep("work-up", day(60), 3, {"causes": ["base", "gi-bleeding"]}),
            ops.DecidedStep("refer", day(58), 3, {"to": "haematology"}),
            ops.DecidedStep("measure-phosphate", day(57), 3),
        ),
        "bleeding suspected",
    ),
    "bloods": ops.NewDecision("choose-another", (ops.DecidedStep("repeat-labs", day(60)),), "too early"),
    "discharge": ops.NewDecision(
        "choose-another", (ops.DecidedStep("discharge", day(60), None, {"cause": "known"}),), "goes home"
    ),
}


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_everything_stands_as_it_stood_and_can_be_decided_again(work: RunningClinic, name: str) -> None:
    made = work.reviewed()
    before = pictured(work, made.patient_id)
    changes = work.decide(made.course_id, 51, DECISIONS[name])
    once = pictured(work, made.patient_id)
    assert once != before
    take_back(work, changes.created_id)
    assert pictured(work, made.patient_id) == before
    [decision] = work.all(m.Decision, m.Decision.id == changes.created_id)
    assert (decision.kind, decision.withdrawn_by_id) == (DECISIONS[name].kind, CLINICIAN)
    assert decision.withdrawn_at is not None
    if name != "discharge":
        [closed] = [s for s in work.all(m.NextStep) if s.decision_id == decision.id]
        assert closed.closed_reason in ("decision-withdrawn", "entered-in-error")
    work.decide(made.course_id, 51, DECISIONS[name])
    again = pictured(work, made.patient_id)
    for what in ("orders", "items", "assessment", "letters", "review", "to-sign"):
        assert again[what] == once[what], what


@pytest.mark.file_only
def test_a_repeat_decided_again_is_planned_and_told(work: RunningClinic) -> None:
    made = work.reviewed()
    take_back(work, work.decide(made.course_id, 51).created_id)
    drafted = work.decide(made.course_id, 51)
    work.plan(drafted.course_id, 51, (64, 600))
    kinds = [one.kind for one in work.ask(queries.letters_due, day(51))]
    assert "repeat-infusion" in kinds
    hit = work.ask(queries.search, "marsh")[0]
    assert hit.course_status == "planned"


@pytest.mark.file_only
def test_who_decided_stands_in_no_list_once_it_is_taken_back(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.decide(made.course_id, 51, user=COORDINATOR)
    assert work.ask(count_to_sign) == 1
    take_back(work, changes.created_id, user=COORDINATOR)
    assert work.ask(to_sign, day(51)) == ()
    assert work.ask(decided, day(51), day(51)) == ()
    view = work.ask(queries.explain, made.course_id)
    assert (view.state, view.decided_by) == ("open", None)
    seen = work.all(m.AssessmentRow)[-1].version
    error = work.refused(ops.sign_decision, changes.created_id, seen, on=51)
    assert isinstance(error, StaleScreen)


@pytest.mark.file_only
def test_a_deferral_taken_back_after_another_stands_deferred(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(made.course_id, 51, DECISIONS["defer"])
    before = pictured(work, made.patient_id)
    take_back(work, work.decide(made.course_id, 51).created_id)
    assert pictured(work, made.patient_id) == before


@pytest.mark.file_only
def test_an_item_added_to_a_checklist_that_stays_is_put_aside(work: RunningClinic) -> None:
    made = work.reviewed()
    work.decide(made.course_id, 51, DECISIONS["work-up"])
    work.store(made.patient_id, 51, *panel(51, "92", ferritin="30", tsat="15"))
    before = pictured(work, made.patient_id)
    more = (ops.DecidedStep("refer", day(58), 3, {"to": "urology"}),)
    changes = work.decide(made.course_id, 51, ops.NewDecision("choose-another", more, "blood in the urine"))
    take_back(work, changes.created_id)
    after = pictured(work, made.patient_id)
    assert [one for one in after["items"] if one[0] != "urology"] == before["items"]
    listed = work.ask(queries.open_work_ups, day(51))
    assert "urology" not in {one.code for one in listed}
    again = work.decide(made.course_id, 51, ops.NewDecision("choose-another", more, "blood in the urine"))
    assert "urology" in {one.code for one in work.ask(queries.open_work_ups, day(51))}
    assert again.created_id is not None


@pytest.mark.file_only
def test_what_a_course_before_left_open_goes_back_to_it(work: RunningClinic) -> None:
    made = work.reviewed()
    checklist = ops.DecidedStep("work-up", day(60), 3, {"causes": ["base"]})
    work.decide(made.course_id, 51, ops.NewDecision("choose-another", (checklist,), "why again?"))
    work.store(made.patient_id, 51, *panel(51, "92", ferritin="30", tsat="15"))
    before = {one.id: one.work_up_id for one in work.all(m.WorkUpItem)}
    again = (ops.DecidedStep("repeat-infusion", day(62), 3), checklist)
    changes = work.decide(made.course_id, 51, ops.NewDecision("choose-another", again, "more iron, and why"))
    assert {one.id: one.work_up_id for one in work.all(m.WorkUpItem)} != before
    take_back(work, changes.created_id)
    assert {one.id: one.work_up_id for one in work.all(m.WorkUpItem)} == before
    assert {one.state for one in work.all(m.WorkUp, m.WorkUp.id.in_(before.values()))} == {"open"}


def _letter(work: RunningClinic, made: Any) -> None:
    pdf = b"%PDF-1.7 invented"
    letter = ops.NewLetter(
        "patient-results", made.course_id, made.patient_id, {"name": "Ines Marsh"}, work.all(m.AssessmentRow)[-1].id,
        pdf, hashlib.sha256(pdf).hexdigest(), 1, "1", "Dear", "L-1",
    )  # fmt: skip
    work.do(ops.issue, letter, on=51)


def _planned(work: RunningClinic, made: Any) -> None:
    work.plan(work.page(made.patient_id, 51).courses[-1].course_id, 51, (64, 600))


def _moved(work: RunningClinic, made: Any) -> None:
    step = work.step(made.patient_id, 51)
    work.do(ops.change_due, step.step_id, day(70), "asked for it", step.version, on=51)


def _given_away(work: RunningClinic, made: Any) -> None:
    step = work.step(made.patient_id, 51)
    work.do(ops.reassign, step.step_id, 3 if step.owner_id != 3 else 2, step.version, on=51)


@pytest.mark.file_only
@pytest.mark.parametrize("follows", [_letter, _planned, _moved, _given_away])
def test_refused_when_something_follows(work: RunningClinic, follows: Any) -> None:
    made = work.reviewed()
    changes = work.decide(made.course_id, 51)
    follows(work, made)
    seen = work.all(m.AssessmentRow)[0].version
    error = work.refused(ops.withdraw_decision, changes.created_id, seen, on=51)
    assert error.code in ("decision-followed", "assessment-changed"), error


@pytest.mark.file_only
def test_refused_when_an_item_was_begun(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.decide(made.course_id, 51, DECISIONS["work-up"])
    item = next(one for one in work.page(made.patient_id, 51).work_up if one.code == "haematology")
    work.do(
        ops.update_item, item.item_id, "ordered", None, item.due, 3, item.version, on=51, protocol=PROTOCOL
    )
    seen = work.all(m.AssessmentRow)[-1].version
    assert work.refused(ops.withdraw_decision, changes.created_id, seen, on=51).code == "decision-followed"


@pytest.mark.file_only
def test_refused_after_a_newer_answer(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.decide(made.course_id, 51, DECISIONS["defer"])
    seen = work.all(m.AssessmentRow)[-1].version
    work.store(made.patient_id, 51, *panel(51, "92", ferritin="30", tsat="15"))
    assert isinstance(work.refused(ops.withdraw_decision, changes.created_id, seen, on=51), StaleScreen)


@pytest.mark.file_only
def test_refused_twice_tomorrow_by_another_and_once_signed(work: RunningClinic) -> None:
    made = work.reviewed()
    changes = work.decide(made.course_id, 51, user=COORDINATOR)
    seen = work.all(m.AssessmentRow)[-1].version
    given = (ops.withdraw_decision, changes.created_id, seen)
    assert work.refused(*given, on=51, user=CLINICIAN).code == "decision-of-another"
    assert work.refused(*given, on=52, user=COORDINATOR).code == "decision-not-today"
    assert isinstance(work.refused(given[0], given[1], seen - 1, on=51, user=COORDINATOR), StaleScreen)
    work.do(ops.withdraw_decision, changes.created_id, seen, on=51, user=COORDINATOR)
    assert work.refused(*given, on=51, user=COORDINATOR).code == "decision-withdrawn"
    again = work.decide(made.course_id, 51, user=COORDINATOR)
    seen = work.all(m.AssessmentRow)[-1].version
    work.do(ops.sign_decision, again.created_id, seen, on=51)
    refused = work.refused(ops.withdraw_decision, again.created_id, seen, on=51, user=COORDINATOR)
    assert refused.code == "already-signed"


@pytest.mark.file_only
def test_a_decision_made_by_planning_is_taken_back_with_the_plan(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500))
    [decision] = work.all(m.Decision)
    seen = work.all(m.AssessmentRow, m.AssessmentRow.id == decision.assessment_id)[0].version
    assert work.refused(ops.withdraw_decision, decision.id, seen, on=0).code == "decision-not-kept"


@pytest.mark.file_only
def test_visits_called_off_with_a_course_are_planned_again(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500), (64, 500))
    work.give(made.course_id, 7)
    work.store(made.patient_id, 50, *panel(50, "94", ferritin="40", tsat="18"))
    before = pictured(work, made.patient_id)
    away = ops.NewDecision(
        "choose-another", (ops.DecidedStep("discharge", day(60), None, {"cause": "known"}),), "goes home"
    )
    changes = work.decide(made.course_id, 51, away)
    assert {one.state for one in work.all(m.Visit)} == {"given", "cancelled"}
    take_back(work, changes.created_id)
    assert pictured(work, made.patient_id) == before
    assert Decimal(500) in {one.dose_mg for one in work.all(m.Visit) if one.state == "planned"}


def planned_anew(work: RunningClinic, on: int = 3, user: int = CLINICIAN) -> Any:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500), (14, 500))
    before = course_of(work, made)
    plan = ops.CoursePlan(
        "ferric-derisomaltose", "eu", "ganzoni", Decimal(900), Decimal(900),
        ((day(9), Decimal(600)), (day(16), Decimal(300))), {"infection": "yes"}, {},
    )  # fmt: skip
    version = work.all(m.Course)[0].version
    work.do(ops.plan_course, made.course_id, plan, version, on=on, user=user, protocol=PROTOCOL)
    return made, before


def course_of(work: RunningClinic, made: Any) -> dict[str, Any]:
    """The plan, its visits, step, safety answers, and what waits for a signature."""
    [c] = work.all(m.Course, m.Course.id == made.course_id)
    step = work.step(made.patient_id, 3)
    return {
        "plan": (c.product, c.label, c.method, c.need_mg, c.planned_mg, c.status, c.planned_at, c.signed_at, c.to_sign),
        "visits": [(v.planned_on, v.dose_mg) for v in work.all(m.Visit) if v.state == "planned"],
        "step": (step.action, step.due, step.detail),
        "gates": [one.what["gates"] for one in work.ask(to_sign, day(3))],
    }  # fmt: skip


@pytest.mark.file_only
@pytest.mark.parametrize("user", [CLINICIAN, COORDINATOR])
def test_a_new_plan_taken_back_leaves_the_one_of_before(work: RunningClinic, user: int) -> None:
    made, before = planned_anew(work, user=user)
    assert course_of(work, made) != before
    work.do(ops.withdraw_plan, made.course_id, on=3, user=user, protocol=PROTOCOL)
    assert course_of(work, made) == before
    assert [v.reason for v in work.all(m.Visit) if v.state == "cancelled"] == [
        "plan-withdrawn",
        "plan-withdrawn",
    ]
    newest = work.all(m.GateAnswer)[-1]
    assert (newest.gate, newest.answer, newest.recorded_at.date()) == ("infection", "no", day(3))
    refused = work.refused(ops.withdraw_plan, made.course_id, on=3, user=user, protocol=PROTOCOL)
    assert refused.code == "plan-not-kept", "the plan of before was the first"
    work.give(made.course_id, 7, 500)


@pytest.mark.file_only
def test_a_plan_stands_once_something_follows_or_for_others_and_later(work: RunningClinic) -> None:
    made, _ = planned_anew(work)
    given = (ops.withdraw_plan, made.course_id)
    assert work.refused(*given, on=4, protocol=PROTOCOL).code == "plan-not-today"
    assert work.refused(*given, on=3, user=COORDINATOR, protocol=PROTOCOL).code == "plan-of-another"
    visit = next(one for one in work.all(m.Visit) if one.state == "planned")
    work.do(ops.move_visit, visit.id, day(10), "ill", visit.version, on=3, protocol=PROTOCOL)
    assert work.refused(*given, on=3, protocol=PROTOCOL).code == "plan-followed"
    first = work.register()
    work.plan(first.course_id, 3, (7, 500))
    assert work.refused(given[0], first.course_id, on=3, protocol=PROTOCOL).code == "plan-not-kept"


@pytest.mark.file_only
@pytest.mark.parametrize("missed", [False, True])
def test_a_moved_visit_is_put_back_on_a_day_that_has_passed(work: RunningClinic, missed: bool) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500), (14, 500))
    visit = work.all(m.Visit)[0]
    if missed:
        work.do(
            ops.cancel_visit,
            visit.id,
            "did not come",
            visit.version,
            on=8,
            protocol=PROTOCOL,
            did_not_attend=True,
        )
    stood = [(v.planned_on, v.state, v.reason, v.moved_from) for v in work.all(m.Visit)]
    step, status = work.step(made.patient_id, 9), work.all(m.Course)[0].status
    version = work.all(m.Visit)[0].version
    work.do(ops.move_visit, visit.id, day(12), "ill", version, on=9, protocol=PROTOCOL)
    given = (ops.take_back_move, visit.id)
    assert isinstance(work.refused(*given, version, on=9, protocol=PROTOCOL), StaleScreen)
    assert work.refused(*given, version + 1, on=10, protocol=PROTOCOL).code == "move-not-today"
    work.do(*given, version + 1, on=9, protocol=PROTOCOL)
    assert [(v.planned_on, v.state, v.reason, v.moved_from) for v in work.all(m.Visit)] == stood
    now = work.step(made.patient_id, 9)
    assert (now.action, now.due, work.all(m.Course)[0].status) == (step.action, step.due, status)
    again = work.all(m.Visit)[0].version
    assert work.refused(*given, again, on=9, protocol=PROTOCOL).code in (
        "move-not-today",
        "visit-not-planned",
    )


@pytest.mark.file_only
def test_a_move_taken_back_does_not_forget_iron_given_since(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500), (14, 500))
    second = work.all(m.Visit)[1]
    work.do(ops.move_visit, second.id, day(16), "away", second.version, on=7, protocol=PROTOCOL)
    work.give(made.course_id, 7)
    under_way = work.all(m.Course)[0].status
    now = work.all(m.Visit)[1].version
    work.do(ops.take_back_move, second.id, now, on=7, protocol=PROTOCOL)
    assert work.all(m.Course)[0].status == under_way == "in-treatment"
    assert work.all(m.Visit)[1].planned_on == day(14)
