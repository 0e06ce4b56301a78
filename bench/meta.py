"""Meta as the benchmark needs it: signed webhooks out, and a receiver of what we send.

It accepts everything at once and notes when each reply arrived; the simulator, which is
far closer to Meta, would be part of what is measured.
"""

import json
import queue
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from uuid import uuid4

from bot.settings import DEMO_SECRETS
from bot.whatsapp.signature import HEADER, sign

Json = dict[str, Any]
ANSWER_SECONDS = 30


@dataclass(frozen=True)
class Reply:
    """A message of ours as it reached Meta, and when, by `time.perf_counter`."""

    at: float
    message: Json

    def choices(self) -> list[Json]:
        """What there is to tap, each as the `interactive` of the webhook of its tap."""
        action = self.message.get("interactive", {}).get("action", {})
        buttons = [button["reply"] for button in action.get("buttons", [])]
        rows = [row for section in action.get("sections", []) for row in section["rows"]]
        return [_tap("button_reply", b) for b in buttons] + [_tap("list_reply", r) for r in rows]


def _tap(kind: str, choice: Json) -> Json:
    return {"type": kind, kind: {"id": choice["id"], "title": choice["title"]}}


class Meta:
    """The receiver, on a port of its own."""

    def __init__(self) -> None:
        self._replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._replies))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def next_reply(self) -> Reply:
        """The next message of ours; waits for it. Raises `queue.Empty` when none comes."""
        return self._replies.get(timeout=ANSWER_SECONDS)

    def stop(self) -> None:
        """Receive nothing more."""
        self._server.shutdown()


def _handler(replies: "queue.SimpleQueue[Reply]") -> type[BaseHTTPRequestHandler]:
    numbers = count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body leave together
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            at = time.perf_counter()
            message = json.loads(body)
            if message.get("status") != "read":
                replies.put(Reply(at, message))
            answer = json.dumps({"messages": [{"id": f"wamid.bench.{next(numbers)}"}]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


@dataclass(frozen=True)
class Person:
    """Somebody on WhatsApp: one phone may be many people, each a new conversation."""

    phone: str
    bsuid: str

    @classmethod
    def with_phone(cls, phone: str) -> "Person":
        """Somebody new with this phone."""
        return cls(phone, f"BR.{uuid4().int % 10**16:016d}")

    def text(self, body: str) -> bytes:
        """The webhook of a typed message."""
        return _webhook(self, {"type": "text", "text": {"body": body}})

    def tap(self, interactive: Json) -> bytes:
        """The webhook of a tap on something of `Reply.choices`."""
        return _webhook(self, {"type": "interactive", "interactive": interactive})


def _webhook(person: Person, content: Json) -> bytes:
    message = {
        "from": person.phone,
        "from_user_id": person.bsuid,
        "id": f"wamid.{uuid4().hex}",
        "timestamp": str(int(time.time())),
        **content,
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": DEMO_SECRETS["whatsapp_phone_number_id"]},
        "contacts": [
            {
                "profile": {"name": "Bench"},
                "wa_id": person.phone,
                "user_id": person.bsuid,
            }
        ],
        "messages": [message],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def signed(body: bytes) -> dict[str, str]:
    """The headers with which Meta posts `body`."""
    signature = sign(body, DEMO_SECRETS["whatsapp_app_secret"])
    return {"Content-Type": "application/json", HEADER: signature}
