"""What Today asks the record for: the list in one go, and everything about the step that is chosen."""

from __future__ import annotations

from collections import Counter
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
from db.queries.staff import deputies
from db.queries.steps import BY_RISK, reach, step_tally
from db.queries.worklist import open_steps, stood_in_by
from db.queries.worklist_rows import StepRow
from desktop.today.groups import ALL, MINE, ROLE, Group, group_of_day
from desktop.today.words import list_lines
from desktop.visit_gates import visit_gates
from desktop.widgets.row_list import ListRow

FIRST = 250
"""Steps that are read at first; going down the list reads further."""


@dataclass(frozen=True, slots=True)
class TodayList:
    """The open steps as far as they were wanted under the filter `on`, and how many there are in all.

    `lines` has each step in words by its course: in a long list that takes longer than reading it. `counts` is how
    many each filter lets through; `heads` how many each group has under `on`. `whole` where every open step was read,
    of everybody; `ended` where none is left under `on`.
    """

    today: date
    on: str
    steps: tuple[StepRow, ...]
    lines: Mapping[int, ListRow]
    counts: Mapping[str, int]
    heads: Mapping[Group, int]
    owners: tuple[Owner, ...]
    to_sign: int
    whole: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen step with its patient; `explain` is the newest assessment of the course, if there is one."""

    step: StepRow
    page: PatientPage
    explain: ExplainView | None
    gates: tuple[Gate, ...] = ()


def load_list(session: Any, today: date, user: Owner, on: str, wanted: int = FIRST) -> TodayList:
    """The list of `user` as of `today`, with at least `wanted` steps of those the filter `on` lets through."""
    people, tally = owners(session), step_tally(session)
    whose = {
        MINE: stood_in_by(user.id, deputies(session, today)),
        ROLE: frozenset(one.id for one in people if one.role == user.role) | {user.id},
    }
    counts = {name: sum(one.many for one in tally if one.owner_id in ids) for name, ids in whose.items()}
    counts[ALL] = sum(one.many for one in tally)
    whole, on = counts[ALL] <= wanted, on if on in counts else ALL
    asked = None if whole else whose.get(on)
    shown = tuple(one for one in tally if asked is None or one.owner_id in asked)
    far = reach(shown, BY_RISK, wanted)
    steps = open_steps(session, today, owners=asked, within=far)
    heads: Counter[Group] = Counter()
    for one in shown:
        heads[group_of_day(one.urgency, one.due, today)] += one.many
    return TodayList(
        today,
        on,
        steps,
        list_lines(steps, today),
        counts,
        heads,
        people,
        count_to_sign(session),
        whole,
        ended=far.whole,
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
