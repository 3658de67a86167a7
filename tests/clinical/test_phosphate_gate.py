"""The phosphate gate: low, unknown, fresh enough, and exempt, in the unit reported."""

from __future__ import annotations

import pytest
from gate_cases import (
    ASK,
    AU,
    BLOCK,
    FDI,
    IPM,
    IS,
    PASS,
    PROTOCOL,
    D,
    ago,
    facts,
    gates,
    phosphate,
)

from clinical.facts import (
    Course,
    Infusion,
    Product,
)
from clinical.gates import (
    is_low,
)

# Phosphate


@pytest.mark.parametrize(
    ("value", "unit", "comparator", "low"),
    [
        ("0.79", "mmol/L", None, True),
        ("0.80", "mmol/L", None, False),
        ("2.49", "mg/dL", None, True),
        ("2.5", "mg/dL", None, False),
        ("2.49", "MG / DL", None, True),
        ("0.80", "mmol/L", "<", True),
        ("0.81", "mmol/L", "<", None),
        ("0.80", "mmol/L", ">", False),
        ("0.5", "mmol/L", ">", None),
        ("2.5", "", None, None),
        ("2.5", "g/L", None, None),
    ],
)
def test_low_is_judged_in_the_unit_reported(
    value: str, unit: str, comparator: str | None, low: bool | None
) -> None:
    assert is_low(phosphate(value, 1, unit, comparator), PROTOCOL) is low


def test_the_printed_test_is_true_for_a_value_reported_in_milligrams() -> None:
    found = gates(facts(), phosphate=phosphate("2.49", 3, "mg/dL"))["phosphate-low"]
    reason = found.because[0]
    assert (reason.value, reason.test, reason.limit) == (D("0.804021"), "<", D("0.80725"))
    assert (found.state, found.hard) == (BLOCK, True)


@pytest.mark.parametrize("product", [FDI, IS])
def test_products_of_low_risk_do_not_look_at_phosphate(product: Product) -> None:
    known = facts(given=[(30, 1000, None)], symptoms=["fatigue"])
    assert gates(known, product, phosphate=phosphate("0.5"))["phosphate"].state is PASS


def test_a_low_phosphate_blocks_the_first_dose_too() -> None:
    known = facts(product=IPM, label=AU)
    assert gates(known, IPM, AU, phosphate=phosphate("0.79"))["phosphate-low"].state is BLOCK
    assert gates(known, IPM, AU, phosphate=phosphate("0.80"))["phosphate"].state is PASS
    assert gates(known, IPM, AU)["phosphate"].state is PASS


@pytest.mark.parametrize(("days", "code"), [(92, "phosphate-unknown"), (93, "phosphate")])
def test_a_repeat_within_92_days_needs_a_phosphate(days: int, code: str) -> None:
    assert code in gates(facts(given=[(days, 1000, None)]))


def test_only_infusions_really_given_make_a_repeat() -> None:
    assert "phosphate-unknown" in gates(facts(given=[(0, 1000, None)]))
    assert "phosphate" in gates(facts(given=[(-1, 1000, None)]))
    assert "phosphate" in gates(facts(given=[(10, 0, None)]))


def test_two_infusions_ever_need_a_phosphate_whatever_the_time() -> None:
    before = [Course(IPM, AU, None, (Infusion(ago(3000), D(1000)),))]
    known = facts(given=[(500, 1000, None)], before=before)
    found = gates(known)["phosphate-unknown"]
    assert (found.state, found.hard) == (BLOCK, False)
    assert [reason.what for reason in found.because] == ["infusions"]


@pytest.mark.parametrize(
    ("conditions", "symptoms", "code"),
    [
        (["vitamin-d-deficiency"], [], "phosphate-unknown"),
        (["bariatric-surgery"], [], "phosphate-unknown"),
        ([], ["bone-pain"], "phosphate-unknown"),
        ([], ["fatigue"], "phosphate-unknown"),
        (["cancer"], ["melaena"], "phosphate"),
    ],
)
def test_risk_factors_and_symptoms_need_a_phosphate(
    conditions: list[str], symptoms: list[str], code: str
) -> None:
    late = facts(given=[(200, 1000, None)], conditions=conditions, symptoms=symptoms)
    assert code in gates(late)
    first = gates(facts(conditions=conditions, symptoms=symptoms))
    assert code in first
    assert first[code].state is (ASK if code == "phosphate-unknown" else PASS)


@pytest.mark.parametrize(
    ("collected", "code"),
    [
        (0, "phosphate"),
        (28, "phosphate"),
        (29, "phosphate-unknown"),  # too old
        (40, "phosphate-unknown"),  # on the day of the infusion: drawn before it
        (41, "phosphate-unknown"),
    ],
)
def test_the_phosphate_must_be_fresh_and_after_the_last_infusion(collected: int, code: str) -> None:
    known = facts(given=[(40, 1000, None)])
    assert code in gates(known, phosphate=phosphate("0.80", collected))


def test_a_phosphate_on_or_before_the_infusion_day_does_not_count() -> None:
    known = facts(given=[(10, 1000, None)])
    assert "phosphate-unknown" in gates(known, phosphate=phosphate("1.0", 10))
    assert "phosphate" in gates(known, phosphate=phosphate("1.0", 9))


def test_a_phosphate_that_cannot_be_read_is_unknown_and_never_normal() -> None:
    known = facts(given=[(30, 1000, None)])
    assert "phosphate-unknown" in gates(known, phosphate=phosphate("1.2", 1, "lumps"))
    assert "phosphate-unknown" in gates(known, phosphate=phosphate("1.2", 1, "mmol/L", "<"))


def test_the_planned_second_part_is_exempt_unless_at_risk() -> None:
    given = [(7, 1000, None)]
    assert "phosphate" in gates(facts(given=given), planned_part=True)
    assert "phosphate-unknown" in gates(facts(given=given), planned_part=False)
    assert "phosphate-unknown" in gates(facts(given=given, symptoms=["weakness"]), planned_part=True)
    assert "phosphate-unknown" in gates(facts(given=given, conditions=["malnutrition"]), planned_part=True)
    low = gates(facts(given=given), planned_part=True, phosphate=phosphate("0.7"))
    assert "phosphate-low" in low
