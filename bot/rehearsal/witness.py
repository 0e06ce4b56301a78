"""A witness between the house and billing: passes every call on and remembers the answer.

What the bot may say of money is what billing answered before; this is how the rules know.
"""

import json
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import requests

from bot.rehearsal.relay import Relay
from bot.rehearsal.values import amounts_in, days_in

_CUSTOMER = re.compile(r"^/customers/([0-9a-f-]{36})\b")
_DECIMAL = re.compile(r"-?\d+\.\d\d")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Answer:
    """What billing answered the house, and when, by `time.time`."""

    at: float
    method: str
    path: str
    status: int
    asked: Any
    told: Any
    amounts: frozenset[Decimal] = field(repr=False)
    days: frozenset[date] = field(repr=False)


class Witness:
    """Billing's address for the rest of the house."""

    def __init__(self) -> None:
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        self._lock = threading.Lock()
        self._relay = Relay(self._remember)
        self.url = self._relay.url
        self.stand_before = self._relay.stand_before
        self.stop = self._relay.stop

    def answers(self, about: str) -> list[Answer]:
        """What was answered about a customer id, or to identifications of a phone."""
        with self._lock:
            return list(self._answers[about])

    def _remember(self, method: str, path: str, body: bytes, response: requests.Response) -> None:
        asked, told = _json(body), _json(response.content)
        known = _CUSTOMER.match(path)
        about = known[1] if known else asked.get("phone") if isinstance(asked, dict) else None
        if about:
            answer = answer_of(time.time(), method, path, response.status_code, asked, told)
            with self._lock:
                self._answers[about].append(answer)


def answer_of(at: float, method: str, path: str, status: int, asked: Any, told: Any) -> Answer:
    """An answer with every amount and date in it."""
    amounts: set[Decimal] = set()
    days: set[date] = set()
    _gather(told, amounts, days)
    return Answer(at, method, path, status, asked, told, frozenset(amounts), frozenset(days))


def _gather(node: Any, amounts: set[Decimal], days: set[date]) -> None:
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            _gather(child, amounts, days)
    elif isinstance(node, str):
        if _DECIMAL.fullmatch(node):
            amounts.add(abs(Decimal(node)))
        elif _ISO_DATE.match(node):
            days.add(date.fromisoformat(node[:10]))
        else:
            amounts |= amounts_in(node)
            days |= {day for day in days_in(node) if day.year > 1}


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else {}
    except ValueError:
        return {}
