"""From written cases through the rules to letters: every code that comes out has words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import letter_examples as example
import pytest

from clinical.assessment import assess
from clinical.cases import facts_from_json
from clinical.outcome import Assessment
from clinical.protocol import load_protocol
from reports import render
from reports.facts import CourseFacts, InfusionFacts, LetterFacts, ResultRow, StepFacts
from reports.wording import load_wording

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases" / "cases.json"


def _case(as_of: str, results: list[tuple[str, str, float, str]], **patient: Any) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "patient": {"sex": "female", "birth_date": "1984-05-01", "weight_kg": 68, **patient},
        "course": {
            "product": "ferric-carboxymaltose",
            "label": "eu",
            "planned_mg": 1500,
            "infusions": [{"date": "2026-01-05", "dose_mg": 1000}, {"date": "2026-01-12", "dose_mg": 500}],
        },
        "results": [
            dict(zip(("collected", "analyte", "value", "unit"), row, strict=True)) for row in results
        ],
    }


BEFORE = [("2025-12-29", "haemoglobin", 84.0, "g/L"), ("2025-12-29", "ferritin", 5.0, "ug/L")]
OWN: dict[str, dict[str, Any]] = {
    "nothing yet": _case("2026-01-20", BEFORE),
    "too early": _case("2026-01-29", [*BEFORE, ("2026-01-28", "haemoglobin", 91.0, "g/L")]),
    "good": _case(
        "2026-02-18",
        [
            *BEFORE,
            ("2026-02-17", "haemoglobin", 127.0, "g/L"),
            ("2026-02-17", "ferritin", 160.0, "ug/L"),
            ("2026-02-17", "transferrin-saturation", 28.0, "%"),
        ],
    ),
    "low phosphate": _case(
        "2026-02-18",
        [
            *BEFORE,
            ("2026-02-17", "haemoglobin", 127.0, "g/L"),
            ("2026-02-17", "ferritin", 160.0, "ug/L"),
            ("2026-02-17", "phosphate", 0.5, "mmol/L"),
        ],
        symptoms=["fatigue"],
    ),
    "inflamed": _case(
        "2026-02-18",
        [
            *BEFORE,
            ("2026-02-17", "haemoglobin", 88.0, "g/L"),
            ("2026-02-17", "ferritin", 420.0, "ug/L"),
            ("2026-02-17", "transferrin-saturation", 11.0, "%"),
            ("2026-02-17", "crp", 40.0, "mg/L"),
        ],
        conditions=["ibd-active"],
    ),
    "very low": _case("2026-02-18", [*BEFORE, ("2026-02-17", "haemoglobin", 62.0, "g/L")]),
    "impossible": _case("2026-02-18", [*BEFORE, ("2026-02-17", "haemoglobin", 900.0, "g/L")]),
}


def facts_of(case: dict[str, Any]) -> LetterFacts:
    """Letter facts of a written case, the proposed steps taken as decided."""
    facts = facts_from_json(case)
    assessment = assess(facts, load_protocol())
    course = facts.course
    return replace(
        example.FACTS,
        assessment=assessment,
        steps=tuple(StepFacts(step.action, step.due, "", step.detail) for step in assessment.next_steps),
        results=tuple(
            ResultRow(row.collected, row.analyte, row.value, row.unit, row.comparator or "")
            for row in facts.results
        ),
        course=None
        if course is None
        else CourseFacts(
            course.product,
            course.label,
            planned_mg=course.planned_mg,
            infusions=tuple(InfusionFacts(given.date, given.dose_mg) for given in course.infusions),
        ),
    )


def codes_without_words(assessment: Assessment) -> list[str]:
    """Codes of an assessment that the letters would have to spell out as codes."""
    wording = load_wording("en", "referral")
    wanted = [(f"finding.{finding.code}",) for finding in assessment.findings]
    for finding in assessment.findings:
        for because in finding.because:
            wanted.append((f"name.{because.what}", f"quantity.{because.what}"))
            if because.test:
                wanted.append((f"test.{because.test}",))
    wanted += [(f"name.{code}", f"missing.{code}") for code in assessment.missing]
    return [keys[-1] for keys in wanted if not any(map(wording.has, keys))]


@pytest.mark.parametrize("name", OWN)
def test_letters_from_the_rules(name: str) -> None:
    facts = facts_of(OWN[name])
    assert facts.assessment is not None
    assert codes_without_words(facts.assessment) == []
    assert render("patient-results", facts).pages <= 2
    assert render("result-and-plan", replace(facts, recipient=example.TO_GP)).pages <= 3


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared example cases are not beside this repository")
def test_every_shared_case_has_words_and_letters() -> None:
    for case in json.loads(SHARED.read_text(encoding="utf-8")):
        facts = facts_of(case)
        assert facts.assessment is not None
        assert codes_without_words(facts.assessment) == [], case["case"]
        for kind in ("patient-results", "result-and-plan"):
            assert render(kind, facts).pages <= 3, case["case"]
