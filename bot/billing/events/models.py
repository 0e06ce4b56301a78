"""The tables of events: what happened, who wants to hear of it, what was told to whom."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.billing.events.shapes import DeliveryStatus
from bot.billing.models import SCHEMA
from bot.db import Base


class EventRow(Base):
    """Something that happened; `data` is what those who hear of it may know.

    `once_key` names what is recorded once whoever notices it. `dispatched`: every subscription
    has its delivery.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("once_key"),
        Index("ix_events_undispatched", "happened_at", postgresql_where=text("NOT dispatched")),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    customer_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
    once_key: Mapped[str | None]
    dispatched: Mapped[bool] = mapped_column(server_default=text("false"), default=False)


class SubscriptionRow(Base):
    """A system that hears of `events` at `url`. `failures` in a row switch it off."""

    __tablename__ = "subscriptions"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    url: Mapped[str]
    secret: Mapped[str]
    events: Mapped[list[str]] = mapped_column(ARRAY(String()))
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]
    created_at: Mapped[datetime]


class DeliveryRow(Base):
    """One event for one subscription, tried until it answers 2xx or the attempts are over."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("subscription_id", "event_id"),
        Index(
            "ix_deliveries_pending",
            "subscription_id",
            "next_attempt_at",
            postgresql_where=text("status = 'pending'"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    subscription_id: Mapped[UUID] = mapped_column(
        ForeignKey(f"{SCHEMA}.subscriptions.id", ondelete="CASCADE")
    )
    event_id: Mapped[UUID] = mapped_column(ForeignKey(f"{SCHEMA}.events.id"), index=True)
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    event: Mapped[EventRow] = relationship(lazy="joined", innerjoin=True)
    subscription: Mapped[SubscriptionRow] = relationship(lazy="raise")
