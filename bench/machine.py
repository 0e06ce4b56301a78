"""The machine, and what processes take of it."""

import os
import platform
from pathlib import Path

import psutil

from bench.figures import MEGABYTE


def describe() -> str:
    """Cores, memory and Python in one line."""
    memory = psutil.virtual_memory().total / 1024**3
    python = platform.python_version()
    return f"Machine: {os.cpu_count()} cores, {memory:.0f} GB memory, Python {python}"


def memory_by_process() -> dict[str, str]:
    """Resident and proportional memory of each `combinado …` started by this process."""
    started = psutil.Process().children()
    return {process.cmdline()[-1]: memory(process.pid) for process in started if _is_ours(process)}


def _is_ours(process: psutil.Process) -> bool:
    return "bot.cli" in process.cmdline()


def memory(pid: int) -> str:
    """RSS and PSS of a process with its children: shared pages count wholly, or by share."""
    process = psutil.Process(pid)
    infos = [each.memory_full_info() for each in [process, *process.children(recursive=True)]]
    rss = sum(info.rss for info in infos) / MEGABYTE
    pss = sum(info.pss for info in infos) / MEGABYTE
    return f"RSS {rss:.0f} MB, PSS {pss:.0f} MB"


def postgres_pid(var_dir: Path) -> int:
    """The embedded PostgreSQL's first process."""
    return int((var_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])
