"""The numbers of the rail: how much each page holds and the worst state in it, counted where the rows are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, case, exists, func, or_, select
from sqlalchemy.orm import Session

from db import models as m
from db.queries.batches import unprinted
from db.queries.letters_due import letters_due
from db.queries.overdue import is_late
from db.queries.sign_offs import count_to_sign
from db.queries.work_ups import OPEN_STATES, URGENT
from db.queries.worklist_rows import Counts
from db.questions import TODAY, first, rows, value

WORST = ("urgent", "overdue", "due")
"""States of what waits, the worst first."""


def counts(session: Session, today: date, signing: bool = False) -> Counts:
    """Live counts of the rail's pages and the worst state in each; asked, never stored.

    For somebody who may sign (`signing`) Review counts what waits for a signature too.
    """
    unsigned = count_to_sign(session) if signing else 0
    due = _by_state(rows(session, _due_steps(), today=today))
    review = _by_state(rows(session, _review_steps(), today=today))
    items = _by_state(rows(session, _open_items(), today=today))
    late = value(session, _late_courses(), today=today)
    chairs = value(session, _chairs(), today=today)
    held = value(session, _held())
    people = first(session, _people())
    to_print = _letters(letters_due(session, today), today)
    again = sum(1 for letter in unprinted(session) if not letter.stopped)
    return Counts(
        count={
            "today": sum(due.values()),
            "review": sum(review.values()) + unsigned,
            "infusions": chairs,
            "results-in": held,
            "overdue": late,
            "work-ups": sum(items.values()),
            "letters": sum(to_print.values()) + again,
            "patients": people.active - people.joined,
        },
        worst={
            "today": _worst(due),
            "review": _worst(review) or ("due" if unsigned else None),
            "infusions": "due" if chairs else None,
            "results-in": "overdue" if held else None,
            "overdue": "overdue" if late else None,
            "work-ups": _worst(items),
            "letters": _worst(to_print) or ("due" if again else None),
            "patients": None,
        },
    )


def _by_state(found: Iterable[Any]) -> dict[str, int]:
    return {row.state: row.many for row in found}


def _worst(found: dict[str, int]) -> str | None:
    """The worst state that occurs."""
    return next((state for state in WORST if found.get(state)), None)


def _letters(due: Iterable[Any], today: date) -> dict[str, int]:
    """Letters that can be sent, by how late they are."""
    found = dict.fromkeys(WORST, 0)
    for letter in due:
        if letter.blocked is None:
            found["overdue" if letter.due < today else "due"] += 1
    return found


def _state(urgency: Any, due: Any) -> Any:
    """The state of what is to be done: urgent whatever its day, overdue after it, else due."""
    return case((urgency.in_(URGENT), "urgent"), (due < TODAY, "overdue"), else_="due").label("state")


@cache
def _due_steps() -> Select[*tuple[Any, ...]]:
    """Open steps that are urgent or due by today, as Today shows them first."""
    s = m.NextStep
    return _counted(
        select(_state(s.urgency, s.due)).where(
            s.is_open.is_(True), or_(s.due <= TODAY, s.urgency.in_(URGENT))
        )
    )


@cache
def _review_steps() -> Select[*tuple[Any, ...]]:
    s = m.NextStep
    return _counted(select(_state(s.urgency, s.due)).where(s.is_open.is_(True), s.action == "review-results"))


@cache
def _open_items() -> Select[*tuple[Any, ...]]:
    """Open items of open work-ups of people under follow-up."""
    i, w, p = m.WorkUpItem, m.WorkUp, m.Patient
    return _counted(
        select(_state(i.urgency, i.due))
        .join(w, w.id == i.work_up_id)
        .join(p, p.id == w.patient_id)
        .where(i.state.in_(OPEN_STATES), w.state == "open", p.status == "active")
    )


def _counted(states: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """How many there are of each state."""
    inside = states.subquery()
    return select(inside.c.state, func.count().label("many")).group_by(inside.c.state)


@cache
def _late_courses() -> Select[int]:
    """As many courses as `overdue` names."""
    o, p, i = m.LabOrder, m.Patient, m.Infusion
    given = exists().where(i.course_id == o.course_id, i.state == "given")
    return (
        select(func.count(o.course_id.distinct()))
        .join(p, p.id == o.patient_id)
        .join(m.Course, m.Course.id == o.course_id)
        .where(*is_late(TODAY), p.status == "active", m.Course.open_step_id.is_not(None), given)
    )


@cache
def _chairs() -> Select[int]:
    v = m.Visit
    return select(func.count()).select_from(v).where(v.planned_on == TODAY, v.state.in_(("planned", "given")))


@cache
def _held() -> Select[int]:
    return select(func.count()).select_from(m.HeldResult).where(m.HeldResult.state == "held")


@cache
def _people() -> Select[*tuple[Any, ...]]:
    """People under follow-up, and how many of them are records that joined another: each count by its own index,
    which is why the second does not name the status plainly."""
    p = m.Patient
    active = select(func.count()).select_from(p).where(p.status == "active").scalar_subquery()
    joined = (
        select(func.count())
        .select_from(p)
        .where(p.merged_into_id > 0, func.coalesce(p.status, "") == "active")
        .scalar_subquery()
    )
    return select(active.label("active"), joined.label("joined"))
