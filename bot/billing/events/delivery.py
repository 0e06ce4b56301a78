"""Bringing events to those who subscribed: each at least once, in no promised order.

A delivery is tried with growing pauses. Before each attempt it is put off by a lease, so that a
process killed meanwhile loses nothing: the event is sent again. A subscription that fails too
often in a row is switched off; its deliveries wait until it is switched on.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, contains_eager
from urllib3.exceptions import HTTPError

from bot.billing.errors import UnsafeUrl
from bot.billing.events import targets
from bot.billing.events.models import DeliveryRow, EventRow, SubscriptionRow
from bot.billing.events.shapes import DeliveryStatus, Event
from bot.db import transaction
from bot.settings import Settings

log = structlog.get_logger(__name__)

PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21600, 43200, 86400)
)
DISABLED_AFTER = 20
"""Failed attempts in a row."""
LEASE = timedelta(minutes=1)
BATCH = 500


@dataclass(frozen=True)
class Parcel:
    """One attempt: what goes where."""

    delivery_id: UUID
    event_id: UUID
    url: str
    secret: str
    body: bytes

    def headers(self, now: datetime) -> dict[str, str]:
        """Return the headers a subscriber checks the body with."""
        timestamp = str(int(now.timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": "Combinado",
            "X-Combinado-Event": str(self.event_id),
            "X-Combinado-Delivery": str(self.delivery_id),
            "X-Combinado-Timestamp": timestamp,
            "X-Combinado-Signature": signature(self.secret, timestamp, self.body),
        }


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: an HTTP status, or why there was none."""

    status: int | None
    error: str | None

    @property
    def delivered(self) -> bool:
        return self.status is not None and HTTPStatus.OK <= self.status < 300


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return `sha256=` and the HMAC of `timestamp.body` in hex."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def dispatch(session: Session, now: datetime) -> None:
    """Give each new event a delivery for every subscription that wants it."""
    events = session.scalars(
        select(EventRow)
        .where(~EventRow.dispatched)
        .order_by(EventRow.happened_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    subscriptions = session.scalars(select(SubscriptionRow)).all() if events else []
    wanted = [
        {"event_id": event.id, "subscription_id": subscription.id}
        for event in events
        for subscription in subscriptions
        if event.name in subscription.events
    ]
    for event in events:
        event.dispatched = True
    if wanted:
        fresh = {"status": DeliveryStatus.PENDING, "next_attempt_at": now, "created_at": now}
        rows = [wish | fresh for wish in wanted]
        session.execute(insert(DeliveryRow).on_conflict_do_nothing(), rows)


def waiting(session: Session, now: datetime) -> list[UUID]:
    """Return the subscriptions that have something to be sent now."""
    rows = session.scalars(
        select(DeliveryRow.subscription_id)
        .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
        .where(
            SubscriptionRow.active,
            DeliveryRow.status == DeliveryStatus.PENDING,
            DeliveryRow.next_attempt_at <= now,
        )
        .distinct()
    )
    return list(rows)


def deliver_due(subscription_id: UUID, settings: Settings, clock: Callable[[], datetime]) -> None:
    """Send what is due to one subscription; when nobody answers there, the rest waits."""
    while parcel := _claim(subscription_id, clock()):
        outcome = _send(parcel, settings, clock())
        with transaction() as session:
            _note(session, parcel, outcome, clock())
        if outcome.status is None:
            return


def _claim(subscription_id: UUID, now: datetime) -> Parcel | None:
    """Take the next delivery for one attempt. No transaction stays open while it is sent."""
    with transaction() as session:
        row = session.scalar(
            select(DeliveryRow)
            .join(DeliveryRow.subscription)
            .options(contains_eager(DeliveryRow.subscription))
            .where(
                DeliveryRow.subscription_id == subscription_id,
                DeliveryRow.status == DeliveryStatus.PENDING,
                DeliveryRow.next_attempt_at <= now,
                SubscriptionRow.active,
            )
            .order_by(DeliveryRow.next_attempt_at, DeliveryRow.created_at)
            .limit(1)
            .with_for_update(of=DeliveryRow, skip_locked=True)
        )
        if row is None:
            return None
        row.attempts += 1
        row.next_attempt_at = now + LEASE
        subscription, body = row.subscription, to_event(row.event).model_dump_json().encode()
        return Parcel(row.id, row.event_id, subscription.url, subscription.secret, body)


def _send(parcel: Parcel, settings: Settings, now: datetime) -> Outcome:
    try:
        target = targets.check(parcel.url, settings)
        status = targets.post(target, parcel.body, parcel.headers(now))
    except (HTTPError, OSError, UnsafeUrl) as error:
        reason = error.detail if isinstance(error, UnsafeUrl) else type(error).__name__
        return Outcome(None, reason)
    return Outcome(status, None if 200 <= status < 300 else f"answered {status}")


def _note(session: Session, parcel: Parcel, outcome: Outcome, now: datetime) -> None:
    """Write down how an attempt ended; deleted meanwhile, there is nothing to write."""
    row = session.get(DeliveryRow, parcel.delivery_id, with_for_update={"of": DeliveryRow})
    if row is None:
        return
    subscription = session.get_one(
        SubscriptionRow, row.subscription_id, with_for_update=True, populate_existing=True
    )
    row.last_status, row.last_error = outcome.status, outcome.error
    if outcome.delivered:
        row.status, row.delivered_at = DeliveryStatus.DELIVERED, now
        subscription.failures = 0
        return
    _put_off(session, row, outcome, now)
    _count_failure(subscription, outcome, now)


def _put_off(session: Session, row: DeliveryRow, outcome: Outcome, now: datetime) -> None:
    """Try later, or give up; when nobody answered, whatever else is due waits as well."""
    if row.attempts > len(PAUSES):
        row.status = DeliveryStatus.FAILED
        return
    row.next_attempt_at = now + PAUSES[row.attempts - 1]
    if outcome.status is None:
        session.flush()
        session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.subscription_id == row.subscription_id,
                DeliveryRow.status == DeliveryStatus.PENDING,
                DeliveryRow.next_attempt_at < row.next_attempt_at,
            )
            .values(next_attempt_at=row.next_attempt_at)
        )


def _count_failure(subscription: SubscriptionRow, outcome: Outcome, now: datetime) -> None:
    subscription.failures += 1
    if subscription.failures >= DISABLED_AFTER and subscription.active:
        subscription.active, subscription.disabled_at = False, now
        subscription.disabled_reason = f"{subscription.failures} failures, last: {outcome.error}"
        log.warning("subscription switched off", subscription=str(subscription.id))


def to_event(row: EventRow) -> Event:
    return Event.model_validate(row, from_attributes=True)
