"""Somebody has to look at many courses: each assessed once, its answer kept and put in front of its owner.

It leaves what `_looking.show` leaves for one course, written for all of them table by table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import bindparam, insert, literal, select, update
from sqlalchemy.orm import Session

from clinical.assessment import assess
from clinical.protocol import Protocol
from db import ids
from db import models as m
from db.operations import _chunk_ended, _chunk_orders, _steps
from db.operations._assess import (
    REST_ON_ASSESSMENT,
    UNDECIDED,
    Stored,
    assessment_columns,
    protocol_version,
)
from db.operations._lookups import Lookups
from db.operations._next import step_after
from db.queries.facts import for_courses, is_a_value
from db.stamp import Stamp

NOTHING: Final[Mapping[int, str]] = MappingProxyType({})


def look_at(
    session: Session,
    courses: Sequence[Any],
    steps: Mapping[int, Any],
    first: Mapping[int, int],
    lookups: Lookups,
    numbers: ids.Numbers,
    stamp: Stamp,
    protocol: Protocol,
    reopened: Mapping[int, str] = NOTHING,
) -> None:
    """Settle the orders of courses under follow-up, assess each and replace its step.

    `steps` are the open ones by id, `first` the first of the messages stored now by patient, `reopened` the analyte
    whose replaced value opens a patient's course again.
    """
    if not courses:
        return
    _chunk_orders.settle(session, courses, first, lookups.zone, stamp)
    ended = _chunk_ended.before(session, [one for one in courses if one.status == "ended"], stamp)
    answers = _assess(session, courses, numbers, stamp, protocol)
    _overtake_letters(session, courses, answers[0].id, stamp)
    opened: list[dict[str, object]] = []
    moved: list[dict[str, object]] = []
    for course, answer in zip(courses, answers, strict=True):
        due = lookups.open_day(stamp.today, protocol.review_days[answer.assessment.urgency])
        more: dict[str, object] = {}
        if course.patient_id in reopened:
            more["reopened_by"] = reopened[course.patient_id]
        if course.id in ended:
            draft, status = ended[course.id].taken_up(course, answer, due, more)
        else:
            draft, status = _next(course, steps[course.open_step_id], answer, due, more)
        step_id = numbers.next("next_step")
        owner_id = draft.owner_id or stamp.user_id
        columns = _steps.step_columns(course.id, course.patient_id, draft, owner_id, stamp)
        opened.append({**columns, "id": step_id, "version": 1, "is_open": True})
        moved.append({"b_id": course.id, "b_step": step_id, "b_status": status})
    closed = [one.open_step_id for one in courses if one.id not in ended]
    _replace_steps(session, closed, opened, moved, stamp)


def _next(
    course: Any, before: Any, answer: Stored, due: date, more: dict[str, object]
) -> tuple[_steps.StepDraft, str]:
    """The step that follows the open one, and the course's status with it."""
    if "ended" in before.detail:
        more["ended"] = before.detail["ended"]
    draft, status = step_after(course.status, course.planned_mg, answer, due, **more)
    cause = "result-changed" if "reopened_by" in more else "returned"
    return _steps.following(before.detail, before.owner_id, draft, cause), status


def _assess(
    session: Session, courses: Sequence[Any], numbers: ids.Numbers, stamp: Stamp, protocol: Protocol
) -> list[Stored]:
    """Assess the courses and keep the answers with what they saw; undecided older ones are superseded."""
    version_id = protocol_version(session, protocol, stamp)
    facts = for_courses(session, [one.id for one in courses], stamp.today)
    answers: list[Stored] = []
    rows: list[dict[str, object]] = []
    for course in courses:
        known = facts[course.id]
        answer = Stored(numbers.next("assessment"), assess(known, protocol))
        columns = assessment_columns(
            course.id, course.patient_id, version_id, known, answer.assessment, stamp
        )
        rows.append({**columns, "id": answer.id, "version": 1})
        answers.append(answer)
    a, seen, r = m.AssessmentRow.__table__, m.AssessmentResult.__table__, m.LabResult
    older = a.c.course_id.in_([one.id for one in courses]) & a.c.state.in_(UNDECIDED)
    session.execute(update(a).where(older).values(state="superseded", version=a.c.version + 1))  # type: ignore[arg-type]
    session.execute(insert(a), rows)  # type: ignore[arg-type]
    what_they_saw = (
        select(a.c.id, r.id)
        .join(r, r.patient_id == a.c.patient_id)
        .where(a.c.id.between(literal(answers[0].id), literal(answers[-1].id)), *is_a_value())
    )
    session.execute(insert(seen).from_select(["assessment_id", "result_id"], what_they_saw))  # type: ignore[arg-type]
    return answers


def _overtake_letters(session: Session, courses: Sequence[Any], first_id: int, stamp: Stamp) -> None:
    """Letters that rest on an older assessment and are still to be printed are out of date."""
    letter, a = m.Letter.__table__, m.AssessmentRow
    older = select(a.id).where(a.course_id.in_([one.id for one in courses]), a.id < first_id)
    overtaken = (
        letter.c.assessment_id.in_(older)
        & letter.c.kind.in_(REST_ON_ASSESSMENT)
        & letter.c.state.in_(("draft", "approved"))
        & letter.c.out_of_date_at.is_(None)
    )
    session.execute(
        update(letter).where(overtaken).values(out_of_date_at=stamp.at, version=letter.c.version + 1)  # type: ignore[arg-type]
    )


def _replace_steps(
    session: Session,
    closed: Sequence[int],
    opened: Sequence[dict[str, object]],
    moved: Sequence[dict[str, object]],
    stamp: Stamp,
) -> None:
    """Close the open steps, open the new ones, and point the courses to them; none of them has ended then."""
    step, course = m.NextStep.__table__, m.Course.__table__
    session.execute(
        update(step)  # type: ignore[arg-type]
        .where(step.c.id.in_(closed))
        .values(
            is_open=False,
            closed_at=stamp.at,
            closed_by_id=stamp.user_id,
            closed_reason="results-stored",
            version=step.c.version + 1,
        )
    )
    session.execute(insert(step), opened)  # type: ignore[arg-type]
    session.connection().execute(
        update(course)  # type: ignore[arg-type]
        .where(course.c.id == bindparam("b_id"))
        .values(
            open_step_id=bindparam("b_step"),
            status=bindparam("b_status"),
            version=course.c.version + 1,
            **_chunk_ended.NOT_ENDED,
        ),
        moved,
    )
