"""Which weight and target a need is counted on, and where no need is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from dosing_cases import (
    DAY,
    EU,
    FDI,
    FMX,
    IS,
    PROTOCOL,
    US,
    D,
    facts,
    need,
    planned,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical import body, dosing
from clinical.body import Weight, WeightKind
from clinical.facts import Facts, Patient, Pregnancy, Sex

# Weights


@pytest.mark.parametrize(("weight", "kind"), [("74.9", WeightKind.ACTUAL), ("75", WeightKind.IDEAL)])
def test_ideal_weight_from_a_body_mass_index_of_30(weight: str, kind: WeightKind) -> None:
    found = body.need_weight(facts(weight, height=str(D("158.11388"))).patient, DAY, PROTOCOL)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(("height", "expected"), [("151.9", "50.762"), ("152", "45.5"), ("154.94", "47.8")])
def test_ideal_weight_of_the_short(height: str, expected: str) -> None:
    assert round(body.ideal_weight(Sex.FEMALE, D(height), PROTOCOL), 3) == D(expected)


def test_ideal_weight_of_a_man() -> None:
    assert body.ideal_weight(Sex.MALE, D("177.8"), PROTOCOL) == 73


def test_label_tables_and_caps_take_the_true_weight_of_the_obese() -> None:
    found = dosing.assess_need(facts("120"), D(95), DAY, PROTOCOL)
    assert found.methods["label-table"].need_mg == 2000
    assert found.label_weight == Weight(D(120), WeightKind.ACTUAL)
    assert planned(2000, facts("82", FDI, EU, height="150"))[0] == (1640, 0)


def test_without_height_the_weight_is_used_as_it_is() -> None:
    found = dosing.assess_need(facts("120", height=None), D(95), DAY, PROTOCOL)
    assert found.methods["ganzoni"].need_mg == 2084
    assert found.missing == ("height",)


def test_pregnant_without_the_weight_before() -> None:
    found = dosing.assess_need(facts("75", pregnancy=Pregnancy(D(24), DAY)), D(88), DAY, PROTOCOL)
    assert found.weight is not None
    assert found.weight.kg == 75
    assert found.missing == ("pre-pregnancy-weight",)


def test_unknown_sex_takes_the_lower_ideal_weight() -> None:
    found = body.need_weight(facts("120", sex=Sex.UNKNOWN).patient, DAY, PROTOCOL)
    female = body.need_weight(facts("120").patient, DAY, PROTOCOL)
    assert found is not None
    assert female is not None
    assert found.kg == female.kg
    assert found.missing == ("sex",)


@pytest.mark.parametrize(
    ("weight", "hb", "conditions", "target"),
    [
        ("35", "80", [], 130),
        ("35.1", "80", [], 150),
        ("70", "80", ["on-esa"], 115),
        ("30", "80", ["on-esa"], 115),
    ],
)
def test_target_haemoglobin(weight: str, hb: str, conditions: list[str], target: int) -> None:
    found = dosing.assess_need(facts(weight, conditions=conditions), D(hb), DAY, PROTOCOL)
    assert found.target_hb == target


def test_a_clinic_may_set_a_lower_target_for_pregnancy() -> None:
    numbers = dict(PROTOCOL.dose_tables.numbers)
    numbers["pregnancy.target_hb"] = replace(numbers["pregnancy.target_hb"], value=D(110))
    lower = replace(PROTOCOL, dose_tables=replace(PROTOCOL.dose_tables, numbers=numbers))
    pregnant = facts("75", pregnancy=Pregnancy(D(24), DAY, D(62)))
    assert dosing.assess_need(pregnant, D(88), DAY, lower).methods["ganzoni"].need_mg == D("827.36")
    assert dosing.assess_need(facts("62"), D(88), DAY, lower).target_hb == 150
    before = DAY - timedelta(days=24 * 7 + 1)
    assert dosing.assess_need(pregnant, D(88), before, lower).target_hb == 150


# Guard rails


@pytest.mark.parametrize(
    ("weight", "hb", "computable"),
    [
        ("4.9", "90", False),
        ("5", "90", True),
        ("350", "90", True),
        ("350.1", "90", False),
        ("70", "19.9", False),
        ("70", "20", True),
        ("70", "220", True),
        ("70", "220.1", False),
    ],
)
def test_no_dose_outside_the_guard_limits(weight: str, hb: str, computable: bool) -> None:
    known = facts(weight, IS, EU, height=None)
    found = dosing.assess_need(known, D(hb), DAY, PROTOCOL)
    assert bool(found.methods) is computable
    assert ("all" in found.not_computable) is not computable


def test_without_weight_there_is_neither_need_nor_plan() -> None:
    found = dosing.assess_need(facts(None, IS, EU), D(90), DAY, PROTOCOL)
    assert found.methods == {}
    assert found.missing == ("weight",)
    assert planned(1000, facts(None)) == []
    assert planned(1000, facts("4")) == []


def test_without_haemoglobin_only_fixed_amounts_are_known_and_none_decides() -> None:
    found = dosing.assess_need(facts("70", FDI, EU), None, DAY, PROTOCOL)
    assert set(found.methods) == {"fixed"}
    assert found.not_computable["ganzoni"] == "haemoglobin-unknown"
    assert dosing.choose(found.methods) == (None, None)


def test_ganzoni_decides_then_the_table() -> None:
    found = need(facts("70"), "90")
    assert dosing.choose(found) == ("ganzoni", found["ganzoni"])
    del found["ganzoni"]
    assert dosing.choose(found) == ("label-table", found["label-table"])


def test_a_haemoglobin_over_the_target_needs_stores_alone() -> None:
    assert need(facts("70"), "150")["ganzoni"].need_mg == 500
    assert need(facts("70"), "170")["ganzoni"].need_mg == 500
    weight = Weight(D(70), WeightKind.ACTUAL)
    assert dosing.ganzoni(weight, D(170), D(150), PROTOCOL, with_depot=False).need_mg == 0


@pytest.mark.parametrize(("hb", "warned"), [("50.0", False), ("49.9", True)])
def test_a_need_over_2500_mg_is_warned_of(hb: str, warned: bool) -> None:
    weight = str(D(2000) / D(24))
    found = dosing.assess_need(facts("83.33", height="190"), D(hb), DAY, PROTOCOL)
    assert D(weight).quantize(D("0.01")) == D("83.33")
    assert ("need-large" in found.warnings) is warned


@pytest.mark.parametrize(("hb", "warned"), [("25", False), ("24.9", True)])
def test_a_need_over_40_mg_per_kg_is_warned_of(hb: str, warned: bool) -> None:
    found = dosing.assess_need(facts("50"), D(hb), DAY, PROTOCOL)
    assert ("need-large-per-kg" in found.warnings) is warned


@pytest.mark.parametrize(("target", "known"), [(160, True), (161, False)])
def test_a_target_over_160_is_not_computed(target: int, known: bool) -> None:
    numbers = dict(PROTOCOL.numbers)
    numbers["iron_model.target_hb"] = replace(numbers["iron_model.target_hb"], value=D(target))
    higher = replace(PROTOCOL, numbers=numbers)
    found = dosing.assess_need(facts("70"), D(90), DAY, higher)
    assert ("ganzoni" in found.methods) is known
    assert found.not_computable == ({} if known else {"ganzoni": "target-too-high"})
    assert dosing.choose(found.methods)[0] == ("ganzoni" if known else "label-table")


def test_the_working_shows_its_numbers() -> None:
    found = need(facts("82", FDI, EU, height="180"), "88")
    assert found["ganzoni"].working == "82 kg × (150 − 88 g/L) × 0.24 + 500 mg"
    assert need(facts("120"), "95")["ganzoni"].working == "56.9 kg × (150 − 95 g/L) × 0.24 + 500 mg (ideal)"


def test_a_label_a_product_does_not_have_is_an_error() -> None:
    with pytest.raises(dosing.UnknownLabelError):
        need(facts("70", FMX, EU), "90")


def test_without_a_stated_label_the_usual_one_is_followed() -> None:
    known = facts("70", FMX, None)
    assert known.course is not None
    assert dosing.label_of(known.course, PROTOCOL) is US


def test_a_pregnancy_recorded_for_a_man_changes_no_dose() -> None:
    known = facts("80", sex=Sex.MALE, pregnancy=Pregnancy(D(8), DAY, D(50)))
    assert need(known, "90") == need(facts("80", sex=Sex.MALE), "90")
    assert planned(2000, known) == [(1000, 0), (1000, 7)]


def test_without_a_course_ganzoni_alone_is_known() -> None:
    known = Facts(DAY, Patient(weight_kg=D(70), height_cm=D(170)))
    assert set(dosing.needs(known, D(90), DAY, PROTOCOL)) == {"ganzoni"}


@settings(deadline=None)
@given(st.decimals(min_value=5, max_value=350, places=1), st.decimals(min_value=20, max_value=220, places=1))
def test_more_weight_or_less_haemoglobin_never_needs_less(weight: Decimal, hb: Decimal) -> None:
    known = Weight(weight, WeightKind.ACTUAL)
    here = dosing.ganzoni(known, hb, D(150), PROTOCOL).need_mg
    assert dosing.ganzoni(known, hb - 1, D(150), PROTOCOL).need_mg >= here
    assert here >= 0
