"""The rows a patient's page is made of: frozen values, no object of the database leaves here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from clinical.outcome import Window

if TYPE_CHECKING:
    from db.queries.worklist_rows import StepRow


@dataclass(frozen=True, slots=True)
class Banner:
    """Who this is, for the head of every page: identity first, then what must not be forgotten.

    Weight in kg, height in cm. `pregnancy_weeks` were stated on `pregnancy_on`. `no_fcm` is True where
    ferric carboxymaltose must not be given (hypersensitivity, or a severe reaction to it on record).
    `version` is what an operation on the patient's details expects back as `seen_version`.
    """

    patient_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    weight_kg: Decimal | None
    height_cm: Decimal | None
    phone: str | None
    allergies: tuple[str, ...]
    conditions: tuple[str, ...]
    symptoms: tuple[str, ...]
    needs: tuple[str, ...]
    pregnancy_weeks: Decimal | None
    pregnancy_on: date | None
    no_fcm: bool
    status: str
    status_on: date | None
    gp_name: str | None
    referrer_name: str | None
    last_contact: tuple[date, str] | None
    version: int


@dataclass(frozen=True, slots=True)
class PatientHit:
    """One line of a search or of the list of all patients, with what is next for them."""

    patient_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    status: str
    course_status: str | None
    next_action: str | None
    next_due: date | None


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody already on record who may be the same person; `agrees` and `differs` name the fields."""

    patient_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    agrees: tuple[str, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InfusionRow:
    """An infusion as recorded. `state` is `given`, `superseded` (corrected) or `entered-in-error`."""

    infusion_id: int
    version: int
    on: date
    dose_mg: Decimal
    batch: str | None
    expiry: date | None
    started: str | None
    ended: str | None
    stopped_early: bool
    reaction_grade: int | None
    reaction_note: str | None
    state: str


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One course: plan, what was given (mg elemental iron), its window counted from the last given infusion.

    `version` is what an operation on the course expects back as `seen_version`. `drafted_mg` is the dose
    still owed from the course before, for a course that is not planned yet. `to_sign` says that no clinician has
    signed the plan yet.
    """

    course_id: int
    version: int
    ordinal: int
    status: str
    product: str | None
    label: str | None
    method: str | None
    need_mg: Decimal | None
    planned_mg: Decimal | None
    drafted_mg: Decimal | None
    given_mg: Decimal
    first_infusion: date | None
    last_infusion: date | None
    indication: str | None
    end_reason: str | None
    ended_on: date | None
    window: Window | None
    lab_booked_for: date | None
    infusions: tuple[InfusionRow, ...]
    to_sign: bool = False
    signed_by: str | None = None
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result as the laboratory gave it beside its canonical value.

    `day` counts from the last given infusion on or before the collection day (of any course); None before
    the first. `canonical` is None where the unit could not be read without guessing. `change_reason` is why a value
    was corrected or withdrawn, in the words of whoever did.
    """

    result_id: int
    version: int
    collected: date
    analyte: str
    comparator: str | None
    value: Decimal
    unit: str
    canonical: Decimal | None
    canonical_unit: str | None
    laboratory: str | None
    status: str
    superseded: bool
    day: int | None
    reported_at: datetime | None
    change_reason: str | None = None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A planned infusion: `ordinal` of `of` visits. `state`: planned, given, cancelled, did-not-attend."""

    visit_id: int
    version: int
    course_id: int
    patient_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    on: date
    dose_mg: Decimal
    product: str | None
    label: str | None
    state: str
    ordinal: int
    of: int
    course_version: int


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact attempt with its coded outcome; `withdrawn` when it was taken back as logged by mistake."""

    contact_id: int
    course_id: int | None
    on: date
    at: datetime
    channel: str
    outcome: str
    note: str | None
    call_back_on: date | None
    who: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the archive. `out_of_date` says that the record changed after it was approved, and when."""

    letter_id: int
    version: int
    reference: str
    kind: str
    recipient: str
    made_on: date
    state: str
    pages: int
    sha256: str
    out_of_date: bool
    assessment_id: int | None
    course_id: int | None
    out_of_date_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkUpItemRow:
    """One line of a work-up checklist. `kind` is `test` or `referral`; `refer_to` names the speciality."""

    item_id: int
    version: int
    work_up_id: int
    course_id: int
    cause: str
    kind: str
    code: str
    refer_to: str | None
    urgency: str
    state: str
    due: date
    owner: str
    owner_id: int
    note: str | None


@dataclass(frozen=True, slots=True)
class StepHistoryRow:
    """One step of a course, open or closed, with how it ended."""

    step_id: int
    course_id: int
    action: str
    due: date
    urgency: str
    owner: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_reason: str | None
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened, for the page's log: a coded kind, who, and values for the sentence."""

    at: datetime
    kind: str
    who: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PatientPage:
    """All a patient's page shows. `steps`, `letters`, `contacts` and `events` newest first.

    `open_step` is the open step of the newest course that is not ended; `courses` oldest first.
    """

    banner: Banner
    courses: tuple[CourseRow, ...]
    results: tuple[ResultRow, ...]
    steps: tuple[StepHistoryRow, ...]
    open_step: StepRow | None
    letters: tuple[LetterRow, ...]
    contacts: tuple[ContactRow, ...]
    work_up: tuple[WorkUpItemRow, ...]
    visits: tuple[VisitRow, ...]
    events: tuple[EventRow, ...]
