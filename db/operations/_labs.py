"""Laboratory orders: booked on a day the clinic is open, re-booked when the last infusion moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import schedule
from clinical.facts import Product
from clinical.protocol import Protocol
from db import ids
from db import models as m
from db.operations._rows import add
from db.queries.people import calendar
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
    """A booking for a day that was decided: from today, and as long after it as the first window leaves."""
    slack = protocol.whole("schedule.closes_day") - protocol.whole("schedule.target_day")
    target = max(due, today)
    closes = target + timedelta(days=slack)
    open_days = calendar(session, today, closes)
    booked = schedule.clinic_day(target, open_days.open_weekdays, open_days.closed, today, closes)
    return Booking(kind, today, target, closes, booked, anchor)


def open_orders(session: Session, course_id: int) -> list[m.LabOrder]:
    """Orders that still wait for their result, the earliest first."""
    return list(
        session.scalars(
            select(m.LabOrder)
            .where(m.LabOrder.course_id == course_id, m.LabOrder.state == "open")
            .order_by(m.LabOrder.booked_for, m.LabOrder.id)
        )
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


def settle_orders(session: Session, course_id: int, patient_id: int, stamp: Stamp) -> None:
    """Close every open order that is answered: by a value it was made for, from its window or later."""
    session.flush()
    for order in open_orders(session, course_id):
        answers = {"phosphate"} if order.kind == "phosphate" else MAIN_ANALYTES
        result = m.LabResult
        found = session.scalars(
            select(result)
            .where(
                result.patient_id == patient_id,
                result.collected_on >= order.opens_on,
                result.analyte.in_(answers),
                result.superseded_by_id.is_(None),
                result.status.not_in(("cancelled", "entered-in-error")),
            )
            .order_by(result.collected_on, result.id)
            .limit(1)
        ).first()
        if found is not None:
            order.state = "resulted"
            order.closed_at = stamp.at
            order.closed_reason = "resulted"
            found.lab_order_id = order.id


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
