"""The rows of the worklists: one line per open step, per overdue course, per letter that is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StepRow:
    """One open next step. `days_late` is 0 until the day after `due`.

    `why` holds the values for half a sentence, always with a `code`; `detail` is what the step itself says.
    `deputy_id` is who stands in for the owner today, when the owner is away.
    """

    step_id: int
    version: int
    course_id: int
    patient_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    action: str
    due: date
    days_late: int
    urgency: str
    course_status: str
    outcome: str | None
    detail: Mapping[str, object]
    why: Mapping[str, object]
    owner_id: int
    owner_name: str
    owner_initials: str
    assessment_id: int | None
    deputy_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tallies:
    """What must read zero: courses without a step, unowned results, unmatched ones, letters in doubt."""

    without_step: int
    results_without_owner: int
    unmatched: int
    letters_in_doubt: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Live counts of the rail, by page name, and the worst state in each: urgent, overdue, due or None."""

    count: Mapping[str, int]
    worst: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """A course whose repeat laboratory tests did not come within the window.

    `days_since` counts as from the last given infusion of the order's window; `days_late` from the day the window
    closed. `band` is
    reminder, overdue, late or lost by the days of the protocol. `ladder_step` is what was tried: 0 nothing,
    1 one attempt, 2 two attempts, 3 letter, 4 referrer told, 5 clinician decides.
    """

    course_id: int
    patient_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    phone: str | None
    last_infusion: date
    days_since: int
    days_late: int
    band: str
    ladder_step: int
    attempts: int
    last_contact: tuple[str, date] | None
    action: str
    due: date
    step_days_late: int
    owner_id: int
    owner_name: str
    step_id: int
    step_version: int


@dataclass(frozen=True, slots=True)
class LettersDueRow:
    """A letter that the record calls for and that is not in the archive yet, or the reason it is blocked."""

    course_id: int
    patient_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    kind: str
    due: date
    refer_to: str | None
    assessment_id: int | None
    blocked: str | None


@dataclass(frozen=True, slots=True)
class OpenItemRow:
    """One open item of a work-up, with whose it is."""

    item_id: int
    version: int
    work_up_id: int
    course_id: int
    patient_id: int
    number: str
    surname: str
    given: str
    birth_date: date | None
    sex: str
    cause: str
    kind: str
    code: str
    refer_to: str | None
    urgency: str
    state: str
    due: date
    days_late: int
    owner_id: int
    owner_name: str
    note: str | None


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A result that waits for its patient: who it names, what it says, why it is held."""

    held_id: int
    version: int
    received_on: date
    named: str
    text: str
    reason: str
    due: date
    owner_name: str
