"""Iron need by every method and plans within the caps: worked examples, both sides of limits, properties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical import body, dosing
from clinical.body import Weight, WeightKind
from clinical.facts import Course, Facts, Infusion, Label, Patient, Pregnancy, Product, Sex
from clinical.outcome import MethodNeed, PlannedDose
from clinical.protocol import load_protocol

PROTOCOL = load_protocol()
D = Decimal
DAY = date(2026, 1, 5)
FCM, FDI, IS = Product.FERRIC_CARBOXYMALTOSE, Product.FERRIC_DERISOMALTOSE, Product.IRON_SUCROSE
LMWID, FMX = Product.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, Product.FERUMOXYTOL
SFG, IPM = Product.SODIUM_FERRIC_GLUCONATE, Product.IRON_POLYMALTOSE
EU, US, US_HF, AU = Label.EU, Label.US, Label.US_HEART_FAILURE, Label.AU


def facts(
    weight: str | None = "70",
    product: Product = FCM,
    label: Label | None = EU,
    *,
    sex: Sex = Sex.FEMALE,
    height: str | None = "165",
    conditions: Iterable[str] = (),
    given: Iterable[Infusion] = (),
    before: Iterable[Course] = (),
    pregnancy: Pregnancy | None = None,
    as_of: date = DAY,
) -> Facts:
    """An invented patient of 50 with a course."""
    patient = Patient(
        sex=sex,
        age_years=50,
        weight_kg=None if weight is None else D(weight),
        height_cm=None if height is None else D(height),
        pregnancy=pregnancy,
        conditions=frozenset(conditions),
    )
    return Facts(as_of, patient, Course(product, label, None, tuple(given)), tuple(before))


def need(known: Facts, hb: str | None) -> dict[str, MethodNeed]:
    return dosing.needs(known, None if hb is None else D(hb), DAY, PROTOCOL)


def shape(plan: tuple[PlannedDose, ...]) -> list[tuple[int, int]]:
    return [(int(dose.dose_mg), (dose.earliest - DAY).days) for dose in plan]


def planned(total: str | int, known: Facts, **more: Any) -> list[tuple[int, int]]:
    course = known.course
    assert course is not None
    assert course.label is not None
    return shape(dosing.plan(D(total), known, course.product, course.label, DAY, PROTOCOL, **more))


# Worked examples, 1 to 20


def test_01_adult() -> None:
    assert need(facts("70"), "90")["ganzoni"].need_mg == D(1508)


def test_02_conventional_units() -> None:
    found = need(facts("60"), "84")["ganzoni"].need_mg
    assert found == D("1450.4")
    assert dosing.rounded(found, PROTOCOL) == 1500


def test_03_child() -> None:
    assert need(facts("30"), "75")["ganzoni"].need_mg == 846


def test_04_obese_takes_the_ideal_weight() -> None:
    found = dosing.assess_need(facts("120", height="165"), D(95), DAY, PROTOCOL)
    assert found.weight is not None
    assert found.weight.kind is WeightKind.IDEAL
    assert round(found.weight.kg, 1) == D("56.9")
    assert round(found.methods["ganzoni"].need_mg) == 1251
    actual = dosing.ganzoni(Weight(D(120), WeightKind.ACTUAL), D(95), D(150), PROTOCOL)
    assert actual.need_mg == 2084


@pytest.mark.parametrize(("target", "expected"), [("110", "827.36"), ("130", "1124.96"), ("150", "1422.56")])
def test_05_pregnant_takes_the_weight_before(target: str, expected: str) -> None:
    known = facts("75", pregnancy=Pregnancy(D(24), DAY, D(62)))
    found = dosing.assess_need(known, D(88), DAY, PROTOCOL)
    assert found.weight == Weight(D(62), WeightKind.PRE_PREGNANCY)
    assert found.methods["ganzoni"].need_mg == D("1422.56")
    assert dosing.ganzoni(found.weight, D(88), D(target), PROTOCOL).need_mg == D(expected)


def test_06_millimoles() -> None:
    hb = D("5.2") * D("16.1145")
    assert round(dosing.needs(facts("80"), hb, DAY, PROTOCOL)["ganzoni"].need_mg) == 1771


def test_07_thirty_five_kilograms_is_a_child_for_ganzoni_and_an_adult_for_the_table() -> None:
    found = need(facts("35"), "80")
    assert found["ganzoni"].need_mg == 945
    assert found["label-table"].need_mg == 1500
    just_over = need(facts("35.01"), "80")["ganzoni"].need_mg
    assert round(just_over) == 1088


def test_08_iron_dextran_adult() -> None:
    known = facts("90", LMWID, US, sex=Sex.MALE, height=str(D(60) * D("2.54") + D(20) / D("2.3") * D("2.54")))
    found = need(known, "70")["lmwid-formula"].need_mg
    assert round(found) == 2117


def test_09_iron_dextran_child() -> None:
    assert round(need(facts("12", LMWID, US, height="90"), "80")["lmwid-formula"].need_mg) == 262


@pytest.mark.parametrize(("weight", "target"), [("15", 120), ("15.1", 148)])
def test_iron_dextran_child_limit(weight: str, target: int) -> None:
    kg = D(weight)
    expected = (D("0.0442") * (target - 80) / 10 * kg + D("0.26") * kg) * 50
    assert need(facts(weight, LMWID, US, height="200"), "80")["lmwid-formula"].need_mg == expected


def test_10_blood_loss() -> None:
    assert dosing.blood_loss(D(500), D("0.31")).need_mg == 155


def test_11_fcm_eu_58_kg() -> None:
    known = facts("58")
    assert need(known, "92")["label-table"].need_mg == 1500
    assert planned(1500, known) == [(1000, 0), (500, 7)]


def test_12_fcm_eu_44_kg() -> None:
    known = facts("44")
    assert need(known, "95")["label-table"].need_mg == 1500
    assert planned(1500, known) == [(880, 0), (620, 7)]


def test_13_fcm_eu_just_under_35_kg() -> None:
    known = facts("34.9")
    assert need(known, "85")["label-table"].need_mg == 500
    assert dosing.plan(D(500), known, FCM, EU, DAY, PROTOCOL) == (PlannedDose(D(500), DAY, 6),)


def test_14_fcm_us_46_kg() -> None:
    known = facts("46", FCM, US)
    assert need(known, "90")["label-fixed"].need_mg == 1380
    assert planned(1380, known) == [(690, 0), (690, 7)]


def test_15_fdi_eu_82_kg_both_splits() -> None:
    known = facts("82", FDI, EU)
    assert need(known, "88")["label-table"].need_mg == 2000
    options = dosing.split_options(D(2000), known, FDI, EU, DAY, PROTOCOL)
    assert [shape(option) for option in options] == [[(1640, 0), (360, 7)], [(1000, 0), (1000, 7)]]
    assert [dose.min_minutes for dose in options[0]] == [30, 15]


def test_16_fdi_eu_just_under_50_kg_differs_from_ganzoni() -> None:
    found = dosing.assess_need(facts("49.5", FDI, EU), D(92), DAY, PROTOCOL)
    assert found.methods["label-table"].need_mg == 500
    assert found.methods["ganzoni"].need_mg == D("1189.04")
    assert "table-differs" in found.warnings
    assert found.not_computable == {"fixed": "weight-below-label"}


def test_17_fdi_us_48_kg() -> None:
    known = facts("48", FDI, US)
    assert need(known, "92")["label-fixed"].need_mg == 960
    assert dosing.plan(D(960), known, FDI, US, DAY, PROTOCOL) == (PlannedDose(D(960), DAY, 20),)


def test_18_iron_sucrose_in_kidney_disease() -> None:
    known = facts("60", IS, US, conditions=["ckd-non-dialysis"])
    assert need(known, "92")["label-fixed"].need_mg == 1000
    visits = planned(1000, known)
    assert [mg for mg, _ in visits] == [200] * 5
    assert visits[-1][1] < 14


def test_19_heart_failure() -> None:
    known = facts("75", FCM, US_HF)
    assert need(known, "98")["label-table"] == MethodNeed(
        D(2000), "98 g/L, 75 kg: 1000 + 1000 mg", "fcm-us-heart-failure"
    )
    assert planned(2000, known) == [(1000, 0), (1000, 42)]
    maintenance = PROTOCOL.products[FCM].labels[US_HF].maintenance
    assert maintenance is not None
    assert maintenance.mg.value == 500
    assert maintenance.weeks.values == (D(12), D(24), D(36))


def test_20_haemoglobin_of_exactly_100() -> None:
    assert need(facts("70"), "100")["label-table"].need_mg == 1500


# Label tables


@pytest.mark.parametrize(
    ("weight", "hb", "mg"),
    [
        ("34.9", "99.9", 500),
        ("35", "99.9", 1500),
        ("69.9", "99.9", 1500),
        ("70", "99.9", 2000),
        ("69.9", "100", 1000),
        ("70", "100", 1500),
        ("70", "139.9", 1500),
        ("70", "140", 500),
        ("35", "139.9", 1000),
        ("35", "140", 500),
    ],
)
@pytest.mark.parametrize("label", [EU, AU])
def test_fcm_table(weight: str, hb: str, mg: int, label: Label) -> None:
    assert need(facts(weight, FCM, label), hb)["label-table"].need_mg == mg


@pytest.mark.parametrize(
    ("weight", "hb", "mg"),
    [
        ("49.9", "99.9", 500),
        ("49.9", "100", 500),
        ("50", "99.9", 1500),
        ("50", "100", 1000),
        ("69.9", "100", 1000),
        ("70", "100", 1500),
        ("70", "99.9", 2000),
    ],
)
def test_fdi_table(weight: str, hb: str, mg: int) -> None:
    assert need(facts(weight, FDI, EU), hb)["label-table"].need_mg == mg


@pytest.mark.parametrize(
    ("weight", "hb", "mg"),
    [
        ("69.9", "99.9", 1500),
        ("70", "99.9", 2000),
        ("69.9", "100", 1000),
        ("70", "140", 1500),
        ("69.9", "140", 1000),
        ("70", "140.1", 500),
        ("70", "149.9", 500),
    ],
)
def test_heart_failure_table(weight: str, hb: str, mg: int) -> None:
    assert need(facts(weight, FCM, US_HF), hb)["label-table"].need_mg == mg


def test_heart_failure_table_has_no_answer_from_150_on() -> None:
    found = dosing.assess_need(facts("70", FCM, US_HF), D(150), DAY, PROTOCOL)
    assert found.not_computable["label-table"] == "haemoglobin-above-label"
    assert "label-table" not in found.methods


@pytest.mark.parametrize(
    ("product", "label", "weight", "mg"),
    [
        (FCM, US, "49.9", "1497.0"),
        (FCM, US, "50", "1500"),
        (FDI, US, "49.9", "998.0"),
        (FDI, US, "50", "1000"),
        (IS, EU, "80", "1000"),
        (IS, US, "80", "1000"),
        (FMX, US, "80", "1020"),
        (SFG, US, "80", "1000"),
    ],
)
def test_fixed_courses(product: Product, label: Label, weight: str, mg: str) -> None:
    assert need(facts(weight, product, label), "90")["label-fixed"].need_mg == D(mg)


@pytest.mark.parametrize(("weight", "known"), [("49.9", False), ("50", True)])
def test_fixed_amount_of_fdi_needs_50_kg(weight: str, known: bool) -> None:
    assert ("fixed" in need(facts(weight, FDI, EU), "90")) is known


def test_which_methods_belong_to_which_product() -> None:
    expected = {
        (FCM, EU): {"ganzoni", "label-table"},
        (FCM, US): {"ganzoni", "label-fixed"},
        (FCM, US_HF): {"ganzoni", "label-table"},
        (FDI, EU): {"ganzoni", "label-table", "fixed"},
        (FDI, AU): {"ganzoni", "label-table"},
        (FDI, US): {"ganzoni", "label-fixed"},
        (IS, EU): {"ganzoni", "label-fixed"},
        (LMWID, EU): {"ganzoni", "lmwid-formula"},
        (FMX, US): {"ganzoni", "label-fixed"},
        (SFG, US): {"ganzoni", "label-fixed"},
        (IPM, AU): {"ganzoni"},
    }
    for (product, label), methods in expected.items():
        assert set(need(facts("70", product, label), "90")) == methods


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


# Plans


@pytest.mark.parametrize(
    ("mg", "expected"), [("1449.9", 1400), ("1450", 1500), ("1508", 1500), ("49.9", 0), ("50", 100)]
)
def test_rounding_to_the_nearest_hundred(mg: str, expected: int) -> None:
    assert dosing.rounded(D(mg), PROTOCOL) == expected


@pytest.mark.parametrize(("mg", "visits"), [("49", 0), ("50", 1), ("0", 0)])
def test_under_a_hundred_there_is_no_plan(mg: str, visits: int) -> None:
    assert len(planned(mg, facts("70"))) == visits


@pytest.mark.parametrize(
    ("product", "label", "dose", "minutes"),
    [
        (FCM, EU, 200, None),
        (FCM, EU, 300, 6),
        (FCM, EU, 500, 6),
        (FCM, EU, 600, 15),
        (FCM, US, 700, 15),
        (FDI, EU, 1000, 15),
        (FDI, EU, 1100, 30),
        (FDI, US, 1000, 20),
        (IS, EU, 100, 15),
        (IS, EU, 200, 30),
        (IS, US, 200, 15),
        (FMX, US, 500, 15),
        (LMWID, EU, 1000, 240),
        (SFG, US, 100, 60),
        (IPM, AU, 1000, 240),
    ],
)
def test_shortest_infusion_time(product: Product, label: Label, dose: int, minutes: int | None) -> None:
    plan = dosing.plan(D(dose), facts("80", product, label), product, label, DAY, PROTOCOL)
    more = (product, label, dose) == (FDI, EU, 1000)  # the label says more than 15 minutes
    assert plan == (PlannedDose(D(dose), DAY, minutes, more),)


def test_iron_sucrose_at_most_three_doses_in_seven_days_and_two_days_apart() -> None:
    assert planned(1000, facts("70", IS, EU)) == [(200, 0), (200, 2), (200, 4), (200, 7), (200, 9)]


def test_iron_sucrose_by_dialysis() -> None:
    haemo = facts("70", IS, US, conditions=["ckd-haemodialysis"])
    assert [mg for mg, _ in planned(1000, haemo)] == [100] * 10
    peritoneal = facts("70", IS, US, conditions=["ckd-peritoneal-dialysis"])
    assert planned(1000, peritoneal) == [(300, 0), (300, 14), (400, 28)]
    minutes = [dose.min_minutes for dose in dosing.plan(D(1000), peritoneal, IS, US, DAY, PROTOCOL)]
    assert minutes == [90, 90, 150]


@pytest.mark.parametrize("label", [EU, US, AU])
def test_fcm_on_haemodialysis_never_over_200_mg(label: Label) -> None:
    known = facts("80", FCM, label, conditions=["ckd-haemodialysis"])
    visits = planned(1500, known)
    assert max(mg for mg, _ in visits) == 200
    assert sum(mg for mg, _ in visits) == 1500


def test_fdi_under_50_kg_never_over_1000_mg_on_one_day() -> None:
    assert max(mg for mg, _ in planned(1500, facts("49.9", FDI, EU))) == 998


def test_iron_dextran_us_at_most_100_mg_a_day() -> None:
    assert planned(300, facts("70", LMWID, US)) == [(100, 0), (100, 1), (100, 2)]


def test_ferumoxytol_two_doses_three_days_apart() -> None:
    assert planned(1020, facts("70", FMX, US)) == [(510, 0), (510, 3)]
    assert planned(1500, facts("70", FMX, US)) == [(510, 0), (510, 3)]


def test_gluconate_by_sessions() -> None:
    assert planned(1000, facts("70", SFG, US)) == [(125, 2 * n) for n in range(8)]


def test_a_last_dose_under_a_hundred_takes_from_the_one_before() -> None:
    assert planned(1700, facts("82", FDI, EU)) == [(1600, 0), (100, 7)]


def test_an_even_split_may_reach_the_cap_and_leave_a_hundred() -> None:
    known = facts("80", IS, EU)
    options = dosing.split_options(D(300), known, IS, EU, DAY, PROTOCOL)
    assert [shape(option) for option in options] == [[(200, 0), (100, 2)]]
    five = dosing.split_options(D(1300), facts("25", FDI, EU), FDI, EU, DAY, PROTOCOL)
    assert [shape(option) for option in five] == [
        [(500, 0), (500, 7), (300, 14)],
    ]
    nearly = dosing.split_options(D(900), facts("41.5", FDI, EU), FDI, EU, DAY, PROTOCOL)
    assert [shape(option) for option in nearly] == [[(800, 0), (100, 7)], [(500, 0), (400, 7)]]
    light = dosing.split_options(D(500), facts("11", FDI, EU), FDI, EU, DAY, PROTOCOL)
    assert [shape(option) for option in light] == [
        [(220, 0), (180, 7), (100, 14)],
        [(200, 0), (200, 7), (100, 14)],
    ]


@pytest.mark.parametrize(("weight", "visits"), [("4.99", 0), ("5", 1), ("350", 1), ("350.1", 0)])
def test_plans_keep_the_guard_limits_of_weight(weight: str, visits: int) -> None:
    assert len(planned(100, facts(weight, FDI, EU))) == visits


def test_the_last_dose_of_a_course_is_not_made_smaller_for_one_that_may_not_follow() -> None:
    assert planned(1400, facts("46", FCM, US)) == [(690, 0), (690, 7)]


def test_two_doses_of_a_hundred_rather_than_one_too_small() -> None:
    assert planned(200, facts("7.5", FDI, EU)) == [(100, 0), (100, 7)]


def test_a_dose_given_on_the_day_of_the_assessment_counts() -> None:
    given = [Infusion(DAY, D(750))]
    assert planned(1500, facts("65", FCM, US, given=given)) == [(750, 7)]


def test_one_dose_of_fdi_us_and_no_second() -> None:
    assert planned(1700, facts("70", FDI, US)) == [(1000, 0)]


def test_infusions_already_given_hold_the_next_one_back() -> None:
    given = [Infusion(DAY - timedelta(days=3), D(1000))]
    assert planned(500, facts("65", given=given)) == [(500, 4)]
    early = [Infusion(DAY - timedelta(days=3), D(500))]
    assert planned(500, facts("65", given=early)) == [(500, 0)]
    seven = [Infusion(DAY - timedelta(days=7), D(1000))]
    assert planned(500, facts("65", given=seven)) == [(500, 0)]


def test_infusions_after_the_day_of_the_assessment_are_not_given_yet() -> None:
    later = [Infusion(DAY + timedelta(days=1), D(1000))]
    assert planned(500, facts("65", given=later)) == [(500, 0)]


def test_an_infusion_of_nothing_is_none() -> None:
    given = [Infusion(DAY - timedelta(days=1), D(0)), Infusion(DAY - timedelta(days=2), D(0))]
    assert planned(1500, facts("65", FCM, US, given=given)) == [(750, 0), (750, 7)]


def test_another_product_last_week_counts_too() -> None:
    before = [Course(FDI, EU, None, (Infusion(DAY - timedelta(days=2), D(1000)),))]
    assert planned(500, facts("65", before=before)) == [(500, 5)]


def test_a_us_course_of_two_doses_is_over_and_a_later_one_begins_anew() -> None:
    given = [Infusion(DAY - timedelta(days=14), D(750)), Infusion(DAY - timedelta(days=7), D(750))]
    assert planned(500, facts("65", FCM, US, given=given)) == []
    long_ago = [Infusion(DAY - timedelta(days=28), D(750)), Infusion(DAY - timedelta(days=28), D(750))]
    assert planned(500, facts("65", FCM, US, given=long_ago)) == [(500, 0)]


@pytest.mark.parametrize(("hb", "total"), [("89.9", 1500), ("90", 1000), (None, 1000)])
def test_fcm_in_pregnancy_is_capped(hb: str | None, total: int) -> None:
    known = facts("75", pregnancy=Pregnancy(D(24), DAY, D(70)))
    visits = planned(2000, known, hb=None if hb is None else D(hb))
    assert sum(mg for mg, _ in visits) == total


def test_iron_given_in_this_pregnancy_counts_towards_its_cap() -> None:
    given = [Infusion(DAY - timedelta(days=30), D(1000))]
    known = facts("75", pregnancy=Pregnancy(D(24), DAY, D(70)), given=given)
    assert planned(1000, known, hb=D(85)) == [(500, 0)]
    before = [Infusion(DAY - timedelta(days=24 * 7 + 1), D(1000))]
    known = facts("75", pregnancy=Pregnancy(D(24), DAY, D(70)), given=before)
    assert planned(1000, known, hb=D(85)) == [(1000, 0)]


@pytest.mark.parametrize(("weeks", "wait"), [("12", 7), ("12.857142857142857", 1), ("13", 0)])
def test_no_dose_before_the_second_trimester(weeks: str, wait: int) -> None:
    known = facts("75", FDI, EU, pregnancy=Pregnancy(D(weeks), DAY, D(70)))
    assert planned(1000, known) == [(1000, wait)]


ALL_LABELS = [(product, label) for product, known in PROTOCOL.products.items() for label in known.labels]
PATIENTS = st.builds(
    lambda weight, pair, conditions, given: facts(
        str(weight),
        pair[0],
        pair[1],
        conditions=conditions,
        given=[Infusion(DAY - timedelta(days=days), D(mg)) for days, mg in given],
    ),
    st.decimals(min_value=5, max_value=350, places=1),
    st.sampled_from(ALL_LABELS),
    st.sets(st.sampled_from(["ckd-haemodialysis", "ckd-peritoneal-dialysis", "heart-failure"])),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from([100, 200, 500, 1000])), max_size=3),
)


@settings(max_examples=200, deadline=None)
@given(PATIENTS, st.integers(min_value=0, max_value=4000))
def test_no_plan_exceeds_a_cap_an_interval_or_the_total(known: Facts, total: int) -> None:
    course = known.course
    assert course is not None
    assert course.label is not None
    assert known.patient.weight_kg is not None
    label = PROTOCOL.products[course.product].labels[course.label]
    limits = label.limits_for(known.patient.conditions)
    fixed = (
        label.fixed_course is not None and total % label.fixed_course.each_mg(known.patient.weight_kg) == 0
    )
    most = D(total) if fixed else dosing.rounded(D(total), PROTOCOL)
    for plan in dosing.split_options(D(total), known, course.product, course.label, DAY, PROTOCOL):
        assert sum(dose.dose_mg for dose in plan) <= most
        days = [dose.earliest for dose in plan]
        assert days == sorted(set(days))
        assert min(days) >= DAY
        for dose in plan:
            assert dose.dose_mg >= 100
            assert dose.dose_mg == dose.dose_mg.to_integral_value()
            if limits.cap_mg is not None:
                assert dose.dose_mg <= limits.cap_mg.value
            if limits.cap_mg_per_kg is not None:
                assert dose.dose_mg <= limits.cap_mg_per_kg.value * known.patient.weight_kg
        if limits.interval_days is not None:
            gaps = [(later - sooner).days for sooner, later in pairwise(days)]
            assert all(gap >= limits.interval_days.value for gap in gaps)
        if limits.period_cap_mg is not None and limits.period_days is not None:
            given = [(i.date, i.dose_mg) for i in course.infusions]
            all_doses = given + [(dose.earliest, dose.dose_mg) for dose in plan]
            for dose in plan:
                opened = dose.earliest - timedelta(days=int(limits.period_days.value))
                inside = sum(mg for day, mg in all_doses if opened < day <= dose.earliest)
                assert inside <= limits.period_cap_mg.value


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
