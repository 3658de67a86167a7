"""Values as the rules use them: bounds, doubts, one value per day, saturation."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from clinical.facts import Facts, LabResult, Patient
from clinical.protocol import load_protocol
from clinical.readings import Reading, Readings, read_results
from clinical.two_units import b12_limit, phosphate_below, phosphate_limit

PROTOCOL = load_protocol()
DAY = date(2026, 3, 2)


def result(analyte: str, value: str, unit: str, day: int = 0) -> LabResult:
    comparator = value[0] if value[0] in "<>" else None
    return LabResult(DAY + timedelta(days=day), analyte, Decimal(value.lstrip("<>")), unit, comparator)


def read(*results: LabResult, born: date | None = None) -> Readings:
    facts = Facts(DAY + timedelta(days=10), Patient(birth_date=born), results=results)
    return read_results(facts, PROTOCOL)


def reading(value: str, analyte: str = "ferritin") -> Reading:
    comparator = value[0] if value[0] in "<>" else None
    return Reading(analyte, DAY, Decimal(value.lstrip("<>")), "ug/L", comparator)


@pytest.mark.parametrize(
    ("value", "below", "at_least", "above", "at_most"),
    [
        ("29", True, False, False, True),
        ("30", False, True, False, True),
        ("31", False, True, True, False),
        ("<30", True, False, False, True),
        ("<29", True, False, False, True),
        ("<31", None, None, None, None),
        (">30", False, True, True, False),
        (">31", False, True, True, False),
        (">29", None, None, None, None),
    ],
)
def test_bounds_answer_yes_no_or_unknown(
    value: str, below: bool | None, at_least: bool | None, above: bool | None, at_most: bool | None
) -> None:
    one, limit = reading(value), Decimal(30)
    assert one.below(limit) is below
    assert one.at_least(limit) is at_least
    assert one.above(limit) is above
    assert [one.meets(test, limit) for test in ("<", ">=", ">", "<=")] == [below, at_least, above, at_most]


def test_values_are_converted_and_what_was_written_is_kept() -> None:
    hb = read(result("haemoglobin", "9.99", "g/dL")).newest("haemoglobin")
    assert hb is not None
    assert (hb.value, hb.unit, hb.reported, hb.reported_unit) == (
        Decimal("99.90"),
        "g/L",
        Decimal("9.99"),
        "g/dL",
    )


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (result("haemoglobin", "88", "stone"), "unknown-unit"),
        (result("haemoglobin", "251", "g/L"), "implausible"),
        (result("haemoglobin", "14", "g/L"), "implausible"),
        (result("haemoglobin", "88", "g/L", 11), "collected-after-assessment"),
        (result("haemoglobin", "88", "g/L", -40), "collected-before-birth"),
    ],
)
def test_what_is_not_believed_is_set_aside(one: LabResult, why: str) -> None:
    found = read(one, born=DAY - timedelta(days=30))
    assert [doubt.why for doubt in found.doubts] == [why]
    assert found.newest("haemoglobin") is None


@pytest.mark.parametrize(
    ("value", "doubts"), [("39", ["confirm"]), ("40", []), ("190", []), ("191", ["confirm"])]
)
def test_unlikely_values_are_used_and_asked_about(value: str, doubts: list[str]) -> None:
    found = read(result("haemoglobin", value, "g/L"))
    assert [doubt.why for doubt in found.doubts] == doubts
    assert found.newest("haemoglobin") is not None


@pytest.mark.parametrize(
    ("values", "usable"),
    [
        (("100 g/L", "104 g/L"), "100"),
        (("100 g/L", "105 g/L"), None),
        (("100 g/L", "10.0 g/dL"), "100"),
    ],
)
def test_two_haemoglobins_of_one_day(values: tuple[str, str], usable: str | None) -> None:
    results = [result("haemoglobin", *value.split(" ")) for value in values]
    for ordered in (results, results[::-1]):
        (day,) = read(*ordered).of("haemoglobin")
        assert day.dangerous.value == 100
        assert (None if day.usable is None else day.usable.value) == (
            None if usable is None else Decimal(usable)
        )


@pytest.mark.parametrize(("second", "usable"), [("110", True), ("111", False)])
def test_two_ferritins_of_one_day_the_higher_is_the_dangerous_one(second: str, usable: bool) -> None:
    (day,) = read(result("ferritin", "100", "ug/L"), result("ferritin", second, "ug/L")).of("ferritin")
    assert day.dangerous.value == Decimal(second)
    assert (day.usable is not None) is usable


def saturation(*results: LabResult) -> tuple[Decimal | None, Decimal | None, int]:
    found = read(*results)
    days = found.of("transferrin-saturation")
    if not days:
        return None, None, len(found.tsat_conflicts)
    usable = days[0].usable
    return days[0].dangerous.value, None if usable is None else usable.value, len(found.tsat_conflicts)


def test_saturation_measured_wins_over_computed() -> None:
    iron = (result("iron", "10", "umol/L"), result("tibc", "50", "umol/L"))
    assert saturation(result("transferrin-saturation", "24", "%"), *iron) == (24, 24, 0)


def test_saturation_conflict_counts_only_across_a_limit() -> None:
    iron = (result("iron", "9", "umol/L"), result("tibc", "50", "umol/L"))
    assert saturation(result("transferrin-saturation", "24", "%"), *iron) == (24, None, 1)
    near = (result("iron", "9.5", "umol/L"), result("tibc", "50", "umol/L"))
    assert saturation(result("transferrin-saturation", "24", "%"), *near) == (24, 24, 0)
    same_side = (result("iron", "15.2", "umol/L"), result("tibc", "50", "umol/L"))
    assert saturation(result("transferrin-saturation", "38", "%"), *same_side) == (38, 38, 0)


def test_saturation_is_computed_from_tibc_then_uibc_then_transferrin() -> None:
    iron, tibc = result("iron", "10", "umol/L"), result("tibc", "40", "umol/L")
    uibc, transferrin = result("uibc", "40", "umol/L"), result("transferrin", "2.8", "g/L")
    assert saturation(iron, tibc, uibc, transferrin)[1] == 25
    assert saturation(iron, uibc, transferrin)[1] == 20
    computed = saturation(iron, transferrin)[1]
    assert computed is not None
    assert round(computed, 1) == Decimal("14.2")
    assert saturation(iron, result("tibc", "40", "umol/L", 1)) == (None, None, 0)


def test_saturation_over_100_is_unknown() -> None:
    assert saturation(result("transferrin-saturation", "105", "%")) == (None, None, 0)


def test_latest_and_nearest() -> None:
    found = read(*(result("crp", str(day + 20), "mg/L", day) for day in (-9, -3, 3, 9)))
    latest = found.latest("crp", DAY - timedelta(days=5), DAY)
    assert latest is not None
    assert latest.value == 17
    near = found.nearest("crp", DAY, 5)
    assert near is not None
    assert near.value == 23, "of two equally near the later"
    assert found.nearest("crp", DAY, 2) is None


@pytest.mark.parametrize(
    ("value", "unit", "grades"),
    [
        ("0.80", "mmol/L", [False, False, False]),
        ("0.799", "mmol/L", [True, False, False]),
        ("0.65", "mmol/L", [True, False, False]),
        ("0.649", "mmol/L", [True, True, False]),
        ("0.32", "mmol/L", [True, True, False]),
        ("0.319", "mmol/L", [True, True, True]),
        ("2.5", "mg/dL", [False, False, False]),
        ("2.49", "mg/dL", [True, False, False]),
        ("2.0", "mg/dL", [True, False, False]),
        ("1.99", "mg/dL", [True, True, False]),
        ("1.0", "mg/dL", [True, True, False]),
        ("0.99", "mg/dL", [True, True, True]),
    ],
)
def test_phosphate_is_graded_in_the_unit_reported(value: str, unit: str, grades: list[bool]) -> None:
    phosphate = read(result("phosphate", value, unit)).newest("phosphate")
    assert [phosphate_below(phosphate, grade, PROTOCOL) for grade in ("mild", "moderate", "severe")] == grades


def test_the_limit_shown_is_converted_from_the_unit_reported() -> None:
    phosphate = read(result("phosphate", "2.49", "mg/dL")).newest("phosphate")
    assert phosphate is not None
    limit = phosphate_limit(phosphate, "mild", PROTOCOL)
    assert phosphate.value < limit.shown
    assert round(limit.shown, 3) == Decimal("0.807")


@pytest.mark.parametrize(
    ("value", "unit", "low"), [("200", "pg/mL", False), ("199", "pg/mL", True), ("147", "pmol/L", True)]
)
def test_b12_in_the_unit_reported(value: str, unit: str, low: bool) -> None:
    b12 = read(result("vitamin-b12", value, unit)).newest("vitamin-b12")
    assert b12 is not None
    assert b12_limit(b12, PROTOCOL).below is low
