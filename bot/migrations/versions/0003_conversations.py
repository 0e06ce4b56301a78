"""The durable middle: contacts, conversations, turns, messages, outbox (schema `bot`)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "channel_pauses",
        sa.Column("phone_number_id", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("phone_number_id", name=op.f("pk_channel_pauses")),
        schema="bot",
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("profile_name", sa.String(), nullable=True),
        sa.Column("marketing_stopped", sa.Boolean(), nullable=False),
        sa.Column("contact_stopped", sa.String(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        schema="bot",
    )
    op.create_table(
        "raw_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_events")),
        schema="bot",
    )
    op.create_table(
        "statuses",
        sa.Column("wamid", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("wamid", "status", name=op.f("pk_statuses")),
        schema="bot",
    )
    op.create_table(
        "contact_aliases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["bot.contacts.id"], name=op.f("fk_contact_aliases_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_aliases")),
        sa.UniqueConstraint("kind", "value", name=op.f("uq_contact_aliases_kind_value")),
        schema="bot",
    )
    op.create_index(
        op.f("ix_bot_contact_aliases_contact_id"),
        "contact_aliases",
        ["contact_id"],
        unique=False,
        schema="bot",
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("phone_number_id", sa.String(), nullable=False),
        sa.Column("dialogue_id", sa.Uuid(), nullable=False),
        sa.Column(
            "owner",
            sa.Enum("bot", "queue", "operator", name="owner", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("handoff_reason", sa.String(), nullable=True),
        sa.Column("queue_notice_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_inbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["bot.contacts.id"], name=op.f("fk_conversations_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "contact_id",
            "phone_number_id",
            name=op.f("uq_conversations_contact_id_phone_number_id"),
        ),
        schema="bot",
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["bot.conversations.id"], name=op.f("fk_audit_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        schema="bot",
    )
    op.create_index(
        op.f("ix_bot_audit_conversation_id"),
        "audit",
        ["conversation_id"],
        unique=False,
        schema="bot",
    )
    op.create_table(
        "issued_choices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["bot.conversations.id"],
            name=op.f("fk_issued_choices_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_choices")),
        schema="bot",
    )
    op.create_index(
        op.f("ix_bot_issued_choices_conversation_id"),
        "issued_choices",
        ["conversation_id"],
        unique=False,
        schema="bot",
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "left_to_person",
                "failed",
                name="turnstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["bot.conversations.id"], name=op.f("fk_turns_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        schema="bot",
    )
    op.create_index(
        "uq_turns_one_open",
        "turns",
        ["conversation_id"],
        unique=True,
        schema="bot",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("wamid", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("choice_id", sa.String(), nullable=True),
        sa.Column("answerable", sa.Boolean(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["bot.conversations.id"], name=op.f("fk_messages_conversation_id")
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["bot.turns.id"], name=op.f("fk_messages_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("wamid", name=op.f("uq_messages_wamid")),
        schema="bot",
    )
    op.create_index(
        op.f("ix_bot_messages_turn_id"), "messages", ["turn_id"], unique=False, schema="bot"
    )
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["conversation_id"],
        unique=False,
        schema="bot",
        postgresql_where=sa.text("turn_id IS NULL AND answerable"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sending",
                "unknown",
                "accepted",
                "sent",
                "delivered",
                "read",
                "parked",
                "failed",
                name="outboxstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("wamid", sa.String(), nullable=True),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("error_detail", sa.String(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["bot.conversations.id"], name=op.f("fk_outbox_conversation_id")
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["bot.turns.id"], name=op.f("fk_outbox_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        schema="bot",
    )
    op.create_index(op.f("ix_bot_outbox_wamid"), "outbox", ["wamid"], unique=False, schema="bot")
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["conversation_id", "position"],
        unique=False,
        schema="bot",
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )


def downgrade() -> None:
    for table in reversed(
        (
            "channel_pauses",
            "contacts",
            "raw_events",
            "statuses",
            "contact_aliases",
            "conversations",
            "audit",
            "issued_choices",
            "turns",
            "messages",
            "outbox",
        )
    ):
        op.drop_table(table, schema="bot")
