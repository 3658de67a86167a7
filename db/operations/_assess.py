"""Assessing a course inside a write: facts and answer kept word for word, and somebody told to look."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Integer, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from clinical.assessment import assess
from clinical.cases import assessment_to_json, dumps, facts_to_json
from clinical.facts import Facts
from clinical.outcome import Assessment, Because, Finding, Urgency
from clinical.protocol import Protocol
from clinical.schedule import is_open
from db import models as m
from db.errors import Refused
from db.operations._rows import add
from db.operations._steps import StepDraft
from db.queries import protocols
from db.queries.facts import for_course, is_a_value
from db.queries.people import calendar
from db.queries.stored import read_assessment
from db.questions import COURSE, OF, first, values
from db.stamp import Stamp

UNDECIDED = ("open", "deferred", "dismissed")
"""States of an assessment that may still be decided on; a newer one takes its place."""

REST_ON_ASSESSMENT = ("patient-results", "result-and-plan", "referral")
"""Letters that tell what an assessment says: a newer one makes them out of date."""

RED = (Urgency.EMERGENCY, Urgency.URGENT)


@dataclass(frozen=True, slots=True)
class Stored:
    """An assessment with the id it was stored under."""

    id: int
    assessment: Assessment


def assess_course(session: Session, course: m.Course, stamp: Stamp, protocol: Protocol) -> Stored:
    """Assess the course on the stamp's day and keep the answer; an undecided older one is superseded."""
    return keep(session, course, *look(session, course, stamp, protocol), stamp, protocol)


def look(session: Session, course: m.Course, stamp: Stamp, protocol: Protocol) -> tuple[Facts, Assessment]:
    """What the rules say today, without keeping it."""
    session.flush()
    facts = for_course(session, course.id, stamp.today)
    return facts, assess(facts, protocol)


def newest(session: Session, course_id: int) -> Assessment | None:
    """What the rules said last about the course."""
    text = session.scalars(
        select(m.AssessmentRow.assessment)
        .where(m.AssessmentRow.course_id == course_id)
        .order_by(m.AssessmentRow.id.desc())
        .limit(1)
    ).first()
    return None if text is None else read_assessment(text)


def says_the_same(one: Assessment, other: Assessment) -> bool:
    """Whether two answers would have a person do the same; days and figures apart."""

    def gist(found: Assessment) -> tuple[object, ...]:
        actions = tuple(step.action for step in found.next_steps)
        return found.outcome, found.contributing, found.urgency, actions, found.blocked

    return gist(one) == gist(other)


def keep(
    session: Session,
    course: m.Course,
    facts: Facts,
    found: Assessment,
    stamp: Stamp,
    protocol: Protocol,
    state: str = "open",
) -> Stored:
    """Store an answer with the facts it saw; an undecided older one is superseded.

    `state` is `accepted` for an answer that asks for nothing but what the record books by itself.
    """
    _supersede(session, course.id)
    version_id = protocol_version(session, protocol, stamp)
    columns = assessment_columns(course.id, course.patient_id, version_id, facts, found, stamp, state)
    assessment_id = add(session, m.AssessmentRow, **columns)
    saw = {"assessment_id": assessment_id, "patient_id": course.patient_id}
    session.connection().execute(_SAW, saw)
    _overtake_letters(session, course.id, assessment_id, stamp)
    return Stored(assessment_id, found)


def assessment_columns(
    course_id: int,
    patient_id: int,
    version_id: int,
    facts: Facts,
    found: Assessment,
    stamp: Stamp,
    state: str = "open",
) -> dict[str, Any]:
    """The columns of an answer that is kept, with the facts it saw word for word."""
    return {
        "course_id": course_id,
        "patient_id": patient_id,
        "protocol_version_id": version_id,
        "as_of": stamp.today,
        "made_at": stamp.at,
        "made_by_id": stamp.user_id,
        "facts": dumps(facts_to_json(facts)),
        "assessment": dumps(assessment_to_json(found)),
        "outcome": found.outcome.value,
        "response": found.response.value,
        "profile": found.profile.value,
        "urgency": found.urgency.value,
        "state": state,
    }


def newest_id(session: Session, course_id: int) -> int | None:
    """The newest assessment of the course: the only one to decide on, and to write about."""
    return session.scalars(
        select(func.max(m.AssessmentRow.id)).where(m.AssessmentRow.course_id == course_id)
    ).one()


def _overtake_letters(session: Session, course_id: int, assessment_id: int, stamp: Stamp) -> None:
    """Letters that rest on an older assessment of the course and are still to be printed are out of date."""
    given = {"course_id": course_id, "assessment_id": assessment_id}
    for letter_id in values(session, _OVERTAKEN, **given):
        session.get_one(m.Letter, letter_id).out_of_date_at = stamp.at


_OVERTAKEN: Final = select(m.Letter.id).where(
    m.Letter.assessment_id.in_(
        select(m.AssessmentRow.id).where(
            m.AssessmentRow.course_id == COURSE,
            m.AssessmentRow.id != bindparam("assessment_id", type_=Integer),
        )
    ),
    m.Letter.kind.in_(REST_ON_ASSESSMENT),
    m.Letter.state.in_(("draft", "approved")),
    m.Letter.out_of_date_at.is_(None),
)


def _supersede(session: Session, course_id: int) -> None:
    """Take what waits for a decision on the course out of the way of a newer answer."""
    session.flush()
    older = values(session, _UNDECIDED, course_id=course_id)
    if not older:
        return
    session.connection().execute(_SUPERSEDE, {"older": older})
    for row in session:
        if isinstance(row, m.AssessmentRow):  # it was not changed through the session
            session.expire(row)


