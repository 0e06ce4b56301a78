"""What Meta answers to a send, and what its statuses say. Pure: from values to JSON."""

import time
from typing import Any

from bot.simulator.chats import Message
from bot.simulator.customers import Customer

Json = dict[str, Any]


def message(wamid: str, kind: str, request: Json) -> Message:
    """The message of a validated request; not yet on the phone."""
    return Message(
        id=wamid,
        sender="business",
        type=kind,
        content=request[kind],
        sent_at=time.time(),
        reply_to=request.get("context", {}).get("message_id"),
        callback=request.get("biz_opaque_callback_data"),
        visible=False,
    )


def response(request: Json, customer: Customer, sent: Message) -> Json:
    """The answer to an accepted send."""
    contact = {"input": request.get("to") or request["recipient"], "user_id": customer.bsuid}
    if customer.wa_id:
        contact["wa_id"] = customer.wa_id
    entry = {"id": sent.id}
    if sent.type == "template":
        entry["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [entry]}


def status(customer: Customer, sent: Message, name: str, error: Json | None) -> Json:
    """An entry of `statuses[]`, with the callback data of the send."""
    entry: Json = {
        "id": sent.id,
        "status": name,
        "timestamp": str(int(time.time())),
        "recipient_user_id": customer.bsuid,
    }
    if customer.wa_id:
        entry["recipient_id"] = customer.wa_id
    if sent.callback is not None:
        entry["biz_opaque_callback_data"] = sent.callback
    if name in ("sent", "delivered"):
        entry["pricing"] = _pricing(sent)
    return {**entry, "errors": [error]} if error else entry


def _pricing(sent: Message) -> Json:
    category = "utility" if sent.type == "template" else "service"
    return {
        "billable": True,
        "pricing_model": "PMP",
        "type": "regular",
        "category": category,
    }
