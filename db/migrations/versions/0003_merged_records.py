"""Records of one person put together and taken apart, look-alikes found to be two people, imports taken back.

A row stays with its patient for ever, but for one case: the record of that patient was found to be of a person on
record already. Then its rows may go between the two records and nowhere else, and only while the one points to
the other (`patient.merged_into_id`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations.baseline.triggers import FIXED
from db.migrations.guards import changed, never_emptied, refuse, replace

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOVED = (
    "assessment", "contact_attempt", "course", "decision", "infusion", "lab_result", "letter", "next_step",
)  # fmt: skip
"""Tables whose rows were tied to their patient and may now go to the record theirs was joined with."""

_LINKED = (
    "EXISTS (SELECT 1 FROM patient WHERE (id = OLD.patient_id AND merged_into_id = NEW.patient_id) "
    "OR (id = NEW.patient_id AND merged_into_id = OLD.patient_id))"
)
_JOINED = "EXISTS (SELECT 1 FROM patient WHERE merged_into_id = NEW.patient_id)"
"""Somebody's record was joined with the one of NEW: its courses may be counted anew."""

_STEP = (
    "id", "course_id", "action", "due", "urgency", "owner_id", "on_overdue", "detail", "assessment_id",
    "decision_id", "is_open", "opened_at", "opened_by_id", "closed_at", "closed_by_id", "closed_reason",
)  # fmt: skip
_STANDING_MERGE = (
    "EXISTS (SELECT 1 FROM merged_row r JOIN patient_merge g ON g.id = r.merge_id "
    "WHERE r.table_name = 'next_step' AND r.row_id = OLD.id AND g.undone_at IS NULL)"
)
"""The step is one that a merge still standing touched: taking it back opens the step again."""

_TAKES_NOTHING = (
    "contact_attempt", "course", "infusion", "lab_order", "lab_result", "letter", "next_step",
    "patient_identifier", "referral", "visit",
)  # fmt: skip
"""Tables that get no new row for a record that was joined with another."""

_MERGE_FIXED = ("id", "kept_id", "merged_id", "merged_at", "merged_by_id", "reason", "choices")
_UNDONE = ("undone_at", "undone_by_id", "undone_reason")
_NOT_SAME_FIXED = ("id", "lower_id", "higher_id", "note", "recorded_at", "recorded_by_id")


