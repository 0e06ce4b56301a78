"""From `combinado up` to *ready*, with a trained model and a database of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.ports import free_port
from bot import model
from bot.settings import PROJECT
from tests.house import PROCESSES

READY = "Combinado is ready"


def measure() -> tuple[float, float]:
    """Seconds of the first start, which makes the database, and of the next one."""
    with _empty_var_dir() as var_dir:
        return _seconds_to_ready(var_dir), _seconds_to_ready(var_dir)


@contextmanager
def _empty_var_dir() -> Iterator[Path]:
    """A var directory with the trained model and nothing else."""
    models = model.path().parent
    with TemporaryDirectory(prefix="combinado-") as name:
        (Path(name) / "models").symlink_to(models)
        yield Path(name)


def _seconds_to_ready(var_dir: Path) -> float:
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "up"],
        cwd=PROJECT,
        env=_environment(var_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        return _wait_until_ready(process) - started
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def _wait_until_ready(process: "subprocess.Popen[str]") -> float:
    assert process.stdout
    seen = []
    for line in process.stdout:
        seen.append(line)
        if READY in line:
            return time.perf_counter()
    raise RuntimeError("combinado up did not get ready:\n" + "".join(seen[-30:]))


def _environment(var_dir: Path) -> dict[str, str]:
    ports = {f"{name.upper()}_PORT": str(free_port()) for name in PROCESSES}
    return {**os.environ, **ports, "DEMO": "1", "DATABASE_URL": "", "VAR_DIR": str(var_dir)}
