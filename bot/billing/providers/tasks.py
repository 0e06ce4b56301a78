"""The job of the providers: what was left `issuing` or `cancelling` is finished."""

import asyncio

from bot import jobs
from bot.billing import issuing
from bot.billing.context import process_context


@jobs.app.periodic(cron="* * * * * */5")
@jobs.app.task(queueing_lock="settle_forgotten_charges")
async def settle_forgotten_charges(timestamp: int) -> None:
    """Finish what a killed process or a silent provider left; the rows say what there is."""
    await asyncio.to_thread(issuing.settle_forgotten, process_context())
