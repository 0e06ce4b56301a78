"""Which model answers, its candidates, and its history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"

TIME = sa.DateTime(timezone=True)
CLOCK = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "serving",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("current", sa.String(), nullable=False),
        sa.Column("since", TIME, nullable=False, server_default=CLOCK),
        sa.Column("canary", sa.String()),
        sa.Column("canary_percent", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("canary_since", TIME),
        sa.CheckConstraint("id = 1", name="only_one"),
        schema="bot",
    )
    op.create_table(
        "candidates",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("change_id", sa.Uuid(), sa.ForeignKey("training.changes.id"), nullable=False),
        sa.Column("author", sa.Uuid(), sa.ForeignKey("desk.users.id"), nullable=False),
        sa.Column("at", TIME, nullable=False, server_default=CLOCK),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("model", sa.String()),
        sa.Column("comparison", JSONB()),
        sa.Column("done_at", TIME),
        schema="training",
    )
    op.create_table(
        "moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("at", TIME, nullable=False, server_default=CLOCK),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("before", sa.String()),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), sa.ForeignKey("training.candidates.id")),
        schema="training",
    )

    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("token_hash", sa.String(), nullable=False, unique=True),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("author", sa.Uuid(), sa.ForeignKey("desk.users.id"), nullable=False),
        sa.Column("at", TIME, nullable=False, server_default=CLOCK),
        sa.Column("expires_at", TIME, nullable=False),
        schema="training",
    )
    op.create_table(
        "talks",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "invitation_id",
            sa.Uuid(),
            sa.ForeignKey("training.invitations.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("at", TIME, nullable=False, server_default=CLOCK),
        sa.Column("choices", JSONB(), nullable=False),
        schema="training",
    )
    talk = sa.Column("talk_id", sa.Uuid(), sa.ForeignKey("training.talks.id"), index=True)
    op.add_column("items", talk, schema="training")
    for column in ("turn_id", "conversation_id"):
        op.alter_column("items", column, nullable=True, schema="training")
    op.create_check_constraint(
        "said_somewhere", "items", "num_nonnulls(conversation_id, talk_id) = 1", schema="training"
    )


def downgrade() -> None:
    op.execute("DELETE FROM training.items WHERE talk_id IS NOT NULL")
    op.drop_constraint("said_somewhere", "items", schema="training")
    op.drop_column("items", "talk_id", schema="training")
    for column in ("turn_id", "conversation_id"):
        op.alter_column("items", column, nullable=False, schema="training")
    op.drop_table("talks", schema="training")
    op.drop_table("invitations", schema="training")
    op.drop_table("moves", schema="training")
    op.drop_table("candidates", schema="training")
    op.drop_table("serving", schema="bot")
