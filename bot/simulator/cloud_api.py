"""The part of Meta's Graph API that a business calls: messages, media, templates.

Source: Cloud API reference, v26.0. Every refusal is a GraphError.
"""

import hmac
import re
import time
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator import media, templates, validation
from bot.simulator.business import WABA_ID
from bot.simulator.business_side import BusinessSide
from bot.simulator.errors import GraphError
from bot.simulator.events import Events
from bot.simulator.faults import Faults
from bot.simulator.media import MediaStore


@dataclass(frozen=True)
class CloudApi:
    """What the routes need."""

    token: str
    phone_number_id: str
    business_side: BusinessSide
    faults: Faults
    media: MediaStore
    events: Events

    def blueprint(self) -> Blueprint:
        """The routes."""
        views = Blueprint("cloud_api", __name__)
        number = "/<version>/<phone_number_id>"
        views.add_url_rule(f"{number}/messages", view_func=self.messages, methods=["POST"])
        views.add_url_rule(f"{number}/media", view_func=self.upload, methods=["POST"])
        account = "/<version>/<account_id>/message_templates"
        views.add_url_rule(account, view_func=self.templates, methods=["GET"])
        views.add_url_rule("/<version>/<media_id>", view_func=self.media_url, methods=["GET"])
        views.add_url_rule("/<version>/<media_id>", view_func=self.delete_media, methods=["DELETE"])
        views.add_url_rule("/lookaside/<media_id>", view_func=self.download, methods=["GET"])
        views.register_error_handler(GraphError, self._refuse)
        return views

    def messages(self, version: str, phone_number_id: str) -> Response:
        """Send a message, or mark one as read."""
        self._authorize(version)
        self._check_number(phone_number_id)
        body = request.get_json(force=True, silent=True)
        if isinstance(body, dict) and "status" in body:
            self.business_side.mark_read(validation.check_read(body))
            self.events.log("api", "POST /messages (lida) → 200")
            return jsonify(success=True)
        return jsonify(self._send(body))

    def upload(self, version: str, phone_number_id: str) -> Response:
        """Keep a file; `multipart/form-data` with `file`, `type` and `messaging_product`."""
        self._authorize(version)
        self._check_number(phone_number_id)
        validation.check_product(request.form.to_dict())
        file = request.files.get("file")
        if file is None:
            raise GraphError(100, "Param file is required.")
        data, mime_type = file.read(), request.form.get("type") or file.mimetype
        media.check_upload(len(data), mime_type)
        stored = self.media.add(data, mime_type, file.filename or "")
        self.events.log("api", f"POST /media ({mime_type}) → 200")
        return jsonify(id=stored.id)

    def templates(self, version: str, account_id: str) -> Response:
        """The templates of the account, a page at a time."""
        self._authorize(version)
        if account_id != WABA_ID:
            raise GraphError(100, f"Object with ID '{account_id}' does not exist")
        after, limit = request.args.get("after", 0, type=int), request.args.get("limit", 25, int)
        return jsonify(templates.page(after, limit))

    def media_url(self, version: str, media_id: str) -> Response:
        """Where to download a file."""
        self._authorize(version)
        return jsonify(self.media.get(media_id).as_json(request.host_url))

    def delete_media(self, version: str, media_id: str) -> Response:
        """Forget a file."""
        self._authorize(version)
        self.media.remove(media_id)
        return jsonify(success=True)

    def download(self, media_id: str) -> Response:
        """The file itself; the token is needed here too."""
        self._authorize()
        if request.args.get("expires", 0, type=int) < time.time():
            raise GraphError(100, "The media URL has expired", http=404)
        stored = self.media.get(media_id)
        return Response(stored.data, mimetype=stored.mime_type)

    def _send(self, body: Any) -> dict[str, Any]:
        message = validation.check_message(body, self.media)
        if message.get("type") == "template":
            templates.check(message["template"])
        faults = self.faults.take_send()
        try:
            answer = self.business_side.accept(message, faults)
        except GraphError:
            self.events.closing.wait(faults.hold)
            raise
        self.events.closing.wait(faults.hold)
        after = f" · depois de {faults.hold:g} s" if faults.hold else ""
        self.events.log("api", f"POST /messages ({message.get('type', 'text')}) → 200{after}")
        return answer

    def _authorize(self, version: str = "v0.0") -> None:
        if not re.fullmatch(r"v\d+\.\d+", version):
            raise GraphError(100, f"Unknown path component: {version}", http=404)
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode()):
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")

    def _check_number(self, phone_number_id: str) -> None:
        if phone_number_id != self.phone_number_id:
            raise GraphError(100, f"Object with ID '{phone_number_id}' does not exist")

    def _refuse(self, error: GraphError) -> tuple[Response, int]:
        response = jsonify(error.as_response())
        if error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        what = f"{request.method} /{request.path.rpartition('/')[2]}"
        text = f"{what} → {error.http_status} · #{error.code} {error.details}"
        self.events.log("api", text, ok=False)
        return response, error.http_status
