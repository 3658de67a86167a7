"""Courses: planned with their visits, repeated with the dose still owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.outcome import Urgency
from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.models import vocabulary as v
from db.operations import _courses
from db.operations._assess import undecided
from db.operations._labs import last_given
from db.operations._next import go_on, plan_step, refresh
from db.operations._rows import active_patient, add, check_seen, get, one_of, open_course, wanted
from db.operations._signing import plan_made, signature
from db.operations._steps import open_step
from db.operations._took import Standing, difference, standing
from db.operations.roles import guarded
from db.stamp import Stamp

COURSES_CHANGED = frozenset({"courses", "steps", "infusions", "assessments"})


PLAN: Final = (
    "product", "label", "method", "need_mg", "planned_mg", "status", "planned_at", "planned_by_id", "to_sign",
    "signed_at", "signed_by_id",
)  # fmt: skip
"""The columns of a course that a plan fills."""


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """A plan as it is signed: product and label codes, the method of the need, mg in all, and the visits.

    `gate_answers` are the answers to the safety questions by code; `overrides` the reason given for each gate
    that was overridden. Doses are mg of elemental iron.
    """

    product: str
    label: str | None
    method: str
    need_mg: Decimal | None
    planned_mg: Decimal
    visits: tuple[tuple[date, Decimal], ...]
    gate_answers: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)


def _gates(given: Mapping[str, Any]) -> str:
    """Whether the plan passes a safety gate."""
    return "gate-overridden" if given["plan"].overrides else "within-gates"


@guarded(_gates)
def plan_course(
    session: Session,
    course_id: int,
    plan: CoursePlan,
    seen_version: int,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Plan a course, or plan it anew: visits still to come are replaced, what was given stays.

    Raises `Refused`: course-ended, patient-not-active, no-visits, impossible-dose, in-the-past,
    visits-not-in-order, other-product (after the first infusion), unknown-code, missing-field (an override
    without its reason).
    """
    course = open_course(session, course_id)
    check_seen(course, seen_version)
    active_patient(session, course.patient_id)
    _check(session, course, plan, stamp)
    given = last_given(session, course.id) is not None
    stood = _as_planned(session, course)
    for visit in _planned_visits(session, course_id):
        visit.state = "cancelled"
        visit.reason = "planned-anew"
    course.product = plan.product
    course.label = plan.label
    course.method = plan.method
    course.need_mg = plan.need_mg
    course.planned_mg = plan.planned_mg
    course.status = "in-treatment" if given else "planned"
    plan_made(session, course, stamp)
    _add_visits(session, course, plan, stamp)
    _add_answers(session, course, plan, stamp)
    settled = settle_baseline(session, course, stamp)
    go_on(session, course, "planned", stamp, protocol)
    refresh(session, course, stamp, protocol)
    detail = {"product": plan.product, "planned_mg": plan.planned_mg, "visits": list(plan.visits)}
    if stood is not None and not settled:
        detail["took"] = _plan_took(session, course, stood, stamp)
    audit.record(session, stamp, "plan-course", "course", course.id, course.patient_id, detail)
    return Changes(COURSES_CHANGED, course.patient_id, course.id)


def check_course_seen(session: Session, course_id: int, seen_version: int) -> None:
    """Raise `StaleScreen` when a course is not any more what was seen: asked before a save of several operations."""
    check_seen(get(session, m.Course, course_id), seen_version)


@guarded()
def start_repeat_course(
    session: Session,
    course_id: int,
    owed_mg: Decimal | None,
    stamp: Stamp,
    protocol: Protocol,
    seen_version: int,
) -> Changes:
    """End a course and begin the next with the dose still owed (mg); a decision does the same by itself."""
    course = open_course(session, course_id)
    check_seen(course, seen_version)
    active_patient(session, course.patient_id)
    due = stamp.today + timedelta(days=protocol.whole("due.repeat_infusion"))
    new_id = repeat(session, course, owed_mg, due, Urgency.SOON.value, {}, stamp)
    detail = {"course_id": course.id, "owed_mg": owed_mg}
    audit.record(session, stamp, "start-repeat-course", "course", new_id, course.patient_id, detail)
    return Changes(COURSES_CHANGED, course.patient_id, new_id, new_id)


def repeat(
    session: Session,
    course: m.Course,
    owed_mg: Decimal | None,
    due: date,
    urgency: str,
    detail: Mapping[str, object],
    stamp: Stamp,
) -> int:
    """End the course as followed by another, and draft that one; the id of the new course."""
    before = open_step(session, course)
    owner_id = before.owner_id if before is not None else stamp.user_id
    owed = owed_mg if owed_mg is not None and owed_mg > 0 else None
    _courses.end(session, course, "repeat-course", stamp.today, stamp)
    why = {"code": "dose-owed", "owed_mg": owed} if owed is not None else {"code": "repeat-decided"}
    values = {"why": why, "previous_course_id": course.id, **detail}
    if owed is not None:
        values["owed_mg"] = owed
    step = plan_step(due, urgency, detail=values)
    draft = _courses.Draft(course.patient_id, course.indication, course.referral_id, course.id, owed)
    return _courses.begin(session, draft, replace(step, owner_id=owner_id), stamp)


