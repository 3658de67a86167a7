"""What the page asks the database for: the clinic's surroundings, and somebody on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from clinical.facts import Facts
from db import queries
from db.queries.patients import PatientPage
from db.queries.people import ClinicCalendar, Person
from desktop.plan.choices import Choices
from desktop.plan.visit_days import Edit

CALENDAR_DAYS = 400
PLANNED = ("planned", "in-treatment")


@dataclass(frozen=True, slots=True)
class Existing:
    """The course that is planned when the page is about somebody on record.

    `owed_mg` is what the course before left; `given_mg` what this one was given already. `choices` are those
    of the plan on record, or of the course before. `state` is the course's.
    """

    page: PatientPage
    facts: Facts
    course_id: int
    version: int
    state: str
    owed_mg: Decimal | None
    given_mg: Decimal
    choices: Choices | None


def surroundings(session: Any, today: date) -> tuple[ClinicCalendar, tuple[Person, ...]]:
    """The clinic's calendar for the year ahead, and the practitioners on record."""
    return queries.calendar(session, today, today + timedelta(days=CALENDAR_DAYS)), queries.clinicians(
        session
    )


def existing(session: Any, course_id: int, today: date) -> Existing:
    """The course to plan with its patient."""
    facts = queries.for_course(session, course_id, today)
    page = queries.patient_page(session, queries.patient_of_course(session, course_id), today)
    course = next(c for c in page.courses if c.course_id == course_id)
    return Existing(
        page=page,
        facts=facts,
        course_id=course_id,
        version=course.version,
        state=course.status,
        owed_mg=course.drafted_mg,
        given_mg=course.given_mg,
        choices=_choices(page, facts, course_id, today),
    )


def _choices(page: PatientPage, facts: Facts, course_id: int, today: date) -> Choices | None:
    """The plan on record, visit by visit; without one, product and label of the course before."""
    course = next(c for c in page.courses if c.course_id == course_id)
    if course.product is None or course.label is None:
        before = facts.previous_courses[-1] if facts.previous_courses else None
        if before is None or before.label is None:
            return None
        return Choices(before.product, before.label)
    visits = tuple(
        Edit(max(visit.on, today), visit.dose_mg)
        for visit in page.visits
        if visit.course_id == course_id and visit.state == "planned"
    )
    return Choices(course.product, course.label, course.method, edits=visits)
