"""Who hears of which events, and the deliveries they can see and ask for again."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.billing.context import Context
from bot.billing.errors import NotFound
from bot.billing.events import targets
from bot.billing.events.delivery import to_event
from bot.billing.events.models import DeliveryRow, SubscriptionRow
from bot.billing.events.shapes import (
    Delivery,
    DeliveryQuery,
    DeliveryStatus,
    Subscription,
    SubscriptionRequest,
)
from bot.billing.events.tasks import wake
from bot.billing.pagination import Page, page
from bot.settings import Settings


def subscribe(
    session: Session, context: Context, settings: Settings, request: SubscriptionRequest
) -> Subscription:
    """Register a subscriber. Raises UnsafeUrl for an address to which nothing is sent."""
    targets.check(request.url, settings)
    row = SubscriptionRow(
        url=request.url,
        secret=request.secret,
        events=sorted({name.value for name in request.events}),
        created_at=context.now(),
    )
    session.add(row)
    session.flush()
    return to_subscription(row)


def subscriptions(session: Session, cursor: str | None, limit: int) -> Page[SubscriptionRow]:
    """Return the subscribers, newest first."""
    by = (SubscriptionRow.created_at, SubscriptionRow.id)
    return page(session, select(SubscriptionRow), cursor, limit, by=by)


def unsubscribe(session: Session, subscription_id: UUID) -> None:
    """Forget a subscriber and its deliveries. Raises NotFound."""
    session.delete(_get(session, subscription_id))


def activate(session: Session, context: Context, subscription_id: UUID) -> Subscription:
    """Switch a subscriber on again: what waited meanwhile is sent. Raises NotFound."""
    row = _get(session, subscription_id)
    row.active, row.failures, row.disabled_at, row.disabled_reason = True, 0, None, None
    session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.subscription_id == subscription_id,
            DeliveryRow.status == DeliveryStatus.PENDING,
        )
        .values(next_attempt_at=context.now())
    )
    wake(session)
    return to_subscription(row)


def deliveries(session: Session, subscription_id: UUID, query: DeliveryQuery) -> Page[DeliveryRow]:
    """Return what was sent to a subscriber or will be, newest first."""
    _get(session, subscription_id)
    wanted = select(DeliveryRow).where(DeliveryRow.subscription_id == subscription_id)
    if query.status is not None:
        wanted = wanted.where(DeliveryRow.status == query.status)
    by = (DeliveryRow.created_at, DeliveryRow.id)
    return page(session, wanted, query.cursor, query.limit, by=by)


def redeliver(
    session: Session, context: Context, subscription_id: UUID, delivery_id: UUID
) -> Delivery:
    """Send an event once more, with all its attempts before it. Raises NotFound."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None or row.subscription_id != subscription_id:
        raise NotFound(f"no delivery {delivery_id} of subscription {subscription_id}")
    row.status, row.attempts, row.next_attempt_at = DeliveryStatus.PENDING, 0, context.now()
    wake(session)
    return to_delivery(row)


def to_subscription(row: SubscriptionRow) -> Subscription:
    return Subscription.model_validate(row, from_attributes=True)


def to_delivery(row: DeliveryRow) -> Delivery:
    pending = row.status == DeliveryStatus.PENDING
    return Delivery(
        id=row.id,
        event=to_event(row.event),
        status=row.status,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at if pending else None,
        last_status=row.last_status,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
    )


def _get(session: Session, subscription_id: UUID) -> SubscriptionRow:
    row = session.get(SubscriptionRow, subscription_id)
    if row is None:
        raise NotFound(f"no subscription {subscription_id}")
    return row
