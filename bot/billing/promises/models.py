"""The table of promises. A customer has at most one that is open."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from bot.billing.models import SCHEMA
from bot.db import Base


class PromiseStatus(StrEnum):
    """`replaced`: a newer promise, or an agreement, took its place. All but `open` are final."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class PromiseEnd(StrEnum):
    """Why a promise is `cancelled`: somebody took it back, or nobody has to pay it any more."""

    TAKEN_BACK = "taken_back"
    DISPUTED = "disputed"
    WRITTEN_OFF = "written_off"
    AGREEMENT_ENDED = "agreement_ended"


class PromiseRow(Base):
    """What somebody said they would pay, and until when a payment counts (`grace_until`).

    It is about an instalment or about invoices. Without `amount` all of that was promised;
    `paid` is what has come in since, in reais.
    """

    __tablename__ = "promises"
    __table_args__ = (
        CheckConstraint("amount > 0 AND paid >= 0", name="promise_amounts"),
        Index(
            "uq_promises_open", "customer_id", unique=True, postgresql_where=text("status = 'open'")
        ),
        Index("ix_promises_grace", "grace_until", postgresql_where=text("status = 'open'")),
        Index("ix_promises_customer", "customer_id", "made_at"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.customers.id"))
    installment_id: Mapped[UUID | None] = mapped_column(ForeignKey(f"{SCHEMA}.installments.id"))
    invoice_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    promised_for: Mapped[date]
    grace_until: Mapped[date]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    paid: Mapped[Decimal] = mapped_column(Numeric(12, 2), default=Decimal("0.00"))
    status: Mapped[PromiseStatus] = mapped_column(default=PromiseStatus.OPEN)
    taken_by: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[PromiseEnd | None]
