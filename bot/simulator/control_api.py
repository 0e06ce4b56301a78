"""`/simulator/*`: what the page, tests and benchmarks use to be a customer.

The contract is in `bot.simulator.app`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, jsonify, request, send_file
from pydantic import ValidationError

from bot.simulator import media
from bot.simulator.business_side import BusinessSide
from bot.simulator.chats import Chats, UnknownCustomer, UnknownMessage
from bot.simulator.customer_side import CustomerSide
from bot.simulator.errors import KNOWN_CODES, GraphError, title
from bot.simulator.events import Events
from bot.simulator.faults import Faults
from bot.simulator.inbound import BadRequest
from bot.simulator.media import MediaStore

Answer = tuple[Response, int]
Json = dict[str, Any]


@dataclass(frozen=True)
class ControlApi:
    """What the routes need."""

    chats: Chats
    customer_side: CustomerSide
    business_side: BusinessSide
    faults: Faults
    media: MediaStore
    events: Events
    reset_all: Callable[[], None]

    def blueprint(self) -> Blueprint:
        """The routes."""
        views = Blueprint("control_api", __name__, url_prefix="/simulator")
        one = "/customers/<address>"
        for rule, method, view in (
            ("/customers", "GET", self.customers),
            (f"{one}/messages", "GET", self.messages),
            (f"{one}/messages", "POST", self.say),
            (f"{one}/media", "POST", self.attach),
            (f"{one}/read", "POST", self.read),
            (f"{one}/actions", "POST", self.act),
            ("/media/<media_id>", "GET", self.file),
            ("/faults", "GET", self.armed),
            ("/faults", "POST", self.arm),
            ("/faults", "DELETE", self.disarm),
            ("/codes", "GET", self.codes),
            ("/log", "GET", self.log),
            ("/reset", "POST", self.reset),
            ("/events", "GET", self.stream),
        ):
            name = f"{method} {rule}"
            views.add_url_rule(rule, endpoint=_name(name), view_func=view, methods=[method])
        for error, status in _STATUSES.items():
            views.register_error_handler(error, _problem(status))
        return views

    def customers(self) -> Response:
        """Everyone there is to impersonate."""
        return jsonify(self.chats.customers_json())

    def messages(self, address: str) -> Response:
        """A customer and all that was exchanged."""
        key = self.chats.find(address).key
        return jsonify(
            customer=self.chats.customer_json(key), messages=self.chats.messages_json(key)
        )

    def say(self, address: str) -> Answer:
        """Send a message as this customer."""
        return jsonify(self.customer_side.say(address, _object()).as_json()), 201

    def attach(self, address: str) -> Answer:
        """Upload a file from this customer's phone."""
        self.chats.find(address)
        file = request.files.get("file")
        if file is None:
            raise BadRequest("multipart/form-data with 'file' is expected")
        data, mime_type = file.read(), file.mimetype or "application/octet-stream"
        media.check_upload(len(data), mime_type)
        stored = self.media.add(data, mime_type, file.filename or "")
        return jsonify(id=stored.id, kind=media.kind_of(mime_type), mime_type=mime_type), 201

    def read(self, address: str) -> Answer:
        """This customer reads everything that arrived."""
        self.business_side.customer_reads(address)
        return jsonify(self.chats.customer_json(self.chats.find(address).key)), 200

    def act(self, address: str) -> Response:
        """What is neither a message nor a fault: another number, marketing, the window."""
        wanted = _object()
        action = wanted.get("action")
        if action == "change_number":
            self.customer_side.change_number(address, wanted.get("phone"))
        elif action in ("stop_marketing", "resume_marketing"):
            self.customer_side.set_marketing(address, action == "resume_marketing")
        elif action == "close_window":
            self.chats.close_window(self.chats.find(address).key)
        else:
            raise BadRequest(f"action {action!r}: use one of {', '.join(_ACTIONS)}")
        # change_number makes the phone it was addressed by unknown
        return jsonify(self.chats.customers_json())

    def file(self, media_id: str) -> Response:
        """A file, for the phone's screen."""
        stored = self.media.get(media_id)
        response = send_file(
            BytesIO(stored.data),
            mimetype=stored.mime_type,
            as_attachment=not stored.mime_type.startswith(_SHOWN),
            download_name=stored.filename or media_id,
            conditional=True,
            etag=stored.sha256,
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def armed(self) -> Response:
        """The faults that wait."""
        return jsonify(self.faults.as_json())

    def arm(self) -> Response:
        """Arm or disarm some faults."""
        self.faults.arm(_object())
        return jsonify(self.faults.as_json())

    def disarm(self) -> Response:
        """Disarm every fault."""
        self.customer_side.clear_faults()
        return jsonify(self.faults.as_json())

    def codes(self) -> Response:
        """Meta's error codes, to choose a rejection from."""
        return jsonify([{"code": code, "title": title(code)} for code in KNOWN_CODES])

    def log(self) -> Response:
        """What crossed the wire lately."""
        return jsonify(self.events.recent_log())

    def reset(self) -> Response:
        """Forget everything."""
        self.reset_all()
        return jsonify(self.chats.customers_json())

    def stream(self) -> Response:
        """Server-sent events."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(self.events.stream(), mimetype="text/event-stream", headers=headers)


_SHOWN = ("image/png", "image/jpeg", "image/webp", "audio/", "video/", "application/pdf")
"""Opened in the browser; anything else is saved, as it could run as part of this page."""
_ACTIONS = ("change_number", "stop_marketing", "resume_marketing", "close_window")
_STATUSES: dict[type[Exception], int] = {
    BadRequest: 400,
    ValidationError: 400,
    GraphError: 400,
    UnknownCustomer: 404,
    UnknownMessage: 404,
}


def _object() -> Json:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadRequest("a JSON object (Content-Type: application/json) is expected")
    return body


def _problem(status: int) -> Callable[[Exception], Answer]:
    def handler(error: Exception) -> Answer:
        detail = error.details if isinstance(error, GraphError) else str(error)
        response = jsonify(title=type(error).__name__, status=status, detail=detail)
        response.mimetype = "application/problem+json"
        return response, status

    return handler


def _name(rule: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in rule)
