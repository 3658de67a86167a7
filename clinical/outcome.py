"""What an assessment says: codes, values, dates. Wording is made elsewhere, in the reader's language.

The shapes follow the published assessment format; `clinical.cases` writes and reads them as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from clinical.quick import Later, quick


class Outcome(StrEnum):
    """The one primary answer, and the words for contributing ones."""

    DATA_INVALID = "data-invalid"
    URGENT = "urgent"
    SAFETY_STOP = "safety-stop"
    TOO_EARLY = "too-early"
    RESPONDED = "responded"
    OTHER_CAUSE = "other-cause"
    INADEQUATE_DOSE = "inadequate-dose"
    ONGOING_LOSS = "ongoing-loss"
    FUNCTIONAL = "functional"
    CKD_EPO_DEFICIT = "ckd-epo-deficit"
    HYPOPHOSPHATAEMIA = "hypophosphataemia"
    STORES_REPLETE_SYMPTOMATIC = "stores-replete-symptomatic"
    INDETERMINATE = "indeterminate"
    NO_FOLLOW_UP_YET = "no-follow-up-yet"


class Response(StrEnum):
    """Class of response at a valid window."""

    COMPLETE = "complete"
    ADEQUATE = "adequate"
    PARTIAL = "partial"
    NONE = "none"
    WORSE = "worse"
    TOO_EARLY = "too-early"
    NOT_ASSESSABLE = "not-assessable"


class Urgency(StrEnum):
    """How soon a person must look, most urgent first."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"


class Profile(StrEnum):
    """Which target row applies at the index laboratory values."""

    GENERAL = "general"
    INFLAMED = "inflamed"
    CKD_ND = "ckd-nd"
    CKD_HD = "ckd-hd"
    HEART_FAILURE = "heart-failure"
    PREGNANT = "pregnant"
    IBD = "ibd"


class Action(StrEnum):
    """Next steps an assessment may propose."""

    CORRECT_DATA = "correct-data"
    SAME_DAY_REVIEW = "same-day-review"
    DISCUSS_TRANSFUSION = "discuss-transfusion"
    WAIT_AND_REPEAT_LABS = "wait-and-repeat-labs"
    REPEAT_LABS = "repeat-labs"
    REPEAT_INFUSION = "repeat-infusion"
    MEASURE_PHOSPHATE = "measure-phosphate"
    SWITCH_PRODUCT = "switch-product"
    WORK_UP = "work-up"
    REFER = "refer"
    FOLLOW_UP = "follow-up"
    DISCHARGE = "discharge"


Detail = Mapping[str, object]


@quick
@dataclass(frozen=True, slots=True)
class Because:
    """One figure a finding rests on: the value, where it is from, and the printed test it meets."""

    what: str
    value: Decimal | str | None
    unit: str | None = None
    collected: date | None = None
    test: str | None = None
    limit: Decimal | str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Finding(Later):
    """A coded observation. `certainty` is `certain` or `possible`; `outcome` is None for context only."""

    code: str
    outcome: Outcome | None
    because: tuple[Because, ...] = ()
    source: str = ""
    certainty: str = "certain"
    urgency: Urgency = Urgency.ROUTINE


@quick
@dataclass(frozen=True, slots=True)
class NextStep:
    """A proposed action with its due day and coded detail."""

    action: Action
    due: date
    detail: Detail = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True)
class Block:
    """An action that must not be taken, and the code of the reason."""

    action: Action
    because: str


@quick
@dataclass(frozen=True, slots=True)
class MethodNeed:
    """Iron need by one method: mg unrounded, working in words and numbers, label table where one was read."""

    need_mg: Decimal
    working: str = ""
    table: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class PlannedDose:
    """One visit that the label allows: mg, first day it may be given, shortest infusion time in minutes.

    `more_than_minutes`: the label asks for more than `min_minutes`.
    """

    dose_mg: Decimal
    earliest: date
    min_minutes: int | None = None
    more_than_minutes: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Dose:
    """Need, given, owed (mg elemental iron), every method beside the one used, and what could be given next."""

    need_mg: Decimal | None
    method: str | None
    given_mg: Decimal
    ratio: Decimal | None
    owed_mg: Decimal | None
    methods: Mapping[str, MethodNeed] = field(default_factory=dict)
    plan: tuple[PlannedDose, ...] = ()
    warnings: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Window:
    """Dates counted from the last *given* infusion, before any move to a clinic day."""

    anchor: date
    opens: date
    target: date
    closes: date
    reminder_from: date
    overdue_from: date
    lost_from: date


@quick
@dataclass(frozen=True, slots=True)
class IronBalance:
    """mg given against mg found again; None with `not_computable` naming why.

    `blood_ml_per_month` is the loss as blood of the follow-up haemoglobin; a raw rate, never a verdict.
    """

    given_mg: Decimal
    in_haemoglobin_mg: Decimal | None = None
    in_stores_mg: Decimal | None = None
    unexplained_mg: Decimal | None = None
    loss_mg_per_month: Decimal | None = None
    ferritin_factor: Decimal | None = None
    blood_ml_per_month: Decimal | None = None
    not_computable: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class AnaemiaLabel:
    """How severe the anaemia of a haemoglobin (g/L) is called: none, mild, moderate or severe.

    `label` and `group` are None where an unknown sex leaves two rows open. `adjusted_by` g/L were taken off
    for altitude and smoking. Shown only; no dose and no verdict rests on it.
    """

    label: str | None
    group: str | None
    cut_off: Decimal
    haemoglobin: Decimal
    adjusted_by: Decimal
    version: str


@quick
@dataclass(frozen=True, slots=True)
class ExpectedRise:
    """g/L by which haemoglobin could have risen on a day after the last infusion, beside what it did.

    Shown only; no rule asks for it.
    """

    day: int
    expected: Decimal
    measured: Decimal


@quick
@dataclass(frozen=True, slots=True)
class Assessment(Later):
    """The whole answer for one course on one day."""

    as_of: date
    protocol: str
    profile: Profile
    dose: Dose
    window: Window | None
    response: Response
    outcome: Outcome
    contributing: tuple[Outcome, ...]
    urgency: Urgency
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    next_steps: tuple[NextStep, ...]
    blocked: tuple[Block, ...]
    index_date: date | None = None
    index_day: int | None = None
    balance: IronBalance | None = None
    would_change: tuple[Mapping[str, object], ...] = ()
    case: str | None = None
    anaemia: AnaemiaLabel | None = None
    expected_rise: ExpectedRise | None = None
    rules: int = 1
    """The number of the rules that gave it (`clinical.assessment.RULES`); 1 for those stored before it was kept."""
