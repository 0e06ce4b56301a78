"""What happens, as it happens: PostgreSQL tells which conversation changed, every console hears.

One thread of the process listens. It reads and draws the changed row once, however many
consoles look on. A console that cannot keep up, or missed something while it was away, is told
to look at everything again.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import structlog
from flask import current_app

from bot.db import database_url

log = structlog.get_logger()

CHANNEL = "desk"
MAX_STREAMS = 96
"""Consoles on one process; the other threads answer everybody else."""
HEARTBEAT_SECONDS = 15
STREAM_SECONDS = 600
"""Then the browser comes again by itself, and shows that it may."""
WAITING = 500
GATHER_SECONDS = 0.02
"""What changes within this time is drawn once."""

Draw = Callable[[UUID], tuple[str, str] | None]
"""Team and row of a conversation."""


@dataclass(eq=False)
class Stream:
    """One console: what it may see, and what it has not been sent yet."""

    sees: Callable[[str], bool]
    waiting: "queue.Queue[str]" = field(default_factory=lambda: queue.Queue(WAITING))

    def put(self, event: str) -> None:
        """Add an event; a console too slow for that looks at everything again."""
        try:
            self.waiting.put_nowait(event)
        except queue.Full:
            self.waiting = queue.Queue(WAITING)
            self.waiting.put_nowait(written("again"))


class TooMany(Exception):
    """This process has as many consoles as it can serve."""


class Live:
    """The consoles of this process and the thread that tells them."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._streams: set[Stream] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def join(self, sees: Callable[[str], bool]) -> Stream:
        """Let a console look on. Raises TooMany."""
        with self._lock:
            if len(self._streams) >= MAX_STREAMS:
                raise TooMany(f"{MAX_STREAMS} consoles are connected")
            stream = Stream(sees)
            self._streams.add(stream)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
                self._thread.start()
        return stream

    def events(self, stream: Stream) -> Iterator[str]:
        """What a console is sent, until it goes or its time is over."""
        ends = time.monotonic() + STREAM_SECONDS
        try:
            yield "retry: 1000\n\n" + written("again")
            while time.monotonic() < ends:
                try:
                    yield stream.waiting.get(timeout=HEARTBEAT_SECONDS)
                except queue.Empty:
                    yield ": here\n\n"
        finally:
            with self._lock:
                self._streams.discard(stream)

    def _run(self) -> None:
        while True:
            try:
                self._listen()
            except Exception as error:
                log.warning("desk does not hear the database", error=str(error))
                time.sleep(1)

    def _listen(self) -> None:
        with psycopg.connect(database_url(), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._tell_all(written("again"))
            while True:
                changed = {n.payload for n in connection.notifies(timeout=60, stop_after=1)}
                if changed:
                    changed |= {n.payload for n in connection.notifies(timeout=GATHER_SECONDS)}
                for conversation_id in changed:
                    self._tell(UUID(conversation_id))

    def _tell(self, conversation_id: UUID) -> None:
        drawn = self._draw(conversation_id)
        if drawn is None:
            return
        team, row = drawn
        event = written("row", row) + written(f"c-{conversation_id}")
        gone = written("gone", str(conversation_id))
        for stream in self._copy():
            stream.put(event if stream.sees(team) else gone)

    def _tell_all(self, event: str) -> None:
        for stream in self._copy():
            stream.put(event)

    def _copy(self) -> list[Stream]:
        with self._lock:
            return list(self._streams)


def written(event: str, data: str = "") -> str:
    """An event as it is written on the wire."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {event}\n{lines}\n"


def get_live() -> Live:
    """The consoles of this process."""
    live: Live = current_app.extensions["desk_live"]
    return live