def upgrade() -> None:
    """Add the tables of merges and what an import needs to be taken back, then the guards."""
    dialect = op.get_bind().dialect.name
    _merges()
    _not_the_same()
    op.add_column("import_run", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    _add_reference("import_run", "undone_by_id", "user_account", dialect)
    op.create_index("ix_import_run_by_recorded", "import_run", ["recorded_at"])
    op.add_column("lab_result", sa.Column("order_number", sa.String(), nullable=True))
    for statement in (*_ties(dialect), *_guards(dialect)):
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


def _merges() -> None:
    """Which record joined which, and every row that was touched by it."""
    op.create_table(
        "patient_merge",
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_patient_merge_reason_filled")),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_patient_merge_of_another")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_patient_merge_undone_by_somebody")
        ),
        sa.CheckConstraint(
            "undone_at IS NULL OR length(trim(undone_reason)) > 0",
            name=op.f("ck_patient_merge_undone_for_a_reason"),
        ),
        _reference("patient_merge", "kept_id", "patient"),
        _reference("patient_merge", "merged_id", "patient"),
        _reference("patient_merge", "merged_by_id", "user_account"),
        _reference("patient_merge", "undone_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_merge")),
    )
    _one_standing("patient_merge", ["merged_id"], "undone_at")
    op.create_index("ix_patient_merge_by_kept", "patient_merge", ["kept_id", "id"])
    op.create_table(
        "merged_row",
        sa.Column("merge_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        _reference("merged_row", "merge_id", "patient_merge"),
        sa.PrimaryKeyConstraint("merge_id", "position", name=op.f("pk_merged_row")),
    )
    op.create_index("ix_merged_row_by_row", "merged_row", ["table_name", "row_id"])


def _not_the_same() -> None:
    """Look-alikes that were found to be two people."""
    op.create_table(
        "not_the_same",
        sa.Column("lower_id", sa.Integer(), nullable=False),
        sa.Column("higher_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("lower_id < higher_id", name=op.f("ck_not_the_same_lower_first")),
        _reference("not_the_same", "lower_id", "patient"),
        _reference("not_the_same", "higher_id", "patient"),
        _reference("not_the_same", "withdrawn_by_id", "user_account"),
        _reference("not_the_same", "recorded_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_the_same")),
    )
    _one_standing("not_the_same", ["lower_id", "higher_id"], "withdrawn_at")
    op.create_index("ix_not_the_same_by_higher", "not_the_same", ["higher_id"])


def _one_standing(table: str, columns: list[str], ended: str) -> None:
    """At most one row of these columns that has not been taken back."""
    op.create_index(
        f"ix_{table}_one_standing",
        table,
        columns,
        unique=True,
        sqlite_where=sa.text(f"{ended} IS NULL"),
        postgresql_where=sa.text(f"{ended} IS NULL"),
    )


def _ties(dialect: str) -> list[str]:
    """The guards of what stays as it was written, with the one way between two records of one person."""
    made: list[str] = []
    for table in _MOVED:
        still = [column for column in FIXED[table] if column not in ("patient_id", "ordinal")]
        if table == "lab_result":
            still.append("order_number")
        when = f"{changed(still)} OR ({changed(['patient_id'])} AND NOT {_LINKED})"
        if table == "course":
            when += f" OR ({changed(['ordinal'])} AND NOT {_LINKED} AND NOT {_JOINED})"
        made += replace(dialect, f"{table}_fixed", "UPDATE", table, when, "never-changed")
    closed = f"OLD.closed_at IS NOT NULL AND ({changed(_STEP)}) AND NOT {_STANDING_MERGE}"
    made += replace(dialect, "next_step_stays_closed", "UPDATE", "next_step", closed, "step-closed")
    return made


def _guards(dialect: str) -> list[str]:
    """A merge stays on record and is taken back once; a record that joined another takes in nothing new."""
    made: list[str] = []
    joined = "(SELECT merged_into_id FROM patient WHERE id = NEW.patient_id) IS NOT NULL"
    for table in _TAKES_NOTHING:
        made += refuse(dialect, f"{table}_of_nobody_merged", "INSERT", table, joined, "patient-merged")
    chain = (
        "NEW.merged_into_id IS NOT NULL AND (EXISTS (SELECT 1 FROM patient WHERE id = NEW.merged_into_id "
        "AND merged_into_id IS NOT NULL) OR EXISTS (SELECT 1 FROM patient WHERE merged_into_id = NEW.id))"
    )
    for name, event, table, when, code in (
        ("patient_merged_without_chain", "UPDATE OF merged_into_id", "patient", chain, "merge-chain"),
        ("patient_merge_never_removed", "DELETE", "patient_merge", "", "never-removed"),
        ("patient_merge_fixed", "UPDATE", "patient_merge", changed(_MERGE_FIXED), "never-changed"),
        (
            "patient_merge_undone_once",
            "UPDATE",
            "patient_merge",
            f"OLD.undone_at IS NOT NULL AND ({changed(_UNDONE)})",
            "merge-undone",
        ),
        ("merged_row_never_removed", "DELETE", "merged_row", "", "never-removed"),
        ("merged_row_never_changed", "UPDATE", "merged_row", "", "never-changed"),
        ("not_the_same_never_removed", "DELETE", "not_the_same", "", "never-removed"),
        ("not_the_same_fixed", "UPDATE", "not_the_same", changed(_NOT_SAME_FIXED), "never-changed"),
    ):
        made += refuse(dialect, name, event, table, when, code)
    if dialect == "postgresql":
        for table in ("patient_merge", "merged_row", "not_the_same"):
            made += never_emptied(table)
    return made


def downgrade() -> None:
    """Refuse: merges could not be taken back any more."""
    raise NotImplementedError("the schema only goes forward")
