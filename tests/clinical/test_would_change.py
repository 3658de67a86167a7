"""What would change the outcome is computed: each entry, applied to the facts, gives the outcome it names."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from case_tables import Case, read_tables

from clinical.assessment import assess
from clinical.cases import assessment_to_json, dumps
from clinical.facts import Infusion
from clinical.outcome import Outcome
from clinical.protocol import load_protocol
from clinical.would_change import with_would_change, would_change

PROTOCOL = load_protocol()
CASES = {case.name: case for case in read_tables()}
SMALL_DOSE = CASES["03_dose: 500 of 1467 mg, partial response"]


def named(case: Case, what: str) -> list[tuple[str, Decimal, str]]:
    return [
        (str(e["test"]), e["value"], str(e["outcome"]))  # type: ignore[misc]
        for e in would_change(case.facts, PROTOCOL)
        if e["what"] == what
    ]


@pytest.mark.parametrize(
    ("name", "mg", "outcome"),
    [
        # 250.2 mg are unexplained; 250 more would pass the noise of 500 mg and speak of loss.
        (SMALL_DOSE.name, 250, "ongoing-loss"),
        # CRP of 12 silences the balance: 0.80 of 1467.2 mg is 1173.76, one more than was given.
        ("03_dose: 1173 mg is under 0.80", 1, "indeterminate"),
    ],
)
def test_iron_given_elsewhere(name: str, mg: int, outcome: str) -> None:
    facts = CASES[name].facts
    assert named(CASES[name], "given-elsewhere") == [(">=", Decimal(mg), outcome)]
    course = facts.course
    assert course is not None
    for more, same in ((mg, False), (mg - 1, True)):
        added = (Infusion(course.infusions[0].date, Decimal(more)),) if more else ()
        changed = replace(facts, course=replace(course, infusions=(*course.infusions, *added)))
        found = assess(changed, PROTOCOL)
        assert (found.outcome is Outcome.INADEQUATE_DOSE) is same
        assert same or found.outcome.value == outcome


def test_haemoglobin_that_would_be_a_response_and_one_that_would_be_urgent() -> None:
    changes = named(SMALL_DOSE, "haemoglobin")
    assert (">=", Decimal(108), "responded") in changes
    assert ("<", Decimal(70), "urgent") in changes


def test_unknown_values_are_tried_on_both_sides() -> None:
    assert ("<", Decimal(148), "other-cause") in named(SMALL_DOSE, "vitamin-b12")
    assert (">", Decimal(100), "other-cause") in named(SMALL_DOSE, "mcv")


def test_ferritin_at_the_target_would_be_complete() -> None:
    case = CASES["08_phosphate: tired after a product that does not lower phosphate"]
    assert ("<", Decimal(50), "responded") in named(case, "ferritin")


def test_nothing_without_a_valid_follow_up() -> None:
    assert would_change(CASES["01_follow_up: tested on day 10"].facts, PROTOCOL) == ()


def test_every_entry_names_another_outcome() -> None:
    for case in list(CASES.values())[::12]:
        outcome = assess(case.facts, PROTOCOL).outcome.value
        assert all(entry["outcome"] != outcome for entry in would_change(case.facts, PROTOCOL))


@pytest.mark.parametrize("name", [SMALL_DOSE.name])
def test_it_can_be_written_with_the_assessment(name: str) -> None:
    facts = CASES[name].facts
    found = with_would_change(assess(facts, PROTOCOL), facts, PROTOCOL)
    assert '"given-elsewhere"' in dumps(assessment_to_json(found))
