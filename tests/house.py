"""The whole house for tests: every process for real, on free ports and its own database.

Only Meta is a fake: the simulator, through the same HTTP contract.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import create_engine, text

from bot import db
from bot.billing import demo
from bot.settings import PROJECT
from tests.emptying import forget

PROCESSES = ("billing", "actions", "rasa", "web", "worker", "simulator")
MARIA = "5511987654321"
READY_SECONDS = 90
ANSWER_SECONDS = 30
QUICKEST_SECONDS = 0.12
"""No turn is answered sooner: looking would only keep the processes busy."""

Json = dict[str, Any]


class House:
    """The processes. Start them all with `start_all`, or kill and start one by name."""

    def __init__(
        self, database_url: str, logs: Path, root: Path = PROJECT, **settings: str
    ) -> None:
        self.root = root
        self.ports = {name: free_port() for name in PROCESSES}
        self.environment = {
            **os.environ,
            "DEMO": "1",
            "DATABASE_URL": database_url,
            "LOG_FORMAT": "console",
            "VAR_DIR": str(root / "var"),
            "BURST_SECONDS": "0.05",
            "PYTHONWARNINGS": "ignore",
            "PYTHONUNBUFFERED": "1",
            **{f"{name.upper()}_PORT": str(port) for name, port in self.ports.items()},
            **settings,
        }
        self.engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:", 1))
        self.logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def command(self, *arguments: str) -> None:
        """Run `combinado …` to its end."""
        self.output(*arguments)

    def output(self, *arguments: str) -> str:
        """What `combinado …` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            env=self.environment,
            cwd=self.root,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_all(self) -> None:
        """Start every process and wait until each answers."""
        for name in PROCESSES:
            self.start(name, wait=False)
        for name in PROCESSES:
            self.wait_until_ready(name)

    def start(self, name: str, wait: bool = True) -> None:
        """Start one process."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", name],
                env=self.environment,
                cwd=self.root,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if wait:
            self.wait_until_ready(name)

    def kill(self, name: str) -> None:
        """`kill -9`, gunicorn's child and all."""
        process = self._running.pop(name)
        children = subprocess.run(
            ["pgrep", "-P", str(process.pid)], capture_output=True, text=True
        ).stdout.split()
        for pid in [process.pid, *map(int, children)]:
            os.kill(pid, signal.SIGKILL)
        process.wait()

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """While a process stands still: whoever asks it waits."""
        pid = self._running[name].pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def stop_all(self) -> None:
        """Stop every process."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        self._running.clear()

    def url(self, name: str) -> str:
        """Where a process listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def wait_until_ready(self, name: str) -> None:
        """Wait for `/healthz`; a process that died instead fails the test with its log."""
        url = self.url(name) + "/healthz"
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                if requests.get(url, timeout=2).ok:
                    return
            except requests.RequestException:
                pass
            assert self._running[name].poll() is None, f"{name} died:\n{self.log(name)}"
            time.sleep(0.1)
        raise AssertionError(f"{name} is not ready:\n{self.log(name)}")

    def log(self, name: str) -> str:
        """The end of what a process printed."""
        return (self.logs / f"{name}.log").read_text(errors="replace")[-4000:]

    def reset(self) -> None:
        """Forget every conversation, fault and debt; the demo customers begin anew."""
        requests.post(self.url("simulator") + "/simulator/reset", timeout=5).raise_for_status()
        forget(self.engine, "bot", "billing", "desk", "training")
        with db.transaction() as session:
            demo.load(session)

    def owner(self) -> tuple[str, str | None]:
        """Who owns the only conversation there is, and why it was handed over."""
        [(owner, reason)] = self.query("SELECT owner, handoff_reason FROM bot.conversations")
        return owner, reason

    def query(self, sql: str, **values: object) -> list[Any]:
        """Rows of a query, to see what was stored."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), values))

    def is_settled(self) -> bool:
        """Whether nothing is left to answer or to send."""
        [(open_work,)] = self.query("""
            SELECT (SELECT count(*) FROM bot.turns WHERE state = 'open')
                 + (SELECT count(*) FROM bot.messages WHERE turn_id IS NULL AND answerable)
                 + (SELECT count(*) FROM bot.outbox WHERE state IN ('pending', 'sending'))
        """)
        return bool(open_work == 0)

    def wait_for(self, condition: Callable[[], Any], what: str, seconds: float = 30) -> Any:
        """Wait until `condition` gives something true, and return it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.05)
        logs = "\n".join(f"--- {name}\n{self.log(name)[-1500:]}" for name in ("worker", "actions"))
        raise AssertionError(f"no {what} after {seconds} s\n{logs}")

    def arm(self, **faults: object) -> None:
        """Order faults of Meta's, as the simulator's panel does."""
        url = self.url("simulator") + "/simulator/faults"
        requests.post(url, json=faults, timeout=5).raise_for_status()

    def phones(self) -> list["Phone"]:
        """The phones on which something was written."""
        chats = requests.get(self.url("simulator") + "/simulator/customers", timeout=5).json()
        return [self.phone(chat["phone"]) for chat in chats if chat["last_message"]]

    def phone(self, number: str = MARIA) -> "Phone":
        """The phone of a demo customer."""
        return Phone(self, number)


