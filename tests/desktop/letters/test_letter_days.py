"""No letter asks anybody to come on a day that is over."""

from __future__ import annotations

from datetime import date

import pytest
from one_clinic import Clinic

import reports
from db.queries.letters import source
from desktop.letters.compose import letter_facts, offers
from reports.facts import LetterFacts


def facts(clinic: Clinic, kind: str, today: date) -> LetterFacts:
    found = clinic.read(source, clinic.course_id)
    offer = next(one for one in offers(found, today) if one.kind == kind)
    return letter_facts(offer, found, clinic.parts.user, today, clinic.protocol)


def test_before_the_booked_day_the_appointment_names_it(one_clinic: Clinic) -> None:
    booking = facts(one_clinic, "patient-appointment", date(2026, 2, 3)).appointment
    assert booking is not None
    assert booking.on == date(2026, 2, 9)


def test_on_the_booked_day_it_is_still_named(one_clinic: Clinic) -> None:
    booking = facts(one_clinic, "patient-appointment", date(2026, 2, 9)).appointment
    assert booking is not None
    assert booking.on == date(2026, 2, 9)


def test_after_the_booked_day_the_days_that_are_left_are_named(one_clinic: Clinic) -> None:
    booking = facts(one_clinic, "patient-appointment", date(2026, 2, 12)).appointment
    assert booking is not None
    assert booking.on is None
    assert (booking.opens, booking.closes) == (date(2026, 2, 12), date(2026, 2, 16))


@pytest.mark.parametrize(
    ("kind", "on"), [("reminder-1", date(2026, 2, 17)), ("reminder-2", date(2026, 3, 3))]
)
def test_a_reminder_names_no_day_that_is_over(one_clinic: Clinic, kind: str, on: date) -> None:
    booking = facts(one_clinic, kind, on).appointment
    assert booking is not None
    assert booking.on is None
    assert (booking.opens, booking.closes) == (None, None)
    assert reports.render(kind, facts(one_clinic, kind, on)).pdf.startswith(b"%PDF")
