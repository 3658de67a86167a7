"""Courses whose blood tests did not come in their window: how late, what was tried, what is next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import Date, Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import models as m
from db.queries.protocols import in_force
from db.queries.worklist_rows import OverdueRow
from db.questions import TODAY, rows

REACHED_NOBODY = frozenset({"no-answer", "number-dead", "moved", "message-left"})
LETTERS = ("reminder-1", "reminder-2", "not-reached")
SENT = ("printed", "handed", "posted")
KINDS = ("repeat-labs", "follow-up")
"""Orders this list is about; a phosphate or work-up test that is late stands on Today as a late step."""

AT_ONCE: Final = 5000
"""Courses asked about in one question."""


def overdue(session: Session, today: date, protocol: Protocol | None = None) -> tuple[OverdueRow, ...]:
    """Open laboratory orders whose window has closed, of people under follow-up, the latest first.

    The bands are those of the protocol; without one, those of the protocol the clinic works by.
    """
    return _listed(session, rows(session, _late(), today=today), today, protocol or in_force(session))


@dataclass(frozen=True, slots=True)
class OverdueBegin:
    """The beginning of the overdue list; `whole` where it is all of it."""

    rows: tuple[OverdueRow, ...]
    whole: bool


def overdue_begin(
    session: Session, today: date, protocol: Protocol | None = None, first: int = 80
) -> OverdueBegin:
    """The overdue list of the `first` orders whose window closed first, for a screen of rows before all are read.

    An order of somebody who is no longer followed up counts among them and shows no row: there may be fewer rows.
    """
    booked = rows(session, _booked_first(), today=today, first=first)
    if len(booked) < first:
        return OverdueBegin(overdue(session, today, protocol), whole=True)
    # a window closes on the day that was booked or after it: none that closes by then was booked later
    by = max(row.closes_on for row in booked)
    orders = [row.id for row in rows(session, _closed_first(), today=today, by=by, first=first)]
    found = rows(session, _these(), today=today, order_ids=orders)
    return OverdueBegin(_listed(session, found, today, protocol or in_force(session)), whole=False)


def is_late(today: Any) -> tuple[Any, ...]:
    """Orders whose window has closed without a result."""
    o = m.LabOrder
    return o.state == "open", o.kind.in_(KINDS), o.booked_for < today, o.closes_on < today


@dataclass(slots=True)
class _Tried:
    """What was tried for a course: attempts that reached nobody, whether a letter went or the referrer was told."""

    attempts: int = 0
    letter: bool = False
    referrer: bool = False
    last: tuple[str, date] | None = None


@dataclass(frozen=True, slots=True)
class _Days:
    """The protocol's days, counted from the day a window closes; and the number of tries before a letter."""

    closes: int
    bands: tuple[tuple[int, str], ...]
    tries: int

    @classmethod
    def of(cls, protocol: Protocol) -> _Days:
        """Read once for the whole list."""
        closes = protocol.whole("schedule.closes_day")
        named = (("lost", "lost_day"), ("late", "late_day"), ("overdue", "overdue_day"))
        bands = tuple((protocol.whole(f"schedule.{name}") - closes, band) for band, name in named)
        return cls(closes, bands, protocol.whole("chase.tries"))

    def band(self, days_late: int) -> str:
        """The band of the days since the window closed."""
        return next((band for first, band in self.bands if days_late >= first), "reminder")


def _listed(
    session: Session, found: Sequence[Any], today: date, protocol: Protocol
) -> tuple[OverdueRow, ...]:
    """The rows with what was tried for each. The order of a course that closed first counts."""
    late: dict[int, Any] = {}
    for row in found:
        if row.last_infusion is not None:
            known = late.get(row.course_id)
            if known is None or row.closes_on < known.closes_on:
                late[row.course_id] = row
    tried = _tried(session, late)
    written = _written(session, late)
    days, nothing = _Days.of(protocol), _Tried()
    made = [
        _row(row, tried.get(course_id, nothing), written.get(course_id, ()), today, days)
        for course_id, row in late.items()
    ]
    made.sort(key=lambda one: (-one.days_late, one.surname, one.given, one.course_id))
    return tuple(made)


@cache
def _late() -> Select[*tuple[Any, ...]]:
    """A row for each open order that is late."""
    o, p, s = m.LabOrder, m.Patient, m.NextStep
    phone = (
        select(m.PatientPhone.number)
        .where(m.PatientPhone.patient_id == p.id, m.PatientPhone.until.is_(None))
        .order_by(m.PatientPhone.rank, m.PatientPhone.id)
        .limit(1)
        .correlate(p)
        .scalar_subquery()
    )
    last = (
        select(func.max(m.Infusion.given_on))
        .where(m.Infusion.course_id == o.course_id, m.Infusion.state == "given")
        .correlate(o)
        .scalar_subquery()
    )
    return (
        select(
            o.course_id, o.closes_on, o.booked_for, p.id.label("patient_id"), p.number, p.surname, p.given,
            p.birth_date, p.sex, phone.label("phone"), last.label("last_infusion"), s.action, s.due,
            s.id.label("step_id"), s.version.label("step_version"), m.User.id.label("owner_id"),
            m.User.name.label("owner_name"),
        )
        .join(m.Course, m.Course.id == o.course_id)
        .join(p, p.id == o.patient_id)
        .join(s, s.id == m.Course.open_step_id)
        .join(m.User, m.User.id == s.owner_id)
        .where(*is_late(TODAY), p.status == "active")
    )  # fmt: skip


