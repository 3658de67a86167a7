"""A clinic that reads g/dL or mg/dL sees every figure so; what is stored and compared stays canonical."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from clinical.body import WeightKind
from clinical.protocol import Protocol, load_protocol
from desktop.language import speak
from desktop.wording import clinic_units
from desktop.wording.clinic_units import in_clinic_unit, limit_words, measured, shown_unit, working_words
from desktop.wording.work import why_words


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    """The protocol in force."""
    return load_protocol()


@pytest.fixture
def american(protocol: Protocol) -> Iterator[None]:
    """A clinic that reads g/dL and mg/dL."""
    clinic_units.use("g/dL", "mg/dL", protocol)
    yield
    clinic_units.use("g/L", "mmol/L", protocol)


@pytest.mark.parametrize(
    ("what", "value", "unit", "said"),
    [
        ("haemoglobin", "88", "g/L", "8.8 g/dL"),
        ("haemoglobin", "130", "g/L", "13.0 g/dL"),
        ("haemoglobin", "99.9", "g/L", "9.99 g/dL"),
        ("haemoglobin-best", "121", "g/L", "12.1 g/dL"),
        ("baseline-haemoglobin", "70", "g/L", "7.0 g/dL"),
        ("phosphate", "0.646", "mmol/L", "2.0 mg/dL"),
        ("phosphate", "0.79", "mmol/L", "2.45 mg/dL"),
        ("albumin", "38", "g/L", "38 g/L"),
        ("reticulocyte-haemoglobin", "28", "pg", "28 pg"),
        ("ferritin", "12", "ug/L", "12 µg/L"),
        ("haemoglobin", "8.8", "g/dL", "8.8 g/dL"),
    ],
)
def test_figures_in_the_clinics_units(american: None, what: str, value: str, unit: str, said: str) -> None:
    assert measured(what, Decimal(value), unit) == said


def test_cut_offs_and_comparators_follow(american: None) -> None:
    assert limit_words("haemoglobin", Decimal(120), "g/L") == "12.0 g/dL"
    assert measured("haemoglobin", Decimal(40), "g/L", "<") == "< 4.0 g/dL"
    assert shown_unit("phosphate", "mmol/L") == "mg/dL"


def test_half_a_sentence_why(american: None) -> None:
    why = {"code": "urgent", "analyte": "haemoglobin", "value": "66", "unit": "g/L"}
    assert why_words(why) == "haemoglobin 6.6 g/dL"


def test_the_working_of_a_dose(american: None) -> None:
    said = working_words("65 kg × (150 − 88 g/L) × 0.24 + 500 mg")
    assert said == "65 kg × (15.0 − 8.8 g/dL) × 2.4 + 500 mg"
    assert working_words("88 g/L, 65 kg: 1000 + 500 mg") == "8.8 g/dL, 65 kg: 1000 + 500 mg"


def test_the_working_is_written_by_locale_and_names_a_weight_that_is_not_the_true_one(american: None) -> None:
    formula = "50.5 kg × (150 − 88 g/L) × 0.24 + 500 mg"
    assert working_words(f"{formula} (ideal)").endswith("+ 500 mg (ideal weight)")
    speak("es")
    try:
        said = working_words(f"{formula} (pre-pregnancy)")
    finally:
        speak("en")
    assert said == "50,5 kg × (15,0 − 8,8 g/dL) × 2,4 + 500 mg (peso antes del embarazo)"


def test_every_weight_that_is_not_the_true_one_has_words() -> None:
    assert set(clinic_units._WEIGHTS) == {kind.value for kind in WeightKind if kind is not WeightKind.ACTUAL}


def test_elsewhere_nothing_is_turned(protocol: Protocol) -> None:
    clinic_units.use("g/L", "mmol/L", protocol)
    assert in_clinic_unit("haemoglobin", Decimal(88), "g/L") == (Decimal(88), "g/L")
    assert measured("phosphate", Decimal("0.80"), "mmol/L") == "0.80 mmol/L"
