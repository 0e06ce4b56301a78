"""Faults to order: what goes wrong with the next message, and with the next send.

Armed by the panel or the control API, spent when they strike (`slow_sends` stays).
"""

import threading
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.simulator.events import Events

Json = dict[str, Any]


class Rejection(BaseModel):
    """Refuse a send, in the response or, after accepting it, by a `failed` status."""

    model_config = ConfigDict(extra="forbid")

    code: int
    times: int = Field(default=1, ge=1)
    by: Literal["response", "webhook"] = "response"
    http: int | None = Field(default=None, ge=400, le=599)
    retry_after: int | None = None


class Armed(BaseModel):
    """The faults that wait. The first five are for the customer's next message."""

    model_config = ConfigDict(extra="forbid")

    duplicate: int = Field(default=0, ge=0, le=50)
    """Deliver it this often: at the same time, or in one batch when `together`."""
    together: bool = False
    batch: bool = False
    """Keep it back and deliver it in one batch with the one after it."""
    reorder: bool = False
    """Keep it back and deliver it after the one after it."""
    backdate_hours: float = Field(default=0, ge=0)
    """Its timestamp is this old, as after an outage."""
    reject: Rejection | None = None
    hold_response: float = Field(default=0, ge=0, le=300)
    """Accept and deliver the next send but answer only after this many seconds."""
    slow_sends: float = Field(default=0, ge=0, le=300)
    """Answer every send this many seconds late."""
    reorder_statuses: bool = False
    """The next send's statuses: `delivered` first, even before the response."""


@dataclass(frozen=True)
class SendFaults:
    """What happens to one send."""

    reject: Rejection | None = None
    hold: float = 0
    reorder_statuses: bool = False


@dataclass(frozen=True)
class Route:
    """How updates leave: each inner list is one webhook; `at_once` sends them in parallel."""

    posts: list[list[Json]]
    at_once: bool = False


class Faults:
    """The armed faults, and the updates they keep back."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._lock = threading.Lock()
        self._armed = Armed()
        self._for_batch: list[Json] = []
        self._late: list[Json] = []

    def arm(self, request: Json) -> None:
        """Set the faults named in `request`, leave the others. Raises pydantic.ValidationError."""
        with self._lock:
            self._armed = Armed.model_validate(self._armed.model_dump() | request)
        self._publish()

    def clear(self) -> Route:
        """Disarm everything; what was kept back is to be delivered now."""
        with self._lock:
            kept = self._for_batch + self._late
            self._armed, self._for_batch, self._late = Armed(), [], []
        self._publish()
        return Route([[update] for update in kept])

    def as_json(self) -> Json:
        """The armed faults, and how many updates are kept back."""
        with self._lock:
            kept = len(self._for_batch) + len(self._late)
            return {**self._armed.model_dump(), "kept_back": kept}

    def take_age(self) -> float:
        """How many seconds old the customer's next message is."""
        with self._lock:
            hours, self._armed.backdate_hours = self._armed.backdate_hours, 0
        if hours:
            self._publish()
        return hours * 3600

    def route(self, update: Json) -> Route:
        """How the update of a customer's message leaves."""
        with self._lock:
            before = self._armed.model_dump()
            route = self._route(update)
            changed = before != self._armed.model_dump() or len(route.posts) > 1
        if changed:
            self._publish()
        return route

    def take_send(self) -> SendFaults:
        """What happens to the send that just came in."""
        with self._lock:
            armed = self._armed
            if armed.reject:
                taken = SendFaults(armed.reject, armed.slow_sends)
                armed.reject = _once_less(armed.reject)
            else:
                hold = max(armed.hold_response, armed.slow_sends)
                taken = SendFaults(None, hold, armed.reorder_statuses)
                armed.hold_response, armed.reorder_statuses = 0, False
        if taken != SendFaults():
            self._publish()
        return taken

    def _route(self, update: Json) -> Route:
        armed = self._armed
        if armed.batch:
            armed.batch = False
            self._for_batch.append(update)
            return Route([])
        if armed.reorder:
            armed.reorder = False
            self._late.append(update)
            return Route([])
        group = [*self._for_batch, update]
        copies = max(armed.duplicate, 1)
        posts = [group * copies] if armed.together else [group] * copies
        armed.duplicate, armed.together = 0, False
        at_once = len(posts) > 1
        posts = posts + [[late] for late in self._late]
        self._for_batch, self._late = [], []
        return Route(posts, at_once)

    def _publish(self) -> None:
        self._events.publish("faults", self.as_json())


def _once_less(rejection: Rejection) -> Rejection | None:
    if rejection.times == 1:
        return None
    return rejection.model_copy(update={"times": rejection.times - 1})
