# ruff: noqa: E501
"""First schema: follow-up. Frozen; a change is a new revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "assessment",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("protocol_version_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("assessment", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("response", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('data-invalid', 'urgent', 'safety-stop', 'too-early', 'responded', 'other-cause', 'inadequate-dose', 'ongoing-loss', 'functional', 'ckd-epo-deficit', 'hypophosphataemia', 'stores-replete-symptomatic', 'indeterminate', 'no-follow-up-yet')",
            name=op.f("ck_assessment_outcome_code"),
        ),
        sa.CheckConstraint(
            "profile IN ('general', 'inflamed', 'ckd-nd', 'ckd-hd', 'heart-failure', 'pregnant', 'ibd')",
            name=op.f("ck_assessment_profile_code"),
        ),
        sa.CheckConstraint(
            "response IN ('complete', 'adequate', 'partial', 'none', 'worse', 'too-early', 'not-assessable')",
            name=op.f("ck_assessment_response_code"),
        ),
        sa.CheckConstraint(
            "state <> 'deferred' OR deferred_until IS NOT NULL", name=op.f("ck_assessment_deferred_is_dated")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'overridden', 'deferred', 'dismissed', 'superseded')",
            name=op.f("ck_assessment_state_code"),
        ),
        sa.CheckConstraint(
            "urgency IN ('emergency', 'urgent', 'soon', 'routine')", name=op.f("ck_assessment_urgency_code")
        ),
        sa.ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["course.id", "course.patient_id"],
            name=op.f("fk_assessment_course_id_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_assessment_made_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_assessment_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["protocol_version_id"],
            ["protocol_version.id"],
            name=op.f("fk_assessment_protocol_version_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index("ix_assessment_by_course", "assessment", ["course_id", "id"], unique=False)
    op.create_index(
        "ix_assessment_one_open",
        "assessment",
        ["course_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_assessment_patient_id"), "assessment", ["patient_id"], unique=False)
    op.create_index(
        op.f("ix_assessment_protocol_version_id"), "assessment", ["protocol_version_id"], unique=False
    )
    op.create_table(
        "decision",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("assessment_version", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("defer_until", sa.Date(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'defer') = (defer_until IS NOT NULL)", name=op.f("ck_decision_defer_is_dated")
        ),
        sa.CheckConstraint(
            "kind = 'accept' OR length(trim(reason)) > 0", name=op.f("ck_decision_override_has_reason")
        ),
        sa.CheckConstraint(
            "kind IN ('accept', 'choose-another', 'defer', 'not-appropriate')",
            name=op.f("ck_decision_kind_code"),
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_decision_assessment_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["course.id", "course.patient_id"],
            name=op.f("fk_decision_course_id_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_decision_decided_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_decision_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_assessment_id"), "decision", ["assessment_id"], unique=False)
    op.create_index("ix_decision_by_course", "decision", ["course_id", "id"], unique=False)
    op.create_index(op.f("ix_decision_patient_id"), "decision", ["patient_id"], unique=False)
    op.create_table(
        "assessment_result",
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("result_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_assessment_result_assessment_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["result_id"],
            ["lab_result.id"],
            name=op.f("fk_assessment_result_result_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("assessment_id", "result_id", name=op.f("pk_assessment_result")),
    )
    op.create_index("ix_assessment_result_by_result", "assessment_result", ["result_id"], unique=False)
    op.create_table(
        "next_step",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("on_overdue", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "action IN ('correct-data', 'same-day-review', 'discuss-transfusion', 'wait-and-repeat-labs', 'repeat-labs', 'repeat-infusion', 'measure-phosphate', 'switch-product', 'work-up', 'refer', 'follow-up', 'discharge', 'plan-course', 'give-infusion', 'review-results', 'chase-labs')",
            name=op.f("ck_next_step_action_code"),
        ),
        sa.CheckConstraint(
            "on_overdue IN ('list', 'chase', 'escalate-referrer', 'same-day')",
            name=op.f("ck_next_step_on_overdue_code"),
        ),
        sa.CheckConstraint(
            "urgency IN ('emergency', 'urgent', 'soon', 'routine')", name=op.f("ck_next_step_urgency_code")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_next_step_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_reason IS NULL)", name=op.f("ck_next_step_closed_for_a_reason")
        ),
        sa.CheckConstraint("is_open = (closed_at IS NULL)", name=op.f("ck_next_step_open_until_closed")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_next_step_assessment_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"],
            ["user_account.id"],
            name=op.f("fk_next_step_closed_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["course.id", "course.patient_id"],
            name=op.f("fk_next_step_course_id_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_next_step_decision_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"],
            ["user_account.id"],
            name=op.f("fk_next_step_opened_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["user_account.id"],
            name=op.f("fk_next_step_owner_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_next_step_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_step")),
        sa.UniqueConstraint("id", "course_id", "is_open", name=op.f("uq_next_step_id_course_id_is_open")),
    )
    op.create_index(op.f("ix_next_step_assessment_id"), "next_step", ["assessment_id"], unique=False)
    op.create_index("ix_next_step_by_course", "next_step", ["course_id", "is_open", "id"], unique=False)
    op.create_index("ix_next_step_by_owner", "next_step", ["owner_id", "is_open", "due", "id"], unique=False)
    op.create_index("ix_next_step_by_patient", "next_step", ["patient_id", "id"], unique=False)
    op.create_index(op.f("ix_next_step_decision_id"), "next_step", ["decision_id"], unique=False)
    op.create_index(
        "ix_next_step_one_open",
        "next_step",
        ["course_id"],
        unique=True,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_index("ix_next_step_today", "next_step", ["is_open", "due", "urgency", "id"], unique=False)
    op.create_table(
        "work_up",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'finished', 'abandoned')", name=op.f("ck_work_up_state_code")),
        sa.CheckConstraint("length(trim(cause)) > 0", name=op.f("ck_work_up_cause_filled")),
        sa.ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["course.id", "course.patient_id"],
            name=op.f("fk_work_up_course_id_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
            name=op.f("fk_work_up_decision_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_work_up_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_work_up_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_up")),
    )
    op.create_index("ix_work_up_by_course", "work_up", ["course_id", "id"], unique=False)
    op.create_index("ix_work_up_by_state", "work_up", ["state", "id"], unique=False)
    op.create_index(op.f("ix_work_up_decision_id"), "work_up", ["decision_id"], unique=False)
    op.create_index(op.f("ix_work_up_patient_id"), "work_up", ["patient_id"], unique=False)
    op.create_table(
        "contact_attempt",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("call_back_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone', 'letter', 'email', 'sms', 'in-person', 'referrer')",
            name=op.f("ck_contact_attempt_channel_code"),
        ),
        sa.CheckConstraint(
            "outcome <> 'call-back' OR call_back_on IS NOT NULL",
            name=op.f("ck_contact_attempt_call_back_is_dated"),
        ),
        sa.CheckConstraint(
            "outcome IN ('agreed', 'call-back', 'no-answer', 'number-dead', 'moved', 'declined', 'died', 'letter-sent', 'message-left')",
            name=op.f("ck_contact_attempt_outcome_code"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["course.id"],
            name=op.f("fk_contact_attempt_course_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_contact_attempt_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_contact_attempt_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["next_step.id"],
            name=op.f("fk_contact_attempt_step_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index(
        "ix_contact_attempt_by_course", "contact_attempt", ["course_id", "tried_on", "id"], unique=False
    )
    op.create_index(
        "ix_contact_attempt_by_patient", "contact_attempt", ["patient_id", "tried_on", "id"], unique=False
    )
    op.create_index(op.f("ix_contact_attempt_step_id"), "contact_attempt", ["step_id"], unique=False)
    op.create_table(
        "work_up_item",
        sa.Column("work_up_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("refer_to", sa.String(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("lab_order_id", sa.Integer(), nullable=True),
        sa.Column("clinician_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'referral' OR refer_to IS NOT NULL", name=op.f("ck_work_up_item_referral_has_addressee")
        ),
        sa.CheckConstraint(
            "kind IN ('test', 'referral', 'question')", name=op.f("ck_work_up_item_kind_code")
        ),
        sa.CheckConstraint(
            "refer_to IN ('haematology', 'gastroenterology', 'gynaecology', 'nephrology', 'urology', 'ent', 'endocrinology', 'obstetrics', 'urgent-suspected-cancer')",
            name=op.f("ck_work_up_item_refer_to_code"),
        ),
        sa.CheckConstraint(
            "state <> 'not-appropriate' OR length(trim(note)) > 0",
            name=op.f("ck_work_up_item_not_appropriate_has_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('todo', 'ordered', 'done', 'resulted', 'not-appropriate')",
            name=op.f("ck_work_up_item_state_code"),
        ),
        sa.CheckConstraint(
            "urgency IN ('emergency', 'urgent', 'soon', 'routine')", name=op.f("ck_work_up_item_urgency_code")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["user_account.id"],
            name=op.f("fk_work_up_item_changed_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["clinician_id"],
            ["clinician.id"],
            name=op.f("fk_work_up_item_clinician_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["lab_order_id"],
            ["lab_order.id"],
            name=op.f("fk_work_up_item_lab_order_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["user_account.id"],
            name=op.f("fk_work_up_item_owner_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["work_up_id"],
            ["work_up.id"],
            name=op.f("fk_work_up_item_work_up_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_up_item")),
        sa.UniqueConstraint("work_up_id", "code", name=op.f("uq_work_up_item_work_up_id_code")),
    )
    op.create_index("ix_work_up_item_by_owner", "work_up_item", ["owner_id", "state", "due"], unique=False)
    op.create_index("ix_work_up_item_by_state", "work_up_item", ["state", "due", "id"], unique=False)
    op.create_index(op.f("ix_work_up_item_clinician_id"), "work_up_item", ["clinician_id"], unique=False)
    op.create_index(op.f("ix_work_up_item_lab_order_id"), "work_up_item", ["lab_order_id"], unique=False)
