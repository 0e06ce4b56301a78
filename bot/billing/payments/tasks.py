"""Jobs about payments and agreements. Each thing in a transaction of its own."""

import asyncio

import structlog

from bot import jobs
from bot.billing.agreement_changes import break_if_late, late_agreements
from bot.billing.context import Context, process_context
from bot.billing.payments.service import latecomers, match_latecomer
from bot.db import transaction

log = structlog.get_logger(__name__)


@jobs.app.periodic(cron="* * * * *")
@jobs.app.task(queueing_lock="match_latecomers")
async def match_payments_that_came_early(timestamp: int) -> None:
    """Place payments whose charge was not known when they came."""
    await asyncio.to_thread(match_all, process_context())


@jobs.app.periodic(cron="40 5-23 * * *")
@jobs.app.task(queueing_lock="break_late_agreements")
async def break_late_agreements(timestamp: int) -> None:
    """Break what is late beyond tolerance: hourly once the night's news are in."""
    await asyncio.to_thread(break_all, process_context())


def match_all(context: Context) -> None:
    """Place what can be placed by now."""
    with transaction() as session:
        waiting = latecomers(session)
    for payment_id in waiting:
        with transaction() as session:
            match_latecomer(session, context, payment_id)


def break_all(context: Context) -> int:
    """Break every agreement whose tolerance is over, and go on where one fails."""
    with transaction() as session:
        late = late_agreements(session, context)
    broken = 0
    for agreement_id in late:
        try:
            with transaction() as session:
                broken += break_if_late(session, context, agreement_id)
        except Exception:
            log.exception("agreement not broken", agreement_id=str(agreement_id))
    return broken
