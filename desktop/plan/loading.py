"""What the page asks the database for: the clinic's surroundings, and somebody on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from db.queries.patients import PatientPage

from clinical.facts import Facts
from db import queries
from db.queries.people import ClinicCalendar, Person

CALENDAR_DAYS = 400


@dataclass(frozen=True, slots=True)
class Existing:
    """The course that is planned when the page is about somebody on record; `owed_mg` from the course before."""

    page: PatientPage
    facts: Facts
    course_id: int
    version: int
    indication: str | None
    owed_mg: Decimal | None


def surroundings(session: Any, today: date) -> tuple[ClinicCalendar, tuple[Person, ...]]:
    """The clinic's calendar for the year ahead, and the practitioners on record."""
    people = tuple(person for person in queries.clinicians(session) if person.role in ("gp", "referrer"))
    return queries.calendar(session, today, today + timedelta(days=CALENDAR_DAYS)), people


def existing(session: Any, course_id: int, today: date) -> Existing:
    """The course to plan with its patient."""
    facts = queries.for_course(session, course_id, today)
    page = queries.patient_page(session, queries.patient_of_course(session, course_id), today)
    course = next(c for c in page.courses if c.course_id == course_id)
    return Existing(page, facts, course_id, course.version, course.indication, course.drafted_mg)
