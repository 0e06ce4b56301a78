"""How each process of the house starts, alone."""

import os
import sys

from bot import db, jobs, logs, model
from bot.billing.context import make_context
from bot.conversations import serving
from bot.settings import PROJECT, get_settings

WEB_THREADS = 128
"""Each operator's console keeps one; they only wait."""


def web() -> None:
    """The process that faces Meta and the debtors' browsers."""
    _serve("bot.wsgi:web_app()", get_settings().web_port, threads=WEB_THREADS)


def billing() -> None:
    """The billing API; a policy or provider it cannot use stops the start."""
    make_context(get_settings())
    _serve("bot.billing.api:create_app()", get_settings().billing_port)


def simulator() -> None:
    """The phone in the browser and the fake of Meta's API behind it."""
    _serve("bot.simulator.app:create_app()", get_settings().simulator_port, threads=64)


def _serve(factory: str, port: int, threads: int = 16) -> None:
    """Run gunicorn here: one process, many threads; more processes are more machines."""
    from gunicorn.app.wsgiapp import run

    sys.argv = [
        "gunicorn",
        "--no-control-socket",
        f"--bind={get_settings().host}:{port}",
        "--workers=1",
        "--worker-class=gthread",
        f"--threads={threads}",
        "--keep-alive=60",
        "--log-level=warning",
        "--timeout=60",
        "--graceful-timeout=3",  # a console's stream never ends by itself
        factory,
    ]
    run()


def worker() -> None:
    """Turns, sending, charges waited for and periodic jobs."""
    settings = get_settings()
    make_context(settings)
    logs.configure(settings, "worker")
    jobs.serve_healthz(settings)
    jobs.run_worker()


def actions() -> None:
    """The custom actions of the dialogue."""
    from actions.server import serve

    settings = get_settings()
    logs.configure(settings, "actions")
    serve(settings.private_host, settings.actions_port)


def rasa() -> None:
    """Rasa, in its own environment; it takes the place of this process."""
    settings = get_settings()
    trained = model.train()
    with db.transaction() as session:
        serving.serve(session, model.name(trained))
    environment = {
        **model.environment(),
        "ACTIONS_WEBHOOK": f"{settings.actions_url}/webhook",
        "TRACKER_DATABASE": _in_schema(db.database_url(), "rasa"),
    }
    command = [
        *(*model.RASA, "run", "--model", str(trained)),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
        *("--interface", settings.private_host, "--port", str(settings.rasa_port), "--enable-api"),
    ]
    os.chdir(PROJECT)
    os.execve(command[0], command, environment)


def _in_schema(url: str, schema: str) -> str:
    """`url` with `schema` as home; Rasa's POSTGRESQL_SCHEMA looks twice a turn if it exists."""
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"


def migrate() -> None:
    """Bring the database to the newest schema."""
    get_settings()
    db.migrate()


def demo_data() -> None:
    """Put the demo customers in; those already there stay as they are."""
    from bot.billing import demo, issuing
    from bot.desk import people

    with db.transaction() as session:
        demo.load(session)
        people.load_demo(session)
    issuing.settle_forgotten(make_context(get_settings()))


def train() -> None:
    """Train the model if its sources changed."""
    print(model.train())
