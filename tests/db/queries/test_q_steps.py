"""How far a list of open steps goes."""

from __future__ import annotations

from datetime import date

import pytest

from db.queries.steps import BY_RISK, BY_URGENCY, Reach, StepTally, reach

MONDAY, TUESDAY, FRIDAY = date(2026, 2, 9), date(2026, 2, 10), date(2026, 2, 13)


def steps(urgency: str, due: date, many: int, owner: int = 1) -> StepTally:
    """So many steps."""
    return StepTally(owner, "chase-labs", urgency, due, many)


TALLY = (
    steps("routine", FRIDAY, 30),
    steps("soon", TUESDAY, 3),
    steps("routine", MONDAY, 4),
    steps("routine", MONDAY, 1, owner=2),
    steps("urgent", FRIDAY, 2),
)
URGENT = (("emergency",), None), (("urgent",), None)


@pytest.mark.parametrize(
    ("wanted", "last"), [(1, None), (2, None), (3, MONDAY), (7, MONDAY), (8, TUESDAY), (10, TUESDAY)]
)
def test_a_list_by_risk_goes_to_the_end_of_a_day(wanted: int, last: date | None) -> None:
    rest = () if last is None else ((("soon", "routine"), last),)
    assert reach(TALLY, BY_RISK, wanted) == Reach((*URGENT, *rest), whole=False)


def test_a_list_by_urgency_comes_to_the_next_one_when_the_first_is_read() -> None:
    found = reach(TALLY, BY_URGENCY, 6)
    assert found == Reach((*URGENT, (("soon",), None), (("routine",), MONDAY)), whole=False)
    assert reach(TALLY, BY_URGENCY, 5) == Reach((*URGENT, (("soon",), None)), whole=False)


@pytest.mark.parametrize("wanted", [11, 40, 1000])
def test_all_of_it_is_whole(wanted: int) -> None:
    assert reach(TALLY, BY_RISK, wanted).whole
    assert reach((), BY_RISK, 0).whole
