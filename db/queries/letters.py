"""What a letter is written from, and what the archive holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from db import models as m
from db.errors import NotFound
from db.queries.assessments import ExplainView, explain
from db.queries.banner import banner
from db.queries.patient_rows import Banner, CourseRow, LetterRow, ResultRow, WorkUpItemRow
from db.queries.people import Clinic, Person, clinic, people_select, person
from db.queries.record import courses, results
from db.queries.wordings import wordings_now
from db.queries.work_ups import items_of
from db.queries.worklist import step_row, step_select
from db.queries.worklist_rows import StepRow
from db.questions import OF, rows

DOCTORS_LANGUAGE = "en"
"""Letters to doctors and laboratories are written in it."""
CHECK_MARKS = "0123456789ABCDEFGHJKLMNPQRTUVWXYZ"
"""What a check character may be: no letter that looks like a digit or another letter."""


@dataclass(frozen=True, slots=True)
class DecidedStep:
    """A step that is open or was decided on the newest assessment, in the order of the decision."""

    action: str
    due: date
    detail: Mapping[str, object]
    owner: str


@dataclass(frozen=True, slots=True)
class LetterSource:
    """Everything any letter about one course may need. `specialists` is keyed by speciality code.

    `planned` are the days and doses (mg) of the infusions booked, soonest first. `next_letter_id` is the reference
    the next letter issued for this patient will carry. `wordings` are the clinic's own words by kind and language.
    `work_up` is what is looked for, or was, on this course.
    """

    clinic: Clinic
    banner: Banner
    address_lines: tuple[str, ...]
    email: str | None
    language: str
    large_print: bool
    gp: Person | None
    referrer: Person | None
    specialists: Mapping[str, Person]
    course: CourseRow
    courses: tuple[CourseRow, ...]
    results: tuple[ResultRow, ...]
    explain: ExplainView | None
    decided: tuple[DecidedStep, ...]
    open_step: StepRow | None
    lab_opens: date | None
    lab_closes: date | None
    lab_booked_for: date | None
    lab_panel: tuple[str, ...]
    planned: tuple[tuple[date, Decimal], ...]
    next_letter_id: str
    wordings: Mapping[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    work_up: tuple[WorkUpItemRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchivedLetter:
    """A letter exactly as it was printed."""

    row: LetterRow
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Common:
    """What all letters of one pile share: read once for many of them, within one transaction.

    `people` are those outside who were written to or named so far.
    """

    clinic: Clinic
    specialists: Mapping[str, Person]
    names: Mapping[int, str]
    next_reference: str
    wordings: Mapping[tuple[str, str], tuple[int, str]]
    people: dict[int, Person | None] = field(default_factory=dict)


def common(session: Session) -> Common:
    """What any letter needs, whomever it is about."""
    names: dict[int, str] = {row[0]: row[1] for row in session.execute(select(m.User.id, m.User.name))}
    languages = {DOCTORS_LANGUAGE, *session.scalars(select(m.Patient.language).distinct())}
    return Common(
        clinic(session),
        _specialists(session),
        names,
        next_reference(session),
        wordings_now(session, sorted(languages)),
    )


def source(session: Session, course_id: int, shared: Common | None = None) -> LetterSource:
    """Everything a letter about this course may need. `NotFound` for an unknown course.

    The referrer is the one of the course's own referral. `shared` is what was read for a whole pile.
    """
    course = session.execute(
        select(
            m.Course.patient_id, m.Course.referral_id, m.Patient.language, m.Patient.email, m.Patient.gp_id
        )
        .join(m.Patient, m.Patient.id == m.Course.patient_id)
        .where(m.Course.id == course_id)
    ).one_or_none()
    if course is None:
        raise NotFound("course-not-found", id=course_id)
    patient_id = course.patient_id
    who = banner(session, patient_id)
    shared = shared or common(session)
    all_courses = courses(session, patient_id)
    view = explain(session, course_id, known=who if who.patient_id == patient_id else None)
    order = _order(session, course_id)
    referrer_id = session.scalars(
        select(m.Referral.referrer_id).where(m.Referral.id == course.referral_id)
    ).first()
    return LetterSource(
        clinic=shared.clinic,
        banner=who,
        address_lines=_address(session, patient_id),
        email=course.email or None,
        language=course.language,
        large_print="large-print" in who.needs,
        gp=_known(session, course.gp_id, shared.people),
        referrer=_known(session, referrer_id, shared.people),
        specialists=shared.specialists,
        course=next(one for one in all_courses if one.course_id == course_id),
        courses=all_courses,
        results=results(session, patient_id),
        explain=view,
        decided=_decided(session, view, shared.names),
        open_step=_open_step(session, course_id),
        lab_opens=order.opens_on if order is not None else None,
        lab_closes=order.closes_on if order is not None else None,
        lab_booked_for=order.booked_for if order is not None else None,
        lab_panel=tuple(order.panel) if order is not None else (),
        planned=_planned(session, patient_id),
        next_letter_id=shared.next_reference,
        wordings=shared.wordings,
        work_up=tuple(item for item in items_of(session, patient_id) if item.course_id == course_id),
    )


def _planned(session: Session, patient_id: int) -> tuple[tuple[date, Decimal], ...]:
    """Day and dose of every infusion that is booked for the patient, soonest first."""
    visit = m.Visit
    rows = session.execute(
        select(visit.planned_on, visit.dose_mg)
        .join(m.Course, m.Course.id == visit.course_id)
        .where(m.Course.patient_id == patient_id, visit.state == "planned")
        .order_by(visit.planned_on, visit.id)
    )
    return tuple((on, dose) for on, dose in rows)


def archived(session: Session, letter_id: int) -> ArchivedLetter:
    """A letter of the archive with its bytes. `NotFound` for an unknown one."""
    row = session.execute(letter_select().where(m.Letter.id == letter_id)).one_or_none()
    pdf = session.scalars(select(m.LetterFile.pdf).where(m.LetterFile.letter_id == letter_id)).one_or_none()
    if row is None or pdf is None:
        raise NotFound("letter-not-found", id=letter_id)
    return ArchivedLetter(letter_row(row), pdf)


def patient_of_letter(session: Session, letter_id: int) -> int:
    """Whom a letter is about. `NotFound` for an unknown one."""
    found = session.scalars(select(m.Letter.patient_id).where(m.Letter.id == letter_id)).one_or_none()
    if found is None:
        raise NotFound("letter-not-found", id=letter_id)
    return found


def next_reference(session: Session) -> str:
    """The id the next letter will carry: its number and a check character, nothing of the patient."""
    return reference_of(next_number(session))


def next_number(session: Session) -> int:
    """The number of the next letter."""
    return (session.scalars(select(func.max(m.Letter.id))).one() or 0) + 1


def reference_of(number: int) -> str:
    """What is printed for the letter of a number."""
    return f"{number:07d}{CHECK_MARKS[number % len(CHECK_MARKS)]}"


def reference_after(reference: str) -> str:
    """The id of the letter that is filed right after the one of this id."""
    return reference_of(int(reference[:-1]) + 1)


def letter_of(session: Session, reference: str) -> int:
    """The letter of a printed id. `NotFound` for an unknown one."""
    found = session.scalars(select(m.Letter.id).where(m.Letter.reference == reference)).one_or_none()
    if found is None:
        raise NotFound("letter-not-found", id=reference)
    return found


def letter_select() -> Select[*tuple[Any, ...]]:
    """Letters with whether the record has moved on since; conditions are the caller's."""
    letter, a = m.Letter, m.AssessmentRow
    moved_on = or_(letter.out_of_date_at.is_not(None), a.state == "superseded")
    newer = aliased(a)
    overtaken_at = (
        select(func.min(newer.made_at))
        .where(newer.course_id == a.course_id, newer.id > a.id, a.state == "superseded")
        .scalar_subquery()
    )
    return select(
        letter.id,
        letter.version,
        letter.reference,
        letter.kind,
        letter.recipient,
        letter.made_on,
        letter.state,
        letter.pages,
        letter.sha256,
        case((moved_on, True), else_=False).label("out_of_date"),
        func.coalesce(letter.out_of_date_at, overtaken_at).label("out_of_date_since"),
        letter.assessment_id,
        letter.course_id,
    ).outerjoin(a, a.id == letter.assessment_id)


