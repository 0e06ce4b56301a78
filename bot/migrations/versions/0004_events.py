"""What happened in billing, for others to hear; partial payments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("data", JSONB(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        schema="billing",
    )
    carried = sa.Column("carried", sa.Numeric(12, 2), nullable=False, server_default="0")
    op.add_column("invoices", carried, schema="billing")
    op.add_column("invoices", sa.Column("juros_from", sa.Date()), schema="billing")


def downgrade() -> None:
    op.drop_column("invoices", "juros_from", schema="billing")
    op.drop_column("invoices", "carried", schema="billing")
    op.drop_table("events", schema="billing")
