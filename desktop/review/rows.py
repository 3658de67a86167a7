"""What waits on Review: its rows under their urgency, and the filters over them. Pure values, no widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from db.queries.assessments import REVIEW, to_review
from db.queries.people import Owner
from db.queries.sign_offs import ToSign, to_sign
from db.queries.staff import deputies
from db.queries.steps import BY_URGENCY, Reach, StepTally, reach, step_tally
from db.queries.worklist import open_steps, stood_in_by
from db.queries.worklist_rows import StepRow
from desktop.review.sign import sign_group
from desktop.signing import may_sign
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup
from desktop.wording import age_years, due_words, outcome_name, sex_letter, urgency_name, why_words
from desktop.wording.plain import tr

FIRST = 250
"""Steps that are read at first; going down the list reads further."""
ORDER = ("emergency", "urgent", "soon", "routine")
SIGN, MINE = "sign", "mine"
URGENCIES: Mapping[str, tuple[str, ...]] = {
    "urgent": ("emergency", "urgent"),
    "soon": ("soon",),
    "routine": ("routine",),
}
"""The filters by urgency, and what each lets through: together every step, none of them twice."""


@dataclass(frozen=True, slots=True)
class Part:
    """How many steps there are where not all were read: only those of the filter `on`, and as far as was wanted.

    `own` are the users whose steps are the user's own. `ended` where none of that filter is left.
    """

    on: str
    tally: tuple[StepTally, ...]
    own: frozenset[int]
    ended: bool

    def counted(self, name: str) -> tuple[StepTally, ...]:
        """What a filter lets through."""
        if name == MINE:
            return tuple(one for one in self.tally if one.owner_id in self.own)
        if name == SIGN:
            return ()
        return tuple(one for one in self.tally if one.urgency in URGENCIES.get(name, (one.urgency,)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """The steps whose results wait for a decision, and what waits for a signature. `part` where steps are left out.

    `lines` are the rows of the list by their course, put into words where they were read: beside the window.
    """

    steps: tuple[StepRow, ...] = ()
    to_sign: tuple[ToSign, ...] = ()
    part: Part | None = None
    lines: Mapping[int, ListRow] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many rows this is, those included that are still to be read."""
        steps = len(self.steps) if self.part is None else sum(one.many for one in self.part.tally)
        return steps + len(self.to_sign)


def load(session: Any, today: date, user: Owner, on: str, wanted: int = FIRST) -> Waiting:
    """What waits for a decision or a signature: at least `wanted` of the steps that the filter `on` lets through."""
    tally = tuple(one for one in step_tally(session) if one.action == REVIEW)
    signing = to_sign(session, today)
    if sum(one.many for one in tally) <= wanted:
        every = to_review(session, today)
        return Waiting(every, signing, lines=_lines(every, today))
    own = stood_in_by(user.id, deputies(session, today))
    all_of_it = Part(on, tally, own, ended=False)
    far = reach(all_of_it.counted(on), BY_URGENCY, wanted)
    urgencies = {one.urgency for one in all_of_it.counted(on)}
    steps = open_steps(
        session,
        today,
        owners=own if on == MINE else None,
        actions=(REVIEW,),
        within=Reach(tuple(one for one in far.parts if urgencies.intersection(one[0])), whole=False),
    )
    return Waiting(steps, signing, replace(all_of_it, ended=far.whole), _lines(steps, today))


def matching(waiting: Waiting, name: str, user: Owner) -> Waiting:
    """What a filter lets through. Mine is what the user owns or stands in for, and what they may sign."""
    part = waiting.part and replace(waiting.part, tally=waiting.part.counted(name))
    if name == MINE:
        own = tuple(step for step in waiting.steps if user.id in (step.owner_id, step.deputy_id))
        return Waiting(own, waiting.to_sign if may_sign(user.role) else (), part, waiting.lines)
    if name == SIGN:
        return Waiting((), waiting.to_sign, part)
    if name in URGENCIES:
        steps = tuple(step for step in waiting.steps if step.urgency in URGENCIES[name])
        return Waiting(steps, (), part, waiting.lines)
    return waiting


def filters(waiting: Waiting, user: Owner) -> list[tuple[str, str, int, Status | None]]:
    """The filters beside All: id, words, how many each lets through, mark."""
    named = (
        ("urgent", tr("Urgent"), Status.URGENT),
        ("soon", tr("Soon"), None),
        ("routine", tr("Routine"), None),
        (SIGN, tr("To sign"), None),
        (MINE, tr("Mine"), None),
    )
    return [(name, words, len(matching(waiting, name, user)), mark) for name, words, mark in named]


def groups(waiting: Waiting, today: date) -> list[RowGroup]:
    """The steps under the urgency of their assessment, and last what is to be signed."""
    tally = waiting.part.tally if waiting.part else ()
    made = [
        RowGroup(
            urgency_name(urgency),
            tuple(
                waiting.lines.get(step.course_id) or _row(step, today)
                for step in waiting.steps
                if step.urgency == urgency
            ),
            sum(one.many for one in tally if one.urgency == urgency) if waiting.part else None,
        )
        for urgency in ORDER
    ]
    return [*made, sign_group(waiting.to_sign, today)]


def _lines(steps: Sequence[StepRow], today: date) -> dict[int, ListRow]:
    return {step.course_id: _row(step, today) for step in steps}


def _row(step: StepRow, today: date) -> ListRow:
    urgent = step.urgency in URGENCIES["urgent"]
    status = Status.URGENT if urgent else (Status.OVERDUE if step.due < today else Status.DUE)
    age = str(age_years(step.birth_date, today)) if step.birth_date else ""
    return ListRow(
        id=step.course_id,
        status=status,
        name=f"{step.surname}, {step.given}",
        age_sex=" ".join(part for part in (age, sex_letter(step.sex)) if part),
        due=due_words(step.due, today),
        late=urgent or step.due < today,
        step=outcome_name(step.outcome) if step.outcome else "",
        why=why_words(step.why),
        owner=step.owner_initials,
    )
