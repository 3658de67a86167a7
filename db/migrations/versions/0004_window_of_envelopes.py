"""The window of the envelopes a clinic uses.

Clinics of before keep nothing in the new column: their letters take the usual envelope of paper and country.
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


def upgrade() -> None:
    """Add the column with its check; SQLite takes the check only with the column."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE clinic ADD COLUMN envelope VARCHAR CONSTRAINT {_NAME} CHECK ({_CODE})")
        return
    op.add_column("clinic", sa.Column("envelope", sa.String(), nullable=True))
    op.create_check_constraint(op.f(_NAME), "clinic", _CODE)


def downgrade() -> None:
    """Refuse: letters would go back to a window that nobody chose."""
    raise NotImplementedError("the schema only goes forward")
