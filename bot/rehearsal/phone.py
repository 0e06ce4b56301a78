"""The wire to the bot, as Meta is it: signed webhooks go in, `/messages` come out.

A receiver stands where `graph.facebook.com` would, and keeps what each phone would show.
"""

import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import requests

from bot.settings import DEMO_SECRETS
from bot.whatsapp.signature import HEADER, sign

Json = dict[str, Any]


@dataclass(frozen=True)
class Tap:
    """Something to tap. `kind` is `button_reply` or `list_reply`."""

    kind: str
    id: str
    title: str
    description: str = ""

    @property
    def words(self) -> str:
        """All that is read before it is tapped."""
        return f"{self.title} {self.description}".strip()


@dataclass(frozen=True)
class Bubble:
    """A message of the bot's as the phone shows it; `at` by `time.time`."""

    at: float
    text: str
    taps: tuple[Tap, ...] = ()
    link: str | None = None


def bubble_of(message: Json, at: float) -> Bubble:
    """Read a request to `/messages`."""
    kind = message.get("type", "text")
    content = message.get(kind) or {}
    if kind == "interactive":
        action = content.get("action", {})
        link = action.get("parameters", {}).get("url")
        return Bubble(at, content.get("body", {}).get("text", ""), tuple(_taps(action)), link)
    return Bubble(at, content.get("body") or content.get("caption") or "")


def _taps(action: Json) -> list[Tap]:
    buttons = [button["reply"] for button in action.get("buttons", [])]
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    return [
        *(Tap("button_reply", button["id"], button["title"]) for button in buttons),
        *(Tap("list_reply", r["id"], r["title"], r.get("description", "")) for r in rows),
    ]


class Meta:
    """The receiver, on a port of its own."""

    def __init__(self) -> None:
        self._shown: dict[str, list[Bubble]] = defaultdict(list)
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self._take))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _take(self, message: Json) -> None:
        with self._lock:
            self._shown[message["to"]].append(bubble_of(message, time.time()))

    def shown(self, phone: str, after: int = 0) -> list[Bubble]:
        """What `phone` shows of the bot, without the first `after` bubbles."""
        with self._lock:
            return self._shown[phone][after:]

    def stop(self) -> None:
        """Receive nothing more."""
        self._server.shutdown()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def _handler(take: Any) -> type[BaseHTTPRequestHandler]:
    numbers = count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body leave together
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if message.get("status") != "read":
                take(message)
            answer = {"messages": [{"id": f"wamid.rehearsal.{next(numbers)}"}]}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


class Phone:
    """Somebody's WhatsApp. Each method posts one webhook and returns once it was accepted."""

    def __init__(self, webhook: str, number: str, profile_name: str) -> None:
        self.number = number
        self._webhook = webhook
        self._profile_name = profile_name
        self._bsuid = f"BR.{uuid5(NAMESPACE_URL, number).int % 10**16:016d}"
        self._session = requests.Session()

    def writes(self, text: str) -> None:
        """Send a typed message."""
        self._post({"type": "text", "text": {"body": text}})

    def taps(self, tap: Tap) -> None:
        """Tap a button or a row."""
        reply = {"id": tap.id, "title": tap.title}
        if tap.description:
            reply["description"] = tap.description
        self._post({"type": "interactive", "interactive": {"type": tap.kind, tap.kind: reply}})

    def speaks(self) -> None:
        """Send a voice note."""
        audio = {"mime_type": "audio/ogg; codecs=opus", "id": uuid4().hex, "voice": True}
        self._post({"type": "audio", "audio": audio})

    def shows_photo(self, caption: str) -> None:
        """Send a picture, such as one of a receipt."""
        image = {"mime_type": "image/jpeg", "id": uuid4().hex, "caption": caption}
        self._post({"type": "image", "image": image})

    def _post(self, content: Json) -> None:
        body = json.dumps(self._webhook_of(content)).encode()
        signature = sign(body, DEMO_SECRETS["whatsapp_app_secret"])
        headers = {"Content-Type": "application/json", HEADER: signature}
        self._session.post(self._webhook, data=body, headers=headers, timeout=30).raise_for_status()

    def _webhook_of(self, content: Json) -> Json:
        message = {
            "from": self.number,
            "from_user_id": self._bsuid,
            "id": f"wamid.{uuid4().hex}",
            "timestamp": str(int(time.time())),
            **content,
        }
        profile = {"profile": {"name": self._profile_name}}
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": DEMO_SECRETS["whatsapp_phone_number_id"]},
            "contacts": [{**profile, "wa_id": self.number, "user_id": self._bsuid}],
            "messages": [message],
        }
        entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
        return {"object": "whatsapp_business_account", "entry": [entry]}
