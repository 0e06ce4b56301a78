"""The hours and closed days a supervisor keeps are known to the bot too."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("week", JSONB(), nullable=False),
        sa.CheckConstraint("id = 1", name="only_one"),
        schema="bot",
    )
    op.execute("ALTER TABLE desk.closed_days SET SCHEMA bot")


def downgrade() -> None:
    op.execute("ALTER TABLE bot.closed_days SET SCHEMA desk")
    op.drop_table("opening_hours", schema="bot")
