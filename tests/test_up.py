"""`combinado up`: everything starts, says where it is, and stops; what dies is named."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from bot import db
from bot.settings import PROJECT
from tests.house import PROCESSES, free_port

READY_SECONDS, STOP_SECONDS = 150, 30


class Up:
    """A running `combinado up` and what it has printed."""

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "up"],
            cwd=PROJECT,
            env=_environment(ports),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.printed += line

    def wait_for(self, words: str) -> None:
        """Wait until it printed `words`."""
        deadline = time.monotonic() + READY_SECONDS
        while words not in self.printed:
            assert self._process.poll() is None, self.printed
            assert time.monotonic() < deadline, self.printed
            time.sleep(0.1)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self.exit_code()

    def exit_code(self) -> int:
        """How it ended, once it has."""
        code = self._process.wait(STOP_SECONDS + READY_SECONDS)
        self._reader.join(STOP_SECONDS)
        return code


def _environment(ports: dict[str, int]) -> dict[str, str]:
    named = {f"{name.upper()}_PORT": str(port) for name, port in ports.items()}
    var_dir = str(PROJECT / "var")
    return {**os.environ, "DATABASE_URL": db.database_url(), "VAR_DIR": var_dir, **named}


@pytest.fixture
def ports(database: None) -> dict[str, int]:
    """A free port for each process."""
    return {name: free_port() for name in PROCESSES}


@contextmanager
def taken(port: int) -> Iterator[None]:
    """Somebody else listens there."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


def test_up_starts_everything_says_where_it_is_and_stops_on_ctrl_c(ports: dict[str, int]) -> None:
    up = Up(ports)
    up.wait_for("Combinado is ready")
    phone = f"http://localhost:{ports['simulator']}"
    assert phone in up.printed
    assert "Maria Souza" in requests.get(f"{phone}/simulator/customers", timeout=5).text
    assert up.stop() == 0
    assert not [name for name, port in ports.items() if _is_open(port)]


def test_a_process_that_dies_is_named_and_its_last_words_are_shown(ports: dict[str, int]) -> None:
    up = Up(ports)
    up.wait_for("migrations")  # ports were free until now
    with taken(ports["billing"]):
        assert up.exit_code() == 1
    [after] = re.findall(r"billing died.*?last lines:(.*)", up.printed, re.DOTALL)
    assert "Address already in use" in after or "in use" in after
    assert not [name for name, port in ports.items() if _is_open(port)]


def test_a_second_house_beside_the_first_does_not_start(ports: dict[str, int]) -> None:
    """It would be called ready because the first one answers."""
    with taken(ports["web"]):
        up = Up(ports)
        assert up.exit_code() == 1
    assert f"port {ports['web']} of web is in use" in up.printed
    assert "ready" not in up.printed


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
