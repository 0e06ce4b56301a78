"""Recording events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bot.billing.events.models import EventRow
from bot.billing.events.shapes import EventName
from bot.billing.events.tasks import wake

__all__ = ["EventName", "record", "record_once"]


def record(
    session: Session, name: EventName, customer_id: UUID | None, now: datetime, **data: str
) -> None:
    """Write an event in the transaction of what happened: both are there or neither.

    `data` holds ids, numbers and amounts as text; no document, name or phone.
    """
    session.add(EventRow(name=name.value, customer_id=customer_id, data=data, happened_at=now))
    wake(session)


def record_once(
    session: Session,
    once_key: str,
    name: EventName,
    customer_id: UUID,
    now: datetime,
    **data: str,
) -> bool:
    """Record an event unless one with this key was; tell whether it was new."""
    recorded = session.execute(
        insert(EventRow)
        .values(
            name=name.value, customer_id=customer_id, data=data, happened_at=now, once_key=once_key
        )
        .on_conflict_do_nothing()
        .returning(EventRow.id)
    )
    new = recorded.first() is not None
    if new:
        wake(session)
    return new
