"""Follow-up ended by mistake and taken back the same day: what was planned is planned again."""

from __future__ import annotations

import pytest
from running_clinic import PROTOCOL, RunningClinic, day

from db import models as m
from db import operations as ops


@pytest.mark.parametrize(("back_on", "planned"), [(1, [day(7), day(14)]), (2, [])])
def test_planned_visits_come_back_on_the_same_day_and_not_later(
    work: RunningClinic, back_on: int, planned: list[object]
) -> None:
    made = work.register()
    work.plan(made.course_id or 0, 0, (7, 500), (14, 500))
    before = work.step(made.patient_id, 1)

    def seen() -> int:
        return int(work.all(m.Patient)[0].version)

    work.do(ops.end_follow_up, made.patient_id, "deceased", day(1), None, on=1, seen_version=seen())
    assert work.all(m.Visit, m.Visit.state == "planned") == []
    work.do(
        ops.resume_follow_up, made.patient_id, "a mistake", on=back_on, protocol=PROTOCOL, seen_version=seen()
    )
    assert [one.planned_on for one in work.all(m.Visit, m.Visit.state == "planned")] == planned
    step = work.step(made.patient_id, back_on)
    if planned:
        assert (step.action, step.due, step.course_status) == (before.action, before.due, "planned")
