"""The window of the envelopes a clinic uses, and calls that are taken back.

Clinics of before keep nothing in the new columns: their letters take the usual envelope of paper and country, and
every attempt to reach somebody stands.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CODE = "envelope IN ('uk-dl', 'din-5008-b', 'us-10')"
_NAME = "ck_clinic_envelope_code"
_WITHDRAWN = "fk_contact_attempt_withdrawn_by_id"


def upgrade() -> None:
    """Add the columns with check and reference; SQLite takes those only with the column."""
    op.add_column("contact_attempt", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE contact_attempt ADD COLUMN withdrawn_by_id INTEGER CONSTRAINT {_WITHDRAWN} "
            "REFERENCES user_account (id) ON DELETE RESTRICT ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED"
        )
        op.execute(f"ALTER TABLE clinic ADD COLUMN envelope VARCHAR CONSTRAINT {_NAME} CHECK ({_CODE})")
        return
    op.add_column("clinic", sa.Column("envelope", sa.String(), nullable=True))
    op.create_check_constraint(op.f(_NAME), "clinic", _CODE)
    op.add_column("contact_attempt", sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        _WITHDRAWN, "contact_attempt", "user_account", ["withdrawn_by_id"], ["id"],
        onupdate="RESTRICT", ondelete="RESTRICT", deferrable=True, initially="DEFERRED",
    )  # fmt: skip


def downgrade() -> None:
    """Refuse: letters would go back to a window that nobody chose."""
    raise NotImplementedError("the schema only goes forward")
