"""A manager's figures, a row for each day, name and dimension."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "daily_figures",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("dimension", sa.String(), primary_key=True),
        sa.Column("value", sa.Numeric(), nullable=False),
        schema="desk",
    )


def downgrade() -> None:
    op.drop_table("daily_figures", schema="desk")
