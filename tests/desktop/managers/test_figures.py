"""Figures of made-up courses: who is counted, of whom, and by which month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from clinical.protocol import load_protocol
from db.queries.decided import DecidedRow
from db.queries.managers import CourseFigures
from desktop.managers.figures import Figure, middle, overridden, share
from desktop.managers.sections import OVERRIDES, SECTIONS, Loaded, section
from desktop.managers.words import figure_basis, figure_name, figure_value, section_name

PROTOCOL = load_protocol()
TODAY = date(2026, 6, 30)
COURSE = CourseFigures(
    1, 1, "R-1", "Marsh", "Ines", None, "ferric-carboxymaltose", "ibd", "Cy Fox", date(2026, 1, 5),
    date(2026, 1, 12), Decimal(1500), None, None, None, None, None, False, False, None, None, None,
)  # fmt: skip


def course(number: int, **more: object) -> CourseFigures:
    return replace(COURSE, course_id=number, patient_id=number, **more)


def taken(number: int, day: int, last: date = COURSE.last_infusion) -> CourseFigures:
    return course(number, last_infusion=last, labs_on=last + timedelta(days=day))


def loaded(*courses: CourseFigures, decided: tuple[DecidedRow, ...] = (), today: date = TODAY) -> Loaded:
    return Loaded(courses, decided, (), today)


def test_bloods_count_on_the_milestone_and_not_a_day_later() -> None:
    first, second, third, none = section("bloods", loaded(taken(1, 42), taken(2, 43), course(3)), PROTOCOL)
    assert [one.course_id for one in first.behind] == [1]
    assert [one.course_id for one in first.left_out] == [2, 3]
    assert (second.part, second.whole) == (2, 3)
    assert [one.course_id for one in none.behind] == [3]
    assert figure_name(first) == "Taken by day 42"
    assert (figure_value(second), figure_basis(second)) == ("67 %", "2 of 3")
    assert third.group == "85"


def test_a_course_that_has_not_come_that_far_is_not_asked_after() -> None:
    young = course(1, last_infusion=TODAY - timedelta(days=41))
    due = course(2, last_infusion=TODAY - timedelta(days=42))
    by_42, by_57, *_ = section("bloods", loaded(young, due), PROTOCOL)
    assert [one.course_id for one in by_42.left_out] == [2]
    assert (by_57.whole, by_57.share, figure_value(by_57)) == (0, None, "nothing yet")


def test_who_left_before_the_day_is_nobodys_delay() -> None:
    gone = course(1, left_on=COURSE.last_infusion + timedelta(days=50))
    by_42, by_57, by_85, none = section("bloods", loaded(gone), PROTOCOL)
    assert (by_42.whole, by_57.whole, by_85.whole, none.whole) == (1, 0, 0, 0)


def test_medians_tell_their_middle_half_and_the_longest_first() -> None:
    figure = middle("infusion-to-bloods", [taken(n, n) for n in (30, 36, 41, 60)], lambda one: one.course_id)
    assert (figure.days, round(figure.days_low or 0), round(figure.days_high or 0)) == (38.5, 34, 46)
    assert [one.course_id for one in figure.behind] == [60, 41, 36, 30]
    assert (figure_value(figure), figure_basis(figure)) == ("38.5 days", "median of 4, half of them 34 to 46")


def test_one_course_is_its_own_median_and_none_says_so() -> None:
    assert middle("infusion-to-bloods", [taken(1, 35)], lambda one: 35).days == 35
    assert figure_value(middle("infusion-to-bloods", [COURSE], lambda one: None)) == "nothing yet"


def test_months_are_those_of_the_last_infusion() -> None:
    rows = [taken(1, 36), course(2), taken(3, 36, date(2026, 3, 2))]
    figure = share("bloods-by", rows, lambda one: one.labs_on is not None)
    assert [(one.month.month, one.value, one.whole) for one in figure.months] == [(1, 0.5, 2), (3, 1.0, 1)]


def test_responses_are_counted_by_product_and_indication() -> None:
    rows = (
        course(1, response="complete"),
        course(2, response="none"),
        course(3, response="adequate", product="iron-sucrose", indication="ckd"),
        course(4, response="too-early"),
    )
    figures = {(one.code, one.group): one for one in section("response", loaded(*rows), PROTOCOL)}
    assert figures["responded", ""].share == pytest.approx(2 / 3)
    assert figures["responded-product", "ferric-carboxymaltose"].share == 0.5
    assert figures["responded-indication", "ckd"].share == 1.0
    assert [one.course_id for one in figures["response-is", "none"].behind] == [2]


def test_low_phosphate_is_a_share_of_those_measured() -> None:
    rows = (course(1, low_phosphate=True), course(2, low_phosphate=False), course(3))
    measured, low = section("phosphate", loaded(*rows), PROTOCOL)
    assert ((measured.part, measured.whole), (low.part, low.whole)) == ((2, 3), (1, 2))
    assert figure_name(low) == "Low when measured, ferric CARBOXYMALTOSE"


def test_reactions_leave_out_infusions_without_a_grade() -> None:
    rows = (course(1, grade=0), course(2, grade=2), course(3))
    product, grade = section("reactions", loaded(*rows), PROTOCOL)
    assert (product.part, product.whole, grade.group, grade.part) == (1, 2, "2", 1)


def decision(number: int, kind: str, outcome: str = "ongoing-loss") -> DecidedRow:
    return DecidedRow(number, number, "R", "Marsh", "Ines", outcome, kind, TODAY)


@pytest.mark.parametrize(
    ("overrides", "follows", "flagged"), [(41, 9, True), (40, 10, False), (40, 9, False), (49, 0, False)]
)
def test_a_rule_overridden_too_often_is_flagged(overrides: int, follows: int, flagged: bool) -> None:
    rows = [decision(n, "not-appropriate") for n in range(overrides)]
    rows += [decision(100 + n, "accept") for n in range(follows)]
    [figure] = overridden(rows, OVERRIDES)
    assert figure.flagged is flagged


def test_a_deferral_is_no_override_and_the_most_overridden_comes_first() -> None:
    rows = (decision(1, "defer"), decision(2, "choose-another", "functional"), decision(3, "accept"))
    figures = section("overrides", loaded(decided=rows), PROTOCOL)
    assert [(one.group, one.part, one.whole) for one in figures] == [
        ("functional", 1, 1),
        ("ongoing-loss", 0, 2),
    ]


def test_every_figure_of_every_section_has_a_name() -> None:
    rows = (
        taken(1, 36),
        course(2, response="complete", low_phosphate=True, grade=1, product="", indication=""),
    )
    everything = loaded(*rows, decided=(decision(1, "accept"),))
    for name in SECTIONS:
        assert section_name(name)
        for figure in section(name, everything, PROTOCOL):
            assert figure_name(figure).strip()
            assert "{" not in figure_name(figure) + figure_value(figure) + figure_basis(figure)


def test_counted_and_left_out_make_the_whole() -> None:
    for name in SECTIONS:
        for figure in section(name, loaded(taken(1, 36), taken(2, 50), course(3)), PROTOCOL):
            assert isinstance(figure, Figure)
            assert figure.whole == len({one.course_id for one in (*figure.behind, *figure.left_out)})
