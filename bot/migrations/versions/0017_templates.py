"""Templates as Meta lists them, and which of them failed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "templates",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("language", sa.String(), primary_key=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("parameters", JSONB(), nullable=False),
        sa.Column("is_plain", sa.Boolean(), nullable=False),
        sa.Column("listed_at", TIME),
        sa.Column("failed_code", sa.Integer()),
        sa.Column("failed_at", TIME),
        schema="bot",
    )


def downgrade() -> None:
    op.drop_table("templates", schema="bot")
