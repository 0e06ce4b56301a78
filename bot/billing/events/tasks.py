"""The jobs of events: one wakes the delivery, one sees that none is forgotten."""

import asyncio
from uuid import UUID

from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

from bot import jobs
from bot.billing.context import process_context, utc_now
from bot.billing.events import delivery
from bot.db import transaction
from bot.settings import get_settings


def wake(session: Session) -> None:
    """Enqueue the dispatch of what this transaction records, once."""
    current = session.get_transaction()
    if session.info.get("events_woken") is not current:
        session.info["events_woken"] = current
        jobs.defer_in(session, dispatch_events, lock="dispatch_events")


@jobs.app.task(name="dispatch_events")
async def dispatch_events() -> None:
    """Make the deliveries of new events, and start those that are due."""
    for subscription_id in await asyncio.to_thread(_dispatch):
        deliver = deliver_events.configure(
            lock=f"deliver:{subscription_id}", queueing_lock=f"deliver:{subscription_id}"
        )
        try:
            await deliver.defer_async(subscription_id=str(subscription_id))
        except AlreadyEnqueued:
            continue


@jobs.app.periodic(cron="* * * * * */10")
@jobs.app.task(name="sweep_events", queueing_lock="sweep_events", lock="dispatch_events")
async def sweep_events(timestamp: int) -> None:
    """Find what was forgotten, and what failed and is due again."""
    await dispatch_events()


@jobs.app.task(name="deliver_events")
async def deliver_events(subscription_id: str) -> None:
    """Send one subscription what is due; a slow one keeps no other waiting."""
    settings = get_settings()
    await asyncio.to_thread(delivery.deliver_due, UUID(subscription_id), settings, utc_now)


@jobs.app.periodic(cron="23 * * * *")
@jobs.app.task(name="announce_due", queueing_lock="announce_due")
async def announce_due(timestamp: int) -> None:
    """Record what falls due; hourly, so that a night missed is made up for."""
    from bot.billing.events.due import announce  # it records, and recording wakes this module

    await asyncio.to_thread(announce, process_context())


def _dispatch() -> list[UUID]:
    with transaction() as session:
        delivery.dispatch(session, utc_now())
        session.flush()
        return delivery.waiting(session, utc_now())
