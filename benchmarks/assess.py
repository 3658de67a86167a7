"""`python -m benchmarks.assess [--json]`: the pure rules alone, a course with 12 results, no database.

Beside it stands what a bare Python function call over the same facts costs, and the rate on this core against the
goal of 10,000 assessments a second.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.measure import Figure, compare
from clinical.assessment import assess
from clinical.facts import Course, Facts, Infusion, Label, LabResult, Patient, Product, Sex
from clinical.protocol import load_protocol

GOAL_A_SECOND = 10_000
DAY_0 = date(2026, 1, 5)
BEFORE = (
    ("haemoglobin", "8.4", "g/dL"),
    ("ferritin", "6", "ug/L"),
    ("transferrin-saturation", "7", "%"),
    ("crp", "2", "mg/L"),
    ("mcv", "71", "fL"),
)
AFTER = (
    ("haemoglobin", "10.1", "g/dL"),
    ("ferritin", "16", "ug/L"),
    ("transferrin-saturation", "11", "%"),
    ("crp", "2", "mg/L"),
    ("mcv", "74", "fL"),
    ("phosphate", "0.9", "mmol/L"),
    ("vitamin-b12", "300", "pmol/L"),
)


def course_with_twelve_results() -> Facts:
    """A woman with heavy periods, tired after 1000 of 1577 mg, seven weeks on."""
    days = [(DAY_0 - timedelta(days=16), row) for row in BEFORE]
    days += [(DAY_0 + timedelta(days=51), row) for row in AFTER]
    return Facts(
        as_of=DAY_0 + timedelta(days=56),
        patient=Patient(
            sex=Sex.FEMALE,
            birth_date=date(1984, 5, 1),
            weight_kg=Decimal(68),
            height_cm=Decimal(165),
            conditions=frozenset({"heavy-menstrual-bleeding"}),
            symptoms=frozenset({"fatigue"}),
        ),
        course=Course(
            Product.FERRIC_CARBOXYMALTOSE, Label.EU, Decimal(1500), (Infusion(DAY_0, Decimal(1000), 0),)
        ),
        results=tuple(LabResult(day, analyte, Decimal(v), unit) for day, (analyte, v, unit) in days),
    )


def bare_call(facts: Facts) -> int:
    """What is left when nothing is worked out: one call that touches every result."""
    return sum(1 for result in facts.results if result.analyte)


def pure_rules(many: int = 100) -> Figure:
    """Row 5, the rules alone: milliseconds for `many` assessments beside `many` bare calls."""
    facts, protocol = course_with_twelve_results(), load_protocol()

    def ours() -> None:
        for _ in range(many):
            assess(facts, protocol)

    def floor() -> None:
        for _ in range(many):
            bare_call(facts)

    return compare(5, f"pure rules, {many} assessments of 12 results", ours, floor)


def main() -> int:
    """Print the figure, the rate, and whether the goal is reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.assess", description=__doc__)
    parser.add_argument("--json", action="store_true")
    many = 100
    figure = pure_rules(many)
    rate = round(many / figure.ours * 1000)
    if parser.parse_args().json:
        print(json.dumps({**asdict(figure), "a_second": rate, "goal": GOAL_A_SECOND}, indent=1))
    else:
        print(f"{rate} assessments a second on one core (goal {GOAL_A_SECOND}); median {figure.ours:.1f} ms,")
        print(f"p95 {figure.p95:.1f} ms for {many}; the same number of bare calls: {figure.floor:.2f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
