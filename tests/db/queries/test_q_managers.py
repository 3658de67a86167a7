"""A manager's figures rest on these rows: days, answers and what followed, course by course."""

from __future__ import annotations

from datetime import timedelta

from running_clinic import PROTOCOL, RunningClinic, day, panel, result

from db import models as m
from db import operations as ops
from db.operations import NewDecision
from db.queries.decided import decided
from db.queries.managers import course_figures


def figures(work: RunningClinic, first: int = -100, last: int = 400) -> tuple:
    return work.ask(course_figures, day(first), day(last), PROTOCOL)


def test_a_course_without_iron_is_not_counted(work: RunningClinic) -> None:
    work.register()
    assert figures(work) == ()


def test_a_course_that_waits_has_its_doses_and_nothing_else(work: RunningClinic) -> None:
    made = work.treated(300)
    [row] = figures(work)
    assert (row.course_id, row.patient_id) == (made.course_id, made.patient_id)
    assert (row.first_infusion, row.last_infusion, row.given_mg) == (day(7), day(14), 600)
    assert (row.labs_on, row.decided_on, row.outcome, row.low_phosphate) == (None, None, None, None)
    assert (row.repeated, row.worked_up, row.left_on) == (False, False, None)


def test_blood_taken_before_the_window_opens_is_not_the_repeat(work: RunningClinic) -> None:
    made = work.treated(300)
    work.store(made.patient_id, 41, *panel(41, "94"))
    assert figures(work)[0].labs_on is None
    work.store(made.patient_id, 42, *panel(42, "95"))
    assert figures(work)[0].labs_on == day(42)


def test_the_decision_after_the_bloods_is_told_with_its_answer(work: RunningClinic) -> None:
    made = work.reviewed()
    before = figures(work)[0]
    assert (before.labs_on, before.outcome, before.decided_on) == (day(50), "inadequate-dose", None)
    work.decide(made.course_id, 53)
    row = next(one for one in figures(work) if one.course_id == made.course_id)
    assert (row.decided_on, row.outcome, row.response, row.decision) == (
        day(53), "inadequate-dose", "partial", "accept",
    )  # fmt: skip
    assert row.repeated


def test_low_phosphate_is_judged_in_the_unit_reported(work: RunningClinic) -> None:
    made = work.treated(300)
    work.store(made.patient_id, 50, result(50, "phosphate", "2.49", "mg/dL"))
    assert figures(work)[0].low_phosphate is True
    other = work.treated(300)
    work.store(other.patient_id, 50, result(50, "phosphate", "0.80", "mmol/L"))
    assert figures(work)[1].low_phosphate is False


def test_a_withdrawn_value_does_not_count(work: RunningClinic) -> None:
    made = work.treated(300)
    work.store(made.patient_id, 50, result(50, "haemoglobin", "94", "g/L"))
    stored = work.all(m.LabResult)[-1]
    work.do(ops.withdraw_result, stored.id, "another patient's tube", on=51, protocol=PROTOCOL)
    assert figures(work)[0].labs_on is None


def test_the_span_is_of_last_infusions_both_days_included(work: RunningClinic) -> None:
    work.treated(300)
    assert len(figures(work, 14, 14)) == 1
    assert figures(work, 15, 100) == ()
    assert figures(work, 0, 13) == ()


def test_who_left_is_told_with_the_day(work: RunningClinic) -> None:
    made = work.treated(300)
    work.do(ops.end_follow_up, made.patient_id, "transferred", day(30), "moved away", on=30)
    assert figures(work)[0].left_on == day(30)


def test_decisions_are_listed_with_the_outcome_they_answered(work: RunningClinic) -> None:
    made = work.reviewed()
    choice = NewDecision("not-appropriate", reason="palliative care")
    work.decide(made.course_id, 53, choice)
    [row] = work.ask(decided, day(53), day(53))
    assert (row.outcome, row.kind, row.decided_on) == ("inadequate-dose", "not-appropriate", day(53))
    assert work.ask(decided, day(54), day(54) + timedelta(days=30)) == ()
