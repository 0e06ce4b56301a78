"""Which model answers."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "serving",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("current", sa.String(), nullable=False),
        sa.Column("previous", sa.String()),
        sa.Column(
            "since", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column("canary", sa.String()),
        sa.Column("canary_percent", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("canary_since", sa.DateTime(timezone=True)),
        sa.CheckConstraint("id = 1", name="only_one"),
        schema="bot",
    )


def downgrade() -> None:
    op.drop_table("serving", schema="bot")