class Phone:
    """A customer's phone: what they say and tap, and the bubbles they see."""

    def __init__(self, house: House, number: str) -> None:
        self._house = house
        self._url = f"{house.url('simulator')}/simulator/customers/{number}"

    def send(self, **message: object) -> Json:
        """Send any message and wait for nothing."""
        response = requests.post(f"{self._url}/messages", json=message, timeout=10)
        assert response.ok, response.text
        sent: Json = response.json()
        return sent

    def says(self, words: str) -> str:
        """Write a message and return the answer, its bubbles joined."""
        return self._answer_to(type="text", text=words)

    def taps(self, title: str) -> str:
        """Tap what the business offered under this title and return the answer."""
        return self._answer_to(type="tap", title=title)

    def attaches(self, name: str, data: bytes, mime_type: str, caption: str = "") -> str:
        """Send a file from the phone and return the answer."""
        files = {"file": (name, data, mime_type)}
        media = requests.post(f"{self._url}/media", files=files, timeout=10).json()
        return self.shows(type=media["kind"], media_id=media["id"], caption=caption)

    def shows(self, **message: object) -> str:
        """Send any message and return the answer."""
        return self._answer_to(**message)

    def _answer_to(self, **message: object) -> str:
        before = len(self.bubbles())
        self.send(**message)
        return self.answer_after(before)

    def answer_after(self, before: int) -> str:
        """What came after the first `before` bubbles, once everything is answered and sent."""
        time.sleep(QUICKEST_SECONDS)
        answered = self._house.wait_for(
            lambda: self._house.is_settled() and self.bubbles()[before:], "answer"
        )
        return "\n".join(bubble_text(bubble) for bubble in answered)

    def messages(self) -> list[Json]:
        """Everything exchanged, as the simulator tells it."""
        response = requests.get(f"{self._url}/messages", timeout=5)
        messages: list[Json] = [] if response.status_code == 404 else response.json()["messages"]
        return messages

    def bubbles(self) -> list[Json]:
        """What the business said and the phone shows."""
        return [m for m in self.messages() if m["from"] == "business" and m["visible"]]

    def offered(self) -> list[str]:
        """Titles of the buttons or rows of the last bubble."""
        action = self.bubbles()[-1]["content"].get("action", {})
        buttons = [button["reply"]["title"] for button in action.get("buttons", [])]
        sections = action.get("sections", [])
        return buttons + [row["title"] for section in sections for row in section["rows"]]


def bubble_text(bubble: Json) -> str:
    """The words of a bubble, whatever its type."""
    content = bubble["content"]
    body = content.get("body")
    return body["text"] if isinstance(body, dict) else body or content.get("caption", "")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
