"""What Today asks the record for: the list in one go, and everything about the step that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical.gates import Gate
from clinical.protocol import Protocol
from db.queries.assessments import ExplainView, explain
from db.queries.facts import for_course
from db.queries.patient_rows import PatientPage, VisitRow
from db.queries.patients import patient_page
from db.queries.people import Owner, owners
from db.queries.sign_offs import count_to_sign
from db.queries.worklist import open_steps, tallies
from db.queries.worklist_rows import StepRow, Tallies
from desktop.today.words import list_lines
from desktop.visit_gates import visit_gates
from desktop.widgets.row_list import ListRow


@dataclass(frozen=True, slots=True)
class TodayList:
    """All open steps, what must read zero, the people steps may belong to, and how much waits for a signature.

    `lines` has each step in words by its course: in a long list that takes longer than reading it.
    """

    today: date
    steps: tuple[StepRow, ...]
    lines: Mapping[int, ListRow]
    tallies: Tallies
    owners: tuple[Owner, ...]
    to_sign: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen step with its patient; `explain` is the newest assessment of the course, if there is one."""

    step: StepRow
    page: PatientPage
    explain: ExplainView | None
    gates: tuple[Gate, ...] = ()


def load_list(session: Any, today: date) -> TodayList:
    """The whole list as of `today`."""
    steps = open_steps(session, today)
    return TodayList(
        today,
        steps,
        list_lines(steps, today),
        tallies(session, today),
        owners(session),
        count_to_sign(session),
    )


def load_chosen(session: Any, step: StepRow, today: date, protocol: Protocol) -> Chosen:
    """Everything the detail beside the list shows about a step; an infusion comes with its safety gates."""
    page = patient_page(session, step.patient_id, today)
    visit = next_visit(page, step.course_id) if step.action == "give-infusion" else None
    gates: tuple[Gate, ...] = ()
    if visit is not None:
        gates = visit_gates(for_course(session, step.course_id, today), visit, max(visit.on, today), protocol)
    return Chosen(step, page, explain(session, step.course_id), gates)


def next_visit(page: PatientPage, course_id: int) -> VisitRow | None:
    """The first planned visit of a course."""
    planned = [visit for visit in page.visits if visit.course_id == course_id and visit.state == "planned"]
    return min(planned, key=lambda visit: (visit.on, visit.ordinal), default=None)
