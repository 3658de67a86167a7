"""The first schema."""

from __future__ import annotations

from contextlib import nullcontext

from alembic import op

from db.migrations.baseline import admin, audit, follow_up, labs, letters, people, treatment, triggers
from db.migrations.references import references_last

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, then the triggers that say what a constraint cannot."""
    on_server = op.get_bind().dialect.name == "postgresql"
    with references_last(op.get_bind()) if on_server else nullcontext():
        for part in (admin, people, audit, treatment, labs, follow_up, letters):
            part.create()
    for statement in triggers.for_postgresql() if on_server else triggers.STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Refuse: there is nothing before the first schema."""
    raise NotImplementedError("there is nothing before the first schema")
