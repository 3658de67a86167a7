"""The work a decision creates: visits, courses, laboratory orders, checklists, referrals, an end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.outcome import Action, Assessment, Urgency
from clinical.protocol import Protocol
from db import models as m
from db.errors import Refused
from db.models import vocabulary as v
from db.operations import _courses, _labs
from db.operations._assess import open_day
from db.operations._next import go_on, next_visit, plan_step
from db.operations._rows import add, one_of
from db.operations._steps import StepDraft, open_step, replace_step
from db.operations.courses import repeat
from db.operations.work_ups import settle
from db.queries.merging import merged_into
from db.stamp import Stamp

ORDERS: Mapping[str, tuple[str, str]] = {
    Action.REPEAT_LABS.value: ("repeat-labs", "awaiting-labs"),
    Action.WAIT_AND_REPEAT_LABS.value: ("repeat-labs", "awaiting-labs"),
    "chase-labs": ("repeat-labs", "awaiting-labs"),
    Action.MEASURE_PHOSPHATE.value: ("phosphate", "waiting"),
    Action.FOLLOW_UP.value: ("follow-up", "follow-up"),
}
"""Actions that want blood taken: the order they make, and where the course then stands."""

WORK_UPS = frozenset({Action.WORK_UP.value, Action.REFER.value})


@dataclass(frozen=True, slots=True)
class Carried:
    """A decided step on its way into the record."""

    action: str
    due: date
    owner_id: int | None
    detail: Mapping[str, Any]

    def draft(self, assessment_id: int, decision_id: int, urgency: str) -> StepDraft:
        """The step the course gets."""
        detail = {"why": {"code": "decided"}, **self.detail}
        return StepDraft(self.action, self.due, urgency, self.owner_id, detail, assessment_id, decision_id)


def carry_out(
    session: Session,
    course: m.Course,
    assessment_id: int,
    decision_id: int,
    found: Assessment,
    steps: Sequence[Carried],
    stamp: Stamp,
    protocol: Protocol,
) -> int:
    """Create what the steps ask for; the id of the course they now belong to.

    The course gets the first step. Tests, checklists and referrals decided beside it become orders and items
    with days and owners of their own; what is neither waits in the step's `then` and opens when it is done.
    """
    actions = {one.action for one in steps}
    if Action.DISCHARGE.value in actions:
        _discharge(session, course, steps, stamp)
        return course.id
    course = _course_for_repeat(session, course, found, steps, stamp)
    urgency = found.urgency.value
    for one in steps:
        _record(session, course, decision_id, one, stamp, protocol)
    session.flush()
    first, rest = steps[0], steps[1:]
    waiting = [_as_detail(one) for one in rest if one.action not in ORDERS and one.action not in WORK_UPS]
    if first.action == Action.REPEAT_INFUSION.value:
        draft = _iron(session, course, first, assessment_id, decision_id, urgency)
    else:
        draft = first.draft(assessment_id, decision_id, urgency)
        draft = replace(draft, due=_booked(session, course, first))
    draft = replace(draft, detail={**draft.detail, "then": waiting})
    _stand(session, course, first)
    replace_step(session, course, draft, "decided", stamp)
    return course.id


def open_waiting(
    session: Session, course: m.Course, waiting: Sequence[Mapping[str, Any]], stamp: Stamp, protocol: Protocol
) -> None:
    """Open the decided step whose turn it is, or what the record asks for when none waits."""
    if not waiting:
        step = open_step(session, course)
        if step is not None:
            step.detail = {key: value for key, value in step.detail.items() if key != "then"}
        go_on(session, course, "done", stamp, protocol)
        return
    head, *rest = waiting
    owner_id = head.get("owner_id")
    detail = dict(head.get("detail") or {})
    draft = StepDraft(
        str(head["action"]),
        date.fromisoformat(str(head["due"])),
        owner_id=owner_id if isinstance(owner_id, int) else None,
        detail={"why": {"code": "decided"}, **detail, "then": rest},
    )
    if draft.action == Action.REPEAT_INFUSION.value:
        one = Carried(draft.action, draft.due, draft.owner_id, dict(draft.detail))
        draft = _iron(session, course, one, None, None, draft.urgency)
    replace_step(session, course, draft, "done", stamp)


def _course_for_repeat(
    session: Session, course: m.Course, found: Assessment, steps: Sequence[Carried], stamp: Stamp
) -> m.Course:
    """A repeat dose after a course was given ends that course and drafts the next with the dose owed."""
    again = [one for one in steps if one.action == Action.REPEAT_INFUSION.value and not _is_part(one)]
    if not again or _labs.last_given(session, course.id) is None:
        return course
    one = again[0]
    known = {key: value for key, value in one.detail.items() if key in ("products", "owed_mg")}
    new_id = repeat(session, course, found.dose.owed_mg, one.due, found.urgency.value, known, stamp)
    session.flush()
    return session.get_one(m.Course, new_id)


def _is_part(one: Carried) -> bool:
    """Whether the dose is the part of the plan that is still to come."""
    return bool(one.detail.get("planned_part"))


def _iron(
    session: Session,
    course: m.Course,
    one: Carried,
    assessment_id: int | None,
    decision_id: int | None,
    urgency: str,
) -> StepDraft:
    """The step for iron that was decided: the next visit where one is planned, else planning."""
    visit = next_visit(session, course.id)
    if visit is not None and course.status in ("planned", "in-treatment", "to-review"):
        why = {"code": "planned-part", "dose_mg": visit.dose_mg}
        detail = {**one.detail, "visit_id": visit.id, "dose_mg": visit.dose_mg, "why": why}
        return StepDraft(
            "give-infusion", visit.planned_on, urgency, one.owner_id, detail, assessment_id, decision_id
        )
    before = open_step(session, course)
    drafted = dict(before.detail) if before is not None and before.action == "plan-course" else {}
    draft = plan_step(one.due, urgency, assessment_id, {**drafted, **one.detail})
    return replace(draft, owner_id=one.owner_id, decision_id=decision_id)


def _record(
    session: Session,
    course: m.Course,
    decision_id: int,
    one: Carried,
    stamp: Stamp,
    protocol: Protocol,
) -> None:
    """The order, checklist or referral a step asks for, if it asks for one."""
    if one.action in ORDERS:
        _order(session, course, one, stamp, protocol)
    elif one.action == Action.WORK_UP.value:
        _work_up(session, course, decision_id, one, stamp, protocol)
    elif one.action == Action.REFER.value:
        _referral(session, course, decision_id, one, stamp)


def _order(session: Session, course: m.Course, one: Carried, stamp: Stamp, protocol: Protocol) -> None:
    """Book what is wanted, unless an open order of the kind holds that day in its window already."""
    kind, _ = ORDERS[one.action]
    for order in _labs.open_orders(session, course.id):
        if order.kind == kind and order.opens_on <= one.due <= order.closes_on:
            return
    anchor = _labs.last_given(session, course.id)
    booking = _labs.around(session, kind, one.due, stamp.today, protocol, anchor)
    _labs.book(session, course, booking, stamp, protocol)


def _booked(session: Session, course: m.Course, first: Carried) -> date:
    """The day the first step is due: that of its order, moved to a day the clinic is open, or as decided."""
    if first.action in ORDERS:
        kind, _ = ORDERS[first.action]
        for order in _labs.open_orders(session, course.id):
            if order.kind == kind:
                return order.booked_for
    return first.due


def _stand(session: Session, course: m.Course, first: Carried) -> None:
    """Where the course stands after the decision; one not planned yet, or in treatment, stays as it is."""
    if course.status == "referred" or next_visit(session, course.id) is not None:
        if course.status not in ("referred", "planned"):
            course.status = "in-treatment"
        return
    if first.action in ORDERS:
        course.status = ORDERS[first.action][1]
    elif first.action in WORK_UPS:
        course.status = "work-up"
    else:
        course.status = "waiting"


def _work_up(
    session: Session, course: m.Course, decision_id: int, one: Carried, stamp: Stamp, protocol: Protocol
) -> None:
    """One checklist for each suspected cause, its items from the protocol, each with a day and an owner."""
    causes = [str(cause) for cause in one.detail.get("causes", ())] or ["base"]
    for cause in causes:
        known = protocol.work_up.get(cause)
        if known is None:
            raise Refused("unknown-code", field="causes", value=cause, known=tuple(protocol.work_up))
        work_up_id = _open_work_up(session, course, decision_id, cause, stamp)
        already = _codes(session, course.id)
        for item in known.items:
            if item.code in already:
                continue
            if _taken_over(session, course, work_up_id, item.code, stamp):
                continue
            due = one.due + timedelta(days=_more_days(item.urgency, protocol))
            due = _on_open_day(session, due, stamp)
            _item(session, work_up_id, item.kind, item.code, item.refer_to, item.urgency, due, one, stamp)


def _referral(session: Session, course: m.Course, decision_id: int, one: Carried, stamp: Stamp) -> None:
    """A referral is an item of its own checklist, so that its letter and its answer are followed."""
    to = one_of(str(one.detail.get("to", "")), v.REFER_TO, "to")
    if to in _codes(session, course.id):
        return
    work_up_id = _open_work_up(session, course, decision_id, "referral", stamp)
    urgency = Urgency(str(one.detail.get("urgency", Urgency.SOON)))
    due = _on_open_day(session, one.due, stamp)
    _item(session, work_up_id, "referral", to, to, urgency, due, one, stamp)


def _on_open_day(session: Session, due: date, stamp: Stamp) -> date:
    """The last day up to this one on which the clinic is open; a day before today stays what it is."""
    return open_day(session, stamp.today, (due - stamp.today).days) if due > stamp.today else due


def _taken_over(session: Session, course: m.Course, work_up_id: int, code: str, stamp: Stamp) -> bool:
    """Move an item that a course before left open into this checklist, as far as it is: nobody is asked twice.

    Not for somebody whose records were joined: taken apart again, each keeps the items of its own courses.
    """
    item, before = m.WorkUpItem, m.WorkUp
    if merged_into(session, course.patient_id):
        return False
    found = session.scalars(
        select(item)
        .join(before, before.id == item.work_up_id)
        .join(m.Course, m.Course.id == before.course_id)
        .where(
            before.patient_id == course.patient_id, before.course_id != course.id, before.state == "open",
            m.Course.status == "ended", item.code == code, item.kind != "referral",
            item.state.in_(("todo", "ordered", "done")),
        )
        .order_by(item.id.desc())
    ).first()  # fmt: skip
    if found is None:
        return False
    left = session.get_one(m.WorkUp, found.work_up_id)
    found.work_up_id = work_up_id
    found.changed_at, found.changed_by_id = stamp.at, stamp.user_id
    session.flush()
    settle(session, left, stamp)
    return True


def _open_work_up(session: Session, course: m.Course, decision_id: int, cause: str, stamp: Stamp) -> int:
    """The open checklist of this cause, begun when there is none."""
    known = session.scalars(
        select(m.WorkUp.id).where(
            m.WorkUp.course_id == course.id, m.WorkUp.cause == cause, m.WorkUp.state == "open"
        )
    ).first()
    if known is not None:
        return known
    values = {"course_id": course.id, "patient_id": course.patient_id, "decision_id": decision_id}
    return add(session, m.WorkUp, stamp, cause=cause, **values)


def _codes(session: Session, course_id: int) -> set[str]:
    """What open checklists of the course ask for already: nothing is asked for twice."""
    return set(
        session.scalars(
            select(m.WorkUpItem.code)
            .join(m.WorkUp, m.WorkUp.id == m.WorkUpItem.work_up_id)
            .where(m.WorkUp.course_id == course_id, m.WorkUp.state == "open")
        )
    )


def _item(
    session: Session,
    work_up_id: int,
    kind: str,
    code: str,
    refer_to: str | None,
    urgency: Urgency,
    due: date,
    one: Carried,
    stamp: Stamp,
) -> None:
    add(
        session,
        m.WorkUpItem,
        work_up_id=work_up_id,
        kind=kind,
        code=code,
        refer_to=refer_to,
        urgency=urgency.value,
        due=due,
        owner_id=one.owner_id or stamp.user_id,
        changed_at=stamp.at,
        changed_by_id=stamp.user_id,
    )


def _more_days(urgency: Urgency, protocol: Protocol) -> int:
    """How much later than the urgent ones an item of this urgency is due."""
    if urgency in (Urgency.EMERGENCY, Urgency.URGENT, Urgency.SOON):
        return 0
    return protocol.whole("due.work_up_routine") - protocol.whole("due.work_up_soon")


def _discharge(session: Session, course: m.Course, steps: Sequence[Carried], stamp: Stamp) -> None:
    """End the course, the cause of the deficiency having been answered (in the step's detail or before)."""
    one = next(step for step in steps if step.action == Action.DISCHARGE.value)
    cause = one.detail.get("cause") or course.cause
    if cause is None:
        raise Refused("cause-missing", known=v.CAUSE_STATES)
    course.cause = one_of(str(cause), v.CAUSE_STATES, "cause")
    session.flush()
    _courses.end(session, course, "discharged", stamp.today, stamp)


def _as_detail(one: Carried) -> dict[str, object]:
    return {"action": one.action, "due": one.due, "owner_id": one.owner_id, "detail": dict(one.detail)}
