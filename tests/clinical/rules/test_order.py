"""The order of the rules, and how a figure is put in writing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from case_tables import read_case

from clinical.assessment import assess
from clinical.outcome import Outcome, Urgency
from clinical.protocol import load_protocol
from clinical.readings import Reading
from clinical.rules.evidence import change_of, fact, figure, hit, short, shown

PROTOCOL = load_protocol()
DAY = date(2026, 3, 2)

BASE = {
    "as_of": 38,
    "patient": {"sex": "female", "age_years": 44, "weight_kg": 65, "height_cm": 166},
    "course": {"product": "ferric-carboxymaltose", "label": "eu", "planned_mg": 500, "given": [[0, 500]]},
    "labs": {
        "-7": "haemoglobin 88 g/L; ferritin 6 ug/L; transferrin-saturation 7 %; crp 2 mg/L",
        "36": "haemoglobin 66 g/L; ferritin 900 ug/L; transferrin-saturation 12 %; crp 2 mg/L; mcv 106 fL; "
        "neutrophils 1.4 10*9/L; phosphate 0.6 mmol/L",
    },
}

STAIRS = [
    ({}, Outcome.URGENT),
    ({"36": "haemoglobin 84 g/L; haemoglobin 90 g/L"}, Outcome.DATA_INVALID),
    ({"36": "haemoglobin 84 g/L"}, Outcome.SAFETY_STOP),
    ({"36": "haemoglobin 84 g/L; ferritin 90 ug/L"}, Outcome.OTHER_CAUSE),
    ({"36": "haemoglobin 127 g/L; ferritin 90 ug/L; neutrophils -"}, Outcome.HYPOPHOSPHATAEMIA),
    ({"36": "haemoglobin 127 g/L; ferritin 90 ug/L; neutrophils -; phosphate -"}, Outcome.RESPONDED),
    ({"36": "haemoglobin 84 g/L; ferritin 40 ug/L; neutrophils -"}, Outcome.OTHER_CAUSE),
    ({"36": "haemoglobin 84 g/L; ferritin 40 ug/L; neutrophils -; mcv -"}, Outcome.INADEQUATE_DOSE),
]


@pytest.mark.parametrize(("labs", "outcome"), STAIRS, ids=[outcome.value for _, outcome in STAIRS])
def test_step_by_step_down_the_order(labs: dict[str, str], outcome: Outcome) -> None:
    case = read_case(BASE, {"name": "stairs", "expect": {}, "labs": labs}, "test")
    assert assess(case.facts, PROTOCOL).outcome is outcome


def test_contributing_follows_the_order_and_leaves_out_the_outcome() -> None:
    found = assess(read_case(BASE, {"name": "all", "expect": {}}, "test").facts, PROTOCOL)
    assert found.contributing == (
        Outcome.SAFETY_STOP,
        Outcome.OTHER_CAUSE,
        Outcome.INADEQUATE_DOSE,
        Outcome.HYPOPHOSPHATAEMIA,
    )
    assert found.urgency is Urgency.EMERGENCY


def reading(value: str, comparator: str | None = None) -> Reading:
    return Reading("phosphate", DAY, Decimal(value), "mmol/L", comparator)


def test_a_figure_is_shortened_only_while_its_test_stays_true() -> None:
    long = figure(reading("0.80402100"), "<", Decimal("0.807"))
    assert long is not None
    assert long.value == Decimal("0.80")
    near = figure(reading("0.7999999"), "<", Decimal("0.80"))
    assert near is not None
    assert near.value == Decimal("0.7999999")
    assert figure(None) is None


def test_a_bound_is_shown_as_one() -> None:
    bound = figure(reading("5", "<"), "<", Decimal(10))
    assert bound is not None
    assert bound.value == "<5"


def test_change_needs_two_exact_values() -> None:
    up = change_of(reading("1.2"), reading("1.0"))
    assert up is not None
    assert (up.what, up.value) == ("change", Decimal("0.2"))
    assert change_of(reading("1.2"), reading("1.0", "<")) is None
    assert change_of(None, reading("1.0")) is None


def test_short_keeps_what_is_short() -> None:
    assert short(Decimal("66.7"), None, None) == Decimal("66.7")
    assert short(Decimal("0.340785"), "<", Decimal("0.80")) == Decimal("0.34")


def test_a_possible_finding_is_never_the_outcome() -> None:
    (one,) = hit("code", Outcome.FUNCTIONAL, shown(fact("crp", None)), source="test", possible=True)
    assert not one.primary
    assert one.finding.certainty == "possible"
    assert one.finding.urgency is Urgency.SOON
