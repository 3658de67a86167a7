"""Work-ups: each item of the checklist ordered, done, resulted, or not appropriate with its reason."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.models import vocabulary as v
from db.operations._next import go_on
from db.operations._rows import active_patient, active_user, check_seen, get, long_text, one_of, wanted
from db.operations._steps import open_step
from db.operations.roles import guarded
from db.stamp import Stamp

CLOSED_STATES = frozenset({"resulted", "not-appropriate"})
"""States in which an item asks for nothing more."""


@guarded()
def update_item(
    session: Session,
    item_id: int,
    state: str,
    note: str | None,
    due: date,
    owner_id: int,
    seen_version: int,
    stamp: Stamp,
    protocol: Protocol,
) -> Changes:
    """Move an item on. When the last one is closed the checklist is finished and the course goes on.

    What a course that has ended left open may still be done while the patient is followed up. Raises `Refused`:
    unknown-code, missing-field (not-appropriate without a reason), owner-not-active, patient-not-active.
    """
    item = get(session, m.WorkUpItem, item_id)
    check_seen(item, seen_version)
    one_of(state, v.ITEM_STATES, "state")
    work_up = get(session, m.WorkUp, item.work_up_id)
    course = get(session, m.Course, work_up.course_id)
    active_patient(session, course.patient_id)
    if state == "not-appropriate":
        wanted(note, "note")
    active_user(session, owner_id)
    before = item.state
    item.state, item.due, item.owner_id = state, due, owner_id
    item.note = long_text(note)
    item.changed_at, item.changed_by_id = stamp.at, stamp.user_id
    session.flush()
    settle(session, work_up, stamp)
    step = open_step(session, course)
    if step is not None and step.action in ("work-up", "refer"):
        go_on(session, course, "work-up", stamp, protocol)
    detail = {"code": item.code, "from": before, "to": state}
    audit.record(session, stamp, "update-item", "work_up_item", item_id, course.patient_id, detail)
    return Changes(frozenset({"work-ups", "steps", "courses"}), course.patient_id, course.id, item_id)


def settle(session: Session, work_up: m.WorkUp, stamp: Stamp) -> None:
    """A checklist is finished while nothing on it is open, and open again when something is."""
    states = session.scalars(select(m.WorkUpItem.state).where(m.WorkUpItem.work_up_id == work_up.id))
    finished = all(state in CLOSED_STATES for state in states)
    work_up.state = "finished" if finished else "open"
    work_up.closed_at = stamp.at if finished else None
    session.flush()
