"""Purity: the order of results, the day on the calendar and the machine do not matter."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from case_tables import DAY_0, Case, read_tables
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.assessment import assess
from clinical.cases import assessment_to_json, dumps
from clinical.facts import Facts, LabResult
from clinical.outcome import Action, Outcome, Urgency
from clinical.protocol import load_protocol

CASES = read_tables()
PROTOCOL = load_protocol()

any_case = st.sampled_from(CASES)


def text_of(facts: Facts) -> str:
    """The assessment as it is written."""
    return dumps(assessment_to_json(assess(facts, PROTOCOL)))


def moved(facts: Facts, days: int) -> Facts:
    """The same facts with every date moved."""

    def move(day: date) -> date:
        return day + timedelta(days=days)

    patient = facts.patient
    born, pregnancy = patient.birth_date, patient.pregnancy
    courses = [
        replace(course, infusions=tuple(replace(i, date=move(i.date)) for i in course.infusions))
        for course in (*facts.previous_courses, *((facts.course,) if facts.course else ()))
    ]
    return replace(
        facts,
        as_of=move(facts.as_of),
        patient=replace(
            patient,
            birth_date=None if born is None else move(born),
            pregnancy=None if pregnancy is None else replace(pregnancy, on=move(pregnancy.on)),
        ),
        course=courses.pop() if facts.course else None,
        previous_courses=tuple(courses),
        transfusions=tuple(replace(t, date=move(t.date)) for t in facts.transfusions),
        oral_iron=tuple(
            replace(o, since=move(o.since), until=None if o.until is None else move(o.until))
            for o in facts.oral_iron
        ),
        results=tuple(replace(r, collected=move(r.collected)) for r in facts.results),
    )


@given(any_case, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_order_of_results_does_not_matter(case: Case, random: object) -> None:
    results = list(case.facts.results)
    random.shuffle(results)  # type: ignore[attr-defined]
    assert text_of(replace(case.facts, results=tuple(results))) == text_of(case.facts)


@given(any_case)
@settings(max_examples=100, deadline=None)
def test_order_of_everything_else_does_not_matter(case: Case) -> None:
    facts = case.facts
    course = facts.course
    turned = replace(
        facts,
        previous_courses=facts.previous_courses[::-1],
        transfusions=facts.transfusions[::-1],
        oral_iron=facts.oral_iron[::-1],
        course=None if course is None else replace(course, infusions=course.infusions[::-1]),
    )
    assert text_of(turned) == text_of(facts)


WITHOUT_MONTHS = [
    case
    for case in CASES
    if not any(
        s.action in (Action.FOLLOW_UP, Action.DISCHARGE) for s in assess(case.facts, PROTOCOL).next_steps
    )
]


@given(st.sampled_from(WITHOUT_MONTHS), st.integers(-900, 900))
@settings(max_examples=150, deadline=None)
def test_moving_every_date_moves_the_answer(case: Case, days: int) -> None:
    """Follow-up in calendar months is left out: months have different lengths."""
    there = text_of(moved(case.facts, days))
    back = re.sub(
        r"\d{4}-\d{2}-\d{2}",
        lambda m: (date.fromisoformat(m.group()) - timedelta(days=days)).isoformat(),
        there.replace(PROTOCOL.label, "protocol"),
    )
    assert back == text_of(case.facts).replace(PROTOCOL.label, "protocol")


@given(any_case)
@settings(max_examples=100, deadline=None)
def test_the_same_facts_give_the_same_bytes(case: Case) -> None:
    assert text_of(case.facts) == text_of(replace(case.facts))


@given(any_case, st.integers(15, 69))
@settings(max_examples=100, deadline=None)
def test_a_newest_haemoglobin_under_70_is_always_urgent(case: Case, hb: int) -> None:
    result = LabResult(case.facts.as_of, "haemoglobin", Decimal(hb), "g/L")
    results = tuple(
        r for r in case.facts.results if r.collected != case.facts.as_of or r.analyte != "haemoglobin"
    )
    found = assess(replace(case.facts, results=(*results, result)), PROTOCOL)
    assert found.outcome is Outcome.URGENT
    assert found.urgency is Urgency.EMERGENCY
    assert not found.dose.plan


@given(any_case, st.integers(0, 400))
@settings(max_examples=100, deadline=None)
def test_a_value_no_rule_looks_at_changes_nothing(case: Case, alt: int) -> None:
    result = LabResult(case.facts.as_of, "alt", Decimal(alt + 3), "U/L")
    assert text_of(replace(case.facts, results=(*case.facts.results, result))) == text_of(case.facts)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_numbers_in_the_written_answer_are_plain(case: Case) -> None:
    text = text_of(case.facts)
    assert json.loads(text)["outcome"]
    assert not re.search(r"\dE[+-]?\d", text)


def test_every_outcome_is_reached_by_some_table_row() -> None:
    reached = {assess(case.facts, PROTOCOL).outcome for case in CASES}
    assert reached == set(Outcome)


def test_course_without_infusion_and_case_without_course() -> None:
    base = CASES[0].facts
    course = base.course
    assert course is not None
    planned = assess(replace(base, course=replace(course, infusions=())), PROTOCOL)
    assert planned.window is None
    assert planned.outcome is Outcome.NO_FOLLOW_UP_YET
    alone = assess(replace(base, course=None), PROTOCOL)
    assert alone.window is None
    assert alone.dose.plan == ()
    assert alone.dose.need_mg is not None


def test_protocol_label_and_days_are_in_the_answer() -> None:
    found = assess(CASES[0].facts, PROTOCOL)
    assert found.protocol == "replete 2026-11-proposal"
    assert found.window is not None
    assert found.window.anchor == DAY_0
    assert found.window.target == DAY_0 + timedelta(days=35)


WORSE_VALUES = {
    "haemoglobin": ("g/L", [150, 131, 130, 121, 119, 110, 108, 101, 99, 92, 85, 81, 79, 71, 69, 40]),
    "phosphate": ("mmol/L", ["1.2", "0.81", "0.80", "0.79", "0.66", "0.64", "0.33", "0.31"]),
    "neutrophils": ("10*9/L", ["3.0", "1.6", "1.5", "1.4", "1.1", "1.0", "0.9"]),
    "platelets": ("10*9/L", [250, 101, 100, 99, 51, 50, 49]),
}


@pytest.mark.parametrize("analyte", WORSE_VALUES)
def test_a_worse_newest_value_is_never_less_urgent(analyte: str) -> None:
    order = list(Urgency)
    unit, values = WORSE_VALUES[analyte]
    for case in CASES[::4]:
        same = [r.collected for r in case.facts.results if r.analyte == analyte]
        day = max([d for d in same if d <= case.facts.as_of], default=case.facts.as_of)
        kept = tuple(r for r in case.facts.results if not (r.analyte == analyte and r.collected >= day))
        ranks = [
            order.index(
                assess(
                    replace(case.facts, results=(*kept, LabResult(day, analyte, Decimal(value), unit))),
                    PROTOCOL,
                ).urgency
            )
            for value in values
        ]
        assert ranks == sorted(ranks, reverse=True), case.name
