"""Taking a merge back row by row: what nobody touched since is as it was, later work stays with its course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import models as m
from db.errors import Refused
from db.models.base import Base
from db.operations import _joined, _labs
from db.operations._joined import Columns, Key, Rows
from db.queries.merging import later_ids
from db.stamp import Stamp

_PLACE = ("patient_id", "ordinal")
"""Columns that always go back: whose the row is, and the place of a course in the count."""

_OF_THE_COURSE = ("assessment", "course", "decision", "lab_order", "next_step", "visit")
"""Rows that say how far a course is: they go back together, or not at all when one was worked on since."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was written since the merge, by table, and whether it asks for the answers to be made again."""

    later: Mapping[str, int]
    assess: bool


@dataclass(frozen=True, slots=True)
class _Touched:
    key: Key
    before: Columns | None
    after: Columns


def take_apart(session: Session, merge: m.PatientMerge, result_ids: frozenset[int], stamp: Stamp) -> Told:
    """Put every row back where it was, and as it was where nobody touched it since.

    Raises `Refused` other-patient for a result that was not written on the joined record since.
    """
    touched = _touched(session, merge)
    later = later_ids(session, merge)
    if not result_ids <= set(later.get("lab_result", ())):
        raise Refused("other-patient", field="result_ids")
    now = _joined.rows_now(session, [one.key for one in touched])
    worked_on = _courses_worked_on(session, touched, now, later)
    courses = [one for one in touched if one.key[0] == "course"]
    places = _step_aside(session, courses, now)
    _withdraw_what_was_made(session, touched, now, worked_on, stamp)
    _made_goes_along(session, merge, touched, _going_back(session, courses, later))
    for one in (
        *(one for one in reversed(touched) if one.key[0] not in ("course", "patient")),
        None,
        *courses,
    ):
        if one is None:  # no row may be left behind by its course
            _later_rows(session, merge, courses, later, result_ids)
        elif one.before is not None:
            _put_back(session, one, one.before, now[one.key], worked_on, places)
    _later_courses(session, merge, courses, later)
    _owners_who_are_here(session, touched, stamp)
    session.expire_all()
    _count_again(session, merge.kept_id, later.get("course", ()))
    _answers_of_others(session, (merge.kept_id, merge.merged_id))
    people = [one for one in touched if one.key[0] == "patient" and one.before is not None]
    for one in sorted(people, key=lambda found: found.key[1] != merge.merged_id):
        assert one.before is not None
        _joined.set_row(session, one.key, {name: one.before[name] for name in one.before})
    session.expire_all()
    return Told({name: len(ids) for name, ids in later.items()}, bool(later) or bool(worked_on))


def _touched(session: Session, merge: m.PatientMerge) -> list[_Touched]:
    row = m.MergedRow
    found = session.scalars(select(row).where(row.merge_id == merge.id).order_by(row.position))
    return [_Touched((one.table_name, one.row_id), one.before, one.after) for one in found]


def _course_of(key: Key, columns: Columns) -> int | None:
    """The course a row belongs to."""
    if key[0] == "course":
        return key[1]
    course_id = columns.get("course_id")
    return course_id if isinstance(course_id, int) else None


def _courses_worked_on(
    session: Session, touched: list[_Touched], now: Rows, later: Mapping[str, list[int]]
) -> set[int]:
    """Courses whose state is not the one the merge left: somebody has gone on with them."""
    found = {
        course_id
        for one in touched
        if one.key[0] in _OF_THE_COURSE and not _as_left(one, now[one.key])
        for course_id in [_course_of(one.key, now[one.key])]
        if course_id is not None
    }
    for name in _OF_THE_COURSE:
        if name == "course" or name not in later:
            continue
        table = Base.metadata.tables[name]
        found |= set(session.scalars(select(table.c.course_id).where(table.c.id.in_(later[name]))))
    return found


def _as_left(one: _Touched, now: Columns) -> bool:
    """Whether the columns the merge changed say what it made them say; the place of the row apart."""
    skipped = _PLACE if one.before is not None else (*_PLACE, "version")
    return all(now[name] == value for name, value in one.after.items() if name not in skipped)


def _step_aside(session: Session, courses: list[_Touched], now: Rows) -> dict[int, int]:
    """Take every course that goes back, or gets another place, out of the way of the others; the places they had."""
    places: dict[int, int] = {}
    for one in courses:
        if one.before is not None and {"patient_id", "ordinal"} & set(one.before):
            present: int = now[one.key]["ordinal"]
            places[one.key[1]] = one.before.get("ordinal", present)
            _joined.set_row(session, one.key, {"ordinal": present + _joined.APART})
    return places


def _withdraw_what_was_made(
    session: Session, touched: list[_Touched], now: Rows, worked_on: set[int], stamp: Stamp
) -> None:
    """Close the steps and answers that the merge itself made, where nobody has acted on them."""
    for one in touched:
        columns = now[one.key]
        if one.before is not None or _course_of(one.key, columns) in worked_on:
            continue
        if one.key[0] == "next_step" and columns["is_open"]:
            closed = {"is_open": False, "closed_at": stamp.at.isoformat(), "closed_by_id": stamp.user_id}
            _joined.set_row(session, one.key, {**closed, "closed_reason": "unmerged"})
        elif one.key[0] == "assessment" and columns["state"] != "superseded":
            _joined.set_row(session, one.key, {"state": "superseded"})


