"""The trainers' inbox (schema `training`): items, verdicts, reviewed examples, changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

revision = "0013"
down_revision = "0012"

SCHEMA = "training"
TIME = sa.DateTime(timezone=True)
NOW = sa.text("now()")
CLOCK = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS training")
    op.create_index("ix_turns_created_at", "turns", ["created_at"], schema="bot")
    op.create_index("ix_audit_at", "audit", ["at"], schema="bot")
    _items()
    op.create_table(
        "annotations",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        _item("item_id", nullable=False),
        _user("trainer"),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("intent", sa.String()),
        sa.Column("entities", JSONB(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False, server_default=CLOCK),
        schema=SCHEMA,
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("branch", sa.String(), nullable=False, unique=True),
        sa.Column("commit", sa.String()),
        _user("author"),
        sa.Column("at", TIME, nullable=False, server_default=NOW),
        sa.Column("state", sa.String(32), nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "examples",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        _item("item_id", nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        _user("author"),
        sa.Column("at", TIME, nullable=False, server_default=CLOCK),
        sa.Column("change_id", sa.Uuid(), sa.ForeignKey("training.changes.id"), index=True),
        schema=SCHEMA,
    )
    op.create_table(
        "progress",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("looked_until", TIME, nullable=False),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("progress", "examples", "changes", "annotations", "items"):
        op.drop_table(table, schema=SCHEMA)
    op.drop_index("ix_audit_at", "audit", schema="bot")
    op.drop_index("ix_turns_created_at", "turns", schema="bot")


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("turn_id", sa.Uuid(), sa.ForeignKey("bot.turns.id"), nullable=False, unique=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("bot.conversations.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("spans", JSONB(), nullable=False),
        _item("group_id", nullable=False),
        sa.Column("said_at", TIME, nullable=False),
        sa.Column("intent", sa.String()),
        sa.Column("confidence", sa.Double()),
        sa.Column("ranking", JSONB(), nullable=False),
        sa.Column("model", sa.String()),
        sa.Column("signals", ARRAY(sa.String()), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        _user("asked_by", nullable=True),
        sa.Column("words", TSVECTOR(), sa.Computed("to_tsvector('simple', plain)", persisted=True)),
        schema=SCHEMA,
    )
    # Long words are no key for a tree; equal ones have equal hashes.
    op.create_index("ix_items_plain", "items", ["plain"], schema=SCHEMA, postgresql_using="hash")
    op.create_index("ix_items_words", "items", ["words"], schema=SCHEMA, postgresql_using="gin")
    op.create_index("ix_items_signals", "items", ["signals"], schema=SCHEMA, postgresql_using="gin")
    op.create_index("ix_items_state_intent", "items", ["state", "intent"], schema=SCHEMA)


def _item(name: str, *, nullable: bool) -> sa.Column[object]:
    reference = sa.ForeignKey("training.items.id")
    return sa.Column(name, sa.BigInteger(), reference, nullable=nullable, index=True)


def _user(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey("desk.users.id"), nullable=nullable)
