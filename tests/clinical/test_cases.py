"""Cases as JSON: exact numbers, round trips, and errors that name the place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from case_tables import read_tables

from clinical.assessment import assess
from clinical.cases import (
    CaseError,
    assessment_from_json,
    assessment_to_json,
    dumps,
    facts_from_json,
    facts_to_json,
    loads,
    plain,
)
from clinical.protocol import load_protocol

WHOLE = {
    "case": "all keys",
    "as_of": "2026-03-02",
    "patient": {
        "sex": "female",
        "birth_date": "1984-05-01",
        "weight_kg": Decimal("68.5"),
        "height_cm": Decimal(165),
        "pregnancy": {"weeks": Decimal(24), "on": "2026-03-02", "pre_pregnancy_weight_kg": Decimal(62)},
        "conditions": ["heavy-menstrual-bleeding", "hypersensitivity:iron-sucrose"],
        "symptoms": ["fatigue"],
    },
    "course": {
        "product": "ferric-carboxymaltose",
        "label": "eu",
        "planned_mg": Decimal(1500),
        "infusions": [{"date": "2026-01-05", "dose_mg": Decimal(1000), "reaction_grade": 0}],
    },
    "previous_courses": [
        {"product": "iron-sucrose", "infusions": [{"date": "2025-03-01", "dose_mg": Decimal(200)}]}
    ],
    "transfusions": [{"date": "2025-12-01", "units": Decimal(1)}],
    "oral_iron": [{"from": "2025-06-01", "to": "2025-09-01", "elemental_mg_per_day": Decimal(100)}],
    "results": [
        {
            "collected": "2025-12-20",
            "analyte": "haemoglobin",
            "comparator": "<",
            "value": Decimal("8.4"),
            "unit": "g/dL",
        }
    ],
}


def with_change(path: str, value: object) -> dict[str, Any]:
    """The whole case with one place changed; `path` in dots, numbers for list places."""
    case = loads(dumps(WHOLE))
    target: Any = case
    *parents, last = path.split(".")
    for step in parents:
        target = target[int(step)] if step.isdigit() else target[step]
    if value is KeyError:
        del target[last]
    else:
        target[last] = value
    assert isinstance(case, dict)
    return case


def test_whole_case_comes_back_as_it_went_in() -> None:
    facts = facts_from_json(WHOLE)
    assert facts_to_json(facts) == WHOLE
    assert facts_from_json(loads(dumps(facts_to_json(facts)))) == facts
    assert facts.results[0].value == Decimal("8.4")


def test_every_table_row_round_trips_and_so_does_its_assessment() -> None:
    protocol = load_protocol()
    for case in read_tables():
        assert facts_from_json(loads(dumps(facts_to_json(case.facts)))) == case.facts
        text = dumps(assessment_to_json(assess(case.facts, protocol)))
        assert dumps(assessment_to_json(assessment_from_json(loads(text)))) == text


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("as_of", KeyError, "as_of: is missing"),
        ("as_of", "2026-02-30", "as_of: 2026-02-30 is not a day"),
        ("as_of", "20260302", "as_of: must be a day"),
        ("as_of", "0001-01-01", "as_of: must lie between"),
        ("as_of", Decimal(5), "as_of: must be a day"),
        ("colour", "red", "colour: is not a known key"),
        ("case", Decimal(5), "case: must be a text"),
        ("patient", [], "patient: must be an object"),
        ("patient.sex", "woman", "patient.sex: 'woman' is not one of: female male unknown"),
        ("patient.wieght_kg", Decimal(60), "patient.wieght_kg: is not a known key"),
        ("patient.weight_kg", "68", "patient.weight_kg: must be a number"),
        ("patient.weight_kg", True, "patient.weight_kg: must be a number"),
        ("patient.weight_kg", Decimal(0), "patient.weight_kg: must be more than 0"),
        ("patient.weight_kg", Decimal("1e40"), "patient.weight_kg: must be a finite number of ordinary size"),
        ("patient.age_years", Decimal("4.5"), "patient.age_years: must be a whole number from 0 to 130"),
        ("patient.conditions", "gi-bleeding", "patient.conditions: must be a list"),
        ("patient.conditions", ["gout"], r"patient.conditions\[0\]: 'gout' is not one of"),
        ("patient.conditions", ["hypersensitivity:rust"], r"patient.conditions\[0\]"),
        ("patient.symptoms", ["hypersensitivity:iron-sucrose"], r"patient.symptoms\[0\]"),
        ("patient.pregnancy.weeks", Decimal(46), "patient.pregnancy.weeks: must be from 0 to 45"),
        ("patient.pregnancy.on", KeyError, "patient.pregnancy.on: is missing"),
        ("course.product", "rust", "course.product: 'rust' is not one of"),
        ("course.product", KeyError, "course.product: is missing"),
        ("course.label", "uk", "course.label: 'uk' is not one of"),
        ("course.infusions.0.dose_mg", KeyError, r"course.infusions\[0\].dose_mg: is missing"),
        ("course.infusions.0.reaction_grade", Decimal(5), r"course.infusions\[0\].reaction_grade"),
        ("transfusions.0.units", Decimal(0), r"transfusions\[0\].units: must be more than 0"),
        ("transfusions.0.units", KeyError, r"transfusions\[0\].units: is missing"),
        ("oral_iron.0.to", "2025-05-01", r"oral_iron\[0\].to: lies before"),
        ("results.0.unit", KeyError, r"results\[0\].unit: is missing: a value always has its unit"),
        ("results.0.value", KeyError, r"results\[0\].value: is missing"),
        ("results.0.analyte", "hemoglobin", r"results\[0\].analyte: 'hemoglobin' is not one of"),
        ("results.0.analyte", KeyError, r"results\[0\].analyte: null is not one of"),
        ("results.0.comparator", "<=", r"results\[0\].comparator: must be < or >"),
        ("results", {}, "results: must be a list"),
    ],
)
def test_mistakes_name_their_place(path: str, value: object, named: str) -> None:
    with pytest.raises(CaseError, match=named):
        facts_from_json(with_change(path, value))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "not valid JSON"),
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": Infinity}', "Infinity is not a number"),
        ('{"a": 1, "a": 2}', "a: stands twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1e999999999999999999999}', "not a number of ordinary size"),
    ],
)
def test_text_that_is_no_case(text: str, named: str) -> None:
    with pytest.raises(CaseError, match=named):
        loads(text)


def test_a_case_must_be_an_object() -> None:
    with pytest.raises(CaseError, match="case: must be an object"):
        facts_from_json([WHOLE])


def test_floats_given_by_a_program_are_read_as_printed() -> None:
    facts = facts_from_json(with_change("patient.weight_kg", 68.1))
    assert facts.patient.weight_kg == Decimal("68.1")


def test_numbers_are_written_plainly() -> None:
    assert [plain(Decimal(text)) for text in ("1467.20", "100", "1E+3", "0E-5", "-0.50", "0")] == [
        "1467.2",
        "100",
        "1000",
        "0",
        "-0.5",
        "0",
    ]
    assert (
        dumps({"a": [Decimal("1.10"), None, True, "ü"], "b": {}}) == '{"a": [1.1, null, true, "ü"], "b": {}}'
    )


@pytest.mark.parametrize(
    ("written", "said"), [("1", "1"), ("1.50", "1.50"), ("null", "null"), ("true", "true"), ('"x"', "'x'")]
)
def test_a_wrong_value_is_shown_as_it_was_written(written: str, said: str) -> None:
    text = f'{{"as_of": "2026-03-02", "patient": {{"sex": "female", "conditions": [{written}]}}}}'
    with pytest.raises(CaseError) as caught:
        facts_from_json(loads(text))
    assert str(caught.value).startswith(f"patient.conditions[0]: {said} is not one of: active-infection")
