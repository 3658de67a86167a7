# ruff: noqa: E501
"""First schema: patients and clinicians. Frozen; a change is a new revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address_lines", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_organisation_name_filled")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "clinician",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("speciality", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("address_lines", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "speciality IN ('general-practice', 'haematology', 'gastroenterology', 'gynaecology', 'nephrology', 'urology', 'ent', 'endocrinology', 'obstetrics', 'cardiology', 'oncology', 'surgery', 'internal-medicine', 'urgent-suspected-cancer', 'other')",
            name=op.f("ck_clinician_speciality_code"),
        ),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_clinician_name_filled")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_clinician_organisation_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinician")),
    )
    op.create_index("ix_clinician_by_speciality", "clinician", ["speciality", "name"], unique=False)
    op.create_index(op.f("ix_clinician_organisation_id"), "clinician", ["organisation_id"], unique=False)
    op.create_table(
        "patient",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("surname_key", sa.String(), nullable=False),
        sa.Column("given_key", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column("status_note", sa.String(), nullable=False),
        sa.Column("gp_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'active') = (status_on IS NULL)", name=op.f("ck_patient_status_dated")),
        sa.CheckConstraint("sex IN ('female', 'male', 'unknown')", name=op.f("ck_patient_sex_code")),
        sa.CheckConstraint(
            "status IN ('active', 'declined', 'did-not-attend', 'transferred', 'deceased')",
            name=op.f("ck_patient_status_code"),
        ),
        sa.CheckConstraint("length(trim(surname)) > 0", name=op.f("ck_patient_surname_filled")),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_patient_merged_into_another")
        ),
        sa.ForeignKeyConstraint(
            ["gp_id"],
            ["clinician.id"],
            name=op.f("fk_patient_gp_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["patient.id"],
            name=op.f("fk_patient_merged_into_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_patient_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("number", name=op.f("uq_patient_number")),
    )
    op.create_index("ix_patient_by_birth_date", "patient", ["birth_date", "surname_key"], unique=False)
    op.create_index("ix_patient_by_name", "patient", ["surname_key", "given_key", "id"], unique=False)
    op.create_index(
        "ix_patient_by_status", "patient", ["status", "surname_key", "given_key", "id"], unique=False
    )
    op.create_index(op.f("ix_patient_gp_id"), "patient", ["gp_id"], unique=False)
    op.create_index(op.f("ix_patient_merged_into_id"), "patient", ["merged_into_id"], unique=False)
    op.create_table(
        "allergy",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("substance", sa.String(), nullable=False),
        sa.Column("reaction", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(trim(substance)) > 0", name=op.f("ck_allergy_substance_filled")),
        sa.CheckConstraint(
            "until IS NOT NULL OR withdrawn_reason IS NULL", name=op.f("ck_allergy_withdrawn_dated")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_allergy_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_allergy_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allergy")),
    )
    op.create_index(op.f("ix_allergy_patient_id"), "allergy", ["patient_id"], unique=False)
    op.create_table(
        "condition",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code IN ('active-infection', 'autoimmune-inflammatory', 'bacteraemia', 'bariatric-surgery', 'cancer', 'cardiovascular-disease', 'chronic-liver-disease', 'ckd-haemodialysis', 'ckd-non-dialysis', 'ckd-peritoneal-dialysis', 'coeliac-disease', 'decompensated-cirrhosis', 'epistaxis', 'gi-bleeding', 'haematuria', 'haemorrhoids', 'heart-failure', 'heavy-menstrual-bleeding', 'hereditary-haemorrhagic-telangiectasia', 'hyperparathyroidism', 'ibd-active', 'ibd-quiescent', 'malnutrition', 'on-esa', 'other-bleeding', 'severe-asthma-or-atopy', 'vitamin-d-deficiency') OR code IN ('hypersensitivity:ferric-carboxymaltose', 'hypersensitivity:ferric-derisomaltose', 'hypersensitivity:iron-sucrose', 'hypersensitivity:low-molecular-weight-iron-dextran', 'hypersensitivity:ferumoxytol', 'hypersensitivity:sodium-ferric-gluconate', 'hypersensitivity:iron-polymaltose')",
            name=op.f("ck_condition_code_code"),
        ),
        sa.CheckConstraint(
            "since IS NULL OR until IS NULL OR since <= until", name=op.f("ck_condition_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_condition_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_condition_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
    )
    op.create_index("ix_condition_by_patient", "condition", ["patient_id", "code"], unique=False)
    op.create_table(
        "former_name",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("surname_key", sa.String(), nullable=False),
        sa.Column("given_key", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_former_name_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_former_name_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_name")),
    )
    op.create_index("ix_former_name_by_name", "former_name", ["surname_key", "given_key"], unique=False)
    op.create_index(op.f("ix_former_name_patient_id"), "former_name", ["patient_id"], unique=False)
    op.create_table(
        "measurement",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('weight', 'height')", name=op.f("ck_measurement_kind_code")),
        sa.CheckConstraint("CAST(value AS NUMERIC) > 0", name=op.f("ck_measurement_value_positive")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_measurement_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_measurement_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
    )
    op.create_index(
        "ix_measurement_by_patient", "measurement", ["patient_id", "kind", "measured_on"], unique=False
    )
    op.create_table(
        "patient_address",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_address_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_patient_address_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_address")),
    )
    op.create_index(op.f("ix_patient_address_patient_id"), "patient_address", ["patient_id"], unique=False)
    op.create_table(
        "patient_identifier",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("assigner", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("value_key", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('clinic-number', 'hospital-number', 'national-number', 'insurance-number', 'laboratory-number')",
            name=op.f("ck_patient_identifier_kind_code"),
        ),
        sa.CheckConstraint(
            "length(trim(value_key)) > 0", name=op.f("ck_patient_identifier_value_key_filled")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_identifier_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_patient_identifier_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_identifier")),
        sa.UniqueConstraint(
            "kind", "assigner", "value_key", name=op.f("uq_patient_identifier_kind_assigner_value_key")
        ),
    )
    op.create_index("ix_patient_identifier_by_value", "patient_identifier", ["value_key"], unique=False)
    op.create_index(
        op.f("ix_patient_identifier_patient_id"), "patient_identifier", ["patient_id"], unique=False
    )
    op.create_table(
        "patient_need",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code IN ('large-print', 'interpreter', 'sign-language', 'hearing', 'sight', 'mobility', 'carer', 'easy-read', 'needle-fear', 'no-letters', 'no-calls', 'other')",
            name=op.f("ck_patient_need_code_code"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_need_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_patient_need_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_need")),
    )
    op.create_index(op.f("ix_patient_need_patient_id"), "patient_need", ["patient_id"], unique=False)
    op.create_table(
        "patient_phone",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("digits", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('mobile', 'home', 'work', 'other')", name=op.f("ck_patient_phone_kind_code")
        ),
        sa.CheckConstraint("length(trim(number)) > 0", name=op.f("ck_patient_phone_number_filled")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_phone_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_patient_phone_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_phone")),
    )
    op.create_index(op.f("ix_patient_phone_patient_id"), "patient_phone", ["patient_id"], unique=False)
    op.create_table(
        "patient_search_key",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "kind IN ('name', 'number', 'phone')", name=op.f("ck_patient_search_key_kind_code")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_search_key_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", "kind", "patient_id", name=op.f("pk_patient_search_key")),
    )
    op.create_index("ix_patient_search_key_by_patient", "patient_search_key", ["patient_id"], unique=False)
    op.create_table(
        "pregnancy",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.String(length=40), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("pre_pregnancy_weight_kg", sa.String(length=40), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "CAST(pre_pregnancy_weight_kg AS NUMERIC) > 0",
            name=op.f("ck_pregnancy_pre_pregnancy_weight_kg_positive"),
        ),
        sa.CheckConstraint("CAST(weeks AS NUMERIC) < 45", name=op.f("ck_pregnancy_weeks_possible")),
        sa.CheckConstraint("CAST(weeks AS NUMERIC) > 0", name=op.f("ck_pregnancy_weeks_positive")),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_pregnancy_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_pregnancy_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pregnancy")),
    )
    op.create_index(op.f("ix_pregnancy_patient_id"), "pregnancy", ["patient_id"], unique=False)
    op.create_table(
        "referral",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("referrer_id", sa.Integer(), nullable=True),
        sa.Column("referred_on", sa.Date(), nullable=False),
        sa.Column("indication", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "indication IN ('iron-deficiency-anaemia', 'iron-deficiency', 'heavy-menstrual-bleeding', 'pregnancy', 'postpartum', 'ckd', 'heart-failure', 'ibd', 'pre-operative', 'cancer', 'malabsorption', 'other')",
            name=op.f("ck_referral_indication_code"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_referral_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_referral_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["referrer_id"],
            ["clinician.id"],
            name=op.f("fk_referral_referrer_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_patient_id"), "referral", ["patient_id"], unique=False)
    op.create_index(op.f("ix_referral_referrer_id"), "referral", ["referrer_id"], unique=False)
    op.create_table(
        "symptom",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code IN ('bone-pain', 'chest-pain', 'confusion', 'dyspnoea-at-rest', 'fatigue', 'fracture', 'haematemesis', 'melaena', 'neurological', 'rectal-bleeding', 'syncope', 'tachycardia', 'weakness')",
            name=op.f("ck_symptom_code_code"),
        ),
        sa.CheckConstraint(
            "since IS NULL OR until IS NULL OR since <= until", name=op.f("ck_symptom_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_symptom_patient_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_symptom_recorded_by_id"),
            onupdate="RESTRICT",
            ondelete="RESTRICT",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_symptom")),
    )
    op.create_index("ix_symptom_by_patient", "symptom", ["patient_id", "code"], unique=False)
