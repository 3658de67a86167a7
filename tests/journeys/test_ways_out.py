"""Follow-up that rests and wakes by itself, and one that ends because somebody moved away: by keys from the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from journey import SAMPLE_DAY, Journey

from db import queries


def test_a_rest_that_ends_by_itself_and_a_transfer(
    journey: Callable[..., Journey], sample_copy: Path
) -> None:
    j = journey("ways-out", SAMPLE_DAY)
    j.open(sample_copy, "mina", "sample-mina")
    rests, moves = [row for row in j.read(queries.overdue, SAMPLE_DAY) if row.birth_date is not None][:2]

    j.find(rests.number)
    j.press("S")
    j.go("Until")
    j.over("+20")
    j.go("Why")
    j.type("abroad until then")
    j.shot("suspend")
    j.press("Return")
    assert rests.course_id not in {row.course_id for row in j.read(queries.overdue, SAMPLE_DAY)}
    awake = SAMPLE_DAY + timedelta(20)
    assert rests.course_id in {row.course_id for row in j.read(queries.open_steps, awake)}
    step = j.patient(rests.patient_id).open_step
    assert step is not None
    assert step.due == awake
    j.step("suspended")

    j.find(moves.number)
    j.command("Patient is transferred")
    j.type("+0")
    j.go("Year of birth")
    j.type(str(moves.birth_date.year))
    j.shot("transfer")
    j.press("Return")
    page = j.patient(moves.patient_id)
    assert page.banner.status == "transferred", j.seen()
    assert page.open_step is None
    j.step("transferred")
