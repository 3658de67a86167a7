"""Iron given minus iron found: the published worked example, the factor by day, and what makes it not computable."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from case_tables import read_case, read_tables

from clinical.facts import Facts
from clinical.iron_balance import ferritin_factor
from clinical.outcome import IronBalance
from clinical.protocol import load_protocol
from clinical.situation import observe

PROTOCOL = load_protocol()

BASE = {
    "as_of": 60,
    "patient": {"sex": "female", "age_years": 44, "weight_kg": 65, "height_cm": 166},
    "course": {"product": "ferric-derisomaltose", "label": "eu", "given": [[0, 1500]]},
    "labs": {
        "-7": "haemoglobin 88 g/L; ferritin 6 ug/L; crp 2 mg/L",
        "56": "haemoglobin 122 g/L; ferritin 140 ug/L; crp 2 mg/L",
    },
}


def facts(**row: object) -> Facts:
    return read_case(BASE, {"name": "balance", "expect": {}, **row}, "test").facts


def balance(**row: object) -> IronBalance:
    found = observe(facts(**row), PROTOCOL).balance
    assert found is not None
    return found


def test_worked_example_of_week_eight() -> None:
    found = balance()
    assert found.in_haemoglobin_mg == Decimal("530.40")
    assert found.in_stores_mg == Decimal("629.8")
    assert found.unexplained_mg == Decimal("339.80")
    assert found.ferritin_factor == Decimal("4.7")
    assert found.loss_mg_per_month is not None
    assert round(found.loss_mg_per_month) == 185


@pytest.mark.parametrize(
    ("day", "factor"), [(28, "4.7"), (84, "4.7"), (85, "6.4"), (119, "6.4"), (120, "8.0")]
)
def test_factor_by_day(day: int, factor: str) -> None:
    assert ferritin_factor(day, PROTOCOL) == Decimal(factor)


def test_blood_counts_as_iron_given() -> None:
    assert balance(transfusions=[[1, 2]]).unexplained_mg == Decimal("339.80") + 450


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"labs": {"56": "crp 10 mg/L"}}, "inflammation"),
        ({"labs": {"56": "crp 9.9 mg/L"}}, None),
        ({"labs": {"56": "egfr 29 mL/min/{1.73_m2}"}}, "kidney-disease"),
        ({"labs": {"56": "egfr 30 mL/min/{1.73_m2}"}}, None),
        ({"labs": {"56": "ferritin 501 ug/L"}}, "ferritin-too-high"),
        ({"labs": {"56": "ferritin 500 ug/L"}}, None),
        ({"labs": {"56": "ferritin -"}}, "ferritin-unknown"),
        ({"labs": {"-7": "ferritin -"}}, "baseline-ferritin-unknown"),
        ({"labs": {"-7": "haemoglobin -"}}, "haemoglobin-unknown"),
        ({"labs": {"-7": "ferritin <15 ug/L"}}, None),
        ({"labs": {"-7": "ferritin <16 ug/L"}}, "ferritin-only-a-bound"),
        ({"labs": {"56": "ferritin >100 ug/L"}}, "ferritin-only-a-bound"),
        ({"patient": {"weight_kg": "unknown"}}, "weight-unknown"),
        ({"patient": {"conditions": ["ckd-haemodialysis"]}}, "dialysis"),
        ({"patient": {"conditions": ["chronic-liver-disease"]}}, "liver-disease"),
        ({"patient": {"pregnancy": {"weeks": 4, "day": 56}}}, "pregnancy"),
        ({"patient": {"pregnancy": {"weeks": 44, "day": 0}}}, None),
    ],
)
def test_what_makes_it_not_computable(row: dict[str, object], reason: str | None) -> None:
    found = balance(**row)
    assert found.not_computable == reason
    assert (found.unexplained_mg is None) is (reason is not None)


def test_a_bound_up_to_15_counts_as_its_number() -> None:
    assert balance(labs={"-7": "ferritin <6 ug/L"}).in_stores_mg == balance().in_stores_mg


def test_no_balance_before_a_valid_follow_up() -> None:
    assert observe(facts(labs={"56": "haemoglobin -"}), PROTOCOL).balance is None


def test_balance_uses_the_weight_of_the_need() -> None:
    heavy = facts(patient={"weight_kg": 120, "height_cm": 165})
    s = observe(heavy, PROTOCOL)
    assert s.dose.needs.weight is not None
    assert s.balance is not None
    assert s.balance.in_haemoglobin_mg == Decimal("0.24") * s.dose.needs.weight.kg * 34
    assert s.dose.needs.weight.kg < 60


def test_shown_balance_adds_up_in_every_table_row() -> None:
    for case in read_tables():
        found = observe(replace(case.facts), PROTOCOL).balance
        if found is None or found.unexplained_mg is None:
            continue
        assert found.in_haemoglobin_mg is not None
        assert found.in_stores_mg is not None
        rest = found.given_mg - found.in_haemoglobin_mg - found.in_stores_mg
        assert (found.unexplained_mg - rest) % 225 == 0
