"""Corners the case tables do not reach: guards of small functions, each tried by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from case_tables import read_tables

from clinical.cases import CaseError, facts_from_json, loads
from clinical.dosing import assess_need, plan
from clinical.facts import Course, Facts, Infusion, Label, Patient, Pregnancy, Product, Sex
from clinical.gates import stopping_gates
from clinical.gates.kinds import Asked
from clinical.next_steps import Plan
from clinical.outcome import Action
from clinical.person import weeks_at_least, without_impossible_pregnancy
from clinical.protocol import ProtocolError, load_protocol, protocol_from_text
from clinical.protocol.conversions import MOST_KEPT, Conversions
from clinical.rules.evidence import short
from clinical.situation import observe
from clinical.timeline import timeline

PROTOCOL = load_protocol()
D = Decimal
DAY = date(2026, 3, 2)
FCM, FDI = Product.FERRIC_CARBOXYMALTOSE, Product.FERRIC_DERISOMALTOSE
LMWID = Product.LOW_MOLECULAR_WEIGHT_IRON_DEXTRAN
CASES = {case.name: case.facts for case in read_tables()}
ANYBODY = Patient(sex=Sex.FEMALE, age_years=60, weight_kg=D(70), height_cm=D(170))


def facts(product: Product = FCM, *given: tuple[int, int]) -> Facts:
    infusions = tuple(Infusion(DAY + timedelta(days=day), D(mg)) for day, mg in given)
    return Facts(DAY, ANYBODY, Course(product, None, None, infusions))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '{"as_of": "2026-03-02", "patient": {"sex": "female", "birth_date": "2026-03-03"}}',
            "birth_date: lies after",
        ),
        (
            f'{{"case": "{"x" * 5000}", "as_of": "2026-03-02", "patient": {{"sex": "female"}}}}',
            "case: must be a text of",
        ),
    ],
)
def test_a_case_that_cannot_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(CaseError, match=said):
        facts_from_json(loads(text))


def test_the_dextran_formula_needs_a_haemoglobin_and_says_what_else_it_lacks() -> None:
    needs = assess_need(facts(LMWID), None, DAY, PROTOCOL)
    assert needs.not_computable["lmwid-formula"] == "haemoglobin-unknown"
    unknown = replace(facts(LMWID), patient=replace(ANYBODY, sex=Sex.UNKNOWN, height_cm=None))
    assert assess_need(unknown, D(90), DAY, PROTOCOL).missing == ("height",)
    heavy = replace(facts(LMWID), patient=replace(ANYBODY, sex=Sex.UNKNOWN, weight_kg=D(120)))
    assert assess_need(heavy, D(90), DAY, PROTOCOL).missing == ("sex",)


def test_a_dose_over_the_cap_is_among_the_gates_in_the_way() -> None:
    for mg, there in ((1001, True), (1000, False)):
        product = PROTOCOL.products[FCM]
        gates = stopping_gates(Asked(facts(), product, Label.EU, DAY, PROTOCOL, None, None, False, D(mg)))
        assert ("dose-within-caps" in [gate.code for gate in gates]) is there


def test_a_step_is_never_due_in_the_past_and_the_earlier_of_two_stays() -> None:
    steps = Plan(observe(facts(), PROTOCOL), frozenset())
    steps.add(Action.WORK_UP, DAY - timedelta(days=1), causes=["base"])
    assert [step.due for step in steps.ordered()] == [DAY]
    steps.add(Action.REPEAT_LABS, DAY + timedelta(days=9), tests=["ferritin"])
    steps.add(Action.REPEAT_LABS, DAY + timedelta(days=7), reason="soon")
    steps.add(Action.REPEAT_LABS, DAY + timedelta(days=8), reason="later")
    last = steps.ordered()[-1]
    assert (last.due, last.detail) == (DAY + timedelta(days=7), {"tests": ["ferritin"], "reason": "soon"})


def test_pregnancy_is_asked_about_only_where_it_can_be() -> None:
    carried = Pregnancy(D(36), DAY)
    man = replace(facts(), patient=replace(ANYBODY, sex=Sex.MALE, pregnancy=carried))
    assert without_impossible_pregnancy(man).patient.pregnancy is None
    assert without_impossible_pregnancy(facts()) == facts()
    woman = replace(facts(), patient=replace(ANYBODY, pregnancy=carried))
    assert weeks_at_least(woman, DAY, D(36), PROTOCOL)
    assert not weeks_at_least(woman, DAY, D(37), PROTOCOL)
    assert not weeks_at_least(facts(), DAY, D(0), PROTOCOL)


def test_the_heart_failure_schedule_counts_the_doses_of_its_own_product() -> None:
    ours = plan(D(1500), facts(FCM, (-50, 1000)), FCM, Label.US_HEART_FAILURE, DAY, PROTOCOL, D(98))
    assert [dose.dose_mg for dose in ours] == [1000]
    for other in (facts(FDI, (-50, 1000)), replace(facts(), course=None)):
        doses = plan(D(1500), other, FCM, Label.US_HEART_FAILURE, DAY, PROTOCOL, D(98))
        assert [dose.dose_mg for dose in doses] == [1000, 500]


def test_many_spellings_of_units_do_not_fill_the_memory() -> None:
    kept = Conversions(PROTOCOL.analytes)
    kept.update({("haemoglobin", f"unit {n}"): None for n in range(MOST_KEPT)})
    assert kept["haemoglobin", "g/dL"] is not None
    assert len(kept) == MOST_KEPT


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("more_than = [true, false]", "more_than = [true]", "minutes.more_than"),
        ("more_than = [true, false]", "more_than = [1, 0]", "minutes.more_than"),
        ("more_than = [true, false]", 'more_than = "yes"', "minutes.more_than"),
        ("[protocol]", "[protocol", "is not valid TOML"),
    ],
)
def test_a_spoilt_text_of_a_protocol_is_refused(old: str, new: str, place: str) -> None:
    with pytest.raises(ProtocolError, match=place):
        protocol_from_text(PROTOCOL.text.replace(old, new, 1), "stored")


def test_a_figure_is_printed_short_where_that_stays_true() -> None:
    assert short(D("1E+3"), None, None) == 1000
    assert short(D("1E-7"), ">", D(0)) == D("1E-7")
    assert short(D("0.80000"), "<=", D("0.8")) == D("0.8")
    assert short(D("0.80004"), "<=", D("0.80004")) == D("0.8")
    assert short(D("0.800041"), ">", D("0.80004")) == D("0.800041")


def test_iron_given_until_a_day_leaves_out_what_came_later() -> None:
    times = timeline(facts(FCM, (-20, 500), (-10, 300)), PROTOCOL)
    assert [times.given_mg(DAY - timedelta(days=back)) for back in (20, 11, 10)] == [500, 500, 800]
    assert times.given_mg() == 800
