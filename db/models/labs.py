"""Laboratory: what was ordered, what came back as it came, and where it came from."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ColumnElement, Index, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models import vocabulary as v
from db.models.base import (
    Base,
    Day,
    Identified,
    Json,
    Recorded,
    Versioned,
    coded,
    course_of_patient,
    filled,
    reference,
)


class Laboratory(Identified, Versioned, Base):
    """A laboratory or another source of results, with the column mapping of its files."""

    __tablename__ = "laboratory"
    __table_args__ = (UniqueConstraint("name"), filled("name"))

    name: Mapped[str]
    country: Mapped[str] = mapped_column(default="")
    column_mapping: Mapped[Json | None]
    typing_units: Mapped[Json | None]
    active: Mapped[bool] = mapped_column(default=True)


class LaboratoryCode(Identified, Recorded, Base):
    """What a laboratory's own code means, asked once and remembered, until it is taken back (`is_said`)."""

    __tablename__ = "laboratory_code"
    __table_args__ = (UniqueConstraint("laboratory_id", "code_system", "code"), coded("analyte", v.ANALYTES))

    laboratory_id: Mapped[int] = reference("laboratory")
    code_system: Mapped[str] = mapped_column(default="")
    code: Mapped[str]
    analyte: Mapped[str | None]
    unit: Mapped[str | None]

    @classmethod
    def is_said(cls) -> ColumnElement[bool]:
        """What was said of the code stands."""
        return or_(cls.unit.is_(None), cls.unit != v.TAKEN_BACK)


