"""The pictures of the README and the manual, taken of the demo clinic by keys; and the card of those keys.

To make them and the card anew: REPLETE_SHOTS=docs python -m pytest -n0 tests/journeys/test_pictures.py
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from journey import SAMPLE_DAY, Journey
from keys_card import card, writer

from db.queries.worklist import open_steps
from db.queries.worklist_rows import StepRow


def first(j: Journey, wanted: Callable[[StepRow], bool]) -> StepRow:
    """The first open step that is wanted."""
    return next(step for step in j.read(open_steps, j.days.today) if wanted(step))


def test_the_pictures(journey: Callable[[str, date], Journey], sample_copy: Path) -> None:
    j = journey("", SAMPLE_DAY)
    j.open(sample_copy, "mina", "sample-mina")
    small = first(j, lambda step: step.outcome == "inadequate-dose" and step.action == "review-results")
    j.until("Down", lambda: f"{small.surname.upper()}, {small.given}" in j.seen())
    taken = [j.picture("screenshot")]

    j.press("Return")
    assert j.window.current_page() == "patient"
    taken.append(j.picture("patient"))

    referred = first(j, lambda step: step.action == "plan-course")
    j.find(referred.number)
    j.press("P")
    assert j.window.current_page() == "plan"
    taken.append(j.picture("plan"))

    j.command("Overdue")
    assert j.window.current_page() == "overdue"
    taken.append(j.picture("overdue"))
    assert all(file.stat().st_size > 20_000 for file in taken)
    j.holds()

    if j.manner.language != "en":
        return  # the card of keys is in English
    keys = card(j)
    if "REPLETE_SHOTS" in os.environ:
        writer().DOCUMENT.write_text(keys, encoding="utf-8", newline="\n")
    assert writer().DOCUMENT.read_text(encoding="utf-8") == keys
