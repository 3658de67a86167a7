"""What was answered before to the questions of the safety gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m


def last_answers(session: Session, patient_id: int) -> Mapping[str, tuple[str, date]]:
    """By gate the newest yes or no on record for a patient, and the day it was given in the clinic."""
    g = m.GateAnswer
    rows = session.execute(
        select(g.gate, g.answer, g.recorded_at)
        .where(g.patient_id == patient_id, g.answer.in_(("yes", "no")))
        .order_by(g.id)
    ).all()
    if not rows:
        return {}
    zone = ZoneInfo(session.scalars(select(m.Clinic.time_zone)).one())
    return {gate: (answer, at.astimezone(zone).date()) for gate, answer, at in rows}
