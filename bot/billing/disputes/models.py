"""The tables of disputes. An invoice is in at most one that is open."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.billing.disputes.shapes import DisputeKind, DisputeStatus
from bot.billing.models import SCHEMA
from bot.db import Base


class DisputeRow(Base):
    """A complaint with its evidence. `receipt` is the reference of a payment somebody claims.

    `correct_by`: after an upheld one, the day until which registers must be put right.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        Index("ix_disputes_customer", "customer_id", "opened_at"),
        Index("ix_disputes_status", "status", "answer_by"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.customers.id"))
    kind: Mapped[DisputeKind]
    statement: Mapped[str]
    receipt: Mapped[str | None]
    evidence: Mapped[dict[str, Any] | None]
    status: Mapped[DisputeStatus] = mapped_column(default=DisputeStatus.OPEN)
    answer_by: Mapped[date]
    correct_by: Mapped[date | None]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]

    invoices: Mapped[list["DisputeInvoiceRow"]] = relationship(lazy="selectin")


class DisputeInvoiceRow(Base):
    """Which invoices a dispute is about; `active` as long as it keeps them asleep."""

    __tablename__ = "dispute_invoices"
    __table_args__ = (
        Index(
            "uq_dispute_invoices_active",
            "invoice_id",
            unique=True,
            postgresql_where=text("active"),
        ),
        {"schema": SCHEMA},
    )

    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.disputes.id"), primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.invoices.id"), primary_key=True)
    active: Mapped[bool] = mapped_column(default=True)
