"""What Today asks the record for: the list in one go, and everything about the step that is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from db.queries.patients import patient_page
from db.queries.worklist import open_steps, tallies

from db.queries.assessments import ExplainView, explain
from db.queries.patient_rows import PatientPage
from db.queries.people import Owner, owners
from db.queries.worklist_rows import StepRow, Tallies


@dataclass(frozen=True, slots=True)
class TodayList:
    """All open steps, what must read zero, and the people steps may belong to."""

    today: date
    steps: tuple[StepRow, ...]
    tallies: Tallies
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen step with its patient; `explain` is the newest assessment of the course, if there is one."""

    step: StepRow
    page: PatientPage
    explain: ExplainView | None


def load_list(session: Any, today: date) -> TodayList:
    """The whole list as of `today`."""
    return TodayList(today, open_steps(session, today), tallies(session, today), owners(session))


def load_chosen(session: Any, step: StepRow, today: date) -> Chosen:
    """Everything the detail beside the list shows about a step."""
    return Chosen(step, patient_page(session, step.patient_id, today), explain(session, step.course_id))
