# ruff: noqa: E501
"""First schema: laboratory. Frozen; a change is a new revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "laboratory",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("column_mapping", sa.Text(), nullable=True),
        sa.Column("typing_units", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_laboratory_name_filled")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laboratory")),
        sa.UniqueConstraint("name", name=op.f("uq_laboratory_name")),
    )
    op.create_table(
        "import_run",
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("laboratory_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "format IN ('hl7v2', 'fhir-r4', 'csv', 'xlsx')", name=op.f("ck_import_run_format_code")
        ),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name=op.f("ck_import_run_state_code")),
        sa.ForeignKeyConstraint(
            ["laboratory_id"],
            ["laboratory.id"],
            name=op.f("fk_import_run_laboratory_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_import_run_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index("ix_import_run_by_sha256", "import_run", ["sha256"], unique=False)
    op.create_index(op.f("ix_import_run_laboratory_id"), "import_run", ["laboratory_id"], unique=False)
    op.create_table(
        "laboratory_code",
        sa.Column("laboratory_id", sa.Integer(), nullable=False),
        sa.Column("code_system", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("analyte", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "analyte IN ('haemoglobin', 'ferritin', 'transferrin-saturation', 'iron', 'tibc', 'uibc', 'transferrin', 'crp', 'phosphate', 'vitamin-b12', 'folate', 'creatinine', 'egfr', 'mcv', 'mch', 'rdw', 'rbc', 'haematocrit', 'reticulocytes', 'reticulocyte-haemoglobin', 'platelets', 'wbc', 'neutrophils', 'stfr', 'hepcidin', 'alt', 'calcium', 'vitamin-d', 'pth', 'magnesium', 'ldh', 'bilirubin', 'fit')",
            name=op.f("ck_laboratory_code_analyte_code"),
        ),
        sa.ForeignKeyConstraint(
            ["laboratory_id"],
            ["laboratory.id"],
            name=op.f("fk_laboratory_code_laboratory_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_laboratory_code_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laboratory_code")),
        sa.UniqueConstraint(
            "laboratory_id",
            "code_system",
            "code",
            name=op.f("uq_laboratory_code_laboratory_id_code_system_code"),
        ),
    )
    op.create_table(
        "raw_message",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("control_id", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_run.id"],
            name=op.f("fk_raw_message_import_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_message")),
        sa.UniqueConstraint("import_id", "ordinal", name=op.f("uq_raw_message_import_id_ordinal")),
    )
    op.create_index("ix_raw_message_by_sha256", "raw_message", ["sha256"], unique=False)
    op.create_table(
        "lab_order",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("booked_for", sa.Date(), nullable=False),
        sa.Column("panel", sa.Text(), nullable=False),
        sa.Column("laboratory_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.String(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("ck_lab_order_closed_is_dated")
        ),
        sa.CheckConstraint(
            "(state = 're-booked') = (replaced_by_id IS NOT NULL)",
            name=op.f("ck_lab_order_re_booked_has_successor"),
        ),
        sa.CheckConstraint(
            "kind IN ('repeat-labs', 'baseline', 'phosphate', 'follow-up', 'work-up')",
            name=op.f("ck_lab_order_kind_code"),
        ),
        sa.CheckConstraint(
            "state <> 'cancelled' OR closed_reason IS NOT NULL",
            name=op.f("ck_lab_order_cancelled_has_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'resulted', 'cancelled', 're-booked')", name=op.f("ck_lab_order_state_code")
        ),
        sa.CheckConstraint(
            "opens_on <= target_on AND target_on <= closes_on", name=op.f("ck_lab_order_window_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["course.id", "course.patient_id"],
            name=op.f("fk_lab_order_course_id_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["laboratory_id"],
            ["laboratory.id"],
            name=op.f("fk_lab_order_laboratory_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_lab_order_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_lab_order_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["lab_order.id"],
            name=op.f("fk_lab_order_replaced_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_order")),
    )
    op.create_index("ix_lab_order_by_course", "lab_order", ["course_id", "state", "booked_for"], unique=False)
    op.create_index("ix_lab_order_by_day", "lab_order", ["state", "booked_for"], unique=False)
    op.create_index(op.f("ix_lab_order_laboratory_id"), "lab_order", ["laboratory_id"], unique=False)
    op.create_index(
        "ix_lab_order_one_open_repeat",
        "lab_order",
        ["course_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open' AND kind = 'repeat-labs'"),
        postgresql_where=sa.text("state = 'open' AND kind = 'repeat-labs'"),
    )
    op.create_index(op.f("ix_lab_order_patient_id"), "lab_order", ["patient_id"], unique=False)
    op.create_index(op.f("ix_lab_order_replaced_by_id"), "lab_order", ["replaced_by_id"], unique=False)
    op.create_table(
        "lab_result",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("collected_on", sa.Date(), nullable=False),
        sa.Column("collected_at", sa.String(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("analyte", sa.String(), nullable=False),
        sa.Column("comparator", sa.String(), nullable=True),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column("text_value", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("canonical_value", sa.String(length=40), nullable=True),
        sa.Column("canonical_unit", sa.String(), nullable=True),
        sa.Column("reference_range", sa.String(), nullable=True),
        sa.Column("flag", sa.String(), nullable=True),
        sa.Column("laboratory_id", sa.Integer(), nullable=True),
        sa.Column("lab_order_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("code_system", sa.String(), nullable=True),
        sa.Column("code_text", sa.String(), nullable=True),
        sa.Column("raw_message_id", sa.Integer(), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("change_reason", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "analyte IN ('haemoglobin', 'ferritin', 'transferrin-saturation', 'iron', 'tibc', 'uibc', 'transferrin', 'crp', 'phosphate', 'vitamin-b12', 'folate', 'creatinine', 'egfr', 'mcv', 'mch', 'rdw', 'rbc', 'haematocrit', 'reticulocytes', 'reticulocyte-haemoglobin', 'platelets', 'wbc', 'neutrophils', 'stfr', 'hepcidin', 'alt', 'calcium', 'vitamin-d', 'pth', 'magnesium', 'ldh', 'bilirubin', 'fit')",
            name=op.f("ck_lab_result_analyte_code"),
        ),
        sa.CheckConstraint("comparator IN ('<', '>')", name=op.f("ck_lab_result_comparator_code")),
        sa.CheckConstraint(
            "source IN ('typed', 'hl7v2', 'fhir-r4', 'csv', 'xlsx')", name=op.f("ck_lab_result_source_code")
        ),
        sa.CheckConstraint(
            "status <> 'entered-in-error' OR change_reason IS NOT NULL",
            name=op.f("ck_lab_result_error_has_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('final', 'preliminary', 'corrected', 'cancelled', 'entered-in-error')",
            name=op.f("ck_lab_result_status_code"),
        ),
        sa.CheckConstraint(
            "value IS NOT NULL OR text_value IS NOT NULL OR status = 'cancelled'",
            name=op.f("ck_lab_result_says_something"),
        ),
        sa.CheckConstraint(
            "(canonical_value IS NULL) = (canonical_unit IS NULL)",
            name=op.f("ck_lab_result_canonical_has_unit"),
        ),
        sa.CheckConstraint(
            "superseded_by_id IS NULL OR changed_at IS NOT NULL",
            name=op.f("ck_lab_result_superseded_is_dated"),
        ),
        sa.CheckConstraint(
            "value IS NULL OR length(trim(unit)) > 0", name=op.f("ck_lab_result_value_has_unit")
        ),
        sa.ForeignKeyConstraint(
            ["lab_order_id"],
            ["lab_order.id"],
            name=op.f("fk_lab_result_lab_order_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["laboratory_id"],
            ["laboratory.id"],
            name=op.f("fk_lab_result_laboratory_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_lab_result_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["raw_message_id"],
            ["raw_message.id"],
            name=op.f("fk_lab_result_raw_message_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_lab_result_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"],
            ["lab_result.id"],
            name=op.f("fk_lab_result_superseded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_result")),
    )
    op.create_index("ix_lab_result_by_message", "lab_result", ["raw_message_id"], unique=False)
    op.create_index(
        "ix_lab_result_by_patient", "lab_result", ["patient_id", "collected_on", "analyte"], unique=False
    )
    op.create_index(op.f("ix_lab_result_lab_order_id"), "lab_result", ["lab_order_id"], unique=False)
    op.create_index(op.f("ix_lab_result_laboratory_id"), "lab_result", ["laboratory_id"], unique=False)
    op.create_index(op.f("ix_lab_result_superseded_by_id"), "lab_result", ["superseded_by_id"], unique=False)
    op.create_table(
        "held_result",
        sa.Column("raw_message_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.Column("closed_reason", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'filed') = (result_id IS NOT NULL)", name=op.f("ck_held_result_filed_points_to_result")
        ),
        sa.CheckConstraint(
            "state <> 'rejected' OR closed_reason IS NOT NULL",
            name=op.f("ck_held_result_rejected_has_reason"),
        ),
        sa.CheckConstraint("state IN ('held', 'filed', 'rejected')", name=op.f("ck_held_result_state_code")),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["user_account.id"],
            name=op.f("fk_held_result_owner_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["raw_message_id"],
            ["raw_message.id"],
            name=op.f("fk_held_result_raw_message_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_held_result_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["result_id"],
            ["lab_result.id"],
            name=op.f("fk_held_result_result_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_result")),
        sa.UniqueConstraint("result_id", name=op.f("uq_held_result_result_id")),
    )
    op.create_index("ix_held_result_by_state", "held_result", ["state", "due", "id"], unique=False)
    op.create_index(op.f("ix_held_result_owner_id"), "held_result", ["owner_id"], unique=False)
    op.create_index(op.f("ix_held_result_raw_message_id"), "held_result", ["raw_message_id"], unique=False)
