"""Treatment: courses, their visits and what was really given, and iron or blood from elsewhere.

A course under follow-up has exactly one open next step, and the file itself says so: `course.open_step_id`
may be empty only when the course has ended, it must point to a step that belongs to this course and is open
(the third column of the key is the constant "open"), and a step that is open can be no second one (see
`follow_up.NextStep`). The reference is checked at commit, so a step may be closed and the next opened in
any order within one write.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models import vocabulary as v
from db.models.base import (
    Base,
    Day,
    Identified,
    Recorded,
    Versioned,
    coded,
    course_of_patient,
    filled,
    positive,
    reference,
    to_be_signed,
)


class Course(Identified, Versioned, Recorded, Base):
    """A course of intravenous iron from referral to its end; `product` is empty until it is planned.

    `need_mg` and `planned_mg` are mg of elemental iron. `cause` is how the question of the cause of the
    deficiency was answered; a discharge needs it. A plan made by somebody who may not sign it stands `to_sign`
    until a clinician has; planning anew takes the signature away.
    """

    __tablename__ = "course"
    __table_args__ = (
        UniqueConstraint("patient_id", "ordinal"),
        UniqueConstraint("id", "patient_id"),
        coded("status", v.COURSE_STATES),
        coded("product", v.PRODUCTS),
        coded("label", v.LABELS),
        coded("method", v.METHODS),
        coded("end_reason", v.END_REASONS),
        coded("cause", v.CAUSE_STATES),
        positive("need_mg"),
        positive("planned_mg"),
        CheckConstraint("ordinal > 0", name="ordinal_positive"),
        CheckConstraint(
            "status = 'referred' OR status = 'ended' OR product IS NOT NULL", name="planned_has_product"
        ),
        CheckConstraint("(status = 'ended') = (open_step_id IS NULL)", name="one_open_step"),
        CheckConstraint("step_open IS TRUE", name="step_is_open"),
        CheckConstraint("(status = 'ended') = (end_reason IS NOT NULL)", name="end_has_reason"),
        CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="end_is_dated"),
        CheckConstraint("end_reason <> 'discharged' OR cause IS NOT NULL", name="discharge_needs_cause"),
        ForeignKeyConstraint(
            ["open_step_id", "id", "step_open"],
            ["next_step.id", "next_step.course_id", "next_step.is_open"],
            name="fk_course_open_step",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        Index("ix_course_by_status", "status", "patient_id"),
        Index("ix_course_by_open_step", "open_step_id"),
        to_be_signed("course"),
    )

    patient_id: Mapped[int] = reference("patient", index=True)
    referral_id: Mapped[int | None] = reference("referral", index=True)
    previous_course_id: Mapped[int | None] = reference("course", index=True)
    ordinal: Mapped[int]
    status: Mapped[str]
    indication: Mapped[str] = mapped_column(default="")
    product: Mapped[str | None]
    label: Mapped[str | None]
    method: Mapped[str | None]
    need_mg: Mapped[Decimal | None]
    planned_mg: Mapped[Decimal | None]
    cause: Mapped[str | None]
    open_step_id: Mapped[int | None]
    step_open: Mapped[bool] = mapped_column(default=True)
    end_reason: Mapped[str | None]
    ended_on: Mapped[Day | None]
    ended_at: Mapped[datetime | None]
    end_note: Mapped[str] = mapped_column(default="")
    planned_at: Mapped[datetime | None]
    planned_by_id: Mapped[int | None] = reference("user_account")
    to_sign: Mapped[bool] = mapped_column(default=False, server_default=false())
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = reference("user_account")


class Visit(Identified, Versioned, Recorded, Base):
    """A planned infusion: one chair on one day."""

    __tablename__ = "visit"
    __table_args__ = (
        course_of_patient(),
        coded("state", v.VISIT_STATES),
        positive("dose_mg"),
        Index("ix_visit_by_day", "planned_on", "state", "id"),
        Index("ix_visit_by_course", "course_id", "planned_on"),
    )

    course_id: Mapped[int]
    patient_id: Mapped[int] = reference("patient", index=True)
    ordinal: Mapped[int]
    planned_on: Mapped[Day]
    dose_mg: Mapped[Decimal]
    state: Mapped[str] = mapped_column(default="planned")
    reason: Mapped[str] = mapped_column(default="")
    moved_from: Mapped[Day | None]


class Infusion(Identified, Versioned, Recorded, Base):
    """Iron really given.

    What was recorded is never changed: a correction is a new row that supersedes this one.
    """

    __tablename__ = "infusion"
    __table_args__ = (
        course_of_patient(),
        coded("state", v.INFUSION_STATES),
        positive("dose_mg"),
        CheckConstraint("reaction_grade BETWEEN 0 AND 4", name="reaction_grade_scale"),
        CheckConstraint(
            "started_at IS NULL OR ended_at IS NULL OR started_at <= ended_at", name="times_in_order"
        ),
        CheckConstraint(
            "(state = 'superseded') = (superseded_by_id IS NOT NULL)", name="superseded_by_another"
        ),
        CheckConstraint("state = 'given' OR change_reason IS NOT NULL", name="change_has_reason"),
        Index("ix_infusion_by_course", "course_id", "state", "given_on"),
        Index("ix_infusion_by_day", "given_on"),
        Index(
            "ix_infusion_one_per_visit",
            "visit_id",
            unique=True,
            sqlite_where=text("state = 'given'"),
            postgresql_where=text("state = 'given'"),
        ),
    )

    course_id: Mapped[int]
    patient_id: Mapped[int] = reference("patient", index=True)
    visit_id: Mapped[int | None] = reference("visit")
    given_on: Mapped[Day]
    dose_mg: Mapped[Decimal]
    batch: Mapped[str] = mapped_column(default="")
    expiry: Mapped[Day | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    observed_minutes: Mapped[int | None]
    stopped_early: Mapped[bool] = mapped_column(default=False)
    reaction_grade: Mapped[int | None]
    reaction_delayed: Mapped[bool] = mapped_column(default=False)
    reaction_note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="given")
    superseded_by_id: Mapped[int | None] = reference("infusion", index=True)
    change_reason: Mapped[str | None]
    changed_at: Mapped[datetime | None]


class GateAnswer(Identified, Recorded, Base):
    """The answer to one question of the safety gate, before a course or a visit.

    An override gives its reason.
    """

    __tablename__ = "gate_answer"
    __table_args__ = (
        course_of_patient(),
        coded("answer", v.GATE_ANSWERS),
        filled("gate"),
        Index("ix_gate_answer_by_course", "course_id", "gate"),
    )

    course_id: Mapped[int]
    patient_id: Mapped[int] = reference("patient", index=True)
    visit_id: Mapped[int | None] = reference("visit", index=True)
    gate: Mapped[str]
    answer: Mapped[str]
    override_reason: Mapped[str | None]


class Transfusion(Identified, Recorded, Base):
    """Red-cell units given on a day, here or elsewhere."""

    __tablename__ = "transfusion"
    __table_args__ = (positive("units"), Index("ix_transfusion_by_patient", "patient_id", "given_on"))

    patient_id: Mapped[int] = reference("patient")
    given_on: Mapped[Day]
    units: Mapped[Decimal]
    withdrawn_at: Mapped[datetime | None]


class OralIron(Identified, Recorded, Base):
    """Oral iron between two days; `until` empty means still taken. mg of elemental iron a day."""

    __tablename__ = "oral_iron"
    __table_args__ = (
        positive("elemental_mg_per_day"),
        CheckConstraint("until IS NULL OR since <= until", name="in_order"),
    )

    patient_id: Mapped[int] = reference("patient", index=True)
    since: Mapped[Day]
    until: Mapped[Day | None]
    elemental_mg_per_day: Mapped[Decimal | None]
    withdrawn_at: Mapped[datetime | None]