_UNDECIDED: Final = select(m.AssessmentRow.id).where(
    m.AssessmentRow.course_id == COURSE, m.AssessmentRow.state.in_(UNDECIDED)
)
_ASSESSMENT: Final = m.Base.metadata.tables[m.AssessmentRow.__tablename__]
_SUPERSEDE: Final = (
    update(_ASSESSMENT)
    .where(_ASSESSMENT.c.id.in_(bindparam("older", expanding=True, type_=Integer)))
    .values(state="superseded", version=_ASSESSMENT.c.version + 1)
)
_SAW: Final = insert(m.Base.metadata.tables[m.AssessmentResult.__tablename__]).from_select(
    ["assessment_id", "result_id"],
    select(bindparam("assessment_id", type_=Integer), m.LabResult.id).where(
        m.LabResult.patient_id == OF, *is_a_value()
    ),
)
"""An answer saw each result that facts about its patient hold."""


def undecided(session: Session, course_id: int) -> list[m.AssessmentRow]:
    """Assessments of the course that still wait for a decision."""
    return list(
        session.scalars(
            select(m.AssessmentRow).where(
                m.AssessmentRow.course_id == course_id, m.AssessmentRow.state.in_(UNDECIDED)
            )
        )
    )


def review(session: Session, stored: Stored, stamp: Stamp, protocol: Protocol, **more: object) -> StepDraft:
    """The step that asks a person to look at an assessment, in time for its urgency, on a day we are open."""
    due = open_day(session, stamp.today, protocol.review_days[stored.assessment.urgency])
    return review_step(stored, due, **more)


def review_step(stored: Stored, due: date, **more: object) -> StepDraft:
    """The step that asks a person to look at an assessment by a day."""
    found = stored.assessment
    proposed = found.next_steps[0] if found.next_steps else None
    return StepDraft(
        action="review-results",
        due=due,
        urgency=found.urgency.value,
        assessment_id=stored.id,
        detail={
            "outcome": found.outcome.value,
            "proposed": proposed.action.value if proposed else None,
            "proposed_detail": dict(proposed.detail) if proposed else None,
            "why": why(found),
            **more,
        },
    )


def open_day(session: Session, today: date, days: int) -> date:
    """The last day we are open in these many days from today; the last of them when we are closed on all."""
    last = today + timedelta(days=days)
    known = calendar(session, today, last)
    for back in range(days + 1):
        day = last - timedelta(days=back)
        if is_open(day, known.open_weekdays, known.closed):
            return day
    return last


def why(found: Assessment) -> Mapping[str, object]:
    """The values for half a sentence: the outcome, and the figure that speaks for it most."""
    finding = _leading(found)
    if finding is None:
        return {"code": found.outcome.value}
    told: dict[str, object] = {"code": found.outcome.value, "finding": finding.code}
    if finding.because:
        told |= _figure(finding.because[0])
    return told


def protocol_version(session: Session, protocol: Protocol, stamp: Stamp) -> int:
    """The stored version of this protocol; its text is kept the first time it is used.

    Another text under a label that is known already is kept beside it, under its label and the beginning of its
    hash: an assessment always points to the very text it was made with. Where a clinician has made the clinic's own
    version live, nothing is assessed by another text, unless this program cannot use it at all.
    Raises `Refused`: protocol-retired (label: the one that is live), protocol-is-draft.
    """
    version = m.ProtocolVersion
    sha256 = _sha256(protocol.text)
    current = first(session, _LIVE)
    if current is not None and current.sha256 == sha256:
        return int(current.id)
    live = session.scalars(select(version).where(version.state == "live")).one_or_none()
    own = None if live is None or live.signed_by_id is None else protocols.own(session)
    if own is not None and own.protocol is not None:
        raise Refused("protocol-retired", label=own.label)
    label = protocol.label
    known = session.scalars(select(version).where(version.label == label)).one_or_none()
    if known is not None and known.sha256 != sha256:
        label = f"{label} ({sha256[:8]})"
        known = session.scalars(select(version).where(version.label == label)).one_or_none()
    if known is not None and known.state == "draft":
        raise Refused("protocol-is-draft", label=label)
    if known is not None:
        return known.id
    if live is not None and own is None:
        live.state = "retired"
        live.retired_at = stamp.at
        session.flush()
    # the clinic's own stays the live one although this program has to do without it
    return add(
        session,
        version,
        stamp,
        label=label,
        text=protocol.text,
        sha256=sha256,
        state="live" if own is None else "retired",
        signed_at=stamp.at if protocol.signed else None,
        live_from=stamp.at,
        retired_at=None if own is None else stamp.at,
    )


_LIVE: Final = select(m.ProtocolVersion.id, m.ProtocolVersion.sha256).where(m.ProtocolVersion.state == "live")


@lru_cache(maxsize=8)
def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _leading(found: Assessment) -> Finding | None:
    """The finding the outcome rests on: the first of that outcome, else the most urgent one."""
    for finding in found.findings:
        if finding.outcome == found.outcome:
            return finding
    ranked = [finding for finding in found.findings if finding.outcome is not None]
    return ranked[0] if ranked else None


def _figure(because: Because) -> dict[str, object]:
    figure = {
        "what": because.what,
        "value": because.value,
        "unit": because.unit,
        "collected": because.collected,
        "test": because.test,
        "limit": because.limit,
    }
    return {key: value for key, value in figure.items() if value is not None}
