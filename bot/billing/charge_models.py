"""The tables of charges: boletos with their Pix, and what each of them is for."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Sequence, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bot.billing.models import SCHEMA, money
from bot.db import Base

NOSSO_NUMERO = Sequence("nosso_numero_seq", metadata=Base.metadata, schema=SCHEMA)


class ChargeStatus(StrEnum):
    """`live`: can be paid. `issuing` and `cancelling` wait for the provider's answer.

    The other states are final; `refused`: the provider would not issue it.
    """

    ISSUING = "issuing"
    LIVE = "live"
    PAID = "paid"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"


UNSETTLED = (ChargeStatus.ISSUING, ChargeStatus.CANCELLING)


class ChargeRow(Base):
    """A boleto with its Pix, for one instalment or for invoices, as the provider issued it.

    What the provider gives is empty until it has. While the provider's answer is awaited,
    `next_attempt_at` is when to ask it again, and `problem` why it has not answered; of a
    refused charge `problem` is the reason.
    """

    __tablename__ = "charges"
    __table_args__ = (
        CheckConstraint("amount > 0", name="charge_amount"),
        Index(
            "uq_charges_live_installment",
            "installment_id",
            unique=True,
            postgresql_where=text("status IN ('issuing', 'live')"),
        ),
        Index(
            "ix_charges_unsettled",
            "next_attempt_at",
            postgresql_where=text("status IN ('issuing', 'cancelling')"),
        ),
        Index("ix_charges_expiring", "expires_at", postgresql_where=text("status = 'live'")),
        Index("ix_charges_customer_status", "customer_id", "status"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.customers.id"))
    installment_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.installments.id"))
    token: Mapped[str] = mapped_column(unique=True)
    provider: Mapped[str]
    bank: Mapped[str] = mapped_column(default="")
    nosso_numero: Mapped[int] = mapped_column(BigInteger, unique=True)
    nosso_numero_printed: Mapped[str] = mapped_column(default="")
    amount: Mapped[Decimal] = mapped_column(money())
    due: Mapped[date]
    barcode: Mapped[str] = mapped_column(default="")
    linha_digitavel: Mapped[str] = mapped_column(default="")
    pix_payload: Mapped[str] = mapped_column(default="")
    description: Mapped[str]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    composition: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    status: Mapped[ChargeStatus] = mapped_column(default=ChargeStatus.ISSUING)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    problem: Mapped[str | None]

    @property
    def reference(self) -> str:
        """Our name of the charge at its provider, and the txid of its Pix."""
        return f"C{self.nosso_numero}"


class ChargeInvoiceRow(Base):
    """Which invoices a charge without agreement pays; `live` follows the charge's state."""

    __tablename__ = "charge_invoices"
    __table_args__ = (
        Index("uq_charge_invoices_live", "invoice_id", unique=True, postgresql_where=text("live")),
        {"schema": SCHEMA},
    )

    charge_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.charges.id"), primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.invoices.id"), primary_key=True)
    live: Mapped[bool] = mapped_column(default=True)


class ChargeInstallmentRow(Base):
    """Which instalments a charge pays early: what was left of each, and what it costs now."""

    __tablename__ = "charge_installments"
    __table_args__ = (
        Index(
            "uq_charge_installments_live",
            "installment_id",
            unique=True,
            postgresql_where=text("live"),
        ),
        CheckConstraint("price > 0 AND price <= balance", name="early_price"),
        {"schema": SCHEMA},
    )

    charge_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.charges.id"), primary_key=True)
    installment_id: Mapped[UUID] = mapped_column(
        ForeignKey(f"{SCHEMA}.installments.id"), primary_key=True
    )
    balance: Mapped[Decimal] = mapped_column(money())
    price: Mapped[Decimal] = mapped_column(money())
    live: Mapped[bool] = mapped_column(default=True)
