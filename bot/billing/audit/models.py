"""The table of the audit. The database writes it by triggers and refuses to change it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.billing.models import SCHEMA
from bot.db import Base


class AuditRow(Base):
    """One changed row: its changed columns `before` and `after`, personal data masked."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_customer", "customer_id", "id"),
        Index("ix_audit_at", "at", postgresql_using="brin"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    policy_version: Mapped[str | None]
    request_id: Mapped[str | None]
    table_name: Mapped[str]
    row_id: Mapped[str]
    customer_id: Mapped[UUID | None]
    operation: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
