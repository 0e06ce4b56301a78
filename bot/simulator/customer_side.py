"""The customers' phones: what they write becomes webhooks, what they read becomes statuses."""

import time
from dataclasses import dataclass
from typing import Any

from bot.simulator import inbound, taps, voice
from bot.simulator.business import Business
from bot.simulator.chats import Chats, Message, new_wamid
from bot.simulator.customers import Customer, moved
from bot.simulator.faults import Faults, Route
from bot.simulator.inbound import BadRequest
from bot.simulator.media import LIMITS, MediaStore
from bot.simulator.webhooks import Webhooks

Json = dict[str, Any]

_WITHOUT_BUBBLE = {"reaction", "edit", "revoke", "raw"}


@dataclass(frozen=True)
class CustomerSide:
    """Everything a customer can do on their phone."""

    business: Business
    chats: Chats
    media: MediaStore
    faults: Faults
    webhooks: Webhooks

    def say(self, address: str, request: Json) -> Message:
        """Send a message as the customer with this phone, user id or key.

        `request` is the control API's (`bot.simulator.app`). Raises BadRequest,
        UnknownCustomer, UnknownMessage or GraphError (media).
        """
        customer = self.chats.find_or_add(address)
        if request.get("type") == "tap":
            tapped, choice = taps.tap(self.chats.messages(customer.key), request)
            request = {**request, **choice, "reply_to": tapped.id}
        message, wire = self._compose(customer, request)
        self._apply(request)
        self.chats.add(customer.key, message)
        self._send(customer, wire)
        return message

    def change_number(self, address: str, phone: str | None = None) -> Customer:
        """Move a customer to another number (made up when None) and tell the business."""
        old = self.chats.find(address)
        new = moved(old, phone)
        self.chats.replace_customer(new)
        wire = inbound.number_change(old, new, new_wamid(), time.time())
        self._post(old.key, inbound.change(self.business, "messages", messages=[wire]))
        return new

    def set_marketing(self, address: str, wanted: bool) -> None:
        """Stop or resume marketing and tell the business."""
        customer = self.chats.find(address)
        self.chats.set_marketing(customer.key, wanted)
        update = inbound.change(
            self.business,
            "user_preferences",
            contacts=[inbound.contact(customer)],
            user_preferences=[inbound.preference(customer, wanted, time.time())],
        )
        self._post(customer.key, update)

    def clear_faults(self) -> None:
        """Disarm every fault and deliver what was kept back."""
        self._deliver("kept-back", self.faults.clear())

    def _compose(self, customer: Customer, request: Json) -> tuple[Message, Json]:
        """The message for the chat and its form in a webhook."""
        kind, node = self._node(request)
        wamid = request.get("id_override") or new_wamid()
        sent_at = time.time() - float(request.get("sent_ago", 0)) - self.faults.take_age()
        wire = inbound.message(customer, wamid, sent_at, inbound.wire_type(kind), node)
        if kind == "raw":
            wire = {**wire, **node}
            wire.pop("raw", None)
        if request.get("reply_to"):
            wire["context"] = self._reply_context(customer, request["reply_to"])
        message = Message(
            id=wamid,
            sender="customer",
            type=wire["type"],
            content=node,
            sent_at=sent_at,
            reply_to=request.get("reply_to"),
            visible=kind not in _WITHOUT_BUBBLE,
            statuses=[{"status": "sent", "timestamp": time.time()}],
        )
        return message, wire

    def _node(self, request: Json) -> tuple[str, Any]:
        kind = str(request.get("type", "text"))
        if kind == "raw":
            node = request.get("message")
            if not isinstance(node, dict) or "type" not in node:
                raise BadRequest("type 'raw' needs 'message' with its own 'type'")
            return kind, node
        if kind == "voice":
            data = voice.silence(float(request.get("seconds", 3)))
            note = self.media.add(data, voice.MIME_TYPE, "voz.ogg")
            return "audio", inbound.media_node("audio", note, {"voice": True})
        if kind in LIMITS:
            media = self.media.get(str(request.get("media_id", "")))
            return kind, inbound.media_node(kind, media, request)
        return kind, inbound.node(kind, request)

    def _reply_context(self, customer: Customer, wamid: str) -> Json:
        _, replied = self.chats.get(wamid)
        by_business = replied.sender == "business"
        author = self.business.display_phone if by_business else customer.wa_id
        return {"from": author, "id": wamid} if author else {"id": wamid}

    def _apply(self, request: Json) -> None:
        """What a message about another message does to it on the phone."""
        kind = request.get("type")
        if kind == "reaction":
            self.chats.react(request["message_id"], "customer", request.get("emoji") or "")
        elif kind == "edit":
            content = {"body": str(request["text"])}
            self.chats.update(request["message_id"], content=content, edited=True)
        elif kind == "revoke":
            self.chats.update(request["message_id"], revoked=True)

    def _send(self, customer: Customer, wire: Json) -> None:
        update = inbound.change(
            self.business, "messages", contacts=[inbound.contact(customer)], messages=[wire]
        )
        self._deliver(customer.key, self.faults.route(update))

    def _deliver(self, lane: str, route: Route) -> None:
        for number, group in enumerate(route.posts):
            shift = number if route.at_once else 0
            self._post(lane, *group, shift=shift)

    def _post(self, lane: str, *changes: Json, shift: int = 0) -> None:
        wamids = {
            message["id"] for change in changes for message in change["value"].get("messages", [])
        }

        def accepted() -> None:
            for wamid in wamids:
                self.chats.add_status(wamid, "delivered")

        self.webhooks.post(inbound.payload(list(changes)), lane, accepted, shift=shift)
