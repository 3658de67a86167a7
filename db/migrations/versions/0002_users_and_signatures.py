"""Signatures of clinicians, results held for people no longer followed up, emergency access, entries of log-in.

Plans and decisions of before keep no signature and ask for none: `to_sign` begins as false. Columns are added in
place on SQLite (a rebuilt table would lose its triggers); only `held_result`, whose message may now be missing,
is made anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations.baseline import triggers
from db.migrations.guards import changed, refuse

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SIGNATURE = ("signed_by_id", "signed_at")
_HELD_COLUMNS = (
    "raw_message_id", "reason", "payload", "state", "owner_id", "due", "result_id", "closed_reason", "closed_at",
    "id", "version", "recorded_at", "recorded_by_id",
)  # fmt: skip
_TRIED = "('no-answer', 'number-dead', 'moved', 'message-left')"
_EMERGENCY_FIXED = ("id", "at", "user_id", "operation", "reason", "patient_id")


def upgrade() -> None:
    """Add what this schema knows more than the first one, then its guards."""
    dialect = op.get_bind().dialect.name
    _instant_and_user("course", "planned_at", "planned_by_id", dialect)
    _to_sign("course")
    _instant_and_user("course", "signed_at", "signed_by_id", dialect)
    _to_sign("decision")
    _instant_and_user("decision", "signed_at", "signed_by_id", dialect)
    for table in ("course", "decision"):
        op.create_index(
            f"ix_{table}_to_sign",
            table,
            ["id"],
            sqlite_where=sa.text("to_sign = 1 AND signed_at IS NULL"),
            postgresql_where=sa.text("to_sign AND signed_at IS NULL"),
        )
    _hold_results_of_people(dialect)
    op.create_table(
        "vault_entry",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_vault_entry")),
    )
    _emergency_access()
    op.create_index("ix_audit_by_user", "audit", ["user_id", "id"])
    op.create_index("ix_audit_by_action", "audit", ["action", "id"])
    for statement in _guards(dialect):
        op.execute(statement)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=op.f(f"fk_{table}_{column}"),
        onupdate="RESTRICT",
        ondelete="RESTRICT",
        initially="DEFERRED",
        deferrable=True,
    )


def _add_reference(table: str, column: str, target: str, dialect: str) -> None:
    """A nullable column that points to another table; SQLite takes the reference only with the column."""
    name = f"fk_{table}_{column}"
    if dialect == "sqlite":
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {target} (id) "
            "ON DELETE RESTRICT ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED"
        )
        return
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    op.create_foreign_key(
        name, table, target, [column], ["id"],
        onupdate="RESTRICT", ondelete="RESTRICT", deferrable=True, initially="DEFERRED",
    )  # fmt: skip


def _instant_and_user(table: str, at: str, by: str, dialect: str) -> None:
    """When something happened to the row and who did it."""
    op.add_column(table, sa.Column(at, sa.DateTime(timezone=True), nullable=True))
    _add_reference(table, by, "user_account", dialect)


def _to_sign(table: str) -> None:
    op.add_column(table, sa.Column("to_sign", sa.Boolean(), nullable=False, server_default=sa.false()))


def _hold_results_of_people(dialect: str) -> None:
    """A held result may be typed (no message) and may belong to a known person who is not followed up."""
    if dialect == "postgresql":
        op.alter_column("held_result", "raw_message_id", existing_type=sa.Integer(), nullable=True)
        _add_reference("held_result", "patient_id", "patient", dialect)
        op.create_check_constraint(
            op.f("ck_held_result_from_somewhere"),
            "held_result",
            "raw_message_id IS NOT NULL OR patient_id IS NOT NULL",
        )
        op.create_index(op.f("ix_held_result_patient_id"), "held_result", ["patient_id"])
        return
    for index in ("ix_held_result_by_state", "ix_held_result_owner_id", "ix_held_result_raw_message_id"):
        op.drop_index(index, "held_result")
    op.rename_table("held_result", "held_result_before")
    _held_result()
    columns = ", ".join(_HELD_COLUMNS)
    op.execute(f"INSERT INTO held_result ({columns}) SELECT {columns} FROM held_result_before")  # noqa: S608
    op.drop_table("held_result_before")
    op.create_index("ix_held_result_by_state", "held_result", ["state", "due", "id"])
    for column in ("owner_id", "patient_id", "raw_message_id"):
        op.create_index(op.f(f"ix_held_result_{column}"), "held_result", [column])
    for statement in triggers.STATEMENTS:
        if " ON held_result BEGIN" in statement or " ON held_result WHEN" in statement:
            op.execute(statement)


def _held_result() -> None:
    op.create_table(
        "held_result",
        sa.Column("raw_message_id", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
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
        sa.CheckConstraint("state IN ('held', 'filed', 'rejected')", name=op.f("ck_held_result_state_code")),
        sa.CheckConstraint(
            "(state = 'filed') = (result_id IS NOT NULL)", name=op.f("ck_held_result_filed_points_to_result")
        ),
        sa.CheckConstraint(
            "state <> 'rejected' OR closed_reason IS NOT NULL",
            name=op.f("ck_held_result_rejected_has_reason"),
        ),
        sa.CheckConstraint(
            "raw_message_id IS NOT NULL OR patient_id IS NOT NULL",
            name=op.f("ck_held_result_from_somewhere"),
        ),
        _reference("held_result", "raw_message_id", "raw_message"),
        _reference("held_result", "patient_id", "patient"),
        _reference("held_result", "owner_id", "user_account"),
        _reference("held_result", "result_id", "lab_result"),
        _reference("held_result", "recorded_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_result")),
        sa.UniqueConstraint("result_id", name=op.f("uq_held_result_result_id")),
    )


def _emergency_access() -> None:
    """Each use of the emergency door, which an administrator has to look at."""
    op.create_table(
        "emergency_access",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("review_note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_emergency_access_reason_filled")),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by_id IS NULL)",
            name=op.f("ck_emergency_access_reviewed_by_somebody"),
        ),
        _reference("emergency_access", "user_id", "user_account"),
        _reference("emergency_access", "patient_id", "patient"),
        _reference("emergency_access", "reviewed_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
    )
    op.create_index("ix_emergency_access_by_review", "emergency_access", ["reviewed_at", "id"])
    op.create_index(op.f("ix_emergency_access_patient_id"), "emergency_access", ["patient_id"])


def _guards(dialect: str) -> list[str]:
    """What was signed or reviewed stays so, and nobody is lost by silence.

    A signature falls only with the plan it was given for. A course ends as not attended only after somebody was
    tried and the referrer was told; how often is for the operation to say.
    """
    contact = "EXISTS (SELECT 1 FROM contact_attempt WHERE course_id = NEW.id AND {})"
    written = (
        "EXISTS (SELECT 1 FROM letter WHERE course_id = NEW.id AND kind = 'not-reached' "
        "AND state IN ('printed', 'handed', 'posted', 'returned'))"
    )
    tried = contact.format(f"outcome IN {_TRIED}")
    by_voice = contact.format("channel = 'referrer'")
    told = f"({by_voice} OR {written})"
    signed = f"OLD.signed_at IS NOT NULL AND ({changed(_SIGNATURE)})"
    made: list[str] = []
    for name, event, table, when, code in (
        (
            "course_signed_once",
            "UPDATE",
            "course",
            f"{signed} AND NEW.planned_at IS NOT DISTINCT FROM OLD.planned_at",
            "already-signed",
        ),
        ("decision_signed_once", "UPDATE", "decision", signed, "already-signed"),
        ("decision_stays_to_sign", "UPDATE", "decision", changed(("to_sign",)), "never-changed"),
        (
            "course_not_reached_is_no_silent_end",
            "UPDATE",
            "course",
            f"NEW.end_reason = 'did-not-attend' AND OLD.end_reason IS NULL AND NOT ({tried} AND {told})",
            "not-reached-ladder",
        ),
        ("emergency_access_never_removed", "DELETE", "emergency_access", "", "never-removed"),
        ("emergency_access_fixed", "UPDATE", "emergency_access", changed(_EMERGENCY_FIXED), "never-changed"),
        (
            "emergency_access_reviewed_once",
            "UPDATE",
            "emergency_access",
            f"OLD.reviewed_at IS NOT NULL AND ({changed(('reviewed_at', 'reviewed_by_id', 'review_note'))})",
            "already-reviewed",
        ),
    ):
        made.extend(refuse(dialect, name, event, table, when, code))
    return made


def downgrade() -> None:
    """Refuse: signatures would be lost."""
    raise NotImplementedError("the schema only goes forward")
