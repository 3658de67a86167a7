"""Plans within caps, intervals and totals: both sides of limits, and properties."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

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
    D,
    facts,
    planned,
    shape,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical import dosing
from clinical.facts import Course, Facts, Infusion, Label, Pregnancy, Product
from clinical.outcome import PlannedDose

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
