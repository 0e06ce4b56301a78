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


def memory_by_process(ports: dict[str, int]) -> dict[str, str]:
    """Memory of each process this one started, by the port it listens on."""
    started = psutil.Process().children()
    return {
        name: memory(process.pid)
        for name, port in ports.items()
        for process in started
        if _listens_on(process, port)
    }


def _listens_on(process: psutil.Process, port: int) -> bool:
    return any(
        connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
        for connection in process.net_connections("inet")
    )


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
