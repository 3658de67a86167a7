"""What waits on Review: its rows under their urgency, and the filters over them. Pure values, no widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.queries.people import Owner
from db.queries.sign_offs import ToSign
from db.queries.worklist_rows import StepRow
from desktop.review.sign import sign_group
from desktop.signing import may_sign
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup
from desktop.wording import age_years, due_words, outcome_name, sex_letter, urgency_name, why_words
from desktop.wording.plain import tr

ORDER = ("emergency", "urgent", "soon", "routine")
SIGN, MINE = "sign", "mine"
URGENCIES: Mapping[str, tuple[str, ...]] = {
    "urgent": ("emergency", "urgent"),
    "soon": ("soon",),
    "routine": ("routine",),
}
"""The filters by urgency, and what each lets through: together every step, none of them twice."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The steps whose results wait for a decision, and what waits for a signature."""

    steps: tuple[StepRow, ...] = ()
    to_sign: tuple[ToSign, ...] = ()

    def __len__(self) -> int:
        """How many rows this is."""
        return len(self.steps) + len(self.to_sign)


def matching(waiting: Waiting, name: str, user: Owner) -> Waiting:
    """What a filter lets through. Mine is what the user owns or stands in for, and what they may sign."""
    if name == MINE:
        own = tuple(step for step in waiting.steps if user.id in (step.owner_id, step.deputy_id))
        return Waiting(own, waiting.to_sign if may_sign(user.role) else ())
    if name == SIGN:
        return Waiting((), waiting.to_sign)
    if name in URGENCIES:
        return Waiting(tuple(step for step in waiting.steps if step.urgency in URGENCIES[name]))
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
    made = [
        RowGroup(urgency_name(urgency), _rows([s for s in waiting.steps if s.urgency == urgency], today))
        for urgency in ORDER
    ]
    return [*made, sign_group(waiting.to_sign, today)]


def _rows(steps: Sequence[StepRow], today: date) -> tuple[ListRow, ...]:
    return tuple(_row(step, today) for step in steps)


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
