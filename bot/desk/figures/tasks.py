"""The job that counts. Every hour, so that today is there too and a lost night is made up for."""

from datetime import datetime

from bot import jobs
from bot.billing.client import get_client
from bot.business_hours import SAO_PAULO
from bot.desk.figures import daily


@jobs.app.periodic(cron="20 * * * *")
@jobs.app.task(name="desk_figures", queueing_lock="desk_figures")
def count_due_days(timestamp: int) -> None:
    """Count what is due."""
    for day in daily.due_days(datetime.now(SAO_PAULO).date()):
        daily.count(get_client(), day)
