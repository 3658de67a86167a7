"""What letters are made from: values and codes, no sentence, no clock.

The caller gives everything. What is empty or None is *unknown* and is then left out of the letter or, where a
letter cannot do without it, refused with the name of the missing fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from clinical.facts import Label, Product, Sex
from clinical.outcome import Action, Assessment, Urgency


class Paper(StrEnum):
    """Sheet sizes."""

    A4 = "a4"
    LETTER = "letter"


class Envelope(StrEnum):
    """Window envelopes whose address window is kept clear of everything but name and address."""

    UK_DL = "uk-dl"
    DIN_5008_B = "din-5008-b"
    US_10 = "us-10"


class RecipientKind(StrEnum):
    """Who a letter is written to."""

    PATIENT = "patient"
    GP = "gp"
    REFERRER = "referrer"
    SPECIALIST = "specialist"
    LABORATORY = "laboratory"


@dataclass(frozen=True, slots=True)
class Clinic:
    """The sender. `envelope` None takes the usual one of the paper (A4: UK DL, Letter: US #10).

    `demo` marks every page as belonging to a demo clinic. `electronic_orders` says that the laboratory gets its orders
    without a form on paper.
    """

    name: str
    address_lines: tuple[str, ...]
    phone: str
    email: str = ""
    paper: Paper = Paper.A4
    envelope: Envelope | None = None
    demo: bool = False
    electronic_orders: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """The reader. `salutation` is what follows "Dear" (empty: the name); `role` is printed under the name."""

    name: str
    address_lines: tuple[str, ...]
    kind: RecipientKind
    salutation: str = ""
    role: str = ""
    language: str = "en"
    large_print: bool = False


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """The person a letter is about. Conditions, symptoms are the codes of the case format; weight in kg."""

    surname: str
    given: str
    birth_date: date | None
    sex: Sex
    number: str
    title: str = ""
    phone: str = ""
    address_lines: tuple[str, ...] = ()
    weight_kg: Decimal | None = None
    pregnancy_weeks: int | None = None
    conditions: frozenset[str] = frozenset()
    symptoms: frozenset[str] = frozenset()
    allergies: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """Title, given name and surname as on an envelope."""
        return " ".join(part for part in (self.title, self.given, self.surname) if part)

    @property
    def initials(self) -> str:
        """First letters of given name and surname: all that a footer may show."""
        words = [*self.given.split(), *self.surname.split()[-1:]]
        return " ".join(f"{word[0].upper()}." for word in words if word)


@dataclass(frozen=True, slots=True)
class InfusionFacts:
    """One infusion really given: mg of elemental iron, batch as on the vial, reaction grade 0-4 if known."""

    on: date
    dose_mg: Decimal
    batch: str = ""
    reaction_grade: int | None = None
    stopped_early: bool = False


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course: product, label it follows, indication (a code or the clinic's words), what was given (mg)."""

    product: Product | None
    label: Label | None = None
    indication: str = ""
    planned_mg: Decimal | None = None
    infusions: tuple[InfusionFacts, ...] = ()

    @property
    def given_mg(self) -> Decimal:
        """Elemental iron given in this course, in mg."""
        return sum((infusion.dose_mg for infusion in self.infusions), Decimal(0))


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One laboratory value as received (`value`, `unit`), beside the canonical one.

    `flag` is `low`, `high`, `in-target` or empty; target limits are in the canonical unit. A superseded value
    is kept here so that a letter can say it was corrected; it is never shown as current.
    """

    collected: date
    analyte: str
    value: Decimal
    unit: str
    comparator: str = ""
    canonical: Decimal | None = None
    canonical_unit: str = ""
    target_low: Decimal | None = None
    target_high: Decimal | None = None
    flag: str = ""
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One decided step: what, by which day, and whose it is (as printed); detail as in the assessment."""

    action: Action
    due: date
    owner: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """A booked blood test or infusion; `time` and `place` are printed as given, `tests` are analyte codes.

    `further` are the days after `on` on which the dose is given in parts.
    """

    on: date | None
    time: str = ""
    place: str = ""
    opens: date | None = None
    closes: date | None = None
    tests: tuple[str, ...] = ()
    dose_mg: Decimal | None = None
    further: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """Where a patient is sent (`to` as in the assessment format), how soon, for which suspected causes."""

    to: str
    urgency: Urgency = Urgency.ROUTINE
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkUpFacts:
    """One item of a work-up: code of the test, `todo`, `ordered`, `done`, `resulted`; result in few words."""

    code: str
    state: str
    on: date | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: name, role, and a registration number where the clinic prints one."""

    name: str
    role: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything a letter may say. `letter_id` is opaque and carries its own check character.

    `copies` are names as printed; `copy_to` is whose copy this is, for the window of the envelope. Professional
    letters name `referrer` and who decided (`decided_by`), and say so when `protocol_signed` is False or no clinician
    has signed that decision (`decision_signed`).
    """

    clinic: Clinic
    recipient: Recipient
    patient: PatientFacts
    made_on: date
    letter_id: str
    signatory: Signatory
    course: CourseFacts | None = None
    previous_courses: tuple[CourseFacts, ...] = ()
    results: tuple[ResultRow, ...] = ()
    assessment: Assessment | None = None
    steps: tuple[StepFacts, ...] = ()
    appointment: AppointmentFacts | None = None
    referral: ReferralFacts | None = None
    work_up: tuple[WorkUpFacts, ...] = ()
    copies: tuple[str, ...] = ()
    copy_to: Recipient | None = None
    referrer: str = ""
    decided_by: str = ""
    decision_signed: bool = True
    protocol_signed: bool = False


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A finished letter: exact bytes, their SHA-256, pages, title, wording version, and its plain text."""

    kind: str
    pdf: bytes
    sha256: str
    pages: int
    title: str
    wording_version: str
    text: str


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of a printed list: heading, share of the width, and `left` or `right`."""

    heading: str
    width: float
    align: str = "left"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A worklist on paper. Texts are given ready to print, in `language`; rows are cells in the order of the columns.

    `empty` is what a list without rows says; where it is empty itself, the usual words of the language.
    """

    title: str
    clinic: Clinic
    as_at: str
    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    filters: str = ""
    last_import: str = ""
    audit_head: str = ""
    printed_by: str = ""
    empty: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of a report, ready to print: name, value, what it is of, and one bar a month (label, 0-1, value)."""

    name: str
    value: str
    basis: str = ""
    bars: tuple[tuple[str, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FiguresFacts:
    """A report of figures in sections (title, lines), with what the pages must say about themselves."""

    title: str
    clinic: Clinic
    as_at: str
    span: str
    heads: tuple[str, str, str]
    sections: tuple[tuple[str, tuple[FigureLine, ...]], ...]
    nothing: str = "Nothing to count."
    printed_by: str = ""
    audit_head: str = ""
    language: str = "en"
