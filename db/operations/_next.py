"""What a course is waiting for, read from its own record: the step it gets when nobody decided another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.outcome import Action, Urgency
from clinical.protocol import Protocol
from db import models as m
from db.operations import _labs
from db.operations._assess import (
    RED,
    Stored,
    assess_course,
    keep,
    look,
    newest,
    open_day,
    review,
    review_step,
    undecided,
)
from db.operations._rows import current_course
from db.operations._steps import StepDraft, open_step, replace_step
from db.queries.facts import result_ids
from db.stamp import Stamp

ORDER_ACTIONS: Mapping[str, str] = {
    "repeat-labs": Action.REPEAT_LABS.value,
    "follow-up": Action.FOLLOW_UP.value,
    "phosphate": Action.MEASURE_PHOSPHATE.value,
    "baseline": Action.REPEAT_LABS.value,
    "work-up": Action.WORK_UP.value,
}
"""The step that waits for an order of each kind."""


def go_on(session: Session, course: m.Course, reason: str, stamp: Stamp, protocol: Protocol) -> None:
    """Give the course the step its record asks for, and the status that goes with it."""
    session.flush()
    draft = (
        _to_review(session, course)
        or _visit(session, course)
        or _order(session, course)
        or _work_up(session, course)
        or _again(session, course, stamp, protocol)
    )
    replace_step(session, course, draft, reason, stamp)


def step_of_record(session: Session, course: m.Course, reason: str, stamp: Stamp, protocol: Protocol) -> None:
    """Give a course status and step by its infusions and orders alone, as if nobody had anything to look at."""
    course.status = _status(session, course, _labs.last_given(session, course.id))
    go_on(session, course, reason, stamp, protocol)
    refresh(session, course, stamp, protocol)


def after_assessment(
    session: Session,
    course: m.Course,
    stored: Stored,
    stamp: Stamp,
    protocol: Protocol,
    cause: str = "record-changed",
    **more: object,
) -> None:
    """Put a new assessment in front of somebody; `cause` says what brings it back where it had been set aside.

    Before a course is planned, planning it is the look, unless the answer is urgent.
    """
    due = open_day(session, stamp.today, protocol.review_days[stored.assessment.urgency])
    draft, course.status = step_after(course.status, course.planned_mg, stored, due, **more)
    replace_step(session, course, draft, "results-stored", stamp, cause)


def step_after(
    status: str, owed_mg: Decimal | None, stored: Stored, due: date, **more: object
) -> tuple[StepDraft, str]:
    """The step that puts a new assessment in front of somebody by a day, and the status of the course with it.

    `owed_mg` is what an unplanned course was drafted with, in mg elemental iron.
    """
    draft = review_step(stored, due, **more)
    if status == "referred" and stored.assessment.urgency not in RED:
        return plan_step(due, draft.urgency, stored.id, {**_draft_detail(owed_mg), **more}), status
    if status in ("awaiting-labs", "work-up", "waiting", "follow-up"):
        return draft, "to-review"
    return draft, status


def plan_step(
    due: date, urgency: str, assessment_id: int | None = None, detail: Mapping[str, object] | None = None
) -> StepDraft:
    """The step of a course that has no plan yet."""
    found = dict(detail or {})
    found.setdefault("why", {"code": "not-planned"})
    return StepDraft("plan-course", due, urgency, detail=found, assessment_id=assessment_id)


def infusions_changed(
    session: Session, course: m.Course, anchor_before: date | None, stamp: Stamp, protocol: Protocol
) -> None:
    """After an infusion was added, cancelled or corrected: window, status and step follow the last one given.

    Results that were read against the old window are assessed again, and somebody looks again.
    """
    session.flush()
    anchor = _labs.last_given(session, course.id)
    if anchor is None:
        _labs.cancel_orders(session, course.id, "no-infusion-given", stamp, "repeat-labs")
    elif anchor != anchor_before:
        booking = _labs.repeat_labs(session, anchor, protocol)
        _labs.book(session, course, booking, stamp, protocol)
        _labs.settle_orders(session, course.id, stamp)
    course.status = _status(session, course, anchor)
    session.flush()
    if _must_look_again(session, course, anchor_before, anchor):
        stored = assess_course(session, course, stamp, protocol)
        if course.status == "awaiting-labs":
            course.status = "to-review"
        replace_step(session, course, review(session, stored, stamp, protocol), "re-anchored", stamp)
    else:
        go_on(session, course, "re-anchored", stamp, protocol)
        refresh(session, course, stamp, protocol)


def earlier_infusions_changed(session: Session, patient_id: int, stamp: Stamp, protocol: Protocol) -> None:
    """After an infusion of a course before was put right: the course under follow-up is assessed again.

    An answer that waits for a decision gives way to the new one; what was decided stands unless the new answer is
    urgent.
    """
    session.flush()
    course = current_course(session, patient_id)
    if course is None:
        return
    if undecided(session, course.id):
        stored = assess_course(session, course, stamp, protocol)
        after_assessment(session, course, stored, stamp, protocol)
    else:
        refresh(session, course, stamp, protocol)


def refresh(session: Session, course: m.Course, stamp: Stamp, protocol: Protocol) -> None:
    """Assess again what a plan or an infusion has overtaken, so that nobody reads the answer of before.

    It asks for no look of its own, since it says what is booked anyway, unless it brings an urgent answer that
    nobody has seen. Without any result there is nothing to say, and with a decision pending nothing to replace.
    """
    session.flush()
    if undecided(session, course.id) or not result_ids(session, course.patient_id):
        return
    facts, found = look(session, course, stamp, protocol)
    before = newest(session, course.id)
    if before is not None and replace(before, as_of=found.as_of) == found:
        return
    known = before is not None and (before.outcome, before.urgency) == (found.outcome, found.urgency)
    news = found.urgency in RED and not known
    stored = keep(session, course, facts, found, stamp, protocol, "open" if news else "accepted")
    if news:
        replace_step(session, course, review(session, stored, stamp, protocol), "assessed-again", stamp)


def next_visit(session: Session, course_id: int) -> m.Visit | None:
    """The next infusion still planned."""
    return session.scalars(
        select(m.Visit)
        .where(m.Visit.course_id == course_id, m.Visit.state == "planned")
        .order_by(m.Visit.planned_on, m.Visit.id)
        .limit(1)
    ).first()


def _status(session: Session, course: m.Course, anchor: date | None) -> str:
    """Where the course stands by its infusions: none given, some to come, all given."""
    if next_visit(session, course.id) is not None:
        return "planned" if anchor is None else "in-treatment"
    return "referred" if anchor is None else "awaiting-labs"


def _must_look_again(
    session: Session, course: m.Course, anchor_before: date | None, anchor: date | None
) -> bool:
    """Whether results were waiting for a decision, or were read against a window that has moved."""
    if undecided(session, course.id):
        return True
    anchors = [day for day in (anchor_before, anchor) if day is not None]
    if not anchors:
        return False
    result = m.LabResult
    newest = session.scalars(
        select(func.max(result.collected_on)).where(
            result.patient_id == course.patient_id,
            result.superseded_by_id.is_(None),
            result.status.not_in(("cancelled", "entered-in-error")),
        )
    ).one()
    return newest is not None and newest > min(anchors)


def _to_review(session: Session, course: m.Course) -> StepDraft | None:
    """The step of an assessment that nobody has decided on, as it stands."""
    waiting = undecided(session, course.id)
    step = open_step(session, course)
    if not waiting or step is None or step.action != "review-results":
        return None
    return StepDraft(
        step.action, step.due, step.urgency, step.owner_id, step.detail, step.assessment_id, step.decision_id
    )


def _visit(session: Session, course: m.Course) -> StepDraft | None:
    visit = next_visit(session, course.id)
    if visit is None:
        return None
    of = session.scalars(
        select(func.count())
        .select_from(m.Visit)
        .where(m.Visit.course_id == course.id, m.Visit.state.in_(("planned", "given")))
    ).one()
    values = {"code": "visit", "ordinal": visit.ordinal, "of": of, "dose_mg": visit.dose_mg}
    detail = {"visit_id": visit.id, "dose_mg": visit.dose_mg, "why": values}
    return StepDraft("give-infusion", visit.planned_on, detail=detail)


def _order(session: Session, course: m.Course) -> StepDraft | None:
    """The laboratory order that comes first."""
    orders = _labs.open_orders(session, course.id)
    if not orders:
        return None
    order = orders[0]
    if order.kind == "follow-up" and course.status in ("awaiting-labs", "to-review", "waiting", "work-up"):
        course.status = "follow-up"
    anchor = _labs.last_given(session, course.id)
    values = {"code": "labs-due", "last_infusion": anchor, "opens": order.opens_on, "closes": order.closes_on}
    detail = {"lab_order_id": order.id, "opens": order.opens_on, "closes": order.closes_on, "why": values}
    return StepDraft(ORDER_ACTIONS[order.kind], order.booked_for, detail=detail)


def _work_up(session: Session, course: m.Course) -> StepDraft | None:
    """The open work-up, due with its first open item."""
    item, work_up = m.WorkUpItem, m.WorkUp
    row = session.execute(
        select(func.min(item.due).label("due"), func.count().label("open"), func.min(work_up.id).label("id"))
        .join(work_up, work_up.id == item.work_up_id)
        .where(
            work_up.course_id == course.id,
            work_up.state == "open",
            item.state.in_(("todo", "ordered", "done")),
        )
    ).one()
    if not row.open:
        return None
    if course.status != "referred":
        course.status = "work-up"
    detail = {"work_up_id": row.id, "why": {"code": "work-up-open", "open": row.open}}
    return StepDraft(Action.WORK_UP.value, row.due, Urgency.SOON.value, detail=detail)


def _again(session: Session, course: m.Course, stamp: Stamp, protocol: Protocol) -> StepDraft:
    """Nothing is booked: a course without a plan is planned, any other has its blood tested again."""
    if course.status == "referred" or course.product is None:
        due = stamp.today + timedelta(days=protocol.review_days[Urgency.ROUTINE])
        return plan_step(due, Urgency.ROUTINE.value, detail=_draft_detail(course.planned_mg))
    due = stamp.today + timedelta(days=protocol.whole("due.repeat_labs_indeterminate"))
    anchor = _labs.last_given(session, course.id)
    booking = _labs.around(session, "follow-up", due, stamp.today, protocol, anchor)
    _labs.book(session, course, booking, stamp, protocol)
    course.status = "waiting"
    session.flush()
    draft = _order(session, course)
    assert draft is not None
    return draft


def _draft_detail(owed_mg: Decimal | None) -> dict[str, object]:
    """What an unplanned course was drafted with: the dose owed by the course before, in mg."""
    if owed_mg is None:
        return {}
    return {"owed_mg": owed_mg, "why": {"code": "dose-owed", "owed_mg": owed_mg}}
