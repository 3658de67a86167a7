"""Baseline, follow-up and best values: which of several is chosen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from case_tables import DAY_0, read_case

from clinical.outcome import Profile, Response
from clinical.protocol import load_protocol
from clinical.situation import Situation, observe

PROTOCOL = load_protocol()

BASE = {
    "as_of": 60,
    "patient": {"sex": "female", "age_years": 44, "weight_kg": 65, "height_cm": 166},
    "course": {"product": "ferric-derisomaltose", "label": "eu", "given": [[-7, 1000], [0, 500]]},
    "labs": {"-14": "haemoglobin 88 g/L; ferritin 6 ug/L"},
}


def situation(**row: object) -> Situation:
    return observe(read_case(BASE, {"name": "response", "expect": {}, **row}, "test").facts, PROTOCOL)


@pytest.mark.parametrize(
    ("day", "known"),
    [(-63, True), (-64, False), (-7, True), (-6, False)],
    ids=["56 d", "57 d", "same day", "after"],
)
def test_baseline_haemoglobin_is_0_to_56_days_before_the_first_infusion(day: int, known: bool) -> None:
    s = situation(labs={"-14": "haemoglobin -", str(day): "haemoglobin 90 g/L"})
    assert (s.chosen.baseline_hb is not None) is known


@pytest.mark.parametrize(("day", "known"), [(-21, False), (-22, True)])
def test_baseline_is_not_within_a_week_of_a_transfusion(day: int, known: bool) -> None:
    s = situation(transfusions=[[day, 1]])
    assert (s.chosen.baseline_hb is not None) is known


@pytest.mark.parametrize(("first", "known"), [(-41, False), (-42, True)])
def test_baseline_ferritin_is_not_within_28_days_of_other_iron(first: int, known: bool) -> None:
    s = situation(previous=[{"product": "iron-sucrose", "given": [[first, 200]]}])
    assert ("ferritin" in s.chosen.baseline) is known


@pytest.mark.parametrize(("day", "known"), [(-91, True), (-92, False)])
def test_baseline_ferritin_is_up_to_84_days_old(day: int, known: bool) -> None:
    s = situation(labs={"-14": "ferritin -", str(day): "ferritin 8 ug/L"})
    assert ("ferritin" in s.chosen.baseline) is known


def test_follow_up_is_the_latest_valid_haemoglobin() -> None:
    s = situation(labs={"20": "haemoglobin 99 g/L", "30": "haemoglobin 105 g/L", "40": "haemoglobin 112 g/L"})
    assert s.hb is not None
    assert s.hb.value == 112
    assert s.day == 40
    assert s.valid


def test_follow_up_is_not_within_a_week_of_a_transfusion() -> None:
    labs = {"30": "haemoglobin 105 g/L", "40": "haemoglobin 112 g/L"}
    near, far = situation(labs=labs, transfusions=[[33, 1]]), situation(labs=labs, transfusions=[[32, 1]])
    assert near.day == 30
    assert far.day == 40


@pytest.mark.parametrize(("day", "known"), [(54, True), (55, False), (28, True), (27, False)])
def test_other_values_are_within_14_days_and_from_day_28(day: int, known: bool) -> None:
    hb_day = "40" if day > 30 else "30"
    s = situation(labs={hb_day: "haemoglobin 112 g/L", str(day): "ferritin 80 ug/L"})
    assert (s.ferritin is not None) is known


def test_best_haemoglobin_is_from_day_14_on() -> None:
    early = {"13": "haemoglobin 140 g/L", "14": "haemoglobin 125 g/L", "40": "haemoglobin 112 g/L"}
    s = situation(labs=early)
    assert s.best.haemoglobin is not None
    assert s.best.haemoglobin.value == 125
    assert s.fall_from_best == 13


def test_given_iron_counts_up_to_the_follow_up_and_not_what_is_planned() -> None:
    s = situation(
        as_of=30, labs={"29": "haemoglobin 112 g/L"}, course={"given": [[-7, 1000], [0, 500], [31, 500]]}
    )
    assert s.dose.given_mg == 1500
    assert s.times.anchor == DAY_0


def test_an_infusion_after_the_laboratory_makes_it_an_interim_value() -> None:
    s = situation(as_of=41, labs={"35": "haemoglobin 112 g/L"}, course={"given": [[0, 500], [36, 500]]})
    assert s.hb is None
    assert s.response is Response.NOT_ASSESSABLE


def test_transfusions_before_the_follow_up_count_against_what_is_owed() -> None:
    course = {"given": [[0, 500]]}
    one = situation(course=course, labs={"40": "haemoglobin 112 g/L"}, transfusions=[[3, 1]])
    none = situation(course=course, labs={"40": "haemoglobin 112 g/L"})
    assert none.dose.owed_mg is not None
    assert one.dose.owed_mg == none.dose.owed_mg - 225


@pytest.mark.parametrize(("weeks", "cut"), [(12, 110), (13, 105), (27, 105), (28, 110)])
def test_cut_off_follows_the_trimester_of_the_follow_up(weeks: int, cut: int) -> None:
    s = situation(labs={"40": "haemoglobin 107 g/L"}, patient={"pregnancy": {"weeks": weeks, "day": 40}})
    assert s.cut_off.anaemic_below == cut
    assert s.profile is Profile.PREGNANT


@pytest.mark.parametrize(
    ("age", "sex", "cut"),
    [(4, "male", 110), (5, "male", 115), (12, "male", 120), (14, "male", 120), (15, "male", 130)],
)
def test_cut_off_by_age(age: int, sex: str, cut: int) -> None:
    assert situation(patient={"age_years": age, "sex": sex}).cut_off.anaemic_below == cut


def test_cut_off_of_an_infant_by_birth_date() -> None:
    born = (DAY_0 + timedelta(days=60) - timedelta(days=400)).isoformat()
    s = situation(patient={"age_years": "unknown", "birth_date": born})
    assert s.cut_off.anaemic_below == Decimal(105)
