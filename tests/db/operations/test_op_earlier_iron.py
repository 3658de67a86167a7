"""Iron given before the referral: course, window and next step are right at once, and nothing is invented."""

from __future__ import annotations

from decimal import Decimal

import pytest
from running_clinic import FCM, PROTOCOL, RunningClinic, day

from db import models as m
from db import operations as ops
from db import queries
from db.changes import Changes
from db.errors import Refused

FDI = "ferric-derisomaltose"


def earlier(
    number: int, dose: int = 500, product: str = FCM, batch: str | None = None
) -> ops.EarlierInfusion:
    """An infusion given on a day before."""
    return ops.EarlierInfusion(day(number), Decimal(dose), product, batch)


def record(work: RunningClinic, made: Changes, *given: ops.EarlierInfusion, on: int, **more: bool) -> Changes:
    """Put them on record in the course of a referral."""
    version = course(work, made.course_id).version
    return work.do(ops.record_earlier_iron, made.course_id, given, version, on=on, protocol=PROTOCOL, **more)


def course(work: RunningClinic, course_id: int | None) -> m.Course:
    [found] = work.all(m.Course, m.Course.id == course_id)
    assert isinstance(found, m.Course)
    return found


def test_the_window_follows_the_last_one_given(work: RunningClinic) -> None:
    made = work.register()
    record(work, made, earlier(14, batch="B 77"), earlier(7), on=30)
    now = course(work, made.course_id)
    assert (now.status, now.product, now.planned_mg) == ("awaiting-labs", FCM, Decimal(1000))
    [order] = work.all(m.LabOrder, m.LabOrder.state == "open")
    assert (order.anchor_on, order.opens_on) == (day(14), day(42))
    step = work.step(made.patient_id or 0, 30)
    assert (step.action, step.due) == ("repeat-labs", order.booked_for)
    assert [one.batch for one in work.all(m.Infusion)] == ["", "B 77"]
    assert not work.all(m.Visit), "no visit is invented"


def test_a_late_patient_stands_as_overdue_at_once(work: RunningClinic) -> None:
    made = work.register()
    record(work, made, earlier(1), on=120)
    step = work.step(made.patient_id or 0, 120)
    assert step.due < day(120)
    assert step.action in {"repeat-labs", "chase-labs"}


def test_bloods_taken_after_it_are_looked_at(work: RunningClinic) -> None:
    made = work.register(on=50)
    record(work, made, earlier(14), on=50)
    assert work.step(made.patient_id or 0, 50).action == "review-results"


def test_the_rest_is_planned_on_top(work: RunningClinic) -> None:
    made = work.register()
    record(work, made, earlier(14), on=30)
    plan = ops.CoursePlan(FCM, "eu", "ganzoni", Decimal(1500), Decimal(1000), ((day(32), Decimal(500)),))
    version = course(work, made.course_id).version
    work.do(ops.plan_course, made.course_id, plan, version, on=30, protocol=PROTOCOL)
    step = work.step(made.patient_id or 0, 30)
    assert (step.action, step.due, step.course_status) == ("give-infusion", day(32), "in-treatment")


def test_another_product_before_is_a_course_of_its_own(work: RunningClinic) -> None:
    made = work.register(on=60)
    changes = record(work, made, earlier(1, product=FDI), earlier(40), earlier(47), on=60)
    first, second = work.all(m.Course)
    assert (first.product, first.status, first.end_reason) == (FDI, "ended", "repeat-course")
    assert (second.id, second.product, second.planned_mg) == (changes.course_id, FCM, Decimal(1000))
    facts = work.ask(queries.for_course, second.id, day(60))
    assert [one.product for one in facts.previous_courses] == [FDI]


def test_a_course_that_is_over_leaves_one_to_plan(work: RunningClinic) -> None:
    made = work.register(on=60)
    changes = record(work, made, earlier(1, product=FDI), on=60, goes_on=False)
    now = course(work, changes.course_id)
    assert (now.status, now.product) == ("referred", None)
    assert work.step(made.patient_id or 0, 60).action == "plan-course"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ((), "missing-field"),
        ((earlier(31),), "in-the-future"),
        ((earlier(10, dose=90000),), "impossible-dose"),
        ((earlier(10), earlier(10)), "two-on-one-day"),
        ((earlier(10, product="rust"),), "unknown-code"),
        ((earlier(-900),), "too-long-ago"),
    ],
)
def test_what_cannot_be_is_refused_whole(
    work: RunningClinic, given: tuple[ops.EarlierInfusion, ...], code: str
) -> None:
    made = work.register(on=30)
    version = course(work, made.course_id).version
    error = work.refused(ops.record_earlier_iron, made.course_id, given, version, on=30, protocol=PROTOCOL)
    assert isinstance(error, Refused)
    assert error.code == code


def test_a_planned_course_takes_none(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500))
    version = course(work, made.course_id).version
    error = work.refused(
        ops.record_earlier_iron, made.course_id, (earlier(1),), version, on=3, protocol=PROTOCOL
    )
    assert error.code == "already-planned"
