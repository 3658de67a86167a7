"""Thirty filled cases of every letter to patients, drawn with a fixed seed: plain in three languages."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import letter_examples as example
import pytest
from test_readability import ALSO, JARGON, JARGON_OF, STEPS_OF, running_text

from clinical.facts import Product, Sex
from clinical.outcome import Action, Urgency
from reports.facts import AppointmentFacts, CourseFacts, InfusionFacts, LetterFacts, ResultRow, StepFacts
from reports.letters import compose
from reports.readability import measure

CASES = 30
KINDS = (
    "patient-results", "patient-appointment", "reminder-1", "reminder-2", "not-reached", "phosphate-check",
    "discharge", "repeat-infusion",
)  # fmt: skip
PLACES = (
    "Blood test room, Riverside Hospital, ground floor", "Day unit", "Quay Street Surgery, first floor, room 4",
    "Ward 7, Alderport General Hospital, level 2, blue lift",
)  # fmt: skip
CLINICS = ("Riverside Iron Clinic", "Iron Day Unit", "Alderport and Quayside Community Infusion Service")
TESTS = (
    ("haemoglobin", "g/L", 70, 150, "120"), ("ferritin", "ug/L", 4, 900, "50"),
    ("transferrin-saturation", "%", 3, 45, "20"), ("crp", "mg/L", 1, 80, None), ("phosphate", "mmol/L", 0, 2, "0.80"),
)  # fmt: skip


def _results(chance: random.Random) -> tuple[ResultRow, ...]:
    rows = []
    for day in (example.BEFORE, example.AFTER):
        for analyte, unit, low, high, wanted in chance.sample(TESTS, chance.randint(1, len(TESTS))):
            value = Decimal(chance.randint(low * 10, high * 10)) / 10
            flag = "" if wanted is None else "low" if value < Decimal(wanted) else "in-target"
            rows.append(example.result(day, analyte, str(value), unit, wanted, flag))
    return tuple(rows)


def _course(chance: random.Random) -> CourseFacts:
    first = example.BEFORE + timedelta(days=chance.randint(3, 10))
    given = tuple(
        InfusionFacts(first + timedelta(weeks=week), Decimal(chance.choice((100, 200, 500, 1000))), "", 0)
        for week in range(chance.randint(1, 4))
    )
    return replace(example.COURSE, product=chance.choice(list(Product)), infusions=given)


def _appointment(chance: random.Random) -> AppointmentFacts:
    day = example.FACTS.made_on + timedelta(days=chance.randint(1, 40))
    return replace(
        example.APPOINTMENT,
        on=chance.choice((day, day, None)),
        time=chance.choice(("", "08:05", "14:30")),
        place=chance.choice(PLACES),
        opens=day - timedelta(days=3),
        closes=day + timedelta(days=11),
        tests=tuple(chance.sample(example.APPOINTMENT.tests, chance.randint(1, 5))),
    )


def filled(kind: str) -> list[LetterFacts]:
    """Thirty cases of a letter; the same each time."""
    chance, found = random.Random(kind), []
    for _ in range(CASES):
        outcome = chance.choice(list(STEPS_OF))
        actions = [STEPS_OF[outcome], *chance.sample(list(Action), chance.randint(0, 2))]
        if kind == "phosphate-check":
            actions.append(Action.MEASURE_PHOSPHATE)
        due = example.FACTS.made_on + timedelta(days=chance.randint(-3, 40))
        steps = tuple(StepFacts(one, due, "", {"to": "gynaecology"}) for one in dict.fromkeys(actions))
        assessment = replace(
            example.assessed(outcome, chance.choice(list(Urgency))),
            contributing=tuple(chance.sample([one for one in ALSO if one != outcome], chance.randint(0, 2))),
        )
        found.append(
            replace(
                example.FACTS,
                clinic=replace(
                    example.CLINIC,
                    name=chance.choice(CLINICS),
                    phone=chance.choice(("01632 960 117", "+44 1632 960 118")),
                ),
                patient=replace(
                    example.PATIENT,
                    sex=chance.choice((Sex.FEMALE, Sex.MALE)),
                    pregnancy_weeks=chance.choice((None, None, 22)),
                ),
                course=_course(chance),
                results=_results(chance),
                assessment=assessment,
                steps=steps,
                appointment=_appointment(chance),
            )
        )
    return found


@pytest.mark.parametrize("language", ["en", *JARGON_OF])
@pytest.mark.parametrize("kind", KINDS)
def test_thirty_letters_of_each_kind_are_plain(kind: str, language: str) -> None:
    jargon = JARGON_OF.get(language, JARGON)
    texts = set()
    for number, facts in enumerate(filled(kind)):
        lines = running_text(
            compose(kind, replace(facts, recipient=replace(facts.recipient, language=language)))
        )
        score, text = measure(lines, language), " ".join(lines)
        assert score.grade is None or score.grade <= 6, (number, score)
        assert score.ease >= 70, (number, score)
        assert score.average <= 20, (number, score)
        assert score.longest <= 30, (number, score)
        assert jargon.findall(text) == [], number
        assert "(" not in text, number
        texts.add(text)
    # what is written to somebody who is not reached hardly depends on anything
    assert len(texts) > (1 if kind == "not-reached" else CASES // 3), "the cases are too much alike"
