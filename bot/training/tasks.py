"""The job that fills the trainers' inbox. Every minute; what a run misses the next one finds."""

from datetime import UTC, datetime

import structlog

from bot import jobs
from bot.training import collecting

log = structlog.get_logger()


@jobs.app.periodic(cron="* * * * *")
@jobs.app.task(name="training_inbox", lock="training_inbox", queueing_lock="training_inbox")
def collect_messages(timestamp: int) -> None:
    """Bring the inbox up to now."""
    added = collecting.collect(datetime.now(UTC))
    if added:
        log.info("training inbox", added=added)
