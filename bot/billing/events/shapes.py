"""Subscriptions and deliveries as they cross the API, and an event as subscribers get it."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from bot.billing.shapes import PageQuery, Request, Shape

ASCII_URL = r"^https?://[\x21-\x7e]+$"
SECRET = r"^[\x21-\x7e]{32,200}$"


class EventName(StrEnum):
    """Everything others may hear of."""

    PAYMENT_RECEIVED = "payment.received"
    INVOICE_PAID = "invoice.paid"
    AGREEMENT_CREATED = "agreement.created"
    AGREEMENT_BROKEN = "agreement.broken"
    AGREEMENT_CANCELLED = "agreement.cancelled"
    AGREEMENT_COMPLETED = "agreement.completed"
    CHARGE_ISSUED = "charge.issued"
    CHARGE_DUE = "charge.due"
    PROMISE_BROKEN = "promise.broken"


class DeliveryStatus(StrEnum):
    """`failed`: given up after the last attempt; it can be sent again by hand."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Event(Shape):
    """The body of a delivery. `data` holds ids, numbers and amounts, all as text."""

    id: UUID
    name: EventName
    customer_id: UUID | None
    happened_at: AwareDatetime
    data: dict[str, str]


class SubscriptionRequest(Request):
    """Where to send which events. `secret` signs them; it is never shown again."""

    url: Annotated[str, StringConstraints(pattern=ASCII_URL, max_length=2000)]
    secret: Annotated[str, StringConstraints(pattern=SECRET)]
    events: Annotated[list[EventName], Field(min_length=1, max_length=len(EventName))]


class Subscription(Shape):
    """`failures` in a row; too many switch it off (`active` false) and say why."""

    id: UUID
    url: str
    events: list[EventName]
    active: bool
    failures: int
    disabled_at: AwareDatetime | None
    disabled_reason: str | None
    created_at: AwareDatetime


class Subscriptions(Shape):
    subscriptions: list[Subscription]
    next_cursor: str | None


class DeliveryQuery(PageQuery):
    status: DeliveryStatus | None = None


class Delivery(Shape):
    """One event on its way to one subscription. `last_status`: the HTTP status it got, if any."""

    id: UUID
    event: Event
    status: DeliveryStatus
    attempts: int
    next_attempt_at: AwareDatetime | None
    last_status: int | None
    last_error: str | None
    delivered_at: AwareDatetime | None


class Deliveries(Shape):
    deliveries: list[Delivery]
    next_cursor: str | None
