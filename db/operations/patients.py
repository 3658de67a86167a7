"""People under follow-up: referred, changed, ended and taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinical.facts import Pregnancy
from db.operations.results import NewResult


@dataclass(frozen=True, slots=True)
class PatientDetails:
    """Identity and ways to reach somebody. `identifiers` are (kind, value); the first is the one shown.

    `needs` are codes such as large-print or interpreter; `allergies` are names as written in the notes.
    """

    surname: str
    given: str
    birth_date: date | None
    sex: str
    identifiers: tuple[tuple[str, str], ...] = ()
    phone: str | None = None
    email: str | None = None
    address_lines: tuple[str, ...] = ()
    language: str = "en"
    needs: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    gp_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClinicalPicture:
    """What changes targets and gates: weight (kg), height (cm), coded conditions, symptoms, pregnancy."""

    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    conditions: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    pregnancy: Pregnancy | None = None


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral as it arrives: the person, the clinical picture, the question, the baseline results."""

    details: PatientDetails
    picture: ClinicalPicture
    referred_on: date
    owner_id: int
    indication: str | None = None
    referrer_id: int | None = None
    results: tuple[NewResult, ...] = ()
