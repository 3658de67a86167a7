"""Laboratory orders: booked on a day the clinic is open, re-booked when the last infusion moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from clinical import schedule
from clinical.facts import Product
from clinical.protocol import Protocol
from db import ids
from db import models as m
from db.operations._rows import add
from db.queries.people import calendar
from db.questions import COURSE
from db.stamp import Stamp

MAIN_ANALYTES = frozenset({"haemoglobin", "ferritin"})
"""What the repeat laboratory visit is for: one of these in its window is its answer."""


@dataclass(frozen=True, slots=True)
class Booking:
    """The days of an order: its window, the day wanted, the open day it is booked for."""

    kind: str
    opens: date
    target: date
    closes: date
    booked_for: date
    anchor: date | None = None


def last_given(session: Session, course_id: int) -> date | None:
    """The day of the last infusion really given in the course: what the window is counted from."""
    return session.scalars(
        select(m.Infusion.given_on)
        .where(m.Infusion.course_id == course_id, m.Infusion.state == "given")
        .order_by(m.Infusion.given_on.desc())
        .limit(1)
    ).first()


def repeat_labs(session: Session, anchor: date, protocol: Protocol) -> Booking:
    """The booking that belongs to this last infusion, on an open day inside the window."""
    window = schedule.window(anchor, protocol)
    open_days = calendar(session, window.opens, window.closes)
    booked = schedule.lab_day(window, open_days.open_weekdays, open_days.closed)
    return Booking("repeat-labs", window.opens, window.target, window.closes, booked, anchor)


def around(
    session: Session, kind: str, due: date, today: date, protocol: Protocol, anchor: date | None = None
) -> Booking:
    """A booking for a day that was decided: from tomorrow (blood taken before the decision is no answer to it;
    from today when it is booked for today), and as long after it as the first window leaves.
    """
    slack = protocol.whole("schedule.closes_day") - protocol.whole("schedule.target_day")
    target = max(due, today)
    closes = target + timedelta(days=slack)
    open_days = calendar(session, today, closes)
    booked = schedule.clinic_day(target, open_days.open_weekdays, open_days.closed, today, closes)
    opens = min(
        booked, today + timedelta(days=1)
    )  # later than the day wanted, where that is today and closed
    return Booking(kind, opens, max(target, opens), closes, booked, anchor)


def open_orders(session: Session, course_id: int) -> list[m.LabOrder]:
    """Orders that still wait for their result, the earliest first."""
    return list(session.scalars(_OPEN, {"course_id": course_id}))


_OPEN: Final = (
    select(m.LabOrder)
    .where(m.LabOrder.course_id == COURSE, m.LabOrder.state == "open")
    .order_by(m.LabOrder.booked_for, m.LabOrder.id)
)


def book(session: Session, course: m.Course, booking: Booking, stamp: Stamp, protocol: Protocol) -> None:
    """Make this the open order of its kind: the one before is closed as re-booked and points to it."""
    kept = [order for order in open_orders(session, course.id) if order.kind == booking.kind]
    if any(_same(order, booking) for order in kept):
        return
    order_id = ids.reserve(session, m.LabOrder.__tablename__)
    for order in kept:
        order.state = "re-booked"
        order.closed_at = stamp.at
        order.closed_reason = "re-booked"
        order.replaced_by_id = order_id
    add(
        session,
        m.LabOrder,
        stamp,
        id=order_id,
        course_id=course.id,
        patient_id=course.patient_id,
        kind=booking.kind,
        anchor_on=booking.anchor,
        opens_on=booking.opens,
        target_on=booking.target,
        closes_on=booking.closes,
        booked_for=booking.booked_for,
        panel=_panel(booking.kind, course.product, protocol),
    )


def cancel_orders(
    session: Session, course_id: int, reason: str, stamp: Stamp, kind: str | None = None
) -> None:
    """Cancel what is still open, all of it or one kind."""
    for order in open_orders(session, course_id):
        if kind is None or order.kind == kind:
            order.state = "cancelled"
            order.closed_at = stamp.at
            order.closed_reason = reason


def settle_orders(session: Session, course_id: int, stamp: Stamp) -> None:
    """Close every open order that is answered: by a value it was made for, from its window or later.

    A window that moved takes its answer along, and the order it was counted for before points to the new one.
    """
    session.flush()
    for order in open_orders(session, course_id):
        found = _answer(session, order)
        if found is None:
            continue
        before = found.lab_order_id
        order.state = "resulted"
        order.closed_at = stamp.at
        order.closed_reason = "resulted"
        found.lab_order_id = order.id
        session.flush()
        left = session.get(m.LabOrder, before) if before is not None else None
        if left is not None and left.state == "resulted" and not _answered(session, left):
            left.state, left.closed_reason, left.replaced_by_id = "re-booked", "re-booked", order.id
            session.flush()


def look_for_answer(session: Session, order_id: int) -> None:
    """After its result was corrected or withdrawn: the order is answered by another value, or open again.

    Where another order of its kind is open already, that one is in its place; a course that has ended wants
    no blood.
    """
    session.flush()
    order = session.get_one(m.LabOrder, order_id)
    if order.state != "resulted" or _answered(session, order):
        return
    for unfit in session.scalars(select(m.LabResult).where(m.LabResult.lab_order_id == order.id)):
        if unfit.superseded_by_id is None and unfit.status != "entered-in-error":
            unfit.lab_order_id = None
    session.flush()
    another = _answer(session, order)
    if another is not None and another.lab_order_id is None:
        another.lab_order_id = order.id
        return
    order.closed_reason = "result-withdrawn"
    same = [one for one in open_orders(session, order.course_id) if one.kind == order.kind]
    if same:
        order.state, order.replaced_by_id = "re-booked", same[0].id
    elif session.get_one(m.Course, order.course_id).status == "ended":
        order.state = "cancelled"
    else:
        order.state, order.closed_at, order.closed_reason = "open", None, None
    session.flush()


def _standing(order: m.LabOrder) -> tuple[ColumnElement[bool], ...]:
    """Values that may answer the order: of what it was made for, from its first day on, neither corrected nor
    withdrawn.
    """
    result = m.LabResult
    answers = {"phosphate"} if order.kind == "phosphate" else MAIN_ANALYTES
    return (
        result.patient_id == order.patient_id,
        result.collected_on >= order.opens_on,
        result.analyte.in_(answers),
        result.superseded_by_id.is_(None),
        result.status.not_in(("cancelled", "entered-in-error")),
    )


def _answer(session: Session, order: m.LabOrder) -> m.LabResult | None:
    """The value that answers the order; one that answers no other order before one that does.

    An order whose first day was still to come when it was made is answered by no value known before.
    """
    result = m.LabResult
    query = select(result).where(*_standing(order))
    zone = ZoneInfo(session.scalars(select(m.Clinic.time_zone)).one())
    if order.opens_on >= order.recorded_at.astimezone(zone).date():
        query = query.where(result.lab_order_id.is_(None), result.recorded_at > order.recorded_at)
    query = query.order_by(result.lab_order_id.is_not(None), result.collected_on, result.id)
    return session.scalars(query.limit(1)).first()


def _answered(session: Session, order: m.LabOrder) -> bool:
    """Whether a value that still stands is kept as the answer to the order."""
    query = select(m.LabResult.id).where(*_standing(order), m.LabResult.lab_order_id == order.id)
    return session.scalars(query.limit(1)).first() is not None


def _panel(kind: str, product: str | None, protocol: Protocol) -> list[str]:
    """Analytes to ask for: phosphate alone, or the panel with phosphate where the product may lower it."""
    if kind == "phosphate":
        return ["phosphate"]
    wanted = list(protocol.panel.always)
    if product is not None and Product(product) in protocol.panel.phosphate_products:
        wanted.append("phosphate")
    return wanted


def _same(order: m.LabOrder, booking: Booking) -> bool:
    days = (order.opens_on, order.target_on, order.closes_on, order.booked_for, order.anchor_on)
    return days == (booking.opens, booking.target, booking.closes, booking.booked_for, booking.anchor)
