"""What Meta writes in a webhook about a customer: message types, contacts, changes.

Pure: from values to JSON. Source: Cloud API webhooks reference, Graph API v26.0.
"""

from collections.abc import Callable
from typing import Any

from bot.simulator.business import WABA_ID, Business
from bot.simulator.customers import Customer
from bot.simulator.media import Media

Json = dict[str, Any]

_UNSUPPORTED = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}


class BadRequest(ValueError):
    """The control API was asked for a message that no phone could send."""


def payload(changes: list[Json]) -> Json:
    """The body of one webhook. Several changes come as several entries: a batch."""
    entries = [{"id": WABA_ID, "changes": [change]} for change in changes]
    return {"object": "whatsapp_business_account", "entry": entries}


def change(business: Business, field: str, **value: Any) -> Json:
    """One update, `value` within the usual envelope."""
    metadata = {
        "display_phone_number": business.display_phone,
        "phone_number_id": business.phone_number_id,
    }
    return {
        "value": {"messaging_product": "whatsapp", "metadata": metadata, **value},
        "field": field,
    }


def contact(customer: Customer) -> Json:
    """The `contacts[]` entry of a customer; one with only a username has no `wa_id`."""
    profile = {"name": customer.name}
    if customer.username:
        profile["username"] = customer.username
    entry: Json = {"profile": profile, "user_id": customer.bsuid}
    return {**entry, "wa_id": customer.wa_id} if customer.wa_id else entry


def message(customer: Customer, wamid: str, sent_at: float, kind: str, node: Json) -> Json:
    """An entry of `messages[]`."""
    return {
        **_sender(customer),
        "id": wamid,
        "timestamp": str(int(sent_at)),
        "type": kind,
        **({"errors": [_UNSUPPORTED]} if kind == "unsupported" else {kind: node}),
    }


def number_change(old: Customer, new: Customer, wamid: str, sent_at: float) -> Json:
    """The `system` message about another number, or another user id when there is no number."""
    node: Json = {"user_id": new.bsuid, "previous_user_id": old.bsuid}
    if new.wa_id:
        body = f"{old.name} changed from {old.wa_id} to {new.wa_id}"
        node |= {"type": "user_changed_number", "body": body, "wa_id": new.wa_id}
    else:
        body = f"{old.name} changed user id"
        node |= {"type": "user_changed_user_id", "body": body}
    return {
        **_sender(old),
        "id": wamid,
        "timestamp": str(int(sent_at)),
        "type": "system",
        "system": node,
    }


def preference(customer: Customer, wants_marketing: bool, at: float) -> Json:
    """An entry of `user_preferences[]`."""
    value = "resume" if wants_marketing else "stop"
    entry: Json = {
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(at),
        "user_id": customer.bsuid,
    }
    return {"wa_id": customer.wa_id, **entry} if customer.wa_id else entry


def media_node(kind: str, media: Media, request: Json) -> Json:
    """The node of a media message. `voice` marks a voice note."""
    node: Json = {"mime_type": media.mime_type, "sha256": media.sha256, "id": media.id}
    if request.get("caption") and kind != "audio":
        node["caption"] = request["caption"]
    if kind == "document":
        node["filename"] = request.get("filename") or media.filename or "documento"
    if kind == "audio":
        node["voice"] = bool(request.get("voice"))
    if kind == "sticker":
        node["animated"] = False
    return node


def node(kind: str, request: Json) -> Any:
    """The node of a message without media, from a request of the control API."""
    build = _NODES.get(kind)
    if build is None:
        raise BadRequest(f"type {kind!r}: use one of {', '.join(sorted(_NODES))}, media or raw")
    try:
        return build(request)
    except KeyError as error:
        raise BadRequest(f"type {kind!r} needs {error}") from None


def _text(request: Json) -> Json:
    body = request["text"]
    return {"body": body["body"] if isinstance(body, dict) else str(body)}


def _location(request: Json) -> Json:
    place = {"latitude": request["latitude"], "longitude": request["longitude"]}
    return place | {name: request[name] for name in ("name", "address") if request.get(name)}


def _contacts(request: Json) -> Any:
    name = request["name"]
    phone = {"phone": "+" + request["phone"], "wa_id": request["phone"], "type": "CELL"}
    first = name.split()[0]
    return [{"name": {"formatted_name": name, "first_name": first}, "phones": [phone]}]


def _button_reply(request: Json) -> Json:
    reply = {"id": request["id"], "title": request["title"]}
    return {"type": "button_reply", "button_reply": reply}


def _list_reply(request: Json) -> Json:
    reply = {"id": request["id"], "title": request["title"]}
    if request.get("description"):
        reply["description"] = request["description"]
    return {"type": "list_reply", "list_reply": reply}


def _edit(request: Json) -> Json:
    edited = {"type": "text", "text": _text(request)}
    return {"original_message_id": request["message_id"], "message": edited}


_NODES: dict[str, Callable[[Json], Any]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "button_reply": _button_reply,
    "list_reply": _list_reply,
    "button": lambda request: {"payload": request["payload"], "text": request["text"]},
    "reaction": lambda request: {
        "message_id": request["message_id"],
        **({"emoji": request["emoji"]} if request.get("emoji") else {}),
    },
    "edit": _edit,
    "revoke": lambda request: {"original_message_id": request["message_id"]},
    "unsupported": lambda _request: {},
}


def wire_type(kind: str) -> str:
    """The `type` Meta uses for a type of the control API."""
    return "interactive" if kind in ("button_reply", "list_reply") else kind


def _sender(customer: Customer) -> Json:
    sender: Json = {"from_user_id": customer.bsuid}
    return {"from": customer.wa_id, **sender} if customer.wa_id else sender
