"""Laboratory orders of many courses, answered by the values that have just been stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from db import models as m
from db.operations._labs import MAIN_ANALYTES, settle_orders
from db.operations._placing import WITHDRAWN
from db.questions import past_index
from db.stamp import Stamp

Answers = list[tuple[Any, Any]]
"""Orders, each with the result that answers it."""


def settle(
    session: Session, courses: Sequence[Any], first: Mapping[int, int], zone: ZoneInfo, stamp: Stamp
) -> None:
    """Close every open order of some courses that is answered, as `_labs.settle_orders` does for one.

    `first` are the first of the messages stored now by patient: what came before the others answers first.
    """
    orders = _open_orders(session, [one.id for one in courses])
    if not orders:
        return
    values = _values(session, sorted({order.patient_id for some in orders.values() for order in some}))
    plain: Answers = []
    for course_id, some in orders.items():
        patient_id = some[0].patient_id
        found = _answers(some, _as_they_came(values[patient_id], first[patient_id]), zone)
        if found is None:
            settle_orders(session, course_id, stamp)
        else:
            plain += found
    session.expire_all()
    if plain:
        _write(session, plain, stamp)


def _open_orders(session: Session, course_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Open orders by course, the earliest first."""
    o = m.LabOrder
    columns = (o.id, o.course_id, o.patient_id, o.kind, o.opens_on, o.recorded_at)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(*columns)
        .where(o.course_id.in_(course_ids), o.state == "open")
        .order_by(o.course_id, o.booked_for, o.id)
    ):
        found[row.course_id].append(row)
    return found


def _values(session: Session, people: Sequence[int]) -> Mapping[int, list[Any]]:
    """Standing values of each patient that may answer an order."""
    r = m.LabResult
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(
            r.id, r.patient_id, r.analyte, r.collected_on, r.lab_order_id, r.recorded_at, r.raw_message_id
        ).where(
            r.patient_id.in_(people),
            r.analyte.in_((*sorted(MAIN_ANALYTES), "phosphate")),
            past_index(r.superseded_by_id).is_(None),
            r.status.not_in(WITHDRAWN),
        )
    ):
        found[row.patient_id].append(row)
    return found


def _as_they_came(values: Sequence[Any], first: int) -> list[Any]:
    """Values in the order of their messages; those on record before the first message go with it."""
    return sorted(values, key=lambda one: (max(one.raw_message_id or 0, first), one.collected_on, one.id))


def _answers(orders: Sequence[Any], values: Sequence[Any], zone: ZoneInfo) -> Answers | None:
    """What answers each order; None where a value would have to leave the order it answers now."""
    found: Answers = []
    taken: set[int] = set()
    for order in orders:
        analytes = {"phosphate"} if order.kind == "phosphate" else MAIN_ANALYTES
        fit = [one for one in values if one.analyte in analytes and one.collected_on >= order.opens_on]
        free = [one for one in fit if one.lab_order_id is None and one.id not in taken]
        if order.opens_on >= order.recorded_at.astimezone(zone).date():
            free = [one for one in free if one.recorded_at > order.recorded_at]
        elif fit and not free:
            return None
        if free:
            found.append((order, free[0]))
            taken.add(free[0].id)
    return found


def _write(session: Session, answered: Answers, stamp: Stamp) -> None:
    """Close the orders, and let each answer point to its own."""
    order, result = m.LabOrder.__table__, m.LabResult.__table__
    session.execute(
        update(order)  # type: ignore[arg-type]
        .where(order.c.id.in_([one.id for one, _ in answered]))
        .values(state="resulted", closed_at=stamp.at, closed_reason="resulted", version=order.c.version + 1)
    )
    session.connection().execute(
        update(result)  # type: ignore[arg-type]
        .where(result.c.id == bindparam("b_id"))
        .values(lab_order_id=bindparam("b_order"), version=result.c.version + 1),
        [{"b_id": found.id, "b_order": one.id} for one, found in answered],
    )
