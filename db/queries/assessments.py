"""What the explain card shows: the newest assessment of a course, the facts it saw, the steps it proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from clinical.facts import Facts
from clinical.outcome import Assessment
from db import models as m
from db.queries.banner import banner
from db.queries.patient_rows import Banner
from db.queries.read_again import SET_ASIDE
from db.queries.stored import read_assessment, read_facts
from db.queries.worklist import open_steps
from db.queries.worklist_rows import StepRow

REVIEW = "review-results"
"""The step of a course whose results wait for a decision."""


@dataclass(frozen=True, slots=True)
class ProposedStep:
    """A step the assessment proposes, with the owner it would get."""

    action: str
    due: date
    detail: Mapping[str, object]
    owner_id: int


@dataclass(frozen=True, slots=True)
class CameBack:
    """Why an answer that had been decided on is in front of somebody again, and what had been decided.

    `code` is rest-over (the day it was put off to, or 90 days after it was judged not appropriate), returned (a new
    result), result-changed, record-changed or protocol-changed (`label` is live since `on`). `was` is the state the
    answer of before had; `decided_*` are None where nobody had decided on it.
    """

    code: str
    was: str
    on: date | None = None
    label: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ExplainView:
    """A stored assessment as a person reads it, and what was decided on it, if anything was.

    `version` is what `record_decision` expects back as `seen_version`. `state` is open, accepted, overridden,
    deferred, dismissed or superseded. `decided_*` are None while it is open. `back` says why it came back; one that
    is set aside until a day says so before that day too, by its `on`.
    """

    assessment_id: int
    version: int
    course_id: int
    patient_id: int
    banner: Banner
    assessment: Assessment
    facts: Facts
    protocol_label: str
    protocol_signed: bool
    made_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    proposed: tuple[ProposedStep, ...]
    decision_to_sign: bool = False
    back: CameBack | None = None


def explain(
    session: Session, course_id: int, assessment_id: int | None = None, known: Banner | None = None
) -> ExplainView | None:
    """The newest assessment of the course, with the newest decision on it; None before the first.

    With `assessment_id` that one of the course, though a newer one has followed.

    A course drafted by a decision shows that of the course before until it has its own. `known` is the patient's
    banner where it was read a moment ago.
    """
    a = m.AssessmentRow
    row = session.execute(
        select(a, m.ProtocolVersion.label, m.ProtocolVersion.signed_at)
        .join(m.ProtocolVersion, m.ProtocolVersion.id == a.protocol_version_id)
        .where(a.course_id == course_id, true() if assessment_id is None else a.id == assessment_id)
        .order_by(a.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None and assessment_id is not None:
        return None
    if row is None:
        before = session.scalars(
            select(m.Course.previous_course_id).where(m.Course.id == course_id)
        ).one_or_none()
        return explain(session, before, known=known) if before is not None else None
    stored: m.AssessmentRow = row[0]
    found = read_assessment(stored.assessment)
    decision = _decision(session, stored.id)
    step = _step(session, course_id)
    owner_id = stored.made_by_id if step is None else step.owner_id
    return ExplainView(
        assessment_id=stored.id,
        version=stored.version,
        course_id=course_id,
        patient_id=stored.patient_id,
        banner=known or banner(session, stored.patient_id),
        assessment=found,
        facts=read_facts(stored.facts),
        protocol_label=row.label,
        protocol_signed=row.signed_at is not None,
        made_at=stored.made_at,
        state=stored.state,
        decided_by=decision.name if decision is not None else None,
        decided_at=decision.decided_at if decision is not None else None,
        decision_reason=decision.reason if decision is not None else None,
        decision_to_sign=decision is not None and decision.to_sign and decision.signed_at is None,
        proposed=tuple(
            ProposedStep(one.action.value, one.due, one.detail, owner_id) for one in found.next_steps
        ),
        back=_back(session, stored, step, decision),
    )


def to_review(session: Session, today: date) -> tuple[StepRow, ...]:
    """Results that wait for a decision, by risk."""
    return open_steps(session, today, actions=(REVIEW,))


def _decision(session: Session, assessment_id: int) -> Any:
    """The newest decision on an assessment, with who made it."""
    d = m.Decision
    return session.execute(_decisions().where(d.assessment_id == assessment_id)).first()


def _decisions() -> Select[*tuple[Any, ...]]:
    """Decisions that stand with who made them, the newest alone."""
    d = m.Decision
    return (
        select(d.decided_at, d.reason, d.to_sign, d.signed_at, m.User.name)
        .join(m.User, m.User.id == d.decided_by_id)
        .where(d.withdrawn_at.is_(None))
        .order_by(d.id.desc())
        .limit(1)
    )


def _step(session: Session, course_id: int) -> Any:
    """The open step of a course: who owns it would own the next."""
    s = m.NextStep
    return session.execute(
        select(s.owner_id, s.action, s.due, s.assessment_id, s.detail)
        .join(m.Course, m.Course.open_step_id == s.id)
        .where(m.Course.id == course_id)
    ).first()


def _back(session: Session, stored: m.AssessmentRow, step: Any, decision: Any) -> CameBack | None:
    """Why an answer is in front of somebody again; None for one that is there for the first time."""
    if step is None or step.assessment_id != stored.id or step.action != REVIEW:
        return None
    if stored.state in SET_ASIDE:
        by, at, why = _said(decision)
        return CameBack("rest-over", stored.state, step.due, "", by, at, why)
    back = dict(step.detail.get("why") or {}).get("back")
    if stored.state != "open" or not isinstance(back, Mapping):
        return None
    d = m.Decision
    earlier = _decisions().where(d.course_id == stored.course_id, d.assessment_id < stored.id)
    by, at, why = (None, None, None) if back["was"] == "open" else _said(session.execute(earlier).first())
    on = date.fromisoformat(str(back["on"])) if back.get("on") else None
    return CameBack(str(back["code"]), str(back["was"]), on, str(back.get("label") or ""), by, at, why)


def _said(decision: Any) -> tuple[str | None, datetime | None, str | None]:
    """Who decided, when and why."""
    return (None, None, None) if decision is None else (decision.name, decision.decided_at, decision.reason)
