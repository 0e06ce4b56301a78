"""Files that operators send."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("bot.conversations.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime_type", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary()),
        sa.Column("media_id", sa.String()),
        sa.Column("created_at", TIME, nullable=False, server_default=sa.func.now()),
        schema="bot",
    )


def downgrade() -> None:
    op.drop_table("files", schema="bot")
