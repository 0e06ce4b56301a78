"""Recording events."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from bot.billing.events.models import EventRow


class EventName(StrEnum):
    """Everything others may hear of."""

    PAYMENT_RECEIVED = "payment.received"
    AGREEMENT_CREATED = "agreement.created"
    AGREEMENT_BROKEN = "agreement.broken"
    AGREEMENT_CANCELLED = "agreement.cancelled"
    AGREEMENT_COMPLETED = "agreement.completed"
    CHARGE_DUE = "charge.due"
    PROMISE_BROKEN = "promise.broken"


def record(
    session: Session, name: EventName, customer_id: UUID | None, now: datetime, **data: str
) -> None:
    """Write an event in the transaction of what happened: both are there or neither.

    `data` holds ids, numbers and amounts as text; no document, name or phone.
    """
    session.add(EventRow(name=name.value, customer_id=customer_id, data=data, happened_at=now))
