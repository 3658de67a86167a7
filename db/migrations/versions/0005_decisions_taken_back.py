"""Decisions that are taken back: the decision stays on record, with who took it back and when.

Every decision of before stands. The open steps of Today are counted by their index alone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.migrations.guards import changed, refuse

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WITHDRAWN = ("withdrawn_at", "withdrawn_by_id")
_BY = "fk_decision_withdrawn_by_id"


def upgrade() -> None:
    """Add the columns with their reference, and the guard that a decision is taken back once."""
    dialect = op.get_bind().dialect.name
    op.add_column("decision", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    if dialect == "sqlite":
        op.execute(
            f"ALTER TABLE decision ADD COLUMN withdrawn_by_id INTEGER CONSTRAINT {_BY} "
            "REFERENCES user_account (id) ON DELETE RESTRICT ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED"
        )
    else:
        op.add_column("decision", sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        op.create_foreign_key(
            _BY, "decision", "user_account", ["withdrawn_by_id"], ["id"],
            onupdate="RESTRICT", ondelete="RESTRICT", deferrable=True, initially="DEFERRED",
        )  # fmt: skip
    once = f"OLD.withdrawn_at IS NOT NULL AND ({changed(_WITHDRAWN)})"
    for statement in refuse(
        dialect, "decision_withdrawn_once", "UPDATE", "decision", once, "decision-withdrawn"
    ):
        op.execute(statement)
    op.drop_index("ix_next_step_today", "next_step")
    op.create_index("ix_next_step_today", "next_step", ["is_open", "due", "urgency", "action", "owner_id"])


def downgrade() -> None:
    """Refuse: what was taken back would stand again."""
    raise NotImplementedError("the schema only goes forward")
