"""Delivering webhooks: signed, at least once, again with growing pauses until accepted."""

import hashlib
import hmac
import json
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import requests

from bot.simulator.events import Events
from bot.simulator.scheduler import Scheduler

Json = dict[str, Any]

_TIMEOUT = (3, 20)
_WORKERS = 8
_LONGEST_PAUSE = 60


def sign(body: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256` for these bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def encode(payload: Json) -> bytes:
    """JSON as Meta writes it: what is not ASCII as `\\uXXXX`."""
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).encode("ascii")


@dataclass
class _Post:
    body: bytes
    summary: str
    lane: int
    accepted: Callable[[], object] | None
    generation: int
    attempts: int = 0


class Webhooks:
    """Posts to one callback URL. What shares a lane is first tried in the order given."""

    def __init__(self, url: str, secret: str, scheduler: Scheduler, events: Events) -> None:
        self._url, self._secret = url, secret
        self._scheduler, self._events = scheduler, events
        self._generation = 0
        self._lanes: list[SimpleQueue[_Post]] = [SimpleQueue() for _ in range(_WORKERS)]
        for lane in self._lanes:
            threading.Thread(target=self._work, args=(lane,), daemon=True).start()

    def post(
        self,
        payload: Json,
        lane: str,
        accepted: Callable[[], object] | None = None,
        *,
        shift: int = 0,
    ) -> None:
        """Deliver `payload`, then call `accepted`.

        `shift` puts copies of one payload on different lanes, to arrive at the same time.
        """
        number = (zlib.crc32(lane.encode()) + shift) % _WORKERS
        post = _Post(encode(payload), _summary(payload), number, accepted, self._generation)
        self._lanes[number].put(post)

    def drop_pending(self) -> None:
        """Forget what was not delivered yet."""
        self._generation += 1

    def _work(self, lane: "SimpleQueue[_Post]") -> None:
        session = requests.Session()
        session.trust_env = False
        while True:
            post = lane.get()
            if post.generation == self._generation:
                self._attempt(session, post)

    def _attempt(self, session: requests.Session, post: _Post) -> None:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": sign(post.body, self._secret),
        }
        started = time.monotonic()
        try:
            response = session.post(self._url, post.body, headers=headers, timeout=_TIMEOUT)
            ok, outcome = response.status_code == 200, str(response.status_code)
        except requests.RequestException as error:
            ok, outcome = False, type(error).__name__
        took = round((time.monotonic() - started) * 1000)
        self._events.log("webhook", f"{post.summary} → {outcome} · {took} ms", ok=ok)
        if not ok:
            self._retry(post)
        elif post.accepted:
            post.accepted()

    def _retry(self, post: _Post) -> None:
        pause = min(2**post.attempts, _LONGEST_PAUSE)
        post.attempts += 1
        self._scheduler.after(pause, lambda: self._lanes[post.lane].put(post))


def _summary(payload: Json) -> str:
    """For the log: which updates, without what they say."""
    parts = []
    for entry in payload["entry"]:
        value = entry["changes"][0]["value"]
        parts += [f"mensagem {item['type']}" for item in value.get("messages", [])]
        parts += [f"status {item['status']}" for item in value.get("statuses", [])]
        parts += [f"marketing {item['value']}" for item in value.get("user_preferences", [])]
    return " + ".join(parts)
