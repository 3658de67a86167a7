"""The first schema."""

from __future__ import annotations

from alembic import op

from db.migrations.baseline import admin, audit, follow_up, labs, letters, people, treatment, triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, then the triggers that say what a constraint cannot."""
    for part in (admin, people, audit, treatment, labs, follow_up, letters):
        part.create()
    for statement in triggers.STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Refuse: there is nothing before the first schema."""
    raise NotImplementedError("there is nothing before the first schema")
