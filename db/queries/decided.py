"""Decisions made in a span of days, with the outcome each was made on: how often the prompt was followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """A decision: on which outcome, whether it followed the prompt, and whose course it was."""

    course_id: int
    patient_id: int
    number: str
    surname: str
    given: str
    outcome: str
    kind: str
    decided_on: date


def decided(session: Session, first: date, last: date) -> tuple[DecidedRow, ...]:
    """Decisions made between two days of the clinic (both included) that stand, oldest first."""
    d, a, p = m.Decision, m.AssessmentRow, m.Patient
    zone = ZoneInfo(session.scalars(select(m.Clinic.time_zone)).one())
    since = datetime.combine(first, time(), zone)
    until = datetime.combine(last + timedelta(days=1), time(), zone)
    rows = session.execute(
        select(d.course_id, d.patient_id, p.number, p.surname, p.given, a.outcome, d.kind, d.decided_at)
        .join(a, a.id == d.assessment_id)
        .join(p, p.id == d.patient_id)
        .where(d.decided_at >= since, d.decided_at < until, d.withdrawn_at.is_(None))
        .order_by(d.id)
    )
    return tuple(DecidedRow(*row[:-1], row[-1].astimezone(zone).date()) for row in rows)
