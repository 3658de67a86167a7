"""What a letter is written from, and what the archive holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from db.queries.assessments import ExplainView
from db.queries.patient_rows import Banner, CourseRow, LetterRow, ResultRow
from db.queries.people import Clinic, Person
from db.queries.worklist_rows import StepRow


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

    `next_letter_id` is the reference the next letter issued for this patient will carry.
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
    next_letter_id: str


@dataclass(frozen=True, slots=True)
class ArchivedLetter:
    """A letter exactly as it was printed."""

    row: LetterRow
    pdf: bytes
