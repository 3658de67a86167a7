"""Open steps as far as somebody looks: how many there are of what, and the first of them by risk.

A clinic of a hundred thousand patients has thirty thousand open steps. Nobody reads more than the first few hundred,
so a list asks for how many there are of each kind, by an index alone, and for the rows down to a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session

from clinical.outcome import Urgency
from db import models as m
from db.questions import rows

BY_RISK: Final = (
    (Urgency.EMERGENCY.value,),
    (Urgency.URGENT.value,),
    (Urgency.SOON.value, Urgency.ROUTINE.value),
)
"""Urgent steps come first whatever their day; the others by their day alone."""
BY_URGENCY: Final = tuple((urgency.value,) for urgency in Urgency)
"""The most urgent first; inside one urgency by day."""


@dataclass(frozen=True, slots=True)
class StepTally:
    """How many open steps (`many`) an owner has of one action and urgency on one day."""

    owner_id: int
    action: str
    urgency: str
    due: date
    many: int


@dataclass(frozen=True, slots=True)
class Reach:
    """How far down a list goes: each class of urgencies with the last day of it that is read, None for all days.

    `whole` where nothing is left out.
    """

    parts: tuple[tuple[tuple[str, ...], date | None], ...]
    whole: bool

    def condition(self) -> ColumnElement[bool]:
        """The steps within reach."""
        s = m.NextStep
        found = [
            s.urgency.in_(urgencies) if last is None else and_(s.urgency.in_(urgencies), s.due <= last)
            for urgencies, last in self.parts
        ]
        return or_(false(), *found)


def step_tally(session: Session) -> tuple[StepTally, ...]:
    """How many open steps there are of each owner, action, urgency and day, in that order."""
    return tuple(
        StepTally(row.owner_id, row.action, row.urgency, row.due, row.many) for row in rows(session, _tally())
    )


def reach(tally: Iterable[StepTally], order: Sequence[tuple[str, ...]], wanted: int) -> Reach:
    """How far a list in this order goes for at least `wanted` steps of the tally: to the end of a day always, so that
    those of one day can be put into the order of their names."""
    found = tuple(tally)
    parts: list[tuple[tuple[str, ...], date | None]] = []
    so_far = 0
    for urgencies in order:
        days: dict[date, int] = {}
        for one in found:
            if one.urgency in urgencies:
                days[one.due] = days.get(one.due, 0) + one.many
        for day in sorted(days):
            if so_far >= wanted:
                before = max((known for known in days if known < day), default=None)
                return Reach((*parts, *([(urgencies, before)] if before else [])), whole=False)
            so_far += days[day]
        parts.append((urgencies, None))
    return Reach(tuple(parts), whole=True)


@cache
def _tally() -> Select[*tuple[Any, ...]]:
    s = m.NextStep
    kind = (s.owner_id, s.action, s.urgency, s.due)
    return (
        select(*kind, func.count().label("many")).where(s.is_open.is_(True)).group_by(*kind).order_by(*kind)
    )
