"""Who did what: the audit searched by user, patient, action, thing and days, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from db import models as m

LOOKING: Final = (
    "view-patient", "view-assessment", "view-list", "print-letter", "print-list", "export-list", "export-letter",
    "export-course", "export-audit",
)  # fmt: skip
"""Actions that only read: somebody saw, printed or took away what the record says."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; every field left empty lets all through. Days are the clinic's own calendar days."""

    user_id: int | None = None
    patient_id: int | None = None
    actions: tuple[str, ...] = ()
    entity: str | None = None
    entity_id: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the audit. `at` is an instant in UTC; `detail` holds codes and values, `hash` its 64 digits."""

    id: int
    at: datetime
    user_id: int
    user_name: str
    action: str
    entity: str
    entity_id: int | None
    patient_id: int | None
    number: str | None
    surname: str | None
    given: str | None
    detail: Mapping[str, object]
    hash: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of entries; `before` asks for the next one, None at the end."""

    entries: tuple[AuditEntry, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What one user saw, printed or exported of one patient: how often, from when to when (UTC), and how."""

    user_id: int
    user_name: str
    role: str
    times: int
    first_at: datetime
    last_at: datetime
    actions: tuple[str, ...]


def audit_page(
    session: Session, wanted: AuditFilter, before: int | None = None, limit: int = 200
) -> AuditPage:
    """Entries that fit, newest first; `before` is that of the page before."""
    query = _fitting(session, _entries(), wanted).order_by(m.AuditRow.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(m.AuditRow.id < before)
    rows = [AuditEntry(**row) for row in session.execute(query).mappings()]
    more = len(rows) > limit
    return AuditPage(tuple(rows[:limit]), rows[limit - 1].id if more else None)


def audit_count(session: Session, wanted: AuditFilter) -> int:
    """How many entries fit."""
    return int(session.scalars(_fitting(session, select(func.count(m.AuditRow.id)), wanted)).one())


def audit_actions(session: Session) -> tuple[str, ...]:
    """Every action that stands in the audit, sorted."""
    return tuple(session.scalars(select(m.AuditRow.action).distinct().order_by(m.AuditRow.action)))


def who_looked_at(
    session: Session, patient_id: int, first: date | None = None, last: date | None = None
) -> tuple[Looked, ...]:
    """Who saw, printed or exported a patient's record or wrote in it, the last one first.

    Rows of records merged into this one count as well. `actions` tells looking from writing.
    """
    a = m.AuditRow
    query = select(
        a.user_id,
        m.User.name.label("user_name"),
        m.User.role,
        a.action,
        func.count(a.id).label("times"),
        func.min(a.at).label("first_at"),
        func.max(a.at).label("last_at"),
    ).join(m.User, m.User.id == a.user_id)
    query = _fitting(session, query, AuditFilter(patient_id=patient_id, first=first, last=last))
    found: dict[int, Looked] = {}
    for row in session.execute(query.group_by(a.user_id, m.User.name, m.User.role, a.action)):
        known = found.get(row.user_id)
        found[row.user_id] = _merged(known, row)
    return tuple(sorted(found.values(), key=lambda one: (one.last_at, one.user_id), reverse=True))


def _merged(known: Looked | None, row: Any) -> Looked:
    """What is known of a user, with one more action of theirs."""
    if known is None:
        return Looked(
            row.user_id, row.user_name, row.role, row.times, row.first_at, row.last_at, (row.action,)
        )
    return Looked(
        known.user_id,
        known.user_name,
        known.role,
        known.times + row.times,
        min(known.first_at, row.first_at),
        max(known.last_at, row.last_at),
        tuple(sorted({*known.actions, row.action})),
    )


def _entries() -> Select[*tuple[Any, ...]]:
    """Rows of the audit with the names that go with their ids."""
    a, p = m.AuditRow, m.Patient
    return (
        select(
            a.id, a.at, a.user_id, m.User.name.label("user_name"), a.action, a.entity, a.entity_id,
            a.patient_id, p.number, p.surname, p.given, a.detail, a.hash,
        )
        .outerjoin(m.User, m.User.id == a.user_id)
        .outerjoin(p, p.id == a.patient_id)
    )  # fmt: skip


def _fitting(
    session: Session, query: Select[*tuple[Any, ...]], wanted: AuditFilter
) -> Select[*tuple[Any, ...]]:
    """The query with its conditions; ids and instants are indexed, so a page costs what it shows."""
    a = m.AuditRow
    if wanted.user_id is not None:
        query = query.where(a.user_id == wanted.user_id)
    if wanted.patient_id is not None:
        merged = select(m.Patient.id).where(m.Patient.merged_into_id == wanted.patient_id)
        query = query.where(or_(a.patient_id == wanted.patient_id, a.patient_id.in_(merged)))
    if wanted.actions:
        query = query.where(a.action.in_(wanted.actions))
    if wanted.entity is not None:
        query = query.where(a.entity == wanted.entity)
    if wanted.entity_id is not None:
        query = query.where(a.entity_id == wanted.entity_id)
    if wanted.first is None and wanted.last is None:
        return query
    zone = ZoneInfo(session.scalars(select(m.Clinic.time_zone)).first() or "UTC")
    if wanted.first is not None:
        query = query.where(a.at >= _begin(wanted.first, zone))
    if wanted.last is not None:
        query = query.where(a.at < _begin(wanted.last + timedelta(days=1), zone))
    return query


def _begin(day: date, zone: ZoneInfo) -> datetime:
    """The instant a day of the clinic begins at."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)
