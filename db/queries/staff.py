"""Who works here: roles, leave and deputies, work that waits for each, and uses of the emergency door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Result, func, select
from sqlalchemy.orm import Session, aliased

from db import models as m


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A user as the administrator sees them. `away_today` counts both ends of the leave.

    `open_steps`, `open_items` and `open_held` still wait for them; all must be none before they are disabled.
    """

    id: int
    name: str
    initials: str
    login: str
    role: str
    active: bool
    deputy_id: int | None
    deputy_name: str | None
    away_from: date | None
    away_until: date | None
    away_today: bool
    open_steps: int
    open_items: int
    open_held: int
    version: int


@dataclass(frozen=True, slots=True)
class EmergencyRow:
    """One use of the emergency door; the patient's columns are None when it was about nobody."""

    id: int
    version: int
    at: datetime
    user_id: int
    user_name: str
    role: str
    operation: str
    reason: str
    patient_id: int | None
    number: str | None
    surname: str | None
    given: str | None
    birth_date: date | None
    sex: str | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    review_note: str


def staff(session: Session, today: date) -> tuple[StaffRow, ...]:
    """Everybody who works or has worked here: those active first, then by name."""
    u, deputy = m.User, aliased(m.User)
    rows = session.execute(
        select(u, deputy.name.label("deputy_name"))
        .outerjoin(deputy, deputy.id == u.deputy_id)
        .order_by(u.active.desc(), u.name, u.id)
    ).all()
    steps, items, held = _waiting(session)
    return tuple(
        StaffRow(
            id=row.User.id,
            name=row.User.name,
            initials=row.User.initials,
            login=row.User.login,
            role=row.User.role,
            active=row.User.active,
            deputy_id=row.User.deputy_id,
            deputy_name=row.deputy_name,
            away_from=row.User.away_from,
            away_until=row.User.away_until,
            away_today=_away(row.User.away_from, row.User.away_until, today),
            open_steps=steps.get(row.User.id, 0),
            open_items=items.get(row.User.id, 0),
            open_held=held.get(row.User.id, 0),
            version=row.User.version,
        )
        for row in rows
    )


def deputies(session: Session, today: date) -> Mapping[int, int]:
    """Who stands in for whom on this day, by the id of whoever is away.

    A deputy who is away too passes it on to their own; somebody nobody stands in for is not in it.
    """
    u = m.User
    away = {
        row.id: row.deputy_id
        for row in session.execute(
            select(u.id, u.deputy_id).where(
                u.deputy_id.is_not(None), u.away_from <= today, u.away_until >= today, u.active.is_(True)
            )
        )
    }
    found: dict[int, int] = {}
    for user_id, deputy_id in away.items():
        seen = {user_id}
        last = deputy_id
        while last in away and last not in seen:
            seen.add(last)
            last = away[last]
        if last not in seen:
            found[user_id] = last
    return found


def emergencies(session: Session, *, reviewed: bool = False) -> tuple[EmergencyRow, ...]:
    """Uses of the emergency door that wait for review, oldest first; with `reviewed` all of them."""
    e, p, by = m.EmergencyAccess, m.Patient, aliased(m.User)
    query = (
        select(e, m.User.name, m.User.role, p.number, p.surname, p.given, p.birth_date, p.sex, by.name)
        .join(m.User, m.User.id == e.user_id)
        .outerjoin(by, by.id == e.reviewed_by_id)
        .outerjoin(p, p.id == e.patient_id)
        .order_by(e.id)
    )
    if not reviewed:
        query = query.where(e.reviewed_at.is_(None))
    return tuple(
        EmergencyRow(
            used.id, used.version, used.at, used.user_id, name, role, used.operation, used.reason, used.patient_id,
            number, surname, given, born, sex, used.reviewed_at, reviewer, used.review_note,
        )
        for used, name, role, number, surname, given, born, sex, reviewer in session.execute(query)
    )  # fmt: skip


def _away(first: date | None, last: date | None, today: date) -> bool:
    return first is not None and last is not None and first <= today <= last


def _waiting(session: Session) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Open steps, items and held results by owner."""
    step, item, work_up, held = m.NextStep, m.WorkUpItem, m.WorkUp, m.HeldResult
    steps = session.execute(
        select(step.owner_id, func.count()).where(step.is_open.is_(True)).group_by(step.owner_id)
    )
    items = session.execute(
        select(item.owner_id, func.count())
        .join(work_up, work_up.id == item.work_up_id)
        .where(work_up.state == "open", item.state.in_(("todo", "ordered", "done")))
        .group_by(item.owner_id)
    )
    waiting = session.execute(
        select(held.owner_id, func.count()).where(held.state == "held").group_by(held.owner_id)
    )
    return _by_owner(steps), _by_owner(items), _by_owner(waiting)


def _by_owner(rows: Result[int, int]) -> dict[int, int]:
    return {owner_id: waiting for owner_id, waiting in rows.all()}  # noqa: C416
