"""The job queue: Procrastinate on our own PostgreSQL.

A job is only a wake-up: what has to be done stands in the tables of the feature, so a
job that runs twice, late or never loses nothing. Tasks live in `tasks.py` of a feature.
"""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import procrastinate
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from bot.db import SEARCH_PATH, database_url
from bot.settings import Settings
from bot.web import create_app

THREADS = 32
HEARTBEAT_SECONDS = 2
DEAD_WORKER_SECONDS = 8
"""A worker silent for this long is taken for dead, and its jobs run again elsewhere."""

app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(),
    import_paths=[
        "bot.billing.nightly.tasks",
        "bot.billing.events.tasks",
        "bot.billing.payments.tasks",
        "bot.billing.promises.tasks",
        "bot.billing.providers.tasks",
        "bot.conversations.tasks",
        "bot.desk.figures.tasks",
        "bot.desk.tasks",
        "bot.training.tasks",
    ],
)


_enqueuer = JobManager(procrastinate.SyncPsycopgConnector())
"""Enqueues on connections of ours, also inside the worker, whose own connector is async."""


def defer_in(
    session: Session, task: "procrastinate.tasks.Task[Any, Any, Any]", lock: str, **arguments: str
) -> None:
    """Enqueue `task` in the transaction of `session`: it exists if and only if that commits.

    Jobs with the same `lock` run one after another, in the order they were enqueued.
    """
    connection = session.connection().connection.driver_connection
    job = configure_task(name=task.name, job_manager=_enqueuer, lock=lock, connection=connection)
    job.defer(**arguments)


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="retry_jobs_of_dead_workers")
async def retry_jobs_of_dead_workers(timestamp: int) -> None:
    """Free what a killed worker held, so that the conversation goes on."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_WORKER_SECONDS):
        await app.job_manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="delete_finished_jobs")
async def delete_finished_jobs(timestamp: int) -> None:
    """Keep the job table small: finished jobs older than a day are of no use."""
    await app.job_manager.delete_old_jobs(nb_hours=24)


def serve_healthz(settings: Settings) -> None:
    """Answer `/healthz` beside the jobs, on WORKER_PORT."""
    server = make_server(settings.host, settings.worker_port, create_app("worker"))
    threading.Thread(target=server.serve_forever, daemon=True).start()


def run_worker(concurrency: int = 100) -> None:
    """Run jobs until stopped. Waiting turns are cheap: only threads that work count."""
    asyncio.run(_work(concurrency))


async def _work(concurrency: int) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    connector = procrastinate.PsycopgConnector(
        conninfo=database_url(), kwargs={"options": SEARCH_PATH}, min_size=2, max_size=20
    )
    with app.replace_connector(connector) as live:
        async with live.open_async():
            await live.run_worker_async(
                concurrency=concurrency,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=DEAD_WORKER_SECONDS,
                fetch_job_polling_interval=1.0,
                delete_jobs="never",
            )
