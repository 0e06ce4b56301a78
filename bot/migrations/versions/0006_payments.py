"""Payments, and what they paid."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _money(name: str, **options: object) -> sa.Column:
    return sa.Column(name, sa.Numeric(12, 2), nullable=False, **options)


def _reference(name: str, table: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(f"billing.{table}.id"), nullable=nullable)


def _state(name: str, *values: str) -> sa.Column:
    return sa.Column(
        name, sa.Enum(*values, name=name, native_enum=False, length=32), nullable=False
    )


def upgrade() -> None:
    _extend_agreements()
    _create_charge_installments()
    _create_notifications()
    _create_payments()
    _create_allocations()


def _extend_agreements() -> None:
    for name in ("discount", "paid_amount", "carried"):
        op.add_column("installments", _money(name, server_default="0"), schema="billing")
    op.add_column("installments", sa.Column("juros_from", sa.Date()), schema="billing")
    op.create_check_constraint(
        "installment_balance",
        "installments",
        "paid_amount >= 0 AND discount >= 0 AND carried >= 0 AND paid_amount + discount <= amount",
        schema="billing",
    )
    for column in (
        _money("interest", server_default="0"),
        sa.Column("due_changes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("end_reason", sa.String()),
        sa.Column("clear_name_by", sa.Date()),
    ):
        op.add_column("agreements", column, schema="billing")
    op.create_index("ix_agreements_status", "agreements", ["status"], schema="billing")


def _create_charge_installments() -> None:
    op.create_table(
        "charge_installments",
        _reference("charge_id", "charges", nullable=False),
        _reference("installment_id", "installments", nullable=False),
        _money("balance"),
        _money("price"),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("charge_id", "installment_id"),
        sa.CheckConstraint("price > 0 AND price <= balance", name="early_price"),
        schema="billing",
    )
    op.create_index(
        "uq_charge_installments_live",
        "charge_installments",
        ["installment_id"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("live"),
    )


def _create_notifications() -> None:
    op.create_table(
        "provider_notifications",
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("provider_payment_id", sa.String(), nullable=False),
        sa.Column("refunded", sa.Numeric(12, 2)),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _state("outcome", "done", "ignored", "unreadable"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "event_id"),
        schema="billing",
    )
    op.create_index(
        "ix_provider_notifications_payment",
        "provider_notifications",
        ["provider", "provider_payment_id"],
        schema="billing",
    )


def _create_payments() -> None:
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("provider_payment_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        _reference("customer_id", "customers"),
        _reference("charge_id", "charges"),
        _reference("agreement_id", "agreements"),
        _reference("invoice_id", "invoices"),
        _money("amount"),
        _money("refunded"),
        _money("to_refund"),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        _state("source", "provider", "manual"),
        _state("state", "received", "unmatched", "refunded"),
        sa.Column("actor", sa.String(), nullable=False),
        sa.UniqueConstraint("provider", "provider_payment_id"),
        sa.CheckConstraint(
            "amount > 0 AND refunded BETWEEN 0 AND amount "
            "AND to_refund BETWEEN 0 AND amount - refunded",
            name="payment_amounts",
        ),
        sa.CheckConstraint("customer_id IS NOT NULL OR state <> 'received'", name="payment_owner"),
        schema="billing",
    )
    for name in ("customer_id", "charge_id", "paid_on"):
        op.create_index(f"ix_payments_{name}", "payments", [name], schema="billing")
    op.create_index(
        "ix_payments_for_people",
        "payments",
        ["received_at"],
        schema="billing",
        postgresql_where=sa.text("state = 'unmatched' OR to_refund > 0"),
    )


def _create_allocations() -> None:
    op.create_table(
        "allocations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _reference("payment_id", "payments", nullable=False),
        _reference("invoice_id", "invoices"),
        _reference("installment_id", "installments"),
        _money("principal"),
        _money("late_charges"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.UniqueConstraint("payment_id", "invoice_id"),
        sa.UniqueConstraint("payment_id", "installment_id"),
        sa.CheckConstraint(
            "(invoice_id IS NULL) <> (installment_id IS NULL)", name="allocation_target"
        ),
        sa.CheckConstraint(
            "principal >= 0 AND late_charges >= 0 AND principal + late_charges > 0",
            name="allocation_amounts",
        ),
        schema="billing",
    )
    for name in ("invoice_id", "installment_id"):
        op.create_index(f"ix_allocations_{name}", "allocations", [name], schema="billing")


def downgrade() -> None:
    for table in ("allocations", "payments", "provider_notifications", "charge_installments"):
        op.drop_table(table, schema="billing")
    op.drop_index("ix_agreements_status", "agreements", schema="billing")
    for name in ("interest", "due_changes", "ended_at", "end_reason", "clear_name_by"):
        op.drop_column("agreements", name, schema="billing")
    for name in ("discount", "paid_amount", "carried", "juros_from"):
        op.drop_column("installments", name, schema="billing")
