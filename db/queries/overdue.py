"""Courses whose blood tests did not come in their window: how late, what was tried, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import models as m
from db.queries.protocols import in_force
from db.queries.worklist_rows import OverdueRow

REACHED_NOBODY = ("no-answer", "number-dead", "moved", "message-left")
LETTERS = ("reminder-1", "reminder-2", "not-reached")
SENT = ("printed", "handed", "posted")
KINDS = ("repeat-labs", "follow-up")
"""Orders this list is about; a phosphate or work-up test that is late stands on Today as a late step."""


def overdue(session: Session, today: date, protocol: Protocol | None = None) -> tuple[OverdueRow, ...]:
    """Open laboratory orders whose window has closed, of people under follow-up, the latest first.

    The bands are those of the protocol; without one, those of the protocol the clinic works by.
    """
    numbers = protocol or in_force(session)
    rows = _late(session, today)
    tried = _tried(session, today)
    written = _written(session, today)
    found = [
        _row(row, tried.get(row.course_id), written.get(row.course_id, ()), today, numbers) for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (-one.days_late, one.surname, one.given, one.course_id)))


def _late(session: Session, today: date) -> list[Any]:
    """One row for each course with an open order that is late; the order that closed first counts."""
    o, p, s = m.LabOrder, m.Patient, m.NextStep
    phone = (
        select(m.PatientPhone.number)
        .where(m.PatientPhone.patient_id == p.id, m.PatientPhone.until.is_(None))
        .order_by(m.PatientPhone.rank, m.PatientPhone.id)
        .limit(1)
        .correlate(p)
        .scalar_subquery()
    )
    last = (
        select(func.max(m.Infusion.given_on))
        .where(m.Infusion.course_id == m.Course.id, m.Infusion.state == "given")
        .correlate(m.Course)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            o.course_id,
            func.min(o.closes_on).label("closes_on"),
            p.id.label("patient_id"),
            p.number,
            p.surname,
            p.given,
            p.birth_date,
            p.sex,
            phone.label("phone"),
            last.label("last_infusion"),
            s.action,
            s.due,
            s.id.label("step_id"),
            s.version.label("step_version"),
            m.User.id.label("owner_id"),
            m.User.name.label("owner_name"),
        )
        .join(m.Course, m.Course.id == o.course_id)
        .join(p, p.id == o.patient_id)
        .join(s, s.id == m.Course.open_step_id)
        .join(m.User, m.User.id == s.owner_id)
        .where(*_is_late(today), p.status == "active")
        .group_by(o.course_id, m.Course.id, p.id, s.id, m.User.id)  # a server wants each table's key named
    )
    return [row for row in rows if row.last_infusion is not None]


def _is_late(today: date) -> tuple[Any, ...]:
    """Orders whose window has closed without a result."""
    o = m.LabOrder
    return o.state == "open", o.kind.in_(KINDS), o.booked_for < today, o.closes_on < today


def _tried(session: Session, today: date) -> dict[int, Any]:
    """Attempts for each course that has a late order: how many reached nobody, the last, who was told."""
    c, o = m.ContactAttempt, m.LabOrder
    late = select(o.course_id).where(*_is_late(today))
    found: dict[int, Any] = {}
    for row in session.execute(
        select(c.course_id, c.outcome, c.channel, c.tried_on)
        .where(c.course_id.in_(late), c.withdrawn_at.is_(None))
        .order_by(c.tried_on, c.id)
    ):
        known = found.setdefault(row.course_id, {"attempts": 0, "letter": False, "referrer": False})
        known["attempts"] += row.outcome in REACHED_NOBODY
        known["letter"] |= row.outcome == "letter-sent" and row.channel != "referrer"
        known["referrer"] |= row.channel == "referrer"
        known["last"] = (row.outcome, row.tried_on)
    return found


def _written(session: Session, today: date) -> dict[int, tuple[str, ...]]:
    """Reminders sent for each course that has a late order."""
    o, letter = m.LabOrder, m.Letter
    late = select(o.course_id).where(*_is_late(today))
    found: dict[int, tuple[str, ...]] = {}
    rows: Sequence[Any] = session.execute(
        select(letter.course_id, letter.kind).where(
            letter.course_id.in_(late), letter.kind.in_(LETTERS), letter.state.in_(SENT)
        )
    ).all()
    for course_id, kind in rows:
        found[course_id] = (*found.get(course_id, ()), kind)
    return found


def _row(row: Any, tried: Any, written: tuple[str, ...], today: date, protocol: Protocol) -> OverdueRow:
    known = tried or {"attempts": 0, "letter": False, "referrer": False, "last": None}
    days_late = (today - row.closes_on).days
    band = _band(days_late, protocol)
    return OverdueRow(
        course_id=row.course_id,
        patient_id=row.patient_id,
        number=row.number,
        surname=row.surname,
        given=row.given,
        birth_date=row.birth_date,
        sex=row.sex,
        phone=row.phone,
        last_infusion=row.last_infusion,
        # on the clock of the order's own window, so that a late follow-up test stands in the band it belongs to
        days_since=days_late + protocol.whole("schedule.closes_day"),
        days_late=days_late,
        band=band,
        ladder_step=_ladder(known, written, band, protocol),
        attempts=known["attempts"],
        last_contact=known["last"],
        action=row.action,
        due=row.due,
        step_days_late=max((today - row.due).days, 0),
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        step_id=row.step_id,
        step_version=row.step_version,
    )


def _band(days_late: int, protocol: Protocol) -> str:
    """The band of the days since the window closed; the protocol counts them from the infusion."""
    closes = timedelta(days=protocol.whole("schedule.closes_day"))
    late = timedelta(days=days_late) + closes
    for band, name in (("lost", "lost_day"), ("late", "late_day"), ("overdue", "overdue_day")):
        if late >= timedelta(days=protocol.whole(f"schedule.{name}")):
            return band
    return "reminder"


def _ladder(known: Any, written: tuple[str, ...], band: str, protocol: Protocol) -> int:
    """How far up the ladder: nothing, one try, two, a letter, the referrer told, the clinician to decide."""
    referrer = known["referrer"] or "not-reached" in written
    if referrer:
        return 5 if band == "lost" else 4
    if known["letter"] or written:
        return 3
    return min(int(known["attempts"]), protocol.whole("chase.tries"))
