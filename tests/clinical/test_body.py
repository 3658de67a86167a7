"""Age in completed years and months, and the weights that doses are counted on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from clinical import body
from clinical.body import Weight, WeightKind
from clinical.facts import Patient, Pregnancy, Sex
from clinical.protocol import load_protocol

PROTOCOL = load_protocol()
D = Decimal
DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("born", "on", "years", "months"),
    [
        (date(2008, 1, 5), date(2026, 1, 4), 17, 215),
        (date(2008, 1, 5), date(2026, 1, 5), 18, 216),
        (date(2008, 2, 29), date(2026, 2, 28), 17, 215),
        (date(2008, 2, 29), date(2026, 3, 1), 18, 216),
        (date(2025, 9, 5), date(2026, 1, 5), 0, 4),
        (date(2025, 9, 6), date(2026, 1, 5), 0, 3),
    ],
)
def test_age_in_completed_years_and_months(born: date, on: date, years: int, months: int) -> None:
    patient = Patient(birth_date=born)
    assert body.age_years(patient, on) == years
    assert body.age_months(patient, on) == months


def test_a_birth_date_wins_over_a_stated_age() -> None:
    patient = Patient(birth_date=date(2000, 1, 1), age_years=70)
    assert body.age_years(patient, DAY) == 26


def test_a_stated_age_and_no_age() -> None:
    assert body.age_years(Patient(age_years=58), DAY) == 58
    assert body.age_months(Patient(age_years=2), DAY) == 24
    assert body.age_years(Patient(), DAY) is None
    assert body.age_months(Patient(), DAY) is None


def test_body_mass_index() -> None:
    assert body.bmi(D(75), D("158.113883008419")).quantize(D("0.0001")) == 30
    assert round(body.bmi(D(120), D(165)), 1) == D("44.1")


@pytest.mark.parametrize(
    ("weeks", "kg", "kind"),
    [
        ("24", "62", WeightKind.PRE_PREGNANCY),
        ("42", "62", WeightKind.PRE_PREGNANCY),
        ("42.1", "75", WeightKind.ACTUAL),  # the pregnancy is over
        ("-1", "75", WeightKind.ACTUAL),  # it had not begun
    ],
)
def test_the_weight_before_pregnancy_counts_while_it_lasts(weeks: str, kg: str, kind: WeightKind) -> None:
    patient = Patient(sex=Sex.FEMALE, weight_kg=D(75), pregnancy=Pregnancy(D(weeks), DAY, D(62)))
    assert body.label_weight(patient, DAY, PROTOCOL) == Weight(D(kg), kind)


def test_the_weight_before_pregnancy_is_enough_alone() -> None:
    patient = Patient(sex=Sex.FEMALE, pregnancy=Pregnancy(D(24), DAY, D(62)))
    assert body.label_weight(patient, DAY, PROTOCOL) == Weight(D(62), WeightKind.PRE_PREGNANCY)


def test_obese_before_pregnancy_takes_the_ideal_weight() -> None:
    patient = Patient(
        sex=Sex.FEMALE, weight_kg=D(130), height_cm=D(165), pregnancy=Pregnancy(D(24), DAY, D(120))
    )
    found = body.need_weight(patient, DAY, PROTOCOL)
    assert found is not None
    assert found.kind is WeightKind.IDEAL
    assert round(found.kg, 1) == D("56.9")


@pytest.mark.parametrize(("weight", "kind"), [("119.9", WeightKind.ACTUAL), ("120", WeightKind.IDEAL)])
def test_a_body_mass_index_of_exactly_30_is_obese(weight: str, kind: WeightKind) -> None:
    patient = Patient(sex=Sex.MALE, weight_kg=D(weight), height_cm=D(200))
    found = body.need_weight(patient, DAY, PROTOCOL)
    assert found is not None
    assert found.kind is kind


def test_ideal_weight_is_never_above_the_true_one() -> None:
    patient = Patient(sex=Sex.MALE, weight_kg=D("47"), height_cm=D("125"))
    found = body.need_weight(patient, DAY, PROTOCOL)
    assert found is not None
    assert found.kg == D("34.375")
    assert found.kg < 47


def test_lean_weight_of_the_iron_dextran_formula() -> None:
    assert body.lean_weight(Sex.MALE, D(60), D(180), PROTOCOL) == Weight(D(60), WeightKind.ACTUAL)
    heavy = body.lean_weight(Sex.MALE, D(100), D("177.8"), PROTOCOL)
    assert heavy == Weight(D(73), WeightKind.IDEAL)
    assert body.lean_weight(Sex.MALE, D(60), None, PROTOCOL).missing == ("height",)
    assert body.lean_weight(Sex.UNKNOWN, D(90), D(180), PROTOCOL).missing == ("sex",)
