"""The chats: who wrote what to whom, and what became of it. In memory, safe between threads.

A message is stored as both sides see it; every change is published to the open pages.
"""

import base64
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.simulator.customers import DEMO_CUSTOMERS, Customer, canonical, stranger
from bot.simulator.events import Events

Json = dict[str, Any]
Side = Literal["customer", "business"]

WINDOW_SECONDS = 24 * 3600
_RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 4}


def new_wamid() -> str:
    """An id as WhatsApp gives to messages."""
    return "wamid." + base64.b64encode(secrets.token_bytes(30)).decode()


@dataclass
class Message:
    """A message of either side. `content` is its typed part, as in the Cloud API."""

    id: str
    sender: Side
    type: str
    content: Json
    sent_at: float
    reply_to: str | None = None
    callback: str | None = None
    visible: bool = True
    """False until it arrived at the phone, and for what leaves no bubble."""
    statuses: list[Json] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)
    edited: bool = False
    revoked: bool = False

    @property
    def status(self) -> str:
        names = [entry["status"] for entry in self.statuses]
        return max(names, key=lambda name: _RANK[name], default="accepted")

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "from": self.sender,
            "type": self.type,
            "content": self.content,
            "timestamp": self.sent_at,
            "status": self.status,
            "statuses": list(self.statuses),
            "reply_to": self.reply_to,
            "callback": self.callback,
            "visible": self.visible,
            "reactions": dict(self.reactions),
            "edited": self.edited,
            "revoked": self.revoked,
        }


@dataclass
class Chat:
    """One customer's conversation with the business."""

    customer: Customer
    messages: list[Message] = field(default_factory=list)
    last_inbound_at: float | None = None
    wants_marketing: bool = True

    @property
    def window_closes_at(self) -> float | None:
        """When the 24 hours end in which the business may write freely; None when closed."""
        closes = (self.last_inbound_at or 0) + WINDOW_SECONDS
        return closes if closes > time.time() else None

    def as_json(self) -> Json:
        shown = [message for message in self.messages if message.visible]
        unread = [m for m in shown if m.sender == "business" and m.status != "read"]
        customer = self.customer
        return {
            "key": customer.key,
            "name": customer.name,
            "phone": customer.phone,
            "wa_id": customer.wa_id,
            "bsuid": customer.bsuid,
            "username": customer.username,
            "window_closes_at": self.window_closes_at,
            "wants_marketing": self.wants_marketing,
            "unread": len(unread),
            "last_message": shown[-1].as_json() if shown else None,
        }


class UnknownCustomer(LookupError):
    """Nobody here has this phone, user id or key."""


class UnknownMessage(LookupError):
    """No message here has this id."""


class Chats:
    """Every chat of the simulator."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._lock = threading.RLock()
        self._chats: dict[str, Chat] = {}
        self._by_wamid: dict[str, tuple[Chat, Message]] = {}
        self.reset()

    def reset(self) -> None:
        """Only the demo customers, and nobody has written yet."""
        with self._lock:
            self._chats = {customer.key: Chat(customer) for customer in DEMO_CUSTOMERS}
            self._by_wamid = {}

    def find(self, address: str) -> Customer:
        """Who has this phone (with or without ninth digit), user id or key."""
        wanted = canonical(address)
        with self._lock:
            for chat in self._chats.values():
                customer = chat.customer
                if wanted in (customer.phone, customer.bsuid, customer.key):
                    return customer
        raise UnknownCustomer(address)

    def find_or_add(self, address: str) -> Customer:
        """`find`, or a new customer when `address` is the phone of nobody."""
        with self._lock:
            try:
                return self.find(address)
            except UnknownCustomer:
                if not 10 <= len(canonical(address)) <= 15 or not canonical(address).isdigit():
                    raise
                customer = stranger(address)
                self._chats[customer.key] = Chat(customer)
        self._publish_customer(customer.key)
        return customer

    def replace_customer(self, customer: Customer) -> None:
        """The customer with this key got another number or user id."""
        with self._lock:
            self._chats[customer.key].customer = customer
        self._publish_customer(customer.key)

    def add(self, key: str, message: Message) -> None:
        """Put `message` in a chat; one of the customer's opens the 24-hour window."""
        with self._lock:
            chat = self._chats[key]
            chat.messages.append(message)
            self._by_wamid[message.id] = chat, message
            if message.sender == "customer":
                chat.last_inbound_at = max(chat.last_inbound_at or 0, message.sent_at)
        self._publish(key, message)

    def get(self, wamid: str) -> tuple[str, Message]:
        """The key of the customer in whose chat the message is, and the message."""
        with self._lock:
            try:
                chat, message = self._by_wamid[wamid]
            except KeyError:
                raise UnknownMessage(wamid) from None
            return chat.customer.key, message

    def update(self, wamid: str, **changes: Any) -> None:
        """Set fields of a message."""
        with self._lock:
            key, message = self.get(wamid)
            for name, value in changes.items():
                setattr(message, name, value)
        self._publish(key, message)

    def react(self, wamid: str, side: Side, emoji: str) -> None:
        """Put a reaction on a message; an empty one takes it off."""
        with self._lock:
            key, message = self.get(wamid)
            message.reactions = {s: e for s, e in message.reactions.items() if s != side}
            if emoji:
                message.reactions[side] = emoji
        self._publish(key, message)

    def add_status(self, wamid: str, status: str, error: Json | None = None) -> bool:
        """Note a status; False when the message already had it or is gone."""
        with self._lock:
            _, message = self._by_wamid.get(wamid, (None, None))
            if message is None or any(entry["status"] == status for entry in message.statuses):
                return False
            entry: Json = {"status": status, "timestamp": time.time()}
            message.statuses.append(entry | ({"error": error} if error else {}))
            key, _ = self.get(wamid)
        self._publish(key, message)
        return True

    def messages(self, key: str) -> list[Message]:
        """The messages of a chat, oldest first."""
        with self._lock:
            return list(self._chats[key].messages)

    def window_is_open(self, key: str) -> bool:
        """Whether the business may write freely to this customer now."""
        with self._lock:
            return self._chats[key].window_closes_at is not None

    def close_window(self, key: str) -> None:
        """As if the customer had last written more than 24 hours ago."""
        with self._lock:
            self._chats[key].last_inbound_at = None
        self._publish_customer(key)

    def set_marketing(self, key: str, wanted: bool) -> None:
        """The customer stopped or resumed marketing."""
        with self._lock:
            self._chats[key].wants_marketing = wanted
        self._publish_customer(key)

    def customer_json(self, key: str) -> Json:
        """A customer as the control API shows them."""
        with self._lock:
            return self._chats[key].as_json()

    def customers_json(self) -> list[Json]:
        """Every customer."""
        with self._lock:
            return [chat.as_json() for chat in self._chats.values()]

    def messages_json(self, key: str) -> list[Json]:
        """The messages of a chat as the control API shows them."""
        with self._lock:
            return [message.as_json() for message in self._chats[key].messages]

    def _publish(self, key: str, message: Message) -> None:
        if self._events.listening:
            with self._lock:
                data = {"customer": key, "message": message.as_json()}
            self._events.publish("message", data)
            self._publish_customer(key)

    def _publish_customer(self, key: str) -> None:
        if self._events.listening:
            self._events.publish("customer", self.customer_json(key))
