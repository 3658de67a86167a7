"""Iron need by every method: the worked examples, and label tables on both sides of their limits."""

from __future__ import annotations

import pytest
from dosing_cases import (
    AU,
    DAY,
    EU,
    FCM,
    FDI,
    FMX,
    IPM,
    IS,
    LMWID,
    PROTOCOL,
    SFG,
    US,
    US_HF,
    D,
    facts,
    need,
    planned,
    shape,
)

from clinical import dosing
from clinical.body import Weight, WeightKind
from clinical.facts import Label, Pregnancy, Product, Sex
from clinical.outcome import MethodNeed, PlannedDose

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