def _check(session: Session, course: m.Course, plan: CoursePlan, stamp: Stamp) -> None:
    """Refuse a plan that cannot be carried out; clinical limits were shown and answered before."""
    one_of(plan.product, v.PRODUCTS, "product")
    one_of(plan.method, v.METHODS, "method")
    if plan.label is not None:
        one_of(plan.label, v.LABELS, "label")
    if not plan.visits:
        raise Refused("no-visits", field="visits")
    for amount in (plan.planned_mg, *(dose for _, dose in plan.visits)):
        if not amount.is_finite() or amount <= 0:
            raise Refused("impossible-dose", field="visits", value=str(amount))
    days = [day for day, _ in plan.visits]
    if days != sorted(set(days)):
        raise Refused("visits-not-in-order", field="visits")
    if days[0] < stamp.today:
        raise Refused("in-the-past", field="visits", day=days[0])
    for gate, answer in plan.gate_answers.items():
        one_of(answer, v.GATE_ANSWERS, gate)
    for gate, reason in plan.overrides.items():
        wanted(reason, gate)
    given = last_given(session, course.id) is not None
    if given and (course.product, course.label) != (plan.product, plan.label):
        raise Refused("other-product", product=course.product)


def _planned_visits(session: Session, course_id: int) -> list[m.Visit]:
    return list(
        session.scalars(select(m.Visit).where(m.Visit.course_id == course_id, m.Visit.state == "planned"))
    )


def _add_visits(session: Session, course: m.Course, plan: CoursePlan, stamp: Stamp) -> None:
    """Insert the visits, counted on from those that were given."""
    session.flush()
    held = session.scalars(
        select(m.Visit.id).where(m.Visit.course_id == course.id, m.Visit.state == "given")
    ).all()
    for number, (day, dose_mg) in enumerate(plan.visits, start=len(held) + 1):
        add(
            session,
            m.Visit,
            stamp,
            course_id=course.id,
            patient_id=course.patient_id,
            ordinal=number,
            planned_on=day,
            dose_mg=dose_mg,
        )


def _add_answers(session: Session, course: m.Course, plan: CoursePlan, stamp: Stamp) -> None:
    """Keep the answers to the safety gate; a gate overridden without an answer counts as unknown."""
    for gate in sorted({*plan.gate_answers, *plan.overrides}):
        reason = plan.overrides.get(gate)
        add(
            session,
            m.GateAnswer,
            stamp,
            course_id=course.id,
            patient_id=course.patient_id,
            gate=wanted(gate, "gate"),
            answer=plan.gate_answers.get(gate, "unknown"),
            override_reason=wanted(reason, gate) if reason is not None else None,
        )


def _as_planned(session: Session, course: m.Course) -> tuple[dict[str, object], Standing] | None:
    """The plan that a new one replaces, to be put back where the new one was a mistake; None for a first plan."""
    if not _planned_visits(session, course.id):
        return None
    columns = {name: getattr(course, name) for name in PLAN}
    gates = m.GateAnswer
    last = select(func.max(gates.recorded_at)).where(gates.course_id == course.id, gates.visit_id.is_(None))
    rows = session.execute(
        select(gates.gate, gates.answer, gates.override_reason)
        .where(
            gates.course_id == course.id,
            gates.visit_id.is_(None),
            gates.recorded_at == last.scalar_subquery(),
        )
        .order_by(gates.id)
    )
    stood: dict[str, object] = {
        "columns": columns,
        "gates": [list(row) for row in rows],
        "step": course.open_step_id,
    }
    return stood, standing(session, course.patient_id)


def _plan_took(
    session: Session, course: m.Course, stood: tuple[dict[str, object], Standing], stamp: Stamp
) -> dict[str, object]:
    """What a plan found and moved."""
    plan, before = stood
    moved = difference(before, standing(session, course.patient_id))
    step = open_step(session, course)
    after = [course.version, None if step is None else [step.id, step.version]]
    return {"on": stamp.today, "stood": plan, "moved": moved, "after": after}


def settle_baseline(session: Session, course: m.Course, stamp: Stamp) -> bool:
    """Planning is the look at the baseline: whoever plans has accepted what was waiting. Whether anything was."""
    step = open_step(session, course)
    if step is None or step.action != "plan-course":
        return False
    waiting_now = undecided(session, course.id)
    for waiting in waiting_now:
        add(
            session,
            m.Decision,
            assessment_id=waiting.id,
            assessment_version=waiting.version,
            course_id=course.id,
            patient_id=course.patient_id,
            kind="accept",
            reason=None,
            defer_until=None,
            steps=[],
            decided_at=stamp.at,
            decided_by_id=stamp.user_id,
            **signature(session, stamp),
        )
        waiting.state = "accepted"
        waiting.deferred_until = None
    return bool(waiting_now)