def letter_row(row: Any) -> LetterRow:
    """A row of `letter_select`."""
    return LetterRow(
        letter_id=row.id,
        version=row.version,
        reference=row.reference,
        kind=row.kind,
        recipient=str((row.recipient or {}).get("name", "")),
        made_on=row.made_on,
        state=row.state,
        pages=row.pages,
        sha256=row.sha256,
        out_of_date=bool(row.out_of_date),
        out_of_date_since=row.out_of_date_since,
        assessment_id=row.assessment_id,
        course_id=row.course_id,
    )


def letters_of(session: Session, patient_id: int) -> tuple[LetterRow, ...]:
    """The archive of one patient, newest first."""
    return tuple(letter_row(row) for row in rows(session, _letters_of(), patient_id=patient_id))


@cache
def _letters_of() -> Select[*tuple[Any, ...]]:
    return letter_select().where(m.Letter.patient_id == OF).order_by(m.Letter.id.desc())


def _order(session: Session, course_id: int) -> Any:
    """The laboratory order that comes first."""
    o = m.LabOrder
    return session.execute(
        select(o.opens_on, o.closes_on, o.booked_for, o.panel)
        .where(o.course_id == course_id, o.state == "open")
        .order_by(o.booked_for, o.id)
        .limit(1)
    ).first()


