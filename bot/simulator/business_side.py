"""The business's sends: accepted, delivered to a phone, and told back as statuses."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.simulator import inbound, media, outbound
from bot.simulator.business import Business
from bot.simulator.chats import Chats, Message, UnknownCustomer, UnknownMessage, new_wamid
from bot.simulator.customers import Customer
from bot.simulator.errors import GraphError
from bot.simulator.events import Events
from bot.simulator.faults import Rejection, SendFaults
from bot.simulator.media import LIMITS, MediaStore
from bot.simulator.scheduler import Scheduler
from bot.simulator.webhooks import Webhooks

Json = dict[str, Any]

TYPING_SECONDS = 25
_EARLY_STATUS_SECONDS = 2
"""How long a response waits for a status that is to come before it."""


@dataclass(frozen=True)
class Pace:
    """Seconds from the acceptance of a send to its statuses."""

    sent: float = 0.06
    delivered: float = 0.2
    failed: float = 0.3


@dataclass(frozen=True)
class BusinessSide:
    """What the Cloud API does with a valid request."""

    business: Business
    chats: Chats
    media: MediaStore
    webhooks: Webhooks
    scheduler: Scheduler
    events: Events
    pace: Pace

    def accept(self, request: Json, faults: SendFaults) -> Json:
        """Take a validated message; the answer to it. Raises GraphError when it is refused."""
        rejection = faults.reject
        if rejection and rejection.by == "response":
            raise _refusal(rejection)
        customer = self._recipient(request)
        message = self._record(customer, request)
        if rejection:
            self._fail(customer, message, _refusal(rejection))
        elif message.type != "template" and not self.chats.window_is_open(customer.key):
            details = "More than 24 hours have passed since the customer last replied"
            self._fail(customer, message, GraphError(131047, details))
        else:
            self._carry(customer, message, faults)
        return outbound.response(request, customer, message)

    def mark_read(self, request: Json) -> None:
        """Blue ticks on what the customer wrote up to a message, and *typing…* when asked."""
        key, message = self._known(request["message_id"])
        if message.sender != "customer":
            raise GraphError(131009, "Parameter value is not valid: message_id")
        for earlier in self.chats.messages(key):
            if earlier.sender == "customer" and earlier.sent_at <= message.sent_at:
                self.chats.add_status(earlier.id, "delivered")
                self.chats.add_status(earlier.id, "read")
        if request.get("typing_indicator"):
            self.events.publish("typing", {"customer": key, "seconds": TYPING_SECONDS})

    def customer_reads(self, address: str) -> None:
        """The customer has the chat open: everything that arrived is read."""
        customer = self.chats.find(address)
        for message in self.chats.messages(customer.key):
            arrived = any(entry["status"] == "delivered" for entry in message.statuses)
            if message.sender == "business" and arrived:
                self._tell(customer, message, "read")

    def _recipient(self, request: Json) -> Customer:
        address = str(request.get("to") or request["recipient"])
        try:
            return self.chats.find(address)
        except UnknownCustomer:
            details = "Message failed to send: the recipient is not a WhatsApp user"
            raise GraphError(131026, details) from None

    def _record(self, customer: Customer, request: Json) -> Message:
        kind = request.get("type", "text")
        if kind == "reaction":
            self._react(request["reaction"])
        message = outbound.message(new_wamid(), kind, request)
        if kind in LIMITS and "id" in message.content:
            message.content = {**message.content, **self.media.get(message.content["id"]).details}
        self.chats.add(customer.key, message)
        return message

    def _react(self, reaction: Json) -> None:
        self._known(reaction["message_id"])
        self.chats.react(reaction["message_id"], "business", reaction.get("emoji") or "")

    def _known(self, wamid: str) -> tuple[str, Message]:
        try:
            return self.chats.get(wamid)
        except UnknownMessage:
            raise GraphError(131009, "Parameter value is not valid: message_id") from None

    def _carry(self, customer: Customer, message: Message, faults: SendFaults) -> None:
        """Bring the message to the phone; media sent by link is downloaded first, aside."""
        arrive = partial(self._arrive, customer, message, faults)
        if message.type in LIMITS and "link" in message.content:
            threading.Thread(target=self._download, args=(customer, message, arrive)).start()
        else:
            arrive()

    def _download(self, customer: Customer, message: Message, arrive: Callable[[], None]) -> None:
        content = message.content
        try:
            file = self.media.fetch(content["link"], content.get("filename", ""))
            media.check_kind(file, message.type)
            media.check_upload(len(file.data), file.mime_type)
            self.chats.update(message.id, content={**content, **file.details})
            arrive()
        except GraphError as error:
            self._fail(customer, message, error)
        except UnknownMessage:
            return  # the simulator was reset meanwhile

    def _arrive(self, customer: Customer, message: Message, faults: SendFaults) -> None:
        if message.type != "reaction":
            self.chats.update(message.id, visible=True)
        tell = partial(self._tell, customer, message)
        if faults.reorder_statuses:
            told = threading.Event()
            tell("delivered", accepted=told.set)
            told.wait(_EARLY_STATUS_SECONDS)
            self.scheduler.after(self.pace.delivered, partial(tell, "sent"))
            return
        self.scheduler.after(self.pace.sent, partial(tell, "sent"))
        self.scheduler.after(self.pace.delivered, partial(tell, "delivered"))

    def _fail(self, customer: Customer, message: Message, error: GraphError) -> None:
        tell = partial(self._tell, customer, message, "failed", error)
        self.scheduler.after(self.pace.failed, tell)

    def _tell(
        self,
        customer: Customer,
        message: Message,
        status: str,
        error: GraphError | None = None,
        accepted: Callable[[], object] | None = None,
    ) -> None:
        """Note a status and send its webhook, once."""
        as_json = error.as_status() if error else None
        if not self.chats.add_status(message.id, status, as_json):
            return
        update = inbound.change(
            self.business,
            "messages",
            contacts=[inbound.contact(customer)],
            statuses=[outbound.status(customer, message, status, as_json)],
        )
        self.webhooks.post(inbound.payload([update]), customer.key, accepted)


def _refusal(rejection: Rejection) -> GraphError:
    details = "Recusado a pedido do painel de falhas do simulador"
    return GraphError(rejection.code, details, rejection.http, rejection.retry_after)
