"""`/webhooks/whatsapp`: Meta's handshake and its updates.

Verify, hand over to be stored, answer; whatever takes longer happens in the worker.
"""

import json
from collections.abc import Callable
from typing import Any

import structlog
from flask import Blueprint, Response, abort, current_app, request

from bot.settings import Settings
from bot.whatsapp import payloads, signature

log = structlog.get_logger()

Receive = Callable[[bytes, list[payloads.Update]], None]
"""Stores the raw body and its updates durably, or raises."""


def blueprint(settings: Settings, receive: Receive) -> Blueprint:
    """The routes of the webhook; a 200 is given only after `receive` returned."""
    views = Blueprint("whatsapp", __name__)
    verify_token = settings.whatsapp_verify_token.get_secret_value()
    app_secret = settings.whatsapp_app_secret.get_secret_value()

    @views.get("/webhooks/whatsapp")
    def handshake() -> Response:
        if request.args.get("hub.mode") != "subscribe":
            abort(400, "hub.mode must be subscribe")
        if request.args.get("hub.verify_token") != verify_token:
            abort(403, "hub.verify_token is not WHATSAPP_VERIFY_TOKEN")
        return Response(request.args.get("hub.challenge", ""), mimetype="text/plain")

    @views.post("/webhooks/whatsapp")
    def updates() -> tuple[str, int]:
        body = request.get_data()
        if not signature.is_valid(body, request.headers.get(signature.HEADER), app_secret):
            abort(401, f"{signature.HEADER} does not sign this body")
        receive(body, _read(body))
        return "", 200

    return views


def _read(body: bytes) -> list[payloads.Update]:
    try:
        payload = _decode(body)
    except (ValueError, RecursionError):
        abort(400, "the body is not JSON")
    try:
        return list(payloads.updates(payload))
    except Exception:
        # Stored raw and acknowledged: a redelivery would fail in the same way for 7 days.
        current_app.logger.exception("webhook with content nobody foresaw")
        return []


def _decode(body: bytes) -> Any:
    return json.loads(body.decode(), parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is Python's, not JSON's; PostgreSQL refuses it")
