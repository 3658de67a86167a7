"""Safety gates: each one on both sides of its limit, for the right products only, and listed when passed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from gate_cases import (
    ASK,
    BLOCK,
    DAY,
    EU,
    FCM,
    FDI,
    FMX,
    IPM,
    IS,
    PASS,
    PROTOCOL,
    US,
    D,
    ago,
    facts,
    gates,
    phosphate,
)

from clinical.facts import (
    CONDITIONS,
    Course,
    Infusion,
    Label,
    Pregnancy,
    Product,
    Sex,
)
from clinical.gates import (
    GateState,
    blocked_for_good,
    blocking,
    product_gates,
    products_that_pass,
)
from clinical.outcome import Because


def test_passed_gates_are_listed_too_in_one_order_for_every_patient() -> None:
    found = [gate.code for gate in product_gates(facts(), FDI, EU, DAY, PROTOCOL)]
    assert found == [
        "hypersensitivity",
        "reaction",
        "first-trimester",
        "bacteraemia",
        "active-infection",
        "decompensated-cirrhosis",
        "age-below-label",
        "heart-failure-haemoglobin",
        "phosphate",
        "weight",
        "dose-within-caps",
        "interval",
        "severe-asthma-or-atopy",
        "autoimmune-inflammatory",
    ]
    sick = facts(conditions=CONDITIONS, given=[(1, 1000, 3)], weight=None, age=3)
    assert [gate.code for gate in product_gates(sick, FDI, EU, DAY, PROTOCOL)] == found
    assert all(gate.source for gate in product_gates(sick, FDI, EU, DAY, PROTOCOL))


def test_a_healthy_man_passes_every_gate() -> None:
    assert blocking(product_gates(facts(), FCM, EU, DAY, PROTOCOL)) == ()
    assert all(gate.state is PASS for gate in product_gates(facts(), FCM, EU, DAY, PROTOCOL))


# Hypersensitivity and reactions


def test_hypersensitivity_blocks_its_own_product_and_ferumoxytol() -> None:
    known = facts(conditions=["hypersensitivity:iron-sucrose"])
    assert gates(known, IS)["hypersensitivity"].state is BLOCK
    assert gates(known, IS)["hypersensitivity"].hard
    assert gates(known, FCM)["hypersensitivity"].state is PASS
    assert gates(known, FMX, US)["hypersensitivity"].state is BLOCK


@pytest.mark.parametrize(
    ("grade", "state", "hard"),
    [
        (None, PASS, True),
        (0, PASS, True),
        (1, ASK, False),
        (2, BLOCK, False),
        (3, BLOCK, True),
        (4, BLOCK, True),
    ],
)
def test_reactions_to_the_same_product(grade: int | None, state: GateState, hard: bool) -> None:
    found = gates(facts(given=[(400, 500, grade)]))["reaction"]
    assert (found.state, found.hard) == (state, hard)
    assert found.until is None


@pytest.mark.parametrize(("grade", "state"), [(1, PASS), (2, BLOCK), (3, BLOCK)])
def test_a_reaction_to_any_iron_blocks_ferumoxytol(grade: int, state: GateState) -> None:
    known = facts(given=[(400, 500, grade)])
    found = gates(known, FMX, US)["reaction"]
    assert found.state is state
    assert gates(known, FDI)["reaction"].state is PASS
    if state is BLOCK:
        assert found.hard
        assert found.because == (Because("reaction-grade", D(grade), "grade", ago(400), ">=", D(2)),)


def test_a_reaction_today_counts_and_one_of_a_later_day_does_not() -> None:
    assert gates(facts(given=[(0, 500, 3)]))["reaction"].state is BLOCK
    assert gates(facts(given=[(-1, 500, 3)]))["reaction"].state is PASS


def test_a_severe_reaction_in_an_earlier_course_blocks_for_good() -> None:
    before = [Course(FCM, EU, None, (Infusion(ago(2000), D(500), 3),))]
    assert gates(facts(product=FDI, before=before), FCM)["reaction"].state is BLOCK
    assert blocked_for_good(product_gates(facts(before=before), FCM, EU, DAY, PROTOCOL))


# Pregnancy, conditions, age, heart failure


@pytest.mark.parametrize("product", [FCM, FDI, IS])
@pytest.mark.parametrize(("weeks", "state"), [("12.9", BLOCK), ("13", PASS), ("30", PASS)])
def test_first_trimester_blocks_every_product_until_13_weeks(
    product: Product, weeks: str, state: GateState
) -> None:
    known = facts(sex=Sex.FEMALE, age=30, pregnancy=Pregnancy(D(weeks), DAY))
    found = gates(known, product)["first-trimester"]
    assert found.state is state
    assert found.until == (DAY + timedelta(days=1) if state is BLOCK else None)
    assert not blocked_for_good(product_gates(known, product, EU, DAY, PROTOCOL))


@pytest.mark.parametrize(
    ("sex", "age", "state"),
    [
        (Sex.FEMALE, 11, PASS),
        (Sex.FEMALE, 12, ASK),
        (Sex.FEMALE, 55, ASK),
        (Sex.FEMALE, 56, PASS),
        (Sex.MALE, 30, PASS),
    ],
)
def test_who_is_asked_about_pregnancy(sex: Sex, age: int, state: GateState) -> None:
    assert gates(facts(sex=sex, age=age))["first-trimester"].state is state


@pytest.mark.parametrize(
    ("condition", "hard"),
    [("bacteraemia", True), ("active-infection", False), ("decompensated-cirrhosis", True)],
)
def test_conditions_that_stop_every_product(condition: str, hard: bool) -> None:
    for product, known in PROTOCOL.products.items():
        for label in known.labels:
            found = gates(facts(conditions=[condition]), product, label)[condition]
            assert (found.state, found.hard) == (BLOCK, hard)
            assert found.because == (Because("condition", condition),)
            assert gates(facts(), product, label)[condition].state is PASS


@pytest.mark.parametrize(
    ("product", "label", "age", "state"),
    [
        (FDI, EU, 17, BLOCK),
        (FDI, EU, 18, PASS),
        (FCM, EU, 0, BLOCK),
        (FCM, EU, 1, PASS),
        (FCM, Label.US_HEART_FAILURE, 17, BLOCK),
        (IS, US, 1, BLOCK),
        (IS, US, 2, PASS),
        (Product.SODIUM_FERRIC_GLUCONATE, US, 5, BLOCK),
        (Product.SODIUM_FERRIC_GLUCONATE, US, 6, PASS),
        (Product.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, EU, 13, BLOCK),
        (Product.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, EU, 14, PASS),
        (FMX, US, 17, BLOCK),
        (FDI, EU, None, ASK),
    ],
)
def test_age_below_the_label(product: Product, label: Label, age: int | None, state: GateState) -> None:
    assert gates(facts(age=age), product, label)["age-below-label"].state is state


@pytest.mark.parametrize(("born", "state"), [(date(2025, 11, 21), BLOCK), (date(2025, 11, 20), PASS)])
def test_iron_dextran_us_from_four_months(born: date, state: GateState) -> None:
    known = facts(age=None, born=born)
    found = gates(known, Product.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN, US)["age-below-label"]
    assert found.state is state


@pytest.mark.parametrize(("hb", "state"), [("149.9", PASS), ("150", BLOCK), (None, ASK)])
def test_heart_failure_from_150(hb: str | None, state: GateState) -> None:
    value = None if hb is None else D(hb)
    code = "heart-failure-haemoglobin"
    assert gates(facts(conditions=["heart-failure"]), FCM, EU, hb=value)[code].state is state
    assert gates(facts(), FCM, Label.US_HEART_FAILURE, hb=value)[code].state is state
    assert gates(facts(), FCM, EU, hb=value)[code].state is PASS


# Weight, dose, interval


@pytest.mark.parametrize(
    ("weight", "state"),
    [(None, BLOCK), ("4.9", BLOCK), ("5", PASS), ("350", PASS), ("350.1", BLOCK)],
)
def test_no_dose_without_a_usable_weight(weight: str | None, state: GateState) -> None:
    assert gates(facts(weight=weight))["weight"].state is state


@pytest.mark.parametrize(
    ("product", "label", "weight", "dose", "state"),
    [
        (FCM, EU, "50", "1000", PASS),
        (FCM, EU, "50", "1001", BLOCK),
        (FCM, EU, "49.9", "1000", BLOCK),
        (FDI, EU, "82", "1640", PASS),
        (FDI, EU, "82", "1641", BLOCK),
        (IS, EU, "82", "200", PASS),
        (IS, EU, "82", "201", BLOCK),
        (FMX, US, "82", "510", PASS),
        (FMX, US, "82", "511", BLOCK),
    ],
)
def test_the_dose_is_held_against_the_cap(
    product: Product, label: Label, weight: str, dose: str, state: GateState
) -> None:
    found = gates(facts(weight=weight), product, label, dose_mg=D(dose))["dose-within-caps"]
    assert found.state is state


@pytest.mark.parametrize(("days", "state"), [(6, BLOCK), (7, PASS)])
@pytest.mark.parametrize(("product", "label"), [(FCM, EU), (FCM, US), (FDI, EU)])
def test_the_interval_ends_on_a_day(product: Product, label: Label, days: int, state: GateState) -> None:
    known = facts(product=product, label=label, given=[(days, 1000, None)])
    found = gates(known, product, label, planned_part=True)["interval"]
    assert found.state is state
    assert found.until == (DAY + timedelta(days=1) if state is BLOCK else None)


def test_fcm_eu_interval_depends_on_the_dose() -> None:
    known = facts(given=[(2, 500, None)])
    assert gates(known, dose_mg=D(500), planned_part=True)["interval"].state is PASS
    assert gates(known, dose_mg=D(600), planned_part=True)["interval"].until == DAY + timedelta(days=5)


# Cautions and the choice of another product


def test_cautions_ask_and_never_block() -> None:
    codes = ["severe-asthma-or-atopy", "autoimmune-inflammatory", "chronic-liver-disease"]
    found = gates(facts(conditions=codes))
    for code in codes:
        assert (found[code].state, found[code].hard) == (ASK, False)
    assert gates(facts(), FMX, US)["planned-mri"].state is ASK
    sfg = Product.SODIUM_FERRIC_GLUCONATE
    pregnant = facts(sex=Sex.FEMALE, age=30, pregnancy=Pregnancy(D(24), DAY))
    assert gates(pregnant, sfg, US)["pregnancy-benzyl-alcohol"].state is ASK
    assert gates(facts(), sfg, US)["pregnancy-benzyl-alcohol"].state is PASS


def test_other_products_for_a_low_phosphate() -> None:
    low = phosphate("0.55")
    found = products_that_pass(facts(given=[(37, 1000, None)]), EU, DAY, PROTOCOL, phosphate=low)
    assert FCM not in found
    assert FDI in found
    assert IS in found
    assert FMX not in found  # no such label there
    in_us = products_that_pass(facts(), Label.US_HEART_FAILURE, DAY, PROTOCOL)
    assert FMX in in_us
    assert IPM not in in_us


def test_when_every_product_is_blocked_none_is_named() -> None:
    assert products_that_pass(facts(conditions=["bacteraemia"]), EU, DAY, PROTOCOL) == ()
    allergic = facts(conditions=[f"hypersensitivity:{product}" for product in Product])
    assert products_that_pass(allergic, US, DAY, PROTOCOL) == ()


def test_a_block_with_an_end_does_not_keep_a_product_out() -> None:
    known = facts(product=FDI, given=[(2, 1000, None)])
    assert FDI in products_that_pass(known, EU, DAY, PROTOCOL)
