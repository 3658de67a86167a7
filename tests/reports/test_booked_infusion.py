"""Once the next infusions are booked, letters tell their day and dose, and no longer that a date will follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from letter_examples import FACTS

import reports
from clinical.outcome import Action
from reports.facts import AppointmentFacts, StepFacts

BOOKED = StepFacts(
    Action.REPEAT_INFUSION, date(2026, 3, 5), "Sister M. Hale", {"dose_mg": Decimal(1300), "booked": True}
)


def words(kind: str, step: StepFacts) -> str:
    return " ".join(reports.render(kind, replace(FACTS, steps=(step,))).text.split())


def test_the_patient_is_told_the_day_that_was_booked() -> None:
    said = words("patient-results", BOOKED)
    assert "Come for your next iron drip on" in said
    assert "5 March 2026" in said
    assert "We will send you the date" not in said


def test_without_a_booking_a_date_follows() -> None:
    said = words("patient-results", replace(BOOKED, detail={"dose_mg": Decimal(1300)}))
    assert "We will send you the date" in said


def test_the_doctor_is_told_the_dose_that_was_booked() -> None:
    said = words("result-and-plan", BOOKED)
    assert "booked, the first visit on 5 March 2026" in said
    assert "1,300 mg" in said


def test_the_letter_of_the_next_infusion_names_every_day_and_the_whole_dose() -> None:
    booked = AppointmentFacts(
        date(2026, 3, 5), place="Riverside", dose_mg=Decimal(1300), further=(date(2026, 3, 12),)
    )
    said = " ".join(reports.render("repeat-infusion", replace(FACTS, appointment=booked)).text.split())
    assert "Come for your iron drip on Thursday 5 March 2026 and Thursday 12 March 2026." in said
    assert "Iron planned: 1,300 mg" in said
