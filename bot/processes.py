"""How each process starts, and how `combinado up` runs them all."""

import sys
from typing import Any

from bot import db, jobs, logs
from bot.settings import PROJECT, get_settings


def _serve(factory: str, port: int, threads: int = 16) -> None:
    """Replace this process by gunicorn: one worker process, many threads."""
    from gunicorn.app.wsgiapp import run

    settings = get_settings()
    sys.argv = [
        "gunicorn",
        f"--bind={settings.host}:{port}",
        "--workers=1",
        "--worker-class=gthread",
        f"--threads={threads}",
        "--keep-alive=60",
        "--log-level=warning",
        "--timeout=60",
        factory,
    ]
    run()


def web() -> None:
    """The process that faces Meta and the debtors' browsers."""
    _serve("bot.web:web_app()", get_settings().web_port)


def billing() -> None:
    """The billing API."""
    _serve("bot.billing.api:create_app()", get_settings().billing_port)


def simulator() -> None:
    """The phone in the browser and the fake of Meta's API behind it."""
    _serve("bot.simulator.app:create_app()", get_settings().simulator_port, threads=64)


def worker() -> None:
    """Turns, sending and periodic jobs."""
    logs.configure(get_settings(), "worker")
    jobs.run_worker()


def migrate() -> None:
    """Bring the database to the newest schema."""
    get_settings()
    db.migrate()


def demo_data() -> None:
    """Put the demo customers in; those already there stay as they are."""
    from bot.billing import demo

    with db.transaction() as session:
        demo.load(session)


def actions() -> Any:
    raise SystemExit("not yet")


rasa = train = up = actions
