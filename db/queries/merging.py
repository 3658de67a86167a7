"""Records that were joined: where a number leads, what two records say side by side, what a merge can take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import models as m
from db.errors import NotFound
from db.models.base import Base
from db.questions import OF, value, values

CLINIC_NUMBER = "clinic-number"
"""The kind of number that is the clinic's own: that of the kept record is the current one."""


@dataclass(frozen=True, slots=True)
class OpenCourse:
    """A course under follow-up: which one it is, its status, its product once planned, mg given so far."""

    course_id: int
    patient_id: int
    status: str
    product: str | None
    infusions: int


@dataclass(frozen=True, slots=True)
class SameKind:
    """Current numbers of one kind and assigner that two records have both: (identifier id, value) of each."""

    kind: str
    assigner: str
    values: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records compared, with how much stands on it."""

    patient_id: int
    version: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    status: str
    phones: tuple[str, ...]
    address: tuple[str, ...]
    identifiers: tuple[tuple[str, str, str], ...]
    courses: int
    infusions: int
    results: int
    letters: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side, and what has to be chosen before they can be one."""

    one: Side
    other: Side
    open_courses: tuple[OpenCourse, ...] = ()
    """Both, where each record has one under follow-up; else nothing."""
    same_kind: tuple[SameKind, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingMerge:
    """A merge that can be taken back: the record that joined, when, by whom, why.

    `later` counts what was written on the joined record since, by table; `later_results` are its results (id, day,
    analyte, value), which stay where they are unless they are said to belong to the other one.
    """

    merge_id: int
    kept_id: int
    kept_version: int
    merged_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    at: datetime
    by: str
    reason: str
    later: Mapping[str, int] = field(default_factory=dict)
    later_results: tuple[tuple[int, date, str, str], ...] = ()


_INTO: Final = select(m.Patient.merged_into_id).where(m.Patient.id == OF)
_JOINED: Final = select(m.Patient.id).where(m.Patient.merged_into_id == OF).order_by(m.Patient.id)


def standing(session: Session, patient_id: int) -> int:
    """The patient a number leads to: the one this record was joined with, else this one itself."""
    into = value(session, _INTO, patient_id=patient_id)
    return patient_id if into is None else int(into)


def merged_into(session: Session, patient_id: int) -> tuple[int, ...]:
    """The records that were joined with this one."""
    return tuple(values(session, _JOINED, patient_id=patient_id))


def compare(session: Session, one_id: int, other_id: int) -> Comparison:
    """Two records side by side. `NotFound` for an unknown patient."""
    courses = (*open_courses(session, one_id), *open_courses(session, other_id))
    return Comparison(
        side(session, one_id),
        side(session, other_id),
        courses if len(courses) > 1 else (),
        same_kind(session, one_id, other_id),
    )


def side(session: Session, patient_id: int) -> Side:
    """Who a record says somebody is, and how much stands on it."""
    person = session.get(m.Patient, patient_id)
    if person is None:
        raise NotFound("patient-not-found", id=patient_id)
    phone, address, number = m.PatientPhone, m.PatientAddress, m.PatientIdentifier
    phones = session.scalars(
        select(phone.number)
        .where(phone.patient_id == patient_id, phone.until.is_(None))
        .order_by(phone.rank, phone.id)
    )
    lines = session.scalars(
        select(address.lines)
        .where(address.patient_id == patient_id, address.until.is_(None))
        .order_by(address.id.desc())
    ).first()
    numbers = session.execute(
        select(number.kind, number.assigner, number.value)
        .where(number.patient_id == patient_id, number.until.is_(None))
        .order_by(number.kind, number.assigner, number.id)
    )
    return Side(
        patient_id=patient_id,
        version=person.version,
        number=person.number,
        surname=person.surname,
        given=person.given,
        birth_date=person.birth_date,
        sex=person.sex,
        status=person.status,
        phones=tuple(phones),
        address=tuple(lines or ()),
        identifiers=tuple((row.kind, row.assigner, row.value) for row in numbers),
        courses=_many(session, m.Course, patient_id),
        infusions=_many(session, m.Infusion, patient_id),
        results=_many(session, m.LabResult, patient_id),
        letters=_many(session, m.Letter, patient_id),
        recorded_at=person.recorded_at,
    )


def open_courses(session: Session, patient_id: int) -> tuple[OpenCourse, ...]:
    """The courses of a record that are under follow-up."""
    course, infusion = m.Course, m.Infusion
    rows = session.execute(
        select(
            course.id, course.patient_id, course.status, course.product, func.count(infusion.id).label("n")
        )
        .outerjoin(infusion, (infusion.course_id == course.id) & (infusion.state == "given"))
        .where(course.patient_id == patient_id, course.status != "ended")
        .group_by(course.id, course.patient_id, course.status, course.product)
        .order_by(course.id)
    )
    return tuple(OpenCourse(*row) for row in rows)


def same_kind(session: Session, one_id: int, other_id: int) -> tuple[SameKind, ...]:
    """Kinds of number, by assigner, of which both records have a current one; the clinic's own goes with the record."""
    number = m.PatientIdentifier
    rows = session.execute(
        select(number.id, number.patient_id, number.kind, number.assigner, number.value)
        .where(
            number.patient_id.in_((one_id, other_id)), number.until.is_(None), number.kind != CLINIC_NUMBER
        )
        .order_by(number.kind, number.assigner, number.id)
    ).all()
    found: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for row in rows:
        found.setdefault((row.kind, row.assigner), []).append((row.patient_id, row.id, row.value))
    return tuple(
        SameKind(kind, assigner, tuple((row_id, value) for _who, row_id, value in numbers))
        for (kind, assigner), numbers in found.items()
        if {who for who, _id, _value in numbers} == {one_id, other_id}
    )


def standing_merges(session: Session, patient_id: int) -> tuple[StandingMerge, ...]:
    """The merges into this record that stand, newest first. Only the first can be taken back."""
    merge, person, user = m.PatientMerge, m.Patient, m.User
    rows = session.execute(
        select(merge, person, user.name)
        .join(person, person.id == merge.merged_id)
        .join(user, user.id == merge.merged_by_id)
        .where(merge.undone_at.is_(None), person.merged_into_id == patient_id, merge.kept_id == patient_id)
        .order_by(merge.id.desc())
    ).all()
    version = session.scalars(select(person.version).where(person.id == patient_id)).one_or_none()
    return tuple(_standing(session, row[0], row[1], row[2], version or 0) for row in rows)


def later_ids(session: Session, merge: m.PatientMerge) -> dict[str, list[int]]:
    """Rows written on the joined record after the merge, by table."""
    newest: Mapping[str, int] = merge.choices["newest"]
    found: dict[str, list[int]] = {}
    for name, last in newest.items():
        table = Base.metadata.tables[name]
        ids = session.scalars(
            select(table.c.id)
            .where(table.c.patient_id == merge.kept_id, table.c.id > last)
            .order_by(table.c.id)
        ).all()
        if ids:
            found[name] = list(ids)
    return found


def _standing(
    session: Session, merge: m.PatientMerge, person: m.Patient, by: str, version: int
) -> StandingMerge:
    later = later_ids(session, merge)
    result = m.LabResult
    rows = session.execute(
        select(result.id, result.collected_on, result.analyte, result.value, result.unit)
        .where(result.id.in_(later.get("lab_result", [])))
        .order_by(result.collected_on, result.id)
    )
    return StandingMerge(
        merge.id, merge.kept_id, version, merge.merged_id, person.number, person.surname, person.given,
        person.birth_date, merge.merged_at, by, merge.reason, {name: len(ids) for name, ids in later.items()},
        tuple((row.id, row.collected_on, row.analyte, f"{row.value} {row.unit}") for row in rows),
    )  # fmt: skip


def _many(session: Session, table: type[m.Base], patient_id: int) -> int:
    column = Base.metadata.tables[table.__tablename__].c.patient_id
    return int(session.execute(select(func.count()).where(column == patient_id)).scalar_one())
