"""The product and dose tables as data: what every label must state, and that a spoilt table is refused by name."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import clinical.protocol
from clinical.facts import CONDITIONS, SYMPTOMS, Label, Product
from clinical.protocol import ProtocolError, Table, load_protocol
from clinical.protocol.dose_tables import parse_dose_tables
from clinical.protocol.products import PhosphateRisk, ProductLabel, parse_products

PROTOCOL = load_protocol()
D = Decimal
P = Product
EU, US, US_HF, AU = Label.EU, Label.US, Label.US_HEART_FAILURE, Label.AU
LABELS = {
    P.FERRIC_CARBOXYMALTOSE: {EU, US, US_HF, AU},
    P.FERRIC_DERISOMALTOSE: {EU, US, AU},
    P.IRON_SUCROSE: {EU, US, AU},
    P.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN: {EU, US},
    P.FERUMOXYTOL: {US},
    P.SODIUM_FERRIC_GLUCONATE: {EU, US},
    P.IRON_POLYMALTOSE: {AU},
}
EVERY = [(product, label) for product, labels in LABELS.items() for label in sorted(labels)]


def label_of(product: Product, label: Label) -> ProductLabel:
    return PROTOCOL.products[product].labels[label]


def test_every_product_with_its_labels() -> None:
    assert {product: set(known.labels) for product, known in PROTOCOL.products.items()} == LABELS


@pytest.mark.parametrize(("product", "label"), EVERY)
def test_every_label_caps_a_dose_and_asks_for_half_an_hour(product: Product, label: Label) -> None:
    known = label_of(product, label)
    assert known.limits.cap_mg is not None or known.limits.cap_mg_per_kg is not None
    assert known.limits.interval_days is not None
    assert known.observation_minutes.value == 30
    no_minimum = (product, label) == (P.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, US)  # small daily doses
    assert (known.minutes is None) is no_minimum
    assert known.table is None or known.table in PROTOCOL.dose_tables.tables


@pytest.mark.parametrize(
    ("product", "mg_per_ml", "risk"),
    [
        (P.FERRIC_CARBOXYMALTOSE, "50", PhosphateRisk.HIGH),
        (P.FERRIC_DERISOMALTOSE, "100", PhosphateRisk.LOW),
        (P.IRON_SUCROSE, "20", PhosphateRisk.LOW),
        (P.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, "50", PhosphateRisk.LOW),
        (P.FERUMOXYTOL, "30", PhosphateRisk.LOW),
        (P.SODIUM_FERRIC_GLUCONATE, "12.5", PhosphateRisk.LOW),
        (P.IRON_POLYMALTOSE, "50", PhosphateRisk.MODERATE),
    ],
)
def test_strength_and_phosphate_risk(product: Product, mg_per_ml: str, risk: PhosphateRisk) -> None:
    known = PROTOCOL.products[product]
    assert known.mg_per_ml.value == D(mg_per_ml)
    assert known.phosphate_risk is risk
    assert known.lowers_phosphate is (risk is not PhosphateRisk.LOW)


def test_boxed_warnings() -> None:
    found = {
        (product, label): warning.code
        for product, label in EVERY
        if (warning := label_of(product, label).boxed_warning) is not None
    }
    assert found == {
        (P.FERRIC_CARBOXYMALTOSE, US): "symptomatic-hypophosphataemia",
        (P.FERRIC_CARBOXYMALTOSE, US_HF): "symptomatic-hypophosphataemia",
        (P.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, US): "anaphylaxis",
        (P.FERUMOXYTOL, US): "anaphylaxis",
    }
    boxed = label_of(P.FERRIC_CARBOXYMALTOSE, US).boxed_warning
    assert boxed is not None
    assert boxed.valid_from == date(2026, 8, 1)


def test_test_dose_only_for_iron_dextran() -> None:
    for product, label in EVERY:
        test_dose = label_of(product, label).test_dose
        assert (test_dose is not None) is (product is P.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN)
    us = label_of(P.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, US).test_dose
    assert us is not None
    assert (us.mg.value, us.minutes.value) == (D(25), D(60))


@pytest.mark.parametrize(
    ("dose", "ml"), [("100", 50), ("200", 50), ("201", 100), ("500", 100), ("501", 250), ("1000", 250)]
)
def test_dilution_of_fcm_by_dose(dose: str, ml: int) -> None:
    known = label_of(P.FERRIC_CARBOXYMALTOSE, EU)
    assert known.dilution_max_ml is not None
    assert known.dilution_max_ml.at(D(dose)) == ml
    assert known.dilution_min_mg_per_ml is not None
    assert D(dose) / ml >= known.dilution_min_mg_per_ml.value


def test_a_variant_replaces_only_what_it_names() -> None:
    known = label_of(P.FERRIC_CARBOXYMALTOSE, EU)
    usual = known.limits_for(frozenset({"heart-failure"}))
    dialysis = known.limits_for(frozenset({"ckd-haemodialysis"}))
    assert usual == known.limits
    assert dialysis.cap_mg is not None
    assert dialysis.cap_mg.value == 200
    assert dialysis.period_cap_mg == known.limits.period_cap_mg


def test_coded_words_are_those_of_the_case_format() -> None:
    for known in PROTOCOL.products.values():
        for codes in (known.phosphate_conditions, known.phosphate_symptoms):
            allowed = CONDITIONS if codes is known.phosphate_conditions else SYMPTOMS
            assert codes is None or set(codes.codes) <= allowed
        assert (known.phosphate_conditions is not None) is known.lowers_phosphate
        for label in known.labels.values():
            assert set(label.variants) <= CONDITIONS
        assert "first-trimester" in known.contraindications


def raw(name: str) -> dict[str, Any]:
    file = Path(clinical.protocol.__file__).with_name(f"{name}.toml")
    return copy.deepcopy(tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)[name])


def fcm(values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = values["ferric-carboxymaltose"]
    return found


def unknown_product(values: dict[str, Any]) -> None:
    values["iron-water"] = {}


def missing_product(values: dict[str, Any]) -> None:
    del values["ferumoxytol"]


def unknown_label(values: dict[str, Any]) -> None:
    fcm(values)["labels"]["mars"] = {}


def default_without_label(values: dict[str, Any]) -> None:
    fcm(values)["default_label"] = "uk"


def risk_of_another_word(values: dict[str, Any]) -> None:
    fcm(values)["phosphate_risk"]["value"] = "huge"


def cap_without_source(values: dict[str, Any]) -> None:
    del fcm(values)["labels"]["eu"]["cap_mg"]["source"]


def steps_that_fall(values: dict[str, Any]) -> None:
    fcm(values)["labels"]["eu"]["minutes"]["above_mg"] = [500, 200]


def steps_of_other_length(values: dict[str, Any]) -> None:
    fcm(values)["labels"]["eu"]["minutes"]["values"] = [6]


def text_for_a_number(values: dict[str, Any]) -> None:
    fcm(values)["labels"]["eu"]["cap_mg"]["value"] = "1000"


def unknown_key(values: dict[str, Any]) -> None:
    fcm(values)["labels"]["eu"]["cap"] = 1


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (unknown_product, "products.iron-water"),
        (missing_product, "products.ferumoxytol"),
        (unknown_label, "products.ferric-carboxymaltose.labels.mars"),
        (default_without_label, "products.ferric-carboxymaltose.default_label"),
        (risk_of_another_word, "products.ferric-carboxymaltose.phosphate_risk.value"),
        (cap_without_source, "products.ferric-carboxymaltose.labels.eu.cap_mg.source"),
        (steps_that_fall, "products.ferric-carboxymaltose.labels.eu.minutes.above_mg"),
        (steps_of_other_length, "products.ferric-carboxymaltose.labels.eu.minutes.above_mg"),
        (text_for_a_number, "products.ferric-carboxymaltose.labels.eu.cap_mg.value"),
        (unknown_key, "products.ferric-carboxymaltose.labels.eu.cap:"),
    ],
)
def test_a_spoilt_product_table_is_refused_by_name(
    spoil: Callable[[dict[str, Any]], None], place: str
) -> None:
    values = raw("products")
    parse_products(Table(values, "products.toml", "products"))
    spoil(values)
    with pytest.raises(ProtocolError) as caught:
        parse_products(Table(values, "products.toml", "products"))
    assert f"products.toml: {place}" in str(caught.value)


def test_a_dose_table_with_the_wrong_number_of_cells_is_refused() -> None:
    values = raw("dose_tables")
    values["tables"]["fcm-eu"]["rows"][1]["mg"].append(5)
    with pytest.raises(ProtocolError, match=r"tables\.fcm-eu\.rows\[2\]\.mg"):
        parse_dose_tables(Table(values, "dose_tables.toml", "dose_tables"))


def test_a_dose_row_with_two_limits_is_refused() -> None:
    values = raw("dose_tables")
    values["tables"]["fcm-eu"]["rows"][0]["hb_up_to"] = 100
    with pytest.raises(ProtocolError, match=r"hb_below: stands beside"):
        parse_dose_tables(Table(values, "dose_tables.toml", "dose_tables"))


def test_a_number_nobody_defined_is_an_error() -> None:
    with pytest.raises(ProtocolError, match=r"guard\.height"):
        PROTOCOL.dose_tables.number("guard.height")


def test_a_weight_below_every_column_has_no_answer() -> None:
    table = PROTOCOL.dose_tables.tables["fcm-eu"]
    assert table.visits(D(90), D(-1)) is None
