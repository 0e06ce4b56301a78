"""The trainers' jobs. What a run misses, or did not finish, the next one finds."""

from datetime import UTC, datetime
from uuid import UUID

import structlog

from bot import jobs
from bot.training import candidates, collecting, promoting

log = structlog.get_logger()


@jobs.app.periodic(cron="* * * * *")
@jobs.app.task(name="training_inbox", lock="training_inbox", queueing_lock="training_inbox")
def collect_messages(timestamp: int) -> None:
    """Bring the inbox up to now."""
    added = collecting.collect(datetime.now(UTC))
    if added:
        log.info("training inbox", added=added)


@jobs.app.task(name="training_candidate")
def prepare_candidate(candidate_id: str) -> None:
    """Train and measure a model."""
    candidates.prepare(UUID(candidate_id))


@jobs.app.periodic(cron="* * * * *")
@jobs.app.task(name="training_watch", queueing_lock="training_watch")
def watch_models(timestamp: int) -> None:
    """Take a model back that people are worse off with."""
    promoting.watch(datetime.now(UTC))
