"""Small things to be done a little later, in one thread."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable

import structlog

log = structlog.get_logger()

Task = Callable[[], object]


class Scheduler:
    """`after(seconds, task)` runs `task` then; tasks must be quick."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Task]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="scheduler", daemon=True).start()

    def after(self, seconds: float, task: Task) -> None:
        """Run `task` in `seconds`."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), task))
            self._changed.notify()

    def clear(self) -> None:
        """Forget everything that is waiting."""
        with self._changed:
            self._due.clear()

    def _run(self) -> None:
        while True:
            task = self._next()
            try:
                task()
            except Exception:
                log.exception("a scheduled task failed")

    def _next(self) -> Task:
        with self._changed:
            while not self._due or self._due[0][0] > time.monotonic():
                wait = self._due[0][0] - time.monotonic() if self._due else None
                self._changed.wait(wait)
            return heapq.heappop(self._due)[2]
