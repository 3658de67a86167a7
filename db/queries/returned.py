"""Whether asking brings people back: blood taken soon after somebody tried to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.queries.managers import STANDING
from db.questions import past_index

RETURN_DAYS: Final = 15
"""Days after an attempt in which blood that is taken counts as its answer."""
LOOK_BACK_DAYS: Final = 90
"""Attempts of so many days are looked at; those whose days are not over yet are not judged."""
MAIN_ANALYTES: Final = ("haemoglobin", "ferritin")
"""What repeat blood tests are for."""


@dataclass(frozen=True, slots=True)
class Returned:
    """Of `tried` courses whose patient somebody tried to reach, `came` had blood taken in time."""

    tried: int
    came: int


def returned_after_contact(session: Session, today: date) -> Returned:
    """Courses with an attempt whose days are over, each judged by its first attempt in the span.

    Attempts that were taken back and letters to the referrer do not count, nor values that were withdrawn.
    """
    c, r = m.ContactAttempt, m.LabResult
    until = today - timedelta(days=RETURN_DAYS)
    since = until - timedelta(days=LOOK_BACK_DAYS)
    standing = (
        c.tried_on > since, c.tried_on <= until, c.withdrawn_at.is_(None), c.channel != "referrer",
        c.course_id.is_not(None),
    )  # fmt: skip
    first: dict[int, tuple[int, date]] = {}
    for course_id, patient_id, tried_on in session.execute(
        select(c.course_id, c.patient_id, c.tried_on).where(*standing).order_by(c.tried_on, c.id)
    ):
        if course_id is not None:
            first.setdefault(course_id, (patient_id, tried_on))
    taken: dict[int, list[date]] = {}
    for patient_id, collected_on in session.execute(
        select(r.patient_id, r.collected_on)
        .where(
            r.patient_id.in_(select(c.patient_id).where(*standing)),
            r.collected_on > since,
            r.analyte.in_(MAIN_ANALYTES),
            r.status.in_(STANDING),
            past_index(r.superseded_by_id).is_(None),
        )
        .distinct()
    ):
        taken.setdefault(patient_id, []).append(collected_on)
    came = sum(
        any(tried_on < day <= tried_on + timedelta(days=RETURN_DAYS) for day in taken.get(patient_id, ()))
        for patient_id, tried_on in first.values()
    )
    return Returned(len(first), came)
