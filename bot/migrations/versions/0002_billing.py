"""Billing: customers, invoices, offers, agreements, charges (schema `billing`)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("CREATE SEQUENCE billing.nosso_numero_seq")
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("document", name="uq_customers_document"),
        schema="billing",
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("response_status", sa.Integer(), nullable=True),
        sa.Column("response_body", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "key", name="pk_idempotency_keys"),
        schema="billing",
    )
    op.create_table(
        "identifications",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name="pk_identifications"),
        schema="billing",
    )
    op.create_table(
        "customer_phones",
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["billing.customers.id"], name="fk_customer_phones_customer_id"
        ),
        sa.PrimaryKeyConstraint("phone", name="pk_customer_phones"),
        schema="billing",
    )
    op.create_index(
        "ix_billing_customer_phones_customer_id",
        "customer_phones",
        ["customer_id"],
        unique=False,
        schema="billing",
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("contract", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("paid_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "in_agreement",
                "paid",
                "cancelled",
                name="invoicestatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "amount > 0 AND paid_amount BETWEEN 0 AND amount", name="invoice_amounts"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["billing.customers.id"], name="fk_invoices_customer_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.UniqueConstraint("external_id", name="uq_invoices_external_id"),
        schema="billing",
    )
    op.create_index(
        "ix_billing_invoices_customer_id",
        "invoices",
        ["customer_id"],
        unique=False,
        schema="billing",
    )
    op.create_index(
        "ix_invoices_open",
        "invoices",
        ["customer_id", "due"],
        unique=False,
        schema="billing",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("wish", postgresql.JSONB(), nullable=True),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("down_payment", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("total", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("original_total", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("extra_cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("parts", postgresql.JSONB(), nullable=False),
        sa.Column("debts", postgresql.JSONB(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["billing.customers.id"], name="fk_offers_customer_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        schema="billing",
    )
    op.create_index(
        "ix_offers_standing",
        "offers",
        ["customer_id", "valid_until"],
        unique=False,
        schema="billing",
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "number", sa.BigInteger(), sa.Identity(always=False, start=100001), nullable=False
        ),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "completed",
                "broken",
                "cancelled",
                name="agreementstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["billing.customers.id"], name="fk_agreements_customer_id"
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["billing.offers.id"], name="fk_agreements_offer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
        sa.UniqueConstraint(
            "customer_id", "idempotency_key", name="uq_agreements_customer_id_idempotency_key"
        ),
        sa.UniqueConstraint("number", name="uq_agreements_number"),
        sa.UniqueConstraint("offer_id", name="uq_agreements_offer_id"),
        schema="billing",
    )
    op.create_table(
        "agreement_invoices",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["billing.agreements.id"], name="fk_agreement_invoices_agreement_id"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["billing.invoices.id"], name="fk_agreement_invoices_invoice_id"
        ),
        sa.PrimaryKeyConstraint("agreement_id", "invoice_id", name="pk_agreement_invoices"),
        schema="billing",
    )
    op.create_index(
        "uq_agreement_invoices_active",
        "agreement_invoices",
        ["invoice_id"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "installments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open", "paid", "cancelled", name="installmentstatus", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("amount > 0", name="installment_amount"),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["billing.agreements.id"], name="fk_installments_agreement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_installments"),
        sa.UniqueConstraint("agreement_id", "number", name="uq_installments_agreement_id_number"),
        schema="billing",
    )
    op.create_table(
        "charges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("installment_id", sa.Uuid(), nullable=True),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("nosso_numero", sa.BigInteger(), nullable=False),
        sa.Column("nosso_numero_printed", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("barcode", sa.String(), nullable=False),
        sa.Column("linha_digitavel", sa.String(), nullable=False),
        sa.Column("pix_payload", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("composition", postgresql.JSONB(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "live",
                "paid",
                "cancelled",
                "expired",
                name="chargestatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name="charge_amount"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["billing.customers.id"], name="fk_charges_customer_id"
        ),
        sa.ForeignKeyConstraint(
            ["installment_id"], ["billing.installments.id"], name="fk_charges_installment_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_charges"),
        sa.UniqueConstraint("nosso_numero", name="uq_charges_nosso_numero"),
        sa.UniqueConstraint("token", name="uq_charges_token"),
        schema="billing",
    )
    op.create_index(
        "ix_charges_customer_status",
        "charges",
        ["customer_id", "status"],
        unique=False,
        schema="billing",
    )
    op.create_index(
        "uq_charges_live_installment",
        "charges",
        ["installment_id"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("status = 'live'"),
    )
    op.create_table(
        "charge_invoices",
        sa.Column("charge_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["billing.charges.id"], name="fk_charge_invoices_charge_id"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["billing.invoices.id"], name="fk_charge_invoices_invoice_id"
        ),
        sa.PrimaryKeyConstraint("charge_id", "invoice_id", name="pk_charge_invoices"),
        schema="billing",
    )
    op.create_index(
        "uq_charge_invoices_live",
        "charge_invoices",
        ["invoice_id"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("live"),
    )


def downgrade() -> None:
    op.execute("DROP SCHEMA billing CASCADE")
    op.execute("CREATE SCHEMA billing")
