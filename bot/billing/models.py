"""Billing's tables, schema `billing`. What must never be twice is a unique index here."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.billing.audit import signature
from bot.db import Base

SCHEMA = "billing"
signature.listen(SCHEMA)
FIRST_AGREEMENT_NUMBER = 100_001


class InvoiceStatus(StrEnum):
    """`in_agreement`: settled by an agreement's instalments, no debt of its own any more.

    Only an `open` invoice is collected; `disputed` is asleep until the dispute is decided.
    """

    OPEN = "open"
    IN_AGREEMENT = "in_agreement"
    DISPUTED = "disputed"
    PAID = "paid"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written_off"


class AgreementStatus(StrEnum):
    """`broken` and `cancelled` give the invoices back."""

    ACTIVE = "active"
    COMPLETED = "completed"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class InstallmentStatus(StrEnum):
    """Whether a part of an agreement is still to be paid; late is a matter of dates."""

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"


def money() -> Numeric[Decimal]:
    """Reais."""
    return Numeric(12, 2)


class Channel(StrEnum):
    """Where a customer is written to first; `none` is for letters and calls only."""

    WHATSAPP = "whatsapp"
    EMAIL = "email"
    NONE = "none"


ACCENTED = "áàâãäéèêëíìîïóòôõöúùûüçñÁÀÂÃÄÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑ"
PLAIN = "aaaaaeeeeiiiiooooouuuucnAAAAAEEEEIIIIOOOOOUUUUCN"
SEARCH_NAME = f"lower(translate(name, '{ACCENTED}', '{PLAIN}'))"


class CustomerRow(Base):
    """A person or company. `document`: the CPF's or CNPJ's characters, no punctuation.

    `external_id` is the creditor's own name for them. Whoever opted out is not written to.
    """

    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint(
            "preferred_from < preferred_to AND (preferred_from IS NULL) = (preferred_to IS NULL)",
            name="preferred_hours",
        ),
        CheckConstraint(
            "(opted_out_at IS NULL) = (opted_out_source IS NULL)", name="opted_out_with_source"
        ),
        Index(
            "ix_customers_search_name",
            "search_name",
            "id",
            postgresql_ops={"search_name": "text_pattern_ops"},
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    search_name: Mapped[str] = mapped_column(Computed(SEARCH_NAME, persisted=True))
    document: Mapped[str] = mapped_column(unique=True)
    birth_date: Mapped[date | None]
    email: Mapped[str | None]
    channel: Mapped[Channel] = mapped_column(default=Channel.WHATSAPP)
    preferred_from: Mapped[time | None]
    preferred_to: Mapped[time | None]
    opted_out_at: Mapped[datetime | None]
    opted_out_source: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class PhoneRow(Base):
    """E.164 digits as `phones.canonical` writes them: one owner for each phone."""

    __tablename__ = "customer_phones"
    __table_args__ = ({"schema": SCHEMA},)

    phone: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.customers.id"), index=True)


class IdentificationRow(Base):
    """Wrong attempts of a phone (or of a document, where there is no phone) so far."""

    __tablename__ = "identifications"
    __table_args__ = ({"schema": SCHEMA},)

    subject: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class InvoiceRow(Base):
    """A bill; `external_id` is the creditor's own name for it, `origin` what was bought, where.

    After a partial payment `paid_amount` is what it took off the principal, `carried` the late
    charges left unpaid by then, and juros run on from `juros_from` (none: from `due`). The
    multa is charged once: an invoice with `juros_from` has had it.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("amount > 0 AND paid_amount BETWEEN 0 AND amount", name="invoice_amounts"),
        Index(
            "ix_invoices_open",
            "customer_id",
            "due",
            postgresql_where=text("status = 'open'"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.customers.id"), index=True)
    external_id: Mapped[str] = mapped_column(unique=True)
    contract: Mapped[str]
    description: Mapped[str]
    origin: Mapped[str] = mapped_column(default="")
    due: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(money())
    paid_amount: Mapped[Decimal] = mapped_column(money(), default=Decimal("0.00"))
    carried: Mapped[Decimal] = mapped_column(money(), default=Decimal("0.00"))
    juros_from: Mapped[date | None]
    status: Mapped[InvoiceStatus] = mapped_column(default=InvoiceStatus.OPEN)
    written_off_at: Mapped[datetime | None]
    written_off_by: Mapped[str | None]
    written_off_reason: Mapped[str | None]

    @property
    def balance(self) -> Decimal:
        """What is left of the principal, in reais."""
        return self.amount - self.paid_amount


class OfferRow(Base):
    """An offer as it was made. `debts` and `parts` are what it was computed from and into."""

    __tablename__ = "offers"
    __table_args__ = (
        Index("ix_offers_standing", "customer_id", "valid_until"),
        {"schema": SCHEMA},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.customers.id"))
    reason: Mapped[str]
    wish: Mapped[dict[str, Any] | None]
    policy_version: Mapped[str]
    count: Mapped[int]
    down_payment: Mapped[Decimal | None] = mapped_column(money())
    total: Mapped[Decimal] = mapped_column(money())
    original_total: Mapped[Decimal] = mapped_column(money())
    extra_cost: Mapped[Decimal] = mapped_column(money())
    interest: Mapped[Decimal] = mapped_column(money(), default=Decimal("0.00"))
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    debts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    why: Mapped[str]
    valid_until: Mapped[date]
    created_at: Mapped[datetime]
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.offer_requests.id"))
    position: Mapped[int] = mapped_column(default=0)


class OfferRequestRow(Base):
    """Everything that offers were computed from, so that they can be computed again.

    `proposal`: what the person could do went to somebody who decides.
    """

    __tablename__ = "offer_requests"
    __table_args__ = (
        Index(
            "ix_offer_requests_proposals",
            "customer_id",
            "asked_at",
            postgresql_where=text("proposal"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.customers.id"))
    actor: Mapped[str]
    authority: Mapped[str]
    reason: Mapped[str]
    profile: Mapped[str]
    history: Mapped[dict[str, Any]]
    wish: Mapped[dict[str, Any]]
    debts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    standing: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    today: Mapped[date]
    policy_version: Mapped[str]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    over_indebted: Mapped[bool]
    proposal: Mapped[bool]
    asked_at: Mapped[datetime]


class PolicyVersionRow(Base):
    """A negotiation policy by which offers were made: the text of the file. Never changed."""

    __tablename__ = "policy_versions"
    __table_args__ = ({"schema": SCHEMA},)

    version: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str]
    first_seen_at: Mapped[datetime]
    actor: Mapped[str]


class AgreementRow(Base):
    """An accepted offer, with the evidence of the yes. One offer makes one agreement.

    `interest` is what `total` holds of interest for paying in parts. `clear_name_by`: the last
    day to take the name off the registers once all is paid (Súmula 548 do STJ).
    """

    __tablename__ = "agreements"
    __table_args__ = (
        UniqueConstraint("offer_id"),
        UniqueConstraint("customer_id", "idempotency_key"),
        Index("ix_agreements_status", "status"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(
        BigInteger, Identity(start=FIRST_AGREEMENT_NUMBER), unique=True
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.customers.id"))
    offer_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.offers.id"))
    status: Mapped[AgreementStatus] = mapped_column(default=AgreementStatus.ACTIVE)
    total: Mapped[Decimal] = mapped_column(money())
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    evidence: Mapped[dict[str, Any]]
    policy_version: Mapped[str]
    idempotency_key: Mapped[str]
    created_at: Mapped[datetime]
    interest: Mapped[Decimal] = mapped_column(money(), default=Decimal("0.00"))
    due_changes: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    clear_name_by: Mapped[date | None]

    installments: Mapped[list["InstallmentRow"]] = relationship(
        order_by="InstallmentRow.number", lazy="selectin", back_populates="agreement"
    )
    invoices: Mapped[list["AgreementInvoiceRow"]] = relationship(lazy="raise")


class AgreementInvoiceRow(Base):
    """Which invoices an agreement settles; `active` as long as the agreement holds them."""

    __tablename__ = "agreement_invoices"
    __table_args__ = (
        Index(
            "uq_agreement_invoices_active",
            "invoice_id",
            unique=True,
            postgresql_where=text("active"),
        ),
        {"schema": SCHEMA},
    )

    agreement_id: Mapped[UUID] = mapped_column(
        ForeignKey(f"{SCHEMA}.agreements.id"), primary_key=True
    )
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.invoices.id"), primary_key=True)
    active: Mapped[bool] = mapped_column(default=True)


class InstallmentRow(Base):
    """One part of an agreement. `discount`: interest taken off because it was paid early.

    `paid_amount`, `carried` and `juros_from` as on an invoice.
    """

    __tablename__ = "installments"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        CheckConstraint("amount > 0", name="installment_amount"),
        CheckConstraint(
            "paid_amount >= 0 AND discount >= 0 AND carried >= 0 "
            "AND paid_amount + discount <= amount",
            name="installment_balance",
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.agreements.id"))
    number: Mapped[int]
    due: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(money())
    discount: Mapped[Decimal] = mapped_column(money(), default=Decimal("0.00"))
    paid_amount: Mapped[Decimal] = mapped_column(money(), default=Decimal("0.00"))
    carried: Mapped[Decimal] = mapped_column(money(), default=Decimal("0.00"))
    juros_from: Mapped[date | None]
    status: Mapped[InstallmentStatus] = mapped_column(default=InstallmentStatus.OPEN)

    @property
    def price(self) -> Decimal:
        """What this part costs without late charges, in reais."""
        return self.amount - self.discount

    @property
    def balance(self) -> Decimal:
        """What is left of it, without late charges, in reais."""
        return self.price - self.paid_amount

    agreement: Mapped[AgreementRow] = relationship(back_populates="installments", lazy="raise")


class IdempotencyKeyRow(Base):
    """What a request with this key was answered, so that repeating it answers the same."""

    __tablename__ = "idempotency_keys"
    __table_args__ = ({"schema": SCHEMA},)

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    response_status: Mapped[int | None]
    response_body: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
