"""Iron that was given before the clinic began with somebody, elsewhere or here: put on record as it was given.

A patient in mid-course is then in mid-course at once: the window of the repeat tests, what is owed and the next
step follow from the last of these infusions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy.orm import Session

from clinical.facts import Product
from clinical.outcome import Urgency
from clinical.protocol import Protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.errors import Refused
from db.models import vocabulary as v
from db.operations import courses
from db.operations._labs import last_given
from db.operations._next import infusions_changed
from db.operations._rows import active_patient, add, check_seen, get, one_of, open_course
from db.operations.infusions import NewInfusion, fit_values
from db.operations.roles import guarded
from db.stamp import Stamp

__all__ = ["EarlierInfusion", "record_earlier_iron"]

EARLIER_CHANGED = frozenset({"infusions", "courses", "steps", "assessments"})


@dataclass(frozen=True, slots=True)
class EarlierInfusion:
    """One infusion given before: the day, mg of elemental iron, the product's code, the lot where it is known."""

    on: date
    dose_mg: Decimal
    product: str
    batch: str | None = None


@guarded()
def record_earlier_iron(
    session: Session,
    course_id: int,
    given: Sequence[EarlierInfusion],
    seen_version: int,
    stamp: Stamp,
    protocol: Protocol,
    *,
    goes_on: bool = True,
    label: str | None = None,
) -> Changes:
    """Put infusions given before on record in a course that is only referred; the repeat tests follow the last.

    Infusions of another product in a row are a course of their own, ended as followed by the next; the last one
    goes on, and its id is the course of the answer. With `goes_on` False that one is over too, and a course with
    nothing given waits to be planned. What was planned is not known: a course counts as given whole until it is
    planned anew. `label` is that of the course that goes on; without it a product's usual label is taken.

    Raises `Refused`: missing-field (no infusion), already-planned, two-on-one-day, unknown-code, and the refusals of
    an infusion (impossible-dose, in-the-future, before-birth, too-long-ago); `StaleScreen`.
    """
    course = open_course(session, course_id)
    check_seen(course, seen_version)
    active_patient(session, course.patient_id)
    if not given:
        raise Refused("missing-field", field="given")
    if course.status != "referred" or last_given(session, course.id) is not None:
        raise Refused("already-planned", course_id=course.id)
    in_order = sorted(given, key=lambda one: one.on)
    if len({one.on for one in in_order}) < len(in_order):
        raise Refused("two-on-one-day", field="given")
    for _, run in groupby(in_order, key=lambda one: one.product):
        if last_given(session, course.id) is not None:
            course = _next_course(session, course, stamp)
        _treat(session, course, tuple(run), stamp, protocol)
    if goes_on and label is not None:
        course.label = one_of(label, v.LABELS, "label")
    courses.settle_baseline(session, course, stamp)
    if goes_on:
        infusions_changed(session, course, None, stamp, protocol)
    else:
        course = _next_course(session, course, stamp)
    detail = {"infusions": [(one.on, one.dose_mg, one.product) for one in in_order]}
    audit.record(session, stamp, "record-earlier-iron", "course", course.id, course.patient_id, detail)
    return Changes(EARLIER_CHANGED, course.patient_id, course.id, course.id)


def _treat(
    session: Session, course: m.Course, run: tuple[EarlierInfusion, ...], stamp: Stamp, protocol: Protocol
) -> None:
    """Give a course its product and its infusions; nothing is known of how its need was counted."""
    product = one_of(run[0].product, v.PRODUCTS, "product")
    for one in run:
        new = NewInfusion(course.id, one.on, one.dose_mg, batch=one.batch)
        values = fit_values(session, course, new, stamp, protocol)
        add(session, m.Infusion, stamp, course_id=course.id, patient_id=course.patient_id, **values)
    course.product = product
    course.label = protocol.products[Product(product)].default_label
    course.planned_mg = sum((one.dose_mg for one in run), Decimal(0))
    course.status = "in-treatment"
    session.flush()


def _next_course(session: Session, course: m.Course, stamp: Stamp) -> m.Course:
    """End the course as followed by another and begin that one, to be planned."""
    later = courses.repeat(session, course, None, stamp.today, Urgency.ROUTINE.value, {}, stamp)
    session.flush()
    return get(session, m.Course, later)
