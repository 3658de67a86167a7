"""The analyte tables: all analytes of the case format, valid LOINC codes, names that mean one thing."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import clinical.protocol
from clinical import analytes
from clinical.protocol import ProtocolError, Table, load_protocol
from clinical.protocol.analytes import parse_analytes

PROTOCOL = load_protocol()
FOLLOWED = [
    "haemoglobin",
    "ferritin",
    "transferrin-saturation",
    "iron",
    "tibc",
    "uibc",
    "transferrin",
    "crp",
    "phosphate",
    "vitamin-b12",
    "folate",
    "creatinine",
    "egfr",
    "mcv",
    "mch",
    "rdw",
    "rbc",
    "haematocrit",
    "reticulocytes",
    "reticulocyte-haemoglobin",
    "platelets",
    "wbc",
    "neutrophils",
    "stfr",
    "hepcidin",
    "alt",
    "calcium",
    "vitamin-d",
    "pth",
    "magnesium",
    "ldh",
    "bilirubin",
    "fit",
]


def test_exactly_the_analytes_of_the_case_format() -> None:
    assert set(analytes.names(PROTOCOL)) == set(FOLLOWED)


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [
        ("haemoglobin", "g/L"),
        ("ferritin", "ug/L"),
        ("transferrin-saturation", "%"),
        ("crp", "mg/L"),
        ("phosphate", "mmol/L"),
        ("calcium", "mmol/L"),
        ("magnesium", "mmol/L"),
        ("vitamin-b12", "pmol/L"),
        ("folate", "nmol/L"),
        ("creatinine", "umol/L"),
        ("iron", "umol/L"),
        ("bilirubin", "umol/L"),
    ],
)
def test_canonical_units(analyte: str, unit: str) -> None:
    assert analytes.canonical_unit(analyte, PROTOCOL) == unit


def check_digit(number: str) -> int:
    """The Mod-10 check digit of a LOINC code."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return (10 - total % 10) % 10


def test_every_loinc_code_has_its_check_digit() -> None:
    assert check_digit("718") == 7
    assert check_digit("14866") != 4  # a code seen in the wild that does not exist
    for code in PROTOCOL.analytes.by_loinc:
        number, digit = code.split("-")
        assert check_digit(number) == int(digit), code


@pytest.mark.parametrize(
    ("code", "analyte"),
    [
        ("718-7", "haemoglobin"),
        ("2276-4", "ferritin"),
        ("2502-3", "transferrin-saturation"),
        ("2498-4", "iron"),
        ("2500-7", "tibc"),
        ("2501-5", "uibc"),
        ("3034-6", "transferrin"),
        ("1988-5", "crp"),
        ("14879-1", "phosphate"),
        ("2777-1", "phosphate"),
        ("2132-9", "vitamin-b12"),
        ("2284-8", "folate"),
        ("98979-8", "egfr"),
        ("17849-1", "reticulocytes"),
        ("71694-4", "reticulocyte-haemoglobin"),
        ("2601-3", "magnesium"),
        (" 2160-0 ", "creatinine"),
    ],
)
def test_loinc_codes_lead_to_their_analyte(code: str, analyte: str) -> None:
    assert analytes.by_loinc(code, PROTOCOL) == analyte


@pytest.mark.parametrize(
    "code",
    [
        "86914-9",  # a ferritin goal, not a ferritin
        "5905-5",  # monocytes, called reticulocytes in one public list
        "2282-2",  # folate in red cells
        "14866-4",  # does not exist
        "",
    ],
)
def test_codes_that_mean_something_else_are_not_followed(code: str) -> None:
    assert analytes.by_loinc(code, PROTOCOL) is None


@pytest.mark.parametrize(
    ("text", "analyte"),
    [
        ("Hemoglobin", "haemoglobin"),
        ("HÄMOGLOBIN", "haemoglobin"),
        ("  Hgb ", "haemoglobin"),
        ("Transferrin Saturation", "transferrin-saturation"),
        ("TSAT", "transferrin-saturation"),
        ("Iron", "iron"),
        ("Iron Saturation", "transferrin-saturation"),
        ("C-Reactive Protein", "crp"),
        ("Vitamin B-12", "vitamin-b12"),
        ("25-OH Vitamin D", "vitamin-d"),
        ("Ret-He", "reticulocyte-haemoglobin"),
        ("reticulocytes", "reticulocytes"),
        ("egfr", "egfr"),
    ],
)
def test_laboratory_names_are_found(text: str, analyte: str) -> None:
    assert analytes.by_spelling(text, PROTOCOL) == analyte


@pytest.mark.parametrize(
    "text", ["", "sodium", "haemoglobin a1c", "alkaline phosphatase", "transferrin index"]
)
def test_other_names_are_not_taken_for_ours(text: str) -> None:
    assert analytes.by_spelling(text, PROTOCOL) is None


def raw() -> dict[str, Any]:
    file = Path(clinical.protocol.__file__).with_name("analytes.toml")
    return copy.deepcopy(tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)["analytes"])


def haemoglobin(values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = values["measured"]["haemoglobin"]
    return found


def claim_twice(values: dict[str, Any]) -> None:
    haemoglobin(values)["loinc"].append("2276-4")


def name_twice(values: dict[str, Any]) -> None:
    haemoglobin(values)["names"].append("ferritin")


def no_source(values: dict[str, Any]) -> None:
    del haemoglobin(values)["units"][1]["source"]


def factor_of_nought(values: dict[str, Any]) -> None:
    haemoglobin(values)["units"][1]["times"] = 0


def limits_crossed(values: dict[str, Any]) -> None:
    haemoglobin(values)["plausible"]["soft"] = [10, 190]


def other_first_unit(values: dict[str, Any]) -> None:
    haemoglobin(values)["units"].reverse()


def unknown_key(values: dict[str, Any]) -> None:
    haemoglobin(values)["colour"] = "red"


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (claim_twice, "loinc"),
        (name_twice, "names"),
        (no_source, "source"),
        (factor_of_nought, "times"),
        (limits_crossed, "soft"),
        (other_first_unit, "units"),
        (unknown_key, "colour"),
    ],
)
def test_a_spoilt_table_is_refused_by_name(spoil: Callable[[dict[str, Any]], None], place: str) -> None:
    values = raw()
    parse_analytes(Table(values, "analytes.toml", "analytes"))
    spoil(values)
    with pytest.raises(ProtocolError, match=rf"analytes\.toml: analytes\.measured\.\S*{place}"):
        parse_analytes(Table(values, "analytes.toml", "analytes"))
