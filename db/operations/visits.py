"""Planned infusions: moved to another day, or cancelled; the next step follows."""

from __future__ import annotations

from datetime import date

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
from db.stamp import Stamp

VISITS_CHANGED = frozenset({"infusions", "courses", "steps"})


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
    before, visit.planned_on = visit.planned_on, on
    visit.moved_from = before
    visit.state = "planned"
    visit.reason = why
    if course.status == "awaiting-labs":
        course.status = "in-treatment"
    elif course.status == "referred":
        course.status = "planned"
    outdate_infusion_letters(session, course.patient_id, stamp)
    go_on(session, course, "visit-moved", stamp, protocol)
    detail = {"from": before, "to": on, "reason": why}
    audit.record(session, stamp, "move-visit", "visit", visit_id, course.patient_id, detail)
    return Changes(VISITS_CHANGED, course.patient_id, course.id, visit_id)


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
