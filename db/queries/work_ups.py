"""Two lists beside the steps: open items of work-ups, and results held until their patient is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from db import models as m
from db.queries.patient_rows import WorkUpItemRow
from db.queries.worklist_rows import HeldRow, OpenItemRow
from db.questions import OF, rows, values

OPEN_STATES = ("todo", "ordered", "done")
"""States of an item that still asks for something."""

URGENT = ("emergency", "urgent")


def open_work_ups(session: Session, on: date) -> tuple[OpenItemRow, ...]:
    """Open items of open work-ups: urgent ones first, then by day."""
    return _listed(rows(session, _open_items()), on)


def open_work_ups_begin(session: Session, on: date, first: int) -> tuple[OpenItemRow, ...] | None:
    """Every open item of the `first` patients of the list, before all are read: those with urgent items, then those
    whose first item is due soonest. None where there are no more: the whole list is read as quickly.
    """
    people = values(session, _people_first(), first=first)
    return None if len(people) < first else _listed(rows(session, _items_of_these(), people=people), on)


def _listed(found: Sequence[Any], on: date) -> tuple[OpenItemRow, ...]:
    """The rows in the order of the list, and how late each is."""
    made = [OpenItemRow(**row._mapping, days_late=max((on - row.due).days, 0)) for row in found]
    return tuple(
        sorted(
            made, key=lambda one: (one.urgency not in URGENT, one.due, one.surname, one.given, one.item_id)
        )
    )


def _is_open() -> tuple[Any, ...]:
    """Open items of open work-ups, of people under follow-up."""
    return m.WorkUpItem.state.in_(OPEN_STATES), m.WorkUp.state == "open", m.Patient.status == "active"


@cache
def _people_first() -> Select[*tuple[Any, ...]]:
    """The patients in the order of their item that comes first."""
    i, w, p = m.WorkUpItem, m.WorkUp, m.Patient
    order = (case((i.urgency.in_(URGENT), 0), else_=1), i.due, i.id)
    place = func.row_number().over(partition_by=w.patient_id, order_by=order).label("place")
    every = (
        select(w.patient_id, order[0].label("rank"), i.due, i.id, place)
        .join(w, w.id == i.work_up_id)
        .join(p, p.id == w.patient_id)
        .where(*_is_open())
        .subquery()
    )
    return (
        select(every.c.patient_id)
        .where(every.c.place == 1)
        .order_by(every.c.rank, every.c.due, every.c.id)
        .limit(bindparam("first", type_=Integer))
    )


@cache
def _items_of_these() -> Select[*tuple[Any, ...]]:
    return _open_items().where(m.Patient.id.in_(bindparam("people", expanding=True, type_=Integer)))


@cache
def _open_items() -> Select[*tuple[Any, ...]]:
    i, w, p = m.WorkUpItem, m.WorkUp, m.Patient
    return (
        select(
            i.id.label("item_id"),
            i.version,
            w.id.label("work_up_id"),
            w.course_id,
            w.patient_id,
            p.number,
            p.surname,
            p.given,
            p.birth_date,
            p.sex,
            w.cause,
            i.kind,
            i.code,
            i.refer_to,
            i.urgency,
            i.state,
            i.due,
            i.owner_id,
            m.User.name.label("owner_name"),
            func.nullif(i.note, "").label("note"),
        )
        .join(w, w.id == i.work_up_id)
        .join(p, p.id == w.patient_id)
        .join(m.User, m.User.id == i.owner_id)
        .where(*_is_open())
    )


def items_of(session: Session, patient_id: int) -> tuple[WorkUpItemRow, ...]:
    """Every item of every work-up of a patient, by checklist and in the order of the list; not those of a decision
    that was taken back.
    """
    return tuple(WorkUpItemRow(*row) for row in rows(session, _items_of(), patient_id=patient_id))


@cache
def _items_of() -> Select[*tuple[Any, ...]]:
    i, w = m.WorkUpItem, m.WorkUp
    return (
        select(
            i.id, i.version, i.work_up_id, w.course_id, w.cause, i.kind, i.code, i.refer_to, i.urgency, i.state, i.due,
            m.User.name, i.owner_id, func.nullif(i.note, ""),
        )
        .join(w, w.id == i.work_up_id)
        .join(m.User, m.User.id == i.owner_id)
        .outerjoin(m.Decision, m.Decision.id == w.decision_id)
        .where(w.patient_id == OF, m.Decision.withdrawn_at.is_(None))
        .order_by(w.id, i.id)
    )  # fmt: skip


def held_results(session: Session) -> tuple[HeldRow, ...]:
    """Results that wait for their patient, the oldest first."""
    h = m.HeldResult
    found = session.execute(
        select(h.id, h.version, h.recorded_at, h.payload, h.reason, h.due, m.User.name)
        .join(m.User, m.User.id == h.owner_id)
        .where(h.state == "held")
        .order_by(h.due, h.id)
    )
    return tuple(
        HeldRow(
            held_id=row.id,
            version=row.version,
            received_on=row.recorded_at.date(),
            named=str(row.payload.get("named", "")),
            text=str(row.payload.get("text", "")),
            reason=row.reason,
            due=row.due,
            owner_name=row.name,
        )
        for row in found
    )
