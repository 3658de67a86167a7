# ruff: noqa: E501
"""First schema: courses and what was given. Frozen; a change is a new revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "oral_iron",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("elemental_mg_per_day", sa.String(length=40), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "CAST(elemental_mg_per_day AS NUMERIC) > 0",
            name=op.f("ck_oral_iron_elemental_mg_per_day_positive"),
        ),
        sa.CheckConstraint("until IS NULL OR since <= until", name=op.f("ck_oral_iron_in_order")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_oral_iron_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_oral_iron_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oral_iron")),
    )
    op.create_index(op.f("ix_oral_iron_patient_id"), "oral_iron", ["patient_id"], unique=False)
    op.create_table(
        "transfusion",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("units", sa.String(length=40), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("CAST(units AS NUMERIC) > 0", name=op.f("ck_transfusion_units_positive")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_transfusion_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_transfusion_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfusion")),
    )
    op.create_index("ix_transfusion_by_patient", "transfusion", ["patient_id", "given_on"], unique=False)
    op.create_table(
        "course",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("previous_course_id", sa.Integer(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("indication", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("need_mg", sa.String(length=40), nullable=True),
        sa.Column("planned_mg", sa.String(length=40), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("open_step_id", sa.Integer(), nullable=True),
        sa.Column("step_open", sa.Boolean(), nullable=False),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'ended') = (end_reason IS NOT NULL)", name=op.f("ck_course_end_has_reason")
        ),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_course_end_is_dated")
        ),
        sa.CheckConstraint(
            "(status = 'ended') = (open_step_id IS NULL)", name=op.f("ck_course_one_open_step")
        ),
        sa.CheckConstraint(
            "cause IN ('investigated', 'referred', 'declined', 'known', 'not-appropriate')",
            name=op.f("ck_course_cause_code"),
        ),
        sa.CheckConstraint(
            "end_reason <> 'discharged' OR cause IS NOT NULL", name=op.f("ck_course_discharge_needs_cause")
        ),
        sa.CheckConstraint(
            "end_reason IN ('repeat-course', 'discharged', 'declined', 'did-not-attend', 'transferred', 'deceased', 'duplicate', 'entered-in-error')",
            name=op.f("ck_course_end_reason_code"),
        ),
        sa.CheckConstraint(
            "label IN ('eu', 'us', 'us-heart-failure', 'au')", name=op.f("ck_course_label_code")
        ),
        sa.CheckConstraint(
            "method IN ('ganzoni', 'label-table', 'label-fixed', 'fixed', 'lmwid-formula', 'blood-loss')",
            name=op.f("ck_course_method_code"),
        ),
        sa.CheckConstraint(
            "product IN ('ferric-carboxymaltose', 'ferric-derisomaltose', 'iron-sucrose', 'low-molecular-weight-iron-dextran', 'ferumoxytol', 'sodium-ferric-gluconate', 'iron-polymaltose')",
            name=op.f("ck_course_product_code"),
        ),
        sa.CheckConstraint(
            "status = 'referred' OR status = 'ended' OR product IS NOT NULL",
            name=op.f("ck_course_planned_has_product"),
        ),
        sa.CheckConstraint(
            "status IN ('referred', 'planned', 'in-treatment', 'awaiting-labs', 'to-review', 'work-up', 'waiting', 'follow-up', 'ended')",
            name=op.f("ck_course_status_code"),
        ),
        sa.CheckConstraint("CAST(need_mg AS NUMERIC) > 0", name=op.f("ck_course_need_mg_positive")),
        sa.CheckConstraint("CAST(planned_mg AS NUMERIC) > 0", name=op.f("ck_course_planned_mg_positive")),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_course_ordinal_positive")),
        sa.CheckConstraint("step_open IS TRUE", name=op.f("ck_course_step_is_open")),
        sa.ForeignKeyConstraint(
            ["open_step_id", "id", "step_open"],
            ["next_step.id", "next_step.course_id", "next_step.is_open"],
            name="fk_course_open_step",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_course_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["previous_course_id"],
            ["course.id"],
            name=op.f("fk_course_previous_course_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_course_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_course_referral_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("id", "patient_id", name=op.f("uq_course_id_patient_id")),
        sa.UniqueConstraint("patient_id", "ordinal", name=op.f("uq_course_patient_id_ordinal")),
    )
    op.create_index("ix_course_by_open_step", "course", ["open_step_id"], unique=False)
    op.create_index("ix_course_by_status", "course", ["status", "patient_id"], unique=False)
    op.create_index(op.f("ix_course_patient_id"), "course", ["patient_id"], unique=False)
    op.create_index(op.f("ix_course_previous_course_id"), "course", ["previous_course_id"], unique=False)
    op.create_index(op.f("ix_course_referral_id"), "course", ["referral_id"], unique=False)
    op.create_table(
        "visit",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("dose_mg", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'given', 'cancelled', 'did-not-attend')", name=op.f("ck_visit_state_code")
        ),
        sa.CheckConstraint("CAST(dose_mg AS NUMERIC) > 0", name=op.f("ck_visit_dose_mg_positive")),
        sa.ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["course.id", "course.patient_id"],
            name=op.f("fk_visit_course_id_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_visit_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_visit_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_by_course", "visit", ["course_id", "planned_on"], unique=False)
    op.create_index("ix_visit_by_day", "visit", ["planned_on", "state", "id"], unique=False)
    op.create_index(op.f("ix_visit_patient_id"), "visit", ["patient_id"], unique=False)
    op.create_table(
        "gate_answer",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("gate", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("override_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'unknown', 'not-applicable')", name=op.f("ck_gate_answer_answer_code")
        ),
        sa.CheckConstraint("length(trim(gate)) > 0", name=op.f("ck_gate_answer_gate_filled")),
        sa.ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["course.id", "course.patient_id"],
            name=op.f("fk_gate_answer_course_id_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_gate_answer_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_gate_answer_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name=op.f("fk_gate_answer_visit_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_answer")),
    )
    op.create_index("ix_gate_answer_by_course", "gate_answer", ["course_id", "gate"], unique=False)
    op.create_index(op.f("ix_gate_answer_patient_id"), "gate_answer", ["patient_id"], unique=False)
    op.create_index(op.f("ix_gate_answer_visit_id"), "gate_answer", ["visit_id"], unique=False)
    op.create_table(
        "infusion",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("dose_mg", sa.String(length=40), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("expiry", sa.Date(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("observed_minutes", sa.Integer(), nullable=True),
        sa.Column("stopped_early", sa.Boolean(), nullable=False),
        sa.Column("reaction_grade", sa.Integer(), nullable=True),
        sa.Column("reaction_delayed", sa.Boolean(), nullable=False),
        sa.Column("reaction_note", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("change_reason", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'superseded') = (superseded_by_id IS NOT NULL)",
            name=op.f("ck_infusion_superseded_by_another"),
        ),
        sa.CheckConstraint(
            "state = 'given' OR change_reason IS NOT NULL", name=op.f("ck_infusion_change_has_reason")
        ),
        sa.CheckConstraint(
            "state IN ('given', 'superseded', 'entered-in-error')", name=op.f("ck_infusion_state_code")
        ),
        sa.CheckConstraint("CAST(dose_mg AS NUMERIC) > 0", name=op.f("ck_infusion_dose_mg_positive")),
        sa.CheckConstraint("reaction_grade BETWEEN 0 AND 4", name=op.f("ck_infusion_reaction_grade_scale")),
        sa.CheckConstraint(
            "started_at IS NULL OR ended_at IS NULL OR started_at <= ended_at",
            name=op.f("ck_infusion_times_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["course.id", "course.patient_id"],
            name=op.f("fk_infusion_course_id_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_infusion_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_infusion_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"],
            ["infusion.id"],
            name=op.f("fk_infusion_superseded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["visit.id"],
            name=op.f("fk_infusion_visit_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infusion")),
    )
    op.create_index("ix_infusion_by_course", "infusion", ["course_id", "state", "given_on"], unique=False)
    op.create_index("ix_infusion_by_day", "infusion", ["given_on"], unique=False)
    op.create_index(
        "ix_infusion_one_per_visit",
        "infusion",
        ["visit_id"],
        unique=True,
        sqlite_where=sa.text("state = 'given'"),
        postgresql_where=sa.text("state = 'given'"),
    )
    op.create_index(op.f("ix_infusion_patient_id"), "infusion", ["patient_id"], unique=False)
    op.create_index(op.f("ix_infusion_superseded_by_id"), "infusion", ["superseded_by_id"], unique=False)
