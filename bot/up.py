"""`combinado up`: everything on one machine, under honcho.

Prepares the database and the model, starts the processes, waits until each answers
`/healthz`, and prints where things are. When a process dies it says which one and shows
its last words, then stops the rest.
"""

import os
import shlex
import socket
import sys
import threading
import time
from collections import deque
from typing import Any

import requests
from honcho.manager import Manager
from honcho.printer import Message, Printer

from bot import db, model, processes
from bot.settings import Settings, SettingsError, get_settings

READY_SECONDS = 120
LAST_LINES = 25


def up() -> int:
    """Run every process until Ctrl-C (exit 0) or until one dies (exit 1).

    Raises SettingsError when a port is taken: a house that runs already would answer for ours.
    """
    started = time.monotonic()
    settings = get_settings()
    _check_ports(settings)
    _prepare(settings)
    printer = _Remembering(sys.stdout)
    manager = Manager(printer=printer)
    for name in _names(settings):
        command = f"exec {shlex.quote(sys.executable)} -m bot.cli {name}"
        manager.add_process(name, command, env=_environment(settings))
    announcement = threading.Thread(
        target=_announce, args=(settings, manager, printer, started), daemon=True
    )
    announcement.start()
    manager.loop()
    return _farewell(printer)


def _names(settings: Settings) -> list[str]:
    names = ["billing", "actions", "rasa", "web", "worker"]
    return [*names, "simulator"] if settings.demo else names


def _check_ports(settings: Settings) -> None:
    for name in _names(settings):
        port = getattr(settings, f"{name}_port")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise SettingsError(
                    f"port {port} of {name} is in use. Is another `make up` running? "
                    f"Stop it with Ctrl-C, or set {name.upper()}_PORT"
                )


def _prepare(settings: Settings) -> None:
    _progress("database", "PostgreSQL of DATABASE_URL" if settings.database_url else "embedded")
    db.database_url()
    _progress("migrations", "to the newest schema")
    db.migrate()
    if settings.demo:
        _progress("demo data", "Maria Souza and others")
        processes.demo_data()
    _progress("model", "trained already" if model.path().exists() else "training, about a minute")
    model.train()
    _progress("processes", ", ".join(_names(settings)))


def _progress(step: str, what: str) -> None:
    print(f"  {step:<12} {what}", flush=True)


def _environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": db.database_url(),
        "LOG_FORMAT": "console" if settings.demo else settings.log_format,
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
    }


class _Remembering(Printer):
    """Prints every line with its process, and remembers the last ones of each."""

    def __init__(self, output: Any) -> None:
        super().__init__(output)
        self.last: dict[str, deque[str]] = {}
        self.asked_to_stop = False
        self.died: str | None = None

    def write(self, message: Message) -> None:
        data = message.data
        text = data.decode(errors="replace") if isinstance(data, bytes) else data
        if message.name == "system":
            self._note(text)
        else:
            self.last.setdefault(message.name, deque(maxlen=LAST_LINES)).append(text.rstrip())
        super().write(message)

    def _note(self, text: str) -> None:
        """Honcho says `SIGINT received` when asked to stop, `web stopped (rc=1)` of a process."""
        self.asked_to_stop |= "received" in text
        if " stopped (rc=" in text and not self.asked_to_stop and self.died is None:
            self.died = text.split()[0]


def _announce(settings: Settings, manager: Manager, printer: _Remembering, started: float) -> None:
    urls = _healthz(settings)
    for name, url in urls.items():
        if not _wait_until_ready(url):
            print(f"\n{name} does not answer {url} after {READY_SECONDS} s\n", flush=True)
            printer.died = name
            manager.terminate()
            return
    print(_table(settings, time.monotonic() - started), flush=True)


def _healthz(settings: Settings) -> dict[str, str]:
    return {
        name: f"http://127.0.0.1:{getattr(settings, f'{name}_port')}/healthz"
        for name in _names(settings)
    }


def _wait_until_ready(url: str) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=2).ok:
                return True
        except requests.RequestException:
            time.sleep(0.1)
    return False


def _table(settings: Settings, seconds: float) -> str:
    rows = [
        ("the phone (start here)", f"http://localhost:{settings.simulator_port}"),
        ("the operators' desk", f"{settings.public_url}/desk"),
        ("the trainers' pages", f"{settings.public_url}/training"),
        ("webhook of WhatsApp", f"{settings.public_url}/webhooks/whatsapp"),
        ("billing API", f"{settings.billing_url}/docs"),
    ]
    if not settings.demo:
        rows = rows[1:]
    hint = "Write as Maria Souza; her CPF begins with 529. " if settings.demo else ""
    lines = "\n".join(f"  {what:<24} {url}" for what, url in rows)
    ready = f"Combinado is ready, {seconds:.1f} s after the start."
    hint += _accounts() if settings.demo else ""
    return f"\n{ready}\n\n{lines}\n\n{hint}Ctrl-C stops all.\n"


def _accounts() -> str:
    from bot.desk.people import DEMO_PEOPLE

    rows = [f"  {email:<24} {password:<22} {role}" for email, _, role, password in DEMO_PEOPLE]
    return "\nAt both, sign in as:\n" + "\n".join(rows) + "\n"


def _farewell(printer: _Remembering) -> int:
    if printer.died is None:
        return 0
    lines = printer.last.get(printer.died, ["(it printed nothing)"])
    print(f"\n{printer.died} died, so everything was stopped. Its last lines:\n", file=sys.stderr)
    print("\n".join(f"  {line}" for line in lines), file=sys.stderr)
    return 1
