"""Rows inside an operation: found or refused, seen or stale, cleaned text, reserved ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final, TypeVar

from sqlalchemy import Insert, insert, select
from sqlalchemy.orm import Session

from db import ids
from db import models as m
from db.errors import NotFound, Refused, StaleScreen
from db.names import clean_name
from db.operations._meanwhile import what_is_there
from db.questions import OF
from db.stamp import Stamp

Row = TypeVar("Row", bound=m.Base)


def add(session: Session, table: type[m.Base], stamp: Stamp | None = None, **values: object) -> int:
    """Insert a row under a reserved id, which is returned; `stamp` fills who recorded it and when."""
    row_id = values.pop("id", None)
    if row_id is None:
        row_id = ids.reserve(session, table.__tablename__)
    if stamp is not None:
        values |= {"recorded_at": stamp.at, "recorded_by_id": stamp.user_id}
    session.flush()
    session.connection().execute(_insert(table), {"id": row_id, **values})
    assert isinstance(row_id, int)
    return row_id


@cache
def _insert(table: type[m.Base]) -> Insert:
    """The statement that adds a row; made once, because making it costs more than running it."""
    return insert(m.Base.metadata.tables[table.__tablename__])


def get(session: Session, table: type[Row], row_id: int) -> Row:
    """The row, as it is now; `NotFound` naming the table when there is none.

    `Refused` patient-merged (into) for a record that joined another: nothing is done to it any more.
    """
    found = session.get(table, row_id)
    if found is None:
        raise NotFound(f"{table.__tablename__.replace('_', '-')}-not-found", id=row_id)
    if isinstance(found, m.Patient) and found.merged_into_id is not None:
        raise Refused("patient-merged", into=found.merged_into_id)
    return found


def check_seen(row: m.Base, seen_version: int) -> None:
    """Refuse a save based on a screen that somebody else's save has overtaken; the refusal says what is there now."""
    now = getattr(row, "version", None)
    if now != seen_version:
        raise StaleScreen("changed-meanwhile", seen=seen_version, now=now, **what_is_there(row))


def open_course(session: Session, course_id: int) -> m.Course:
    """The course, refused when it has ended: nothing may be added to it then."""
    course = get(session, m.Course, course_id)
    if course.status == "ended":
        raise Refused("course-ended", reason=course.end_reason)
    return course


def active_patient(session: Session, patient_id: int) -> m.Patient:
    """The patient, refused when they are no longer under follow-up (declined, transferred, deceased …)."""
    patient = get(session, m.Patient, patient_id)
    if patient.status != "active":
        raise Refused("patient-not-active", status=patient.status, on=patient.status_on)
    return patient


def current_course(session: Session, patient_id: int) -> m.Course | None:
    """The newest course of the patient that has not ended, if there is one."""
    return session.scalars(_CURRENT, {"patient_id": patient_id}).first()


_CURRENT: Final = (
    select(m.Course)
    .where(m.Course.patient_id == OF, m.Course.status != "ended")
    .order_by(m.Course.ordinal.desc())
    .limit(1)
)


def active_user(session: Session, user_id: int) -> m.User:
    """The user, refused when they no longer work here: a step needs an owner who is there."""
    user = get(session, m.User, user_id)
    if not user.active:
        raise Refused("owner-not-active", user_id=user_id)
    return user


def wanted(text: str | None, field: str) -> str:
    """A text that must say something, cleaned; `Refused("missing-field")` naming the field otherwise."""
    cleaned = clean_name(text or "")
    if not cleaned:
        raise Refused("missing-field", field=field)
    return cleaned


def optional(text: str | None) -> str:
    """A text that may be empty, cleaned."""
    return clean_name(text or "")


def long_text(text: str | None) -> str:
    """A note of several lines: each line cleaned, lines kept."""
    lines = (clean_name(line) for line in (text or "").splitlines())
    return "\n".join(lines).strip()


def lines(texts: Sequence[str]) -> list[str]:
    """Lines of an address, cleaned, empty ones left out."""
    return [line for line in (clean_name(text) for text in texts) if line]


def one_of(value: str, codes: Sequence[str], field: str) -> str:
    """The code if it is one of those known; `Refused("unknown-code")` naming the field otherwise."""
    if value not in codes:
        raise Refused("unknown-code", field=field, value=clean_name(value)[:40], known=tuple(codes))
    return value


def not_after(day: date, today: date, field: str) -> date:
    """A day something happened on, refused when it lies in the future."""
    if day > today:
        raise Refused("in-the-future", field=field, day=day)
    return day


def plain_detail(detail: Mapping[str, object]) -> dict[str, object]:
    """Coded detail as it is kept: what is not known, and an empty list of steps to follow, is left out."""
    return {
        str(key): value for key, value in detail.items() if value is not None and (key, value) != ("then", [])
    }