def _made_goes_along(
    session: Session, merge: m.PatientMerge, touched: list[_Touched], theirs: set[int]
) -> None:
    """Steps and answers that the merge made for a course that goes back belong to it."""
    for one in touched:
        if one.before is None and one.after.get("course_id") in theirs:
            _joined.set_row(session, one.key, {"patient_id": merge.merged_id})


def _put_back(
    session: Session,
    one: _Touched,
    before: Columns,
    now: Columns,
    worked_on: set[int],
    places: Mapping[int, int],
) -> None:
    """One row: its patient and place always, the rest where it says what the merge made it say."""
    whole = _as_left(one, now) and not (
        one.key[0] in _OF_THE_COURSE and _course_of(one.key, now) in worked_on
    )
    values = dict(before) if whole else {name: before[name] for name in _PLACE if name in before}
    if one.key[0] == "course" and one.key[1] in places:
        values["ordinal"] = places[one.key[1]]
    if values:
        _joined.set_row(session, one.key, values)


def _owners_who_are_here(session: Session, touched: list[_Touched], stamp: Stamp) -> None:
    """A step that is open again and whose owner has left meanwhile goes to whoever takes the merge back."""
    steps = [one.key[1] for one in touched if one.key[0] == "next_step"]
    gone = select(m.NextStep.id).join(m.User, m.User.id == m.NextStep.owner_id).where(
        m.NextStep.id.in_(steps), m.NextStep.is_open.is_(True), m.User.active.is_(False)
    )  # fmt: skip
    for step_id in session.scalars(gone).all():
        _joined.set_row(session, ("next_step", step_id), {"owner_id": stamp.user_id})


def _going_back(session: Session, courses: list[_Touched], later: Mapping[str, list[int]]) -> set[int]:
    """Courses that came with the merged record, and those begun since that follow one of them."""
    theirs = {one.key[1] for one in courses if one.before is not None and "patient_id" in one.before}
    for course_id in later.get("course", ()):
        before = select(m.Course.previous_course_id).where(m.Course.id == course_id)
        if session.scalars(before).one() in theirs:
            theirs.add(course_id)
    return theirs


def _later_rows(
    session: Session,
    merge: m.PatientMerge,
    courses: list[_Touched],
    later: Mapping[str, list[int]],
    result_ids: frozenset[int],
) -> None:
    """Let what was written since on a course that goes back go with it, and the results named."""
    theirs = _going_back(session, courses, later)
    orders = set(session.scalars(select(m.LabOrder.id).where(m.LabOrder.course_id.in_(theirs))))
    for name, ids in later.items():
        table = Base.metadata.tables[name]
        for row_id in ids if name != "course" else ():
            row = session.execute(select(table).where(table.c.id == row_id)).mappings().one()
            if row.get("course_id") in theirs or (
                name == "lab_result" and (row_id in result_ids or row["lab_order_id"] in orders)
            ):
                _joined.set_row(session, (name, row_id), {"patient_id": merge.merged_id})


def _later_courses(
    session: Session, merge: m.PatientMerge, courses: list[_Touched], later: Mapping[str, list[int]]
) -> None:
    """A course begun since that follows one of the merged record comes after it there."""
    course = Base.metadata.tables["course"]
    for course_id in sorted(_going_back(session, courses, later) & set(later.get("course", ()))):
        last = select(func.max(course.c.ordinal)).where(course.c.patient_id == merge.merged_id)
        place = {"patient_id": merge.merged_id, "ordinal": (session.scalars(last).one() or 0) + 1}
        _joined.set_row(session, ("course", course_id), place)


def _count_again(session: Session, kept_id: int, begun_since: Sequence[int]) -> None:
    """Courses of the kept record begun since come right after those it had."""
    rows = session.execute(
        select(m.Course.id, m.Course.ordinal).where(m.Course.patient_id == kept_id).order_by(m.Course.id)
    ).all()
    last = max((row.ordinal for row in rows if row.id not in begun_since), default=0)
    since = [row.id for row in rows if row.id in begun_since]
    _joined.number_courses(session, {one: place for place, one in enumerate(since, start=last + 1)})


def _answers_of_others(session: Session, pair: tuple[int, int]) -> None:
    """An order is not answered by the value of somebody else: it looks for its own, or is open again."""
    rows = session.execute(
        select(m.LabResult.id, m.LabOrder.id.label("order_id"))
        .join(m.LabOrder, m.LabOrder.id == m.LabResult.lab_order_id)
        .where(m.LabOrder.patient_id.in_(pair), m.LabResult.patient_id != m.LabOrder.patient_id)
    ).all()
    for row in rows:
        session.get_one(m.LabResult, row.id).lab_order_id = None
    session.flush()
    value = select(m.LabResult.id).where(
        m.LabResult.lab_order_id == m.LabOrder.id,
        m.LabResult.superseded_by_id.is_(None),
        m.LabResult.status.not_in(("cancelled", "entered-in-error")),
    )
    without = select(m.LabOrder.id).where(
        m.LabOrder.patient_id.in_(pair), m.LabOrder.state == "resulted", ~value.exists()
    )
    for order_id in session.scalars(without.order_by(m.LabOrder.id)).all():
        _labs.look_for_answer(session, order_id)
