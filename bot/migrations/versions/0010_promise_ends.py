"""Why a promise was cancelled."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("promises", sa.Column("end_reason", sa.String(32)), schema="billing")


def downgrade() -> None:
    op.drop_column("promises", "end_reason", schema="billing")
