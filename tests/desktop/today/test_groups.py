"""Grouping and filtering of open steps: pure values."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from db.queries.people import Owner
from db.queries.worklist_rows import StepRow
from desktop.today.groups import ALL, MINE, ROLE, Group, group_of, matching, sections, status_of
from desktop.today.words import list_row, spoken, when
from desktop.widgets.marks import Status
from desktop.wording import short_date

TODAY = date(2026, 2, 12)
MINA, TOMAS, REED = (
    Owner(1, "Mina Okafor", "MO", "coordinator"),
    Owner(2, "Tomas Nowak", "TN", "coordinator"),
    Owner(3, "Dr Reed", "DR", "clinician"),
)


def step(days: int, urgency: str = "routine", owner: Owner = MINA, **values: Any) -> StepRow:
    """A step due so many days from today."""
    due = TODAY + timedelta(days=days)
    given: dict[str, Any] = {
        "step_id": 100 + days, "version": 1, "course_id": 200 + days, "patient_id": 1, "number": "R-1",
        "surname": "Rossi", "given": "Paolo", "birth_date": date(1959, 5, 1), "sex": "male",
        "action": "chase-labs", "due": due, "days_late": max(0, -days), "urgency": urgency,
        "course_status": "awaiting-labs", "outcome": None, "detail": {}, "why": {}, "owner_id": owner.id,
        "owner_name": owner.name, "owner_initials": owner.initials, "assessment_id": None,
    }  # fmt: skip
    return StepRow(**{**given, **values})


@pytest.mark.parametrize(
    ("days", "urgency", "group"),
    [
        (-1, "routine", Group.OVERDUE),
        (0, "soon", Group.TODAY),
        (1, "routine", Group.WEEK),
        (7, "routine", Group.WEEK),
        (8, "routine", Group.LATER),
        (-9, "urgent", Group.URGENT),
        (30, "emergency", Group.URGENT),
    ],
)
def test_each_step_stands_in_one_group(days: int, urgency: str, group: Group) -> None:
    assert group_of(step(days, urgency), TODAY) is group


def test_the_most_pressing_group_is_first_and_the_order_of_risk_stays() -> None:
    steps = (step(8), step(-1), step(0, "urgent"), step(-3), step(2))
    made = sections(steps, TODAY)
    assert [section.group for section in made] == [Group.URGENT, Group.OVERDUE, Group.WEEK, Group.LATER]
    assert [one.due for one in made[1].steps] == [TODAY - timedelta(days=1), TODAY - timedelta(days=3)]


def test_every_step_is_in_exactly_one_section() -> None:
    steps = tuple(step(days) for days in range(-20, 20))
    assert sorted(one.step_id for section in sections(steps, TODAY) for one in section.steps) == sorted(
        one.step_id for one in steps
    )


def test_filters_show_mine_and_those_of_my_role() -> None:
    steps = (step(0), step(1, owner=TOMAS), step(2, owner=REED))
    people = (MINA, TOMAS, REED)
    assert len(matching(steps, ALL, MINA, people)) == 3
    assert [one.owner_id for one in matching(steps, MINE, MINA, people)] == [1]
    assert [one.owner_id for one in matching(steps, ROLE, MINA, people)] == [1, 2]


def test_marks_are_shapes_by_state() -> None:
    assert status_of(step(0, "urgent"), TODAY) is Status.URGENT
    assert status_of(step(-2), TODAY) is Status.OVERDUE
    assert status_of(step(3), TODAY) is Status.DUE


def test_a_row_says_late_first_and_a_screen_reader_hears_words() -> None:
    late = step(-3)
    assert when(late, TODAY) == f"3 days late · {short_date(late.due, TODAY)}"
    assert "overdue by 3 days" in spoken(late, TODAY)
    assert when(step(0, "urgent"), TODAY) == "today, same day"
    row = list_row(late, TODAY)
    assert (row.id, row.name, row.age_sex, row.late) == (late.course_id, "Rossi, Paolo", "66 M", True)
