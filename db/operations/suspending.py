"""A course that rests until a day: nothing asks for the patient until then, and it wakes by itself.

The suspension is part of the one open step, which is due on the day it ends. Whoever compares that day with today
sees the course awake again, so nothing has to run on the day. Whatever else gives the course another step (a result
that comes in, a visit that is moved) ends the suspension with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.outcome import Urgency
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.operations import _labs
from db.operations._rows import active_patient, check_seen, get, open_course, wanted
from db.operations._steps import StepDraft, replace_step
from db.operations.limits import SUSPEND_DAYS, not_beyond
from db.operations.roles import guarded
from db.queries.people import calendar
from db.queries.suspended import suspension
from db.stamp import Stamp

SUSPENDED_CHANGED = frozenset({"steps", "courses", "infusions"})

NOT_TO_REST = frozenset({"review-results"})
"""Somebody has to look at a result; that cannot wait for a day far ahead."""

PRESSING = frozenset({Urgency.EMERGENCY.value, Urgency.URGENT.value})

Moved = tuple[str, int, date, date]
"""What was moved: order or visit, its id, the day it had, the day it got."""


@guarded()
def suspend(
    session: Session, step_id: int, until: date, reason: str, seen_version: int, stamp: Stamp
) -> Changes:
    """Let the course of this open step rest until a day, for a reason that stands on the step.

    Blood tests booked before that day are booked for it; planned visits move so that the first falls on it or on the
    next open day and the days between them stay. The owner stays. A course that rests already rests until the new day.
    Raises `StaleScreen`, `Refused`: step-closed, patient-not-active, missing-field, in-the-past (today included),
    too-far-ahead, cannot-be-suspended (an urgent step, or results nobody has looked at).
    """
    why = wanted(reason, "reason")
    step, course = _open(session, step_id, seen_version)
    if step.action in NOT_TO_REST or step.urgency in PRESSING:
        raise Refused("cannot-be-suspended", action=step.action, urgency=step.urgency)
    if until <= stamp.today:
        raise Refused("in-the-past", field="until", day=until)
    not_beyond(until, stamp.today, SUSPEND_DAYS, "until")
    draft = _awake(session, step, stamp)
    moved = [*_move_orders(session, course.id, until), *_move_visits(session, course.id, until)]
    held = {
        "until": until.isoformat(), "since": stamp.today.isoformat(), "reason": why,
        "due": draft.due.isoformat(), "why": draft.detail.get("why"),
        "moved": [[kind, row, was.isoformat(), now.isoformat()] for kind, row, was, now in moved],
    }  # fmt: skip
    told = {"code": "suspended", "until": until.isoformat(), "reason": why}
    detail = {**draft.detail, "why": told, "suspended": held}
    opened = replace_step(session, course, replace(draft, due=until, detail=detail), "suspended", stamp)
    said = {"until": until, "reason": why, "moved": len(moved)}
    audit.record(session, stamp, "suspend", "next_step", opened, course.patient_id, said)
    return Changes(SUSPENDED_CHANGED, course.patient_id, course.id, opened)


@guarded()
def wake(session: Session, step_id: int, seen_version: int, stamp: Stamp) -> Changes:
    """End a suspension before its day: step, tests and visits go back to the days they had, or to today.

    On the day it began everything is as it was before. Raises `StaleScreen`, `Refused`: step-closed,
    patient-not-active, not-suspended.
    """
    step, course = _open(session, step_id, seen_version)
    held = suspension(step.detail, stamp.today)
    if held is None:
        raise Refused("not-suspended")
    opened = replace_step(session, course, _awake(session, step, stamp), "woken", stamp)
    said = {"suspended_until": held.until}
    audit.record(session, stamp, "wake", "next_step", opened, course.patient_id, said)
    return Changes(SUSPENDED_CHANGED, course.patient_id, course.id, opened)


def _open(session: Session, step_id: int, seen_version: int) -> tuple[m.NextStep, m.Course]:
    """An open step, unchanged since it was seen, of somebody who is followed up, with its course."""
    step = get(session, m.NextStep, step_id)
    check_seen(step, seen_version)
    if not step.is_open:
        raise Refused("step-closed", reason=step.closed_reason)
    course = open_course(session, step.course_id)
    active_patient(session, course.patient_id)
    return step, course


def _awake(session: Session, step: m.NextStep, stamp: Stamp) -> StepDraft:
    """The step as it was before it was suspended, with what was moved put back; as it is when it never was."""
    detail = {name: value for name, value in step.detail.items() if name != "suspended"}
    draft = StepDraft(
        step.action, step.due, step.urgency, step.owner_id, detail, step.assessment_id, step.decision_id
    )
    held = step.detail.get("suspended")
    if suspension(step.detail, stamp.today) is None or not isinstance(held, Mapping):
        return draft
    same_day = held["since"] == stamp.today.isoformat()
    _put_back(session, held.get("moved") or (), None if same_day else stamp.today)
    due = date.fromisoformat(str(held["due"]))
    if held.get("why") is None:
        detail.pop("why", None)
    else:
        detail["why"] = held["why"]
    return replace(draft, due=due if same_day else max(due, stamp.today), detail=detail)


def _put_back(session: Session, moved: Sequence[Sequence[object]], earliest: date | None) -> None:
    """Give orders and visits their days back, none before `earliest`; one that has another day since keeps it."""
    for kind, row_id, was, now in moved:
        day, moved_to = date.fromisoformat(str(was)), date.fromisoformat(str(now))
        if earliest is not None:
            day = max(day, earliest)
        if kind == "order":
            order = get(session, m.LabOrder, int(str(row_id)))
            if order.state == "open" and order.booked_for == moved_to:
                order.booked_for = day
        else:
            visit = get(session, m.Visit, int(str(row_id)))
            if visit.state == "planned" and visit.planned_on == moved_to:
                visit.planned_on = day
    session.flush()


def _move_orders(session: Session, course_id: int, until: date) -> list[Moved]:
    """Tests booked before the day are booked for it; their window stays what it was."""
    moved: list[Moved] = []
    for order in _labs.open_orders(session, course_id):
        if order.booked_for < until:
            moved.append(("order", order.id, order.booked_for, until))
            order.booked_for = until
    return moved


def _move_visits(session: Session, course_id: int, until: date) -> list[Moved]:
    """Visits move by the same number of days, the first to the day or the next open one; none comes closer."""
    visits = session.scalars(
        select(m.Visit)
        .where(m.Visit.course_id == course_id, m.Visit.state == "planned")
        .order_by(m.Visit.planned_on, m.Visit.id)
    ).all()
    if not visits or visits[0].planned_on >= until:
        return []
    by = until - visits[0].planned_on
    last = visits[-1].planned_on + by + timedelta(days=60)
    days = calendar(session, until, last)
    moved: list[Moved] = []
    later = timedelta(0)
    for visit in visits:
        before = visit.planned_on
        day = before + by + later
        while day < last and (day.weekday() not in days.open_weekdays or day in days.closed):
            day += timedelta(days=1)
        later = day - before - by
        visit.planned_on = day
        moved.append(("visit", visit.id, before, day))
    session.flush()
    return moved