@cache
def _booked_first() -> Select[*tuple[Any, ...]]:
    """When the window closes of the late orders that were booked first, by the index of booked days."""
    o = m.LabOrder
    return select(o.closes_on).where(*is_late(TODAY)).order_by(o.booked_for, o.id).limit(_FIRST)


@cache
def _closed_first() -> Select[*tuple[Any, ...]]:
    """The late orders booked until a day, those whose window closed first."""
    o = m.LabOrder
    until = o.booked_for <= bindparam("by", type_=Date)
    return select(o.id).where(*is_late(TODAY), until).order_by(o.closes_on, o.id).limit(_FIRST)


@cache
def _these() -> Select[*tuple[Any, ...]]:
    """The rows of some late orders. That they are late is asked again: without it SQLite began with all patients."""
    return _late().where(m.LabOrder.id.in_(bindparam("order_ids", expanding=True, type_=Integer)))


_FIRST: Final = bindparam("first", type_=Integer)
_OF_COURSES: Final = bindparam("course_ids", expanding=True, type_=Integer)


@cache
def _contacts() -> Select[*tuple[Any, ...]]:
    c = m.ContactAttempt
    return (
        select(c.course_id, c.outcome, c.channel, c.tried_on)
        .where(c.course_id.in_(_OF_COURSES), c.withdrawn_at.is_(None))
        .order_by(c.tried_on, c.id)
    )


@cache
def _letters() -> Select[*tuple[Any, ...]]:
    # the state is looked at here, not asked for: SQLite went by the index of states then, through all letters printed
    letter = m.Letter
    return select(letter.course_id, letter.kind, letter.state).where(
        letter.course_id.in_(_OF_COURSES), letter.kind.in_(LETTERS)
    )


def _of_courses(session: Session, question: Any, courses: Iterable[int]) -> Iterable[Any]:
    """The rows about these courses; those of one course come together in one answer."""
    wanted = list(courses)
    for begin in range(0, len(wanted), AT_ONCE):
        yield from rows(session, question, course_ids=wanted[begin : begin + AT_ONCE])


def _tried(session: Session, courses: Iterable[int]) -> Mapping[int, _Tried]:
    """Attempts for each course: how many reached nobody, the last, who was told."""
    found: dict[int, _Tried] = {}
    for course_id, outcome, channel, tried_on in _of_courses(session, _contacts(), courses):
        known = found.get(course_id)
        if known is None:
            known = found[course_id] = _Tried()
        known.attempts += outcome in REACHED_NOBODY
        if channel == "referrer":
            known.referrer = True
        elif outcome == "letter-sent":
            known.letter = True
        known.last = (outcome, tried_on)
    return found


def _written(session: Session, courses: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Reminders sent for each course."""
    found: dict[int, tuple[str, ...]] = {}
    for course_id, kind, state in _of_courses(session, _letters(), courses):
        if state in SENT:
            found[course_id] = (*found.get(course_id, ()), kind)
    return found


def _row(row: Any, tried: _Tried, written: tuple[str, ...], today: date, days: _Days) -> OverdueRow:
    (
        course_id, closes_on, _booked, patient_id, number, surname, given, birth_date, sex, phone, last_infusion,
        action, due, step_id, step_version, owner_id, owner_name,
    ) = row  # fmt: skip
    days_late = (today - closes_on).days
    band = days.band(days_late)
    return OverdueRow(
        course_id=course_id,
        patient_id=patient_id,
        number=number,
        surname=surname,
        given=given,
        birth_date=birth_date,
        sex=sex,
        phone=phone,
        last_infusion=last_infusion,
        # on the clock of the order's own window, so that a late follow-up test stands in the band it belongs to
        days_since=days_late + days.closes,
        days_late=days_late,
        band=band,
        ladder_step=_ladder(tried, written, band, days.tries),
        attempts=tried.attempts,
        last_contact=tried.last,
        action=action,
        due=due,
        step_days_late=max((today - due).days, 0),
        owner_id=owner_id,
        owner_name=owner_name,
        step_id=step_id,
        step_version=step_version,
    )


def _ladder(tried: _Tried, written: tuple[str, ...], band: str, tries: int) -> int:
    """How far up the ladder: nothing, one try, two, a letter, the referrer told, the clinician to decide."""
    if tried.referrer or "not-reached" in written:
        return 5 if band == "lost" else 4
    if tried.letter or written:
        return 3
    return min(tried.attempts, tries)
