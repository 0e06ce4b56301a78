"""A witness between the house and billing: passes every call on and remembers the answer.

What the bot may say of money is what billing answered before; this is how the rules know.
"""

import json
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from bot.rehearsal.values import amounts_in, days_in

_CUSTOMER = re.compile(r"^/customers/([0-9a-f-]{36})\b")
_DECIMAL = re.compile(r"-?\d+\.\d\d")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_KEPT = ("Content-Type", "Content-Length")


@dataclass(frozen=True)
class Answer:
    """What billing answered the house, and when, by `time.time`."""

    at: float
    method: str
    path: str
    status: int
    asked: Any
    told: Any
    amounts: frozenset[Decimal] = field(repr=False)
    days: frozenset[date] = field(repr=False)


class Witness:
    """Billing's address for the rest of the house."""

    def __init__(self) -> None:
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        self._lock = threading.Lock()
        self._billing = ""
        self._local = threading.local()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stand_before(self, billing_url: str) -> None:
        """Begin to pass calls on to the real billing."""
        self._billing = billing_url
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answers(self, about: str) -> list[Answer]:
        """What was answered about a customer id, or to identifications of a phone."""
        with self._lock:
            return list(self._answers[about])

    def stop(self) -> None:
        """Pass nothing on any more."""
        self._server.shutdown()

    def pass_on(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> requests.Response:
        """Ask billing and remember its answer."""
        response = self._session().request(
            method, self._billing + path, headers=headers, data=body, timeout=30
        )
        self._remember(method, path, body, response)
        return response

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: requests.Session = self._local.session
        return session

    def _remember(self, method: str, path: str, body: bytes, response: requests.Response) -> None:
        asked, told = _json(body), _json(response.content)
        known = _CUSTOMER.match(path)
        about = known[1] if known else asked.get("phone") if isinstance(asked, dict) else None
        if about:
            answer = answer_of(time.time(), method, path, response.status_code, asked, told)
            with self._lock:
                self._answers[about].append(answer)


def answer_of(at: float, method: str, path: str, status: int, asked: Any, told: Any) -> Answer:
    """An answer with every amount and date in it."""
    amounts: set[Decimal] = set()
    days: set[date] = set()
    _gather(told, amounts, days)
    return Answer(at, method, path, status, asked, told, frozenset(amounts), frozenset(days))


def _gather(node: Any, amounts: set[Decimal], days: set[date]) -> None:
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            _gather(child, amounts, days)
    elif isinstance(node, str):
        if _DECIMAL.fullmatch(node):
            amounts.add(abs(Decimal(node)))
        elif _ISO_DATE.match(node):
            days.add(date.fromisoformat(node[:10]))
        else:
            amounts |= amounts_in(node)
            days |= {day for day in days_in(node) if day.year > 1}


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else {}
    except ValueError:
        return {}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def _handler(witness: Witness) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body leave together
        disable_nagle_algorithm = True

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {k: v for k, v in self.headers.items() if k not in ("Host", *_KEPT[1:])}
            response = witness.pass_on(self.command, self.path, headers, body)
            self.send_response(response.status_code)
            self.send_header("Content-Type", response.headers.get("Content-Type", ""))
            self.send_header("Content-Length", str(len(response.content)))
            self.end_headers()
            self.wfile.write(response.content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _pass_on  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
