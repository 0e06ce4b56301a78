"""Promises, disputes, delivery of events and the audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0009"
down_revision = "0008"

SCHEMA = "billing"
TIME = sa.DateTime(timezone=True)
# Written once and never changed, each with its own time and author; or computed; or bookkeeping.
UNAUDITED = (
    *("allocations", "audit", "events", "deliveries", "idempotency_keys", "identifications"),
    *("offers", "offer_requests", "policy_versions", "provider_notifications"),
    *("payable_days", "nightly_runs", "invoice_ageing"),
)

# What a row looks like in the audit: nothing in it names a person or opens a door.
AUDIT_MASKED = """
CREATE FUNCTION billing.audit_masked(line jsonb) RETURNS jsonb IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
  ends text[] := '{document,phone}';
  starts text[] := '{name,email}';
  hidden text[] := '{birth_date,search_name,secret,token,statement,receipt,evidence,'
                   'decision_note,lines,composition}';
BEGIN
  IF NOT line ?| (ends || starts || hidden) THEN
    RETURN line;
  END IF;
  RETURN (
    SELECT jsonb_object_agg(key, CASE
             WHEN value = 'null' THEN value
             WHEN key = ANY (ends) THEN to_jsonb('***' || right(value #>> '{}', 2))
             WHEN key = ANY (starts) THEN to_jsonb(left(value #>> '{}', 1) || '***')
             WHEN key = ANY (hidden) THEN '"***"'
             ELSE value END)
      FROM jsonb_each(line));
END
$$
"""
# The customer of a row: its own column, or that of what it belongs to.
AUDIT_CUSTOMER = """
CREATE FUNCTION billing.audit_customer(of_table text, line jsonb) RETURNS uuid
STABLE LANGUAGE plpgsql AS $$
BEGIN
  IF of_table = 'customers' THEN
    RETURN line ->> 'id';
  ELSIF line ->> 'invoice_id' IS NOT NULL THEN
    RETURN (SELECT customer_id FROM billing.invoices WHERE id = (line ->> 'invoice_id')::uuid);
  ELSIF line ->> 'agreement_id' IS NOT NULL THEN
    RETURN (SELECT customer_id FROM billing.agreements WHERE id = (line ->> 'agreement_id')::uuid);
  ELSIF line ->> 'charge_id' IS NOT NULL THEN
    RETURN (SELECT customer_id FROM billing.charges WHERE id = (line ->> 'charge_id')::uuid);
  ELSIF line ->> 'payment_id' IS NOT NULL THEN
    RETURN (SELECT customer_id FROM billing.payments WHERE id = (line ->> 'payment_id')::uuid);
  END IF;
  RETURN NULL;
END
$$
"""
# The trigger's arguments are the columns of the primary key, one or two. Of an update only the
# columns that changed are kept; what is null at first is not.
WRITE_AUDIT = """
CREATE FUNCTION billing.write_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  line jsonb := coalesce(after, before);
  row_id text := line ->> TG_ARGV[0];
BEGIN
  IF TG_OP = 'INSERT' THEN
    after := jsonb_strip_nulls(after);
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(name, before -> name), jsonb_object_agg(name, value)
      INTO before, after
      FROM jsonb_each(after) AS changed (name, value)
     WHERE value IS DISTINCT FROM before -> name;
    IF after IS NULL THEN
      RETURN NULL;
    END IF;
  END IF;
  IF TG_NARGS > 1 THEN
    row_id := row_id || '/' || (line ->> TG_ARGV[1]);
  ELSIF TG_ARGV[0] = 'phone' THEN
    row_id := '***' || right(row_id, 2);
  END IF;
  INSERT INTO billing.audit (at, actor, policy_version, request_id, table_name, row_id,
                             customer_id, operation, before, after)
  VALUES (clock_timestamp(),
          coalesce(nullif(current_setting('billing.actor', true), ''), 'system'),
          nullif(current_setting('billing.policy_version', true), ''),
          nullif(current_setting('billing.request_id', true), ''),
          TG_TABLE_NAME, row_id,
          coalesce((line ->> 'customer_id')::uuid, billing.audit_customer(TG_TABLE_NAME, line)),
          lower(TG_OP), billing.audit_masked(before), billing.audit_masked(after));
  RETURN NULL;
END
$$
"""
REFUSE_CHANGE = """
CREATE FUNCTION billing.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'billing.% is append-only', TG_TABLE_NAME;
END
$$
"""
# Later migrations that add a table call this for it.
AUDIT_TABLE = """
CREATE FUNCTION billing.audit_table(which text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  primary_key text := (
    SELECT string_agg(quote_literal(attname), ', ' ORDER BY array_position(indkey, attnum))
      FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
     WHERE indisprimary AND indrelid = ('billing.' || quote_ident(which))::regclass);
BEGIN
  EXECUTE format(
    'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON billing.%I'
    ' FOR EACH ROW EXECUTE FUNCTION billing.write_audit(%s)', which, primary_key);
END
$$
"""


def upgrade() -> None:
    _promises()
    _disputes()
    _events()
    _audit()


def downgrade() -> None:
    for function in ("write_audit", "refuse_change"):
        op.execute(f"DROP FUNCTION billing.{function}() CASCADE")
    op.execute("DROP FUNCTION billing.audit_table(text)")
    op.execute("DROP FUNCTION billing.audit_customer(text, jsonb)")
    op.execute("DROP FUNCTION billing.audit_masked(jsonb)")
    for table in ("audit", "deliveries", "subscriptions"):
        op.drop_table(table, schema=SCHEMA)
    op.drop_constraint("uq_events_once_key", "events", schema=SCHEMA)
    op.drop_index("ix_events_undispatched", "events", schema=SCHEMA)
    op.drop_column("events", "dispatched", schema=SCHEMA)
    op.drop_column("events", "once_key", schema=SCHEMA)
    for table in ("dispute_invoices", "disputes", "promises"):
        op.drop_table(table, schema=SCHEMA)


def _promises() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("customer_id", "promises", "customers"),
        _reference("installment_id", "promises", "installments", nullable=True),
        sa.Column("invoice_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("promised_for", sa.Date(), nullable=False),
        sa.Column("grace_until", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(12, 2)),
        sa.Column("paid", sa.Numeric(12, 2), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("evidence", JSONB(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.CheckConstraint("amount > 0 AND paid >= 0", name="promise_amounts"),
        sa.PrimaryKeyConstraint("id", name="pk_promises"),
        schema=SCHEMA,
    )
    _index("uq_promises_open", "promises", ["customer_id"], where="status = 'open'", unique=True)
    _index("ix_promises_grace", "promises", ["grace_until"], where="status = 'open'")
    _index("ix_promises_customer", "promises", ["customer_id", "made_at"])


def _disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("customer_id", "disputes", "customers"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("receipt", sa.String()),
        sa.Column("evidence", JSONB()),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("correct_by", sa.Date()),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("decided_by", sa.String()),
        sa.Column("decided_at", TIME),
        sa.Column("decision_note", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_disputes"),
        schema=SCHEMA,
    )
    _index("ix_disputes_customer", "disputes", ["customer_id", "opened_at"])
    _index("ix_disputes_status", "disputes", ["status", "answer_by"])
    op.create_table(
        "dispute_invoices",
        _reference("dispute_id", "dispute_invoices", "disputes"),
        _reference("invoice_id", "dispute_invoices", "invoices"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("dispute_id", "invoice_id", name="pk_dispute_invoices"),
        schema=SCHEMA,
    )
    name = "uq_dispute_invoices_active"
    _index(name, "dispute_invoices", ["invoice_id"], where="active", unique=True)


def _events() -> None:
    op.add_column("events", sa.Column("once_key", sa.String()), schema=SCHEMA)
    dispatched = sa.Column("dispatched", sa.Boolean(), nullable=False, server_default="false")
    op.add_column("events", dispatched, schema=SCHEMA)
    op.create_unique_constraint("uq_events_once_key", "events", ["once_key"], schema=SCHEMA)
    _index("ix_events_undispatched", "events", ["happened_at"], where="NOT dispatched")
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("events", ARRAY(sa.String()), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("disabled_at", TIME),
        sa.Column("disabled_reason", sa.String()),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        schema=SCHEMA,
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        _reference("subscription_id", "deliveries", "subscriptions", ondelete="CASCADE"),
        _reference("event_id", "deliveries", "events"),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", TIME, nullable=False),
        sa.Column("last_status", sa.Integer()),
        sa.Column("last_error", sa.String()),
        sa.Column("delivered_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint(
            "subscription_id", "event_id", name="uq_deliveries_subscription_id_event_id"
        ),
        schema=SCHEMA,
    )
    _index("ix_billing_deliveries_event_id", "deliveries", ["event_id"])
    columns = ["subscription_id", "next_attempt_at"]
    _index("ix_deliveries_pending", "deliveries", columns, where="status = 'pending'")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String()),
        sa.Column("request_id", sa.String()),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid()),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("before", JSONB()),
        sa.Column("after", JSONB()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        schema=SCHEMA,
    )
    _index("ix_audit_customer", "audit", ["customer_id", "id"])
    op.create_index("ix_audit_at", "audit", ["at"], schema=SCHEMA, postgresql_using="brin")
    for function in (AUDIT_MASKED, AUDIT_CUSTOMER, WRITE_AUDIT, REFUSE_CHANGE, AUDIT_TABLE):
        op.execute(function)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing.audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_change()"
    )
    op.execute(
        "SELECT billing.audit_table(tablename) FROM pg_tables"
        f" WHERE schemaname = 'billing' AND tablename NOT IN {UNAUDITED}"
    )


def _reference(
    column: str, table: str, target: str, *, nullable: bool = False, ondelete: str | None = None
) -> sa.Column[object]:
    key = sa.ForeignKey(f"billing.{target}.id", name=f"fk_{table}_{column}", ondelete=ondelete)
    return sa.Column(column, sa.Uuid(), key, nullable=nullable)


def _index(
    name: str, table: str, columns: list[str], *, where: str | None = None, unique: bool = False
) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, schema=SCHEMA, unique=unique, postgresql_where=condition)
