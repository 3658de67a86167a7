"""What of two records cannot stand side by side once they are one, and what was chosen about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.errors import Refused
from db.names import fold
from db.operations import _courses
from db.operations._assess import undecided
from db.queries.merging import CLINIC_NUMBER, OpenCourse, SameKind, open_courses, same_kind
from db.stamp import Stamp


@dataclass(frozen=True, slots=True)
class MergeChoices:
    """What was chosen where two records cannot both stand.

    `course_id` is the open course that goes on, where both have one; the other one ends. `identifier_ids` are the
    numbers that stay current, one for each kind and assigner of which both have one; the others are kept as former.
    """

    course_id: int | None = None
    identifier_ids: frozenset[int] = frozenset()


def open_course_that_ends(session: Session, ids: tuple[int, int], choices: MergeChoices) -> int | None:
    """The open course that does not go on; None where only one of the two has an open one.

    Raises `Refused` two-open-courses (course_ids) when none of the two was chosen.
    """
    found: list[OpenCourse] = [course for one in ids for course in open_courses(session, one)]
    if len(found) < 2:
        return None
    known = tuple(course.course_id for course in found)
    if choices.course_id not in known:
        raise Refused("two-open-courses", course_ids=known)
    return next(one for one in known if one != choices.course_id)


def end_course(session: Session, course_id: int, stamp: Stamp) -> None:
    """End the course that does not go on. Iron given in it stays part of the history of the other."""
    course = session.get_one(m.Course, course_id)
    given = select(m.Infusion.id).where(m.Infusion.course_id == course_id, m.Infusion.state == "given")
    reason = "duplicate" if session.scalars(given.limit(1)).first() is None else "repeat-course"
    for waiting in undecided(session, course_id):
        waiting.state = "superseded"
    _courses.end(session, course, reason, stamp.today, stamp)


def numbers_that_go(session: Session, ids: tuple[int, int], choices: MergeChoices) -> list[int]:
    """The identifiers that are no longer current: those not chosen, and the clinic's own number of the merged record.

    `ids` are the kept and the merged record. Raises `Refused` identifiers-differ (kind, assigner, values).
    """
    number = m.PatientIdentifier
    own = select(number.id).where(
        number.patient_id == ids[1], number.kind == CLINIC_NUMBER, number.until.is_(None)
    )
    gone = list(session.scalars(own))
    for pair in same_kind(session, *ids):
        _chosen(pair, choices.identifier_ids)
        gone += [one for one, _value in pair.values if one not in choices.identifier_ids]
    return gone


def _chosen(pair: SameKind, chosen: Iterable[int]) -> None:
    if len({one for one, _value in pair.values} & set(chosen)) != 1:
        values = tuple(value for _one, value in pair.values)
        raise Refused("identifiers-differ", kind=pair.kind, assigner=pair.assigner, values=values)


def close_what_is_there_twice(session: Session, kept_id: int, merged_id: int, stamp: Stamp) -> None:
    """End on the merged record what the kept one says as well, and its address where both have one."""
    said: tuple[tuple[Any, Any], ...] = (
        (m.Condition, m.Condition.code),
        (m.Symptom, m.Symptom.code),
        (m.PatientNeed, m.PatientNeed.code),
        (m.Allergy, m.Allergy.substance),
        (m.PatientPhone, m.PatientPhone.digits),
    )
    for table, column in said:
        known = {fold(one) for one in session.scalars(select(column).where(
            table.patient_id == kept_id, table.until.is_(None)))}  # fmt: skip
        for row in session.scalars(select(table).where(table.patient_id == merged_id, table.until.is_(None))):
            since = getattr(row, "since", None)
            if fold(getattr(row, column.key)) in known and (since is None or since <= stamp.today):
                row.until = stamp.today
    address = m.PatientAddress
    now = select(address).where(address.patient_id == kept_id, address.until.is_(None))
    if session.scalars(now.limit(1)).first() is not None:
        for old in session.scalars(
            select(address).where(address.patient_id == merged_id, address.until.is_(None))
        ):
            old.until = stamp.today
    session.flush()
