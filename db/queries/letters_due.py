"""Letters the record calls for and the archive does not hold yet, and why one cannot be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, cast, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from db import models as m
from db.queries.protocols import in_force
from db.queries.suspended import suspension
from db.queries.worklist_rows import LettersDueRow

AT_ONCE: Final = 5000
"""Ids that one question names; a database takes only so many."""

NOT_BOOKED = ("referred", "planned", "in-treatment", "to-review")
"""While the course is there the day of the tests may still move."""

TO_PATIENT = frozenset(
    {
        "patient-results",
        "patient-appointment",
        "reminder-1",
        "reminder-2",
        "not-reached",
        "phosphate-check",
        "discharge",
        "repeat-infusion",
    }
)
BY_ACTION = {"measure-phosphate": "phosphate-check", "discharge": "discharge"}
"""What the patient is told of a decided step in a letter of its own."""
REPEATS = frozenset({"repeat-infusion", "plan-course"})
"""Decided steps that bring the patient another infusion: told in a letter once its day is booked."""


def letters_due(session: Session, today: date) -> tuple[LettersDueRow, ...]:
    """Letters to write: results, plan, phosphate check and discharge after a decision, referrals, the next infusion,
    appointments, reminders and the letter to somebody who is not reached; by day.

    `blocked` names why one cannot be sent: no-address, no-letters (the patient asked for none), nobody-to-write-to.
    """
    found = [
        *_decided(session),
        *_referrals(session),
        *_repeats(session, today),
        *_laboratory(session, today),
    ]
    return _listed(session, found)


def letters_due_begin(session: Session, today: date, first: int) -> tuple[LettersDueRow, ...] | None:
    """A first screen of the letters that are due, before all are read: those about the `first` repeat tests that were
    booked longest ago. None where no more tests are open: the whole list is read as quickly.
    """
    o = m.LabOrder
    open_now = session.scalars(
        select(o.course_id).where(o.state == "open").order_by(o.booked_for, o.id).limit(first)
    ).all()
    if len(open_now) < first:
        return None
    return _listed(session, _laboratory(session, today, tuple(dict.fromkeys(open_now))))


def _listed(session: Session, found: Sequence[dict[str, Any]]) -> tuple[LettersDueRow, ...]:
    """What was found in the order of the list, and why one cannot be sent."""
    blocks = _blocks(session, sorted({one["patient_id"] for one in found}))
    rows = [
        LettersDueRow(**one, blocked=blocks[one["patient_id"]] if one["kind"] in TO_PATIENT else None)
        for one in found
    ]
    return tuple(sorted(rows, key=lambda row: (row.due, row.surname, row.given, row.patient_id, row.kind)))


def _person() -> tuple[Any, ...]:
    p = m.Patient
    return p.id.label("patient_id"), p.number, p.surname, p.given, p.birth_date


def _decided(session: Session) -> list[dict[str, Any]]:
    """Decisions with work in them whose patient, or whose doctor, has not been written to.

    A decision on an assessment that a newer one has overtaken asks for no letter: the newer one brings its own.
    """
    d, a, letter = m.Decision, m.AssessmentRow, m.Letter
    newer = aliased(a)
    overtaken = exists().where(newer.course_id == a.course_id, newer.id > a.id)
    written = defaultdict(set)
    newest = (
        select(func.max(d.id))
        .join(a, a.id == d.assessment_id)
        .where(a.state.in_(("accepted", "overridden")), d.withdrawn_at.is_(None))
    )
    rows = session.execute(
        select(
            *_person(),
            d.course_id,
            d.assessment_id,
            d.decided_at,
            d.steps,
            m.Patient.gp_id,
            m.Referral.referrer_id,
        )
        .join(a, a.id == d.assessment_id)
        .join(m.Patient, m.Patient.id == d.patient_id)
        .join(m.Course, m.Course.id == d.course_id)
        .outerjoin(m.Referral, m.Referral.id == m.Course.referral_id)
        .where(
            d.id.in_(newest.group_by(d.patient_id)),
            m.Patient.status == "active",
            _something_unwritten(),
            ~overtaken,
        )
    ).all()
    for ids in _parts([row.assessment_id for row in rows]):
        for assessment_id, kind in session.execute(
            select(letter.assessment_id, letter.kind).where(
                letter.assessment_id.in_(ids), letter.state != "void"
            )
        ):
            written[assessment_id].add(kind)
    found = []
    for row in rows:
        if not row.steps:
            continue
        kinds = ["patient-results"] + (["result-and-plan"] if row.gp_id or row.referrer_id else [])
        kinds += dict.fromkeys(BY_ACTION[step["action"]] for step in row.steps if step["action"] in BY_ACTION)
        found += [
            _due(row, kind, row.decided_at.date(), assessment_id=row.assessment_id)
            for kind in kinds
            if kind not in written[row.assessment_id]
        ]
    return found


def _something_unwritten() -> ColumnElement[bool]:
    """Decisions of which a letter may still be due. Of nearly all the letters went long ago: those are told apart where
    the rows are, and not read."""
    d, letter = m.Decision, m.Letter

    def unwritten(kind: str) -> ColumnElement[bool]:
        filed = exists().where(
            letter.assessment_id == d.assessment_id, letter.kind == kind, letter.state != "void"
        )
        return ~filed

    to_a_doctor = or_(m.Patient.gp_id.is_not(None), m.Referral.referrer_id.is_not(None))
    says = cast(d.steps, Text)
    return or_(
        unwritten("patient-results"),
        to_a_doctor & unwritten("result-and-plan"),
        *(says.contains(f'"{action}"') & unwritten(kind) for action, kind in BY_ACTION.items()),
    )


def _referrals(session: Session) -> list[dict[str, Any]]:
    """Referrals that were decided and not written yet."""
    i, w, letter = m.WorkUpItem, m.WorkUp, m.Letter
    rows = session.execute(
        select(*_person(), w.course_id, i.refer_to, i.due, m.Decision.assessment_id)
        .join(w, w.id == i.work_up_id)
        .join(m.Patient, m.Patient.id == w.patient_id)
        .outerjoin(m.Decision, m.Decision.id == w.decision_id)
        .where(i.kind == "referral", i.state == "todo", w.state == "open", m.Patient.status == "active")
    ).all()
    written: set[tuple[Any, Any, Any]] = set()
    for ids in _parts([row.patient_id for row in rows]):
        for patient_id, course_id, assessment_id, recipient in session.execute(
            select(letter.patient_id, letter.course_id, letter.assessment_id, letter.recipient).where(
                letter.kind == "referral", letter.state != "void", letter.patient_id.in_(ids)
            )
        ):
            # a referral of the course before, while the next one is planned, is filed under that course
            to = recipient.get("refer_to")
            written |= {
                (patient_id, to, ("course", course_id)),
                (patient_id, to, ("assessment", assessment_id)),
            }
    return [
        _due(row, "referral", row.due, refer_to=row.refer_to, assessment_id=row.assessment_id)
        for row in rows
        if (row.patient_id, row.refer_to, ("course", row.course_id)) not in written
        and (row.patient_id, row.refer_to, ("assessment", row.assessment_id)) not in written
    ]


def _repeats(session: Session, today: date) -> list[dict[str, Any]]:
    """Infusions that were decided and are booked by now, and that no letter tells as they are booked.

    They belong to the course of the decision or to the one after it, while that one has no answer of its own.
    """
    visit, course, letter, d, a = m.Visit, m.Course, m.Letter, m.Decision, m.AssessmentRow
    told = aliased(course)
    newest = (
        select(func.max(d.id))
        .join(a, a.id == d.assessment_id)
        .where(
            d.patient_id == visit.patient_id,
            a.state.in_(("accepted", "overridden")),
            d.withdrawn_at.is_(None),
        )
        .correlate(visit)
        .scalar_subquery()
    )
    answered = exists().where(a.course_id == visit.course_id, a.outcome != "no-follow-up-yet")
    rows = session.execute(
        select(*_person(), visit.course_id, visit.recorded_at, d.steps, d.assessment_id)
        .select_from(visit)
        .join(m.Patient, m.Patient.id == visit.patient_id)
        .join(course, course.id == visit.course_id)
        .join(d, d.id == newest)
        .join(told, told.id == d.course_id)
        .where(
            visit.state == "planned",
            visit.planned_on >= today,
            m.Patient.status == "active",
            or_(
                told.id == course.id,
                or_(told.ordinal == course.ordinal - 1, told.id == course.previous_course_id) & ~answered,
            ),
        )
        .order_by(visit.recorded_at)
    ).all()
    written: dict[int, Any] = {}
    for ids in _parts([row.patient_id for row in rows]):
        told_when = (
            select(letter.patient_id, func.max(letter.recorded_at))
            .where(
                letter.patient_id.in_(ids),
                letter.kind == "repeat-infusion",
                letter.state != "void",
                letter.out_of_date_at.is_(None),
            )
            .group_by(letter.patient_id)
        )
        written.update((patient_id, last) for patient_id, last in session.execute(told_when))
    newest_booked = {row.patient_id: row for row in rows}  # ordered: the last that was booked stays
    return [
        _due(row, "repeat-infusion", row.recorded_at.date(), assessment_id=row.assessment_id)
        for row in newest_booked.values()
        if any(step["action"] in REPEATS for step in row.steps or ())
        and not (row.patient_id in written and written[row.patient_id] >= row.recorded_at)
    ]


def reminders_to(session: Session, course_ids: Sequence[int], today: date) -> tuple[LettersDueRow, ...]:
    """The letter that the record calls for now about the repeat tests of each of these courses, by name.

    A course that calls for none is there too, so that nobody is passed over in silence: `blocked` is then
    reminded-already, and the kind that of a first reminder. Courses that have ended are left out.
    """
    c, p = m.Course, m.Patient
    found = {one["course_id"]: one for one in _laboratory(session, today, course_ids)}
    people = session.execute(
        select(*_person(), c.id.label("course_id"))
        .join(p, p.id == c.patient_id)
        .where(c.id.in_(list(course_ids)), c.status != "ended")
    ).all()
    none = {row.course_id: _due(row, "reminder-1", today) for row in people}
    blocks = _blocks(session, sorted({row.patient_id for row in people}))
    rows = [
        LettersDueRow(
            **(found.get(course_id) or one), blocked=_block(course_id in found, blocks[one["patient_id"]])
        )
        for course_id, one in none.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.surname, row.given, row.course_id)))


def _block(due: bool, block: str | None) -> str | None:
    return block if due else "reminded-already"


def _laboratory(
    session: Session, today: date, course_ids: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """The appointment for booked tests, and once their window has closed the reminders and the letter to somebody
    who is not reached, of all courses or of these; none while a course rests.
    """
    o, letter = m.LabOrder, m.Letter
    rows = session.execute(
        select(*_person(), o.course_id, o.booked_for, o.closes_on, o.recorded_at, m.NextStep.detail)
        .join(m.Patient, m.Patient.id == o.patient_id)
        .join(m.Course, m.Course.id == o.course_id)
        .join(m.NextStep, m.NextStep.id == m.Course.open_step_id)
        .where(
            o.state == "open",
            m.Patient.status == "active",
            or_(m.Course.status.not_in(NOT_BOOKED), o.closes_on < today),
            true() if course_ids is None else o.course_id.in_(list(course_ids)),
        )
    ).all()
    rows = [row for row in rows if suspension(row.detail, today) is None]
    written = defaultdict(list)
    for ids in _parts([row.course_id for row in rows]):
        for course_id, kind, made_on in session.execute(
            select(letter.course_id, letter.kind, letter.made_on).where(
                letter.course_id.in_(ids), letter.state != "void"
            )
        ):
            written[course_id].append((kind, made_on))
    protocol = in_force(session)
    closes = protocol.whole("schedule.closes_day")
    first = timedelta(days=protocol.whole("schedule.reminder_day") - closes)
    second = timedelta(days=protocol.whole("schedule.overdue_day") - closes)
    lost = timedelta(days=protocol.whole("schedule.lost_day") - closes)
    found = []
    for row in rows:
        reminded = {kind for kind, made_on in written[row.course_id] if made_on > row.closes_on}
        told = any(
            kind == "patient-appointment"
            for kind, made in written[row.course_id]
            if made >= row.recorded_at.date()
        )
        if today <= row.closes_on:
            if not told:
                found.append(_due(row, "patient-appointment", row.recorded_at.date()))
        elif today >= row.closes_on + lost:
            if "not-reached" not in reminded:
                found.append(_due(row, "not-reached", row.closes_on + lost))
        elif today >= row.closes_on + second:
            if "reminder-2" not in reminded:
                found.append(_due(row, "reminder-2", row.closes_on + second))
        elif today >= row.closes_on + first and "reminder-1" not in reminded:
            found.append(_due(row, "reminder-1", row.closes_on + first))
    return found


def _due(
    row: Any, kind: str, due: date, *, refer_to: str | None = None, assessment_id: int | None = None
) -> dict[str, Any]:
    return {
        "course_id": row.course_id,
        "patient_id": row.patient_id,
        "number": row.number,
        "surname": row.surname,
        "given": row.given,
        "birth_date": row.birth_date,
        "kind": kind,
        "due": due,
        "refer_to": refer_to,
        "assessment_id": assessment_id,
    }


def _blocks(session: Session, patient_ids: list[int]) -> dict[int, str | None]:
    """Why nothing can be sent to a patient, if so."""
    blocks: dict[int, str | None] = dict.fromkeys(patient_ids, "no-address")
    a, n = m.PatientAddress, m.PatientNeed
    for ids in _parts(patient_ids):
        reached = select(a.patient_id).where(a.patient_id.in_(ids), a.until.is_(None))
        blocks.update(dict.fromkeys(session.scalars(reached)))
        refusing = select(n.patient_id).where(
            n.patient_id.in_(ids), n.code == "no-letters", n.until.is_(None)
        )
        blocks.update(dict.fromkeys(session.scalars(refusing), "no-letters"))
    return blocks


def _parts(ids: Sequence[int]) -> Iterator[list[int]]:
    """So many ids as one question takes; each of them once, so that nothing is found in two parts."""
    once = list(dict.fromkeys(ids))
    for begin in range(0, len(once), AT_ONCE):
        yield once[begin : begin + AT_ONCE]
