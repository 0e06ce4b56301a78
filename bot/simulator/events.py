"""What happens, told live to every open page (server-sent events), and a short log of it."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Any

Json = dict[str, Any]

_KEEP_ALIVE_SECONDS = 15
_LOG_LENGTH = 200


class Events:
    """A hub: `publish` here, read in as many streams as there are listeners."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[SimpleQueue[str | None]] = set()
        self._log: deque[Json] = deque(maxlen=_LOG_LENGTH)
        self.closing = threading.Event()

    @property
    def listening(self) -> bool:
        """Whether anybody would hear an event."""
        with self._lock:
            return bool(self._listeners)

    def publish(self, name: str, data: Json) -> None:
        """Tell every listener."""
        with self._lock:
            listeners = tuple(self._listeners)
        frame = f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        for listener in listeners:
            listener.put(frame)

    def log(self, kind: str, text: str, *, ok: bool = True) -> None:
        """Note what crossed the wire, for the page's log."""
        entry = {"at": time.time(), "kind": kind, "text": text, "ok": ok}
        with self._lock:
            self._log.append(entry)
        self.publish("log", entry)

    def recent_log(self) -> list[Json]:
        """The last entries of the log, oldest first."""
        with self._lock:
            return list(self._log)

    def clear_log(self) -> None:
        """Forget the log."""
        with self._lock:
            self._log.clear()

    def stream(self) -> Iterator[str]:
        """The events from now on, in the format of `text/event-stream`, until `close`."""
        queue: SimpleQueue[str | None] = SimpleQueue()
        with self._lock:
            self._listeners.add(queue)
        return self._frames(queue)

    def close(self) -> None:
        """End every stream, so that the process can stop while pages are open."""
        self.closing.set()
        with self._lock:
            for listener in self._listeners:
                listener.put(None)

    def _frames(self, queue: "SimpleQueue[str | None]") -> Iterator[str]:
        try:
            yield "retry: 1000\n\n"
            while not self.closing.is_set():
                try:
                    frame = queue.get(timeout=_KEEP_ALIVE_SECONDS)
                except Empty:
                    frame = ": keep-alive\n\n"
                if frame is None:
                    return
                yield frame
        finally:
            with self._lock:
                self._listeners.discard(queue)
