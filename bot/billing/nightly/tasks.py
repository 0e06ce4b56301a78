"""The night's job. It wakes every hour and works the day out if that has not been done yet.

So a night in which the worker was down is made up for; the first hour of a day is what counts.
"""

import structlog

from bot import jobs
from bot.billing.context import Context, process_context
from bot.billing.nightly import service
from bot.db import transaction

log = structlog.get_logger(__name__)


@jobs.app.periodic(cron="5 * * * *")
@jobs.app.task(name="billing_nightly", queueing_lock="billing_nightly")
def nightly(timestamp: int) -> None:
    """Work out today, once."""
    work_out_today(process_context())


def work_out_today(context: Context) -> None:
    """Work out today unless that stands in the tables already."""
    today = context.today()
    with transaction() as session:
        if service.is_worked_out(session, today):
            return
    found = service.work_out(context)
    log.info("bills aged", day=str(today), invoices=sum(bucket.invoices for bucket in found))
