"""Planned infusions: moved to another day and back, or cancelled; the next step follows."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.operations._labs import last_given
from db.operations._letters import outdate_infusion_letters
from db.operations._next import go_on, infusions_changed
from db.operations._rows import active_patient, check_seen, get, open_course, wanted
from db.operations.roles import guarded
from db.queries.merging import merged_into
from db.stamp import Stamp

VISITS_CHANGED = frozenset({"infusions", "courses", "steps"})

UNDER_WAY: Final = {"awaiting-labs": "in-treatment", "referred": "planned"}
"""Where a course stands again once a visit it had no hope of is on another day."""


@guarded()
def move_visit(
    session: Session,
    visit_id: int,
    on: date,
    reason: str,
    seen_version: int,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Plan a visit for another day. Raises `Refused`: missing-field without a reason, in-the-past."""
    why = wanted(reason, "reason")
    visit, course = _planned(session, visit_id, seen_version, ("planned", "did-not-attend"))
    if on < stamp.today:
        raise Refused("in-the-past", field="on", day=on)
    stood = [visit.planned_on, visit.state, visit.reason, visit.moved_from, course.status]
    before, visit.planned_on = visit.planned_on, on
    visit.moved_from = before
    visit.state = "planned"
    visit.reason = why
    course.status = UNDER_WAY.get(course.status, course.status)
    outdate_infusion_letters(session, course.patient_id, stamp)
    go_on(session, course, "visit-moved", stamp, protocol)
    detail = {"from": before, "to": on, "reason": why, "took": {"on": stamp.today, "stood": stood}}
    audit.record(session, stamp, "move-visit", "visit", visit_id, course.patient_id, detail)
    return Changes(VISITS_CHANGED, course.patient_id, course.id, visit_id)


@guarded()
def take_back_move(
    session: Session, visit_id: int, seen_version: int, stamp: Stamp, protocol: Protocol
) -> Changes:
    """Give a visit the day and state back that it had before it was moved today, a day that has passed too.

    Raises `StaleScreen` where it was changed since, `Refused`: visit-not-planned, move-not-today, course-ended,
    patient-not-active.
    """
    visit, course = _planned(session, visit_id, seen_version, ("planned",))
    told = session.scalars(
        select(m.AuditRow)
        .where(
            m.AuditRow.patient_id.in_((course.patient_id, *merged_into(session, course.patient_id))),
            m.AuditRow.entity == "visit",
            m.AuditRow.entity_id == visit_id,
            m.AuditRow.action.in_(("move-visit", "take-back-move")),
        )
        .order_by(m.AuditRow.id.desc())
        .limit(1)
    ).first()
    took = None if told is None else told.detail.get("took")
    if took is None or took["on"] != stamp.today.isoformat():
        raise Refused("move-not-today")
    left = visit.planned_on
    day, visit.state, visit.reason, moved_from, status = took["stood"]
    if UNDER_WAY.get(status) == course.status:  # iron given since is not forgotten
        course.status = status
    visit.planned_on = date.fromisoformat(day)
    visit.moved_from = None if moved_from is None else date.fromisoformat(moved_from)
    outdate_infusion_letters(session, course.patient_id, stamp)
    if visit.state == "planned":
        go_on(session, course, "move-taken-back", stamp, protocol)
    else:
        infusions_changed(session, course, last_given(session, course.id), stamp, protocol)
    detail = {"from": left, "to": visit.planned_on}
    audit.record(session, stamp, "take-back-move", "visit", visit_id, course.patient_id, detail)
    return Changes(VISITS_CHANGED | {"assessments"}, course.patient_id, course.id, visit_id)


@guarded()
def cancel_visit(
    session: Session,
    visit_id: int,
    reason: str,
    seen_version: int,
    stamp: Stamp,
    protocol: Protocol,
    *,
    did_not_attend: bool = False,
) -> Changes:
    """Cancel a planned visit, or record that the patient did not come; the dose is then still owed.

    With no visit left the course waits for its repeat tests, or for a new plan when nothing was given.
    """
    why = wanted(reason, "reason")
    visit, course = _planned(session, visit_id, seen_version, ("planned",))
    visit.state = "did-not-attend" if did_not_attend else "cancelled"
    visit.reason = why
    outdate_infusion_letters(session, course.patient_id, stamp)
    infusions_changed(session, course, last_given(session, course.id), stamp, protocol)
    detail = {"state": visit.state, "reason": why}
    audit.record(session, stamp, "cancel-visit", "visit", visit_id, course.patient_id, detail)
    return Changes(VISITS_CHANGED | {"assessments"}, course.patient_id, course.id, visit_id)


def _planned(
    session: Session, visit_id: int, seen_version: int, states: tuple[str, ...]
) -> tuple[m.Visit, m.Course]:
    """A visit that may still be changed, unchanged since it was seen, with its course."""
    visit = get(session, m.Visit, visit_id)
    check_seen(visit, seen_version)
    course = open_course(session, visit.course_id)
    active_patient(session, course.patient_id)
    if visit.state not in states:
        raise Refused("visit-not-planned", visit_id=visit_id, state=visit.state)
    return visit, course
