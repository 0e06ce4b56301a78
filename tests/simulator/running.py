"""A simulator on a free port, and a tiny receiver of its webhooks, both over real HTTP."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
from werkzeug.serving import BaseWSGIServer, make_server

from bot.settings import DEMO_SECRETS, Settings
from bot.simulator.app import create_app
from bot.simulator.business_side import Pace

Json = dict[str, Any]

MARIA = "5511987654321"
PATIENCE_SECONDS = 10


def wait_for(condition: Callable[[], Any], what: str) -> Any:
    """What `condition` gives once it is true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError(f"no {what} in {PATIENCE_SECONDS} s")


class Receiver:
    """The business's callback URL: keeps every webhook, answers what `answers` says (200 after)."""

    def __init__(self, port: int = 0) -> None:
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.on_message: Callable[[Json], None] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening: connections are refused."""
        self._server.shutdown()
        self._server.server_close()

    def bodies(self) -> list[Json]:
        """Every webhook, decoded."""
        return [json.loads(body) for _, body in list(self.posts)]

    def values(self) -> list[Json]:
        """The `value` of every update, in the order of arrival."""
        return [
            change["value"]
            for body in self.bodies()
            for entry in body["entry"]
            for change in entry["changes"]
        ]

    def messages(self) -> list[Json]:
        """Every message received."""
        return [message for value in self.values() for message in value.get("messages", [])]

    def statuses(self) -> list[Json]:
        """Every status received."""
        return [status for value in self.values() for status in value.get("statuses", [])]

    def status_names(self) -> list[str]:
        """The names of the statuses received."""
        return [status["status"] for status in self.statuses()]

    def _receive(self, headers: dict[str, str], body: bytes) -> int:
        answer = self.answers.pop(0) if self.answers else 200
        self.posts.append((headers, body))
        if self.on_message and answer == 200:
            for message in self._messages_of(body):
                self.on_message(message)
        return answer

    def _messages_of(self, body: bytes) -> list[Json]:
        return [
            message
            for entry in json.loads(body)["entry"]
            for change in entry["changes"]
            for message in change["value"].get("messages", [])
        ]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receive = self._receive

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receive(dict(self.headers), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


class Running:
    """A simulator to talk to, as the business (`send`) and as its customers (`say`)."""

    def __init__(self, receiver: Receiver, pace: Pace | None = None) -> None:
        settings = Settings(demo=True, web_port=receiver.port)
        app = create_app(settings, pace or Pace(sent=0.02, delivered=0.05, failed=0.05))
        self.app = app
        self.receiver = receiver
        self._server: BaseWSGIServer = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        number = DEMO_SECRETS["whatsapp_phone_number_id"]
        self.api = f"{self.url}/v26.0/{number}"
        self.headers = {"Authorization": f"Bearer {DEMO_SECRETS['whatsapp_access_token']}"}
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()

    def post(self, path: str, **body: Any) -> requests.Response:
        """Call the control API."""
        return requests.post(f"{self.url}/simulator{path}", json=body, timeout=10)

    def say(self, customer: str = MARIA, **message: Any) -> Json:
        """Send a message as a customer."""
        response = self.post(f"/customers/{customer}/messages", **message)
        assert response.status_code == 201, response.text
        answer: Json = response.json()
        return answer

    def inbound(self, customer: str = MARIA, **message: Any) -> Json:
        """Send a message as a customer; what the business received of it."""
        wamid = self.say(customer, **message)["id"]
        return self.received(wamid)

    def received(self, wamid: str) -> Json:
        """The message with this id, once the business has it."""
        found: Json = wait_for(
            lambda: next((m for m in self.receiver.messages() if m["id"] == wamid), None),
            f"webhook of {wamid}",
        )
        return found

    def request(self, **message: Any) -> requests.Response:
        """Send a request to `/messages` as it is."""
        return requests.post(f"{self.api}/messages", json=message, headers=self.headers, timeout=20)

    def send(self, content: Json, to: str = MARIA, **more: Any) -> requests.Response:
        """Send a message as the business."""
        message = {"messaging_product": "whatsapp", "to": to, **content, **more}
        return self.request(**message)

    def sent(self, content: Json, to: str = MARIA, **more: Any) -> str:
        """Send a message that must be accepted; its wamid."""
        response = self.send(content, to, **more)
        assert response.status_code == 200, response.text
        return str(response.json()["messages"][0]["id"])

    def chat(self, customer: str = MARIA) -> list[Json]:
        """What was exchanged with a customer."""
        url = f"{self.url}/simulator/customers/{customer}/messages"
        messages: list[Json] = requests.get(url, timeout=10).json()["messages"]
        return messages

    def message(self, wamid: str, customer: str = MARIA) -> Json:
        """One message of a chat."""
        return next(message for message in self.chat(customer) if message["id"] == wamid)

    def wait_for_status(self, wamid: str, status: str, customer: str = MARIA) -> Json:
        """A message once it has this status."""
        found: Json = wait_for(
            lambda: next(
                (m for m in self.chat(customer) if m["id"] == wamid and m["status"] == status), None
            ),
            f"status {status}",
        )
        return found


def is_signed(headers: dict[str, str], body: bytes) -> bool:
    """Whether the header signs exactly these bytes with the app secret."""
    secret = DEMO_SECRETS["whatsapp_app_secret"].encode()
    digest = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return headers["X-Hub-Signature-256"] == f"sha256={digest}"


def text(body: str) -> Json:
    """A text to send."""
    return {"type": "text", "text": {"body": body}}


def buttons(*titles: str, body: str = "Como prefere?") -> Json:
    """Reply buttons whose ids are their titles in lower case."""
    replies = [
        {"type": "reply", "reply": {"id": title.lower(), "title": title}} for title in titles
    ]
    interactive = {"type": "button", "body": {"text": body}, "action": {"buttons": replies}}
    return {"type": "interactive", "interactive": interactive}


def listing(*rows: Json, body: str = "Escolha") -> Json:
    """A list with one section."""
    action = {"button": "Ver opções", "sections": [{"title": "Opções", "rows": list(rows)}]}
    interactive = {"type": "list", "body": {"text": body}, "action": action}
    return {"type": "interactive", "interactive": interactive}


def link_button(label: str = "Pagar", url: str = "https://loja.example/p/1") -> Json:
    """A button that opens a page."""
    action = {"name": "cta_url", "parameters": {"display_text": label, "url": url}}
    interactive = {"type": "cta_url", "body": {"text": "Pronto"}, "action": action}
    return {"type": "interactive", "interactive": interactive}


def template(*parameters: str, buttons: int = 0) -> Json:
    """A template with a body and quick-reply buttons."""
    body = {"type": "body", "parameters": [{"type": "text", "text": p} for p in parameters]}
    quick = [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": f"b{index}"}],
        }
        for index in range(buttons)
    ]
    node = {"name": "aviso", "language": {"code": "pt_BR"}, "components": [body, *quick]}
    return {"type": "template", "template": node}
