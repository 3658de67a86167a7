"""Reading answers again after the clinic's protocol has changed: course by course, so that nobody waits for it.

Each course is a write of its own. The end of it all stands in the audit; until then `db.queries.read_again.left` finds
it unfinished, and reading a course twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.operations._assess import RED, Stored, keep, open_day, protocol_version, review_step, why
from db.operations._rows import get
from db.operations._steps import StepDraft, open_step, replace_step
from db.operations.roles import guarded
from db.queries.facts import for_course
from db.queries.read_again import (
    READ,
    READ_ALL,
    Answered,
    Verdict,
    answers_of,
    stands_instead,
    verdicts,
    version_of,
)
from db.stamp import Stamp

CHANGED: Final = Changes(frozenset({"assessments", "courses", "steps", "letters"}))
NOTHING: Final = Changes(frozenset())
WAITING: Final = ("awaiting-labs", "work-up", "waiting", "follow-up")
"""States of a course in which an answer to look at makes it one with results to review."""


@guarded()
def read_again(session: Session, course_id: int, stamp: Stamp, protocol: Protocol) -> Changes:
    """Assess a course by the clinic's protocol whose newest answer was made by another, and ask somebody to look
    where it says something else.

    An answer that nobody has decided on is always read again; one that was put off or judged not appropriate comes
    back where it says something else now; what was decided stands unless it is urgent now. A day that is nearer
    already stays. Nothing happens where nothing is to be done. Raises `Refused`: protocol-retired, protocol-is-draft.
    """
    _refuse_another(session, protocol)
    answered = answers_of(session, [course_id]).get(course_id)
    if answered is None or answered.version_id == version_of(session, protocol):
        return NOTHING
    verdict, found = verdicts(session, [answered], protocol, stamp.today)[course_id]
    if verdict is Verdict.STANDS:
        return NOTHING
    course = get(session, m.Course, course_id)
    facts = for_course(session, course_id, stamp.today)
    stored = keep(session, course, facts, found, stamp, protocol)
    version_id = protocol_version(session, protocol, stamp)
    draft = _draft(session, course, answered, verdict, stored, version_id, stamp, protocol)
    if draft is not None:
        replace_step(session, course, draft, "protocol-changed", stamp)
    detail = {"was": answered.state, "outcome": found.outcome.value, "verdict": verdict.value}
    audit.record(session, stamp, READ, "protocol_version", version_id, course.patient_id, detail)
    return Changes(CHANGED.kinds, course.patient_id, course_id, stored.id)


@guarded()
def finish_reading_again(
    session: Session, looked: int, back: int, stamp: Stamp, protocol: Protocol
) -> Changes:
    """Put down that every answer has been read by this protocol: so many were looked at, so many came back.

    Raises `Refused`: protocol-retired, protocol-is-draft.
    """
    _refuse_another(session, protocol)
    version_id = protocol_version(session, protocol, stamp)
    detail = {"label": protocol.label, "looked": looked, "back": back}
    audit.record(session, stamp, READ_ALL, "protocol_version", version_id, None, detail)
    return Changes(frozenset({"settings"}))


def _refuse_another(session: Session, protocol: Protocol) -> None:
    """Nothing is read again by a protocol that is not the clinic's any more."""
    label = stands_instead(session, protocol)
    if label is not None:
        raise Refused("protocol-retired", label=label)


def _draft(
    session: Session,
    course: m.Course,
    answered: Answered,
    verdict: Verdict,
    stored: Stored,
    version_id: int,
    stamp: Stamp,
    protocol: Protocol,
) -> StepDraft | None:
    """The step that puts the new answer in front of its owner; None where the open step does not rest on the old."""
    step = open_step(session, course)
    assert step is not None
    found = stored.assessment
    rests = step.assessment_id == answered.assessment_id
    # a course that is still to be planned is looked at by planning it, unless the answer is urgent
    to_plan = rests and answered.state == "open" and step.action == "plan-course" and found.urgency not in RED
    if verdict is Verdict.READ:
        return _as_before(step, stored, step.due, step.detail) if rests else None
    due = open_day(session, stamp.today, protocol.review_days[found.urgency])
    if rests and answered.state == "open":
        due = min(due, step.due)
    back = {"code": "protocol-changed", "was": answered.state, **_live(session, version_id)}
    if to_plan:
        said = {**(step.detail.get("why") or {}), "back": back}
        return _as_before(step, stored, due, {**step.detail, "why": said})
    more: dict[str, object] = {"why": {**why(found), "back": back}}
    if "ended" in step.detail:
        more["ended"] = step.detail["ended"]
    if course.status in WAITING:
        course.status = "to-review"
    return review_step(stored, due, **more)


def _as_before(step: m.NextStep, stored: Stored, due: date, detail: Mapping[str, object]) -> StepDraft:
    """The step that is open, resting on the new answer."""
    urgency = stored.assessment.urgency.value
    return StepDraft(step.action, due, urgency, step.owner_id, detail, stored.id, step.decision_id)


def _live(session: Session, version_id: int) -> dict[str, object]:
    """Name of a version, and the clinic's day it went live."""
    version = get(session, m.ProtocolVersion, version_id)
    zone = ZoneInfo(session.scalars(select(m.Clinic.time_zone)).one())
    since: date | None = None if version.live_from is None else version.live_from.astimezone(zone).date()
    return {"label": version.label, "on": since}
