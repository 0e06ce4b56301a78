"""The tables of payments: what providers said, what came in, what it paid."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.billing.models import SCHEMA, money
from bot.db import Base


class PaymentState(StrEnum):
    """`unmatched`: nobody knows what it is for. `refunded`: all of it went back."""

    RECEIVED = "received"
    UNMATCHED = "unmatched"
    REFUNDED = "refunded"


class PaymentSource(StrEnum):
    PROVIDER = "provider"
    MANUAL = "manual"


class NotificationOutcome(StrEnum):
    """What was done with a notification; `unreadable` waits for a person."""

    DONE = "done"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"


class NotificationRow(Base):
    """What a provider said, word for word: an event is taken once, however often it is told.

    `refunded` (none: no refund) is what went back in all, kept for a payment not yet told of.
    """

    __tablename__ = "provider_notifications"
    __table_args__ = (
        Index("ix_provider_notifications_payment", "provider", "provider_payment_id"),
        {"schema": SCHEMA},
    )

    provider: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    provider_payment_id: Mapped[str]
    refunded: Mapped[Decimal | None] = mapped_column(money())
    body: Mapped[bytes]
    outcome: Mapped[NotificationOutcome]
    received_at: Mapped[datetime]


class PaymentRow(Base):
    """Money that came in, a fact; what it paid are its allocations.

    `charge_id`, `agreement_id` and `invoice_id` are what it was meant for, as far as is known.
    Amount = refunded + allocated + `to_refund`, unless it is unmatched.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("provider", "provider_payment_id"),
        CheckConstraint(
            "amount > 0 AND refunded BETWEEN 0 AND amount "
            "AND to_refund BETWEEN 0 AND amount - refunded",
            name="payment_amounts",
        ),
        CheckConstraint("customer_id IS NOT NULL OR state <> 'received'", name="payment_owner"),
        Index(
            "ix_payments_for_people",
            "received_at",
            postgresql_where=text("state = 'unmatched' OR to_refund > 0"),
        ),
        Index("ix_payments_customer_id", "customer_id"),
        Index("ix_payments_charge_id", "charge_id"),
        Index("ix_payments_paid_on", "paid_on"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    provider: Mapped[str]
    provider_payment_id: Mapped[str]
    reference: Mapped[str]
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.customers.id"))
    charge_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.charges.id"))
    agreement_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.agreements.id"))
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.invoices.id"))
    amount: Mapped[Decimal] = mapped_column(money())
    refunded: Mapped[Decimal] = mapped_column(money(), default=Decimal("0.00"))
    to_refund: Mapped[Decimal] = mapped_column(money(), default=Decimal("0.00"))
    paid_on: Mapped[date]
    received_at: Mapped[datetime]
    source: Mapped[PaymentSource]
    state: Mapped[PaymentState]
    actor: Mapped[str]

    @property
    def kept(self) -> Decimal:
        """What did not go back, in reais."""
        return self.amount - self.refunded


class AllocationRow(Base):
    """What a payment took off one invoice or one instalment, counted as of a day."""

    __tablename__ = "allocations"
    __table_args__ = (
        UniqueConstraint("payment_id", "invoice_id"),
        UniqueConstraint("payment_id", "installment_id"),
        CheckConstraint(
            "(invoice_id IS NULL) <> (installment_id IS NULL)", name="allocation_target"
        ),
        CheckConstraint(
            "principal >= 0 AND late_charges >= 0 AND principal + late_charges > 0",
            name="allocation_amounts",
        ),
        Index("ix_allocations_invoice_id", "invoice_id"),
        Index("ix_allocations_installment_id", "installment_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.payments.id"))
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.invoices.id"))
    installment_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.installments.id"))
    principal: Mapped[Decimal] = mapped_column(money())
    late_charges: Mapped[Decimal] = mapped_column(money())
    as_of: Mapped[date]

    @property
    def debt_id(self) -> UUID:
        """The invoice or the instalment."""
        debt = self.invoice_id or self.installment_id
        assert debt is not None
        return debt

    @property
    def total(self) -> Decimal:
        return self.principal + self.late_charges
