"""People: patients with what is known of them over time, and those who refer them or look after them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinical.facts import HYPERSENSITIVITY_PREFIX
from db.models import vocabulary as v
from db.models.base import (
    Base,
    Day,
    Identified,
    Json,
    Recorded,
    Versioned,
    coded,
    filled,
    key_to,
    positive,
    reference,
)

_HYPERSENSITIVITIES = ", ".join(f"'{HYPERSENSITIVITY_PREFIX}{product}'" for product in v.PRODUCTS)


class Organisation(Identified, Versioned, Base):
    """A practice, hospital or department that refers or receives."""

    __tablename__ = "organisation"
    __table_args__ = (filled("name"),)

    name: Mapped[str]
    address_lines: Mapped[Json]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)


class Clinician(Identified, Versioned, Base):
    """A GP, referrer or specialist: the addressee of professional letters."""

    __tablename__ = "clinician"
    __table_args__ = (
        coded("speciality", v.SPECIALITIES),
        filled("name"),
        Index("ix_clinician_by_speciality", "speciality", "name"),
    )

    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    speciality: Mapped[str]
    organisation_id: Mapped[int | None] = reference("organisation", index=True)
    address_lines: Mapped[Json]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)


class Patient(Identified, Versioned, Recorded, Base):
    """A person under the clinic's care. `number` is the clinic's own; other numbers are identifiers.

    Names are kept as `db.names.clean_name` gives them, with their folded keys beside them.
    """

    __tablename__ = "patient"
    __table_args__ = (
        UniqueConstraint("number"),
        coded("sex", v.SEXES),
        coded("status", v.PATIENT_STATES),
        filled("surname"),
        CheckConstraint("(status = 'active') = (status_on IS NULL)", name="status_dated"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged_into_another"),
        Index("ix_patient_by_name", "surname_key", "given_key", "id"),
        Index("ix_patient_by_birth_date", "birth_date", "surname_key"),
        Index("ix_patient_by_status", "status", "surname_key", "given_key", "id"),
    )

    number: Mapped[str]
    surname: Mapped[str]
    given: Mapped[str]
    surname_key: Mapped[str]
    given_key: Mapped[str]
    birth_date: Mapped[Day | None]
    sex: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    email: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active")
    status_on: Mapped[Day | None]
    status_note: Mapped[str] = mapped_column(default="")
    gp_id: Mapped[int | None] = reference("clinician", index=True)
    merged_into_id: Mapped[int | None] = reference("patient", index=True)


class PatientIdentifier(Identified, Recorded, Base):
    """A number that stands for one patient alone.

    `value_key` is folded, so that blanks and dashes do not matter.
    """

    __tablename__ = "patient_identifier"
    __table_args__ = (
        UniqueConstraint("kind", "assigner", "value_key"),
        coded("kind", v.IDENTIFIER_KINDS),
        filled("value_key"),
        Index("ix_patient_identifier_by_value", "value_key"),
    )

    patient_id: Mapped[int] = reference("patient", index=True)
    kind: Mapped[str]
    assigner: Mapped[str] = mapped_column(default="")
    value: Mapped[str]
    value_key: Mapped[str]
    until: Mapped[Day | None]


class PatientSearchKey(Base):
    """Everything a patient is found by, folded.

    Made from the other tables by `db.search_keys`, never edited.
    """

    __tablename__ = "patient_search_key"
    __table_args__ = (
        coded("kind", ("name", "number", "phone")),
        Index("ix_patient_search_key_by_patient", "patient_id"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = key_to("patient")


class FormerName(Identified, Recorded, Base):
    """A name the patient had before; laboratories go on using it."""

    __tablename__ = "former_name"
    __table_args__ = (Index("ix_former_name_by_name", "surname_key", "given_key"),)

    patient_id: Mapped[int] = reference("patient", index=True)
    surname: Mapped[str]
    given: Mapped[str]
    surname_key: Mapped[str]
    given_key: Mapped[str]
    until: Mapped[Day | None]


class PatientPhone(Identified, Recorded, Base):
    """A telephone number; `rank` 1 is tried first, `until` says it no longer works."""

    __tablename__ = "patient_phone"
    __table_args__ = (coded("kind", v.PHONE_KINDS), filled("number"))

    patient_id: Mapped[int] = reference("patient", index=True)
    kind: Mapped[str] = mapped_column(default="mobile")
    number: Mapped[str]
    digits: Mapped[str]
    rank: Mapped[int] = mapped_column(default=1)
    until: Mapped[Day | None]


class PatientAddress(Identified, Recorded, Base):
    """Where letters go, line by line; the one without `until` is the present one."""

    __tablename__ = "patient_address"

    patient_id: Mapped[int] = reference("patient", index=True)
    lines: Mapped[Json]
    since: Mapped[Day | None]
    until: Mapped[Day | None]


class PatientNeed(Identified, Recorded, Base):
    """What the patient needs from us to read, hear, come or cope."""

    __tablename__ = "patient_need"
    __table_args__ = (coded("code", v.NEEDS),)

    patient_id: Mapped[int] = reference("patient", index=True)
    code: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    until: Mapped[Day | None]


class Allergy(Identified, Recorded, Base):
    """A recorded allergy or intolerance in the words used.

    Hypersensitivity to a product is also a condition.
    """

    __tablename__ = "allergy"
    __table_args__ = (
        filled("substance"),
        CheckConstraint("until IS NOT NULL OR withdrawn_reason IS NULL", name="withdrawn_dated"),
    )

    patient_id: Mapped[int] = reference("patient", index=True)
    substance: Mapped[str]
    reaction: Mapped[str] = mapped_column(default="")
    since: Mapped[Day | None]
    until: Mapped[Day | None]
    withdrawn_reason: Mapped[str | None]


class Condition(Identified, Recorded, Base):
    """A condition that changes targets or rules, since when, until when; `until` NULL means it holds."""

    __tablename__ = "condition"
    __table_args__ = (
        coded("code", v.CONDITION_CODES, also=f"code IN ({_HYPERSENSITIVITIES})"),
        CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name="in_order"),
        Index("ix_condition_by_patient", "patient_id", "code"),
    )

    patient_id: Mapped[int] = reference("patient")
    code: Mapped[str]
    since: Mapped[Day | None]
    until: Mapped[Day | None]
    note: Mapped[str] = mapped_column(default="")


class Symptom(Identified, Recorded, Base):
    """A symptom, since when, until when."""

    __tablename__ = "symptom"
    __table_args__ = (
        coded("code", v.SYMPTOM_CODES),
        CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name="in_order"),
        Index("ix_symptom_by_patient", "patient_id", "code"),
    )

    patient_id: Mapped[int] = reference("patient")
    code: Mapped[str]
    since: Mapped[Day | None]
    until: Mapped[Day | None]
    note: Mapped[str] = mapped_column(default="")


class Pregnancy(Identified, Recorded, Base):
    """Weeks of gestation as stated on one day (`stated_on`); every other day is counted from it."""

    __tablename__ = "pregnancy"
    __table_args__ = (
        positive("weeks"),
        positive("pre_pregnancy_weight_kg"),
        CheckConstraint("CAST(weeks AS NUMERIC) < 45", name="weeks_possible"),
    )

    patient_id: Mapped[int] = reference("patient", index=True)
    weeks: Mapped[Decimal]
    stated_on: Mapped[Day]
    pre_pregnancy_weight_kg: Mapped[Decimal | None]
    ended_on: Mapped[Day | None]


class Measurement(Identified, Recorded, Base):
    """Weight in kg or height in cm on a day; the newest not withdrawn is the one in use."""

    __tablename__ = "measurement"
    __table_args__ = (
        coded("kind", v.MEASURES),
        positive("value"),
        Index("ix_measurement_by_patient", "patient_id", "kind", "measured_on"),
    )

    patient_id: Mapped[int] = reference("patient")
    kind: Mapped[str]
    measured_on: Mapped[Day]
    value: Mapped[Decimal]
    withdrawn_at: Mapped[datetime | None]


class Referral(Identified, Versioned, Recorded, Base):
    """A request to treat: from whom, why, when."""

    __tablename__ = "referral"
    __table_args__ = (coded("indication", v.INDICATIONS),)

    patient_id: Mapped[int] = reference("patient", index=True)
    referrer_id: Mapped[int | None] = reference("clinician", index=True)
    referred_on: Mapped[Day]
    indication: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
