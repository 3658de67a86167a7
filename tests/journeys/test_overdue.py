"""Overdue repeat bloods: the list by days late, a call logged with a number key, the list on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, Journey
from manner import BOTH, called
from paper_words import text_of

from db.queries.worklist import overdue


@pytest.mark.parametrize("manner", BOTH, ids=called)
def test_the_overdue_list_by_days_late_a_call_and_the_list_as_pdf(
    journey: Callable[[str, date], Journey], sample_copy: Path
) -> None:
    j = journey("overdue", SAMPLE_DAY)
    j.open(sample_copy, "mina", "sample-mina")
    j.command("Overdue")
    assert j.window.current_page() == "overdue"
    rows = j.read(overdue, j.days.today)
    late = [row.days_late for row in rows]
    assert len(late) > 5
    assert late == sorted(late, reverse=True)
    first = rows[0]
    assert f"{first.surname.upper()}, {first.given}" in j.seen()
    j.step("list")

    calls = len(j.patient(first.patient_id).contacts)
    j.press("3")
    contacts = j.patient(first.patient_id).contacts
    assert len(contacts) == calls + 1
    assert (contacts[0].outcome, contacts[0].on) == ("no-answer", SAMPLE_DAY)
    j.step("called")

    j.press("Down", "2")
    j.over("+3")
    j.press("Return")
    second = rows[1]
    back = j.patient(second.patient_id).contacts[0]
    assert (back.outcome, back.call_back_on) == ("call-back", date(2026, 3, 15))
    j.step("call-back")

    j.press("Ctrl+P")
    j.pages_drawn()
    j.shot("paper")
    j.press("Ctrl+S")
    (saved,) = j.folder.glob("overdue-2026-03-12*.pdf")
    words = text_of(saved.read_bytes())
    for row in j.read(overdue, j.days.today):
        assert row.surname in words
        assert row.number in words
    j.step("saved")
