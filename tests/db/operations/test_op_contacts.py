"""Contacts and the open step: tried again, put off, agreed; given to others and moved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from running_clinic import PROTOCOL, RunningClinic, day

from db import models as m
from db import operations as ops
from db import queries


@pytest.mark.parametrize("outcome", ["no-answer", "message-left", "number-dead", "moved"])
def test_an_attempt_that_reached_nobody_is_tried_again(work: RunningClinic, outcome: str) -> None:
    made = work.treated()
    work.do(ops.record_contact, made.course_id, ops.NewContact(outcome), on=58, protocol=PROTOCOL)
    step = work.step(made.patient_id, 58)
    assert (step.action, step.due) == ("chase-labs", day(60))
    assert (step.why["attempts"], step.why["last"]) == (1, outcome)
    assert work.page(made.patient_id, 58).banner.last_contact == (day(58), outcome)


def test_an_agreed_day_becomes_the_day_of_the_tests(work: RunningClinic) -> None:
    made = work.treated()
    contact = ops.NewContact("agreed", call_back_on=day(63), note="after\u202e work")
    work.do(ops.record_contact, made.course_id, contact, on=58, protocol=PROTOCOL)
    step = work.step(made.patient_id, 58)
    assert (step.action, step.due) == ("repeat-labs", day(63))
    assert work.all(m.LabOrder, m.LabOrder.state == "open")[0].booked_for == day(63)
    assert work.page(made.patient_id, 58).contacts[0].note == "after work"


def test_a_call_back_and_a_letter_move_the_step(work: RunningClinic) -> None:
    made = work.treated()
    later = ops.NewContact("call-back", call_back_on=day(64))
    work.do(ops.record_contact, made.course_id, later, on=58, protocol=PROTOCOL)
    assert work.step(made.patient_id, 58).due == day(64)
    work.do(
        ops.record_contact, made.course_id, ops.NewContact("letter-sent", "letter"), on=65, protocol=PROTOCOL
    )
    assert work.step(made.patient_id, 65).due == day(79)


@pytest.mark.parametrize(("outcome", "days"), [("call-back", 28), ("agreed", 120)])
def test_a_call_back_is_not_put_off_for_ever(work: RunningClinic, outcome: str, days: int) -> None:
    made = work.treated()
    late = ops.NewContact(outcome, call_back_on=day(58 + days + 1))
    error = work.refused(ops.record_contact, made.course_id, late, on=58, protocol=PROTOCOL)
    assert (error.code, error.values["latest"]) == ("too-far-ahead", day(58 + days))
    last = replace(late, call_back_on=day(58 + days))
    work.do(ops.record_contact, made.course_id, last, on=58, protocol=PROTOCOL)


def test_a_contact_about_something_else_leaves_the_step(work: RunningClinic) -> None:
    made = work.reviewed()
    before = work.step(made.patient_id, 50)
    work.do(ops.record_contact, made.course_id, ops.NewContact("no-answer"), on=50, protocol=PROTOCOL)
    after = work.step(made.patient_id, 50)
    assert after == replace(before, version=before.version + 1), "only a screen of before is out of date"


@pytest.mark.parametrize(("outcome", "status"), [("declined", "declined"), ("died", "deceased")])
def test_a_refusal_or_a_death_ends_follow_up_at_once(work: RunningClinic, outcome: str, status: str) -> None:
    made = work.treated()
    work.do(ops.record_contact, made.course_id, ops.NewContact(outcome), on=58, protocol=PROTOCOL)
    page = work.page(made.patient_id, 58)
    assert (page.banner.status, page.open_step) == (status, None)
    assert work.ask(queries.overdue, day(80)) == ()


@pytest.mark.parametrize(
    ("contact", "code"),
    [
        (ops.NewContact("call-back"), "missing-field"),
        (ops.NewContact("shouted"), "unknown-code"),
        (ops.NewContact("agreed", "pigeon"), "unknown-code"),
        (ops.NewContact("agreed", call_back_on=day(57)), "in-the-past"),
    ],
)
def test_a_contact_that_is_not_whole_is_refused(
    work: RunningClinic, contact: ops.NewContact, code: str
) -> None:
    made = work.treated()
    assert work.refused(ops.record_contact, made.course_id, contact, on=58, protocol=PROTOCOL).code == code


def test_a_step_changes_hands_and_days(work: RunningClinic) -> None:
    made = work.treated()
    step = work.step(made.patient_id, 14)
    work.do(ops.reassign, step.step_id, 3, step.version, on=15)
    step = work.step(made.patient_id, 15)
    assert (step.owner_id, step.owner_name) == (3, "Cy Fox")
    assert work.refused(ops.reassign, step.step_id, 99, step.version, on=15).code == "user-account-not-found"
    work.do(ops.change_due, step.step_id, day(60), "holiday", step.version, on=15)
    moved = work.step(made.patient_id, 15)
    assert (moved.due, moved.owner_id, moved.action) == (day(60), 3, "repeat-labs")
    given = (moved.step_id, day(61), " ", moved.version)
    assert work.refused(ops.change_due, *given, on=15).code == "missing-field"
    late = (moved.step_id, day(10), "x", moved.version)
    assert work.refused(ops.change_due, *late, on=15).code == "in-the-past"


def logged(work: RunningClinic, course_id: int, contact: ops.NewContact, on: int = 58) -> int:
    """Record an attempt; its id."""
    made = work.do(ops.record_contact, course_id, contact, on=on, protocol=PROTOCOL)
    assert made.created_id is not None
    return made.created_id


@pytest.mark.parametrize(
    "contact",
    [
        ops.NewContact("no-answer"),
        ops.NewContact("agreed", call_back_on=day(63)),
        ops.NewContact("call-back", call_back_on=day(60)),
    ],
    ids=lambda contact: contact.outcome,
)
def test_a_call_taken_back_leaves_all_as_it_was(work: RunningClinic, contact: ops.NewContact) -> None:
    made = work.treated()
    before = work.step(made.patient_id, 58)
    orders = work.all(m.LabOrder, m.LabOrder.state == "open")
    call = logged(work, made.course_id, contact)
    work.do(ops.withdraw_contact, made.course_id, call, on=58)
    after = work.step(made.patient_id, 58)
    assert (after.action, after.due, after.urgency, after.why, after.owner_id) == (
        before.action, before.due, before.urgency, before.why, before.owner_id
    )  # fmt: skip
    page = work.page(made.patient_id, 58)
    assert page.banner.last_contact is None
    assert [(one.outcome, one.withdrawn) for one in page.contacts] == [(contact.outcome, True)]
    booked = [one.booked_for for one in work.all(m.LabOrder, m.LabOrder.state == "open")]
    assert booked == [one.booked_for for one in orders]
    (row,) = work.ask(queries.overdue, day(80), PROTOCOL)
    assert (row.attempts, row.last_contact) == (0, None)
    kept = [one.action for one in work.all(m.AuditRow, m.AuditRow.entity == "contact_attempt")]
    assert kept == ["record-contact", "withdraw-contact"]
    assert work.refused(ops.withdraw_contact, made.course_id, call, on=58).code == "contact-withdrawn"


def test_a_call_before_another_is_taken_back_alone(work: RunningClinic) -> None:
    """The step that the later call opened stays: it still says when to try again."""
    made = work.treated()
    first = logged(work, made.course_id, ops.NewContact("no-answer"))
    logged(work, made.course_id, ops.NewContact("message-left"), on=60)
    assert work.refused(ops.withdraw_contact, made.course_id, first, on=60).code == "contact-not-today"
    work.do(ops.withdraw_contact, made.course_id, first, on=58)
    assert work.step(made.patient_id, 60).why["last"] == "message-left"
    (row,) = work.ask(queries.overdue, day(80), PROTOCOL)
    assert row.attempts == 1


def test_a_death_logged_by_mistake_is_taken_back_after_follow_up_was_taken_up(work: RunningClinic) -> None:
    made = work.treated()
    call = logged(work, made.course_id, ops.NewContact("died"))
    assert work.refused(ops.withdraw_contact, made.course_id, call, on=58).code == "course-ended"
    work.do(ops.resume_follow_up, made.patient_id, "wrong line", on=58, protocol=PROTOCOL)
    work.do(ops.withdraw_contact, made.course_id, call, on=58)
    assert work.page(made.patient_id, 58).banner.last_contact is None
