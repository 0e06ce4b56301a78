"""The operators' desk (schema `desk`), who holds a conversation, and what tells consoles live."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"

TIME = sa.DateTime(timezone=True)
NOW = sa.text("now()")
HELD = {
    "team": {"type_": sa.String(), "nullable": False, "server_default": "geral"},
    "customer_id": {"type_": sa.Uuid()},
    "operator_id": {"type_": sa.Uuid()},
    "queued_at": {"type_": TIME},
    "taken_at": {"type_": TIME},
    "touched_at": {"type_": TIME},
    "snoozed_until": {"type_": TIME},
    "escalated_at": {"type_": TIME},
}
WRITTEN = ("sent_by", "retry_of")
TABLES = (
    *("teams", "users", "notes", "drafts", "texts", "requests", "resolutions"),
    *("people", "reviews", "closed_days", "absence"),
)

# Every change that somebody may be looking at, told when it commits.
TELL = """
CREATE FUNCTION bot.tell_desk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'conversations' THEN
    PERFORM pg_notify('desk', NEW.id::text);
  ELSE
    PERFORM pg_notify('desk', NEW.conversation_id::text);
  END IF;
  RETURN NULL;
END
$$
"""
TOLD_OF = {
    "bot.messages": "INSERT OR UPDATE OF text",
    "bot.outbox": "INSERT OR UPDATE OF state",
    "bot.conversations": "INSERT OR UPDATE OF owner, team, operator_id, queued_at, snoozed_until,"
    " escalated_at, customer_id, handoff_reason",
    "desk.notes": "INSERT",
    "desk.requests": "INSERT OR UPDATE",
    "desk.people": "INSERT OR UPDATE",
}
REFUSE_CHANGE = """
CREATE FUNCTION bot.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'bot.% is append-only', TG_TABLE_NAME;
END
$$
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS desk")
    for name, options in HELD.items():
        op.add_column("conversations", sa.Column(name, **options), schema="bot")
    for name in WRITTEN:
        op.add_column("outbox", sa.Column(name, sa.Uuid()), schema="bot")
    op.add_column("turns", sa.Column("heard", JSONB()), schema="bot")
    op.create_unique_constraint("uq_outbox_retry_of", "outbox", ["retry_of"], schema="bot")
    op.create_check_constraint(
        "operator_holds",
        "conversations",
        "(owner = 'operator') = (operator_id IS NOT NULL)",
        schema="bot",
    )
    for table in ("messages", "outbox", "turns"):
        op.create_index(f"ix_{table}_conversation", table, ["conversation_id"], schema="bot")
    _accounts()
    _work()
    _rules()
    op.execute(TELL)
    for table, events in TOLD_OF.items():
        op.execute(
            f"CREATE TRIGGER tell_desk AFTER {events} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION bot.tell_desk()"
        )
    op.execute(REFUSE_CHANGE)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON bot.audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION bot.refuse_change()"
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION bot.tell_desk() CASCADE")
    op.execute("DROP FUNCTION bot.refuse_change() CASCADE")
    for table in reversed(TABLES):
        op.drop_table(table, schema="desk")
    for table in ("messages", "outbox", "turns"):
        op.drop_index(f"ix_{table}_conversation", table, schema="bot")
    op.drop_constraint("operator_holds", "conversations", schema="bot")
    op.drop_column("turns", "heard", schema="bot")
    for name in WRITTEN:
        op.drop_column("outbox", name, schema="bot")
    for name in HELD:
        op.drop_column("conversations", name, schema="bot")


def _accounts() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        schema="desk",
    )
    op.execute("INSERT INTO desk.teams (id, name) VALUES ('geral', 'Geral')")
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("email", sa.String(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("team", sa.String(), sa.ForeignKey("desk.teams.id"), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(64), nullable=False, unique=True),
        sa.Column("has_to_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", TIME),
        sa.Column("tf_primary_method", sa.String()),
        sa.Column("tf_totp_secret", sa.String()),
        sa.Column("created_at", TIME, nullable=False, server_default=NOW),
        schema="desk",
    )


def _work() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _conversation(),
        _user("author"),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False, server_default=NOW),
        schema="desk",
    )
    op.create_table(
        "drafts",
        _conversation(primary_key=True),
        _user("author", primary_key=True),
        sa.Column("text", sa.String(), nullable=False),
        schema="desk",
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _conversation(),
        _user("asked_by"),
        sa.Column("wish", JSONB(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("offer", JSONB()),
        _user("decided_by", nullable=True),
        sa.Column("answer", sa.String()),
        sa.Column("asked_at", TIME, nullable=False, server_default=NOW),
        sa.Column("decided_at", TIME),
        schema="desk",
    )
    op.create_table(
        "resolutions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _conversation(),
        _user("operator"),
        sa.Column("disposition", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("taken_at", TIME),
        sa.Column("at", TIME, nullable=False, server_default=NOW),
        schema="desk",
    )
    op.create_table(
        "reviews",
        sa.Column(
            "resolution_id", sa.Uuid(), sa.ForeignKey("desk.resolutions.id"), primary_key=True
        ),
        _user("reviewer"),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False, server_default=NOW),
        schema="desk",
    )
    op.create_table(
        "people",
        _conversation(primary_key=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document_end", sa.String(4), nullable=False),
        schema="desk",
    )


def _rules() -> None:
    op.create_table(
        "texts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("shortcut", sa.String(), nullable=False, unique=True),
        sa.Column("text", sa.String(), nullable=False),
        schema="desk",
    )
    op.create_table(
        "closed_days",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("why", sa.String(), nullable=False),
        schema="desk",
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("text", sa.String(), nullable=False),
        schema="desk",
    )


def _conversation(*, primary_key: bool = False) -> sa.Column[object]:
    reference = sa.ForeignKey("bot.conversations.id")
    return sa.Column(
        "conversation_id",
        sa.Uuid(),
        reference,
        nullable=False,
        primary_key=primary_key,
        index=not primary_key,
    )


def _user(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[object]:
    reference = sa.ForeignKey("desk.users.id")
    return sa.Column(name, sa.Uuid(), reference, nullable=nullable, primary_key=primary_key)