class LabOrder(Identified, Versioned, Recorded, Base):
    """Blood tests wanted: the window they belong into, the day they are booked for, and how it ended.

    `opens_on`, `target_on` and `closes_on` are the window; `booked_for` is a day the clinic is open.
    `panel` lists analytes. A moved window closes this row as `re-booked` and points to its successor.
    """

    __tablename__ = "lab_order"
    __table_args__ = (
        course_of_patient(),
        coded("kind", v.ORDER_KINDS),
        coded("state", v.ORDER_STATES),
        CheckConstraint("opens_on <= target_on AND target_on <= closes_on", name="window_in_order"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_is_dated"),
        CheckConstraint("state <> 'cancelled' OR closed_reason IS NOT NULL", name="cancelled_has_reason"),
        CheckConstraint(
            "(state = 're-booked') = (replaced_by_id IS NOT NULL)", name="re_booked_has_successor"
        ),
        Index("ix_lab_order_by_course", "course_id", "state", "booked_for"),
        Index("ix_lab_order_by_day", "state", "booked_for"),
        Index(
            "ix_lab_order_one_open_repeat",
            "course_id",
            unique=True,
            sqlite_where=text("state = 'open' AND kind = 'repeat-labs'"),
            postgresql_where=text("state = 'open' AND kind = 'repeat-labs'"),
        ),
    )

    course_id: Mapped[int]
    patient_id: Mapped[int] = reference("patient", index=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    anchor_on: Mapped[Day | None]
    opens_on: Mapped[Day]
    target_on: Mapped[Day]
    closes_on: Mapped[Day]
    booked_for: Mapped[Day]
    panel: Mapped[Json]
    laboratory_id: Mapped[int | None] = reference("laboratory", index=True)
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None]
    replaced_by_id: Mapped[int | None] = reference("lab_order", index=True)


class ImportRun(Identified, Recorded, Base):
    """One import of a file: its hash, and the balance sheet as it was shown; `undone_at` when it was taken back."""

    __tablename__ = "import_run"
    __table_args__ = (
        coded("format", ("hl7v2", "fhir-r4", "csv", "xlsx")),
        coded("state", v.IMPORT_STATES),
        Index("ix_import_run_by_sha256", "sha256"),
        Index("ix_import_run_by_recorded", "recorded_at"),
    )

    file_name: Mapped[str]
    format: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[str]
    counts: Mapped[Json]
    laboratory_id: Mapped[int | None] = reference("laboratory", index=True)
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = reference("user_account")


class RawMessage(Identified, Base):
    """A message byte for byte as it arrived."""

    __tablename__ = "raw_message"
    __table_args__ = (UniqueConstraint("import_id", "ordinal"), Index("ix_raw_message_by_sha256", "sha256"))

    import_id: Mapped[int] = reference("import_run")
    ordinal: Mapped[int]
    control_id: Mapped[str | None]
    sha256: Mapped[str]
    content: Mapped[bytes]


class LabResult(Identified, Versioned, Recorded, Base):
    """One value as it was received, with what it means in the canonical unit beside it.

    `value`, `comparator`, `unit`, day and laboratory stay together and are never changed. `text_value` is
    there when no number can be read. A correction is a new row; this one then points to it.
    """

    __tablename__ = "lab_result"
    __table_args__ = (
        coded("analyte", v.ANALYTES),
        coded("status", v.RESULT_STATES),
        coded("source", v.RESULT_SOURCES),
        coded("comparator", ("<", ">")),
        CheckConstraint(
            "value IS NOT NULL OR text_value IS NOT NULL OR status = 'cancelled'", name="says_something"
        ),
        CheckConstraint("value IS NULL OR length(trim(unit)) > 0", name="value_has_unit"),
        CheckConstraint("(canonical_value IS NULL) = (canonical_unit IS NULL)", name="canonical_has_unit"),
        CheckConstraint("superseded_by_id IS NULL OR changed_at IS NOT NULL", name="superseded_is_dated"),
        CheckConstraint("status <> 'entered-in-error' OR change_reason IS NOT NULL", name="error_has_reason"),
        Index("ix_lab_result_by_patient", "patient_id", "collected_on", "analyte"),
        Index("ix_lab_result_by_message", "raw_message_id"),
    )

    patient_id: Mapped[int] = reference("patient")
    collected_on: Mapped[Day]
    collected_at: Mapped[str | None]
    reported_at: Mapped[datetime | None]
    analyte: Mapped[str]
    comparator: Mapped[str | None]
    value: Mapped[Decimal | None]
    text_value: Mapped[str | None]
    unit: Mapped[str] = mapped_column(default="")
    canonical_value: Mapped[Decimal | None]
    canonical_unit: Mapped[str | None]
    reference_range: Mapped[str | None]
    flag: Mapped[str | None]
    laboratory_id: Mapped[int | None] = reference("laboratory", index=True)
    lab_order_id: Mapped[int | None] = reference("lab_order", index=True)
    source: Mapped[str] = mapped_column(default="typed")
    status: Mapped[str] = mapped_column(default="final")
    confirmed: Mapped[bool] = mapped_column(default=False)
    code: Mapped[str | None]
    code_system: Mapped[str | None]
    code_text: Mapped[str | None]
    raw_message_id: Mapped[int | None] = reference("raw_message")
    superseded_by_id: Mapped[int | None] = reference("lab_result", index=True)
    change_reason: Mapped[str | None]
    changed_at: Mapped[datetime | None]
    order_number: Mapped[str | None]


class HeldResult(Identified, Versioned, Recorded, Base):
    """A result that cannot go into a record now; it waits with an owner and a day until a person files it.

    Either nobody could be found for it with certainty, or the person is known and no longer followed up.
    """

    __tablename__ = "held_result"
    __table_args__ = (
        coded("state", v.HELD_STATES),
        CheckConstraint("(state = 'filed') = (result_id IS NOT NULL)", name="filed_points_to_result"),
        CheckConstraint("state <> 'rejected' OR closed_reason IS NOT NULL", name="rejected_has_reason"),
        CheckConstraint("raw_message_id IS NOT NULL OR patient_id IS NOT NULL", name="from_somewhere"),
        UniqueConstraint("result_id"),
        Index("ix_held_result_by_state", "state", "due", "id"),
    )

    raw_message_id: Mapped[int | None] = reference("raw_message", index=True)
    patient_id: Mapped[int | None] = reference("patient", index=True)
    reason: Mapped[str]
    payload: Mapped[Json]
    state: Mapped[str] = mapped_column(default="held")
    owner_id: Mapped[int] = reference("user_account", index=True)
    due: Mapped[Day]
    result_id: Mapped[int | None] = reference("lab_result")
    closed_reason: Mapped[str | None]
    closed_at: Mapped[datetime | None]
