"""The clinic itself: users, details, calendar, and the versions of protocol and wording it used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models import vocabulary as v
from db.models.base import Base, Day, Identified, Json, Recorded, Versioned, coded, filled, reference


class User(Identified, Versioned, Base):
    """Somebody who may log in. Users are never removed: their name stands under what they did."""

    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("login"),
        coded("role", v.ROLES),
        filled("name"),
        filled("login"),
        filled("initials"),
        CheckConstraint("deputy_id IS NULL OR deputy_id <> id", name="deputy_is_another"),
    )

    name: Mapped[str]
    login: Mapped[str]
    initials: Mapped[str]
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    deputy_id: Mapped[int | None] = reference("user_account")
    away_from: Mapped[Day | None]
    away_until: Mapped[Day | None]
    created_at: Mapped[datetime]


class Clinic(Versioned, Base):
    """The one clinic a file belongs to: what its letters, lists and calendar need."""

    __tablename__ = "clinic"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        coded("hb_unit", ("g/L", "g/dL")),
        coded("phosphate_unit", ("mmol/L", "mg/dL")),
        coded("paper", ("A4", "Letter")),
        coded("envelope", v.ENVELOPES),
        filled("name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    name: Mapped[str]
    address_lines: Mapped[Json]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    hb_unit: Mapped[str] = mapped_column(default="g/L")
    phosphate_unit: Mapped[str] = mapped_column(default="mmol/L")
    paper: Mapped[str] = mapped_column(default="A4")
    envelope: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    country: Mapped[str] = mapped_column(default="GB")
    time_zone: Mapped[str] = mapped_column(default="Europe/London")
    holiday_region: Mapped[str | None]
    open_weekdays: Mapped[Json]
    demo: Mapped[bool] = mapped_column(default=False)
    set_up_at: Mapped[datetime]


class Setting(Versioned, Base):
    """A further setting that changes an answer or a letter, and so belongs into the record."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Json]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = reference("user_account")


class ClosedDay(Base):
    """A day the clinic is closed although its weekday is open."""

    __tablename__ = "closed_day"

    day: Mapped[Day] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(default="")


class ProtocolVersion(Identified, Recorded, Base):
    """The whole text of a protocol as it was used; never changed once stored, only retired."""

    __tablename__ = "protocol_version"
    __table_args__ = (
        UniqueConstraint("label"),
        coded("state", v.PROTOCOL_STATES),
        Index(
            "ix_protocol_version_one_live",
            "state",
            unique=True,
            sqlite_where=text("state = 'live'"),
            postgresql_where=text("state = 'live'"),
        ),
    )

    label: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[str]
    signed_by_id: Mapped[int | None] = reference("user_account")
    signed_at: Mapped[datetime | None]
    live_from: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class WordingVersion(Identified, Recorded, Base):
    """The wording of one kind of letter in one language, as it was at some time.

    Never changed once stored.
    """

    __tablename__ = "wording_version"
    __table_args__ = (
        UniqueConstraint("kind", "language", "sha256"),
        coded("kind", v.LETTER_KINDS),
        coded("state", v.PROTOCOL_STATES),
    )

    kind: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[str]


class AuditRow(Base):
    """One write: who, when, what, about whom, chained by hash to the row before. Never changed or removed."""

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("prev_hash"),
        UniqueConstraint("hash"),
        Index("ix_audit_by_patient", "patient_id", "id"),
        Index("ix_audit_by_entity", "entity", "entity_id", "id"),
        Index("ix_audit_by_user", "user_id", "id"),
        Index("ix_audit_by_action", "action", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int] = reference("user_account")
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[int | None]
    patient_id: Mapped[int | None] = reference("patient")
    detail: Mapped[Json]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class EmergencyAccess(Identified, Versioned, Base):
    """One use of the emergency door: who did what their role does not allow, and why. Reviewed once."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        CheckConstraint("length(trim(reason)) > 0", name="reason_filled"),
        CheckConstraint("(reviewed_at IS NULL) = (reviewed_by_id IS NULL)", name="reviewed_by_somebody"),
        Index("ix_emergency_access_by_review", "reviewed_at", "id"),
    )

    at: Mapped[datetime]
    user_id: Mapped[int] = reference("user_account")
    operation: Mapped[str]
    reason: Mapped[str]
    patient_id: Mapped[int | None] = reference("patient", index=True)
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = reference("user_account")
    review_note: Mapped[str] = mapped_column(default="")


class VaultEntry(Base):
    """A log-in entry of a clinic on a server, which has no vault file beside it; empty in a clinic file."""

    __tablename__ = "vault_entry"

    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(Text)
