"""The clock of promises."""

import asyncio

from bot import jobs
from bot.billing.context import Context, process_context
from bot.billing.promises import service
from bot.db import transaction

BATCH = 500


@jobs.app.periodic(cron="7 * * * *")
@jobs.app.task(queueing_lock="settle_promises", name="settle_promises")
async def settle_promises(timestamp: int) -> None:
    """End the promises whose grace is over; hourly, so that a night missed is made up for."""
    await asyncio.to_thread(settle_all, process_context())


def settle_all(context: Context) -> int:
    """End every promise whose grace is over, each on its own, and count them."""
    ended = 0
    while True:
        with transaction() as session:
            waiting = service.overdue(session, context.today(), BATCH)
        for customer_id, promise_id in waiting:
            with transaction() as session:
                service.settle(session, context, customer_id, promise_id)
        ended += len(waiting)
        if len(waiting) < BATCH:
            return ended
