"""Is this a request the Cloud API would take? The same limits and refusals as Meta's.

Source: Cloud API messages reference, v26.0.
"""

import re
from typing import Any

from bot.simulator import interactive_rules, media, rules, template_rules
from bot.simulator.errors import GraphError
from bot.simulator.media import LIMITS, MediaStore
from bot.simulator.rules import Json

TEXT, CAPTION, CALLBACK, FILENAME = 4096, 1024, 512, 240
TYPES = ("text", "interactive", "template", "reaction", "location", "contacts", *LIMITS)


def check_message(request: Any, store: MediaStore) -> Json:
    """`request` when it is a message to send. Raises GraphError."""
    message = check_product(request)
    _recipient(message)
    _callback(message)
    kind = message.get("type", "text")
    if kind not in TYPES:
        options = ", ".join(sorted(TYPES)).upper()
        raise GraphError(100, f'Param type must be one of {{{options}}} - got "{kind}".')
    if kind == "contacts":
        rules.required_list(message, "contacts")
        return message
    node = rules.required_object(message, kind)
    if kind in LIMITS:
        _media(kind, node, store)
    else:
        _CHECKS[kind](node)
    return message


def check_read(request: Any) -> Json:
    """`request` when it marks a message as read. Raises GraphError."""
    read = check_product(request)
    rules.text(read, "message_id", "Message id", 200)
    indicator = read.get("typing_indicator")
    if indicator is not None and indicator != {"type": "text"}:
        raise rules.invalid("typing_indicator must be {'type': 'text'}")
    return read


def check_product(request: Any) -> Json:
    """`request` when it is an object for WhatsApp at all."""
    if not isinstance(request, dict):
        raise GraphError(100, "The request body must be a JSON object")
    if request.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required: 'whatsapp'.")
    return request


def _recipient(message: Json) -> None:
    phone, user_id = message.get("to"), message.get("recipient")
    if not phone and not user_id:
        raise GraphError(100, "The parameter to is required.")
    if phone and not re.fullmatch(r"\+?[\d\s().-]{7,25}", str(phone)):
        raise rules.invalid("Parameter value is not valid: to")
    if user_id and not re.fullmatch(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", str(user_id)):
        raise rules.invalid("Parameter value is not valid: recipient")
    if message.get("recipient_type", "individual") != "individual":
        raise rules.invalid("recipient_type must be 'individual'")
    context = message.get("context")
    if context is not None and not (isinstance(context, dict) and context.get("message_id")):
        raise rules.invalid("context must have a message_id")


def _callback(message: Json) -> None:
    callback = message.get("biz_opaque_callback_data")
    if callback is not None and (not isinstance(callback, str) or len(callback) > CALLBACK):
        details = f"Param biz_opaque_callback_data must be at most {CALLBACK} characters long."
        raise GraphError(100, details)


def _text(node: Json) -> None:
    body = rules.required(node, "body", "text.")
    if not isinstance(body, str) or not body.strip():
        raise GraphError(100, "Param text['body'] must be a non-empty string.")
    if len(body) > TEXT:
        raise GraphError(100, f"Param text['body'] must be at most {TEXT} characters long.")


def _reaction(node: Json) -> None:
    rules.text(node, "message_id", "Message id", 200)


def _location(node: Json) -> None:
    for name, most in (("latitude", 90), ("longitude", 180)):
        try:
            inside = -most <= float(rules.required(node, name, "location.")) <= most
        except (TypeError, ValueError):
            inside = False
        if not inside:
            raise rules.invalid(f"Parameter value is not valid: {name}")


def _media(kind: str, node: Json, store: MediaStore) -> None:
    if ("id" in node) == ("link" in node):
        raise GraphError(100, f"{kind} must have either 'id' or 'link'.")
    if "link" in node:
        rules.url(node["link"], f"{kind} link")
    else:
        media.check_kind(store.get(str(node["id"])), kind)
    if "caption" in node and kind in ("audio", "sticker"):
        raise GraphError(100, f'Unexpected key "caption" on param "{kind}".')
    rules.optional_text(node, "caption", "Caption", CAPTION)
    rules.optional_text(node, "filename", "Filename", FILENAME)


_CHECKS = {
    "text": _text,
    "interactive": interactive_rules.check,
    "template": template_rules.check,
    "reaction": _reaction,
    "location": _location,
}
