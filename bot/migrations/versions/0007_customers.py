"""What an import brings, and the nightly ageing."""

import sqlalchemy as sa
from alembic import op

from bot.billing.models import SEARCH_NAME

revision = "0007"
down_revision = "0006"

CUSTOMERS = (
    sa.Column("external_id", sa.String()),
    sa.Column("search_name", sa.String(), sa.Computed(SEARCH_NAME, persisted=True), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False, server_default="whatsapp"),
    sa.Column("preferred_from", sa.Time()),
    sa.Column("preferred_to", sa.Time()),
    sa.Column("opted_out_at", sa.DateTime(timezone=True)),
    sa.Column("opted_out_source", sa.String()),
)
INVOICES = (
    sa.Column("origin", sa.String(), nullable=False, server_default=""),
    sa.Column("written_off_at", sa.DateTime(timezone=True)),
    sa.Column("written_off_by", sa.String()),
    sa.Column("written_off_reason", sa.String()),
)


def upgrade() -> None:
    for column in CUSTOMERS:
        op.add_column("customers", column, schema="billing")
    for column in INVOICES:
        op.add_column("invoices", column, schema="billing")
    _customer_rules()
    _nightly()


def downgrade() -> None:
    for table in ("invoice_ageing", "nightly_runs", "payable_days"):
        op.drop_table(table, schema="billing")
    for name in ("preferred_hours", "opted_out_with_source"):
        op.drop_constraint(name, "customers", schema="billing")
    for column in INVOICES:
        op.drop_column("invoices", column.name, schema="billing")
    for column in CUSTOMERS:
        op.drop_column("customers", column.name, schema="billing")


def _customer_rules() -> None:
    op.create_unique_constraint(
        "uq_customers_external_id", "customers", ["external_id"], schema="billing"
    )
    op.create_check_constraint(
        "preferred_hours",
        "customers",
        "preferred_from < preferred_to AND (preferred_from IS NULL) = (preferred_to IS NULL)",
        schema="billing",
    )
    op.create_check_constraint(
        "opted_out_with_source",
        "customers",
        "(opted_out_at IS NULL) = (opted_out_source IS NULL)",
        schema="billing",
    )
    op.create_index(
        "ix_customers_search_name",
        "customers",
        ["search_name", "id"],
        schema="billing",
        postgresql_ops={"search_name": "text_pattern_ops"},
    )


def _nightly() -> None:
    op.create_table(
        "payable_days",
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("payable_until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("due", name="pk_payable_days"),
        schema="billing",
    )
    op.create_table(
        "nightly_runs",
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("as_of", name="pk_nightly_runs"),
        schema="billing",
    )
    money = sa.Numeric(12, 2)
    op.create_table(
        "invoice_ageing",
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.String(8), nullable=False),
        sa.Column("principal", money, nullable=False),
        sa.Column("multa", money, nullable=False),
        sa.Column("juros", money, nullable=False),
        sa.Column("carried", money, nullable=False),
        sa.Column("total", money, nullable=False),
        sa.Column("collectable", money, nullable=False),
        sa.PrimaryKeyConstraint("as_of", "invoice_id", name="pk_invoice_ageing"),
        schema="billing",
    )
