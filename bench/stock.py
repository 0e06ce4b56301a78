"""The measure: the bot of `rasa init`, trained and run as Rasa ships it, asked over REST."""

import subprocess
import time
from pathlib import Path
from uuid import uuid4

import requests

from bench.ports import free_port
from bot import model
from bot.settings import PROJECT

RASA = PROJECT / ".venv-rasa" / "bin" / "rasa"
READY_SECONDS = 180
MESSAGES = ("hello", "bye")


def rasa_version() -> str:
    """The version installed in Rasa's environment."""
    [info] = (PROJECT / ".venv-rasa" / "lib").glob("python*/site-packages/rasa-[0-9]*.dist-info")
    return info.name.removeprefix("rasa-").removesuffix(".dist-info")


def trained_project() -> Path:
    """A trained `rasa init` project, made once for each version of Rasa."""
    project = PROJECT / "var" / "bench" / "stock" / rasa_version()
    if not any(project.glob("models/*.tar.gz")):
        project.mkdir(parents=True, exist_ok=True)
        _run("init", "--no-prompt", "--init-dir", str(project))
    return project


def _run(*arguments: str) -> None:
    command = [str(RASA), *arguments]
    done = subprocess.run(command, env=model.environment(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"rasa {arguments[0]} failed:\n{done.stderr[-2000:]}")


class Stock:
    """A running stock bot."""

    def __init__(self, logs: Path) -> None:
        self._port = free_port()
        self._session = requests.Session()
        with (logs / "stock.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(RASA), "run", "--interface", "127.0.0.1", "--port", str(self._port)],
                cwd=trained_project(),
                env=model.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait until it answers; Rasa listens before its model is loaded."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                if requests.get(f"http://127.0.0.1:{self._port}/webhooks/rest/", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.2)
        raise RuntimeError("the stock bot is not ready")

    def talk(self, turns: int, pause: float) -> list[float]:
        """Seconds of each round trip of a new conversation."""
        sender = uuid4().hex
        seconds = []
        for turn in range(turns):
            time.sleep(pause)
            started = time.perf_counter()
            said = self._ask(sender, MESSAGES[turn % len(MESSAGES)])
            seconds.append(time.perf_counter() - started)
            assert said, "the stock bot said nothing"
        return seconds

    def _ask(self, sender: str, message: str) -> list[object]:
        url = f"http://127.0.0.1:{self._port}/webhooks/rest/webhook"
        body = {"sender": sender, "message": message}
        answer: list[object] = self._session.post(url, json=body, timeout=30).json()
        return answer

    def stop(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(20)
