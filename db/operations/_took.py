"""What a write found of a patient and what it made of it, kept with its audit row: so that it can be put back.

Only what stands is compared: orders, visits, checklists and their items, each with the columns that move. What has
moved on since is refused, since something already follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db import models as m
from db.errors import Refused
from db.operations._rows import add, get
from db.stamp import Stamp

WITHDRAWN: Final = "decision-withdrawn"
"""Why an order that a decision made, and the step it opened, are closed once it is taken back."""

PLAN_WITHDRAWN: Final = "plan-withdrawn"
"""Why a visit of a plan that was taken back is called off, and the step it opened closed."""

Standing = Mapping[str, Mapping[int, tuple[Any, ...]]]
"""By table and row: the columns that a write may move."""


def standing(session: Session, patient_id: int) -> Standing:
    """How the orders, visits, checklists and items of a patient stand."""
    session.flush()
    return {
        name: {row[0]: tuple(row[1:]) for row in session.execute(query(patient_id))}
        for name, query in _ASKED.items()
    }


def difference(before: Standing, after: Standing) -> dict[str, list[list[Any]]]:
    """What a write made or moved: by table, rows of id, columns before (None: it was not there) and after."""
    return {
        name: [
            [row_id, None if was is None else list(was), list(now)]
            for row_id, now in rows.items()
            if (was := before[name].get(row_id)) != now
        ]
        for name, rows in after.items()
    }


def put_back(
    session: Session,
    patient_id: int,
    took: Mapping[str, Sequence[Any]],
    stamp: Stamp,
    refusal: str,
    decision_id: int | None = None,
) -> None:
    """Put back what `difference` named: made rows are closed, moved ones stand as they stood.

    `decision_id` is the decision that is taken back with it. Raises `Refused(refusal)` (what: the table) where a row
    has moved on since.
    """
    now = standing(session, patient_id)
    for name, rows in took.items():
        for row_id, _, after in rows:
            if list(now[name].get(row_id, ())) != after:
                raise Refused(refusal, what=name)
    _orders_back(session, took["orders"], stamp)
    _visits_back(session, took["visits"])
    _work_ups_back(session, took["work-ups"], stamp)
    _items_back(session, took["items"], decision_id, stamp)
    session.flush()


def _orders(patient_id: int) -> Select[*tuple[Any, ...]]:
    return select(m.LabOrder.id, m.LabOrder.state).where(m.LabOrder.patient_id == patient_id)


def _visits(patient_id: int) -> Select[*tuple[Any, ...]]:
    return select(m.Visit.id, m.Visit.state, m.Visit.reason).where(m.Visit.patient_id == patient_id)


def _work_ups(patient_id: int) -> Select[*tuple[Any, ...]]:
    return select(m.WorkUp.id, m.WorkUp.state).where(m.WorkUp.patient_id == patient_id)


def _items(patient_id: int) -> Select[*tuple[Any, ...]]:
    item = m.WorkUpItem
    own = select(m.WorkUp.id).where(m.WorkUp.patient_id == patient_id)
    return select(item.id, item.work_up_id, item.version).where(item.work_up_id.in_(own))


_ASKED: Final[Mapping[str, Callable[[int], Select[*tuple[Any, ...]]]]] = {
    "orders": _orders,
    "visits": _visits,
    "work-ups": _work_ups,
    "items": _items,
}


def _orders_back(session: Session, rows: Iterable[Any], stamp: Stamp) -> None:
    """Orders made for nothing are cancelled first, so that what they took the place of can be open again."""
    for order_id, before, _ in sorted(rows, key=lambda row: row[1] is not None):
        order = get(session, m.LabOrder, order_id)
        if before is None:
            order.state, order.closed_at, order.closed_reason = "cancelled", stamp.at, WITHDRAWN
        else:
            order.state, order.closed_at, order.closed_reason = before[0], None, None
            order.replaced_by_id = None
        session.flush()


def _visits_back(session: Session, rows: Iterable[Any]) -> None:
    """Visits that were called off are planned again; those planned for nothing are called off."""
    for visit_id, before, _ in rows:
        visit = get(session, m.Visit, visit_id)
        visit.state, visit.reason = before if before is not None else ("cancelled", PLAN_WITHDRAWN)
    session.flush()


def _work_ups_back(session: Session, rows: Iterable[Any], stamp: Stamp) -> None:
    """Checklists begun for nothing are abandoned; one that was left empty is open again."""
    for work_up_id, before, _ in rows:
        work_up = get(session, m.WorkUp, work_up_id)
        work_up.state = "abandoned" if before is None else before[0]
        work_up.closed_at = stamp.at if before is None else None
    session.flush()


def _items_back(session: Session, rows: Iterable[Any], decision_id: int | None, stamp: Stamp) -> None:
    """Items taken over go back to their checklist; new ones on a list that stays are put aside on one of their own."""
    for item_id, before, _ in rows:
        item = get(session, m.WorkUpItem, item_id)
        now_on = get(session, m.WorkUp, item.work_up_id)
        if before is not None:
            item.work_up_id = before[0]
        elif now_on.state == "open":
            item.work_up_id = _aside(session, now_on, decision_id, stamp)
        else:
            continue
        item.changed_at, item.changed_by_id = stamp.at, stamp.user_id
        session.flush()


def _aside(session: Session, of: m.WorkUp, decision_id: int | None, stamp: Stamp) -> int:
    """An abandoned checklist for what was asked for nothing."""
    values = {"course_id": of.course_id, "patient_id": of.patient_id, "decision_id": decision_id}
    closed = {"state": "abandoned", "closed_at": stamp.at}
    return add(session, m.WorkUp, stamp, cause=of.cause, **values, **closed)