def _address(session: Session, patient_id: int) -> tuple[str, ...]:
    table = m.PatientAddress
    found = session.scalars(
        select(table.lines)
        .where(table.patient_id == patient_id, table.until.is_(None))
        .order_by(table.id.desc())
        .limit(1)
    ).first()
    return tuple(found or ())


def _known(session: Session, clinician_id: int | None, people: dict[int, Person | None]) -> Person | None:
    """As `_person`; each is read once for a pile."""
    if clinician_id is None:
        return None
    if clinician_id not in people:
        people[clinician_id] = _person(session, clinician_id)
    return people[clinician_id]


def _person(session: Session, clinician_id: int | None) -> Person | None:
    if clinician_id is None:
        return None
    row = session.execute(people_select().where(m.Clinician.id == clinician_id)).one_or_none()
    return person(row) if row is not None else None


def _specialists(session: Session) -> dict[str, Person]:
    """One person for each speciality: the first by name."""
    rows = session.execute(
        people_select().where(m.Clinician.active.is_(True)).order_by(m.Clinician.name, m.Clinician.id)
    )
    found: dict[str, Person] = {}
    for row in rows:
        found.setdefault(row.speciality, person(row))
    return found


def _decided(session: Session, view: ExplainView | None, names: Mapping[int, str]) -> tuple[DecidedStep, ...]:
    """The steps of the newest decision on the assessment, in its order."""
    if view is None:
        return ()
    d = m.Decision
    steps = session.scalars(
        select(d.steps)
        .where(d.assessment_id == view.assessment_id, d.withdrawn_at.is_(None))
        .order_by(d.id.desc())
        .limit(1)
    ).first()
    return tuple(
        DecidedStep(
            action=str(step["action"]),
            due=date.fromisoformat(str(step["due"])),
            detail=step.get("detail") or {},
            owner=names.get(step.get("owner_id") or 0, ""),
        )
        for step in steps or ()
    )


def _open_step(session: Session, course_id: int) -> StepRow | None:
    """The open step; how late it is belongs to lists, not to letters."""
    row = session.execute(
        step_select().where(m.NextStep.course_id == course_id, m.NextStep.is_open.is_(True))
    ).one_or_none()
    return step_row(row, row.due) if row is not None else None
